"""Numbers in a target with the sign before and the words behind them, and the marks of fields run together.

Exports of budget systems print several fields of one target side by side: sign, number and wording of one value (`≥`,
`95`, `95及以上`), or a sign column before a target that has its sign already.
"""

from __future__ import annotations

import re
from decimal import Decimal

from perfxl.checks.targets.quantities import JUDGED, NUMBER, Unit, base, decimal, in_ten_thousand_yuan, unit_after
from perfxl.model.signs import SIGN, Sign, agree, is_word, sign_of, words_after

_LONGEST = 500  # characters
_CLAIM = re.compile(rf"(?P<sign>{SIGN})?\s?(?P<minus>(?:^|(?<=[≥≤=<>]))-)?(?P<number>{NUMBER})")
_JUDGED = re.compile(JUDGED)
_LEFT_HALF = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_RIGHT_HALF = re.compile(r"(?!0[0-9])[0-9]+(?:\.[0-9]+)?")
_PARTED = re.compile(r"[,，;；、和且及与()（）]+")


class Claim:
    """A sign, a number and a unit that belong together, and the words up to the next claim.

    `after` is the sign said once more behind the unit (以上), `digits` the number as typed, without separators, and
    `number` what they say.
    """

    __slots__ = ("after", "after_typed", "digits", "number", "rest", "sign", "unit")

    def __init__(
        self, sign: Sign, digits: str, number: Decimal, unit: Unit, after: str, after_typed: str, rest: str
    ) -> None:
        self.sign = sign
        self.digits = digits
        self.number = number
        self.unit = unit
        self.after = after
        self.after_typed = after_typed
        self.rest = rest

    @property
    def way(self) -> str:
        """The sign that counts: the one before the number, or else the one behind it."""
        return self.sign.sign or self.after

    @property
    def typed(self) -> str:
        return self.sign.typed or self.after_typed

    @property
    def by_symbol(self) -> bool:
        return bool(self.sign.typed) and not is_word(self.sign.typed)


def claims_in(words: str) -> tuple[str, list[Claim]]:
    """Return the words before the first number, and every number with its sign and unit, of text without blanks.

    In a text that is longer than any target there are none: to look for them takes the square of its length.
    """
    if len(words) > _LONGEST:
        return words, []
    found = list(_CLAIM.finditer(words))
    ends = [*(match.start() for match in found), len(words)]
    claims = []
    for match, end in zip(found, ends[1:], strict=True):
        sign, minus, number = match.groups()
        unit = unit_after(words[match.end() : end])
        after, after_typed, rest = words_after(unit.rest, unit.name) if unit.rest else ("", "", "")
        digits = (minus or "") + number.replace(",", "").replace("，", "")
        claims.append(Claim(sign_of(sign or ""), digits, decimal(digits), unit, after, after_typed, rest))
    return words[: ends[0]], claims


def parted(claim: Claim) -> bool:
    """Return whether words stand between this claim and the next, other than a comma or an `and`."""
    return bool(claim.rest) and bool(_PARTED.sub("", claim.rest).strip())


def doubled_in(claim: Claim) -> str | None:
    """Return the repaired reading where one number with its wording is two fields run together, None where it is not.

    A doubled number alone proves nothing (≥2020人, 5050人及以上): it takes a symbol before it and the sign once more in
    words, or a percent above 100. An empty answer: surely run together, but what was meant is not sure.
    """
    twice = claim.by_symbol and bool(claim.after)
    if claim.sign.contradictory or not agree(claim.sign.sign, claim.after):
        return "" if claim.by_symbol else None
    half = _half(claim.digits)
    if half and (twice or (claim.unit.kind == "percent" and claim.number > 100)):
        return f"{claim.way}{half}{claim.unit.name or _share(decimal(half))}"
    tail = unit_after(claim.rest) if claim.rest and claim.unit.name and not claim.after else None
    if tail and tail.name and claim.unit.name.endswith(tail.name):
        return f"{claim.way}{claim.digits}{claim.unit.name}{tail.rest}"  # ≥10次次: a unit column after a unit
    if claim.sign.twice or (twice and not claim.rest):
        return f"{claim.way}{claim.digits}{claim.unit.name}{claim.rest}"
    if claim.by_symbol and not claim.unit.typed and _JUDGED.match(claim.rest):
        share = _share(claim.number)
        return f"{claim.way}{claim.digits}{share}" if share else ""
    return None


def repeated_in(claims: list[Claim]) -> str | None:
    """Return the repaired reading where several numbers are fields run together, None where they are not.

    They are when all say the same value (≥0.95大于等于95%), or when a bare number is followed by another sign at once
    (≥0.9大于等于95%); of the latter the answer is empty, for what was meant is not sure.
    """
    first, last = claims[0], claims[-1]
    if any(parted(claim) for claim in claims[:-1]):
        return None
    if all(_same(first, claim) for claim in claims[1:]):
        best = max(claims, key=lambda claim: (bool(claim.unit.name), claim.unit.kind == "percent", claim.number))
        way = next((claim.way for claim in reversed(claims) if claim.way), "")
        return f"{way}{best.digits}{best.unit.name or _share(best.number)}{last.rest}"
    at_once = not first.rest and not first.unit.typed and first.sign.typed and claims[1].sign.typed
    return "" if at_once else None


def _share(number: Decimal) -> str:
    # Where 95 stands twice or is called 优良, without a unit, a share is meant; of 10 nobody knows.
    return "%" if 50 <= number <= 100 else ""


def _half(digits: str) -> str:
    """Return one of the two numbers that `digits` is made of, where both are the same value (9595, 0.9595), or ''."""
    for cut in range(2, len(digits) - 1):
        left, right = digits[:cut], digits[cut:]
        if not _LEFT_HALF.fullmatch(left) or not _RIGHT_HALF.fullmatch(right):
            continue
        if (left == right and left[0] != "0") or ("." in right and decimal(right) * 100 == decimal(left)):
            return left
        if "." in left and decimal(left) * 100 == decimal(right):
            return right
    return ""


def _same(one: Claim, other: Claim) -> bool:
    if not agree(one.way, other.way):
        return False
    if one.unit.name and other.unit.name:
        return base(one.number, one.unit.name) == base(other.number, other.unit.name)
    if one.number == other.number:
        return True
    bare, united = (other, one) if one.unit.name else (one, other)
    if united.unit.kind == "percent":
        return bare.number * 100 == united.number
    amount = in_ten_thousand_yuan(united.number, united.unit.name)
    return amount is not None and amount * 10**4 == bare.number
