"""Printed parts into a finished document: charts in parts of their own, the contents page filled in, zipped."""

from __future__ import annotations

from collections.abc import Iterable

from perfxl.document.contents.pagination import PageLayout
from perfxl.document.contents.settled_body import settle
from perfxl.document.contents.toc import Rules, filled, removed
from perfxl.document.package.docx_zip import CORE_PROPERTIES, DECLARATION, DOCUMENT
from perfxl.document.template.fault import TemplateFault
from perfxl.document.template.printable_text import escaped
from perfxl.storage.zip_archive import write_parts

_TITLE_LENGTH = 255  # of a core property: more, and Word cuts it or python-docx refuses to write it

# No author and no dates: they would name whoever made the template, and a second run would differ from the first.
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:creator></dc:creator>'
    "<dc:language>zh-CN</dc:language></cp:coreProperties>"
)


def with_contents(xml: str, rules: Rules, layout: PageLayout, contents: bool) -> str:
    """Return the body settled, with its contents page filled in and its page numbers estimated, or without one."""
    xml = settle(xml, layout)
    if not contents:
        return removed(xml)
    body = filled(xml, rules)
    return body.text(layout.pages(body.text({})))


def assembled(
    parts: dict[str, bytes], bodies: Iterable[tuple[str, str]], rules: Rules | None, layout: PageLayout, contents: bool
) -> bytes:
    """Return the document of `parts` with those that are printed in their places."""
    from perfxl.document.template.charts import lifted

    for name, xml in bodies:
        if name == CORE_PROPERTIES:
            parts[name] = core(xml)
            continue
        try:
            body, parts = lifted(xml, name, parts)
        except ValueError as fault:
            raise TemplateFault(name, str(fault)) from fault
        if name == DOCUMENT:
            body = with_contents(body, rules, layout, contents) if rules is not None else settle(body, layout)
        parts[name] = DECLARATION + body.encode()
    return write_parts(parts)


def core(title: str) -> bytes:
    """Return the core properties of a document of that title."""
    title = " ".join(title.split())[:_TITLE_LENGTH]
    return DECLARATION + _CORE.format(escaped(title)).encode()
