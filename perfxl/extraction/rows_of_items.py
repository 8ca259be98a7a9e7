"""Lists that a form computes from the sheets of its items, and rows of them that are somebody's own formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from perfxl.extraction.cell_map import SheetPart
from perfxl.extraction.form_integrity import Scope

Shown = Mapping[str, frozenset[str]]
"""By the names of columns what they show where they hold the form's own formulas: what was typed for the items."""

_OF_ITEMS = re.compile(r"\{(\w+)\.(\w+)\[#\]\}")  # a field of the item that has the number of the row


def shown_of_items(once: SheetPart, scopes: Mapping[str, Sequence[Scope]]) -> Shown:
    """Return what columns show that repeat a typed field of all items; `scopes` are those of the items, by list."""
    shown = {}
    for column in once.inputs:
        match = _OF_ITEMS.search(column.field.formula) if column.formula else None
        if match is not None and match[1] in scopes:
            texts = [_text(scope, (match[1], match[2])) for scope in scopes[match[1]]]
            if None not in texts:
                shown[column.name] = frozenset(filter(None, texts))
    return shown


def is_own(result: object, name: str, shown: Shown) -> bool:
    """Whether a result is nothing that the form's own formula can give in the column `name`, if it is of `shown`."""
    text = "" if result is None else str(result).strip()
    return text != "" and name in shown and text not in shown[name]


def _text(scope: Scope, path: tuple[str, str]) -> str | None:
    """Return what stands in a field of an item; None where that is computed too, or is nowhere."""
    for fields, _ in scope.layout.blocks:
        for each, title, spot in fields:
            if each.field.path == path and not each.formula:
                cell = scope.sheets[title].cells.get(spot)
                return "" if cell is None or cell.value is None else str(cell.value).strip()
    return None
