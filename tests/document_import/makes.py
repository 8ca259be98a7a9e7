"""The published originals as Word documents of many makes: what people and programs do to such a document."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

from originals.reader import read, without_empty_paragraphs

from document_import import word_maker
from document_import.word_maker import package, paragraph, table, text_box

ROOT = Path(__file__).parents[2]
PLANS = (
    "beidaihe-gongshanglian-2021",
    "beidaihe-zhengxie-2021",
    "linxi-gongshanglian-2023",
    "tangshan-gongshanglian-2025",
)
EVALUATION = "yuanshi-gongshanglian-2022-self-evaluation"
UNPRINTED = ("region_code", "region_name")


def original(name):
    """The paragraphs and tables of an original, as its extraction has them."""
    return read(name)


def data(name):
    """What was read out of an original by hand, without what stands nowhere in it."""
    values = json.loads((ROOT / "examples" / f"{name}.json").read_text("utf-8"), parse_float=Decimal)
    return {key: value for key, value in values.items() if key not in UNPRINTED}


def is_indicators(block):
    return isinstance(block, list) and "".join(block[0][0]) == "一级指标"


def tables_of_tab_stops(blocks):
    """The extraction of the self-evaluation has its one table as lines with tab stops: as a table."""
    result = []
    for block in blocks:
        if not isinstance(block, str) or "\t" not in block:
            result.append(block)
        elif result and isinstance(result[-1], list):
            result[-1].append([[text] for text in block.split("\t")])
        else:
            result.append([[[text] for text in block.split("\t")]])
    return result


def mapped(blocks, change):
    """The blocks with every table of indicators changed; `change` returns the blocks that stand instead."""
    result = []
    for block in blocks:
        result += change(block) if is_indicators(block) else [block]
    return result


def split_with_header(blocks):
    """Tables parted after the fourth row, as by a page break, with the header once more."""
    return mapped(blocks, lambda t: [[*t[:4]], "", [t[0], restarted(t, 4), *t[5:]]] if len(t) > 5 else [t])


def split_without_header(blocks):
    """Tables parted after the fourth row; the second has no header, and nothing stands between them."""
    return mapped(blocks, lambda t: [[*t[:4]], "", [restarted(t, 4), *t[5:]]] if len(t) > 5 else [t])


def restarted(rows, at):
    """The row `at`, where a cell that continues one above says its text again."""
    return [
        cell or next(rows[above][column] for above in range(at, 0, -1) if rows[above][column])
        for column, cell in enumerate(rows[at])
    ]


def other_order(blocks):
    """The columns of the indicators in another order."""
    order = (0, 1, 2, 4, 5, 3)
    return mapped(blocks, lambda t: [[[row[at] for at in order] for row in t]])


def extra_columns(blocks):
    """A number before, and a column for remarks behind."""
    return mapped(
        blocks,
        lambda t: [
            [[["序号"], *t[0], ["备注"]], *[[[str(number)], *row, [" "]] for number, row in enumerate(t[1:], 1)]]
        ],
    )


def unmerged(blocks):
    """Cells that were merged say their text in every row."""
    return mapped(blocks, lambda t: [[t[0], *[restarted(t, at) for at in range(1, len(t))]]])


def blank_below(blocks):
    """Cells that were merged are blank below the first, not merged."""
    return mapped(blocks, lambda t: [[[cell or [" "] for cell in row] for row in t]])


def run_together(blocks):
    """The two tables of a project are one."""
    result = []
    for block in without_empty_paragraphs(blocks):
        if is_indicators(block) and result and isinstance(result[-1], list):
            result[-1] = [*result[-1], *block]
        else:
            result.append(block)
    return result


def all_run_together(blocks):
    """The tables of all projects are one, without headings between them."""
    result = []
    for block in without_empty_paragraphs(blocks):
        if isinstance(block, str) and re.fullmatch(r"\d+\..*绩效目标表", block):
            continue
        if isinstance(block, list) and result and isinstance(result[-1], list):
            result[-1] = [*result[-1], *block]
        else:
            result.append(block)
    return result


def half_width(blocks):
    """Labels with half-width signs and blanks between their characters."""

    def change(text):
        if text.startswith(("资金支出计划", "其中：", "单位：")):
            text = text.replace("（%）", "(%)").replace("：", ": ")
        return {"一级指标": "一级 指标", "指标值": "指 标 值", "项目编码": "项目编码:"}.get(text, text)

    return [
        change(block)
        if isinstance(block, str)
        else [[[change(text) for text in cell] for cell in row] for row in block]
        for block in blocks
    ]


def with_contents(blocks):
    """A cover and 目录 at the front, notes at the end."""
    headings = [
        b for b in blocks if isinstance(b, str) and re.match(r"[一二三]、|第.部分|\d+\..*绩效目标表", b.strip())
    ]
    entries = [f"{text.strip()}………………{number}" for number, text in enumerate(dict.fromkeys(headings), 1)]
    return ["目　　录", *entries, "", *blocks]


def several_paragraphs(blocks):
    """Names and descriptions broken into paragraphs are not what they were; here only blank ones are added."""
    return mapped(
        blocks, lambda t: [[[[*cell, ""] if cell and number else cell for cell in row] for number, row in enumerate(t)]]
    )


PLAIN = {
    "as in the original": lambda blocks: blocks,
    "without empty paragraphs": without_empty_paragraphs,
    "split with header": split_with_header,
    "split without header": split_without_header,
    "other order": other_order,
    "extra columns": extra_columns,
    "unmerged": unmerged,
    "blank below": blank_below,
    "run together": run_together,
    "all run together": all_run_together,
    "half width": half_width,
    "contents": with_contents,
    "blank paragraphs": several_paragraphs,
}


def nested(blocks):
    """Every table inside the one cell of another table."""
    return package("".join(paragraph(b) if isinstance(b, str) else table([[[table(b), ""]]]) for b in blocks))


def boxed(blocks):
    """Headings and the line above the table in text boxes."""
    return package(
        "".join(
            (text_box(paragraph(b)) if b.strip() and len(b) < 40 else paragraph(b)) if isinstance(b, str) else table(b)
            for b in blocks
        )
    )


WRITERS = {"word": word_maker.word, "wps": word_maker.wps, "nested": nested, "boxed": boxed}
