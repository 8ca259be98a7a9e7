"""Regular expressions whose compiled code is kept between runs.

The rules have some three hundred. Compiling them takes 60 ms of a click; making them of code that an earlier run has
compiled takes 4. Every module says `re.compile` and nothing else: `preload` puts the finished patterns where `re`
itself remembers them. It works for the very Python that compiled alone, and does nothing where `re` is not as expected.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import atexit
import marshal
import re
import sys
from array import array
from collections.abc import Mapping
from typing import Any

from perfxl import __version__
from perfxl.storage import cache

_NAME = "patterns"
_KEY = f"{sys.implementation.cache_tag} {sys.hexversion:x} {_sre.MAGIC} {__version__}\n".encode()

_Key = tuple[bool, str | bytes, int]
"""Whether the pattern is a text, the pattern, and its flags."""
_Kept = dict[_Key, tuple[Any, ...]]


def preload() -> int:
    """Give `re` the patterns that earlier runs have compiled, and keep at the end what this run had to compile.

    Returns how many there were.
    """
    remembered: Any = getattr(re, "_cache", None)
    if not isinstance(remembered, dict):
        return 0
    kept = _loaded()
    try:
        made = {
            (str if is_text else bytes, source, flags): pattern(source, code)
            for (is_text, source, flags), code in kept.items()
        }
    except (AttributeError, TypeError, ValueError, RuntimeError):  # `_sre.compile` is not as it was when they were kept
        made, kept = {}, {}
    remembered.update(made)
    atexit.register(_save, remembered, kept)
    return len(made)


def pattern(source: str | bytes, kept: tuple[Any, ...]) -> re.Pattern[Any]:
    """Return the pattern whose `parts` were kept."""
    all_flags, code, groups, names, indices = kept
    found: re.Pattern[Any] = _sre.compile(source, all_flags, array("I", code).tolist(), groups, names, indices)
    return found


def parts(pattern: str | bytes, flags: int) -> tuple[Any, ...]:
    """Return what `_sre.compile` is to be given for `pattern`, as `re` does it. Raises `AttributeError` elsewhere."""
    parsed = re._parser.parse(pattern, flags)  # type: ignore[attr-defined]
    code = re._compiler._code(parsed, flags)  # type: ignore[attr-defined]
    names: dict[str, int] = dict(parsed.state.groupdict)
    indices: list[str | None] = [None] * parsed.state.groups
    for name, index in names.items():
        indices[index] = name
    return int(flags | parsed.state.flags), array("I", code).tobytes(), parsed.state.groups - 1, names, tuple(indices)


def _loaded() -> _Kept:
    content = cache.kept(_NAME, _KEY)
    return {} if content is None else marshal.loads(content)


def _save(remembered: Mapping[Any, re.Pattern[Any]], kept: _Kept) -> None:
    used: list[_Key] = [(kind is str, pattern, flags) for kind, pattern, flags in remembered if kind in (str, bytes)]
    if kept.keys() >= set(used):
        return
    try:
        together = {key: kept[key] if key in kept else parts(*key[1:]) for key in used}
    except AttributeError:
        return
    cache.keep(_NAME, _KEY, marshal.dumps(together))
