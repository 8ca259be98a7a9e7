"""Where results may stand: beside a workbook there may be files of others, and none of those is written over.

Ours is what this program has made and nobody has changed or saved since; that it says itself, whatever it is called.
What stands in the way of a result stays, the result gets another name, and a sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import count
from pathlib import Path
from typing import NamedTuple

_MOST = 64 * 2**20  # bytes of a file that may be ours
_ANOTHER = "（新生成{}）"
_TAKEN = "是这次用另一份填报表生成的"
_FOREIGN = "不是本程序生成的，或者生成以后被人改过、另存过"


class ResultPlace(NamedTuple):
    """Where a result belongs, and a sentence for people where that is not where it was to be."""

    path: Path
    sentence: str = ""


def place(wanted: Path, ending: str = "", *, taken: Collection[Path] = (), force: bool = False) -> ResultPlace:
    """Return where a result belongs that is to be called `wanted`: there, or, where others have a file, beside it.

    `ending` is what no other name of it may lose, by default its suffix; `taken` are the places of other results. With
    `force` a file of others is written over.
    """
    path, ending = wanted, ending or wanted.suffix
    for number in count(1):
        if path not in taken and (force or path.is_dir() or not _is_there(path) or is_ours(path)):
            break
        another = _ANOTHER.format("" if number == 1 else number)
        path = wanted.with_name(f"{wanted.name.removesuffix(ending)}{another}{ending}")
    if path == wanted:
        return ResultPlace(path)
    why = _TAKEN if wanted in taken else _FOREIGN
    return ResultPlace(path, f"“{wanted.name}”{why}，没有动它；这次的存成“{path.name}”。")


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def is_ours(path: Path) -> bool:
    """Whether this program has made a file, and nobody has changed or saved it since. A link is never ours."""
    try:
        # A pipe would keep us waiting for ever.
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST:
            return False
        return _recogniser(path.suffix.lower())(path.read_bytes())
    except OSError:
        return False


def _recogniser(suffix: str) -> Callable[[bytes], bool]:
    """Return what knows our files of a kind; somebody waits for a click, so that it loads nothing more than that."""
    if suffix == ".docx":
        from perfxl.document import origin

        return origin.is_as_made
    if suffix == ".pdf":
        from perfxl.document.printing import pdf_mark

        return pdf_mark.is_as_made
    if suffix == ".html":
        from perfxl.document import html_fragment

        return html_fragment.is_as_made
    from perfxl.workbook.form import findings_workbook

    return findings_workbook.is_as_made
