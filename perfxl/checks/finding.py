"""Findings are data: what is wrong, where, and how to mend it, in the clerk's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from perfxl.record import Place, path_text
from perfxl.remark import Remark, Severity

SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
"""The severities in the clerk's words, the gravest first."""

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A code of the catalogue: message and hint with `{words}` to fill in, and what `perfxl explain` says.

    `cure` is there where the hint is made from the data and says nothing by itself.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    cause: str
    example: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark in the clerk's words, with its cell. `field` is the path as text, empty where no value is meant."""

    code: str
    severity: Severity
    message: str
    hint: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    field: str = ""
    repair: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the interface fixes it; `repair` is added only where there is one."""
        names = ("code", "severity", "message", "hint", "file", "sheet", "cell", "field")
        data = {name: getattr(self, name) for name in names}
        if self.repair is not None:
            data["repair"] = self.repair
        return data


@cache
def catalogue() -> Mapping[str, Entry]:
    """Return every code there is, in the order of the manual."""
    text = resources.files("perfxl.checks").joinpath("catalogue.json").read_text("utf-8")
    return {code: Entry(code, **entry) for code, entry in json.loads(text).items()}


def word(value: Any) -> str:
    """Return a value as it stands in a message: numbers without exponent, long texts shortened, one line."""
    text = f"{value:f}" if isinstance(value, Decimal) else " ".join(str(value).split())
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 2] + "……"


def _as_json(repair: Any) -> Any:
    if isinstance(repair, Mapping):
        return {key: _as_json(value) for key, value in repair.items()}
    return f"{repair:f}" if isinstance(repair, Decimal) else repair


def spoken(remark: Remark, file: str, place: Place | None) -> Finding:
    """Return the finding that says `remark`, found at `place`, in the clerk's words."""
    entry = catalogue()[remark.code]
    words = {key: word(value) for key, value in remark.words.items()}
    return Finding(
        code=remark.code,
        severity=remark.severity or entry.severity,
        message=entry.message.format_map(words),
        hint=entry.hint.format_map(words),
        file=file,
        sheet=place.sheet if place else "",
        cell=place.cell if place else "",
        field=path_text(remark.path),
        repair=_as_json(remark.repair),
    )
