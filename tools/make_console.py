"""Makes templates/批量控制台.xlsm, the console, from the text of its macros. The same text gives the same bytes.

    python -m tools.make_console [TARGET]

What is asked for stands in the names asked.*, and what the macro fills in in those of told.*;
see perfxl/interfaces/batch_console.py.
"""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from perfxl.batch.states import STATES
from perfxl.interfaces import batch_console
from perfxl.model.addresses import Range
from perfxl.report_type import catalog, profile
from perfxl.storage.files import CONSOLE
from perfxl.workbook.form.cell_styles import DONE_COLOUR, MISSING_COLOUR, WRONG_COLOUR, Style, style
from perfxl.workbook.form.page_layout import absolute, literal, quoted
from perfxl.workbook.form.xlsx_writer import FormBook, Pen
from perfxl.workbook.macros import form_buttons
from tools.make_addin import write_texts

SHEET = "控制台"
_LISTS = "列表"
_WIDTHS = (22.0, 26.0, 16.0, 8.0, 8.0, 46.0, 26.0)
_LAST = len(_WIDTHS)
_ABOUT = (
    "把各单位交来的填报表放在一个文件夹里（可以有下级文件夹），选好它，点“全部生成”：每份填报表检查一遍，没有错误的生成"
    " Word 文档，并另出一份汇总。有单位补报、改报，再点一次，只做有变化的。"
)
# Paths of files and folders: name, label, prompt.
_PATHS = (
    ("folder", "单位文件夹", "各单位填报表所在的文件夹。点右边的“选择文件夹”，或者直接写，例如 D:\\报送。"),
    ("output", "输出文件夹", "文档和汇总放在哪里。空着就放在单位文件夹旁边，叫“单位文件夹的名字-成品”。"),
    ("control", "控制数文件", "各单位控制数的表格（.xlsx 或 .csv），用来核对合计。没有就空着。"),
    ("units", "应报名单", "应报单位的名单，一行一个编码或名称（.xlsx、.csv、.txt）。没有报来的会列出来。没有就空着。"),
)
_NOTES = {"control": "用来核对各单位的合计，没有就空着。", "units": "谁没有报来，没有就空着。"}
_OPTIONS = (
    ("draft", "草稿也生成", "有错误的也生成，页眉印“草稿”。选“否”时，有错误的只列出问题，不生成。"),
    ("pdf", "生成PDF", "每份 Word 文档旁边再放一份 PDF。需要 LibreOffice 或 Word，会慢很多。"),
    ("html", "生成网页", "每份 Word 文档旁边再放一份网页片段（.html），放到单位网站上用。"),
    ("volume", "合订成汇编", "各单位的文档再合订成一份“汇编.docx”，次序照应报名单。选了“生成PDF”的，汇编也出 PDF。"),
    ("force", "全部重新生成", "没有变化的也重做，在 Word 里改过的文档也会被覆盖！平时选“否”。"),
    ("profile", "规则配置", "按哪个规则配置检查。空着就按填报表自己写的；也可以写配置文件的位置。"),
)
_SHARED = ("PerfXLRun", "PerfXLCalc")  # macros that have use for no form
_NUMBERS = ("填报表", "已生成", "有错误，未生成", "草稿", "其他", "没有变化", "读不出来")
_COLOURS = {
    DONE_COLOUR: ("made",),
    MISSING_COLOUR: ("draft", "kept"),
    WRONG_COLOUR: ("errors", "unread", "trouble", "fault"),
    "#EDEDED": ("gone", ""),
}
_FRAME = {"border": 1, "border_color": "#808080"}
_LINK = {"font_color": "#0563C1", "underline": 1}


def macros(home: Path) -> form_buttons.Macros:
    """Return the macros of the console: its own, and those of the form that any workbook with buttons has use for."""
    folder = home / "templates" / "macro" / "console"
    shared = {name: text for name, text in form_buttons.load(home).modules.items() if name in _SHARED}
    own = {path.stem: path.read_text("ascii") for path in sorted(folder.glob("*.bas"))}
    described = json.loads((folder / "console.json").read_bytes())
    return form_buttons.Macros(
        {**shared, **own}, described["texts"], tuple(form_buttons.Button(**button) for button in described["buttons"])
    )


def workbook(home: Path) -> bytes:
    """Return the console."""
    own = macros(home)
    book = FormBook(CONSOLE, datetime(2000, 1, 1))
    pen = book.sheet(SHEET, "Sheet1")
    pen.columns((*_WIDTHS, 1.0))
    pen.write(_row(1), CONSOLE, style("title"))
    pen.row(1, 38)
    _write_button(pen, 1, 1, 8, own.buttons[0])
    _write_button(pen, 1, 1, 16 + own.buttons[0].width, own.buttons[1])
    pen.write(_row(2), _ABOUT, style("prose", indent=1))
    pen.row(2, 38)
    below = _write_inputs(book, pen, own, profile.available(home))
    header = _write_state(book, pen, below)
    _write_results(book, pen, header)
    pen.screen(90)
    pen.select(_row(4, 2, _LAST - 1))
    pen.freeze(1)
    pen.paper(None, True, header)
    pen.lock()
    lists = book.sheet(_LISTS, "Sheet2")
    write_texts(book, lists, _LISTS, own.texts)
    lists.lock()
    lists.hide()
    book.embed(own.project(2))
    return book.close()


def _row(number: int, first: int = 1, last: int = _LAST) -> Range:
    return Range(number, first, number, last)


def _write_button(pen: Pen, row: int, column: int, left: int, button: form_buttons.Button) -> None:
    pen.button(_row(row, column, column), button.caption, button.macro, (left, 9 if row == 1 else 2, button.width, 28))


