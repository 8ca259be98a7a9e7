"""Our files beside the documents in an output folder: letters, lists of changes. Never over what is somebody else's."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path, PurePath

from perfxl.batch.discovery import PARTS
from perfxl.batch.ledger import Ledger
from perfxl.batch.serialization import digest
from perfxl.storage.files import Surroundings


class SideFiles:
    """The files of one kind, below the folder `name` of an output. `kept` are those that somebody has changed."""

    def __init__(self, ledger: Ledger, output: Path, name: str) -> None:
        self._ledger, self._output, self._name = ledger, output, name
        self._part = ledger.folder / PARTS / f"{name}.part"
        self.kept: list[str] = []
        self.troubles: list[str] = []

    def current(self, path: str, made_of: bytes) -> bool:
        """Whether the file at `path` is there and was made of the same; where somebody has changed it, it stays."""
        row = self._row(path)
        return row is not None and row["made_of"] == made_of and self._found(path) != b""

    def put(self, path: str, data: bytes, made_of: bytes, owner: bytes) -> None:
        """Write a file for the workbook `owner`, unless somebody else's stands there; a trouble is remembered."""
        known, target, new = self._ours(path), self._output / self._name / path, digest(data)
        found = self._found(path)
        if found and found != new and found not in known:
            self.kept.append(f"{self._name}/{path}")
            return
        # Announced before it is written, so that a killed run's file is still known to be ours.
        self._enter(path, b"".join({*known, new}), b"", owner)
        try:
            self._make_folder(target.parent)
            self._replace(target, data)
        except Surroundings as trouble:
            self.troubles.append(str(trouble))
            return
        self._enter(path, new, made_of, owner)

    def keep_only(self, owners: set[bytes]) -> None:
        """Remove the files of all other workbooks, and the folders that are empty then."""
        query = "SELECT path, owner FROM side WHERE path >= ? AND path < ?"
        prefix = os.fsencode(f"{self._name}/")
        for row in self._ledger.execute(query, (prefix, prefix[:-1] + b"0")).fetchall():
            if bytes(row["owner"]) in owners:
                continue
            path = os.fsdecode(row["path"]).removeprefix(f"{self._name}/")
            if self._is_inside(path) and self._found(path) in self._ours(path):
                target = self._output / self._name / path
                with suppress(OSError):
                    target.unlink()
                    self._remove_empty(target.parent)
            self._ledger.execute("DELETE FROM side WHERE path = ?", (row["path"],))

    def _replace(self, target: Path, data: bytes) -> None:
        """Put a file in its place whole; what a killed run leaves is thrown away with the other parts."""
        try:
            self._part.parent.mkdir(exist_ok=True)
            self._part.write_bytes(data)
            self._part.replace(target)
        except OSError as error:
            raise Surroundings(
                f"“{target.name}”没有保存（{error.strerror}）：请看它是不是正打开着，文件夹能不能写入。"
            ) from error

    def _make_folder(self, folder: Path) -> None:
        """Make a folder below the output. A link on the way could lead out of it, so none is followed."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Surroundings(f"文件夹“{folder}”建不起来（{error.strerror}），请看能不能写入。") from error
        root = self._output.resolve()
        if folder.resolve() != root / folder.relative_to(self._output):
            raise Surroundings(f"文件夹“{folder}”是快捷方式，没有往里写。请把它改成真正的文件夹。")

    def _is_inside(self, path: str) -> bool:
        """Whether a path that a row names leads to a file of this folder: anybody may have written the row."""
        plain = PurePath(path)
        if plain.is_absolute() or plain.drive or ".." in plain.parts:
            return False
        root = self._output / self._name
        return (root / path).parent.resolve() == (self._output.resolve() / self._name / path).parent

    def _remove_empty(self, folder: Path) -> None:
        while folder != self._output:
            folder.rmdir()
            folder = folder.parent

    def _row(self, path: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._ledger.execute(
            "SELECT * FROM side WHERE path = ?", (self._key(path),)
        ).fetchone()
        return found

    def _ours(self, path: str) -> set[bytes]:
        """Return the digests by which the file is ours: what was written, and what was about to be."""
        row = self._row(path)
        known = bytes(row["output"]) if row is not None else b""
        size = len(digest(b""))
        return {known[at : at + size] for at in range(0, len(known), size)}

    def _found(self, path: str) -> bytes:
        try:
            return digest((self._output / self._name / path).read_bytes())
        except OSError:
            return b""

    def _enter(self, path: str, output: bytes, made_of: bytes, owner: bytes) -> None:
        self._ledger.execute(
            "INSERT OR REPLACE INTO side VALUES (?, ?, ?, ?)", (self._key(path), output, made_of, owner)
        )

    def _key(self, path: str) -> bytes:
        return os.fsencode(f"{self._name}/{path}")
