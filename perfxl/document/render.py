"""Fills a Word template in: text in, the same document out, byte for byte, every time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from perfxl.document.charts import lifted
from perfxl.document.contents import filled, removed
from perfxl.document.package import write_parts
from perfxl.document.template import CORE_PROPERTIES, DOCUMENT, Part, TemplateFault, compiled, strict_tree
from perfxl.document.text import printable_text

__all__ = ["TemplateFault", "render"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TITLE_LENGTH = 255  # of a core property: more, and Word cuts it or python-docx refuses to write it

# No author and no dates: they would name whoever made the template, and a second run would differ from the first.
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:creator></dc:creator></cp:coreProperties>'
)


def render(template: bytes, context: Mapping[str, Any], *, contents: bool = True) -> bytes:
    """Return the .docx that `template` gives with `context`.

    `context` holds text in objects and lists, as `perfxl.document.context` makes it, and true or false to choose
    by; `draft` is false where it is not given. Text is printed character by character: nothing in it is a tag or
    markup, tabs and line ends become Word's own, and what `printable_text` takes away is missing. The core
    properties are the template's title, filled in, and nothing else. Where the template has a contents page, its
    entries are those of the document's headings and their numbers estimated; with `contents` false it is left out.
    Each chart becomes a part of its own.
    Raises `TemplateFault` where the template is damaged, asks for what the context does not hold, does what a
    template may not do or gives a document that Word would not open; `TypeError` where `context` holds something
    else than text.
    """
    word = compiled(template)
    texts = {"draft": False, **_only_text(context)}
    parts = dict(word.numbered if contents else word.parts)
    for part in word.compiled:
        if part.name == CORE_PROPERTIES:
            parts[part.name] = _core(part, texts)
            continue
        xml, parts = _with_charts(part, texts, parts)
        if part.name == DOCUMENT and word.contents is not None:
            if contents:
                body = filled(xml, word.contents)
                xml = body.text(word.layout.pages(body.text({})))
            else:
                xml = removed(xml)
        parts[part.name] = xml.encode()
    return write_parts(parts)


def _with_charts(part: Part, texts: Mapping[str, Any], parts: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    xml = _body(part, texts)
    try:
        return lifted(xml, part.name, parts)
    except ValueError as fault:
        raise TemplateFault(part.name, str(fault)) from fault


def _body(part: Part, texts: Mapping[str, Any]) -> str:
    xml = _DECLARATION + part.rendered(texts)
    # Word calls a document damaged in which a cell does not end in a paragraph or a table has no row.
    for element in strict_tree(part.name, xml.encode()).iter(_W + "tc", _W + "tbl"):
        if element.tag == _W + "tbl":
            if element.find(_W + "tr") is None:
                raise TemplateFault(part.name, "有的表格没有一行，请保留一行不重复的表头")
        elif len(element) == 0 or element[-1].tag != _W + "p":
            raise TemplateFault(part.name, "有的单元格里没有段落，请用“{{ … | lines }}”打印列表")
    return xml


def _core(part: Part, texts: Mapping[str, Any]) -> bytes:
    title = strict_tree(part.name, f"<title>{part.rendered(texts)}</title>".encode()).text or ""
    title = " ".join(title.split())[:_TITLE_LENGTH]
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (_DECLARATION + _CORE.format(escaped)).encode()


def _only_text(value: Any) -> Any:
    """Return `value` in plain dicts, lists and str, so that no object of a richer kind reaches the template."""
    if isinstance(value, str):
        return printable_text(str(value))
    if isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): _only_text(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_only_text(member) for member in value]
    raise TypeError(f"only text is printed, not {type(value).__name__}")
