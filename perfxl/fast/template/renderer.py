"""Documents by programs: what `perfxl.document.render` makes, for templates that became a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from perfxl.document.assembly import assembled, core, with_contents
from perfxl.document.contents.settled_body import settle
from perfxl.document.package.docx_zip import CORE_PROPERTIES, DECLARATION, DOCUMENT
from perfxl.fast.template.program import PrintedPart, Program, printed, program
from perfxl.fast.template.toc_in_pieces import UnusualText
from perfxl.storage.zip_archive import Packed, packed, packed_once, write_packed


def render(template: bytes, texts: Mapping[str, Any], *, contents: bool) -> bytes | None:
    """Return the document of texts that are arranged already, or None where jinja2 has to print it.

    Raises `TemplateFault` where the template is damaged.
    """
    ready = program(template)
    if ready is None:
        return None
    try:
        return _by_program(ready, texts, contents)
    except Exception:  # noqa: BLE001 - it only knows what goes well; jinja2 does the same again and says what does not
        return None


def _by_program(ready: Program, texts: Mapping[str, Any], contents: bool) -> bytes:
    made = {name: printed(write, texts) for name, write in ready.writers.items()}
    if any(part.drawn for part in made.values()) and ready.parts is not None:
        bodies = ((name, _title(part) if name == CORE_PROPERTIES else _text(part)) for name, part in made.items())
        return assembled(dict(ready.parts[contents]), bodies, ready.rules, ready.layout, contents)
    parts: dict[str, Packed | None] = dict(ready.numbered if contents else ready.fixed)
    for name, part in made.items():
        if name == CORE_PROPERTIES:
            parts[name] = packed_once(core(_title(part)))
        elif name == DOCUMENT:
            parts[name] = packed(DECLARATION + _body(ready, part, contents))
        else:
            parts[name] = packed_once(DECLARATION + b"".join(part.out))
    return write_packed((name, part) for name, part in parts.items() if part is not None)


def _body(ready: Program, part: PrintedPart, contents: bool) -> bytes:
    """Return the body with its contents page as it is wanted."""
    if ready.rules is None:
        return settle(_text(part), ready.layout).encode()
    if ready.units is None or not contents:
        return with_contents(_text(part), ready.rules, ready.layout, contents).encode()
    try:
        ready.units.fill(part.out, part.texts, part.ends)
    except UnusualText:
        return with_contents(_text(part), ready.rules, ready.layout, contents).encode()
    return b"".join(part.out)


def _text(part: PrintedPart) -> str:
    return b"".join(part.out).decode()


def _title(part: PrintedPart) -> str:
    return "".join(markup.decode() + text for markup, text in zip(part.out[::2], part.texts, strict=True))
