"""Files: read whole, written beside and moved into place, so that nothing half-written ever has its final name."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

_OTHERS, _PRIVATE_FOLDER, _PRIVATE_FILE = 0o007, 0o770, 0o660  # the umask takes its own share
MAX_FILE = 128 * 2**20  # bytes of a workbook; a form of 60 projects has 500 kB, and reading more only fills the memory
FINDINGS_ENDING = ".检查意见.xlsx"  # of the workbooks of findings that stand beside forms
CHANGES_ENDING = ".修改对照.xlsx"  # of the workbooks that say what a unit has changed
LETTER_ENDING = ".退回意见.docx"  # of the letters that go back to units
LETTER_TEMPLATE = "退回意见模板.docx"  # what an office puts beside its units' forms
CONSOLE = "批量控制台"  # how the names of consoles begin, which may lie among forms

# Files that people take for tables, whatever is in them.
_TABLES = frozenset((".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods"))
# Documents that units send instead of forms. PDFs are left out: those in an inbox are prints of what is there anyway.
_WORD = frozenset((".docx", ".docm", ".doc", ".wps", ".rtf"))
UNIFORM_ENDING = ".统一版式.docx"  # of documents made from such, where they would take the place of these


def is_word(name: str) -> bool:
    """Whether people take a file of this name for a Word document."""
    return os.path.splitext(name)[1].lower() in _WORD  # noqa: PTH122 - as above


def is_table(name: str) -> bool:
    """Whether people take a file of this name for a table: then it is told of, whatever is in it."""
    return os.path.splitext(name)[1].lower() in _TABLES  # noqa: PTH122 - a Path for each of 250,000 names is slow


def is_own(name: str) -> bool:
    """Whether a workbook or a document is one of ours by its name, and nothing that a unit sent."""
    endings = FINDINGS_ENDING, CHANGES_ENDING, UNIFORM_ENDING, LETTER_ENDING, LETTER_TEMPLATE
    return name.lower().endswith(endings) or name.startswith(CONSOLE)


class Surroundings(Exception):
    """Something around us is in the way; the message is a Chinese sentence that says what to do."""


def write(path: Path, data: bytes) -> None:
    """Write `data` to `path`. Raises `Surroundings` with the old file intact and nothing left behind."""
    if path.is_dir():
        raise Surroundings(f"“{path}”是一个文件夹，请在后面加上文件名。")
    if not path.parent.is_dir():
        raise Surroundings(f"文件夹“{path.parent}”不存在，请先建立，或者换一个位置。")
    part: Path | None = None
    try:
        part = path.parent / f".perfxl-{os.urandom(8).hex()}.part"
        with part.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    except OSError as error:
        raise Surroundings(_sentence(path, error)) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def put(path: Path, data: bytes) -> None:
    """Write `data` to `path`, where no file is; `settle` sees it on the disk. Raises `Surroundings`."""
    try:
        with path.open("xb") as stream:
            stream.write(data)
    except OSError as error:
        raise Surroundings(_sentence(path, error)) from error


def settle(path: Path) -> None:
    """Wait until a file that was put is on the disk. Raises `Surroundings` where it does not get there."""
    try:
        # Windows settles only what could be written to.
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Surroundings(_sentence(path, error)) from error


def make_folder(path: Path) -> None:
    """Make the folder `path` unless it is there. Raises `Surroundings` where it cannot be made."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise Surroundings(f"文件夹“{path}”建不起来，请换一个位置。") from error


def make_private_folder(path: Path) -> None:
    """Make a folder that others than its owner and the owner's group cannot look into, unless it is there.

    Raises `Surroundings` where something else stands there: a link could lead anywhere. Raises `OSError` where it
    cannot be made.
    """
    if not os.path.lexists(path):
        path.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
    if path.is_symlink() or not path.is_dir():
        raise Surroundings(f"“{path}”是快捷方式（链接）或者文件，没有往里写。请把它删除再试。")
    close_to_others(path)


def make_private(path: Path) -> None:
    """Make an empty file that others cannot read, or keep them from reading the one that is there.

    Raises `Surroundings` where it is a link or no file, `OSError` where it cannot be made.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise Surroundings(f"“{path}”是快捷方式（链接）或者文件夹，没有往里写。请把它删除再试。")
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    os.close(os.open(path, flags, _PRIVATE_FILE))
    close_to_others(path)


def close_to_others(path: Path) -> None:
    """Keep others than the owner and the owner's group from a file or folder."""
    if os.name == "nt":  # rights there are inherited from the folder, and modes say nothing
        return
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        # Of a file of somebody else's only its owner can change that.
        with suppress(PermissionError):
            path.chmod(mode & ~_OTHERS)


def _sentence(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"磁盘空间不足，“{path.name}”没有保存，原来的文件没有动。请清理磁盘后再试。"
    if error.errno in (errno.EROFS, errno.EPERM):
        return f"“{path.parent}”不能写入，“{path.name}”没有保存。请换一个有写入权限的文件夹。"
    if isinstance(error, PermissionError):
        # Windows refuses to replace a file that a program has open.
        if path.exists():
            return f"“{path.name}”没有保存：它可能正在 Word 或 WPS 里打开着。请关闭它再试，原来的文件没有动。"
        return f"没有权限写入文件夹“{path.parent}”。请换一个文件夹。"
    if error.errno == errno.ENAMETOOLONG:
        return f"文件名太长，没有保存：“{path.name}”。请换一个短一些的名字。"
    return f"“{path.name}”没有保存，原来的文件没有动（{error.strerror}）。请换一个文件夹再试。"


def open_in_program(path: Path) -> None:
    """Open a file in the program that people have for it. Raises `OSError` where there is none."""
    if sys.platform == "win32":
        os.startfile(path)
    else:
        import subprocess

        subprocess.Popen(
            ["open" if sys.platform == "darwin" else "xdg-open", path],
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
