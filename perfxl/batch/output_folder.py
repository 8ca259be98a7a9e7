"""The documents in the output: put into place whole, and never over what somebody else has made of them."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path, PurePath

from perfxl.batch.discovery import PARTS
from perfxl.batch.serialization import digest
from perfxl.pipeline.placing import is_ours
from perfxl.storage.files import Surroundings

RETURNED, RESENT = "退回", "修改对照"  # beside the documents: what goes back to the units, and what they have changed
_ROOTS = ("/", os.sep)
_PART_NAME = re.compile(r"[0-9a-f]+-[0-9]+\.(docx|pdf)")  # as workers call them


class Shelf:
    """The tree of documents in an output folder."""

    def __init__(self, output: Path, private: Path, force: bool) -> None:
        self._output, self._force = output, force
        self._root = output.resolve()
        self._place = f"{output}{os.sep}"
        self._folders: set[str] = set()
        self.parts = private / PARTS

    def clear_parts(self) -> None:
        """Throw away what a killed run has left, and make room for this one."""
        try:
            if not any(self.parts.iterdir()):
                return
        except OSError:
            pass  # it is not there yet
        import shutil

        shutil.rmtree(self.parts, ignore_errors=True)
        self.parts.mkdir(parents=True, exist_ok=True)

    def state(self, row: sqlite3.Row) -> str:
        """Return what became of the document of a row: `ours`, `edited` or `deleted`."""
        path = self._inside(row["document"])
        try:
            known = os.lstat(path)
        except OSError:
            return "deleted"
        if (known.st_size, known.st_mtime_ns) == (row["output_size"], row["output_mtime"]):
            return "ours"
        return "ours" if self._digest(Path(path)) == row["output"] else "edited"

    def place(self, row: sqlite3.Row) -> os.stat_result | None:
        """Put an announced document into its place and return what the directory says of it.

        Returns None where somebody else's document stands there, or where the announced one is lost. A row may have
        been written by anybody: it leads nowhere but into the output, moves nothing but the very file that it
        announces, and what it calls ours is so only if that says it itself. Raises `Surroundings` where the place
        cannot be written to.
        """
        way, part = self._inside(row["document"]), self._part(row["part"])
        if not way:
            return None
        target = Path(way)
        if self._digest(target) == row["intended"]:
            if part is not None:
                part.unlink(missing_ok=True)
            return target.lstat()
        if part is None or self._digest(part) != row["intended"]:
            return None
        if not self._force and os.path.lexists(target) and not is_ours(target):
            return None
        try:
            self._make_folder(target.parent)
            os.replace(part, target)  # noqa: PTH105
        except OSError as error:
            raise Surroundings(
                f"“{target.name}”没有保存（{error.strerror}）：请看它是不是正打开着，文件夹能不能写入。"
            ) from error
        return target.lstat()

    def _inside(self, document: object) -> str:
        """Return where a document belongs; empty where that is not in the output."""
        name = os.fsdecode(document) if isinstance(document, bytes) else ""
        if not name or name.startswith(_ROOTS) or "\0" in name:
            return ""
        if ".." in name or ":" in name:  # a Path for each of 250,000 names is slow
            plain = PurePath(name)
            if plain.drive or ".." in plain.parts:
                return ""
        return f"{self._place}{name}"

    def _part(self, name: object) -> Path | None:
        """Return the part of that name, or None where there is none among the parts."""
        if not isinstance(name, str) or not _PART_NAME.fullmatch(name):
            return None
        return self.parts / name

    def _digest(self, path: Path) -> bytes:
        try:
            # A pipe would keep us waiting for ever.
            return digest(path.read_bytes()) if path.is_file() and not path.is_symlink() else b""
        except OSError:
            return b""

    def _make_folder(self, folder: Path) -> None:
        """Make a folder of the tree. A link on the way could lead out of the output, so none is followed."""
        if str(folder) in self._folders:
            return
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.resolve().is_relative_to(self._root) or folder.resolve() != self._root / folder.relative_to(
            self._output
        ):
            raise Surroundings(f"文件夹“{folder}”是快捷方式，没有往里写。请把它改成真正的文件夹。")
        self._folders.add(str(folder))
