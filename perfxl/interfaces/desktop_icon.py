"""An icon to drop workbooks on: the same result as the buttons give, without a macro.

Windows starts what is dropped on a `.cmd` with paths quoted only where they hold blanks, so that `C:\\a&b.xlsx` would
be cut at the `&`. The icon therefore passes on the raw command line, and the paths are taken out of it here.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from perfxl.interfaces.results_beside import Made, make
from perfxl.pipeline.exit_status import DONE, WRONG_INPUT, WRONG_SURROUNDINGS, WrongCommand
from perfxl.storage.files import Surroundings, open_in_program, write

_RAW = "PERFXL_DROPPED"
_NAME = "拖到这里生成Word报告"
_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')

# chcp: paths may hold characters of any language. `exit` keeps cmd from running what follows an `&` in a path.
_CMD = """@echo off
chcp 65001 >nul
setlocal EnableDelayedExpansion
set "PERFXL_DROPPED=!cmdcmdline!"
{program} drop
exit
"""
_DESKTOP = """[Desktop Entry]
Type=Application
Name={name}
Comment=把填报表拖到这里，旁边就会生成 Word 文档和检查意见
Exec={program} drop %F
Icon=x-office-document
Terminal=true
MimeType=application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;
"""


def run(files: Sequence[Path], home: Path, tell: Callable[[str], None], *, quiet: bool = False) -> int:
    """Make the results of each workbook beside it, say what came of it, open it, and wait until people have read it."""
    if not files:
        raise WrongCommand("请把填报表拖到图标上。")
    statuses = []
    for path in files:
        tell(f"{path.name}……")
        try:
            found = _made(path, home)
        except Surroundings as trouble:
            tell(f"  {trouble}")
            statuses.append(WRONG_SURROUNDINGS)
            continue
        tell(f"  {found.sentence}\n  检查意见：{found.opinion.name}")
        statuses.append(DONE if found.document else WRONG_INPUT)
        if not quiet:
            # Where there is no program for it, the file still stands beside the workbook.
            with suppress(OSError):
                open_in_program(found.document or found.opinion)
    if not quiet and sys.stdin is not None and sys.stdin.isatty():
        tell("\n按回车键关闭。")
        sys.stdin.readline()
    return max(statuses)


def _made(path: Path, home: Path) -> Made:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Surroundings(f"读不到“{path}”，请看文件还在不在、是不是正被占用。") from error
    return make(path, data, home, path.stem)


def dropped() -> list[Path]:
    """Return what was dropped on the icon of Windows."""
    return paths_in(os.environ.get(_RAW, ""))


def paths_in(command_line: str) -> list[Path]:
    """Return the paths in `cmd.exe /c ""C:\\…\\icon.cmd" C:\\a&b.xlsx "C:\\a b.xlsx""`: all words after the icon's."""
    _, icon, rest = command_line.partition(".cmd")
    if not icon:
        return []
    rest = rest.removeprefix('"').strip()
    if rest.count('"') % 2:  # the last one closes what /c opened
        rest = rest.removesuffix('"')
    return [Path(quoted or plain) for quoted, plain in _WORD.findall(rest)]


def write_icon(folder: Path | None) -> Path:
    """Write the icon into a folder, by default the desktop, and return where it is. Raises `Surroundings`."""
    where = folder or _desktop()
    windows = sys.platform == "win32"
    path = where / f"{_NAME}{'.cmd' if windows else '.desktop'}"
    write(path, (windows_icon if windows else linux_icon)([sys.executable, "-m", "perfxl"]))
    if not windows:
        path.chmod(0o755)
    return path


def windows_icon(program: Iterable[str]) -> bytes:
    """Return a `.cmd` on which workbooks can be dropped. `program` are the words that start perfxl."""
    # In a batch file a percent sign in a path has to be written twice.
    words = " ".join(f'"{word}"' for word in program).replace("%", "%%")
    return _CMD.format(program=words).replace("\n", "\r\n").encode()


def linux_icon(program: Iterable[str]) -> bytes:
    """Return a desktop entry on which workbooks can be dropped (freedesktop.org, Desktop Entry Specification 1.5)."""
    return _DESKTOP.format(name=_NAME, program=" ".join(map(_exec_word, program))).encode()


def _exec_word(word: str) -> str:
    """Return a word as the key Exec wants it: quoted, and backslashes twice, since the value is a string as well."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%")
    return '"' + quoted.replace("\\", "\\\\") + '"'


def _desktop() -> Path:
    for name in ("Desktop", "桌面"):
        if (Path.home() / name).is_dir():
            return Path.home() / name
    raise Surroundings("没有找到桌面，请写明放在哪个文件夹：perfxl icon 文件夹。")
