"""A profile of LibreOffice as it is after its first use, kept for the next runs.

The first start in a new profile makes the program start twice, which takes as long as three documents.
"""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path

from perfxl.storage import cache

_NAME = "libreoffice-profile"
_LARGEST = 8 * 2**20  # bytes; one has half a million


def restore(folder: Path, program: Path) -> bool:
    """Put the kept profile of a program into `folder`, and return whether there was one."""
    packed = cache.kept(_NAME, _key(program))
    if not packed:
        return False
    try:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
    except (OSError, tarfile.TarError):
        return False
    return True


def keep(folder: Path, program: Path) -> None:
    """Keep the profile in `folder` for the next runs of a program."""
    stream = BytesIO()
    try:
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.name != ".lock" and path.stat().st_size < _LARGEST:
                    archive.add(path, path.relative_to(folder).as_posix(), recursive=False)
    except (OSError, tarfile.TarError):
        return  # it is in use, or has gone
    if stream.tell() <= _LARGEST:
        cache.keep(_NAME, _key(program), stream.getvalue())


def forget(program: Path) -> None:
    """Forget the kept profile of a program, which may be damaged."""
    cache.keep(_NAME, _key(program), b"")


def _key(program: Path) -> bytes:
    program = Path(program)
    try:
        known = program.resolve().stat()
    except OSError:
        return b"unknown"
    return f"{program.resolve()} {known.st_size} {known.st_mtime_ns}".encode("utf-8", "replace")
