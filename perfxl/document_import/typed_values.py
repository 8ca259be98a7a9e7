"""Texts of a document as the values that a clerk would have typed: amounts, percents, choices, targets taken apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from perfxl.checks.targets import target as targets
from perfxl.document_import.label_text import compact
from perfxl.extraction.cell_values import displayed, understand
from perfxl.report_type.model import Field, ReportType, Schema
from perfxl.workbook.cells import Cell

# What stands in a cell for a number that there is not.
_NO_NUMBER = re.compile(r"[-—–－/\\]+|…+")
_CHINESE_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}")
_CHINESE_DIGITS = {sign: str(at) for at, sign in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_PLAIN_TARGET = re.compile(r"\s*+([≥≤=><]?)\s*+(\d++(?:\.\d++)?+)\s*+(\D{0,12}?)\s*+", re.DOTALL)
_UNIT = re.compile(r"[^\d\s≥≤=><，。；、,;()（）\-~—～及以]{1,10}")


class Apart(NamedTuple):
    """A target taken apart. What cannot be taken apart is `target` as it stands."""

    sign: str
    target: Decimal | str
    unit: str


class Typing:
    """Knows, for a report type, what a field asks for."""

    def __init__(self, report_type: ReportType) -> None:
        self._type = report_type
        self._fields: Mapping[tuple[str, ...], Field] = {
            field.path: field for sheet in report_type.sheets for field in sheet.inputs()
        }

    def choice_end(self, path: tuple[str, ...], text: str) -> int:
        """Return how many characters of `text`, blanks aside, are one of the choices of the field, before brackets.

        `产出指标（50分）` is 产出指标 with a remark. -1 where there is nothing behind a choice.
        """
        field = self._fields.get(path)
        return _chosen_length(text, field.schema if field else self._type.node(path))

    def content(self, path: tuple[str, ...], cell: str | Cell) -> Any:
        """Return what a text, or a cell of another workbook, says for the field `path`; None where it says nothing."""
        if isinstance(cell, str):
            return self.value(path, cell)
        field = self._fields.get(path)
        if field is None or isinstance(cell.value, str) or cell.value is None:
            return self.value(path, displayed(cell))
        found = understand(cell, field)
        return None if found is None else found.value

    def value(self, path: tuple[str, ...], text: str) -> Any:
        """Return what `text` says for the field `path`, or None where it says nothing.

        A number, percent or code is read as it would be from a cell; text that is none stays text. One of the choices
        is recognised in spite of blanks between its characters. All else is prose and stays as it is.
        """
        field = self._fields.get(path)
        node = field.schema if field else self._type.node(path)
        words = text.strip()
        if not words:
            return None
        kinds = (node["type"],) if isinstance(node["type"], str) else tuple(node["type"])
        if "string" not in kinds:
            if _NO_NUMBER.fullmatch(words):
                return None
            words = _without_unit(_western_year(words), node)
        elif (chosen := _chosen(words, node)) is not None:
            return chosen
        elif "number" not in kinds and node.get("x-format") != "code":
            return text
        if field is None:
            return words
        found = understand(Cell(words), field)
        return None if found is None else found.value


def _chosen_length(words: str, node: Schema) -> int:
    """Return how many characters, blanks aside, of `words` say a choice; -1 where all of them are the value."""
    key = compact(words)
    short = _without_brackets(key)
    if key == short or _chosen(words, node) is None or _chosen(short, node) is None:
        return -1
    return len(short)


def _without_brackets(key: str) -> str:
    return re.sub(r"(?:\([^()]*\)分?)+$", "", key)


def says_nothing(text: str) -> bool:
    """Whether a text is a mere dash, which stands where there is nothing to say."""
    return _NO_NUMBER.fullmatch(text.strip()) is not None


def _chosen(words: str, node: Schema) -> str | None:
    choices = [*node.get("enum", ()), *node.get("examples", ())]
    if not choices:
        return None
    key = compact(words)
    same = {compact(choice): choice for choice in choices}
    words_for = node.get("x-read", {}).get("words", {})
    return same.get(key) or same.get(words_for.get(key, "")) or same.get(_without_brackets(key))


def _western_year(words: str) -> str:
    """Return 2022 for 二〇二二; everything else as it is."""
    return "".join(_CHINESE_DIGITS[sign] for sign in words) if _CHINESE_YEAR.fullmatch(words) else words


def _without_unit(words: str, node: Schema) -> str:
    """Return an amount without the unit in which the field is kept anyway."""
    unit = node.get("x-unit", "")
    bare = words.removesuffix(unit).rstrip() if unit else words
    return bare if bare and (bare[-1].isdigit() or bare[-1] in "%％") else words


def take_apart(text: str) -> Apart:
    """Return a target as sign, number and unit where it is nothing else, by the parser of the rules.

    `≥45人`, `100%`, `<1.5 万元`. A date, a wording, a range, an amount typed twice (`≥9595及以上`) or a sign that only
    looks like one stay as they are, so that the rules see them.
    """
    match = _PLAIN_TARGET.fullmatch(text)
    if match is None:
        return Apart("", text, "")
    sign, digits, unit = match.groups()
    if unit and not _UNIT.fullmatch(unit):
        return Apart("", text, "")
    meant = targets.understand(text.strip())
    plain = (
        meant.kind in ("percent", "money", "quantity", "serial") and meant.upper is None and meant.number is not None
    )
    if not plain or meant.number != Decimal(digits) or meant.text or meant.sign not in ("", sign):
        return Apart("", text, "")
    return Apart(sign, Decimal(digits), unit)


def without_own_unit(text: str, unit: str) -> Decimal | str:
    """Return the number of `48人` where `unit` is 人; other texts as they are."""
    bare = text.strip()
    if unit and bare.endswith(unit):
        bare = bare[: -len(unit)].rstrip()
    return Decimal(bare) if re.fullmatch(r"-?\d+(?:\.\d+)?", bare) else text
