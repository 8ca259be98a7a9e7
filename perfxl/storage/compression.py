"""Deflated data: by libdeflate where it is installed, which takes a third of zlib's time, else by zlib.

Where libdeflate cannot be had (a browser, a processor without a wheel) the same content comes out in other bytes.
"""

from __future__ import annotations

import zlib

try:
    import deflate
except ModuleNotFoundError:  # it is an ordinary dependency, but not every machine has a wheel
    deflate = None  # type: ignore[assignment]
DeflateError: type[Exception] = zlib.error if deflate is None else deflate.DeflateError

FAST, SMALL = 1, 9  # of libdeflate: 1 gives files larger by a quarter than zlib's 6
_RAW = -zlib.MAX_WBITS


class NotDeflated(Exception):
    """Raised where data are no deflated data, or would become longer than stated."""


def checksum(data: bytes) -> int:
    """Return the CRC-32 of `data`, as zip archives have it."""
    return int(zlib.crc32(data) if deflate is None else deflate.crc32(data))


def deflated(data: bytes, level: int) -> bytes:
    """Return `data` as a raw deflate stream; `level` is `FAST` or `SMALL`."""
    if deflate is None:
        packer = zlib.compressobj(level, zlib.DEFLATED, _RAW)
        return packer.compress(data) + packer.flush()
    return bytes(deflate.deflate_compress(data, level))


def inflated(data: bytes, size: int) -> bytes:
    """Return what a raw deflate stream holds, at most `size` bytes. Raises `NotDeflated`."""
    if deflate is None:
        unpacker = zlib.decompressobj(_RAW)
        try:
            content = unpacker.decompress(data, size) if size else b""
        except zlib.error as fault:
            raise NotDeflated(str(fault)) from fault
        return content
    try:
        return bytes(deflate.deflate_decompress(data, size))
    except deflate.DeflateError as fault:
        raise NotDeflated(str(fault)) from fault


def squeezed(data: bytes) -> bytes:
    """Return `data` in a fraction of its size, for keeping."""
    packed = zlib.compress(data, FAST) if deflate is None else deflate.zlib_compress(data, FAST)
    return len(data).to_bytes(4, "big") + bytes(packed)


def unsqueezed(data: bytes) -> bytes:
    """Return what was squeezed. Raises `NotDeflated` where it was not."""
    try:
        if deflate is None:
            return zlib.decompress(data[4:])
        return bytes(deflate.zlib_decompress(data[4:], int.from_bytes(data[:4], "big")))
    except (zlib.error, DeflateError) as fault:
        raise NotDeflated(str(fault)) from fault
