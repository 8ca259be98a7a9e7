"""Draws docs/pictures/rooms.svg: the packages by floors, and which imports which, as the code is now.

    python -m tools.make_architecture

The floors are those that tests/test_house.py holds. An arrow goes from a package to one that it imports, unless another
way of arrows leads there as well; those to `_EVERYBODYS`, which nearly all import, are left out.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "rooms.svg"

_WIDTH, _ROW, _BOX = 820, 84, (150, 38)
_EVERYBODYS = frozenset(("model", "storage"))


def floors() -> tuple[tuple[str, ...], ...]:
    """Return the names of the packages by floors, the lowest first."""
    tree = ast.parse((ROOT / "tests" / "test_house.py").read_text("utf-8"))
    named = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    return tuple(tuple(names) for names in ast.literal_eval(named["FLOORS"]))


def arrows() -> dict[str, set[str]]:
    """Return to which packages an arrow leads from each."""
    uses: dict[str, set[str]] = defaultdict(set)
    for module in sorted((ROOT / "perfxl").rglob("*.py")):
        own = module.relative_to(ROOT / "perfxl").with_suffix("").parts[0]
        uses[own] |= _rooms(ast.parse(module.read_text("utf-8"))) - {own} - _EVERYBODYS
    return {name: {one for one in others if not _reached(one, others - {one}, uses)} for name, others in uses.items()}


def _reached(name: str, starts: set[str], uses: dict[str, set[str]]) -> bool:
    return any(name in uses.get(start, ()) or _reached(name, uses.get(start, set()), uses) for start in starts)


def _rooms(tree: ast.Module) -> set[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        elif isinstance(node, ast.Import):
            names += [name.name for name in node.names]
    return {name.split(".")[1] for name in names if name.startswith("perfxl.")}


def drawing() -> str:
    """Return the picture as SVG."""
    stories = [[name for name in names if name != "__main__"] for names in reversed(floors())]
    stories = [names for names in stories if names]
    leads = arrows()
    at = {
        name: (round(_WIDTH * (column + 1) / (len(names) + 1)), 50 + _ROW * row)
        for row, names in enumerate(stories)
        for column, name in enumerate(names)
    }
    height = 50 + _ROW * len(stories)
    wide, high = _BOX
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">',
        '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#7a8ba3"/></marker></defs>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for name, (left, top) in at.items():
        for other in sorted(leads[name] & at.keys()):
            right, below = at[other]
            start, end = top + high // 2, below - high // 2
            middle = (start + end) // 2
            parts.append(
                f'<path d="M{left} {start}C{left} {middle} {right} {middle} {right} {end}" fill="none" '
                'stroke="#7a8ba3" stroke-opacity=".55" marker-end="url(#end)"/>'
            )
    for name, (left, top) in at.items():
        parts += [
            f'<rect x="{left - wide // 2}" y="{top - high // 2}" width="{wide}" height="{high}" rx="7" fill="#eef3fa" '
            'stroke="#2f5d9b"/>',
            f'<text x="{left}" y="{top + 5}" text-anchor="middle" font-size="15">{escape(name)}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    target.write_text(drawing(), "utf-8")
    print(target)
