"""The parts of a workbook's archive, inflated one by one and held against their checksums."""

from struct import Struct

from perfxl.fast.workbook.xml_parts import UnusualXml
from perfxl.storage.compression import NotDeflated, checksum, inflated
from perfxl.storage.zip_archive import DEFLATED, ENCRYPTED, STORED, directory
from perfxl.workbook.reading.budget import Budget

_UTF8 = 0x800
_BEFORE_PART = Struct("<4s5H3L2H")
_MOST_EXPANDED = 1032  # times: the format allows no more


class Archive:
    """A zip archive in memory. No part is inflated beyond the size that the directory states."""

    def __init__(self, data: bytes) -> None:
        """Raises `Damaged` where `data` has no directory."""
        self._data = data
        self._budget = Budget()
        self._entries = {entry.name: entry for entry in directory(data)}

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def part(self, name: str) -> bytes:
        """Return a part. Raises `UnusualXml` where it is missing or damaged, `Excess` where it holds too much."""
        entry = self._entries.get(name)
        if entry is None or entry.flags & ENCRYPTED or entry.method not in (STORED, DEFLATED):
            raise UnusualXml(f"no readable part {name}")
        data, start = self._data, entry.at + _BEFORE_PART.size
        if not 0 <= entry.at <= len(data) - _BEFORE_PART.size:
            raise UnusualXml(f"the directory does not lead to {name}")
        mark, *_, length, extra = _BEFORE_PART.unpack_from(data, entry.at)
        if mark != b"PK\3\4" or not _is_called(data[start : start + length], name, entry.flags):
            raise UnusualXml(f"the directory does not lead to {name}")
        start += length + extra
        packed = data[start : start + entry.packed_size]
        content = packed if entry.method == STORED else _inflated(packed, entry.size)
        if len(content) != entry.size or checksum(content) != entry.checksum:
            raise UnusualXml(f"damaged part {name}")
        return self._budget.spend(name, content)


def _is_called(written: bytes, name: str, flags: int) -> bool:
    """Whether a name is what is written before a part."""
    if written.isascii():  # as nearly always; cp437 is decoded in Python, which takes as long as to inflate the part
        return written == name.encode()
    return written.decode("utf-8" if flags & _UTF8 else "cp437") == name


def _inflated(packed: bytes, size: int) -> bytes:
    if size > _MOST_EXPANDED * len(packed):
        raise UnusualXml("a size that cannot be")  # before memory is taken for it
    try:
        return inflated(packed, size)
    except NotDeflated as fault:
        raise UnusualXml("no deflated data") from fault
