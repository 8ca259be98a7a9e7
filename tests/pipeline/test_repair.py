"""`check --fix`: a new workbook with the safe repairs made, and the list of them."""

import json
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from plans import PLAN, book, filled, found

from perfxl.cli.main import main
from perfxl.model.finding import Finding
from perfxl.model.record import Place
from perfxl.pipeline.repair import mend, path_of

BUDGET, DEC = "projects[0].budget_amount", "projects[0].expenditure_schedule.by_dec"
TARGET = "projects[0].indicators[0].target"


def offering(*repairs):
    """Findings that offer repairs as long as the value is the one they were made for."""

    def findings_on(record):
        return [
            Finding(code, "warning", "", "", field=field, repair=repair)
            for code, field, wrong, repair in repairs
            if _at(record.values, path_of(field)) == wrong
        ]

    return findings_on


def _at(values, path):
    for step in path:
        values = values[step] if isinstance(step, int) or step in values else None
    return values


def made(changes, *repairs):
    record, done = mend(filled(changes), PLAN, offering(*repairs))
    return record, [(change.place, change.before, change.after, change.codes) for change in done]


def test_a_repair_is_made_and_told_with_its_cell():
    record, done = made({BUDGET: "36万"}, ("M02", BUDGET, "36万", "36"))
    assert record.values["projects"][0]["budget_amount"] == Decimal(36)
    assert done == [(Place("项目1", "C5"), "36万", "36", ("M02",))]


def test_a_repair_may_mend_neighbours():
    record, done = made(
        {TARGET: "≥9595%及以上"}, ("K05", TARGET, "≥9595%及以上", {"sign": "≥", "target": "95", "measure_unit": "%"})
    )
    indicator = record.values["projects"][0]["indicators"][0]
    assert (indicator["sign"], indicator["target"], indicator["measure_unit"]) == ("≥", Decimal(95), "%")
    assert done == [
        (Place("项目1", "F23"), "≥9595%及以上", "95", ("K05",)),
        (Place("项目1", "G23"), "人", "%", ("K05",)),
    ]


def test_a_repair_may_fill_and_empty_fields():
    target = "projects[0].indicators[2].target"
    record, done = made({}, ("K07", target, "2025年10月31日", {"sign": "≤", "target": "10月底", "measure_unit": ""}))
    indicator = record.values["projects"][0]["indicators"][2]
    assert (indicator["sign"], indicator["target"], "measure_unit" in indicator) == ("≤", "10月底", False)
    assert [change[:3] for change in done] == [
        (Place("项目1", "F25"), "2025年10月31日", "10月底"),
        (Place("项目1", "E25"), "", "≤"),
    ]


def test_repairs_of_one_text_are_made_one_after_the_other():
    goal = "overall_goal[0]"
    record, done = made({goal: "a  b,c"}, ("L05", goal, "a  b,c", "a b,c"), ("L04", goal, "a b,c", "a b，c"))
    assert record.values["overall_goal"][0] == "a b，c"
    assert done == [(Place("第一部分", "C5"), "a  b,c", "a b，c", ("L05", "L04"))]


def test_rules_that_undo_one_another_come_to_rest():
    goal = "overall_goal[0]"
    record, done = made({goal: "a"}, ("L04", goal, "a", "b"), ("L05", goal, "b", "a"))
    assert record.values["overall_goal"][0] == "b"
    assert len(done) == 1


def test_the_record_that_was_given_stays_as_it_is():
    record = filled({BUDGET: "36万"})
    mend(record, PLAN, offering(("M02", BUDGET, "36万", "36")))
    assert record.values["projects"][0]["budget_amount"] == "36万"


@pytest.mark.parametrize("text", ["projects[0].indicators[12].target", "overall_goal[3]", "unit_name", "projects"])
def test_paths_are_read_as_they_are_printed(text):
    from perfxl.model.record import path_text

    assert path_text(path_of(text)) == text


# Through the command


@pytest.fixture
def wrong(tmp_path):
    path = tmp_path / "表.xlsx"
    path.write_bytes(book({BUDGET: "36万", DEC: "1.00", "projects[1].expenditure_schedule.by_dec": 90}))
    return path


def fix(capsys, *words):
    status = main(["check", *map(str, words)])
    return status, capsys.readouterr()


