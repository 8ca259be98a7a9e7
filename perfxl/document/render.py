"""Fills a Word template in: text in, the same document out, byte for byte, every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from perfxl.document.contents import FROM, TO, Rules, filled, removed
from perfxl.document.estimate import Layout
from perfxl.document.fault import TemplateFault
from perfxl.document.package import (
    CORE_PROPERTIES,
    DECLARATION,
    DOCUMENT,
    Packed,
    packed,
    packed_once,
    write_packed,
    write_parts,
)
from perfxl.document.program import Printed, Program, printed, program
from perfxl.document.text import only_text
from perfxl.document.units import Unusual

__all__ = ["TemplateFault", "render"]

_TITLE_LENGTH = 255  # of a core property: more, and Word cuts it or python-docx refuses to write it
_FROM, _TO = FROM.encode(), TO.encode()

# No author and no dates: they would name whoever made the template, and a second run would differ from the first.
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:creator></dc:creator></cp:coreProperties>'
)


def render(template: bytes, context: Mapping[str, Any], *, contents: bool = True, arranged: bool = False) -> bytes:
    """Return the .docx that `template` gives with `context`.

    `context` holds text in objects and lists, as `perfxl.document.context` makes it, and true or false to choose
    by; `draft` is false where it is not given. Text is printed character by character: nothing in it is a tag or
    markup, tabs and line ends become Word's own, and what `printable_text` takes away is missing. The core
    properties are the template's title, filled in, and nothing else. Where the template has a contents page, its
    entries are those of the document's headings and their numbers estimated; with `contents` false it is left out.
    Each chart becomes a part of its own. `arranged` says that `context` is what `perfxl.document.context` made, and
    true or false, so that it takes no second look.
    Raises `TemplateFault` where the template is damaged, asks for what the context does not hold, does what a
    template may not do or gives a document that Word would not open; `TypeError` where `context` holds something
    else than text.
    """
    texts = {"draft": False, **(context if arranged else only_text(context))}
    ready = program(template)
    if ready is not None:
        try:
            return _by_program(ready, texts, contents)
        except Exception:  # noqa: BLE001  # it only knows what goes well; jinja2 does the same again and says what does not
            pass
    return _by_jinja(template, texts, contents)


def _by_program(ready: Program, texts: Mapping[str, Any], contents: bool) -> bytes:
    made = {name: printed(write, texts) for name, write in ready.writers.items()}
    if any(part.drawn for part in made.values()) and ready.parts is not None:
        bodies = ((name, _title(part) if name == CORE_PROPERTIES else _text(part)) for name, part in made.items())
        return _assembled(dict(ready.parts[contents]), bodies, ready.rules, ready.layout, contents)
    parts: dict[str, Packed | None] = dict(ready.numbered if contents else ready.fixed)
    for name, part in made.items():
        if name == CORE_PROPERTIES:
            parts[name] = packed_once(_core(_title(part)))
        elif name == DOCUMENT:
            parts[name] = packed(DECLARATION + _body(ready, part, contents))
        else:
            parts[name] = packed_once(DECLARATION + b"".join(part.out))
    return write_packed((name, part) for name, part in parts.items() if part is not None)


def _body(ready: Program, part: Printed, contents: bool) -> bytes:
    """Return the body with its contents page as it is wanted."""
    if ready.rules is None:
        return b"".join(part.out)
    if ready.units is None:
        return _with_contents(_text(part), ready.rules, ready.layout, contents).encode()
    if contents:
        try:
            ready.units.fill(part.out, part.texts, part.ends)
        except Unusual:
            return _with_contents(_text(part), ready.rules, ready.layout, contents).encode()
        return b"".join(part.out)
    if _FROM in part.out and _TO in part.out:
        return b"".join((*part.out[: part.out.index(_FROM)], *part.out[part.out.index(_TO) + 1 :]))
    return b"".join(part.out)


def _text(part: Printed) -> str:
    return b"".join(part.out).decode()


def _title(part: Printed) -> str:
    return "".join(markup.decode() + text for markup, text in zip(part.out[::2], part.texts, strict=True))


def _with_contents(xml: str, rules: Rules, layout: Layout, contents: bool) -> str:
    if not contents:
        return removed(xml)
    body = filled(xml, rules)
    return body.text(layout.pages(body.text({})))


def _by_jinja(template: bytes, texts: Mapping[str, Any], contents: bool) -> bytes:
    from perfxl.document.template import compiled, rendered, rendered_title

    word = compiled(template)
    bodies = (
        (part.name, rendered_title(part, texts) if part.name == CORE_PROPERTIES else rendered(part, texts))
        for part in word.compiled
    )
    return _assembled(dict(word.numbered if contents else word.parts), bodies, word.contents, word.layout, contents)


def _assembled(
    parts: dict[str, bytes], bodies: Iterable[tuple[str, str]], rules: Rules | None, layout: Layout, contents: bool
) -> bytes:
    """Return the document of `parts` with those that are printed in their places."""
    from perfxl.document.charts import lifted

    for name, xml in bodies:
        if name == CORE_PROPERTIES:
            parts[name] = _core(xml)
            continue
        try:
            body, parts = lifted(xml, name, parts)
        except ValueError as fault:
            raise TemplateFault(name, str(fault)) from fault
        if name == DOCUMENT and rules is not None:
            body = _with_contents(body, rules, layout, contents)
        parts[name] = DECLARATION + body.encode()
    return write_parts(parts)


def _core(title: str) -> bytes:
    title = " ".join(title.split())[:_TITLE_LENGTH]
    written = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return DECLARATION + _CORE.format(written).encode()
