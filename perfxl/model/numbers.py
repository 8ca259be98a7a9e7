"""Numbers in texts: the one place that makes them of digits, whatever stands there, and in which precision they count.

Nothing here raises. A cell may hold 32,767 digits, and no office means more than fifteen of them: what is beyond counts
as the largest number there is, so that it stays larger than every other, and what is finer than twelve decimals is cut.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import Context, Decimal, localcontext

_MOST_DIGITS, _DECIMALS = 15, 12
BEYOND = Decimal(10**_MOST_DIGITS)
_SHORT = 16  # characters of a number that needs no look
_PRECISION = 60  # digits: of a product of three such numbers, and of what is rounded then, none is lost
_COMMAS = str.maketrans("", "", ",，")


def exactly() -> AbstractContextManager[Context]:
    """Return the context in which numbers from here can be multiplied and rounded without a failure."""
    return localcontext(Context(prec=_PRECISION))


def decimal_of(digits: str) -> Decimal | None:
    """Return the number that digits with commas, a point and a minus before them are, or None where they are none."""
    if digits.isdecimal() and len(digits) <= _MOST_DIGITS:
        return Decimal(digits)
    plain = digits.translate(_COMMAS)
    body = plain[1:] if plain[:1] in ("-", "+") else plain
    whole, point, fraction = body.partition(".")
    if not (whole or fraction) or not (whole + fraction).isdecimal() or (point and not (whole and fraction)):
        return None
    if len(body) <= _SHORT:
        return Decimal(plain)
    whole = whole.lstrip("0")
    number = BEYOND if len(whole) > _MOST_DIGITS else Decimal(f"{whole or '0'}.{fraction[:_DECIMALS] or '0'}")
    return -number if plain[0] == "-" else number


def shortest(number: Decimal) -> Decimal:
    """Return a number without zeros at the end of its decimals: 95.00 is 95."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def whole_of(digits: str) -> int | None:
    """Return the whole number that digits are, or None where they are none (², ½)."""
    if not digits.isdecimal():
        return None
    return int(digits) if len(digits) <= _MOST_DIGITS else int(BEYOND)
