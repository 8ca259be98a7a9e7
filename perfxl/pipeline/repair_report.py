"""What a repaired workbook has otherwise than the old one, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfxl.model.finding import Finding, counted, word
from perfxl.model.invisible_characters import visible_blanks
from perfxl.pipeline.repair import Mending, Repair

_NOT_CARRIED = ("T06", "T07", "T08", "T09", "T13", "T14", "T18")
_LONG, _AROUND = 30, 8  # characters


class Shown(NamedTuple):
    """A change: where, what was there, what is there now, and the codes that asked for it."""

    sheet: str
    cell: str
    before: str
    after: str
    codes: str


def shown(mending: Mending) -> Iterator[Shown]:
    """Yield the changes in their order; of long texts that part which differs, with a few characters around it."""
    for change in mending.changes:
        sheet, cell = (change.place.sheet, change.place.cell) if change.place else ("", "")
        yield Shown(sheet, cell, *worded(change), "、".join(change.codes))


def worded(change: Repair) -> tuple[str, str]:
    """Return what was there and what is there now, in quotation marks; of long texts the part that differs."""
    before, after = _where_different(change.before, change.after)
    return _quoted(before), _quoted(after)


def left(mending: Mending) -> str:
    """Return in a sentence what is left to do in the new workbook."""
    rest = counted(mending.left.findings)
    return f"新表里还有：{rest}。" if rest else "新表里没有别的问题了。"


def not_carried(found: Sequence[Finding]) -> list[Finding]:
    """Return those findings on the old workbook that say what is no part of the form, and so not in the new one."""
    return [one for one in found if one.code in _NOT_CARRIED]


def _where_different(before: str, after: str) -> tuple[str, str]:
    """Return the parts of two long texts that differ, with a few characters around them."""
    if max(len(before), len(after)) <= _LONG or not before or not after:
        return before, after
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    first = max(0, start - _AROUND)
    head = "…" if first else ""
    tail = "…" if end > _AROUND else ""
    cut = max(0, end - _AROUND)
    return head + before[first : len(before) - cut] + tail, head + after[first : len(after) - cut] + tail


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _quoted(words: str) -> str:
    return f"“{word(visible_blanks(words))}”" if words else "空白"
