"""Understands a cell by what people see in it: codes, numbers, names and choices without what nobody sees.

Prose is never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from perfxl.extraction.cell_values import Understood, understand
from perfxl.model.invisible_characters import has_unusual, seen, with_plain_blanks
from perfxl.report_type.model import Field
from perfxl.workbook.cells import Cell

_HAN = "\u3007\u3400-\u9fff\U00020000-\U000323af"
_IN_NAME = re.compile("[^\\S\n]*[^\\S \t\n][^\\S\n]*")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]) +(?=[0-9])")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]+)?[%％]?")
_DIGIT = re.compile(r"[0-9]")
_ONE_HAN_BEFORE = re.compile(f"(?:^|[^{_HAN}])[{_HAN}]$")
_ONE_HAN_BEHIND = re.compile(f"[{_HAN}](?:$|[^{_HAN}])")
_HAN_OR_MARK = re.compile(f"[{_HAN}，。、；：（）《》“”]")


def understand_seen(cell: Cell, field: Field) -> Understood | None:
    """Return what `understand` does of what people see in `cell`; what nobody sees leaves a trace and no more."""
    content = cell.value
    if type(content) is not str or not has_unusual(content):
        return understand(cell, field)
    text = _seen(content, field)
    if text == content:
        return understand(cell, field)
    found = understand(cell._replace(value=text), field)
    if found is None or (isinstance(found.value, str) and "string" not in field.types):
        return Understood(content)  # no number even so
    return Understood(found.value, content)


def _seen(content: str, field: Field) -> str:
    """Return the content of a cell as its field asks for it."""
    choice = _choice(seen(content), _choices(field))
    if choice is not None:
        return choice
    if field.format == "code" or "enum" in field.schema:
        return with_plain_blanks(seen(content))
    if "string" not in field.types:
        return _number(with_plain_blanks(seen(content)))
    if "number" in field.types:
        text = seen(content).strip()
        return with_plain_blanks(text) if _DIGIT.search(unicodedata.normalize("NFKC", text)) else text
    return _name(seen(content)) if field.is_name else content


@lru_cache(maxsize=512)
def _choices_of(offered: tuple[str, ...]) -> dict[str, str]:
    return {"".join(each.split()): each for each in offered}


def _choices(field: Field) -> dict[str, str]:
    offered: Sequence[object] = field.schema.get("enum") or field.schema.get("examples") or ()
    return _choices_of(tuple(each for each in offered if isinstance(each, str)))


def _choice(text: str, choices: dict[str, str]) -> str | None:
    """Return the choice that a text is but for its blanks and the width of its characters."""
    return choices.get("".join(with_plain_blanks(unicodedata.normalize("NFKC", text)).split())) if choices else None


def _number(text: str) -> str:
    """Return the text of a number without its blanks; those between digits stay, unless they group thousands."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _THOUSANDS.fullmatch(plain):
        return plain.replace(" ", "")
    pieces = _BETWEEN_DIGITS.split(plain)
    return " ".join("".join(piece.split()) for piece in pieces)


def _name(text: str) -> str:
    """Return a name without unusual blanks: none at its ends and between characters of words, else ordinary ones.

    Two characters spaced out on purpose (张　三) keep their blank.
    """
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(text: str) -> str:
    first = text.strip() if _IN_NAME.search(text) else text
    return _IN_NAME.sub(lambda found: _one_blank(first, found), first)


def _one_blank(text: str, found: re.Match[str]) -> str:
    before, behind = text[: found.start()], text[found.end() :]
    if _ONE_HAN_BEFORE.search(before) and _ONE_HAN_BEHIND.match(behind):
        return found[0]
    return "" if _HAN_OR_MARK.match(before[-1:]) and _HAN_OR_MARK.match(behind) else " "
