"""Findings are data: what is wrong, where, and how to mend it, in the clerk's words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.model.invisible_characters import visible
from perfxl.model.record import Place, path_text
from perfxl.model.remark import Remark, Severity

SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
"""The severities in the clerk's words, the gravest first."""

_LONGEST_QUOTE = 60
_WORD = re.compile(r"\{(\w+)\}")


# Marks, blanks, signs: how things are written, with a repair that changes nothing that is said.
_STYLE = frozenset(("L04", "L05", "L06", "K08", "K25", "K26"))


class CatalogueEntry(NamedTuple):
    """A code of the catalogue: message and hint with `{words}` to fill in, and what `perfxl explain` says.

    `title` is what to call it where there is no data, in a few words. `cure` is there where the hint is made from the
    data and says nothing by itself. `source` is the rule, the standard or the practice on which the finding rests.
    """

    code: str
    title: str
    severity: Severity
    message: str
    hint: str
    cause: str
    example: str
    cure: str = ""
    source: str = ""


class Finding(NamedTuple):
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

    @property
    def gravity(self) -> str:
        """The severity in the clerk's words."""
        return SEVERITIES[self.severity]

    @property
    def is_style(self) -> bool:
        """Whether it is about how a thing is written, and the program can write it properly by itself."""
        return self.code in _STYLE and self.severity == "info" and self.repair is not None

    @property
    def headed(self) -> str:
        """The message with its gravity and code before it: `错误 M01：…`."""
        return f"{self.gravity} {self.code}：{self.message}"

    @property
    def row(self) -> tuple[str, str, str, str, str, str]:
        """The finding as a row of a table: gravity, sheet, cell, message, hint and code."""
        return self.gravity, self.sheet, self.cell, self.message, self.hint, self.code

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the interface fixes it; `repair` and `style` are added only where there is one."""
        names = ("code", "severity", "message", "hint", "file", "sheet", "cell", "field")
        data = {name: getattr(self, name) for name in names}
        if self.repair is not None:
            data["repair"] = self.repair
        if self.is_style:
            data["style"] = True
        return data


def counted(findings: Iterable[Finding]) -> str:
    """Return how many findings there are of each gravity, `错误 2 处，警告 1 处`, and nothing where there are none."""
    numbers: Counter[str] = Counter(finding.severity for finding in findings)
    return "，".join(f"{name} {numbers[severity]} 处" for severity, name in SEVERITIES.items() if numbers[severity])


@cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """Return every code there is, in the order of the manual."""
    text = (Path(__file__).parent / "catalogue.json").read_text("utf-8")
    return {code: CatalogueEntry(code, **entry) for code, entry in json.loads(text).items()}


def word(value: Any) -> str:
    """Return a value as it stands in a message: numbers without exponent, long texts shortened, one line."""
    if type(value) is str:
        return _shortened(value)
    return f"{value:f}" if isinstance(value, Decimal) else _shortened(str(value))


@lru_cache(maxsize=1024)
def _shortened(text: str) -> str:
    text = " ".join(visible(text).split())
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 2] + "……"


def _as_json(repair: Any) -> Any:
    if isinstance(repair, Mapping):
        return {key: _as_json(value) for key, value in repair.items()}
    return f"{repair:f}" if isinstance(repair, Decimal) else repair


class _Sentence(NamedTuple):
    """A message or hint to fill in: one `%s` for each of the words named."""

    shape: str
    names: tuple[str, ...]


@cache
def _sentences(code: str) -> tuple[Severity, _Sentence, _Sentence]:
    entry = catalogue()[code]
    return entry.severity, _sentence(entry.message), _sentence(entry.hint)


def _sentence(text: str) -> _Sentence:
    names = tuple(_WORD.findall(text))
    return _Sentence(_WORD.sub("%s", text.replace("%", "%%")) if names else text, names)


_field = lru_cache(maxsize=8192)(path_text)


def spoken(remark: Remark, file: str, place: Place | None) -> Finding:
    """Return the finding that says `remark`, found at `place`, in the clerk's words."""
    severity, message, hint = _sentences(remark.code)
    words = remark.words
    sheet, cell = place or ("", "")
    return Finding(
        remark.code,
        remark.severity or severity,
        message.shape % tuple([word(words[name]) for name in message.names]) if message.names else message.shape,
        hint.shape % tuple([word(words[name]) for name in hint.names]) if hint.names else hint.shape,
        file,
        sheet,
        cell,
        _field(remark.path),
        None if remark.repair is None else _as_json(remark.repair),
    )
