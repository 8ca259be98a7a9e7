"""What a worker tells the ledger, made small: data as JSON, texts compressed, and digests of files."""

from __future__ import annotations

import hashlib
import json
import zlib
from decimal import Decimal
from typing import Any

_OLDER = b"\x78"  # begins what the ledgers of older programs hold; the size of nothing that we squeeze does


def digest(data: bytes) -> bytes:
    """Return what identifies a file's content."""
    return hashlib.sha256(data).digest()


def shown(path: str) -> str:
    """Return a path as it can be printed: a name may hold bytes that are no text."""
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def dumped(value: Any) -> bytes:
    """Return `value` as JSON, with amounts as numbers where no digit is lost by it."""
    # UTF-8 has no half characters.
    return json.dumps(value, ensure_ascii=False, default=_number).encode("utf-8", "replace")


def loaded(text: bytes) -> Any:
    """Return what was dumped. Amounts are `Decimal` again."""
    return json.loads(text, parse_float=Decimal)


def squeezed(data: bytes) -> bytes:
    """Return data in a fraction of its size."""
    from deflate import zlib_compress  # a third of zlib's time; a run with nothing to do has no need of it

    return len(data).to_bytes(4, "big") + zlib_compress(data, 1)


def unsqueezed(data: bytes) -> bytes:
    """Return data as it was."""
    if data.startswith(_OLDER):
        return zlib.decompress(data)
    from deflate import zlib_decompress

    return bytes(zlib_decompress(data[4:], int.from_bytes(data[:4], "big")))


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"
    raise TypeError(f"{type(value).__name__} is no value of a record")
