"""Fills a Word template in: text in, the same document out, byte for byte, every time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from perfxl.document.assembly import assembled
from perfxl.document.package.docx_zip import CORE_PROPERTIES
from perfxl.document.template.fault import TemplateFault
from perfxl.document.template.printable_text import only_text
from perfxl.document.template.word_template import compiled, rendered, rendered_title

__all__ = ["TemplateFault", "render"]


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
    word = compiled(template)
    bodies = (
        (part.name, rendered_title(part, texts) if part.name == CORE_PROPERTIES else rendered(part, texts))
        for part in word.compiled
    )
    return assembled(dict(word.numbered if contents else word.parts), bodies, word.contents, word.layout, contents)
