"""Every code of the catalogue is provoked by a test; what is then said, how gravely and of what place, was reviewed."""

import json
import os
import re
import shutil
from pathlib import Path
from zipfile import ZipFile

import evaluations
import plans
import pytest
from provocations import (
    DATA,
    DOCUMENTS,
    EDITS,
    EXPORTS,
    FILES,
    edited,
    told_of,
    told_of_a_document,
    told_of_a_file,
    told_of_an_export,
)

from perfxl import checks
from perfxl.batch import worker
from perfxl.batch.regenerate import regenerate
from perfxl.batch.run import Options
from perfxl.cli.main import main
from perfxl.model.finding import catalogue
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.pipeline.workbook_file import examine_file
from perfxl.report_type import catalog
from perfxl.workbook.form.form import write

HOME = plans.HOME
REVIEWED = Path(__file__).parents[1] / "corpus" / "codes.json"
FOLDERS = frozenset(
    ["W11", *(f"B{number:02}" for number in range(1, 11)), *(f"X{number:02}" for number in range(1, 9))]
)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """The findings of a workbook to which people did all sorts of things in Excel."""
    return edited(tmp_path_factory.mktemp("edited"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The findings of two runs over a folder with all sorts of things in it."""
    with pytest.MonkeyPatch.context() as patch:
        return _told_of_a_folder(tmp_path_factory.mktemp("folder"), patch)


def _told_of_a_folder(place, patch):
    # Messages show no more than the first 60 characters of a path, and those of this machine's are its own.
    patch.chdir(place)
    source, output = Path("报送"), Path("成品")
    for path in (source / "关着", source / "连着", Path("别处"), output):
        path.mkdir(parents=True)
    first = plans.book({"projects[1]": None})
    other = plans.book({"projects[1]": None, "unit_code": "321002", "unit_name": "临西县林业局"})
    for name in ("甲.xlsx", "甲.xlsm", "撤下.xlsx", "改过.xlsx", "被占.xlsx", "坏了.xlsx"):
        (source / name).write_bytes(first)
    (source / "连着" / "乙.xlsx").write_bytes(other)
    shutil.copy(HOME / "examples" / "beidaihe-gongshanglian-2021.docx", source / "丙.docx")
    (source / "链接.xlsx").symlink_to("甲.xlsx")
    (output / "连着").symlink_to(place / "别处")
    (output / "被占.docx").write_bytes(b"of somebody else")
    control = Path("控制数.csv")
    control.write_text("单位编码,单位名称,控制数\n321001,临西县农业农村局本级,35\n321099,某局,7\n", "utf-8")
    scandir, examined = os.scandir, worker.examine

    def closed(path):
        # To root, as whom tests may run, no folder can be closed.
        if str(path).rstrip("/").endswith("关着"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    def broken(data, file, *more):
        if file == "出错.xlsx":
            raise ValueError("坏数据")
        return examined(data, file, *more)

    patch.setattr(os, "scandir", closed)
    patch.setattr(worker, "examine", broken)
    units = Path("名单.txt")
    units.write_text("临西县农业农村局本级\n还没报的局\n", "utf-8")
    asked = Options(HOME, draft=True, control=control, units=units)
    found = _run(source, output, asked)
    (output / "甲.xlsx.docx").unlink()
    (output / "改过.docx").write_bytes(b"by hand")
    (source / "撤下.xlsx").unlink()
    (source / "坏了.xlsx").write_bytes(b"broken")
    (source / "出错.xlsx").write_bytes(first)
    return found + _run(source, output, asked)


def _run(source, output, asked):
    regenerate(source, output, asked, lambda _done, _all: None)
    lines = (output / "汇总.jsonl").read_text("utf-8").splitlines()
    return [finding for line in lines for finding in json.loads(line)["findings"]]


def _against_the_approved_plan(tmp_path, capsys):
    values = {**plans.valid_plan(), "document_type": "performance_plan"}
    (tmp_path / "批复.xlsx").write_bytes(write(plans.PLAN, values))
    (tmp_path / "自评.xlsx").write_bytes(evaluations.book({}))
    main(["check", str(tmp_path / "自评.xlsx"), "--plan", str(tmp_path / "批复.xlsx"), "--json"])
    return json.loads(capsys.readouterr().out)["findings"]


def _template(path, tag):
    """Write the template of a plan with another tag for the use of funds."""
    with ZipFile(plans.PLAN.word_template) as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, re.sub(rb"\{\{[^{}]*use_of_funds[^{}]*\}\}", tag, source.read(name)))


def _with_a_damaged_template(tmp_path):
    for name in ("schemas", "profiles"):
        shutil.copytree(HOME / name, tmp_path / "types" / name)
    source, templates = tmp_path / "报送", tmp_path / "types" / "templates"
    source.mkdir()
    templates.mkdir()
    _template(templates / plans.PLAN.word_template.name, b"{{ project.use_of_funds | no_such_filter }}")
    (source / "甲.xlsx").write_bytes(plans.book({"projects[1]": None}))
    return _run(source, tmp_path / "成品", Options(tmp_path / "types"))


def _printed_without_its_use_of_funds(tmp_path):
    """The findings of a plan whose template lacks the tag of a field."""
    examination = examine(plans.book({"projects[1]": None}), "", HOME)
    template = tmp_path / "template.docx"
    _template(template, b"")
    return produce(examination._replace(report_type=examination.report_type._replace(word_template=template))).findings


def _with_a_rule_that_fails(monkeypatch):
    def no_rule(_record, _profile):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(checks, "rules", lambda _family: (no_rule,))
    return examine(plans.book({}), "", HOME).findings


def _with_a_type_beside_it(tmp_path):
    """The findings of a form whose type is known by nothing but the folder beside it."""
    shutil.copytree(HOME / "tests" / "types" / "schemas", tmp_path / "文种" / "schemas")
    values = {"topic": "议题", "decisions": [{"text": "先做"}]}
    (tmp_path / "纪要.xlsx").write_bytes(write(catalog.load(tmp_path / "文种", "meeting_notes"), values))
    return examine_file(tmp_path / "纪要.xlsx", HOME).findings


def _with_a_type_that_states_its_checks(tmp_path):
    """The findings of a form whose sum is not the sum, and whose formula nobody has computed."""
    own = tmp_path / "types"
    shutil.copytree(HOME / "tests" / "types" / "schemas", own / "schemas")
    path = own / "schemas" / "meeting_notes.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    amount = {"type": "number", "x-label-at": ""}
    schema["properties"] |= {
        "total": {**amount, "x-at": "纪要!C3", "x-label": "合计"},
        "part": {**amount, "x-at": "纪要!C4", "x-label": "其中"},
        "half": {**amount, "x-at": "纪要!C5", "x-label": "一半", "x-formula": "SUMPRODUCT({total}/2)"},
    }
    schema["x-checks"] = [{"check": "sum", "field": "total", "of": ["part"]}]
    path.write_text(json.dumps(schema), "utf-8")
    values = {"topic": "议题", "total": 3, "part": 2, "decisions": [{"text": "先做"}]}
    return examine(write(catalog.load(own, "meeting_notes"), values), "", own).findings


@pytest.mark.parametrize("code", catalogue())
def test_a_code_is_provoked_and_says_what_was_reviewed(code, request, tmp_path, monkeypatch, capsys):
    if code in DATA:
        found = told_of(code)
    elif code in EDITS:
        found = request.getfixturevalue("workbook")
    elif code in FILES:
        found = told_of_a_file(code, tmp_path)
    elif code in DOCUMENTS:
        found = told_of_a_document(code, monkeypatch)
    elif code in EXPORTS:
        found = told_of_an_export(code)
    elif code in FOLDERS:
        found = request.getfixturevalue("folder")
    elif code == "S16":
        found = _against_the_approved_plan(tmp_path, capsys)
    elif code == "B11":
        found = _with_a_damaged_template(tmp_path)
    elif code in ("V22", "V23"):
        found = _with_a_type_that_states_its_checks(tmp_path)
    elif code == "V24":
        found = _with_a_type_beside_it(tmp_path)
    elif code == "V21":
        found = _with_a_rule_that_fails(monkeypatch)
    else:
        assert code == "T15", f"nothing provokes {code}: give it a case in provocations.py"
        found = _printed_without_its_use_of_funds(tmp_path)
    found = [one if isinstance(one, dict) else one.as_json() for one in found]
    told = next(one for one in found if one["code"] == code)
    actual = {**told, "file": Path(told["file"]).name}
    reviewed = json.loads(REVIEWED.read_text("utf-8"))
    if request.config.getoption("--accept-golden"):
        order = list(catalogue())
        reviewed[code] = actual
        kept = {key: reviewed[key] for key in sorted(reviewed, key=order.index)}
        REVIEWED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail("kept; now run again")
    assert actual == reviewed.get(code), "read what has changed; --accept-golden keeps it"
