"""What of a text can be printed at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# https://www.w3.org/TR/xml/#charsets: a document with any other character is not XML, and Word refuses to open it.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_WRITTEN = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;"))
_STR = {str}


def printable_text(text: str) -> str:
    r"""Return `text` without the characters that XML 1.0 cannot hold, and with every line end as `\n`.

    Taken away are control characters other than tab and line ends, lone surrogates, U+FFFE and U+FFFF. Nothing else
    changes: blanks, tabs and rare ideographs stay. Whether the clerk should hear of it is for `checks` to say.
    """
    if text.isprintable():
        return text
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(text: str) -> str:
    """Return `text` as it stands in XML, in the words of markupsafe."""
    for sign, written in _WRITTEN:
        if sign in text:
            text = text.replace(sign, written)
    return text


def only_text(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `context` in plain dicts, lists and str, so that no object of a richer kind reaches a template.

    All text is as `printable_text` leaves it; where nothing has to change, it is `context` itself that is returned.
    Raises `TypeError` where it holds something else than text, true and false.
    """
    found: list[str] = []
    if _is_plain(context, found):
        together = "".join(found)
        for usual in "\n\t\u3000":
            together = together.replace(usual, "")
        if together.isprintable() or ("\r" not in together and not _UNPRINTABLE.search(together)):
            return context
    return {str(key): _copied(member) for key, member in context.items()}


def _is_plain(value: Any, found: list[str]) -> bool:
    """Return whether `value` is made of plain dicts and lists, and add its texts to `found`."""
    kind = type(value)
    if kind is dict:
        members: Any = value.values()
        if set(map(type, value)) != _STR and value:
            return False
    elif kind is list:
        members = value
    else:
        return kind is bool
    kinds = set(map(type, members))
    if kinds == _STR:
        found += members
        return True
    found += [member for member in members if type(member) is str]
    return all(_is_plain(member, found) for member in members if type(member) is not str)


def _copied(value: Any) -> Any:
    if isinstance(value, str):
        return printable_text(str(value))
    if isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): _copied(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(member) for member in value]
    raise TypeError(f"only text is printed, not {type(value).__name__}")
