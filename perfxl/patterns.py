"""Regular expressions whose compiled code is kept between runs.

The rules have some three hundred. Compiling them takes 60 ms, a third of what a click took; loading what an earlier run
has compiled takes 4. `re` has no words for that, so this module alone uses what is behind them, and only for the very
Python that compiled; where that is not as expected, `re.compile` does all. `_sre` itself verifies the code it is given.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import atexit
import marshal
import re
import sys
from array import array
from typing import Any

from perfxl import __version__, cache

_NAME = "patterns"
_KEY = f"{sys.implementation.cache_tag} {sys.hexversion:x} {_sre.MAGIC} {__version__}\n".encode()
_MOST = 500  # patterns, half as many again as there are: more are from profiles and drafts that are gone

_Known = dict[tuple[str, int], tuple[Any, ...]]

_known: _Known | None = None
_new: _Known = {}


def compile(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` returns. Raises `re.error` as it does."""
    global _known
    if _known is None:
        _known = _loaded()
    key = (pattern, int(flags))
    parts = _known.get(key)
    if parts is None:
        parts = _compiled(pattern, int(flags))
        if parts is None:
            return re.compile(pattern, flags)
        if not _new:
            atexit.register(_save)
        _known[key] = _new[key] = parts
    all_flags, code, groups, names, indices = parts
    found: re.Pattern[str] = _sre.compile(pattern, all_flags, array("I", code).tolist(), groups, names, indices)
    return found


def _compiled(pattern: str, flags: int) -> tuple[Any, ...] | None:
    """Return what `_sre.compile` is to be given for `pattern`, as `re` does it, or None where it does it otherwise."""
    try:
        parsed = re._parser.parse(pattern, flags)  # type: ignore[attr-defined]
        code = re._compiler._code(parsed, flags)  # type: ignore[attr-defined]
    except AttributeError:
        return None
    names: dict[str, int] = dict(parsed.state.groupdict)
    indices: list[str | None] = [None] * parsed.state.groups
    for name, index in names.items():
        indices[index] = name
    return int(flags | parsed.state.flags), array("I", code).tobytes(), parsed.state.groups - 1, names, tuple(indices)


def _loaded() -> _Known:
    content = cache.kept(_NAME, _KEY)
    return {} if content is None else marshal.loads(content)


def _save() -> None:
    together = {**_loaded(), **_new}  # what other runs have kept meanwhile stays
    cache.keep(_NAME, _KEY, marshal.dumps(together if len(together) <= _MOST else _new))