def _write_inputs(book: FormBook, pen: Pen, own: form_buttons.Macros, profiles: list[str]) -> int:
    """Write what is asked for, and return the row below it."""
    row = 3
    pen.write(_row(row), "一、填写", style("section"))
    pen.row(row, 28)
    for number, (name, label, prompt) in enumerate(_PATHS, 2):
        row += 1
        rule = {"validate": "any", "input_title": label, "input_message": prompt}
        _write_input(book, pen, name, _row(row, 2, _LAST - 1), label, None, rule)
        pen.row(row, 27)
        if name in _NOTES:
            pen.write(_row(row, _LAST), _NOTES[name], style("note"))
        else:
            _write_button(pen, row, _LAST, 8, own.buttons[number])
    for name, label, note in _OPTIONS:
        row += 1
        rule = {"validate": "list", "input_title": label, "input_message": note}
        if name == "profile":
            rule |= {"source": profiles, "show_error": False}
        else:
            rule |= {
                "source": [batch_console.YES, batch_console.NO],
                "error_title": "请核对",
                "error_message": "请选“是”或“否”。",
            }
        _write_input(book, pen, name, _row(row, 2, 2), label, None if name == "profile" else batch_console.NO, rule)
        pen.write(_row(row, 3), note, style("note"))
        pen.row(row, 24)
    return row + 1


def _write_input(
    book: FormBook, pen: Pen, name: str, at: Range, label: str, value: str | None, rule: Mapping[str, Any]
) -> None:
    pen.write(_row(at.top, 1, 1), label, style("label"))
    pen.write(at, value, style("input", num_format="@"))
    pen.validate(at, rule, name)
    book.define(f"asked.{name}", _reference(at))


def _write_state(book: FormBook, pen: Pen, row: int) -> int:
    """Write where it stands how the last run went, from `row` on, and return the row below it."""
    pen.write(_row(row), "二、结果", style("section"))
    pen.row(row, 28)
    sentence = _row(row + 1, 2)
    _write_told(book, pen, "sentence", sentence, style("status", font_size=11))
    pen.write(_row(row + 1, 1, 1), "最近一次", style("label"))
    pen.row(row + 1, 92)
    first = absolute(_row(row + 1, 2, 2))
    pen.paint(sentence, f'LEFT({first},1)="√"', {"bg_color": DONE_COLOUR})
    pen.paint(sentence, f'{first}<>""', {"bg_color": MISSING_COLOUR})
    _write_told(book, pen, "time", _row(row + 2, 2, 2), style("cell"))
    _write_told(book, pen, "summary", _row(row + 2, 4), style("cell", **_LINK))
    _write_told(book, pen, "returned", _row(row + 3, 2), style("cell", **_LINK))
    pen.write(_row(row + 3, 1, 1), "退回意见", style("label"))
    pen.write(_row(row + 2, 1, 1), "完成时间", style("label"))
    pen.write(_row(row + 2, 3, 3), "汇总", style("label"))
    pen.row(row + 2, 24)
    pen.row(row + 3, 24)
    for column, (name, label) in enumerate(zip(batch_console.COUNTS, _NUMBERS, strict=True), 1):
        pen.write(_row(row + 4, column, column), label, style("label"))
        at = _row(row + 5, column, column)
        _write_told(book, pen, name, at, style("cell-centre", font_size=16, font_name="黑体"))
        if name in ("errors", "unread"):
            pen.paint(at, f"{absolute(at)}>0", {"bg_color": WRONG_COLOUR})
    pen.row(row + 4, 24)
    pen.row(row + 5, 30)
    pen.row(row + 6, 10)
    return row + 7


def _write_told(book: FormBook, pen: Pen, name: str, at: Range, look: Style) -> None:
    pen.write(at, None, {**look, "locked": False})
    book.define(f"told.{name}", _reference(at))


def _write_results(book: FormBook, pen: Pen, header: int) -> None:
    """Write the table in which each workbook gets a row."""
    for column, label in enumerate(batch_console.COLUMNS, 1):
        pen.write(_row(header, column, column), label, style("header"))
    pen.row(header, 26)
    area = Range(header + 1, 1, header + batch_console.ROWS, _LAST)
    text = style("plain", locked=False, text_wrap=True, indent=1, num_format="@")
    number = style("plain", locked=False, align="center")
    link = style("plain", locked=False, text_wrap=True, indent=1, **_LINK)
    looks = (text, link, style("plain", locked=False, align="center", num_format="@"), number, number, text, link)
    for row in range(area.top, area.bottom + 1):
        pen.row(row, 22, elastic=True)
        # A blank cell of large letters keeps a row that fits its text from becoming too low to hit.
        pen.write(_row(row, _LAST + 1, _LAST + 1), None, style("spacer", font_size=16))
        for column, look in enumerate(looks, 1):
            pen.write(_row(row, column, column), None, look)
    state = Range(area.top, 3, area.bottom, 3)
    cell = f"$C{area.top}"
    for colour, states in _COLOURS.items():
        said = ",".join(f"{cell}={literal(STATES[name])}" for name in states)
        pen.paint(state, f"OR({said})", {**_FRAME, "bg_color": colour})
    pen.paint(area, f'{cell}<>""', _FRAME)
    book.define("told.results", _reference(area))


def _reference(at: Range) -> str:
    return f"{quoted(SHEET)}!{absolute(at)}"


def main() -> None:
    home = catalog.home()
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else home / "templates" / f"{CONSOLE}.xlsm"
    target.write_bytes(workbook(home))
    print(target)


if __name__ == "__main__":
    main()
