"""A Word template, read once: its parts with tags compiled, the others as they are.

docxtpl turns what Word wrote, where one tag is often split over several runs, into something jinja2 can read; we add
two tags of our own and use nothing else of docxtpl 0.20, because its rendering parses with recovery (text goes missing
without a word), looks for tags in the values, and renders footnotes once for every section.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, Template, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.nodes import TemplateData
from lxml import etree

from perfxl.document.contents.pagination import PageLayout
from perfxl.document.contents.paragraph_styles import shapes
from perfxl.document.contents.toc import ESTIMATE, SOURCE, Rules
from perfxl.document.contents.toc_field import prepared as prepared_contents
from perfxl.document.package.docx_zip import CORE_PROPERTIES, DOCUMENT, read_parts
from perfxl.document.package.properties import with_property
from perfxl.document.template.charts import roomy
from perfxl.document.template.fault import TemplateFault
from perfxl.document.template.preparation import prepared
from perfxl.document.template.sandbox import environment, in_body, in_property
from perfxl.document.template.unique_ids import unique_ids
from perfxl.storage.zip_archive import CONTENT_TYPES

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = "word/styles.xml"
_WITH_TAGS = ("document.main+xml", "header+xml", "footer+xml", "footnotes+xml", "endnotes+xml")

# A tag is written as text in a cell or paragraph; these find the innermost one around it.
_CELL = re.compile(r"(<w:tc(?: [^>]*)?>)((?:(?!<w:tc[ >]).)*?)</w:tc>", re.DOTALL)
_CELL_PROPERTIES = re.compile(r"\s*(?:<w:tcPr\s*/>|<w:tcPr(?: [^>]*)?>(.*?)</w:tcPr>)", re.DOTALL)
_BEFORE_V_MERGE = re.compile(r"(?:<w:(?:cnfStyle|tcW|gridSpan|hMerge)(?:\s[^>]*)?/>\s*)*")
_V_MERGE = re.compile(r"<w:vMerge(?:\s[^>]*)?/>")
_MERGE = re.compile(r"{%\s*merge\s+(.*?)\s*%}")
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>(?:(?!<w:p[ >]).)*?</w:p>", re.DOTALL)
_PARAGRAPH_PROPERTIES = re.compile(r"<w:pPr>.*?</w:pPr>", re.DOTALL)
_MERGING = re.compile(r"{%\s*[vh]m\s*%}")
_ESCAPED = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
# Braces that are left in the text: one of two, or full-width ones.
_BROKEN = re.compile(r"[{｛]\s*[{｛%％#＃]|[}｝%％#＃]\s*[}｝]|[{｛]\s*[A-Za-z_][\w.]*\s*[}｝]")
_RAW = re.compile(r"{%-?\s*raw\s*-?%}(?:(?!{%-?\s*endraw).)*{%-?\s*endraw\s*-?%}", re.DOTALL)  # braces are meant
_NEAR = 20  # characters of the text on either side of a fault
_LISTED = re.compile(r"{{\s*((?:(?!}}).)*\|\s*(?:lines|labelled\s*\((?:(?!}}).)*\)))\s*}}", re.DOTALL)


@dataclass(frozen=True)
class TemplatePart:
    """One part of the template with its tags compiled; `source` is kept for saying where a fault is."""

    name: str
    source: str
    template: Template

    def rendered(self, context: Mapping[str, Any]) -> str:
        """Return the part's XML, filled in. Raises `TemplateFault` whatever goes wrong in the template."""
        try:
            return self.template.render(context)
        except Exception as fault:  # the template is a program: every failure while it runs is its own
            raise _fault(self.name, self.source, self.template.environment, fault, context) from fault


@dataclass(frozen=True)
class WordTemplate:
    """A template ready to be filled in. `parts` are all of the file, `compiled` those that hold tags.

    `numbered` are the parts of a document with estimated page numbers, which says so in a property. `contents` is
    what its contents page lists, None where it has none; `layout` lays out documents with its styles.
    """

    parts: Mapping[str, bytes]
    numbered: Mapping[str, bytes]
    compiled: tuple[TemplatePart, ...]
    contents: Rules | None
    layout: PageLayout


