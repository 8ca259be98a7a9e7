"""What of a text can be printed at all."""

from __future__ import annotations

import re

# https://www.w3.org/TR/xml/#charsets: a document with any other character is not XML, and Word refuses to open it.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable_text(text: str) -> str:
    r"""Return `text` without the characters that XML 1.0 cannot hold, and with every line end as `\n`.

    Taken away are control characters other than tab and line ends, lone surrogates, U+FFFE and U+FFFF. Nothing else
    changes: blanks, tabs and rare ideographs stay. Whether the clerk should hear of it is for `checks` to say.
    """
    if text.isprintable():
        return text
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
