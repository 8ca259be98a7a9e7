"""Which workbooks there are below a folder, and where the document of each belongs.

Nothing is kept in memory beyond one folder's names, so that a province's workbooks cost no more than a county's.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.storage.files import UNIFORM_ENDING, is_own, is_table, is_word
from perfxl.storage.zip_archive import Damaged, ZipArchive

SUMMARY = ("汇总.xlsx", "汇总.jsonl", "汇总.html")
PRIVATE = ".perfxl"  # the ledger's folder inside the output
PARTS = "parts"  # inside that: what is being made

_ZIP = b"PK\x03\x04"
_WORKBOOK = "xl/workbook.xml"
_HIDDEN = 2  # FILE_ATTRIBUTE_HIDDEN


class Found(NamedTuple):
    """A workbook: its path and that of its document, below their folders, and what the directory says of it."""

    path: str
    document: str
    size: int
    mtime: int


class Notice(NamedTuple):
    """Something that the plan has to say about a path: a code of the catalogue and its words."""

    path: str
    code: str
    words: Mapping[str, Any]


def workbooks(folder: Path, output: Path) -> Iterator[Found | Notice]:
    """Yield every workbook below `folder` in the order of names, and what is to be said of files that are none.

    Hidden files and the locks of office programs are passed over, and so is the output where it lies inside. No link is
    followed: it would leave the folder, or lead round in a circle. A document bears the name of its workbook, except
    where two workbooks of a folder would give one name, be it on a disk that knows no case: then both keep their ends.

    A Word document is input as well, except beside a workbook of its name, whose document it is. Where its own document
    would take its place, that has another name.
    """
    yield from _below(folder, "", _Output(folder, output))


class _Output:
    """What of the tree is not input: the output's folder, or our own files where both are one folder."""

    def __init__(self, folder: Path, output: Path) -> None:
        self.is_same = output.exists() and output.samefile(folder)
        self._output = output.stat() if output.exists() else None

    def is_file(self, name: str, inside: str) -> bool:
        return self.is_same and not inside and name in SUMMARY

    def is_folder(self, entry: os.DirEntry[str]) -> bool:
        if self.is_same or self._output is None:
            return False
        return os.path.samestat(entry.stat(follow_symlinks=False), self._output)


def _below(folder: Path, inside: str, output: _Output) -> Iterator[Found | Notice]:
    try:
        with os.scandir(folder / inside) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        yield Notice(inside or ".", "B02", {"name": inside or folder.name})
        return
    files, folders = [], []
    for entry in entries:
        if entry.name.startswith((".", "~$")) or is_own(entry.name) or _is_hidden(entry):
            continue
        kind = _kind(entry)
        if kind == "link":
            if is_table(entry.name) or _leads_to_folder(entry):
                yield Notice(inside + entry.name, "B01", {"name": entry.name})
        elif kind == "folder":
            if not output.is_folder(entry):
                folders.append(entry.name)
        elif kind == "file" and not output.is_file(entry.name, inside) and _is_workbook(entry):
            files.append(entry)
    yield from _named(_without_documents(files), inside, output)
    for name in folders:
        yield from _below(folder, f"{inside}{name}/", output)


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if os.name != "nt":
        return False
    return bool(getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) & _HIDDEN)


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_symlink():
            return "link"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        # A pipe or a socket would keep us waiting for ever.
        return "file" if stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode) else "other"
    except OSError:
        return "gone"


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_workbook(entry: os.DirEntry[str]) -> bool:
    # Tables and Word documents are told of whatever is in them; files of other names count if a workbook is inside.
    if is_table(entry.name) or is_word(entry.name):
        return True
    try:
        with open(entry.path, "rb") as stream:  # noqa: PTH123
            if stream.read(len(_ZIP)) != _ZIP:
                return False
            return _WORKBOOK in ZipArchive(stream).names()
    except (OSError, Damaged):
        return False


def _without_documents(files: Sequence[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """Return files without the documents of workbooks that are among them."""
    stems = {_stem(entry.name) for entry in files if not is_word(entry.name)}
    return [entry for entry in files if not is_word(entry.name) or _stem(entry.name) not in stems]


def _stem(name: str) -> str:
    return _alike(os.path.splitext(name)[0])  # noqa: PTH122


def _named(files: Iterable[os.DirEntry[str]], inside: str, output: _Output) -> Iterator[Found | Notice]:
    """Yield the workbooks of one folder with the names of their documents."""
    listed = [(entry, os.path.splitext(entry.name)[0]) for entry in files]  # noqa: PTH122
    stems = Counter([_alike(stem) for _, stem in listed])
    names: Counter[str] = Counter()
    if len(stems) < len(listed):
        names.update([_alike(entry.name) for entry, _ in listed])
    used: Counter[str] = Counter()
    for entry, stem in listed:
        if names and stems[_alike(stem)] > 1:
            alike = _alike(entry.name)
            used[alike] += 1
            number = f"({used[alike]})" if names[alike] > 1 else ""
            stem = f"{entry.name}{number}"
            yield Notice(inside + entry.name, "B03", {"name": entry.name, "document": f"{stem}.docx"})
        try:
            known = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # it has gone in the meantime
        ending = UNIFORM_ENDING if output.is_same and is_word(entry.name) else ".docx"
        yield Found(inside + entry.name, f"{inside}{stem}{ending}", known.st_size, known.st_mtime_ns)


def _alike(name: str) -> str:
    """Return what a name comes down to on a disk that knows no case and composes accents in its own way."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
