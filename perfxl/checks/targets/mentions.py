"""Quantities in Chinese prose: what number stands where, in what unit, of what, and what it is said as.

One understanding serves all rules that compare numbers: a goal with its indicator, parts with their sum, a price times
a count with the budget, a target with last year's value. What is no claim about the year is told apart: durations and
ages, numbers in names (12345热线), the value that one starts from (由2025年的70%提高到), a change, a part of a whole,
and what falls to each (每所12万元).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from perfxl.checks.targets.quantities import NUMERAL, base, countable, decimal, numeral, plain, unit_after
from perfxl.model.signs import is_word, sign_of, words_after

Kind = Literal["count", "percent", "money", "time", "age"]
Role = Literal["claim", "baseline", "change", "each", "part"]

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
# Not the 2.5 of PM2.5, the 2 of 8:2 and A2, the 3 of 第3条, and what stands in a number of a document.
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z.第#:：/×*-])(?:(?P<digits>{_DIGITS})|(?P<numeral>{NUMERAL}{{1,5}})(?=[\u4e00-\u9fff]))"
)
_ANY_NUMBER = re.compile("[0-9０-９二两三四五六七八九十百千]")  # most texts have none, and one look says so
_UPPER = re.compile(rf"(?:[-~—–]+|至|到)(?P<digits>{_DIGITS})")
# Of `1.235个行政村` the first 1 is the number of the line: nobody counts villages in thousandths.
_NUMBERING = re.compile(
    r"\s*(?:[（(][0-9一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}(?:[、．)）]|\.(?![0-9]))|[0-9]{1,2}\.(?=[0-9]{3})"
    r"|[0-9]{1,2}\.(?=[0-9]+(?:[个名户所家处座场次件辆台月条项份篇期本册套顶床班部艘]|人[^均]|万[人户名]))|[一二三四五六七八九十]{1,3}[、．是])\s*"
)
_CLAUSE = re.compile(r"[，。；;！？\n]|,(?![0-9]{3})")
_PHRASE = re.compile(r"[，。；;！？\n、：:（）()“”]|,(?![0-9]{3})")
_SENTENCE = re.compile(r"[。；;！？\n]")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年|(上一?年度?|去年|往年|近[一两三五二四0-9]+年|以前年度)")
_PAST = 0
_DATE = re.compile(r"年|月(?!均)|[日号](?!均)|[.-][0-9]|:[0-9]|：[0-9]|/[0-9]|[岁]?[a-zA-Z]")
_FACTOR_AND_MORE = re.compile(r"(?P<factor>[十百千万亿]*)(?P<more>余|多)(?=[\u4e00-\u9fff])")
_ROUGHLY_BEFORE = re.compile(r"(?:约|近|大约|接近|将近)$")
_ROUGHLY_AFTER = re.compile(r"左右|上下")
_NO_UNITS = frozenset(
    ("级", "类", "等", "号", "层", "星", "版", "线", "分", "年", "月", "日", "时", "成", "代", "届", "岁月", "国", "省")
)
_LASTING = frozenset(
    (
        "个月",
        "小时",
        "个小时",
        "分钟",
        "秒",
        "秒钟",
        "周",
        "工作日",
        "个工作日",
        "个自然日",
        "自然日",
        "季度",
        "个季度",
        "学期",
        "个学期",
        "年",
        "日",
    )
)
_WITHIN = re.compile(r"[以之]?内|[之以]?[前后]|的?时间")
_STARTED_FROM = re.compile(
    r"(?:左右)?(?:提高|提升|增加|增长|上升|扩大|下降|降低|减少|压缩|缩短|降|升|增|减)?[到至](?![^，。；、]{0,4}[月年底])"
)
_CHANGE = re.compile(r"(?:增加|增长|新增|提高|提升|上升|下降|降低|减少|缩短|压减|压缩|节约|[高低多少增降])了?$")
_CHANGED_TO = re.compile(r"(?:[到至在达]|达到|保持|稳定|控制在)$")
_COMPARED = re.compile(r"[比较].{0,12}$|[同环]比.{0,8}$")
_POINTS = frozenset(("个百分点", "百分点", "倍", "成"))
_EACH = re.compile(
    r"(?:平均每?|每|(?<![平])均)(?P<unit>[\u4e00-\u9fff]{0,8}?)(?P<more>每[月年次天日期])?[\u4e00-\u9fff]{0,4}$"
)
_EACH_UNIT = re.compile(
    r"每(?P<one>(?:人次|台件|台套|公里|平方米|立方米|批次|小区|场次|工地|[一-龥])?)|(?P<two>[人户亩件台次处所座套辆张校村县班月年日])均|单(?P<three>[台套件个次所处座辆张户人])"
)
_FOR_EACH_A_NUMBER = re.compile(r"每[\u4e00-\u9fff]{1,8}[0-9]")
_PART = re.compile(r"其中|包括|(?<!不)含(?!税|量|水)|分别")


class Mention(NamedTuple):
    """A quantity in a text.

    `number` and `unit` are comparable (2.4万人 is 24000 人, money is in 万元), `typed` is what stands there; `sign` is
    one of ≥ ≤ = > < or empty. `before` and `after` are the words beside it, up to the next mark or number. `year` is
    the year named before it in its clause, 0 where that is the last one or an earlier, None where there is none. `per`
    says for what one falls to each: 所 of 每所12万元. `rough` is 约 and 余, `upper` the other end of a range.
    """

    start: int
    end: int
    typed: str
    number: Decimal
    unit: str
    kind: Kind
    role: Role
    sign: str
    before: str
    after: str
    clause: int
    sentence: int
    year: int | None = None
    per: str = ""
    rough: bool = False
    upper: Decimal | None = None

    @property
    def about(self) -> str:
        """What is counted: the words on both sides."""
        return f"{self.before} {self.after}"


class _Span(NamedTuple):
    start: int
    end: int
    number: Decimal
    upper: Decimal | None
    unit: str
    kind: Kind
    sign: str
    rough: bool


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the quantities in `text`, in order. Never raises."""
    return _mentions(text) if _ANY_NUMBER.search(text) else ()


