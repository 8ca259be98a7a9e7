"""Numbers, units and money as people print them in targets and prose.

All numbers are exact `Decimal`. Chinese numerals are read here in a dozen lines: the library for them (cn2an 0.5.24)
takes 100 ms to import, answers in float and leaves folders called `src` and `build` among the installed packages.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from perfxl.model.numbers import BEYOND, decimal_of, whole_of

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE |= str.maketrans("．％﹪٪＋－＜﹤＝﹦＞﹥／～￥＼\u3000\u00a0\t", ".%%%+-<<==>>/~¥\\   ")
_COMPACT = _WIDE | dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
# To look for these first is many times faster than to translate a text that has none of them.
_IS_WIDE = re.compile("[" + re.escape("".join(map(chr, _WIDE))) + "]")
_IS_LOOSE = re.compile(r"[\s" + re.escape("".join(map(chr, _COMPACT))) + "]")

_NOT_INSIDE = r"(?:(?<![A-Za-z0-9.])|(?<=\\[gl]e)|(?<=\\[gl]t)|(?<=\\[gl]eq)|(?<=qslant))"
NUMBER = rf"{_NOT_INSIDE}(?:[0-9]{{1,3}}(?:[,，][0-9]{{3}})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
"""A number with or without thousands separators; not the 2.5 of PM2.5, but the 90 of \\geq90."""

NUMERAL = "[零〇一二两三四五六七八九十百千万亿]"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}

JUDGED = "(?:优|良|合格|达标|完成|满意|及时|有效|显著|明显|提[高升]|改善|较好|好转|可控|到位|正常|完善|健全|达到)"
"""Words that judge rather than count: never a unit."""

_FACTOR = "万亿|[十百千]?[万亿]|[百千]"
_FACTORS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_PER = r"(?:[/每](?:[A-Za-z]+|(?:[\u4e00-\u9fff]|[·.]){1,5}))*"
_MONEY = re.compile(rf"(?P<factor>{_FACTOR}|十)?(?P<yuan>元人民币|人民币元?|元整|元|圆|RMB)(?P<per>{_PER})")
_UNLISTED = re.compile(rf"(?![及或以之内左上下不未已按全均率])(?!{JUDGED})[\u4e00-\u9fff]{{1,3}}{_PER}")
_BEFORE_UNIT = re.compile(rf"(?:{_FACTOR})(?=.)")
_PERCENT = re.compile(r"%|百分比|百分之|百分率")
_BARE_FACTOR = re.compile(r"(?:[百千十]?[万亿]|万亿)(?![\u4e00-\u9fff]|[A-Za-z])")
_LATIN = re.compile(r"[A-Za-zμ℃℉°㎡㎥㎞㎎㎏㎝㎜²³]+(?:[/·](?:[\u4e00-\u9fff]|[A-Za-zμ℃㎡㎥²³]){1,3})*")

# Units of measure which may stand straight after a number, the longer of two before the shorter.
_MEASURE = re.compile(
    rf"""(?:{_FACTOR})?(?:
        个(?:工作日|自然日|日历日|小时|季度|月|百分点|点|村|县|人|单位|项目)?
        |工作日|自然日|日历日|百分点|分钟|小时|秒钟|季度|学[期年时分]|课时|标段|床位|点位|街道|社区|乡镇|分册
        |平方(?:公里|千米|米)|平米|立方米?|公[里顷斤]|千(?:瓦时|瓦|米|克)|兆瓦?|[厘毫]米|华里|毫[克升]|吨(?:标准煤)?|分贝
        |[美欧日港]元|英镑|微克|人[次天日月年]?|台[套件]|台（套）|件套|亩次|头份|席位?|宗地
        |[户场车班架台件家批辆项例门节亩款届期剂]次?
        |[名位个次篇份册本部套只张条处座所间栋幢株棵头匹羽尾盏块片段组队轮站点起宗案卷页幅面字句封则首支根把口眼孔道]
        |[床桶箱包袋瓶盒副双对艘列趟笔种类级层楼年月周天日时分秒季米里克斤升度倍成折星代村镇乡县市区省国路线端号席桌餐顿]
        |[杯针管枚粒颗束丛穴窝课回番版集枪桩杆井泵池厂校园馆店铺摊]
    ){_PER}""",
    re.VERBOSE,
)
# 级、等、类 after a Chinese numeral name a grade (一级), not a number; 十分 is an adverb.
_NOT_COUNTED = frozenset("级类分点号成代道路线面时国省市区县")


class Unit:
    """What follows a number: the unit as typed and as it should be written, and the words after it.

    `kind` is percent, money or quantity.
    """

    __slots__ = ("kind", "lacks_yuan", "name", "rest", "typed")

    def __init__(self, typed: str, name: str, kind: str, rest: str, lacks_yuan: bool = False) -> None:
        self.typed = typed
        self.name = name
        self.kind = kind
        self.rest = rest
        self.lacks_yuan = lacks_yuan


class Amount:
    """Money found in prose: its place, the words as they stand, the amount in 万元 and the unit (元, 万元 …)."""

    __slots__ = ("amount", "length", "start", "typed", "unit")

    def __init__(self, start: int, length: int, typed: str, amount: Decimal, unit: str) -> None:
        self.start = start
        self.length = length
        self.typed = typed
        self.amount = amount
        self.unit = unit


def plain(text: str) -> str:
    """Return `text` with full-width digits, letters and signs in half width; same length, so that places stay."""
    return text.translate(_WIDE) if _IS_WIDE.search(text) else text


def compact(text: str) -> str:
    """Return `text` plain and without blanks, but for one between two digits, where it parts two numbers."""
    if not _IS_LOOSE.search(text):
        return text
    words = text.translate(_COMPACT).split()
    joined = words[0] if words else ""
    for word in words[1:]:
        joined += f" {word}" if joined[-1].isascii() and joined[-1].isdigit() and "0" <= word[0] <= "9" else word
    return joined


_LONGEST_NUMERAL = 30  # 一千二百三十四亿…… up to 15 digits


def decimal(number: str) -> Decimal:
    """Return the number that `NUMBER` found, exactly; beyond fifteen digits, the largest there is."""
    return decimal_of(number) or Decimal(0)


def numeral(text: str) -> int | None:
    """Return the value of a Chinese numeral (三十二 → 32, 二〇二五 → 2025), or None where it is none.

    One of more signs than any number needs is none.
    """
    if (
        not text
        or len(text) > _LONGEST_NUMERAL
        or any(char not in _DIGITS and char not in _STEPS and char not in _MYRIADS for char in text)
    ):
        return None
    if all(char in _DIGITS for char in text):
        return whole_of("".join(str(_DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _STEPS:
            section += (digit or (1 if char == "十" and not section else 0)) * _STEPS[char]
            digit = 0
        else:
            total = (total + section + digit) * _MYRIADS[char] if char == "亿" else total + (section + digit) * 10**4
            section = digit = 0
    value = total + section + digit
    return value if 0 < value < BEYOND else None


@lru_cache(maxsize=1024)
def countable(text: str) -> bool:
    """Return whether `text` begins with a unit that a Chinese numeral may stand before (十二次, not 一级 or 一般)."""
    found = _MONEY.match(text) or _MEASURE.match(text)
    return bool(found) and found is not None and found[0] not in _NOT_COUNTED


@lru_cache(maxsize=4096)
def unit_after(text: str) -> Unit:
    """Return the unit at the start of `text`, what it is and what is left; an empty unit where there is none.

    百分比 and 百分之 become %, 元人民币 and 元整 become 元; a bare 万 or 亿 lacks its 元. A short word that is no known
    unit counts as one when nothing else follows, for no list of units is complete.
    """
    if found := _PERCENT.match(text):
        return Unit(found[0], "%", "percent", text[found.end() :])
    if found := _MONEY.match(text):
        return Unit(found[0], f"{found['factor'] or ''}元{found['per']}", "money", text[found.end() :])
    if found := _MEASURE.match(text) or _LATIN.match(text):
        return Unit(found[0], found[0], "quantity", text[found.end() :])
    if found := _BARE_FACTOR.match(text):
        return Unit(found[0], f"{found[0]}元", "money", text[found.end() :], lacks_yuan=True)
    if found := _UNLISTED.fullmatch(text):
        return Unit(text, text, "quantity", "")
    return Unit("", "", "quantity", text)


def in_ten_thousand_yuan(number: Decimal, unit: str) -> Decimal | None:
    """Return an amount of money in 万元, or None where `unit` is no money. What comes after a slash is left aside."""
    factor = _yuan_in(unit)
    return None if factor is None else number * factor / 10**4


@lru_cache(maxsize=1024)
def _yuan_in(unit: str) -> Decimal | None:
    """Return how many 元 there are in a unit of money (10000 in 万元/人), or None where it is no money."""
    match = _MONEY.fullmatch(unit.replace("每", "/").partition("/")[0])
    return _factor(match["factor"] or "") if match else None


def base(number: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return a quantity so that equal ones compare equal: 90000元 and 9.00万元, 2万人 and 20000人."""
    factor, name, is_money = _base_unit(unit)
    if factor is None:
        return number, name
    return (number * factor / 10**4 if is_money else number * factor), name


