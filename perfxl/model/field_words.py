"""The words of the field: which there are, for whoever has to know where a word ends."""

from __future__ import annotations

from functools import cache
from pathlib import Path

LEXICON = Path(__file__).with_name("lexicon.txt")
"""The list of words; the rules on slips of the pen read more out of it (`perfxl.checks.language`)."""


@cache
def field_words() -> frozenset[str]:
    """Return every word of the list that has two characters or more; reading it takes 3 ms, once."""
    words: set[str] = set()
    for part in LEXICON.read_text("utf-8").split("\n[")[1:]:
        name, _, body = part.partition("]\n")
        if name != "collocations":  # word groups, which may be parted
            words.update(word for line in body.splitlines() if not line.startswith("#") for word in line.split())
    return frozenset(word for word in words if len(word) > 1)