@lru_cache(maxsize=4096)
def _mentions(text: str) -> tuple[Mention, ...]:
    words = plain(text)
    begin = match.end() if (match := _NUMBERING.match(words)) else 0
    words = " " * begin + words[begin:]  # what is left of 1. would make 1.235 of it again
    spans = _spans(words, begin)
    return tuple([_mention(words, begin, spans, at) for at in range(len(spans))])


def _spans(words: str, begin: int) -> list[_Span]:
    found: list[_Span] = []
    at = begin
    while place := _NUMBER.search(words, at):
        span = _span(words, place)
        at = place.end() if span is None else span.end
        if span is not None:
            found.append(span)
    return found


def _span(words: str, place: re.Match[str]) -> _Span | None:
    """Return the quantity that begins with a number, or None where it is a date or has no unit."""
    end, digits = place.end(), place["digits"]
    if digits is None:
        counted = numeral(place["numeral"])
        if counted is None or counted < 2 or not countable(words[end:]) or words.startswith("分之", end):
            return None
        number, upper = Decimal(counted), None
    else:
        if _is_date(words, place):
            return None
        number, upper = decimal(digits), None
        if more := _UPPER.match(words, end):
            upper, end = decimal(more["digits"]), more.end()
    rest, extra, rough = words[end : end + 16], 0, False
    if more := _FACTOR_AND_MORE.match(rest):
        rest, extra, rough = more["factor"] + rest[more.end() :], 1, True
    if match := _FOR_EACH_A_NUMBER.search(rest):
        rest = rest[: match.start()]  # 300人每人1000元: 每人 belongs to what follows
    unit = unit_after(rest)
    if not unit.name or unit.name in _NO_UNITS or unit.lacks_yuan:
        return None
    end += extra + len(unit.typed)
    sign, typed, _ = words_after(words[end : end + 6], unit.name)
    end += len(typed)
    if match := _ROUGHLY_AFTER.match(words, end):
        end, rough = match.end(), True
    kind = _kind(unit.name, unit.kind, words[end : end + 4])
    value, name = base(number, unit.name)
    return _Span(place.start(), end, value, upper and base(upper, unit.name)[0], name, kind, sign, rough)


