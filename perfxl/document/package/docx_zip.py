"""The zip archive that a .docx is: read whole, written so that the same parts always give the same bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from perfxl.storage.compression import FAST, SMALL, checksum, deflated

CONTENT_TYPES = "[Content_Types].xml"
DOCUMENT = "word/document.xml"
CORE_PROPERTIES = "docProps/core.xml"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'  # with which every part of ours begins
_SHARED = 64 * 2**10  # bytes; larger than what a template has besides its text, and 64 of them are no burden
_VERSION, _UTF8, _DEFLATED = 20, 0x800, 8
_MODE = 0o600 << 16  # what zipfile gives entries that say nothing
_MIDNIGHT, _NEW_YEAR = 0, 0x21  # 1 January 1980, the earliest date that a zip entry can bear
_LOCAL, _DIRECTORY, _END = (struct.Struct(form) for form in ("<4s5H3L2H", "<4s6H3L5H2L", "<4s4H2LH"))
MAX_BYTES = 64 * 2**20  # a template with letterheads unpacks to a few MiB


class Packed(NamedTuple):
    """A part as it stands in the archive: its checksum, its size in bytes when unpacked, its packed bytes."""

    checksum: int
    size: int
    data: bytes


def read_parts(package: bytes) -> dict[str, bytes]:
    """Return the parts of a .docx by name, in the order of the archive.

    Raises `ValueError` where it is no .docx, names a part twice or outside itself, or unpacks to over 64 MiB.
    """
    import zipfile  # 8 ms, and most documents are made without it
    from io import BytesIO

    try:
        with zipfile.ZipFile(BytesIO(package)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            names = [entry.filename for entry in entries]
            if CONTENT_TYPES not in names:
                raise ValueError("not a .docx: no content types")
            if len(set(names)) < len(names) or any(".." in name.split("/") for name in names):
                raise ValueError("a part is named twice or outside the archive")
            if sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise ValueError("too large when unpacked")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as fault:
        # RuntimeError is what zipfile raises of an encrypted entry, NotImplementedError of an exotic compression.
        raise ValueError(f"not a readable .docx: {fault}") from fault


def packed_parts(package: bytes) -> dict[str, Packed]:
    """Return the parts of a .docx that this program has written as they stand in it, without unpacking any.

    Raises `ValueError` where somebody else has written it.
    """
    at = len(package) - _END.size
    if at < 0 or package[at : at + 4] != b"PK\x05\x06":
        raise ValueError("not an archive of ours")
    *_, count, _, at, _ = _END.unpack_from(package, at)
    found: dict[str, Packed] = {}
    for _ in range(count):
        mark, _, _, _, method, _, _, checksum, packed_size, size, length, extra, *_, begin = _DIRECTORY.unpack_from(
            package, at
        )
        name = package[at + _DIRECTORY.size : at + _DIRECTORY.size + length].decode()
        if mark != b"PK\x01\x02" or method != _DEFLATED or extra:
            raise ValueError("not an archive of ours")
        start = begin + _LOCAL.size + length
        found[name] = Packed(checksum, size, package[start : start + packed_size])
        at += _DIRECTORY.size + length
    return found


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return the archive of `parts`: content types first, as readers expect, the others in the given order.

    Dates, attributes and the originating system are fixed, so that the bytes follow from the parts alone. They are
    those that zipfile writes, but the parts that all documents of a template share are compressed once.
    """
    names = sorted(parts, key=lambda name: name != CONTENT_TYPES)
    return write_packed(
        (name, packed_once(parts[name]) if len(parts[name]) <= _SHARED else packed(parts[name])) for name in names
    )


def write_packed(entries: Iterable[tuple[str, Packed]]) -> bytes:
    """Return the archive of the packed parts, in the given order."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, (crc, size, data) in entries:
        path = name.encode()
        # UTF-8 is only said of names that need it, as zipfile does.
        flags = 0 if name.isascii() else _UTF8
        entry = (_VERSION, flags, _DEFLATED, _MIDNIGHT, _NEW_YEAR, crc, len(data), size, len(path), 0)
        directory += (_DIRECTORY.pack(b"PK\x01\x02", _VERSION, *entry, 0, 0, 0, _MODE, offset), path)
        pieces += (_LOCAL.pack(b"PK\x03\x04", *entry), path, data)
        offset += _LOCAL.size + len(path) + len(data)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\x05\x06", 0, 0, len(directory) // 2, len(directory) // 2, size, offset, 0)
    return b"".join((*pieces, *directory, end))


def packed(content: bytes) -> Packed:
    """Return a part as it stands in the archive: packed fast where it is long."""
    level = SMALL if len(content) <= _SHARED else FAST
    return Packed(checksum(content), len(content), deflated(content, level))


@lru_cache(maxsize=64)
def packed_once(content: bytes) -> Packed:
    """Return a part that many documents share as it stands in the archive."""
    return packed(content)
