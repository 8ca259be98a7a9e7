"""Lines that are drawn on a page → tables with merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from perfxl.document_import.pdf_page import Stroke

_NEAR = 2.5  # points between strokes that are meant to meet
_MOST_STROKES = 20_000


class Box(NamedTuple):
    """A cell: rows and columns of the grid that it covers, and the rectangle on the page."""

    row: int
    column: int
    rows: int
    columns: int
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        return self.left - _NEAR <= x < self.right and self.bottom - _NEAR <= y < self.top


class PdfGrid(NamedTuple):
    """A table on a page."""

    left: float
    bottom: float
    right: float
    top: float
    boxes: list[Box]
    rows: int


def grids(strokes: Sequence[Stroke]) -> list[PdfGrid]:
    """Return the tables that strokes draw, from top to bottom. A frame around everything is none."""
    if len(strokes) > _MOST_STROKES:
        return []
    found = [grid for group in _connected(_merged(strokes)) if (grid := _grid(group)) is not None]
    return sorted(found, key=lambda grid: -grid.top)


def _merged(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Return strokes with those in one line that touch or overlap as one."""
    result: list[Stroke] = []
    for stroke in sorted(set(strokes), key=lambda each: (each.horizontal, round(each.at / _NEAR), each.start)):
        last = result[-1] if result else None
        if (
            last is not None
            and last.horizontal == stroke.horizontal
            and abs(last.at - stroke.at) < _NEAR
            and last.start - _NEAR <= stroke.start <= last.end + _NEAR
        ):
            result[-1] = last._replace(end=max(last.end, stroke.end))
        else:
            result.append(stroke)
    return result


def _connected(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Return strokes in groups that touch one another."""
    across = sorted((each for each in strokes if each.horizontal), key=lambda each: each.at)
    upright = [each for each in strokes if not each.horizontal]
    parent: dict[Stroke, Stroke] = {each: each for each in strokes}

    def root(stroke: Stroke) -> Stroke:
        while parent[stroke] != stroke:
            parent[stroke] = parent[parent[stroke]]
            stroke = parent[stroke]
        return stroke

    for vertical in upright:
        for horizontal in across:
            if horizontal.at > vertical.end + _NEAR:
                break
            if _meet(horizontal, vertical):
                parent[root(horizontal)] = root(vertical)
    groups: dict[Stroke, list[Stroke]] = {}
    for stroke in strokes:
        groups.setdefault(root(stroke), []).append(stroke)
    return list(groups.values())


def _meet(horizontal: Stroke, vertical: Stroke) -> bool:
    return (
        horizontal.start - _NEAR <= vertical.at <= horizontal.end + _NEAR
        and vertical.start - _NEAR <= horizontal.at <= vertical.end + _NEAR
    )


def _grid(strokes: Sequence[Stroke]) -> PdfGrid | None:
    across = [each for each in strokes if each.horizontal]
    upright = [each for each in strokes if not each.horizontal]
    ys = _positions([each.at for each in across])[::-1]
    xs = _positions([each.at for each in upright])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns < 2:
        return None
    # Whether there is a line to the right of, and below, each field of the grid.
    walls = [[_covered(upright, xs[c + 1], ys[r + 1], ys[r]) for c in range(columns)] for r in range(rows)]
    floors = [[_covered(across, ys[r + 1], xs[c], xs[c + 1]) for c in range(columns)] for r in range(rows)]
    taken = [[False] * columns for _ in range(rows)]
    boxes = []
    for r in range(rows):
        for c in range(columns):
            if taken[r][c]:
                continue
            wide = 1
            while c + wide < columns and not walls[r][c + wide - 1] and not taken[r][c + wide]:
                wide += 1
            high = 1
            while r + high < rows and not any(floors[r + high - 1][c : c + wide]):
                high += 1
            for row in range(r, r + high):
                for column in range(c, c + wide):
                    taken[row][column] = True
            boxes.append(Box(r, c, high, wide, xs[c], ys[r + high], xs[c + wide], ys[r]))
    return PdfGrid(xs[0], ys[-1], xs[-1], ys[0], boxes, rows) if len(boxes) > 1 else None


def _positions(values: Sequence[float]) -> list[float]:
    """Return positions that differ, in rising order."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _covered(strokes: Sequence[Stroke], at: float, start: float, end: float) -> bool:
    middle = (start + end) / 2
    return any(abs(each.at - at) <= _NEAR and each.start - _NEAR <= middle <= each.end + _NEAR for each in strokes)
