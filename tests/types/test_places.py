"""Types of one's own are added to those that come with the program, and found alike by every door."""

import json
import shutil
from pathlib import Path

import pytest

from perfxl.cli.main import main

NOTES = Path(__file__).parent
VALUES = {"topic": "议题", "decisions": [{"text": "先做"}]}


def own(folder):
    for name in ("schemas", "templates"):
        shutil.copytree(NOTES / name, folder / name)
    return folder


def filled(types, folder):
    folder.mkdir(exist_ok=True)
    (folder / "d.json").write_text(json.dumps(VALUES), "utf-8")
    assert (
        main(["--types", str(types), "fill", "meeting_notes", str(folder / "d.json"), "-o", str(folder / "纪要.xlsx")])
        == 0
    )
    (folder / "d.json").unlink()
    return folder / "纪要.xlsx"


@pytest.fixture(params=["PERFXL_TYPES", "the user's folder"])
def installed(request, tmp_path, monkeypatch):
    """A form of a type that is found without being asked for."""
    place = tmp_path / "office" if request.param == "PERFXL_TYPES" else tmp_path / "home/.local/share/perfxl/文种"
    book = filled(own(place), tmp_path / "报送")
    if request.param == "PERFXL_TYPES":
        monkeypatch.setenv("PERFXL_TYPES", str(place))
    else:
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return book


def test_the_command_finds_it_beside_the_others(installed, capsys):
    assert main(["types"]) == 0
    told = capsys.readouterr().out
    assert "meeting_notes\t会议纪要" in told
    assert "performance_plan" in told
    assert main(["report", str(installed)]) == 0
    assert installed.with_suffix(".docx").is_file()


def test_the_button_finds_it(installed, tmp_path):
    assert main(["click", str(installed), "--result", str(tmp_path / "answer")]) == 0
    assert "status\tdone" in (tmp_path / "answer").read_text("ascii")


def test_a_batch_finds_it(installed, tmp_path, capsys):
    assert main(["batch", str(installed.parent), "-o", str(tmp_path / "成品"), "--json"]) == 0
    assert [each["state"] for each in json.loads(capsys.readouterr().out)["files"]] == ["made"]


def test_a_watched_folder_finds_it(installed, capsys):
    assert main(["watch", str(installed.parent), "--once"]) == 0
    assert installed.with_suffix(".docx").is_file()


def test_one_workbook_may_have_an_unknown_type_beside_it_and_is_told(tmp_path, capsys):
    own(tmp_path / "报送" / "文种")
    book = filled(tmp_path / "报送" / "文种", tmp_path / "报送")
    capsys.readouterr()
    assert main(["check", str(book), "--json"]) == 0
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["findings"]] == ["V24"]
    assert main(["report", str(book)]) == 0


def test_a_batch_and_a_watched_folder_take_no_type_from_the_units(tmp_path, capsys):
    own(tmp_path / "报送" / "文种")
    book = filled(tmp_path / "报送" / "文种", tmp_path / "报送")
    capsys.readouterr()
    main(["batch", str(book.parent), "-o", str(tmp_path / "成品"), "--json"])
    assert "made" not in [each["state"] for each in json.loads(capsys.readouterr().out)["files"]]
    main(["watch", str(book.parent), "--once"])
    assert not book.with_suffix(".docx").exists()


def test_what_lies_beside_a_workbook_takes_no_place_of_a_known_type(tmp_path, capsys):
    """A folder that came by mail changes neither rules nor look of a type that is known."""
    import plans

    folder = tmp_path / "文种"
    (folder / "schemas").mkdir(parents=True)
    (folder / "schemas" / "performance_plan.schema.json").write_text("{}", "utf-8")
    (tmp_path / "预算.xlsx").write_bytes(plans.book({"fiscal_year": 1999}))
    assert main(["check", str(tmp_path / "预算.xlsx"), "--json"]) == 1
    assert "V04" in [each["code"] for each in json.loads(capsys.readouterr().out)["findings"]]


def test_an_office_may_have_a_look_and_a_profile_of_its_own(tmp_path, monkeypatch, capsys):
    import plans
    from docx import Document

    from perfxl.report_type import catalog

    office = tmp_path / "office"
    (office / "templates").mkdir(parents=True)
    (office / "profiles").mkdir()
    (office / "profiles" / "ours.json").write_text('{"title": "本局", "rules": {}}', "utf-8")
    look = Document(str(catalog.home() / "templates" / "performance_plan.docx"))
    look.paragraphs[0].insert_paragraph_before("本局专用版式")
    look.save(str(office / "templates" / "performance_plan.docx"))
    monkeypatch.setenv("PERFXL_TYPES", str(office))
    (tmp_path / "预算.xlsx").write_bytes(plans.book({}))
    assert main(["report", str(tmp_path / "预算.xlsx"), "--profile", "ours", "--contents", "off"]) == 0, (
        capsys.readouterr()
    )
    texts = [paragraph.text for paragraph in Document(str(tmp_path / "预算.docx")).paragraphs]
    assert "本局专用版式" in texts


def test_a_year_is_asked_for_by_what_it_is_and_not_by_its_name(tmp_path, capsys):
    types = own(tmp_path / "own")
    assert main(["--types", str(types), "new", "meeting_notes", "--year", "2027", "-o", str(tmp_path / "n.xlsx")]) == 0
    capsys.readouterr()
    main(["--types", str(types), "data", str(tmp_path / "n.xlsx")])
    assert json.loads(capsys.readouterr().out)["year"] == 2027
    book = filled(types, tmp_path / "one")
    assert main(["--types", str(types), "carry", str(book), "--year", "2028", "-o", str(tmp_path / "c.xlsx")]) == 0
    capsys.readouterr()
    main(["--types", str(types), "data", str(tmp_path / "c.xlsx")])
    assert json.loads(capsys.readouterr().out)["year"] == 2028
