"""The directory of a workbook's archive: what the first look needs to know before anything is inflated.

It is read here where it is written as programs write it, and by zipfile, which takes 8 ms to import, where
it is not. Both see the same: what zipfile would understand otherwise is left to it.
"""

from struct import Struct
from typing import NamedTuple

STORED = 0
DEFLATED = 8
ENCRYPTED = 1  # of the flags

_END = Struct("<4s4H2LH")
_IN_DIRECTORY = Struct("<4s4B4HL2L5H2L")
_LOCATOR = 20  # bytes of what leads to a directory of 64 bits, just before the end
_NEWEST = 45  # 4.5, the version of the format that has 64 bits; zipfile knows some later ones


class ZipEntry(NamedTuple):
    """What the directory says of a part: its name, how it is packed, its sizes in bytes, and where it begins."""

    name: str
    flags: int
    method: int
    checksum: int
    packed_size: int
    size: int
    at: int


class Damaged(Exception):
    """Raised where an archive has no directory that can be read."""


def directory(data: bytes) -> list[ZipEntry]:
    """Return the entries of the archive `data` in their order, of doubles each. Raises `Damaged`."""
    found = _directory(data)
    return _directory_by_zipfile(data) if found is None else found


def _directory(data: bytes) -> list[ZipEntry] | None:
    """Return the entries, or None where something is unusual: a comment, 64 bits, several disks, other alphabets."""
    end = len(data) - _END.size
    if end < 0:
        return None
    mark, disk, first_disk, here, total, size, at, comment = _END.unpack_from(data, end)
    if mark != b"PK\5\6" or comment or disk or first_disk or here != total or at + size != end:
        return None
    if data.startswith(b"PK\6\7", max(0, end - _LOCATOR)):
        return None
    entries = []
    while at < end:
        if at + _IN_DIRECTORY.size > end:
            return None
        (mark, _, _, version, _, flags, method, _, _, checksum, packed_size, whole_size, length, extra, note, disk, _,
         _, begin) = _IN_DIRECTORY.unpack_from(data, at)  # fmt: skip
        at += _IN_DIRECTORY.size
        name = data[at : at + length]
        if mark != b"PK\1\2" or extra or note or disk or version > _NEWEST:
            return None
        if not name.isascii() or b"\0" in name or b"\\" in name or len(name) < length:
            return None
        entries.append(ZipEntry(name.decode(), flags, method, checksum, packed_size, whole_size, begin))
        at += length
    return entries if at == end and len(entries) == total else None


def _directory_by_zipfile(data: bytes) -> list[ZipEntry]:
    from io import BytesIO
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(BytesIO(data)) as archive:
            return [
                ZipEntry(
                    entry.filename,
                    entry.flag_bits,
                    entry.compress_type,
                    entry.CRC,
                    entry.compress_size,
                    entry.file_size,
                    entry.header_offset,
                )
                for entry in archive.infolist()
            ]
    except (BadZipFile, ValueError, NotImplementedError) as fault:
        raise Damaged(str(fault)) from fault
