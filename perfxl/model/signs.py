"""The signs ≥ ≤ = > <, all that people type for them, and the words that say the same."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

AT_LEAST, AT_MOST = "≥>", "≤<"

_LOOKS = {"≥": "≥≧⩾≽≮", "≤": "≤≦⩽≼≯", "=": "=═", ">": ">》〉", "<": "<《〈"}
_CODES = {
    "≥": (r"\geqslant", r"\geq", r"\ge", "&ge;"),
    "≤": (r"\leqslant", r"\leq", r"\le", "&le;"),
    ">": (r"\gt", "&gt;"),
    "<": (r"\lt", "&lt;"),
}
_WORDS = {
    ">": "大于 高于 超过 多于",
    "<": "小于 低于 少于",
    "=": "等于",
    "≥": "大于等于 大于或等于 大于或者等于 不少于 不得少于 不低于 不得低于 不小于 不得小于 至少 最少 最低",
    "≤": "小于等于 小于或等于 小于或者等于 不大于 不得大于 不高于 不得高于 不超过 不得超过 不多于 至多 最多 最高",
}
_CHAR = {look: sign for sign, looks in _LOOKS.items() for look in looks}
_CODE = {code: sign for sign, codes in _CODES.items() for code in codes}
_WORD = {word: sign for sign, words in _WORDS.items() for word in words.split()}
_LONGEST_FIRST = sorted(_WORD, key=len, reverse=True)
_AFTER = re.compile(r"(?P<least>[及或]?以上)|(?P<most>[及或]?以下|以内|之内|内)")
# 5日内 and 3万元内 set a bound, 会议室内 does not.
_LASTING = tuple("天日月年时钟元")
_BOUND = re.compile(r"[及或]?以[上下]|以内|之内|内")
_PAIRS = {">=": "≥", "=>": "≥", "≥=": "≥", "<=": "≤", "=<": "≤", "≤=": "≤", "==": "="}

# Written out by hand, for six patterns hold it and a list of 40 words makes each slow to compile. A test compares.
_SYMBOL = r"(?:\\[gl](?:eqslant|eq?|t)|&[gl][et];|[" + "".join(_CHAR) + "])"
SIGN_WORD = (
    "(?:不(?:得?[少低小大高]于|得?超过|多于)|[大小]于(?:或者?)?等于|等于|[大小高低多少]于|超过|[至最][少多]|最[高低])"
)
"""Any word that is as good as a sign."""

SYMBOLS = rf"{_SYMBOL}(?:\s*{_SYMBOL})*"
"""One symbol of a sign or several: ≧, >=, 》."""

SIGN = rf"(?:{SYMBOLS}{SIGN_WORD}?|{SIGN_WORD})"
"""Any sign before a number: symbols, one or several, or a word, or symbols followed by a word."""


class Sign(NamedTuple):
    """A sign as one of ≥ ≤ = > <, and whether it was typed twice (≥≥, =≥, ≥大于等于) or against itself (≥≤)."""

    sign: str
    typed: str
    twice: bool = False
    contradictory: bool = False


# People type the same few signs over and over.
@lru_cache(maxsize=512)
def sign_of(typed: str) -> Sign:
    """Return what the characters found by `SIGN` mean. Of two signs the last stands, for it is nearest the number."""
    if not typed:
        return Sign("", "")
    word = next((word for word in _LONGEST_FIRST if typed.endswith(word)), "")
    symbols = typed.removesuffix(word)
    for code, sign in _CODE.items():
        symbols = symbols.replace(code, sign)
    signs = [_CHAR[char] for char in symbols if char in _CHAR]
    # "≥=" and "=>" are ways to type ≥ and "==" is a slip of the finger, but "=≥" is two signs.
    signs = [_PAIRS["".join(signs)]] if "".join(signs) in _PAIRS else signs
    if word:
        signs.append(_WORD[word])
    return Sign(signs[-1], typed, len(signs) > 1, not all(agree(sign, signs[-1]) for sign in signs))


def agree(one: str, other: str) -> bool:
    """Return whether two signs point the same way; = and no sign agree with every other."""
    if not one or not other:
        return True
    return not ((one in AT_LEAST and other in AT_MOST) or (one in AT_MOST and other in AT_LEAST))


def words_after(text: str, unit: str) -> tuple[str, str, str]:
    """Return the sign that words after a number and its unit express, those words, and what is left of `text`."""
    found = _AFTER.match(text) if text else None
    if found and (found[0] != "内" or unit[-1:] in _LASTING):
        return "≥" if found["least"] else "≤", found[0], text[found.end() :]
    return "", "", text


@lru_cache(maxsize=512)
def is_word(typed: str) -> bool:
    """Return whether a sign was typed as a word, which is as good as a symbol in prose."""
    return typed in _WORD or bool(_BOUND.fullmatch(typed))
