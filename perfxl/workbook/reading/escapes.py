"""What a text or a formula of the file means: the one opinion that both readers have of it."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EXTERNAL = re.compile(r"\[[^\]]+\][^!]*!")


def shown(text: str) -> str:
    """Return a text as people see it in the cell: `_x000D_` is how the file writes what XML cannot hold."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def reaches_outside(formula: str) -> bool:
    """Whether a formula takes something from another workbook: `=[1]表!A1`."""
    return "[" in formula and _EXTERNAL.search(formula) is not None
