"""Characters that nobody sees, and blanks that are no ordinary ones: how they come into a cell nobody knows either.

Web pages, PDF files and input methods leave them behind when people copy from them.
"""

from __future__ import annotations

import re

# Of zero width, or steering others: general category Cf of Unicode 15 as far as such characters are found in practice,
# and the fillers of Hangul, which look like nothing.
_ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\ufe00-\ufe0f"
)
_OTHER_BLANKS = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# What people indent with besides the full-width blank: a word processor's and a web page's blanks.
_INDENTS = "\u00a0\u2002\u2003\u3000"
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"

_UNSEEN = re.compile(f"[{_ZERO_WIDTH}]")
_FILLER = re.compile("[\u034f\u115f\u1160\u3164\ufe00-\ufe0f\uffa0]")  # of these Python says that they can be printed
_BLANK = re.compile(f"[{_OTHER_BLANKS}]")
_MARKED = re.compile(f"[{_ZERO_WIDTH}{_CONTROLS}]")
_BLANKS_MARKED = re.compile(f"([{_OTHER_BLANKS}])\\1*|^[ \t\r\n]+|[ \t\r\n]+$")
_INDENT = re.compile(f"^[ \t{_OTHER_BLANKS}{_ZERO_WIDTH}]*[{_INDENTS}][ \t{_OTHER_BLANKS}{_ZERO_WIDTH}]*", re.MULTILINE)

INDENTING = re.compile(f"[{_INDENTS}]")
"""Finds something in every text that `unindented` changes."""

_NAMES = {
    "\u00ad": "软连字符",
    "\u200b": "零宽空格",
    "\u200c": "零宽不连字",
    "\u200d": "零宽连字",
    "\u2060": "零宽不换行",
    "\ufeff": "字节序标记",
    "\u00a0": "不间断空格",
    "\u202f": "不间断空格",
    "\u3000": "全角空格",
    "\t": "制表符",
    "\n": "换行",
    " ": "空格",
}
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _is_all_seen(text: str) -> bool:
    """Whether a look tells that a text has no unusual character."""
    return text.isprintable() and (text.isascii() or _FILLER.search(text) is None)


def seen(text: str) -> str:
    """Return a text without the characters that have no width."""
    return text if _is_all_seen(text) else _UNSEEN.sub("", text)


def with_plain_blanks(text: str) -> str:
    """Return a text with an ordinary blank for every other kind of blank."""
    return _BLANK.sub(" ", text)


def is_blank(text: str) -> bool:
    """Whether people see nothing of a text."""
    return not with_plain_blanks(seen(text)).strip()


def has_unusual(text: str) -> bool:
    """Whether a text has a character that nobody sees, or a blank that is no ordinary one."""
    return not _is_all_seen(text) and (_UNSEEN.search(text) is not None or _BLANK.search(text) is not None)


def visible(text: str) -> str:
    """Return a text with the names of characters that nobody sees in their places: `321001［零宽空格］`."""
    return text if _is_all_seen(text) else _MARKED.sub(lambda found: _named(found[0], 1), text)


def visible_blanks(text: str) -> str:
    """Return what `visible` does, with unusual blanks named as well, and ordinary ones at the ends of the text."""
    return visible(_BLANKS_MARKED.sub(lambda found: _named(found[0][0], len(found[0])), text))


def unindented(text: str) -> str:
    """Return a text without the blanks with which people indent its lines: the document has an indent of its own.

    Ordinary blanks and tabs alone are no indent.
    """
    return text if text.isprintable() else _INDENT.sub("", text)


def _named(character: str, number: int) -> str:
    name = _NAMES.get(character)
    if name is None:
        if character in _DIRECTIONS:
            name = "方向控制符"
        elif ord(character) < 0xA0:
            name = "控制字符"
        elif _BLANK.match(character):
            name = "特殊空格"
        else:
            name = f"U+{ord(character):04X}"
    return f"［{name}］" if number == 1 else f"［{name}×{number}］"
