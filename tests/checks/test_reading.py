"""What people read: findings by sheet and rule, and the explanation of a code."""

import pytest
from plans import HOME, book

from perfxl.cli import findings_text
from perfxl.cli.main import main
from perfxl.model import finding_groups
from perfxl.model.finding import Finding, catalogue
from perfxl.pipeline.examine import Examination, examine


def told(*findings, **options):
    return findings_text.text("表.xlsx", Examination(findings), **{"colour": False, **options})


def one(code, cell, severity="warning", message="有问题。", hint="请改。", sheet="项目1"):
    return Finding(code, severity, message, hint, "表.xlsx", sheet, cell)


def test_a_plan_without_findings():
    assert told() == "表.xlsx\n\n没有发现问题。"


def test_findings_stand_by_sheet_errors_first_and_the_same_down_a_column_once():
    text = told(
        one("D04", "C7", "error", "编码不对。", "请核对。", sheet="基本信息"),
        one("K16", "D23", message="描述与名称相同。"),
        one("K05", "F23", "error", "连在了一起。"),
        one("K16", "D24", message="描述与名称相同。"),
        one("K05", "F24", "error", "连在了一起。"),
        one("K16", "D27", message="描述与名称相同。"),
        one("K05", "F25", "error", "写的是别的。"),
    )
    assert text == "\n".join(
        (
            "表.xlsx",
            "",
            "基本信息  错误 1 处",
            "  错误 D04  C7  编码不对。",
            "            → 请核对。",
            "",
            "项目1  错误 3 处，警告 3 处",
            "  错误 K05  F23:F24（2处）  连在了一起。",
            "            F25  写的是别的。",
            "            → 请改。",
            "  警告 K16  D23:D24、D27（3处）  描述与名称相同。",
            "            → 请改。",
            "",
            "错误 4 处，警告 3 处。错误要改正后才能生成正式的 Word 文档；警告和提示请核对，可以不改。",
        )
    )


def test_what_is_the_same_on_many_sheets_is_said_once():
    text = told(*(one("M09", "B6", sheet=f"项目{number}") for number in range(1, 4)), one("M07", "E8"))
    assert "多张工作表  警告 3 处\n  警告 M09  项目1 B6；项目2 B6；项目3 B6  有问题。" in text
    assert text.count("M09") == 1


def test_how_things_are_written_is_one_line_with_its_list():
    style = [
        Finding("L05", "info", "有1处多余的空格。", "请删去。", "表.xlsx", "项目1", cell, repair="改好")
        for cell in ("D9", "D10")
    ]
    quotes = Finding("L04", "info", "引号不成对。", "请核对。", "表.xlsx", "项目1", "D9")
    text = told(*style, quotes)
    assert "可自动改正 2 处" in text
    assert "  提示 L05  D9:D10（2处）  多余的空格" in text
    assert text.index("L04") < text.index("可自动改正")  # what only a reader can mend stays where it is
    assert [one.as_json().get("style") for one in (*style, quotes)] == [True, True, None]


def test_what_to_do_stands_with_each_where_it_differs():
    text = told(one("M04", "B8", hint="请改为25%。"), one("M04", "D8", hint="请改为50%。"))
    assert "B8  有问题。请改为25%。" in text
    assert "D8  有问题。请改为50%。" in text
    assert "→" not in text


def test_findings_on_the_file_have_no_sheet():
    assert told(Finding("F04", "error", "文件损坏。", "请重新发送。")).splitlines()[1:3] == [
        "  错误 F04  文件损坏。",
        "            → 请重新发送。",
    ]


@pytest.mark.parametrize(
    ("addresses", "shown"),
    [
        (["C5"], "C5"),
        ([""], ""),
        (["F23", "F24", "F25"], "F23:F25（3处）"),
        (["F9", "F10", "F11"], "F9:F11（3处）"),
        (["F23", "F25"], "F23、F25（2处）"),
        (["C23", "D23"], "C23、D23（2处）"),
        (["AA3", "B3", "B4"], "B3:B4、AA3（3处）"),
        (["F23", "F23"], "F23"),
    ],
)
def test_addresses_are_drawn_together(addresses, shown):
    assert finding_groups.cells(addresses) == shown


def test_colours_are_for_terminals():
    coloured = told(one("K05", "F23", "error"), colour=True)
    assert "\x1b[31m错误\x1b[0m" in coloured
    assert "\x1b" not in told(one("K05", "F23", "error"))


def test_lines_break_between_wide_characters_and_not_before_a_stop():
    text = told(one("K05", "F23", message="一二三四五六七八九十" * 4 + "。", hint=""), width=72)
    lines = text.splitlines()[3:-2]
    assert lines[0] == "  警告 K05  F23  " + "一二三四五六七八九十" * 2 + "一二三四五六七"
    assert lines[1] == " " * 12 + "八九十一二三四五六七八九十。"


def test_every_finding_of_a_workbook_is_in_the_text():
    examination = examine(book({"projects[0].budget_amount": "250万", "unit_name": ""}), "表.xlsx", HOME)
    text = findings_text.text("表.xlsx", examination, colour=False)
    assert examination.findings
    assert [finding.code for finding in examination.findings if finding.message not in text] == []


@pytest.mark.parametrize("code", catalogue())
def test_every_code_is_explained_without_braces(code, capsys):
    assert main(["explain", code.lower()]) == 0
    words = capsys.readouterr().out
    assert words.startswith(code)
    assert "{" not in words
    assert all(f"  {label}：" in words for label in ("提示", "原因", "改法", "举例"))


def test_a_code_that_does_not_exist_is_told():
    assert main(["explain", "K99"]) == 2
