"""What the defined names of a workbook say: where cells are, and of what type and version the workbook is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from perfxl.model.addresses import Range

Defined = tuple[str, str, str]
"""A name, the number of the sheet to which it belongs or nothing, and what it stands for."""

_At = TypeVar("_At")
_REFERENCE = re.compile(r"(?a:(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]{1,3}\$?[1-9]\d*(?::\$?[A-Z]{1,3}\$?[1-9]\d*)?))")
_range = lru_cache(maxsize=4096)(Range.parse)
_LONGEST_REFERENCE = 200  # a title has 31 characters at most
_TYPE = "perfxl.type"
_VERSION = "perfxl.version"
_EXCELS = "_xlnm."


def reference(text: str) -> tuple[str, Range] | None:
    """Return the sheet and the cells that a name stands for, or None where they were deleted or it is no reference."""
    return _reference(text) if len(text) <= _LONGEST_REFERENCE else None


@lru_cache(maxsize=8192)
def _reference(text: str) -> tuple[str, Range] | None:
    # The forms of an office were copied from one file, so their names stand for the same cells: what was understood of
    # one is kept for the next.
    match = _REFERENCE.fullmatch(text.strip())
    if not match:
        return None
    quoted, plain, address = match.groups()
    return (quoted.replace("''", "'") if quoted else plain), _range(address)


def is_peoples(name: str) -> bool:
    """Whether people gave this name, or the form: Excel keeps names of its own for print areas and filters."""
    return not name.startswith(_EXCELS)


class Names(NamedTuple):
    """The names of a workbook with what is written of them, and the cells of those of each sheet, in their order."""

    texts: Mapping[str, str]
    of_sheets: tuple[Mapping[str, Range | None], ...]


def named(defined: Iterable[Defined], titles: Sequence[str]) -> Names:
    """Return the names of a workbook that has sheets with these titles."""
    texts: dict[str, str] = {}
    of_sheets: list[dict[str, str]] = [{} for _ in titles]
    for name, sheet, text in defined:
        if not is_peoples(name):
            continue
        if not sheet:
            texts[name] = text
        elif (number := int(sheet)) < len(titles):
            of_sheets[number][name] = text
    return Names(texts, tuple(map(cells_of, titles, of_sheets)))


def cells_of(title: str, names: Mapping[str, str]) -> dict[str, Range | None]:
    """Return the cells of the names that belong to the sheet `title` alone.

    A copy made by some programs keeps names that still point to the sheet it was copied from; those lead to None.
    """
    found = {name: reference(text) for name, text in names.items()}
    return {name: at[1] if at is not None and at[0] == title else None for name, at in found.items()}


def declares(names: Mapping[str, str]) -> bool:
    """Whether the names alone say of what type and version the workbook is."""
    return bool(_constant(names, _TYPE) and _constant(names, _VERSION))


def declaration(names: Mapping[str, str], properties: Mapping[str, object]) -> tuple[str, int]:
    """Return the type and the version that a workbook says it has, empty and 0 where it says nothing.

    Names come first, for some programs drop the document properties. A version there may be a real number: `1.0`.
    """
    version = _constant(names, _VERSION) or str(properties.get(_VERSION, "")).removesuffix(".0")
    known = version.isascii() and version.isdigit() and len(version) < 10
    return _constant(names, _TYPE) or str(properties.get(_TYPE, "")), int(version) if known else 0


def _constant(names: Mapping[str, str], name: str) -> str:
    """Return the constant that a name stands for: `="plan"` or `=1`."""
    text = names.get(name) or names.get(name.replace(".", "_"), "")
    return text.lstrip("=").strip('"')


def under_names(names: Mapping[str, _At], wanted: Sequence[str]) -> list[_At | None]:
    """Return what stands under the names `wanted`, None for those that are not there.

    A name counts with underscores in place of its dots: LibreOffice 7.4 saves `a.b` as `a_b` in the .xls format, and so
    it is called when the workbook has become an .xlsx again.
    """
    found = [names.get(name) for name in wanted]
    if None in found and names:
        others = {plain(name): at for name, at in names.items()}
        found = [others.get(plain(name)) if name not in names else at for name, at in zip(wanted, found, strict=True)]
    return found


def plain(name: str) -> str:
    """Return a name as it stays the same whatever program saved it."""
    return name.replace(".", "_")