def test_the_new_workbook_is_mended_and_the_old_one_untouched(wrong, tmp_path, capsys):
    before, new = wrong.read_bytes(), tmp_path / "新表.xlsx"
    status, said = fix(capsys, wrong, "--fix", "-o", new)
    assert (status, wrong.read_bytes()) == (1, before)
    assert found(new.read_bytes(), "M") == [("M06", "项目2!G8")]
    assert said.out.splitlines() == [
        "项目1",
        "  C5  “36万” → “36”  （M02）",
        "  G8  “1.00” → “100”  （M04）",
        "",
        f"改了 2 处，新的填报表：{new}。原来的文件没有改动。",
        "新表里还有：错误 1 处。",
    ]


def test_the_list_is_there_as_json(wrong, tmp_path, capsys):
    new = tmp_path / "新表.xlsx"
    status, said = fix(capsys, wrong, "--fix", "-o", new, "--json")
    result = json.loads(said.out)
    assert status == 1
    assert [one["code"] for one in result["findings"]] == ["M02", "M04", "M06"]
    assert result["workbook"] == str(new)
    assert result["remaining"] == {"errors": 1, "warnings": 0}
    assert result["repairs"][0] == {
        "codes": ["M02"],
        "sheet": "项目1",
        "cell": "C5",
        "field": BUDGET,
        "before": "36万",
        "after": "36",
    }


def test_where_nothing_is_safe_nothing_is_written(tmp_path, capsys):
    path, new = tmp_path / "表.xlsx", tmp_path / "新表.xlsx"
    path.write_bytes(book({"projects[1].expenditure_schedule.by_dec": 90}))
    status, said = fix(capsys, path, "--fix", "-o", new)
    assert (status, new.exists()) == (1, False)
    assert "没有可以自动改正的地方" in said.out


def test_what_was_read_otherwise_than_typed_is_written_as_read(tmp_path, capsys):
    path, new = tmp_path / "表.xlsx", tmp_path / "新表.xlsx"
    path.write_bytes(book({BUDGET: "３６.00"}))
    status, said = fix(capsys, path, "--fix", "-o", new)
    assert (status, found(new.read_bytes())) == (0, [])
    assert "  C5  “３６.00” → “36.00”  （V07）" in said.out


def test_a_long_text_is_shown_where_it_changes(tmp_path, capsys):
    path, new = tmp_path / "表.xlsx", tmp_path / "新表.xlsx"
    path.write_bytes(
        book({"safeguard_measures[2]": "3.加强跟踪问效。每季度检查一次进度，发现偏差及时纠正，年底对照目标逐项验收。"})
    )
    _, said = fix(capsys, path, "--fix", "-o", new)
    assert "  C133  “3.加强跟踪问效。每…” → “3、加强跟踪问效。每…”  （D03）" in said.out


def test_what_the_form_has_no_place_for_is_told(tmp_path, capsys):
    path, new = tmp_path / "表.xlsx", tmp_path / "新表.xlsx"
    workbook = openpyxl.load_workbook(BytesIO(book({BUDGET: "36万"})))
    workbook["项目1"]["K30"] = "自己的备注"
    workbook.save(path)
    _, said = fix(capsys, path, "--fix", "-o", new)
    assert "没有带到新表里的（1处，还在原来的文件里）：" in said.out
    assert "项目1 K30" in said.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--fix"], "自动改正要同时写 --fix 和 -o"),
        (["-o", "新表.xlsx"], "自动改正要同时写 --fix 和 -o"),
        (["--fix", "-o", "新表.docx"], "应以 .xlsx"),
        (["第二份.xlsx", "--fix", "-o", "新表.xlsx"], "一次只能处理一份"),
        (["--fix", "-o", "表.xlsx"], "新文件不能就是原来的文件"),
        (["--fix", "-o", "./../{folder}/表.xlsx"], "新文件不能就是原来的文件"),
    ],
)
def test_a_command_that_could_harm_is_refused(wrong, capsys, monkeypatch, words, sentence):
    monkeypatch.chdir(wrong.parent)
    before = wrong.read_bytes()
    status, said = fix(capsys, wrong.name, *(word.format(folder=wrong.parent.name) for word in words))
    assert (status, sentence in said.err, wrong.read_bytes()) == (2, True, before)
