"""Zip archives, as Office files are: their directory, their parts, and archives whose bytes follow from their parts.

The directory is read here where it is written as programs write it, and by zipfile, which takes 8 ms to import, where
it is not. Both see the same: what zipfile would understand otherwise is left to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from zlib import error as ZlibError

from perfxl.storage.compression import FAST, SMALL, checksum, deflated

if TYPE_CHECKING:
    from zipfile import ZipFile

STORED = 0
DEFLATED = 8
ENCRYPTED = 1  # of the flags

CONTENT_TYPES = "[Content_Types].xml"
_SHARED = 64 * 2**10  # bytes; larger than what a template has besides its text, and 64 of them are no burden
_VERSION, _UTF8 = 20, 0x800
_MODE = 0o600 << 16  # what zipfile gives entries that say nothing
_MODE_OF_FILES = 0o644 << 16
_MIDNIGHT, _NEW_YEAR = 0, 0x21  # 1 January 1980, the earliest date that a zip entry can bear
_DAY = (1980, 1, 1, 0, 0, 0)
_LOCAL, _DIRECTORY, _END = Struct("<4s5H3L2H"), Struct("<4s6H3L5H2L"), Struct("<4s4H2LH")
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


class Packed(NamedTuple):
    """A part as it stands in the archive: its checksum, its size in bytes when unpacked, its packed bytes."""

    checksum: int
    size: int
    data: bytes


class Damaged(Exception):
    """Raised where an archive, or a part of it, cannot be read."""


class ZipArchive:
    """An archive that anybody has written, its parts by their names."""

    def __init__(self, data: bytes | BinaryIO) -> None:
        """Raises `Damaged` where `data` has no directory."""
        from io import BytesIO
        from zipfile import ZipFile

        with _read():
            self._archive: ZipFile = ZipFile(BytesIO(data) if isinstance(data, bytes) else data)
        self.entries = [
            ZipEntry(
                entry.filename,
                entry.flag_bits,
                entry.compress_type,
                entry.CRC,
                entry.compress_size,
                entry.file_size,
                entry.header_offset,
            )
            for entry in self._archive.infolist()
        ]

    def names(self) -> list[str]:
        """Return the names of the entries in their order, folders among them."""
        return [entry.name for entry in self.entries]

    def part(self, name: str, most: int | None = None) -> bytes:
        """Return a part, of one longer than `most` bytes its beginning. Raises `Damaged`, also where there is none."""
        with _read(), self._archive.open(name) as stream:
            return stream.read() if most is None else stream.read(most)

    def is_whole(self) -> bool:
        """Whether every part agrees with its checksum; all of them are unpacked for this."""
        try:
            with _read():
                return self._archive.testzip() is None
        except Damaged:
            return False


@contextmanager
def _read() -> Iterator[None]:
    from zipfile import BadZipFile

    try:
        yield
    # RuntimeError is what zipfile raises of an encrypted entry, NotImplementedError of an exotic compression.
    except (BadZipFile, ZlibError, EOFError, KeyError, NotImplementedError, OSError, RuntimeError, ValueError) as fault:
        raise Damaged(str(fault)) from fault


def directory(data: bytes) -> list[ZipEntry]:
    """Return the entries of the archive `data` in their order, of doubles each. Raises `Damaged`."""
    found = _directory(data)
    return ZipArchive(data).entries if found is None else found


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


def packed_parts(package: bytes) -> dict[str, Packed]:
    """Return the parts of an archive that this program has written as they stand in it, without unpacking any.

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
        if mark != b"PK\x01\x02" or method != DEFLATED or extra:
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
        entry = (_VERSION, flags, DEFLATED, _MIDNIGHT, _NEW_YEAR, crc, len(data), size, len(path), 0)
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


def write_stored(files: Iterable[tuple[str, bytes]], stream: BinaryIO) -> None:
    """Write an archive of files that are packed already to `stream`; everybody may read what is unpacked from it."""
    from zipfile import ZIP_STORED, ZipFile, ZipInfo

    with ZipFile(stream, "w", ZIP_STORED) as archive:
        for name, content in files:
            entry = ZipInfo(name, _DAY)
            entry.external_attr = _MODE_OF_FILES
            archive.writestr(entry, content)