@lru_cache(maxsize=1024)
def _base_unit(unit: str) -> tuple[Decimal | None, str, bool]:
    """Return the factor in a unit, if any, the unit without it, and whether it is money (its factor is that to 元)."""
    amount, _, per = unit.replace("每", "/").partition("/")
    yuan = _yuan_in(amount)
    if yuan is not None:
        return yuan, f"万元/{per}" if per else "万元", True
    if match := _BEFORE_UNIT.match(unit):
        return _factor(match[0]), unit[match.end() :], False
    return None, unit, False


def _factor(name: str) -> Decimal:
    product = Decimal(1)
    for char in name:
        product *= _FACTORS[char]
    return product


_IN_PROSE = re.compile(rf"(?P<number>{NUMBER})\s*(?P<unit>(?:{_FACTOR}|十)?元)(?!素|旦|宵|首|件|氏|月)")


def amounts(text: str) -> tuple[Amount, ...]:
    """Return the amounts of money in `text`, in order. 美元 and a bare 万 are not taken for money in 元."""
    if "元" not in text:
        return ()
    found = []
    for match in _IN_PROSE.finditer(plain(text)):
        number = decimal(match["number"])
        amount = in_ten_thousand_yuan(number, match["unit"])
        if amount is not None:
            typed = text[match.start() : match.end()]
            found.append(Amount(match.start(), len(typed), typed, amount, match["unit"]))
    return tuple(found)
