"""What a printed target (指标值) says: one parser for numbers, percent, money, dates, words and mishaps.

A target comes as it is printed: sign, number and unit in one string, as the clerk typed them or as last year's system
exported them.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from perfxl.checks.targets.claims import Claim, claims_in, doubled_in, parted, repeated_in
from perfxl.checks.targets.dates import dates_in, of_serial
from perfxl.checks.targets.quantities import (
    NUMBER,
    NUMERAL,
    Unit,
    base,
    compact,
    countable,
    decimal,
    in_ten_thousand_yuan,
    numeral,
    unit_after,
)
from perfxl.model.signs import AT_LEAST, AT_MOST, SIGN, SIGN_WORD, is_word, sign_of

Kind = Literal["blank", "quantity", "percent", "money", "date", "period", "serial", "qualitative", "concatenation"]

# Most targets are nothing but sign, number and unit, with at most a few digits; others take six times as long to read.
_USUAL = re.compile(rf"([≥≤=><]|{SIGN_WORD}|)((?!(?:19|20)[0-9]{{2}}\.)[0-9]{{1,7}}(?:\.[0-9]+)?)([^0-9]{{1,8}})")
_UNUSUAL_UNIT = re.compile("^[年月日号季]|[至到~—–−.,-]|百分[百之]")
# What a number or a date has one of; a target without it is words.
_SAYS_HOW_MUCH = re.compile("[0-9零〇一二两三四五六七八九十百千万亿年]")
_LEADING_SIGN = re.compile(SIGN)
_RANGE = re.compile(rf"{NUMBER}(?P<unit>%|[\u4e00-\u9fff]{{0,3}}?)(?:[-~—–−]+|至|到)(?={NUMBER})")
_PERCENT_WORD = re.compile(rf"百分之(?P<number>{NUMBER}|{NUMERAL}+)")
_COUNTED = re.compile(
    rf"(?P<before>每[月季年周天日]度?|每个?季度|全年|{SIGN}|)(?P<numeral>{NUMERAL}{{1,9}})(?P<rest>.*)", re.DOTALL
)
_AROUND_COUNT = re.compile(r"[及或]?以[上下内]|之?内")
_NOTHING = re.compile(r"[-—–/\\_*.。、]*")
_DIGIT = re.compile("[0-9]")
_TWICE = re.compile(r"(?<![0-9.])([0-9]{1,3}\.[0-9]{1,2})\1(?![0-9])")  # 95.595.5 is no number
_SUPPOSED_SIGN = re.compile(r"2(?P<number>\d{2,3}(?:\.\d+)?)")
# A number with some words around is still a target; a sentence that holds a number is not.
_AROUND = re.compile(r"[^。；;\n]{0,20}")
_SERIAL = re.compile("[0-9]{5}")
_MAY_BE_SERIAL = re.compile("[0-9,]{5}")
_BESIDE_SERIAL = re.compile(r",|\.0{1,2}$|年月日$|[年月日]$")
_LASTING = re.compile("[0-9]{1,3}[月日号年]")
_BARE_YEAR = re.compile("(?:19|20)[0-9]{2}")
_SERIALS = range(40000, 55001)  # 2009-07-06 to 2050-07-31, rule K10


class Target:
    """A target understood.

    `sign` is one of ≥ ≤ = > < or empty and `sign_typed` what stands for it; `number` is exact, in `unit` (% for every
    notation of percent); `upper` is the second number of a range. `starts` and `ends` are the first and last day that a
    date or period means, None where the year is not known. `text` is the wording left over. `written` is the same
    target in clean notation. `repaired` is the likely reading of a mishap, empty where there is none or none is sure:
    of a concatenation, of a 2 typed for ≥ (290%), of a date serial, of money without 元. Number and unit of a
    concatenation are those of its repaired reading.
    """

    __slots__ = (
        "ends",
        "kind",
        "number",
        "printed",
        "repaired",
        "sign",
        "sign_typed",
        "starts",
        "text",
        "unit",
        "unit_typed",
        "upper",
        "written",
    )

    def __init__(
        self,
        printed: str,
        kind: Kind,
        sign: str = "",
        sign_typed: str = "",
        number: Decimal | None = None,
        upper: Decimal | None = None,
        unit: str = "",
        unit_typed: str = "",
        starts: date | None = None,
        ends: date | None = None,
        text: str = "",
        written: str = "",
        repaired: str = "",
    ) -> None:
        self.printed = printed
        self.kind = kind
        self.sign = sign
        self.sign_typed = sign_typed
        self.number = number
        self.upper = upper
        self.unit = unit
        self.unit_typed = unit_typed
        self.starts = starts
        self.ends = ends
        self.text = text
        self.written = written
        self.repaired = repaired

    @property
    def look_alikes(self) -> tuple[tuple[str, str], ...]:
        """The signs and units typed otherwise than they are written, each with its proper form; words are proper."""
        pairs = ((self.sign_typed, self.sign), (self.unit_typed, self.unit))
        return tuple((typed, proper) for typed, proper in pairs if typed and typed != proper and not is_word(typed))


def understand(text: str, fiscal_year: int | None = None) -> Target:
    """Return what `text`, a target as printed, says; never raises, and what is no number or date is qualitative.

    `fiscal_year` is the year of dates that name none (9月前). A 5-digit number that may be a date serial is `serial`
    wherever it stands: only who knows the row can tell.
    """
    if (usual := _USUAL.fullmatch(text)) and (target := _usual(text, *usual.groups())):
        return target
    words = compact(text)
    if _NOTHING.fullmatch(words):
        return Target(text, "blank", text=words, written=words)
    if not _SAYS_HOW_MUCH.search(words):
        return _worded(text, words)
    return _dated(text, words, fiscal_year) or _counted(text, _with_digits(words)) or _worded(text, words)


def money(target: Target) -> Decimal | None:
    """Return the amount of a money target in 万元 (of `450元/人`, the amount for one), or None where it is no money."""
    return None if target.number is None else in_ten_thousand_yuan(target.number, target.unit)


def comparable(target: Target) -> tuple[Decimal, str] | None:
    """Return number and unit so that equal quantities are equal (90000元, 9.00万元), or None without a number."""
    return None if target.number is None else base(target.number, target.unit)


def _usual(text: str, typed: str, digits: str, rest: str) -> Target | None:
    """Return a target that is nothing but a sign, a number and a unit (≥95%, 45人), or None where it takes a look."""
    unit = _usual_unit(rest)
    if unit is None:
        return None
    number = decimal(digits)
    if unit.kind == "percent" and number > 100:
        return None
    sign = sign_of(typed).sign
    written = f"{sign}{digits}{unit.name}"
    return Target(
        text, _KINDS[unit.kind], sign, typed, number, None, unit.name, unit.typed,
        written=written, repaired=written if unit.lacks_yuan else "",
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _usual_unit(text: str) -> Unit | None:
    """Return the unit that is the whole of `text`, unless a number before it may be a date, or more is said."""
    unit = unit_after(text)
    return unit if unit.typed == text and compact(text) == text and not _UNUSUAL_UNIT.search(text) else None


def _dated(text: str, words: str, fiscal_year: int | None) -> Target | None:
    leading = _LEADING_SIGN.match(words)
    sign = sign_of(leading[0] if leading else "")
    body = words[len(sign.typed) :]
    number = _BESIDE_SERIAL.sub("", body) if _MAY_BE_SERIAL.match(body) else ""
    if _SERIAL.fullmatch(number) and int(number) in _SERIALS:
        serial = of_serial(int(number))
        day = f"{serial.year}年{serial.month}月{serial.day}日"
        return Target(
            text, "serial", sign.sign, sign.typed, Decimal(number),
            starts=serial, ends=serial, written=words, repaired=day,
        )  # fmt: skip
    if leading and _LASTING.fullmatch(body):
        return None
    days = dates_in(body, fiscal_year)
    if days is None:
        return None
    kind: Kind = "period" if days.period else "date"
    if (first := days.starts) and first == days.ends and not days.period and "年" not in body:
        body = f"{first.year}年{first.month}月{first.day}日{days.rest}"
    return Target(
        text, kind, sign.sign, sign.typed, starts=days.starts, ends=days.ends, text=days.rest, written=sign.sign + body
    )


def _counted(text: str, words: str) -> Target | None:
    if not _DIGIT.search(words):
        return None
    lead, claims = claims_in(_TWICE.sub(r"\1 \1", words) if words.count(".") > 1 else words)
    if not claims or not _AROUND.fullmatch(lead) or not _AROUND.fullmatch(claims[-1].rest):
        return None
    if len(claims) == 1:
        # 不低于2025年水平: a year that is compared with is no number of years.
        named = claims[0].unit.name.startswith("年") and _BARE_YEAR.fullmatch(claims[0].digits)
        return None if named else _single(text, words, lead, claims[0])
    if len(claims) == 2 and (found := _ranged(text, words, lead, *claims)):
        return found
    repaired = repeated_in(claims)
    return None if repaired is None else _concatenated(text, words, repaired)


def _single(text: str, words: str, lead: str, claim: Claim) -> Target:
    repaired = doubled_in(claim)
    if repaired is not None:
        return _concatenated(text, words, repaired and lead + repaired)
    written, meant = f"{lead}{claim.way}{claim.digits}{claim.unit.name}{claim.rest}", ""
    if lead and claim.after and not claim.sign.sign:
        # 控制在10万元以内 reads well as it is.
        written = f"{lead}{claim.digits}{claim.unit.name}{claim.after_typed}{claim.rest}"
    if claim.unit.lacks_yuan:
        meant = written
    elif claim.unit.kind == "percent" and not claim.way and claim.number > 100:
        supposed = _SUPPOSED_SIGN.fullmatch(claim.digits)
        if supposed and 10 <= decimal(supposed["number"]) <= 100:
            meant = f"{lead}≥{supposed['number']}%"
    return Target(
        text, _kind(claim), claim.way, claim.typed, claim.number, None, claim.unit.name, claim.unit.typed,
        text=lead + claim.rest, written=written, repaired=meant,
    )  # fmt: skip


def _concatenated(text: str, words: str, repaired: str) -> Target:
    reading = claims_in(repaired)[1]
    if not reading:
        return Target(text, "concatenation", text=words, written=words)
    claim = reading[0]
    sign_typed = match[0] if (match := _LEADING_SIGN.match(words)) else ""
    return Target(
        text, "concatenation", claim.way, sign_typed, claim.number, None, claim.unit.name, claim.unit.typed,
        text=claim.rest, written=repaired, repaired=repaired,
    )  # fmt: skip


def _ranged(text: str, words: str, lead: str, first: Claim, last: Claim) -> Target | None:
    """Return a target from one number to another: 1-2次, 90%~95%, ≥90%且≤95%."""
    opposite = first.sign.sign in AT_LEAST and last.sign.sign in AT_MOST and first.sign.sign and last.sign.sign
    between = opposite and not parted(first) and first.number < last.number
    dash = _RANGE.match(words, len(lead) + len(first.sign.typed))
    if not between and (dash is None or last.sign.typed or dash["unit"] not in ("", last.unit.typed)):
        return None
    sign = "" if between else first.way
    united = last if last.unit.name else first
    return Target(
        text, _kind(united), sign, first.typed if sign else "", first.number, last.number, united.unit.name,
        united.unit.typed, text=lead + last.rest,
        written=f"{lead}{sign}{first.digits}-{last.digits}{united.unit.name}{last.rest}",
    )  # fmt: skip


def _worded(text: str, words: str) -> Target:
    leading = _LEADING_SIGN.match(words)
    # 《…办法》 begins with a bracket, not with a sign.
    if leading and not is_word(leading[0]) and leading.end() < len(words) and not (words[0] == "《" and "》" in words):
        sign, body = sign_of(leading[0]), words[leading.end() :]
        return Target(text, "qualitative", sign.sign, sign.typed, text=body, written=sign.sign + body)
    return Target(text, "qualitative", text=words, written=text.strip())


def _with_digits(words: str) -> str:
    """Return `words` with percent in words and counted Chinese numerals in digits: 百分之九十五, 十二次, 一百人."""
    words = words.replace("百分百", "百分之百").replace("百分之百", "100%")
    words = _PERCENT_WORD.sub(_percent_in_digits, words)
    if match := _COUNTED.fullmatch(words):
        digits, rest = match["numeral"], match["rest"]
        # 三十万元: here 万 belongs to the unit.
        keep = len(digits.rstrip("万亿")) if rest.startswith("元") else len(digits)
        rest = digits[keep:] + rest
        value = numeral(digits[:keep])
        if value is not None and countable(rest) and not _AROUND_COUNT.sub("", unit_after(rest).rest):
            return f"{match['before']}{value}{rest}"
    return words


def _percent_in_digits(found: re.Match[str]) -> str:
    value = found["number"] if found["number"][0] in "0123456789" else numeral(found["number"])
    return found[0] if value is None else f"{value}%"


def _kind(claim: Claim) -> Kind:
    return _KINDS[claim.unit.kind]


_KINDS: dict[str, Kind] = {"percent": "percent", "money": "money", "quantity": "quantity"}
