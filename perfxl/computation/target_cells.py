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
from perfxl.model.signs import SIGN, sign_of, words_after

TARGET, SIGN_CELL, UNIT_CELL = "target", "sign", "measure_unit"
"""The fields of a row in which a target stands, as the data of every report type call them."""

_PARTS = re.compile(
    rf"(?P<sign>{SIGN})?(?P<share>百分之)?(?P<digits>-?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?)"
    r"(?P<rest>[^0-9.,-][^0-9]{0,11})?"
)
_BEHIND = re.compile(r"[及或]?以[上下]|以内|之内|内$")
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
    words = "".join(unicodedata.normalize("NFKC", text).split())
    match = _PARTS.fullmatch(words)
    if match is None:
        return None
    typed, rest = match["sign"] or "", match["rest"] or ""
    behind = _BEHIND.search(rest)
    unit = rest[: behind.start()] if behind else rest
    after, _, left = words_after(rest[len(unit) :], unit) if behind else ("", "", "")
    before = sign_of(typed)
    if left or before.contradictory or (after and before.sign not in ("", after)):
        return None
    if match["share"]:
        unit = "%" + unit
    return Parts(typed, before.sign or after, match["digits"].replace(",", ""), unit)


def settled(text: str, sign: str, unit: str) -> Decimal | str | None:
    """Return what is left of `text` without the sign and the unit that stand beside it as well.

    A number where nothing else is left; None where nothing is said twice, and where one contradicts the other.
    """
    found = parts_of(text)
    if found is None or contradicts(found, sign, unit):
        return None
    twice_signed = found.sign != "" and found.sign == sign
    shortened = (_without(found.unit, unit) or "") if unit.strip() else found.unit
    if not twice_signed and shortened == found.unit:
        return None
    left = ("" if twice_signed else found.typed) + found.digits + shortened
    return decimal_of(left) if left == found.digits else left


def contradicts(found: Parts, sign: str, unit: str) -> bool:
    """Whether a sign or a unit in a text is another one than that beside it."""
    if found.sign and sign not in ("", _WORDED, found.sign):
        return True
    return bool(found.unit and unit.strip()) and _without(found.unit, unit) is None


def contradiction(row: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a row whose target says another sign or unit than the cells beside it, or None."""
    text, sign, unit = (str(row.get(key, "")) for key in (TARGET, SIGN_CELL, UNIT_CELL))
    found = parts_of(text) if isinstance(row.get(TARGET), str) else None
    if found is None:
        return None
    if contradicts(found, sign, ""):
        return f"“符号”选的是“{sign}”，指标值写的却是“{text}”"
    return f"“计量单位”填的是“{unit}”，指标值写的却是“{text}”" if contradicts(found, "", unit) else None


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
