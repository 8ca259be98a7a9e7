"""What a worker tells the ledger, made small: data as JSON, texts compressed, and digests of files."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from perfxl.model.finding import Finding
from perfxl.storage import compression

_OLDER = b"\x78"  # begins what the ledgers of older programs hold; the size of nothing that we squeeze does

_BESIDE = "\u2e3b"  # between texts that are quoted together: printable, and hardly ever in one of them
_FIELDS = [name for name in Finding._fields if name != "repair"]
_KEYS = [f', {{"{_FIELDS[0]}": "', *(f'", "{name}": "' for name in _FIELDS[1:])]


def digest(data: bytes) -> bytes:
    """Return what identifies a file's content."""
    return hashlib.sha256(data).digest()


def shown(path: str) -> str:
    """Return a path as it can be printed: a name may hold bytes that are no text."""
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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
    """Return what was dumped. Amounts are `Decimal` again."""
    return json.loads(text, parse_float=Decimal)


def unsqueezed(data: bytes) -> bytes:
    """Return data as it was."""
    return zlib.decompress(data) if data.startswith(_OLDER) else compression.unsqueezed(data)


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
