"""What is wrong with a file of an author of forms: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_ALIKE, _ALIKE_SHORT = 0.6, 0.5  # of words of two signs, one may be another
_SHORT = 2
_SHOWN = 12


class AuthorNote(NamedTuple):
    """A fault of a schema, a form, a template or a profile, in words for whoever made it.

    `file` is its name, `place` where in it, `problem` what is there, `cure` what to do. One that is not `grave` is
    told, but stops nothing. `paragraph` is the part of a Word template and the number of the paragraph in it.
    """

    file: str
    place: str
    problem: str
    cure: str = ""
    grave: bool = True
    paragraph: tuple[str, int] | None = None

    def __str__(self) -> str:
        where = " ".join(part for part in (self.file, self.place) if part)
        return f"{where}：{self.said}"

    @property
    def said(self) -> str:
        """Problem and cure, as sentences."""
        return "".join(
            f"{part.rstrip('。')}{'' if part.endswith('？') else '。'}" for part in (self.problem, self.cure) if part
        )


def likely(word: str, known: Iterable[str]) -> str:
    """Return `是不是“…”？` for what is nearest to a word that is not known, else what there is."""
    import difflib  # what nobody got wrong does without

    choices = list(dict.fromkeys(known))
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    near = difflib.get_close_matches(word.casefold(), folded, 1, _ALIKE if len(word) > _SHORT else _ALIKE_SHORT)
    if near:
        return f"是不是“{folded[near[0]]}”？"
    if not choices:
        return ""
    return f"可以写的是：{'、'.join(choices[:_SHOWN])}{'……' if len(choices) > _SHOWN else ''}"
