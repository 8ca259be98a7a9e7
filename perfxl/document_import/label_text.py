"""Labels and headings as they compare: blanks, widths, numbering and bracketed remarks aside."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 40  # characters; what is longer is prose, whatever it begins with

_BLANKS = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\x00-\x1f]+")
_MARKS = "*★☆※#●■◆▲"
_BRACKETS = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】)$")
_NUMBER = re.compile(
    r"""(?:
        第[一二三四五六七八九十\d]{1,3}[部章节篇][分]?[、:.]?
      | [(〔\[](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)〕\]][、.]?
      | [一二三四五六七八九十]{1,3}[、.:]
      | \d{1,2}(?:\.\d{1,2}){0,2}[、.)](?!\d)
      | \d{1,2}(?:\.\d{1,2}){1,2}(?=[^\d.])
    )""",
    re.VERBOSE,
)


def compact(text: str) -> str:
    """Return `text` without any blanks, in its plain widths: `其中：财政    资金` → `其中:财政资金`."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=20_000)
def label_keys(text: str) -> tuple[str, ...]:
    """Return what `text` may be called as a label, the most exact first; nothing where it is too long to be one.

    `*2.资金支出计划（%）：` gives itself without blanks, then `资金支出计划(%)` and `资金支出计划`.
    """
    if len(text) > 4 * LONGEST:
        return ()
    key = compact(text).lstrip(_MARKS).rstrip(":;")
    if not key or len(key) > LONGEST:
        return ()
    keys = [key]
    numbered = _NUMBER.match(key)
    if numbered and numbered.end() < len(key):
        keys.append(key[numbered.end() :].rstrip(":;"))
    for found in list(keys):
        while (shorter := _BRACKETS.sub("", found).rstrip(":;")) and shorter != found:
            keys.append(shorter)
            found = shorter
    return tuple(dict.fromkeys(keys))


def after_number(text: str) -> str:
    """Return a heading without its number and blanks."""
    key = compact(text)
    numbered = _NUMBER.match(key)
    return key[numbered.end() :] if numbered else key


def number_before(text: str) -> str:
    """Return the number that a heading begins with, without blanks; empty where it has none."""
    numbered = _NUMBER.match(compact(text))
    return numbered[0] if numbered else ""
