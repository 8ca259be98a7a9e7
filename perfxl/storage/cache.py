"""What takes long to work out and can be worked out again at any time, kept in a folder of the user's between runs.

Nobody depends on it: where nothing can be kept, everything is just worked out anew. What is kept is code among other
things, so only files count that the user himself has written, in a folder of his own into which nobody else writes.
"""

from __future__ import annotations

import os
import stat
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_CHECKSUM = 4  # bytes
_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would change line ends


def accelerated() -> bool:
    """Whether the program may take short ways: not with `PERFXL_PLAIN=1` in the environment."""
    return os.environ.get("PERFXL_PLAIN", "") in ("", "0")


def folder() -> Path:
    """Return where things are kept: what `PERFXL_CACHE` names, or the place that the system has for this.

    Raises `RuntimeError` where nobody says who the user is.
    """
    if chosen := os.environ.get("PERFXL_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "perfxl" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "perfxl"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "perfxl"


def kept(name: str, key: bytes) -> bytes | None:
    """Return what was kept as `name` for `key`, or None.

    `key` stands for everything that the content depends on; what was kept for another one counts for nothing.
    """
    if not accelerated():
        return None
    try:
        own = folder()
        whole = _read(own / name) if _is_own(own.lstat(), stat.S_ISDIR) else b""
    except (OSError, RuntimeError):
        return None
    start = len(key) + _CHECKSUM
    content = whole[start:]
    if whole[: len(key)] != key or whole[len(key) : start] != _checksum(content):
        return None
    return content


def keep(name: str, key: bytes, content: bytes) -> None:
    """Keep `content` as `name` for `key`, in place of what was kept as `name` before."""
    if not accelerated():
        return
    # A full disk, a folder that is read-only, a file that another process has open: then the next run works it out.
    with suppress(OSError, RuntimeError):
        own = folder()
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(own.lstat(), stat.S_ISDIR):
            return
        part = own / f"{name}.{os.getpid()}.{os.urandom(4).hex()}.part"
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600), "wb") as stream:
                stream.write(key + _checksum(content) + content)
            part.replace(own / name)
        finally:
            part.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    """Return what a file of the user's own holds, nothing of any other. Raises `OSError`."""
    with os.fdopen(os.open(path, os.O_RDONLY | _BINARY | getattr(os, "O_NOFOLLOW", 0)), "rb") as stream:
        return stream.read() if _is_own(os.fstat(stream.fileno()), stat.S_ISREG) else b""


def _is_own(known: os.stat_result, kind: Callable[[int], bool]) -> bool:
    """Whether a file or folder is the user's, and nobody else may write to it. A link is of another kind.

    On Windows that is a matter of the folder, which lies in the user's profile; modes and owners say nothing there.
    A page in a browser has a file system to itself.
    """
    if sys.platform in ("win32", "emscripten"):
        return kind(known.st_mode)
    return kind(known.st_mode) and known.st_uid == os.geteuid() and not known.st_mode & _BY_OTHERS


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(_CHECKSUM, "little")
