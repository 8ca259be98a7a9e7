"""What changed between two versions, in words for a terminal and as lines for a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from perfxl.model.record import Place
from perfxl.pipeline.comparison.changes import KINDS, Change
from perfxl.pipeline.comparison.wording import excerpts

NOTHING = "内容完全相同。"
BLANK = "（空）"
_LONG = 40  # signs; of longer values only what differs is shown


def verdict(changes: Sequence[Change]) -> str:
    """Return how many changes there are of which kind, in a sentence."""
    if not changes:
        return NOTHING
    counts = Counter(change.kind for change in changes)
    kinds = "，".join(f"{KINDS[kind]} {counts[kind]} 处" for kind in KINDS if counts[kind])
    return f"有 {len(changes)} 处不同：{kinds}。"


def lines(changes: Sequence[Change]) -> Iterator[str]:
    """Yield the changes as a terminal shows them, under what they belong to."""
    item: str | None = None
    for change in changes:
        if change.item != item:
            item = change.item
            yield f"\n{item or '全文'}"
        yield f"  {KINDS[change.kind]}  {change.label}  {where(change)}".rstrip()
        yield f"        {what(change)}"


def where(change: Change) -> str:
    """Return the cells of a change: one where it is the same in both versions."""
    old, new = cell(change.old_place), cell(change.new_place)
    if not old or not new or old == new:
        return new or old
    return f"{old} → {new}"


def cell(place: Place | None) -> str:
    """Return a place as people write it, empty where there is none."""
    return f"{place.sheet}!{place.cell}".strip("!") if place else ""


def what(change: Change) -> str:
    """Return in one line from what to what."""
    if change.kind == "added":
        return _one_line(change.new)
    if change.kind == "removed":
        return f"原为：{_one_line(change.old)}"
    old, new = change.old, change.new
    if len(old) > _LONG or len(new) > _LONG:
        old, new = excerpts(old, new)
    if "".join(old.split()) == "".join(new.split()):
        return f"“{_one_line(new)}”只是空格或换行不同"
    return f"{_one_line(old) or BLANK} → {_one_line(new) or BLANK}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
