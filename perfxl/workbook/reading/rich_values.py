"""Pictures that Excel 365 keeps inside cells, whose value in the file is an error like any other: `#VALUE!`.

A cell says with `vm` which rich value it has; the way from there leads through three parts (MS-XLSX 2.3.6.1 and
2.6.198 ff.): the metadata, the rich values, and the structures that say of which kind each of these is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from xml.etree.ElementTree import Element

from perfxl.workbook.reading.package import parsed

METADATA = "xl/metadata.xml"
_VALUES = "xl/richData/rdrichvalue.xml"
_STRUCTURES = "xl/richData/rdrichvaluestructure.xml"
_PICTURES = ("_localimage", "_webimage")
_RICH = "XLRICHVALUE"

_Member = TypeVar("_Member")
Part = Callable[[str], bytes | None]


def pictures(part: Part) -> frozenset[int]:
    """Return the numbers, as `vm` has them, of the rich values that are pictures.

    `part` gives the parts of the workbook. Where the way from a number to its kind is broken, it is one if there are
    pictures among the kinds.
    """
    metadata, values, structures = (parsed(part(name)) for name in (METADATA, _VALUES, _STRUCTURES))
    if metadata is None or structures is None:
        return frozenset()
    kinds = [(each.get("t") or "").lower() for each in _all(structures, "s")]
    of_values = [_number(each, "s") for each in _all(values, "rv")] if values is not None else []
    types = [each.get("name") for each in _all(metadata, "metadataType")]
    rich = [
        next((_number(at, "i") for at in _all(each, "rvb")), None)
        for future in _all(metadata, "futureMetadata")
        if future.get("name") == _RICH
        for each in _all(future, "bk")
    ]
    found = set()
    for number, block in enumerate(
        (each for value in _all(metadata, "valueMetadata") for each in _all(value, "bk")), 1
    ):
        for record in _all(block, "rc"):
            if _at(types, _before(_number(record, "t"))) != _RICH:
                continue
            kind = _at(kinds, _at(of_values, _at(rich, _number(record, "v"))))
            if kind in _PICTURES or (kind is None and not set(_PICTURES).isdisjoint(kinds)):
                found.add(number)
    return frozenset(found)


def _all(tree: Element, name: str) -> list[Element]:
    """Return the elements of that name below another, whatever their namespace."""
    return [each for each in tree.iter() if each.tag.rpartition("}")[2] == name]


def _number(element: Element, name: str) -> int | None:
    text = element.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None


def _before(number: int | None) -> int | None:
    return None if number is None else number - 1


def _at(values: Sequence[_Member | None], index: int | None) -> _Member | None:
    return values[index] if index is not None and 0 <= index < len(values) else None
