"""The folders whose program the buttons may run although it lies beside a workbook.

A workbook must not bring its own program: whoever mails a folder could put one in. So the macro runs what is installed,
and beside the form only what its user has trusted by hand. The list lies where nothing that comes with a workbook gets
to; it holds a folder a line, written as the macro compares it: letters, digits and `./:_-`, `~XXXX` for all else.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from perfxl.interfaces.excel_button import unescaped
from perfxl.storage.files import Surroundings, write

_NAME = "trusted.txt"
_FOREIGN = re.compile(r"[^A-Za-z0-9./:_-]")


def list_path() -> Path:
    """Return where the list lies. Raises `Surroundings` where nobody says who the user is."""
    if sys.platform == "win32":
        if local := os.environ.get("LOCALAPPDATA"):
            return Path(local) / "perfxl" / _NAME
        raise Surroundings("没有找到本人的 LOCALAPPDATA 文件夹，信任的记录没有地方放。")
    home = os.environ.get("HOME")
    if not home:
        raise Surroundings("没有找到本人的文件夹，信任的记录没有地方放。")
    return Path(home) / ".local" / "share" / "perfxl" / _NAME


def trusted() -> list[str]:
    """Return the folders that are trusted, in the order in which they were."""
    try:
        lines = list_path().read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return []
    return [unescaped(line) for line in lines if line]


def trust(folder: Path) -> None:
    """Let the buttons run the program in `folder`. Raises `Surroundings` where that cannot be written down."""
    place = str(folder.resolve())
    _write([*(one for one in trusted() if one != place), place])


def forget(folder: Path) -> bool:
    """Trust `folder` no longer; return whether it was trusted."""
    place, before = str(folder.resolve()), trusted()
    _write(one for one in before if one != place)
    return place in before


def _write(folders: Iterable[str]) -> None:
    path = list_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Surroundings(f"文件夹“{path.parent}”建不起来，信任的记录没有写下。") from error
    # VBA reads a line up to CRLF on Windows, and up to LF elsewhere.
    write(path, "".join(f"{_escaped(folder)}{os.linesep}" for folder in folders).encode("ascii"))


def _escaped(path: str) -> str:
    """Return a path as the macro writes it: every UTF-16 unit that is foreign as four hexadecimal digits."""
    return _FOREIGN.sub(_units, path)


def _units(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-16-be", "surrogatepass")
    return "~" + raw.hex("-", 2).upper().replace("-", "~")