class _Tags(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """docxtpl's understanding of Word's XML, and our tags.

    `{% merge N %}` in a table cell: the cell begins a vertically merged one of N rows, or continues one where N is 0.
    `{{ x | lines }}`, `{{ x | labelled("…") }}` in a paragraph: the paragraph is repeated for each line.
    `{{ rows | chart("…", "…", "…") }}` in a paragraph: its line becomes as high as the chart.
    docxtpl's `{_{`, `}_}`, `{_%` and `%_}` are printed as braces; its `vm` and `hm` are refused, because they merge by
    the innermost loop, which a table of flat rows does not have.
    """

    def patch_xml(self, src_xml: str) -> str:
        """Return the jinja2 source of a part's XML."""
        if merging := _MERGING.search(src_xml):
            raise TemplateFault("", f"{merging[0]} 只按最里面的循环合并，请改用 {{% merge row.starts.栏目 %}}")
        source: str = super().patch_xml(src_xml)
        for escaped, meant in _ESCAPED:
            source = source.replace(escaped, f'{{{{ "{meant}" }}}}')
        source = _CELL.sub(_merged_cell, source)
        return _PARAGRAPH.sub(_repeated_paragraph, source)


@lru_cache(maxsize=8)
def compiled(template: bytes) -> WordTemplate:
    """Return the template ready for use. Raises `TemplateFault` where the file or a tag in it is damaged."""
    try:
        parts = prepared(read_parts(template))
    except ValueError as fault:
        raise TemplateFault("", "这不是能读的 Word 文档，请用 Word 或 WPS 另存为“Word 文档（*.docx）”") from fault
    styles = strict_tree(_STYLES, parts[_STYLES]) if _STYLES in parts else None
    listed: Rules | None = None
    body, properties = environment(in_body), environment(in_property)
    found = []
    for name in _tagged(parts):
        tree = strict_tree(name, parts[name])
        if name == DOCUMENT:
            listed = prepared_contents(tree, styles)
        found.append(_compiled(name, _Tags("").patch_xml(etree.tostring(tree, encoding="unicode")), body))
    if CORE_PROPERTIES in parts:
        found.append(_compiled(CORE_PROPERTIES, _title(parts[CORE_PROPERTIES]), properties))
    numbered = with_property(parts, SOURCE, ESTIMATE) if listed else parts
    return WordTemplate(parts, numbered, tuple(found), listed, PageLayout(shapes(styles)))


def rendered(part: TemplatePart, texts: Mapping[str, Any]) -> str:
    """Return the part's XML, filled in. Raises `TemplateFault` also where Word would call the document damaged."""
    xml = unique_ids(part.rendered(texts))
    # Word does where a cell does not end in a paragraph or a table has no row.
    for element in strict_tree(part.name, xml.encode()).iter(_W + "tc", _W + "tbl"):
        if element.tag == _W + "tbl":
            if element.find(_W + "tr") is None:
                raise TemplateFault(part.name, "有的表格没有一行，请保留一行不重复的表头")
        elif len(element) == 0 or element[-1].tag != _W + "p":
            raise TemplateFault(part.name, "有的单元格里没有段落，请用“{{ … | lines }}”打印列表")
    return xml


def rendered_title(part: TemplatePart, texts: Mapping[str, Any]) -> str:
    """Return the title, filled in, as text. Raises `TemplateFault`."""
    return strict_tree(part.name, f"<title>{part.rendered(texts)}</title>".encode()).text or ""


def strict_tree(name: str, xml: bytes) -> etree._Element:
    """Return the parsed part. Raises `TemplateFault` unless it is well-formed XML without a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as fault:
        raise TemplateFault(name, f"不是合格的 XML（{fault}）") from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise TemplateFault(name, "不允许文档类型声明（DOCTYPE）")
    return root


def _tagged(parts: Mapping[str, bytes]) -> list[str]:
    """Return the names of the parts in which tags may stand: the body, headers, footers and notes."""
    types = strict_tree(CONTENT_TYPES, parts[CONTENT_TYPES])
    names = (
        each.get("PartName", "").removeprefix("/")
        for each in types.iter("{*}Override")
        if each.get("ContentType", "").endswith(_WITH_TAGS)
    )
    return [name for name in names if name in parts]


def _title(core_properties: bytes) -> str:
    title = strict_tree(CORE_PROPERTIES, core_properties).findtext("{http://purl.org/dc/elements/1.1/}title")
    return title or ""


def _compiled(name: str, source: str, env: Environment) -> TemplatePart:
    try:
        _require_whole_tags(name, source, env)
        return TemplatePart(name, source, env.from_string(source))
    except TemplateSyntaxError as fault:
        raise _fault(name, source, env, fault, {}) from fault


def _require_whole_tags(name: str, source: str, env: Environment) -> None:
    """Raise `TemplateFault` where braces are left in the text that is printed as it stands."""
    for data in env.parse(_RAW.sub("", source)).find_all(TemplateData):
        text = re.sub(r"<[^>]*>", "", data.data)
        if broken := _BROKEN.search(text):
            near = text[max(0, broken.start() - _NEAR) : broken.end() + _NEAR].strip()
            raise TemplateFault(name, "标记写坏了：大括号要用半角，两个一组，如“{{ unit_name }}”", near)


def _merged_cell(cell: re.Match[str]) -> str:
    """Return the cell with `w:vMerge` where ECMA-376 wants it among its properties, and empty where it continues."""
    opening, inside = cell.groups()
    merge = _MERGE.search(inside)
    if merge is None:
        return cell.group()
    rows = merge.group(1)
    match = _CELL_PROPERTIES.match(inside)
    properties = _V_MERGE.sub("", (match.group(1) or "") if match else "")
    content = _MERGE.sub("", inside[match.end() if match else 0 :])
    before = _BEFORE_V_MERGE.match(properties)
    split = before.end() if before else 0
    state = f"{{% if {rows} %}}restart{{% else %}}continue{{% endif %}}"
    v_merge = f'{{% if {rows} != 1 %}}<w:vMerge w:val="{state}"/>{{% endif %}}'
    kept = _PARAGRAPH_PROPERTIES.search(content)
    empty = f"<w:p>{kept.group() if kept else ''}</w:p>"
    return (
        f"{opening}<w:tcPr>{properties[:split]}{v_merge}{properties[split:]}</w:tcPr>"
        f"{{% if {rows} %}}{content}{{% else %}}{empty}{{% endif %}}</w:tc>"
    )


def _repeated_paragraph(paragraph: re.Match[str]) -> str:
    text = roomy(paragraph.group())
    listed = _LISTED.search(text)
    if listed is None:
        return text
    one = text[: listed.start()] + "{{ line }}" + text[listed.end() :]
    return f"{{% for line in {listed.group(1)} %}}{one}{{% endfor %}}"


def _fault(name: str, source: str, env: Environment, fault: Exception, context: Mapping[str, Any]) -> TemplateFault:
    """Return what `fault` says, with the text of the paragraph: found by doing it again with one paragraph a line."""
    lined = re.sub(r"<w:p(?=[ >])", "\n<w:p", source)
    number = 0
    try:
        env.from_string(lined).render(context)
    except TemplateSyntaxError as again:
        number = again.lineno
    except Exception as again:  # noqa: BLE001  # as in Part.rendered
        frames = traceback.extract_tb(again.__traceback__)
        number = next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == "<template>"), 0)
    near = re.sub(r"<[^>]*>", "", lined.split("\n")[number - 1]).strip() if number else ""
    return TemplateFault(name, _problem(fault), near)


def _problem(fault: Exception) -> str:
    if isinstance(fault, SecurityError):
        return f"模板里不允许这样做（{fault}）"
    if isinstance(fault, TemplateSyntaxError):
        return f"标签写得不对（{fault.message}）"
    return str(fault) or type(fault).__name__
