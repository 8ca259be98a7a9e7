"""What a worker tells the ledger, made small: data as JSON, texts compressed, and digests of files."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from perfxl.model.finding import Finding
from perfxl.storage import compression

_OLDER = b"\x78"  # begins what the ledgers of older programs hold; the size of nothing that we squeeze does

_MOST = 2**28  # bytes that are kept of a workbook
_BESIDE = "\u2e3b"  # between texts that are quoted together: printable, and hardly ever in one of them
_FIELDS = [name for name in Finding._fields if name != "repair"]
_KEYS = [f', {{"{_FIELDS[0]}": "', *(f'", "{name}": "' for name in _FIELDS[1:])]


def damaged(what: object) -> sqlite3.DatabaseError:
    """Return what is to be raised where a ledger holds what we have not written there."""
    return sqlite3.DatabaseError(f"malformed: {what}")


def digest(data: bytes) -> bytes:
    """Return what identifies a file's content."""
    return hashlib.sha256(data).digest()


def shown(path: str) -> str:
    """Return a path as it can be printed: a name may hold bytes that are no text."""
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def plain_way(path: str) -> str:
    """Return a path as a link may have it: with nothing in it that leads elsewhere than to the file of that name.

    A mark of a place in the file begins with #, and % announces an escaped character; a name with backslashes would be
    another machine's to Windows.
    """
    way = path.replace("%", "%25").replace("#", "%23")
    return way.replace("\\", "%5C") if os.sep == "/" else way


def dumped(value: Any) -> bytes:
    """Return `value` as JSON, with amounts as numbers where no digit is lost by it."""
    # UTF-8 has no half characters.
    return _encoded(value).encode("utf-8", "replace")


def dumped_findings(findings: Sequence[Finding]) -> bytes:
    """Return findings as `dumped` gives them as JSON, in a third of the time: all their texts are quoted together."""
    texts = [text for finding in findings for text in finding[: len(_KEYS)]]
    quoted = _encoded(_BESIDE.join(texts))[1:-1].split(_BESIDE)
    if not findings or len(quoted) != len(texts):
        return dumped([finding.as_json() for finding in findings])
    each = 2 * len(_KEYS) + 1
    parts = [""] * (each * len(findings))
    for number, key in enumerate(_KEYS):
        parts[2 * number :: each] = [key] * len(findings)
        parts[2 * number + 1 :: each] = quoted[number :: len(_KEYS)]
    parts[each - 1 :: each] = [
        '"}' if finding.repair is None else f'", "repair": {_encoded(finding.repair)}}}' for finding in findings
    ]
    parts[0] = "[" + parts[0].removeprefix(", ")
    return ("".join(parts) + "]").encode("utf-8", "replace")


def loaded(text: bytes) -> Any:
    """Return what was dumped. Amounts are `Decimal` again. Raises `sqlite3.DatabaseError` where it was not."""
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as fault:
        raise damaged(fault) from fault


def unsqueezed(data: bytes) -> bytes:
    """Return data as it was. Raises `sqlite3.DatabaseError` where that cannot be."""
    if not data.startswith(_OLDER) and int.from_bytes(data[:4], "big") > _MOST:
        raise damaged("more than any workbook gives")
    try:
        return zlib.decompress(data) if data.startswith(_OLDER) else compression.unsqueezed(data)
    except (zlib.error, compression.NotDeflated) as fault:
        raise damaged(fault) from fault


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        number = _as_number(value)
        return f"{value:f}" if number is None else number
    raise TypeError(f"{type(value).__name__} is no value of a record")


@lru_cache(maxsize=4096)
def _as_number(value: Decimal) -> int | float | None:
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else None


# No value of a record holds itself.
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, default=_number).encode
