"""Runs of text → lines → paragraphs: where a line was full the paragraph goes on, else it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from perfxl.document_import.pdf_page import PdfRun, width

_CLOSING = "，。、；：！？）”’》】〕%％,.;:!?)]}"
_OPENING = "（“‘《【〔([{"
_WORD = re.compile(r"[A-Za-z0-9.\-/%]+")
_NUMBERED = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．)）]|[（(]\d{1,2}[)）]|\d{1,2}\s*[、.．](?!\d)|[①-⑳])"
)
_LEADER = re.compile(r"[.…·]{6,}|(?:\. ){6,}")  # of an entry of a table of contents
_ENDS = "。；;！？：:"
_GAP = 1.5  # of the size of the letters: from here on it is a gap between two texts


class Line(NamedTuple):
    """A line of text."""

    x: float
    y: float
    end: float
    size: float
    text: str


def lines(runs: Sequence[PdfRun]) -> list[Line]:
    """Return the lines that runs make up, from top to bottom; wide gaps within a line become two blanks."""
    rows: list[list[PdfRun]] = []
    for run in sorted(runs, key=lambda each: (-each.y, each.x)):
        if rows and abs(rows[-1][0].y - run.y) < 0.5 * min(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    found = []
    for row in rows:
        row.sort(key=lambda each: each.x)
        text = row[0].text
        for before, run in pairwise(row):
            gap = run.x - before.end
            text += ("  " if gap > _GAP * run.size and not text.endswith(" ") else "") + run.text
        shown = text.rstrip()
        indent = len(shown) - len(shown.lstrip())
        if shown.strip():
            size = max(run.size for run in row)
            x = row[0].x + width(shown[:indent]) * size
            last = max(row, key=lambda each: each.end)
            end = last.x + width(last.text.rstrip()) * last.size
            found.append(Line(x, row[0].y, max(end, x), size, shown.strip()))
    return found


def paragraphs(found: Sequence[Line], room: float, left: float | None = None) -> list[list[Line]]:
    """Return lines as paragraphs, in a column `room` points wide.

    `left` is where full lines begin: a line further right is the first one of its paragraph. None where lines may be
    centred, as in cells.
    """
    result: list[list[Line]] = []
    for line in found:
        if result and goes_on(result[-1][-1], line, room, left):
            result[-1].append(line)
        else:
            result.append([line])
    return result


def joined(found: Sequence[Line]) -> str:
    """Return the lines of a paragraph as one text."""
    return "".join(line.text for line in found)


def goes_on(before: Line, line: Line, room: float, left: float | None) -> bool:
    """Whether a line continues the one before it: there was no room in that for what this begins with."""
    if left is not None and line.x > left + 1.2 * line.size:
        return _is_centred(before, line, room)
    if abs(before.size - line.size) > 0.2 * before.size:
        return False
    if is_leader(before.text):
        return False
    if before.text[-1] in _ENDS and _NUMBERED.match(line.text):
        return False
    used = before.end - (before.x if left is None else left)
    # Programs leave a little room between Chinese characters and others.
    slack = 0.3 + (0.3 if before.text[-1].isascii() != line.text[0].isascii() else 0.0)
    return used + width(_token(line.text)) * line.size > room - slack * line.size


def is_leader(text: str) -> bool:
    """Whether a line is an entry of a table of contents, with dots up to its page."""
    return _LEADER.search(text) is not None


def _is_centred(before: Line, line: Line, room: float) -> bool:
    """Whether a line is the second one of a long centred title."""
    middles = (before.x + before.end) / 2, (line.x + line.end) / 2
    same = abs(middles[0] - middles[1]) < line.size and abs(before.size - line.size) < 1
    return same and before.end - before.x > 0.75 * room and before.text[-1] not in _ENDS + "，"


def _token(text: str) -> str:
    """Return what of a line could not have stood in the line before without the rest: a word, signs that cling."""
    end = 0
    while end < len(text) - 1 and text[end] in _OPENING:
        end += 1
    word = _WORD.match(text, end)
    end = word.end() if word else end + 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return text[: min(end, 12)]
