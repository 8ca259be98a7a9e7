"""A second report type, which is three files of data: schema to form to record to findings to Word, with no Python."""

import json
import shutil
from pathlib import Path

import pytest
from docx_blocks import blocks

from perfxl.cli.main import main
from perfxl.report_type import catalog
from perfxl.report_type.model import TypeFault

TYPES = Path(__file__).parent
NOTES = {
    "document_type": "meeting_notes",
    "topic": "预算 <初审> & 复审",
    "year": 2025,
    "decisions": [{"kind": "同意", "text": "一、先做\n二、再看", "cost": 1.5}, {"text": "另议"}],
}


def run(*arguments: str) -> int:
    return main(["--types", str(TYPES), *arguments])


def test_a_second_type_goes_from_schema_to_word(tmp_path, capsys):
    (tmp_path / "notes.json").write_text(json.dumps(NOTES), "utf-8")
    assert run("types") == 0
    assert "meeting_notes\t会议纪要" in capsys.readouterr().out
    assert run("fill", "meeting_notes", str(tmp_path / "notes.json"), "-o", str(tmp_path / "notes.xlsx")) == 0
    capsys.readouterr()
    assert run("data", str(tmp_path / "notes.xlsx")) == 0
    assert json.loads(capsys.readouterr().out) == NOTES
    assert run("report", str(tmp_path / "notes.xlsx")) == 0
    table = [[["同意"], ["一、先做", "二、再看"], ["1.50"]], [[""], ["另议"], [""]]]
    assert blocks((tmp_path / "notes.docx").read_bytes()) == ["预算 <初审> & 复审", "年度：2025", table]


def test_the_findings_of_a_second_type_name_its_cells(tmp_path, capsys):
    (tmp_path / "notes.json").write_text(json.dumps({"year": 1925, "decisions": [{"cost": "很多"}]}), "utf-8")
    run("fill", "meeting_notes", str(tmp_path / "notes.json"), "-o", str(tmp_path / "notes.xlsx"))
    capsys.readouterr()
    assert run("check", str(tmp_path / "notes.xlsx"), "--json") == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["code"], f["cell"], f["field"]) for f in findings] == [
        ("D01", "B3", "topic"),
        ("V04", "B4", "year"),
        ("D01", "B7", "decisions[0].text"),
        ("V01", "C7", "decisions[0].cost"),
    ]


def test_a_misspelt_word_in_a_schema_is_an_error(tmp_path):
    schema = (TYPES / "schemas" / "meeting_notes.schema.json").read_text("utf-8")
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "meeting_notes.schema.json").write_text(schema.replace('"minimum"', '"minimun"'), "utf-8")
    with pytest.raises(TypeFault, match="minimun"):
        catalog.load(tmp_path, "meeting_notes")


def grown(folder, **added):
    """A copy of the type in `folder` with fields that the form of `TYPES` does not have."""
    shutil.copytree(TYPES / "templates", folder / "templates")
    (folder / "schemas").mkdir()
    schema = json.loads((TYPES / "schemas" / "meeting_notes.schema.json").read_text("utf-8"))
    schema["x-version"] = 2
    for name, node in added.items():
        schema["properties"][name] = {"type": "string", "x-at": f"{schema['x-sheets'][0]['name']}!B20", **node}
        schema["required"] += [name] if node.get("x-since") or name == "needed" else []
    (folder / "schemas" / "meeting_notes.schema.json").write_text(json.dumps(schema), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("added", "codes"),
    [
        ({"remark": {"x-label": "备注"}}, ["T02"]),
        ({"place": {"x-label": "地点", "x-since": 2}}, ["T02"]),
        ({"needed": {"x-label": "主持人"}}, ["T02", "T04", "D01"]),
    ],
    ids=["optional", "required since the new version", "required, said to have been there"],
)
def test_a_form_handed_out_before_a_field_was_added_still_works(tmp_path, capsys, added, codes):
    (tmp_path / "notes.json").write_text(json.dumps(NOTES), "utf-8")
    run("fill", "meeting_notes", str(tmp_path / "notes.json"), "-o", str(tmp_path / "notes.xlsx"))
    capsys.readouterr()
    main(["--types", str(grown(tmp_path / "types", **added)), "check", str(tmp_path / "notes.xlsx"), "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert sorted(finding["code"] for finding in found) == sorted(codes)


def test_what_only_the_template_lacks_is_not_for_the_clerk_to_mend(tmp_path, capsys):
    types = grown(tmp_path / "types", remark={"x-label": "备注"})
    (tmp_path / "notes.json").write_text(json.dumps({**NOTES, "remark": "印不出来的备注"}), "utf-8")
    book = str(tmp_path / "notes.xlsx")
    main(["--types", str(types), "fill", "meeting_notes", str(tmp_path / "notes.json"), "-o", book])
    capsys.readouterr()
    assert main(["--types", str(types), "report", book]) == 2
    said = capsys.readouterr()
    told = said.out + said.err
    assert "填报表不用改" in told
    assert "--draft" not in told


def test_a_broken_template_is_a_fault_of_its_author_at_every_door(tmp_path, capsys):
    types, units = grown(tmp_path / "types"), tmp_path / "报送"
    units.mkdir()
    (types / "templates" / "meeting_notes.docx").write_bytes(b"no document")
    (tmp_path / "notes.json").write_text(json.dumps(NOTES), "utf-8")
    book = units / "notes.xlsx"
    main(["--types", str(types), "fill", "meeting_notes", str(tmp_path / "notes.json"), "-o", str(book)])
    assert main(["--types", str(types), "report", str(book)]) == 2
    told = capsys.readouterr().err
    assert "另存为“Word 文档（*.docx）”" in told
    assert "程序出错" not in told
    assert main(["--types", str(types), "batch", str(units), "-o", str(tmp_path / "成品"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["files"][0]["state"] == "template"
