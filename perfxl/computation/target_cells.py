"""Sign, number and unit where they stand in cells of their own, and again in one of them: `≥` · `≥45人` · `人`.

People type a target as they read it aloud. The same thing said twice is said once; only what contradicts itself is for
the checks. What a target means on its own, with all its words, is for `perfxl.checks.targets`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from perfxl.model.numbers import decimal_of
from perfxl.model.signs import SIGN, SYMBOLS, sign_of, words_after

TARGET, SIGN_CELL, UNIT_CELL = "target", "sign", "measure_unit"
"""The fields of a row in which a target stands, as the data of every report type call them."""

_NUMBER = r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_PARTS = re.compile(
    rf"(?P<sign>{SIGN})?(?P<share>百分之|%)?(?P<digits>{_NUMBER})"
    r"(?P<rest>[^0-9.,-](?:[^0-9]|(?<=m)[23]){0,11})?"
)
_BESIDE = re.compile(rf"(?P<sign>{SYMBOLS})?(?P<digits>{_NUMBER})?(?P<rest>.*)", re.DOTALL)
_BEHIND = re.compile(r"[及或]?以[上下]|以内|之内|内$")
_ROUGH = re.compile(r"^[余多来]|(?:左右|上下)$")
_OF_HUNDRED = frozenset(("%", "百分比", "百分率"))
_FACTORS = ("千万", "百万", "万", "亿")
_WORDED = "定性"


class Parts(NamedTuple):
    """What a cell says: a sign (one of ≥ ≤ = > < or empty) as typed and as meant, digits, and a unit, perhaps empty."""

    typed: str
    sign: str
    digits: str
    unit: str


@lru_cache(maxsize=1024)
def parts_of(text: str) -> Parts | None:
    """Return what `text` says, or None where it is not a number with at most a sign and a unit around it."""
    words = "".join(text.split())
    match = _PARTS.fullmatch(_narrow(words))
    if match is None:
        return None
    typed = words[: match.end("sign")] if match["sign"] else ""
    rest = words[match.start("rest") :] if match["rest"] else ""
    behind = _BEHIND.search(rest)
    unit = rest[: behind.start()] if behind else rest
    after, _, left = words_after(rest[len(unit) :], unit) if behind else ("", "", "")
    before = sign_of(_narrow(typed))
    if left or before.contradictory or (after and before.sign not in ("", after)):
        return None
    if match["share"]:
        unit = "%" + unit
    return Parts(typed, before.sign or after, match["digits"].replace(",", ""), unit)


@lru_cache(maxsize=1024)
def _narrow(text: str) -> str:
    """Return a text with ordinary digits, letters and marks in place of full-width ones, each where it stood."""
    return text if text.isascii() else "".join(map(_narrowed, text))


def _narrowed(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    # ② and ² are digits of something else.
    return plain if len(plain) == 1 and plain.isascii() and (not char.isdigit() or char.isdecimal()) else char


def settled(text: str, sign: str, unit: str) -> Decimal | str | None:
    """Return what is left of `text` without the sign and the unit that stand beside it as well.

    A number where nothing else is left; None where nothing is said twice, and where one contradicts the other.
    """
    found = parts_of(text)
    if found is None or contradicts(found, sign, unit) or _ROUGH.search(found.unit):
        return None
    twice_signed = found.sign != "" and found.sign == sign
    shortened = (_without(found.unit, unit) or "") if unit.strip() else found.unit
    if not twice_signed and shortened == found.unit:
        return None
    left = ("" if twice_signed else found.typed) + found.digits + shortened
    return decimal_of(left) if left == found.digits else left


def sign_alone(row: Mapping[str, Any]) -> str | None:
    """Return the sign in the cell for signs without the figure or the unit that stand beside it as well (`≥95%`)."""
    typed = row.get(SIGN_CELL)
    if type(typed) is not str or len(typed) < 2 or (found := _beside(typed)) is None or not found[0]:
        return None
    sign, digits, rest = found
    twice = bool(digits or rest) and _is_said(digits, row) and (not rest or _is_same(rest, str(row.get(UNIT_CELL, ""))))
    return sign if twice else None


def unit_alone(row: Mapping[str, Any]) -> str | None:
    """Return the unit in its cell without the sign or the figure that stand beside it as well (`≥人`, `240人`)."""
    typed = row.get(UNIT_CELL)
    if type(typed) is not str or len(typed) < 2 or (found := _beside(typed)) is None:
        return None
    sign, digits, rest = found
    twice = bool(rest and (sign or digits)) and _is_said(digits, row) and sign in ("", row.get(SIGN_CELL))
    return rest if twice else None


@lru_cache(maxsize=1024)
def _beside(typed: str) -> tuple[str, str, str] | None:
    """Return sign, digits and the rest of what stands in a cell for a sign or a unit, None where it is as usual."""
    words = "".join(typed.split())
    match = _BESIDE.fullmatch(_narrow(words))
    if match is None or not (match["sign"] or match["digits"]):
        return None
    sign = sign_of(match["sign"] or "")
    return None if sign.contradictory else (sign.sign, match["digits"] or "", words[match.start("rest") :])


def _is_said(digits: str, row: Mapping[str, Any]) -> bool:
    """Whether digits are none, or the figure of the row."""
    return not digits or decimal_of(digits) == _figure(row)


def _figure(row: Mapping[str, Any]) -> Decimal | None:
    """Return the number that is the target of a row, or None where it has none."""
    target = row.get(TARGET)
    if isinstance(target, Decimal):
        return target
    found = parts_of(target) if isinstance(target, str) else None
    return None if found is None else decimal_of(found.digits)


def contradicts(found: Parts, sign: str, unit: str) -> bool:
    """Whether a sign or a unit in a text is another one than that beside it."""
    if found.sign and sign not in ("", _WORDED, found.sign):
        return True
    own = _ROUGH.sub("", found.unit)
    return bool(own and unit.strip()) and _without(own, unit) is None


def contradiction(row: Mapping[str, Any], figure: str = TARGET, label: str = "指标值") -> str | None:
    """Return what is wrong with a row whose figure says another sign or unit than the cells beside it, or None."""
    text, sign, unit = (str(row.get(key, "")) for key in (figure, SIGN_CELL, UNIT_CELL))
    found = parts_of(text) if isinstance(row.get(figure), str) else None
    if found is None:
        return None
    if figure == TARGET and contradicts(found, sign, ""):
        return f"“符号”选的是“{sign}”，{label}写的却是“{text}”"
    return f"“计量单位”填的是“{unit}”，{label}写的却是“{text}”" if contradicts(found, "", unit) else None


def unit_contradiction(row: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a row whose unit says another sign or figure than the cells beside it, or None."""
    typed = row.get(UNIT_CELL)
    found = _beside(typed) if type(typed) is str else None
    figure = _figure(row)
    if found is None or figure is None:
        return None
    sign, digits, _ = found
    if digits and decimal_of(digits) != figure:
        return f"“指标值”填的是“{row[TARGET]}”，计量单位写的却是“{typed}”"
    chosen = str(row.get(SIGN_CELL, ""))
    if sign and sign != chosen:
        return f"“符号”{f'选的是“{chosen}”' if chosen else '是空的'}，计量单位写的却是“{typed}”"
    return None


def _is_same(own: str, unit: str) -> bool:
    return bool(unit.strip()) and _without(own, unit) == ""


def _without(own: str, unit: str) -> str | None:
    """Return what a unit says beyond the one beside it: nothing where they are the same, None where they are not."""
    if not own:
        return ""
    one, other = _plain(own), _plain(unit)
    if one == other or "个" + other == one or "个" + one == other:
        return ""
    if one in _FACTORS:
        return "" if other.startswith(one) else own
    return None


@lru_cache(maxsize=1024)
def _plain(unit: str) -> str:
    words = "".join(unicodedata.normalize("NFKC", unit).split())
    return "%" if words in _OF_HUNDRED else words