def _is_date(words: str, place: re.Match[str]) -> bool:
    behind = words[place.end() : place.end() + 2]
    if behind[:1] == "年":
        return len(place["digits"]) == 4 or (place.start() > 0 and words[place.start() - 1] in "近第")
    return behind[:1] in "月日号" and behind[1:] != "均" and not behind.startswith("日内")


def _kind(name: str, kind: str, behind: str) -> Kind:
    if kind == "money":
        return "money"
    if kind == "percent":
        return "percent"
    if name.endswith("岁"):
        return "age"
    if name in _LASTING or (name == "天" and _WITHIN.match(behind)):
        return "time"
    return "count"


def _mention(words: str, begin: int, spans: Sequence[_Span], at: int) -> Mention:
    span = spans[at]
    clause = _last(_CLAUSE, words, begin, span.start)
    previous = spans[at - 1].end if at else begin
    opens = max(_last(_PHRASE, words, begin, span.start), previous)
    before, after = (
        words[opens : span.start],
        _until_mark(words, span.end, spans[at + 1].start if at + 1 < len(spans) else len(words)),
    )
    if at and opens == previous and _CHANGED_TO.search(before.strip()) and len(before.strip()) < 5:
        # 由70%提高到72%: what was 70 % is now 72 %.
        before = words[max(clause, spans[at - 2].end if at > 1 else begin) : spans[at - 1].start]
    sign, before = _sign_before(before)
    rough = span.rough or bool(_ROUGHLY_BEFORE.search(before))
    leading = words[max(clause, previous) : span.start]
    role, per = _role(span, leading, before, after, words[_last(_SENTENCE, words, begin, span.start) : span.start])
    years = [*_YEAR.finditer(leading)]
    year = (int(years[-1][1]) if years[-1][1] else _PAST) if years else None
    return Mention(
        span.start, span.end, words[span.start : span.end], span.number, span.unit, span.kind, role,
        sign or span.sign, before.strip(), after.strip(), clause, _last(_SENTENCE, words, begin, span.start), year, per,
        rough, span.upper,
    )  # fmt: skip


def _last(mark: re.Pattern[str], words: str, begin: int, end: int) -> int:
    """Return the place behind the last mark before `end`, or `begin`."""
    found = begin
    for place in mark.finditer(words, begin, end):
        found = place.end()
    return found


def _until_mark(words: str, start: int, end: int) -> str:
    place = _PHRASE.search(words, start, end)
    return words[start : place.start() if place else end]


@lru_cache(maxsize=1024)
def _sign_before(text: str) -> tuple[str, str]:
    """Return the sign that `text` ends with, as one of ≥ ≤ = > < or '', and the words before it."""
    text = text.rstrip()
    if text.endswith(("≥", "≤", "=", ">", "<")):
        return text[-1], text[:-1]
    word = next((text[-size:] for size in range(6, 1, -1) if is_word(text[-size:])), "")
    return (sign_of(word).sign, text.removesuffix(word)) if word else ("", text)


def _role(span: _Span, leading: str, before: str, after: str, sentence: str) -> tuple[Role, str]:
    """Return what a quantity is said as, and for what one it is said where it falls to each.

    `leading` is its clause up to it, from the quantity before; `sentence` all of its sentence up to it.
    """
    _, _, per = span.unit.partition("/")
    if span.unit in _POINTS or (_CHANGE.search(before) and not _CHANGED_TO.search(before)):
        return "change", per
    if span.kind != "money" and _COMPARED.search(leading) and not _CHANGED_TO.search(before) and _YEAR.search(leading):
        return "change", per
    if per:
        return "each", per.replace("/", "·")
    if match := _EACH.search(before):
        return "each", _per(before[max(0, match.start() - 1) :])
    if before.endswith(("由", "从")) or _STARTED_FROM.match(after):
        return "baseline", ""
    return ("part" if _PART.search(sentence) else "claim"), ""


@lru_cache(maxsize=1024)
def _per(words: str) -> str:
    """Return for what one something falls to each: 人·月 of 每人每月."""
    return "·".join([found["one"] or found["two"] or found["three"] or "" for found in _EACH_UNIT.finditer(words)])
