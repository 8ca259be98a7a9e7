"""The function behind the page in a browser, asked as the page asks it: what the commands say, it says as well."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from plans import HOME, book

from perfxl.cli import findings_text
from perfxl.cli.main import main
from perfxl.document.printing import libreoffice
from perfxl.interfaces.browser_page.door import answer
from perfxl.model.finding_groups import by_sheet
from perfxl.pipeline.document_file import examine_document_file
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.pipeline.repair import mended
from perfxl.report_type import catalog
from perfxl.workbook.form import form

WRONG = {"projects[0].project_name": None, "projects[0].budget_amount": 99}


@pytest.fixture
def ask(tmp_path):
    """Words and files by name → the answer and the files that came with it by kind."""

    def asked(ask, files=(), tell=None, **words):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        words.setdefault("session", str(tmp_path / "session"))
        for name in ("in", "out"):
            (folder / name).mkdir(parents=True)
        for name, data in dict(files).items():
            (folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "in" / name).write_bytes(data)
        told = json.loads(answer(json.dumps({"ask": ask, "folder": str(folder), **words}), tell))
        return told, {one["kind"]: (one["name"], Path(one["path"]).read_bytes()) for one in told.get("files", ())}

    return asked


def codes(told):
    return [rule["code"] for sheet in told["sheets"] for rule in sheet["rules"]]


def test_a_plan_without_errors_comes_with_its_document_and_the_workbook_of_findings(ask):
    data = book({})
    told, files = ask("check", {"计划.xlsx": data})
    assert (told["state"], told["name"], told["about"]) == (
        "done",
        "计划.xlsx",
        ["部门预算绩效文本", "临西县农业农村局本级", "2025年度"],
    )
    assert files["document"] == ("计划.docx", produce(examine(data, "计划.xlsx", HOME)).document)
    assert files["opinion"][0] == "计划.检查意见.xlsx"


def test_errors_keep_the_document_back_unless_a_draft_is_asked_for(ask):
    data = book(WRONG)
    told, files = ask("check", {"计划.xlsx": data})
    assert (told["state"], set(files)) == ("errors", {"opinion"})
    told, files = ask("check", {"计划.xlsx": data}, draft=True)
    assert told["state"] == "draft"
    assert files["document"][1] == produce(examine(data, "计划.xlsx", HOME), draft=True).document


def test_findings_come_grouped_and_in_the_order_of_the_terminal(ask):
    examination = examine(book(WRONG), "计划.xlsx", HOME)
    told, _ = ask("check", {"计划.xlsx": book(WRONG)})
    assert codes(told) == [rule.code for group in by_sheet(examination.findings) for rule in group.rules]
    text = findings_text.text("计划.xlsx", examination, colour=False)
    for sheet in told["sheets"]:
        assert sheet["name"] in text
        assert all(said["message"] in text for rule in sheet["rules"] for said in rule["said"])
    first = told["sheets"][-1]["rules"][0]
    assert first["label"] == "错误"
    assert first["cause"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("表.xlsx", b"", "F02"),
        ("表.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "F02"),
        ("表.xlsx", b"PK\3\4 and nothing else", "F04"),
        ("表.et", b"%PDF-1.4", "F02"),
    ],
)
def test_a_file_that_cannot_be_read_gets_the_sentence_of_the_command(ask, name, data, code):
    told, files = ask("check", {name: data})
    assert (told["state"], codes(told)) == ("unread", [code])
    expected = examine(data, name, HOME).findings[0]
    assert told["sheets"][0]["rules"][0]["said"][0]["message"] == expected.message
    assert set(files) == {"opinion"}


def test_what_the_browser_could_not_hand_over_is_said(ask):
    told, _ = ask("check", unreadable={"开着.xlsx": 0})
    assert (told["state"], codes(told)) == ("unread", ["F06"])
    told, _ = ask("check", unreadable={"录像.xlsx": 300 * 2**20})
    assert codes(told) == ["F05"]


def test_safe_repairs_are_those_of_the_command_with_what_they_change(ask):
    data = (HOME / "examples/beidaihe-gongshanglian-2021.xlsx").read_bytes()
    told, files = ask("mend", {"区工商联.xlsx": data})
    expected = mended(examine(data, "", HOME))
    assert files["mended"] == ("区工商联（已改正）.xlsx", expected.workbook)
    assert len(told["changes"]) == len(expected.changes)
    assert told["changes"][0].keys() == {"sheet", "cell", "before", "after", "codes"}
    assert "原来的文件没有改动" in told["summary"]


def test_a_workbook_with_nothing_to_repair_has_no_such_file(ask):
    assert ask("mend", {"计划.xlsx": book({})})[0] == {"changes": [], "files": []}


def test_the_repaired_workbook_keeps_its_buttons(ask):
    data = (HOME / "examples/beidaihe-gongshanglian-2021.xlsx").read_bytes()
    _, files = ask("mend", {"表.xlsm": data})
    name, workbook = files["mended"]
    assert name.endswith(".xlsm")
    assert "xl/vbaProject.bin" in zipfile.ZipFile(BytesIO(workbook)).namelist()


def test_a_blank_form_is_that_of_the_command(ask, tmp_path):
    told, files = ask("new", type="performance_plan", year="2026", projects=2)
    output = tmp_path / "blank.xlsx"
    assert main(["new", "performance_plan", "--year", "2026", "--projects", "2", "-o", str(output)]) == 0
    assert files["form"] == ("2026年部门预算绩效文本填报表.xlsx", output.read_bytes())
    assert told["sentence"].startswith("已做好")


@pytest.mark.parametrize("words", [{"year": "去年"}, {"year": 1999}, {"projects": 0}, {"type": "nothing"}])
def test_a_form_that_cannot_be_is_refused_in_a_sentence(ask, words):
    told, files = ask("new", **{"type": "performance_plan", "year": 2026, "projects": 1, **words})
    assert told["trouble"]
    assert not files


def test_a_plan_is_carried_into_the_next_step_and_into_the_next_year(ask, tmp_path):
    source, output = tmp_path / "计划.xlsx", tmp_path / "next.xlsx"
    source.write_bytes(book({}))
    told, _ = ask("check", {"计划.xlsx": source.read_bytes()})
    for step in told["next"]["types"]:
        _, files = ask("carry", {"计划.xlsx": source.read_bytes()}, to=step["id"])
        assert main(["carry", str(source), "--to", step["id"], "-o", str(output)]) == 0
        assert files["form"][1] == output.read_bytes()
    _, files = ask("carry", {"计划.xlsx": source.read_bytes()}, year=told["next"]["year"])
    assert main(["carry", str(source), "--year", "2026", "-o", str(output)]) == 0
    assert files["form"] == ("计划-2026年.xlsx", output.read_bytes())


def said(told):
    return [(one["wrong"], one["text"]) for one in told["said"]]


NOTES = HOME / "tests" / "types"
OWN_TYPE = {
    "文种/schemas/meeting_notes.schema.json": (NOTES / "schemas/meeting_notes.schema.json").read_bytes(),
    "文种/templates/meeting_notes.docx": (NOTES / "templates/meeting_notes.docx").read_bytes(),
}


def own_rules(**changes):
    return json.dumps({"title": "本局", "rules": {"M01": "off"}, **changes}, ensure_ascii=False).encode()


def packed(files, *, encoding=""):
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            # As Windows writes names: in its own encoding, which zipfile takes for that of the first PCs.
            archive.writestr(name.encode(encoding).decode("cp437") if encoding else name, content)
    return target.getvalue()


def test_rules_of_an_office_come_as_a_file_and_are_kept_for_the_session(ask):
    data = book({"projects[0].budget_amount": 99})
    assert "M01" in codes(ask("check", {"计划.xlsx": data})[0])
    told, _ = ask("own", {"本局.json": own_rules(), "计划.xlsx": data})
    assert (told["chosen"], told["taken"]) == ("本局", ["本局.json"])
    assert {"id": "本局", "title": "本局"} in told["profiles"]
    assert [wrong for wrong, _ in said(told)] == [False]
    assert "M01" not in codes(ask("check", {"计划.xlsx": data}, profile="本局")[0])
    assert "没有名为“本局”" in ask("check", {"计划.xlsx": data}, profile="本局", session="")[0]["trouble"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "第1行"),
        (b"[]", "应是一组"),
        ("{}".encode("utf-16"), "UTF-8"),
        (own_rules(limitz={}), "是不是“limits”"),
        (own_rules(based_on="没有的"), "没有名为“没有的”的规则配置"),
    ],
)
def test_rules_that_cannot_be_used_get_a_sentence_and_change_nothing(ask, content, sentence):
    told, _ = ask("own", {"本局.json": content})
    ((wrong, text),) = said(told)
    assert wrong
    assert text.startswith("规则配置“本局”用不了：")
    assert sentence in text
    assert (told["chosen"], told["taken"]) == ("", ["本局.json"])
    assert "本局" not in [one["id"] for one in told["profiles"]]


@pytest.mark.parametrize(
    "files",
    [
        OWN_TYPE,
        {name.removeprefix("文种/"): content for name, content in OWN_TYPE.items()},
        {name.rpartition("/")[2]: content for name, content in OWN_TYPE.items()},
        {"文种.zip": packed(OWN_TYPE)},
        {"文种.zip": packed(OWN_TYPE, encoding="gbk")},
    ],
    ids=["folder", "its contents", "files", "archive", "archive of Windows"],
)
def test_a_type_of_an_office_is_used_like_those_that_come_along(ask, files):
    told, _ = ask("own", files)
    assert said(told) == [(False, "已加入文种“会议纪要”，只在这次打开的页面里用，关掉页面就没有了。")]
    assert sorted(told["taken"]) == sorted(files)
    assert [one["id"] for one in told["types"]] == ["meeting_notes", "performance_plan", "self_evaluation"]
    _, made = ask("new", type="meeting_notes", year=2026, projects=1)
    assert made["form"] == ("会议纪要填报表.xlsx", form.write(catalog.load(NOTES, "meeting_notes"), {}, copies=1))
    filled = form.write(catalog.load(NOTES, "meeting_notes"), {"topic": "例会", "decisions": [{"text": "同意"}]})
    _, made = ask("check", {"纪要.xlsx": filled})
    assert made["document"][1] == produce(examine(filled, "纪要.xlsx", NOTES)).document
    # The others are as they were.
    assert ask("check", {"计划.xlsx": book({})})[0]["state"] == "done"


def test_a_type_dropped_again_replaces_the_one_before(ask):
    ask("own", OWN_TYPE)
    schema = json.loads(OWN_TYPE["文种/schemas/meeting_notes.schema.json"])
    renamed = {**OWN_TYPE, "文种/schemas/meeting_notes.schema.json": json.dumps({**schema, "title": "纪要"}).encode()}
    told, _ = ask("own", renamed)
    assert {"id": "meeting_notes", "title": "纪要"} in told["types"]


SCHEMA, TEMPLATE = OWN_TYPE
NOT_OURS = json.dumps({**json.loads(OWN_TYPE[SCHEMA]), "minimun": 1}).encode()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({**OWN_TYPE, SCHEMA: b"{,"}, "第1行第2列"),
        ({**OWN_TYPE, SCHEMA: b"[]"}, "一组"),
        ({**OWN_TYPE, SCHEMA: "{}".encode("utf-16")}, "UTF-8"),
        ({**OWN_TYPE, SCHEMA: NOT_OURS}, "minimun"),
        ({SCHEMA: OWN_TYPE[SCHEMA]}, "缺少 Word 模板“meeting_notes.docx”"),
        ({**OWN_TYPE, TEMPLATE: b"x"}, "不是能读的 Word 文档"),
        ({"文种.zip": packed(OWN_TYPE).replace(b'"title"', b'"t1tle"')}, "打不开"),
    ],
)
def test_a_type_that_cannot_be_used_gets_a_sentence_and_stops_nothing(ask, files, sentence):
    told, _ = ask("own", {**files, "本局.json": own_rules()})
    wrong = [text for bad, text in said(told) if bad]
    assert len(wrong) == 1
    assert sentence in wrong[0]
    assert told["chosen"] == "本局"
    assert "meeting_notes" not in [one["id"] for one in told["types"]]
    assert ask("check", {"计划.xlsx": book({})})[0]["state"] == "done"


def test_workbooks_and_archives_of_other_things_are_left_for_the_check(ask):
    files = {"计划.xlsx": book({}), "表.zip": packed({"计划.xlsx": book({})}), "说明/附表.json": b"{}"}
    told, _ = ask("own", files, is_folder=True)
    assert (told["said"], told["taken"]) == ([], [])


def test_a_word_document_is_checked_and_read_into_a_form(ask):
    path = HOME / "examples" / "tangshan-gongshanglian-2025.docx"
    told, made = ask("check", {path.name: path.read_bytes()})
    examination, intake = examine_document_file(path, HOME)
    assert codes(told) == [rule.code for group in by_sheet(examination.findings) for rule in group.rules]
    assert made["form"] == (f"{path.stem}.xlsx", intake.workbook)
    assert not told["mendable"]
    _, made = ask("carry", {path.name: path.read_bytes()}, year=2026)
    assert made["form"][0].endswith("2026年.xlsx")


def test_an_old_word_document_is_told_what_it_needs(ask, monkeypatch):
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    told, _ = ask("check", {"旧.rtf": b"{\\rtf1 x}"})
    assert (told["state"], codes(told)) == ("unread", ["W05"])


def test_many_workbooks_give_a_table_and_one_archive(ask):
    said = []
    files = {
        "甲/好.xlsx": book({}),
        "乙/错.xlsx": book(WRONG),
        "旧.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    }
    told, made = ask("batch", files, tell=lambda text: said.append(json.loads(text)))
    assert "trouble" not in told, told
    assert [line["label"] for line in told["lines"]][-1] == "已生成"
    assert {line["file"]: line["state"] for line in told["lines"] if line["file"] in files} == {
        "甲/好.xlsx": "made",
        "乙/错.xlsx": "errors",
        "旧.xls": "unread",
    }
    name, archive = made["archive"]
    names = zipfile.ZipFile(BytesIO(archive)).namelist()
    assert name == "绩效文本-成品.zip"
    assert {"甲/好.docx", "乙/错.检查意见.xlsx", "旧.检查意见.xlsx", "汇总.xlsx", "汇总.html"} <= set(names)
    assert not [one for one in names if ".perfxl" in one]
    assert said[-1]["done"] == said[-1]["total"] > 0


def test_the_same_files_give_the_same_archive(ask):
    files = {"甲.xlsx": book({}), "乙.xlsx": book(WRONG)}
    first, second = (ask("batch", files)[1]["archive"][1] for _ in range(2))
    documents = [
        {n: zipfile.ZipFile(BytesIO(a)).read(n) for n in ("甲.docx", "乙.检查意见.xlsx")} for a in (first, second)
    ]
    assert documents[0] == documents[1]


def test_a_folder_without_forms_is_said(ask):
    told, made = ask("batch", {"说明.txt": "没有表".encode()})
    assert (told["lines"], made) == ([], {})
    assert "没有填报表" in told["sentences"][0]


def test_a_fault_of_ours_is_a_sentence(ask, monkeypatch):
    monkeypatch.setattr("perfxl.interfaces.browser_page.one_workbook.results_beside.make", lambda *_, **__: 1 / 0)
    told, _ = ask("check", {"计划.xlsx": book({})})
    assert "ZeroDivisionError" in told["trouble"]


def test_the_page_hears_what_there_is_to_choose_from(ask):
    told, _ = ask("hello")
    assert "performance_plan" in [one["id"] for one in told["types"]]
    assert all(one["title"] for one in told["profiles"])
    assert told["largest"] > 2**20
