"""What the workbook itself says while people type, recalculated by LibreOffice."""

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from perfxl.report_type import catalog
from perfxl.workbook.form.form import write

HOME = catalog.home()
TYPE = catalog.load(HOME, "performance_plan")
SOURCE = (HOME / "examples" / "tangshan-gongshanglian-2025.json").read_text("utf-8")
BLANK = write(TYPE, None, copies=3)
FILLED = write(TYPE, json.loads(SOURCE, parse_float=Decimal))

TODO = 208  # the first row of what is to do, below the room for findings
DONE = "√ 本表必填项已填全。"

pytestmark = pytest.mark.office


@pytest.fixture
def after(office):
    """Return the workbook with its results after LibreOffice opened it and took the steps."""

    def run(book, *steps):
        return openpyxl.load_workbook(BytesIO(office.edited(book, steps)), data_only=True)

    return run


def put(cell, content, sheet="项目1"):
    return ("put", sheet, cell, content)


def status(book, sheet="项目1"):
    return book[sheet]["A3"].value


def overview(book):
    """Return the rows of the overview: what is to do, whether there is a link, how many."""
    rows = book["检查"].iter_rows(min_row=TODO, values_only=True)
    found = []
    for row in rows:
        if row[0] == "合  计":
            return [row for row in found if any(cell is not None for cell in row)], row[4]
        found.append((row[2], row[1], row[4]))
    raise AssertionError("no total")


def test_a_blank_form_says_what_it_wants_on_its_first_sheet_only(after):
    book = after(BLANK)
    assert status(book) == (
        "待处理 7 处：未填：项目编码、项目名称、预算数、其中：财政资金、资金用途；"
        "“绩效目标”还没有填；“绩效指标”还没有填"
    )
    assert status(book, "项目2") == status(book, "项目3") == "本表还是空白，不用就不必填。"
    rows, total = overview(book)
    assert rows[0] == ("未填：预算年度、单位编码、单位名称", "去处理", 3)
    assert rows[2:5] == [
        (f"“{label}”还没有填", "去处理", 1) for label in ("总体绩效目标", "分项绩效目标", "工作保障措施")
    ]
    assert rows[9:13] == [(what, "空白", 0) for what in ("必填项", "绩效目标", "绩效指标", "数字和勾稽关系")]
    assert total == 3 + 3 + 7
    assert book["检查"]["A2"].value == "还有 13 处待处理。"


def test_a_good_workbook_has_nothing_left_to_do(after):
    book = after(FILLED)
    assert {status(book, f"项目{number}") for number in range(1, 11)} == {DONE}
    rows, total = overview(book)
    assert {row[1:] for row in rows} == {("√", 0)}
    assert total == 0
    assert book["检查"]["A2"].value == "√ 必填项已填全。这不等于没有错误：请再点“检查”，生成文档前也会全面检查一遍。"


def test_a_sheet_that_was_begun_asks_for_the_rest_and_the_first_one_falls_silent(after):
    book = after(BLANK, put("E4", "某项培训", "项目2"))
    assert status(book, "项目2").startswith("待处理 6 处：未填：项目编码、预算数")
    assert status(book, "项目1") == "本表还是空白，不用就不必填。"
    assert book["项目2"]["A1"].value == "某项培训绩效目标表"


def test_a_row_that_was_begun_asks_for_the_rest(after):
    # Of the new row, name, description, value and basis are missing; its dimension followed from the category.
    book = after(FILLED, put("B30", "质量指标"))
    assert status(book) == "待处理 4 处：“绩效指标”有4格没有填"
    assert book["项目1"]["A30"].value == "产出指标"


def test_what_follows_nothing_is_missing(after):
    assert status(after(FILLED, put("A23", ""))) == "待处理 1 处：“绩效指标”有1格没有填"


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([put("C5", 40.01)], "预算数应等于财政资金加其他资金"),
        ([put("C5", 40.004)], None),
        ([put("C5", 41), put("H5", 1)], None),
        ([put("H5", 0.01)], "预算数应等于财政资金加其他资金"),
        ([put("G8", 0.9)], "12月底累计支出计划应为100%"),
        ([put("G8", "")], "12月底累计支出计划应为100%"),
        ([put(cell, "") for cell in ("B8", "D8", "E8", "G8")], None),
        ([put("D8", 0.05)], "6月底不能小于3月底（累计进度）"),
        ([put("D8", 0.1)], None),
        ([put("E8", 0.2)], "10月底不能小于前面的进度（累计进度）"),
    ],
)
def test_live_checks_speak_up_when_numbers_do_not_agree(after, steps, says):
    book = after(FILLED, *steps)
    assert status(book) == (f"待处理 1 处：{says}" if says else DONE)
    assert overview(book)[0][8] == ((says, "去处理", 1) if says else ("数字和勾稽关系", "√", 0))


def test_text_where_a_number_belongs_is_pointed_out(after):
    assert status(after(FILLED, put("H5", "无"))) == "待处理 1 处：“其他资金”应填数字"


def test_what_follows_is_looked_up(after):
    groups = TYPE.schema["properties"]["projects"]["items"]["properties"]["indicators"]["items"]["properties"][
        "dimension"
    ]["x-follows"]["groups"]
    pairs = [(key, value) for value, keys in groups.items() for key in keys]
    book = after(BLANK, *(put(f"B{row}", key) for row, (key, _) in enumerate(pairs, 23)), put("B40", "别的"))
    assert [book["项目1"][f"A{row}"].value for row in range(23, 23 + len(pairs))] == [value for _, value in pairs]
    assert book["项目1"]["A40"].value in (None, "")
    assert book["项目1"]["A41"].value in (None, "")


def test_a_copied_sheet_counts_for_itself(after):
    book = after(FILLED, ("copy_sheet", "项目2", "新项目", 5), put("E4", "", "新项目"), put("C5", 1, "新项目"))
    assert status(book, "新项目") == "待处理 2 处：未填：项目名称；预算数应等于财政资金加其他资金"
    assert status(book, "项目2") == DONE


def test_a_renamed_or_removed_sheet_leaves_the_overview_whole(after):
    book = after(FILLED, ("rename_sheet", "项目2", "调研"), put("E4", "", "调研"), ("remove_sheet", "项目3"))
    rows, total = overview(book)
    assert rows[9] == ("未填：项目名称", "去处理", 1)
    assert {row[1:] for row in rows[13:17]} == {("—", 0)}
    assert total == 1
    assert "（已删除）" in [row[3] for row in book["检查"].iter_rows(min_row=TODO, values_only=True)]


def test_captions_show_what_was_typed_elsewhere(after):
    sheet = after(FILLED)["项目1"]
    assert sheet["A1"].value == "“领潮计划”专项培训绩效目标表"
    assert sheet["A2"].value.startswith("402001唐山市")
    assert sheet["G2"].value == "单位：万元"


def test_any_report_type_counts_what_is_left_to_do(after):
    other = catalog.load(Path(__file__).parent.parent / "types", "meeting_notes")
    book = after(write(other, {"decisions": [{"kind": "同意"}, {"text": "照办", "cost": "不详"}]}))
    first = next(row for row in range(1, 300) if book["检查"].cell(row, 3).value == "要做的事") + 1
    rows = list(book["检查"].iter_rows(min_row=first, max_row=first + 3, max_col=5, values_only=True))
    assert [(row[2], row[1], row[4]) for row in rows[:3]] == [
        ("未填：议题", "去处理", 1),
        ("“决定”有1格没有填", "去处理", 1),
        ("“金额”应填数字", "去处理", 1),
    ]
    assert rows[3][4] == 3
