"""The filters that a Word template may use, all of which turn text into the paragraphs and cells that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_ITEM_NUMBER = re.compile(
    r"""[ \t\u3000]*(?:
        [(（]\s*(?:\d+|[一二三四五六七八九十百]+)\s*[)）]   # （一） (1)
      | [一二三四五六七八九十百]+\s*[、.．]                 # 一、
      | [一二三四五六七八九十]是                            # 一是
      | \d+\s*(?:[、)）．]|\.(?!\d))                        # 1、 1） 1.  but not 1.5万元
      | [①-⑳⑴-⒇⒈-⒛㈠-㈩]
    )""",
    re.VERBOSE,
)


def lines(text: str | Iterable[str]) -> list[str]:
    """Return the lines of a text, or of every text of a list: at least one, which may be empty.

    A table cell without a paragraph is a damaged document to Word, hence the one.
    """
    if isinstance(text, str):
        return text.split("\n")
    return [line for each in text for line in each.split("\n")] or [""]


def labelled(text: str, label: str) -> list[str]:
    """Return the lines of `text`, the first of them after `label`.

    Where the text is a numbered list of several lines, as 绩效指标 often is in published documents, the label stands on
    a line of its own, so that the numbers line up.
    """
    found = lines(text)
    if len(found) > 1 and _ITEM_NUMBER.match(found[0]):
        return [label, *found]
    return [label + found[0], *found[1:]]


def spans(rows: Sequence[Mapping[str, Any]], *columns: str) -> list[dict[str, Any]]:
    """Return `rows` with `starts`: for each of `columns`, how many rows the merged cell that starts here covers.

    1 is a cell by itself, 0 the continuation of the cell above. Cells merge where adjacent rows hold the same text that
    is not empty, and a column merges only within one cell of the column named before it: 数量指标 of 产出指标 never
    grows into 数量指标 of 效益指标.
    """
    result: list[dict[str, Any]] = [{**row, "starts": {}} for row in rows]
    first_of_run = [index == 0 for index in range(len(rows))]
    for column in columns:
        first_of_run = [
            parent or row[column] == "" or row[column] != rows[index - 1][column]
            for index, (row, parent) in enumerate(zip(rows, first_of_run, strict=True))
        ]
        length = 0
        for row, first in zip(reversed(result), reversed(first_of_run), strict=True):
            length += 1
            row["starts"][column] = length if first else 0
            length = 0 if first else length
    return result
