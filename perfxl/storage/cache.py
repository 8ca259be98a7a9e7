"""What takes long to work out and can be worked out again at any time, kept in a folder of the user's between runs.

Nobody depends on it: where nothing can be kept, everything is just worked out anew.
"""

from __future__ import annotations

import os
import sys
import zlib
from contextlib import suppress
from pathlib import Path

_CHECKSUM = 4  # bytes


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
        whole = (folder() / name).read_bytes()
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
        part = own / f"{name}.{os.getpid()}.part"
        try:
            part.write_bytes(key + _checksum(content) + content)
            part.replace(own / name)
        finally:
            part.unlink(missing_ok=True)


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(_CHECKSUM, "little")
