"""Compound files ([MS-CFB], version 3): streams and storages in one file, which is what Office keeps macros in.

The same streams give the same bytes: no time stamps, siblings in the order that the format itself prescribes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SECTOR = 512
_MINI_SECTOR = 64
_MINI_LIMIT = 4096  # streams below this size share the mini stream (2.2, Mini Stream Cutoff Size)
_ENTRY = 128
_HEADER_FAT = 109  # sectors of the FAT that the header itself can list (2.2, DIFAT)
_PER_FAT = _SECTOR // 4

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD  # 2.1
_STORAGE, _STREAM, _ROOT = 1, 2, 5  # 2.6.1
_RED, _BLACK = 0, 1


@dataclass
class _DirectoryEntry:
    """A line of the directory (2.6.1). The numbers are indices of other entries."""

    name: str
    kind: int
    data: bytes = b""
    colour: int = _BLACK
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        if len(name) > 64:
            raise ValueError(f"{self.name}: names in a compound file have at most 31 characters")
        numbers = (len(name), self.kind, self.colour, self.left, self.right, self.child)
        return struct.pack("<64sHBBIII16xI8x8xIQ", name, *numbers, 0, self.start, self.size)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file of `streams`, whose names are paths such as `VBA/dir`.

    Raises `ValueError` for a name that is too long, or more than 6 MB of data.
    """
    entries = _directory(streams)
    chains = [_mini_stream(entries)]
    chains += [entry for entry in entries if entry.kind == _STREAM and entry.size >= _MINI_LIMIT]
    mini_fat = _mini_fat(entries)
    fat_sectors = _fat_size(_sectors(_ENTRY * len(entries)) + _sectors(len(mini_fat)) + sum(map(_room, chains)))

    fat = [_FAT] * fat_sectors
    directory_start = _chain(fat, _ENTRY * len(entries))
    mini_fat_start = _chain(fat, len(mini_fat))
    for chain in chains:
        chain.start = _chain(fat, len(chain.data))
    mini_count = _sectors(len(mini_fat))
    parts = [_header(fat_sectors, directory_start, mini_fat_start, mini_count)]
    parts.append(_padded(struct.pack(f"<{len(fat)}I", *fat), _SECTOR, b"\xff"))
    parts.append(_directory_bytes(entries))
    parts.append(_padded(mini_fat, _SECTOR, b"\xff"))
    parts += [_padded(chain.data, _SECTOR) for chain in chains]
    return b"".join(parts)


def _directory(streams: Mapping[str, bytes]) -> list[_DirectoryEntry]:
    """Return the entries, the root first, linked into the search trees of their storages."""
    root = _DirectoryEntry("Root Entry", _ROOT)
    entries, storages = [root], {"": (root, [])}  # type: tuple[list[_DirectoryEntry], dict[str, tuple[_DirectoryEntry, list[int]]]]
    for path in sorted(streams):
        storage, _, name = path.rpartition("/")
        if storage not in storages:
            if "/" in storage:
                raise ValueError(f"{path}: storages within storages are not provided for")
            storages[""][1].append(len(entries))
            entries.append(_DirectoryEntry(storage, _STORAGE))
            storages[storage] = (entries[-1], [])
        storages[storage][1].append(len(entries))
        data = streams[path]
        entries.append(_DirectoryEntry(name, _STREAM, data, start=_END, size=len(data)))
    for holder, members in storages.values():
        ordered = sorted(members, key=lambda index: _order(entries[index].name))
        holder.child = _tree(entries, ordered, 0, _deepest(len(ordered)))
    return entries


def _order(name: str) -> tuple[int, str]:
    """Return what siblings are compared by: length first, then capitals (2.6.4)."""
    return len(name.encode("utf-16-le")), name.upper()


def _deepest(count: int) -> int:
    """Return the depth of the last level of a balanced tree, or -1 where that level is full."""
    return -1 if (count + 1).bit_count() == 1 else count.bit_length() - 1


def _tree(entries: Sequence[_DirectoryEntry], ordered: Sequence[int], depth: int, red: int) -> int:
    """Link `ordered` into a red-black tree and return its root: only the unfinished last level is red (2.6.4)."""
    if not ordered:
        return _FREE
    middle = len(ordered) // 2
    entry = entries[ordered[middle]]
    entry.colour = _RED if depth == red else _BLACK
    entry.left = _tree(entries, ordered[:middle], depth + 1, red)
    entry.right = _tree(entries, ordered[middle + 1 :], depth + 1, red)
    return ordered[middle]


def _small(entries: Sequence[_DirectoryEntry]) -> list[_DirectoryEntry]:
    return [entry for entry in entries if entry.kind == _STREAM and 0 < entry.size < _MINI_LIMIT]


def _mini_stream(entries: Sequence[_DirectoryEntry]) -> _DirectoryEntry:
    """Give the root the small streams, one after the other in sectors of 64 bytes (2.4), and return it."""
    root, position = entries[0], 0
    for entry in _small(entries):
        entry.start = position
        position += -(-entry.size // _MINI_SECTOR)
    root.data = b"".join(_padded(entry.data, _MINI_SECTOR) for entry in _small(entries))
    root.size = len(root.data)
    return root


def _mini_fat(entries: Sequence[_DirectoryEntry]) -> bytes:
    fat: list[int] = []
    for entry in _small(entries):
        _chain(fat, entry.size, _MINI_SECTOR)
    return struct.pack(f"<{len(fat)}I", *fat)


def _chain(fat: list[int], size: int, sector: int = _SECTOR) -> int:
    """Append a chain for `size` bytes to `fat` and return where it starts (2.3)."""
    count = -(-size // sector)
    if not count:
        return _END
    start = len(fat)
    fat += [*range(start + 1, start + count), _END]
    return start


def _fat_size(others: int) -> int:
    """Return how many sectors the FAT needs to list `others` sectors and itself."""
    count = 1
    while count * _PER_FAT < others + count:
        count += 1
    if count > _HEADER_FAT:
        raise ValueError("too much data for a compound file without further DIFAT sectors")
    return count


def _sectors(size: int) -> int:
    return -(-size // _SECTOR)


def _room(entry: _DirectoryEntry) -> int:
    return _sectors(len(entry.data))


def _padded(data: bytes, unit: int, filling: bytes = b"\0") -> bytes:
    return data + filling * (-len(data) % unit)


def _directory_bytes(entries: Sequence[_DirectoryEntry]) -> bytes:
    # A storage holds no data of its own; an unused entry is blank but for its three references (2.6.3).
    unused = struct.pack("<64sHBBIII16xI8x8xIQ", b"", 0, 0, 0, _FREE, _FREE, _FREE, 0, 0, 0)
    packed = b"".join(entry.packed() for entry in entries)
    return packed + unused * ((-len(packed) % _SECTOR) // _ENTRY)


def _header(fat_sectors: int, directory: int, mini_fat: int, mini_count: int) -> bytes:
    """Return the header (2.2): version 3.62, little-endian, sectors of 512 and 64 bytes, no transaction."""
    fixed = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    numbers = (0, fat_sectors, directory, 0, _MINI_LIMIT, mini_fat, mini_count, _END, 0)
    listed = [*range(fat_sectors), *[_FREE] * (_HEADER_FAT - fat_sectors)]
    return fixed + struct.pack("<9I", *numbers) + struct.pack(f"<{_HEADER_FAT}I", *listed)
