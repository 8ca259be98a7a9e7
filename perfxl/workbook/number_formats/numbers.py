"""Numbers, as a section of a number format puts them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from perfxl.workbook.number_formats.codes import FormatToken, Section
from perfxl.workbook.number_formats.numerals import counted, spelled

# Enough for any number that a cell holds, in any format; Excel shows no more than 15 digits that say something.
_WIDE = Context(prec=800, rounding=ROUND_HALF_UP)
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_LONGEST = 11  # characters of a number in General, the point included
_MANTISSA = 5  # decimals of what General puts with an exponent
_SMALLEST = Decimal("1e-4")
_NOT_ZERO = re.compile("[1-9]")
_THOUSAND = Decimal(1000)


def exact(number: float) -> Decimal:
    """Return a number as Excel knows it: by 15 digits. 25.619999999999997, which it writes for 25.62, is 25.62."""
    return _FIFTEEN.create_decimal(repr(number)).normalize(_WIDE)


def general(number: Decimal) -> str:
    """Return a number as General shows it in a cell that is wide enough: eleven characters, or with an exponent.

    ECMA-376 part 1, 18.8.30: as many digits as fit; beyond 11 with an exponent and five decimals.
    """
    size = abs(number)
    if not number:
        return "0"
    sign = "-" if number < 0 else ""
    if size >= 1:
        digits = size.adjusted() + 1
        rounded = _rounded(size, max(0, _LONGEST - 1 - digits))
        if rounded.adjusted() < _LONGEST:
            return sign + _plain(rounded)
    else:
        rounded = _rounded(size, _LONGEST - 2)
        if size >= _SMALLEST or rounded == size:
            return sign + _plain(rounded)
    exponent = size.adjusted()
    decimals = _MANTISSA - (len(str(abs(exponent))) > 2)
    mantissa = _rounded(size.scaleb(-exponent, _WIDE), decimals)
    if mantissa >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    return f"{sign}{_plain(mantissa)}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def numbered(number: Decimal, section: Section, *, minus: bool) -> str:
    """Return what a section makes of a number; `minus` says whether it puts a sign before a negative one.

    Blanks that only align (`_x`, `?`) are left out at both ends.
    """
    size, numerals, tokens = abs(number), section.numerals, section.tokens
    if section.shape == "general":
        text = _with_general(counted(general(size), numerals), tokens)
    elif section.shape == "words":
        text = _with_general("", tokens)
    else:
        put = {"scientific": _scientific, "fraction": _fraction}.get(section.shape, _placed)
        text = put(size, tokens)
        minus = minus and _NOT_ZERO.search(text) is not None
        text = spelled(text, numerals)
    return ("-" if minus and number < 0 else "") + text.strip(" ")


def _near(number: Fraction, most: int) -> tuple[int, int]:
    """Return the last convergent of the continued fraction of `number` whose denominator is not above `most`.

    Others may be nearer, but this is what Excel shows: 3 1/7 for 3.14159 in `# ??/??`, where 3 14/99 would be nearer.
    """
    before, last = (0, 1), (1, 0)
    rest = number
    while True:
        whole = rest.numerator // rest.denominator
        following = whole * last[0] + before[0], whole * last[1] + before[1]
        if following[1] > most:
            return last
        before, last = last, following
        if rest == whole:
            return last
        rest = 1 / (rest - whole)


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_general(number: str, tokens: Sequence[FormatToken]) -> str:
    return "".join(number if token.kind == "general" else token.text for token in tokens)


def _placed(number: Decimal, tokens: Sequence[FormatToken]) -> str:
    """Return a number in the places that `0`, `#` and `?` keep for its digits, among the literals of a section."""
    tokens, scale, grouped = _scaled(tokens)
    number = (number * 100 ** sum(token.kind == "percent" for token in tokens)) / _THOUSAND**scale
    before, after = _parted(tokens)
    rounded = _rounded(number, sum(token.kind == "digit" for token in after))
    whole, _, decimals = f"{rounded:f}".partition(".")
    return _whole("" if whole == "0" else whole, before, grouped) + _decimals(decimals, after)


def _scaled(tokens: Sequence[FormatToken]) -> tuple[list[FormatToken], int, bool]:
    """Return the tokens without commas, how often they say to divide by 1000, and whether they group the digits.

    A comma behind the last place of the whole number, or of all, divides.
    """
    digits = [index for index, token in enumerate(tokens) if token.kind == "digit"]
    point = next((index for index, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    last_whole = max((index for index in digits if index < point), default=-1)
    last = digits[-1] if digits else -1
    commas = [index for index, token in enumerate(tokens) if token.kind == "comma"]
    scale = sum(last_whole < index < point or index > max(last, point) for index in commas)
    grouped = any(digits and digits[0] < index < last_whole for index in commas)
    return [token for token in tokens if token.kind != "comma"], scale, grouped


def _parted(tokens: Sequence[FormatToken]) -> tuple[Sequence[FormatToken], Sequence[FormatToken]]:
    """Return what comes before the decimal point, and what comes from it on."""
    at = next((index for index, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    return tokens[:at], tokens[at:]


def _whole(digits: str, tokens: Sequence[FormatToken], grouped: bool) -> str:
    """Return the whole number in its places, filled from the right; what is left over goes before the first."""
    first = next((index for index, token in enumerate(tokens) if token.kind == "digit"), None)
    if first is None:
        return "".join(token.text for token in tokens) + digits
    parts: list[str] = []
    count = 0

    def put(char: str) -> None:
        nonlocal count
        if grouped and count and count % 3 == 0:
            parts.append(" " if char == " " else ",")
        parts.append(char)
        count += 1

    left = list(digits)
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.kind != "digit":
            parts.append(token.text)
            continue
        if left:
            put(left.pop())
        elif token.text != "#":
            put("0" if token.text == "0" else " ")
        while index == first and left:
            put(left.pop())
    return "".join(reversed(parts))


def _decimals(digits: str, tokens: Sequence[FormatToken]) -> str:
    """Return the point and the decimals in their places: zeros at the end fall away for `#`, and are blanks for `?`."""
    kinds = [token.text for token in tokens if token.kind == "digit"]
    kept = max(len(digits.rstrip("0")), len("".join(kinds).rstrip("#?")))
    parts: list[str] = []
    place = 0
    for token in tokens:
        if token.kind != "digit":
            parts.append(token.text)
            continue
        parts.append(digits[place] if place < kept else " " if token.text == "?" else "")
        place += 1
    return "".join(parts)


def _scientific(number: Decimal, tokens: Sequence[FormatToken]) -> str:
    """Return a number with an exponent, which is a multiple of the places before the point: `##0.0E+0`."""
    at = next(index for index, token in enumerate(tokens) if token.kind == "exponent")
    mantissa, after = tokens[:at], tokens[at + 1 :]
    before, decimals = _parted(mantissa)
    step = max(1, sum(token.kind == "digit" for token in before))
    exponent = (number.adjusted() // step) * step if number else 0
    shown = _rounded(number.scaleb(-exponent, _WIDE), sum(token.kind == "digit" for token in decimals))
    if shown >= 10**step:
        exponent += step
        shown = shown.scaleb(-step, _WIDE)
    width = sum(token.kind == "digit" for token in after)
    tail = "".join(token.text for token in after if token.kind != "digit")
    sign = "-" if exponent < 0 else "+" if tokens[at].text[1] == "+" else ""
    return f"{_placed(shown, mantissa)}E{sign}{abs(exponent):0{width}d}{tail}"


def _fraction(number: Decimal, tokens: Sequence[FormatToken]) -> str:
    """Return a number as a fraction: `# ?/?` with the nearest one whose denominator has so many digits, or `# ?/8`."""
    slash = next(index for index, token in enumerate(tokens) if token.kind == "slash")
    begin = slash
    while begin and tokens[begin - 1].kind == "digit":
        begin -= 1
    end = slash + 1
    while end < len(tokens) and (tokens[end].kind == "digit" or tokens[end].text.isdigit()):
        end += 1
    before, above, below = tokens[:begin], tokens[begin:slash], tokens[slash + 1 : end]
    mixed = any(token.kind == "digit" for token in before)
    given = "".join(token.text for token in below)
    whole, part = divmod(Fraction(number), 1) if mixed else (0, Fraction(number))
    if given.isdigit() and int(given):
        bottom = int(given)
        top = int(part * bottom + Fraction(1, 2))
    else:
        top, bottom = _near(part, 10 ** max(1, len(below)) - 1)
    if mixed and top >= bottom:
        whole, top = whole + top // bottom, top % bottom
    tail = "".join(token.text for token in tokens[end:])
    lead = _whole(str(whole) if whole else "", before, grouped=False)
    if mixed and not top:
        return (lead if whole else lead.rstrip(" ") + ("" if lead.strip() else "0")) + tail
    return f"{lead}{top:>{len(above)}}/{bottom:<{len(below)}}{tail}"
