"""`perfxl import`: documents become workbooks, and what has no field stands on a sheet of its own."""

import json
from io import BytesIO

import openpyxl
import pytest

from document_import import makes, word_maker
from perfxl.cli.main import main
from perfxl.pipeline.document_intake import take_in
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog

HOME = catalog.home()
GOALS = ["项目绩效目标表", [["项目名称", "培训经费"], ["项目负责人", "王明"], ["资金用途", "用于培训。"]]]


def values(path):
    return examine(path.read_bytes(), path.name, HOME).record.values


def lines(path):
    sheet = openpyxl.load_workbook(path)["没有归入的内容"]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows() if any(cell.value for cell in row)]


@pytest.fixture
def goals(tmp_path):
    path = tmp_path / "培训.docx"
    path.write_bytes(word_maker.document(*GOALS))
    return path


def test_one_document_becomes_one_workbook(tmp_path, capsys):
    source = HOME / "examples" / "linxi-gongshanglian-2023.docx"
    target = tmp_path / "临西.xlsx"
    assert main(["import", str(source), "-o", str(target)]) == 0
    out = capsys.readouterr().out
    assert "部门预算绩效文本" in out
    assert "2023" in out
    assert "占 100.0%" in out
    assert values(target)["unit_name"] == "临西县工商业联合会本级"


def test_what_has_no_field_stands_on_a_sheet_with_its_place_and_the_figure(goals, tmp_path, capsys):
    target = tmp_path / "培训.xlsx"
    assert main(["import", str(goals), "-o", str(target), "--year", "2025"]) == 0
    told = lines(target)
    figure = told[1][0]
    assert "占 " in figure
    assert "没有归入的有 7 个字，2 处" in figure
    assert [row[2] for row in told if row[0] in (1, 2)][:2] == ["项目负责人", "王明"]
    assert "表1" in told[told.index(next(row for row in told if row[2] == "王明"))][1]
    assert ("1 处", "项目绩效目标表") in [row[1:] for row in told]


def test_the_sheet_of_what_is_left_over_is_no_part_of_the_form(goals, tmp_path, capsys):
    target = tmp_path / "培训.xlsx"
    main(["import", str(goals), "-o", str(target)])
    findings = examine(target.read_bytes(), "培训.xlsx", HOME).findings
    assert [one.code for one in findings if one.sheet == "没有归入的内容" or one.code.startswith("T")] == []


def test_several_documents_go_into_a_folder_and_keep_their_names(tmp_path, capsys):
    folders = tmp_path / "甲", tmp_path / "乙"
    for folder in folders:
        folder.mkdir()
        (folder / "文本.docx").write_bytes(word_maker.document(*GOALS))
    (folders[0] / "文本.docm").write_bytes(word_maker.document(*GOALS))
    sources = [str(folders[0] / "文本.docx"), str(folders[0] / "文本.docm"), str(folders[1] / "文本.docx")]
    assert main(["import", *sources, "-o", str(tmp_path / "填报表")]) == 0
    names = sorted(path.name for path in (tmp_path / "填报表").iterdir())
    assert names == ["文本.docm.xlsx", "文本.docx(2).xlsx", "文本.docx.xlsx"]


def test_several_documents_do_not_fit_into_one_workbook(goals, tmp_path, capsys):
    assert main(["import", str(goals), str(goals), "-o", str(tmp_path / "一份.xlsx")]) == 2
    assert "-o 后面应是文件夹" in capsys.readouterr().err


def test_one_document_that_cannot_be_read_does_not_stop_the_others(goals, tmp_path, capsys):
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04")
    assert main(["import", str(broken), str(goals), "-o", str(tmp_path / "填报表"), "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["workbook"], [one["code"] for one in first["findings"]]) == (None, ["W03"])
    assert second["document_type"] == "performance_plan"
    assert [path.name for path in (tmp_path / "填报表").iterdir()] == ["培训.xlsx"]


def test_the_year_is_guessed_from_codes_and_may_be_overruled(tmp_path, capsys):
    source = tmp_path / "表.docx"
    rows = [["项目编码", "13042123P00000110001A"], ["项目名称", "培训"]]
    source.write_bytes(word_maker.document("项目绩效目标表", rows))
    target = tmp_path / "表.xlsx"
    assert main(["import", str(source), "-o", str(target)]) == 0
    assert "年度：2023（按项目编码推定，不对就用 --year 写明）" in capsys.readouterr().out
    assert main(["import", str(source), "-o", str(target), "--year", "2024"]) == 0
    assert "年度：2024\n" in capsys.readouterr().out
    assert values(target)["fiscal_year"] == 2024


@pytest.mark.parametrize("year", ["1999", "2100"])
def test_a_year_that_is_none_is_refused(goals, tmp_path, capsys, year):
    assert main(["import", str(goals), "-o", str(tmp_path / "a.xlsx"), "--year", year]) == 2
    assert "2000到2099" in capsys.readouterr().err


def test_the_type_may_be_overruled_by_id_or_title(goals, tmp_path, capsys):
    for name in ("self_evaluation", "绩效自评"):
        target = tmp_path / "自评.xlsx"
        assert main(["import", str(goals), "-o", str(target), "--type", name, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["document_type"] == "self_evaluation"


def test_the_same_document_gives_the_same_bytes(goals, tmp_path, capsys):
    for name in ("一.xlsx", "二.xlsx"):
        main(["import", str(goals), "-o", str(tmp_path / name)])
    assert (tmp_path / "一.xlsx").read_bytes() == (tmp_path / "二.xlsx").read_bytes()


def test_a_form_with_buttons_for_an_xlsm(goals, tmp_path, capsys):
    target = tmp_path / "培训.xlsm"
    assert main(["import", str(goals), "-o", str(target)]) == 0
    assert openpyxl.load_workbook(target, keep_vba=True).vba_archive is not None
    assert values(target)["projects"][0]["project_name"] == "培训经费"


def test_a_text_that_is_longer_than_a_cell_goes_on_on_the_sheet():
    long = "".join(f"第{number}句，落实到位。" for number in range(5000))
    data = word_maker.document("项目绩效目标表", [["项目名称", "培训经费"], ["资金用途", long]])
    intake = take_in(data, "长.docx", HOME)
    record = examine(intake.workbook, "长.xlsx", HOME).record
    kept = record.values["projects"][0]["use_of_funds"]
    rest = [each.text for each in intake.reading.left]
    assert kept + "".join(rest) == long
    sheet = openpyxl.load_workbook(BytesIO(intake.workbook))["没有归入的内容"]
    told = [row[2].value for row in sheet.iter_rows() if isinstance(row[2].value, str) and "落实到位" in row[2].value]
    assert "".join(told) == "".join(rest)


def test_units_of_an_original_come_with_their_findings(tmp_path, capsys):
    source = tmp_path / "唐山.docx"
    source.write_bytes(word_maker.word(makes.original("tangshan-gongshanglian-2025")))
    assert main(["import", str(source), "-o", str(tmp_path / "唐山.xlsx"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["document_type"], told["fiscal_year"], told["placed"], told["left"]) == (
        "performance_plan", 2025, 100, [],
    )  # fmt: skip
