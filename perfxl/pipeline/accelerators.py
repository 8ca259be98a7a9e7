"""The one door to `perfxl.fast`: what each stage may take from it.

Every function gives what the plain path gives, or nothing, which means that the plain path has to do it. All give
nothing with `PERFXL_PLAIN=1` in the environment, and where the package `perfxl.fast` has been taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from perfxl.storage import cache

if TYPE_CHECKING:
    from perfxl.workbook.cells import Cells

_THERE = find_spec("perfxl.fast") is not None


def enabled() -> bool:
    """Whether the accelerators are there and wanted."""
    return _THERE and cache.accelerated()


def prepare() -> None:
    """Make the start of a command shorter: regular expressions that earlier runs have compiled."""
    if enabled():
        from perfxl.fast import patterns

        patterns.preload()


def read(data: bytes) -> Cells | None:
    """Return the cells of the workbook `data`, as `perfxl.workbook.reading.reader.read` gives them, or None."""
    if not enabled():
        return None
    from perfxl.fast.workbook.reader import read_fast

    return read_fast(data)


def conforms(schema: Mapping[str, Any], values: Any) -> bool:
    """Return true where `values` certainly have no fault by `schema`; false says nothing."""
    if not enabled():
        return False
    from perfxl.fast.schema_sieve import conforms as sieve

    return sieve(schema, values)


def render(template: bytes, texts: Mapping[str, Any], *, contents: bool) -> bytes | None:
    """Return the document that `perfxl.document.render.render` makes of texts that are arranged already, or None."""
    if not enabled():
        return None
    from perfxl.fast.template.renderer import render as print_fast

    return print_fast(template, texts, contents=contents)
