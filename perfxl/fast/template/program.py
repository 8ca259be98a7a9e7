"""A template as a program: loaded where it was kept, worked out where it was not.

What is kept is the code of the parts that hold tags, the other parts packed as they stand in every document, what the
layout needs of the styles, and the kinds of paragraphs and rows that documents had so far. With it a document is made
without jinja2, docxtpl and lxml, whose loading alone takes longer than everything else.
"""

from __future__ import annotations

import atexit
import marshal
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any
from zlib import crc32

import perfxl
from perfxl.document.contents.pagination import PageLayout
from perfxl.document.contents.paragraph_styles import ParagraphShape, ParagraphShapes
from perfxl.document.contents.toc import Rules
from perfxl.document.template.filters import labelled, lines, spans
from perfxl.document.template.printable_text import escaped
from perfxl.fast.template.toc_in_pieces import Units
from perfxl.storage import cache
from perfxl.storage.zip_archive import Packed

_TAB, _BREAK = (f'</w:t><w:{name}/><w:t xml:space="preserve">' for name in ("tab", "br"))

Write = Callable[[dict[str, Any], list[Any], list[int], list[Any]], None]
"""Prints a part: see `compiler.PartCode`."""

_READY_MADE = Path(__file__).with_name("ready_made")
_LETTERS = 16  # of a digest, enough to tell templates apart
_SLOTS = 32  # files at most; of two templates with the same one, the last one used is kept

Kept = tuple[Any, ...]
"""What a `Program` is made from in plain values, as `marshal` takes them."""


class PrintedPart:
    """A part that is printed: its markup and the texts that follow each piece of it, by turns, and the same as typed.

    `ends` are those of its units; `drawn` is true where it holds drawings.
    """

    __slots__ = ("drawn", "ends", "out", "texts")

    def __init__(self, out: list[Any], texts: list[str], ends: list[int], drawn: bool) -> None:
        self.out, self.texts, self.ends, self.drawn = out, texts, ends, drawn


class Program:
    """A template ready to be filled in.

    `fixed` are the parts by name in their order, packed, None for those that are printed; `numbered` the same for a
    document with estimated page numbers, which says so in a property. `writers` print the others, in their order.
    `rules` are those of the contents page, None where there is none. `parts` are all parts of the template, plain and
    numbered, where it draws charts, else nothing.
    """

    def __init__(self, kept: Kept) -> None:
        """`kept` is what `compilation` made of the template."""
        fixed, numbered, codes, rules, (plain, default, styles), marked, parts = kept
        shapes = ParagraphShapes(
            ParagraphShape(*plain), default, {style: ParagraphShape(*shape) for style, shape in styles.items()}
        )
        self.fixed: Mapping[str, Packed | None] = {name: part and Packed(*part) for name, part in fixed.items()}
        self.numbered: Mapping[str, Packed | None] = {name: part and Packed(*part) for name, part in numbered.items()}
        self.writers: Mapping[str, Write] = {name: _function(code) for name, code in codes.items()}
        self.rules = Rules(*rules) if rules else None
        self.layout = PageLayout(shapes)
        self.units = Units(self.rules, self.layout, marked=marked) if self.rules and marked is not None else None
        self.parts: tuple[Mapping[str, bytes], Mapping[str, bytes]] | None = parts


def printed(write: Write, context: Mapping[str, Any]) -> PrintedPart:
    """Return the part that `write` prints with `context`, which holds text alone and nothing that XML cannot hold.

    Raises whatever the template brings about.
    """
    out: list[Any] = []
    ends: list[int] = []
    drawings: list[tuple[int, str]] = []
    write(dict(context), out, ends, drawings)
    texts = out[1::2]
    together = escaped("\0".join(texts))
    if "\t" in together or "\n" in together:
        together = together.replace("\t", _TAB).replace("\n", _BREAK)
    out[1::2] = together.encode().split(b"\0") if texts else []
    for at, drawing in drawings:
        out[at] = str(drawing).encode()
    return PrintedPart(out, texts, ends, bool(drawings))


def ready_made(template: bytes) -> Path:
    """Return where the program of a template lies that came with perfxl: what `compilation` gives, with sources.

    The page in a browser brings them, because there is no lxml to make them of.
    """
    return _READY_MADE / sha256(template).hexdigest()[:_LETTERS]


@lru_cache(maxsize=8)
def program(template: bytes) -> Program | None:
    """Return the program of a template, None where it does what only jinja2 can. Raises `TemplateFault`."""
    if _READY_MADE.is_dir() and (brought := ready_made(template)).is_file():
        return Program(marshal.loads(brought.read_bytes()))
    name, key = f"template-{crc32(template) % _SLOTS}", _key(template)
    content = cache.kept(name, key)
    if content is None:
        from perfxl.fast.template.compilation import compilation

        kept, known = compilation(template), None
        cache.keep(name, key, marshal.dumps((kept, known)))
    else:
        kept, known = marshal.loads(content)
    if kept is None:
        return None
    loaded = Program(kept)
    units = loaded.units
    if units is not None:
        if known is not None:
            units.remember(known)

        def learn() -> None:
            units.learnt = int
            atexit.register(lambda: cache.keep(name, key, marshal.dumps((kept, units.known()))))

        units.learnt = learn
    return loaded


def _key(template: bytes) -> bytes:
    """Return everything on which a program depends: Python, this very program as it is installed, the template."""
    ours: list[tuple[str, int]] = []
    package = Path(perfxl.__file__).parent
    for room in ("document", "fast"):
        # Inside of an archive there are no files, and the version has to do.
        ours += [(path.name, path.stat().st_mtime_ns) for path in (package / room).rglob("*.py")]
    words = (sys.implementation.cache_tag, sys.hexversion, perfxl.__version__, sorted(ours))
    return f"{words}\n".encode() + template


def _function(code: CodeType | str) -> Write:
    words: dict[str, Any] = {
        "__builtins__": {"enumerate": enumerate, "len": len, "str": str},
        "lines": lines,
        "labelled": labelled,
        "spans": spans,
        "chart": _chart,
    }
    exec(code, words)  # written by `compiler`, whatever the template says
    write: Write = words["write"]
    return write


def _chart(*words: Any) -> str:
    from perfxl.document.template.charts import chart  # with markupsafe, for the few templates that draw

    return chart(*words)
