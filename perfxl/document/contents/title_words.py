"""Where a title may be parted: by its words, its years and brackets, the name of a unit and the kind of text.

What belongs to no word that is known stays whole: it is a name far more often than not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from perfxl.document.contents import line_breaking
from perfxl.model.field_words import field_words

NEVER = 1000.0
"""What it costs to part a word. The price of a line that is shorter than others is told in characters."""

# The kinds of text that published titles end in and how a year is said, each one word to whoever reads it; and words of
# units' names that the list of words has only within others.
_KINDS = (
    "绩效目标申报表", "绩效目标表", "绩效自评表", "绩效自评报告", "绩效自评", "自评报告", "绩效评价报告", "绩效文本",
    "绩效自评结果汇总表", "部门预算绩效文本", "部门预算", "整体支出", "项目支出", "绩效报告", "年度",
    "年",
)  # fmt: skip
_UNIT_WORDS = ("中共", "综合", "事务", "党校", "学院")
_PLACE_ENDS = frozenset("省市区县旗州盟镇乡村")
_UNIT_ENDS = frozenset("局委厅会办院所校站处队馆社部署室园行")
NEVER_FIRST = line_breaking.NEVER_FIRST | {"的"}
"""What begins no line of a title: 的 belongs to the word before it."""
_OPENING, _CLOSING = frozenset("（《「『【〔“("), frozenset("）》」』】〕”)")
_BEFORE, _AFTER = frozenset("和与及暨或"), frozenset("的、，,；;：:")
_LONGEST = 9
_WORD, _ODD = 1.0, 2.5  # what a word costs, and a character that belongs to none
_UNIT = re.compile(
    r"[\x00-\x1f\x21-\u024f]+|[\u4e00-\u9fff]+|.", re.DOTALL
)  # a number or Western word, Chinese, a sign


@lru_cache(maxsize=256)
def prices(text: str) -> tuple[float, ...]:
    """Return what it costs to begin a line at each character of `text`, `NEVER` or more within a word."""
    found = [NEVER] * len(text)
    for token in _UNIT.finditer(text):
        found[token.start()] = 4.0
        if "\u4e00" <= token.group()[0] <= "\u9fff":
            for at, price in _in_chinese(token.group()).items():
                found[token.start() + at] = price
    for at in range(1, len(text)):
        if found[at] < NEVER:
            found[at] = _beside(text, at, found[at])
    _within_brackets(text, found)
    return tuple(found)


def _in_chinese(text: str) -> dict[int, float]:
    """Return the prices of the places between the words of a run of Chinese characters, its beginning apart."""
    found: dict[int, float] = {}
    before = ""
    at = 0
    for word in _words(text):
        if at and not (_is_odd(word) and _is_odd(before)):
            found[at] = _between(before, word)
        before = word
        at += len(word)
    return found


def _words(text: str) -> list[str]:
    """Return the words of a run of Chinese characters: as few as there may be, characters of no word by themselves."""
    known, long = field_words(), len(text)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * long
    for start in range(long):
        so_far = best[start][0]
        for end in range(start + 1, min(long, start + max(_LONGEST, len(text))) + 1):
            word = text[start:end]
            if end - start == 1:
                price = _ODD
            elif word in _KINDS or word in _UNIT_WORDS or (end - start <= _LONGEST and word in known):
                price = _WORD + 0.01 * (end - start)
            else:
                continue
            if so_far + price < best[end][0]:
                best[end] = (so_far + price, start)
    words: list[str] = []
    end = long
    while end:
        words.append(text[best[end][1] : end])
        end = best[end][1]
    return words[::-1]


def _is_odd(word: str) -> bool:
    return len(word) == 1 and word not in _BEFORE and word not in _AFTER


def _between(before: str, word: str) -> float:
    if before == "年度" or word == "年度":
        return 0.0 if before == "年度" else NEVER
    if word in _KINDS:
        # Behind the name of a unit or a project, unless the kind is told by several words.
        return 5.0 if before in _KINDS else 1.0
    if before in _KINDS:
        return 3.0
    if _is_odd(word):
        # 唐山|市 and 中心|校: a single character goes with what stands before it.
        return NEVER if word in _PLACE_ENDS or word in _UNIT_ENDS else 8.0
    if _is_odd(before):
        return 2.0 if before in _PLACE_ENDS or before in _UNIT_ENDS else 8.0
    if before[-1] in _PLACE_ENDS or before[-1] in _UNIT_ENDS:
        return 2.0
    return 4.0


def _beside(text: str, at: int, price: float) -> float:
    """Return the price of a place where signs and numbers have their say."""
    before, sign = text[at - 1], text[at]
    if sign in NEVER_FIRST or before in line_breaking.NEVER_LAST or sign == " ":
        return NEVER
    if before == " " and text[:at].rstrip()[-1:].isdigit() and sign in "年度月日":
        return NEVER  # 2022 年度
    if before == " " or before in _AFTER or before in _CLOSING:
        return 0.0
    if sign in _OPENING or sign in _BEFORE:
        return 1.0
    if before in _BEFORE:
        return 8.0
    if before.isdigit():  # 3|个, 2025|年度
        return NEVER
    if sign.isdigit():
        return min(price, 1.0) if before not in "第№" else NEVER
    return price


def _within_brackets(text: str, found: list[float]) -> None:
    """What stands in brackets or quotation marks is dearer to part the shorter it is."""
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign in _OPENING:
            opened.append(at)
        elif sign in _CLOSING and opened:
            start = opened.pop()
            extra = 6.0 if at - start > _LONGEST else NEVER
            for inside in range(start + 1, at + 1):
                found[inside] += extra
