"""Whether everything that was to be printed is in the finished document, read with other tools than it was made with.

The renderer rests on jinja2, docxtpl and lxml; a mistake in them, in the template or in our use of them must not be
judged by themselves. So this module opens the .docx with the standard library alone.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from perfxl.document.context import Schema, resolved
from perfxl.record import Path

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_UNUSUAL = (b"<w:delText", b"<w:cr", b"<w:noBreakHyphen", b"<w:br ", b":Fallback")
_SIGNS = {_W + "p": "\n", _W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "\u2011"}
# The entries of 目录 repeat what the headings say and prove nothing; codes of fields are not shown.
_NOT_SHOWN = re.compile(
    rb'<w:hyperlink w:anchor="_Toc[^"]*" w:history="1">.*?</w:hyperlink>|<w:instrText[^>]*>[^<]*</w:instrText>',
    re.DOTALL,
)
_PARTS = ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes")


def missing(document: bytes, context: Mapping[str, Any], schema: Schema) -> list[Path]:
    """Return the paths of the texts of `context` that the document does not show, in the order of the context.

    A text is there when each of its lines stands in some paragraph of the body, a header, footer or note. What n leaves
    say must be there n times, or all n are returned, since no one can tell which of them was lost; values chosen from a
    list (`enum`) may be merged into one cell, so once is enough for them. Leaves with `x-printed: false` are not looked
    for. The document comes from `render` and is trusted: nothing limits what it unpacks to.
    """
    found = paragraphs(document)
    whole = Counter(found)
    text = "\n".join(found)
    free: defaultdict[str, list[Path]] = defaultdict(list)
    absent: set[Path] = set()
    wanted = list(_wanted(context, schema, schema, ()))
    for path, leaf, chosen in wanted:
        for line in leaf.split("\n"):
            if chosen:
                if line not in whole and line not in text:
                    absent.add(path)
            elif line:
                free[line].append(path)
    for line, paths in free.items():
        # Most texts are a paragraph by themselves; only the others are worth a search through everything.
        if whole[line] < len(paths) and text.count(line) < len(paths):
            absent.update(paths)
    return [path for path, _, _ in wanted if path in absent]


def paragraphs(document: bytes) -> list[str]:
    """Return the lines of text of a .docx: a paragraph each, or the several of a paragraph with line breaks.

    The body comes first. Deleted text, which Word keeps but does not show, is left out, and so are the entries of 目录.
    """
    lines: list[str] = []
    with zipfile.ZipFile(BytesIO(document)) as archive:
        names = [name for name in archive.namelist() if name.startswith(_PARTS) and name.endswith(".xml")]
        for name in sorted(names, key=lambda name: not name.startswith("word/document")):
            xml = archive.read(name)
            if b"<w:instrText" in xml:
                xml = _NOT_SHOWN.sub(b"", xml)
            plain = _NAMESPACE in xml and not any(element in xml for element in _UNUSUAL)
            lines += (_all_text(xml) if plain else _shown_text(xml)).split("\n")
    return lines


def _all_text(xml: bytes) -> str:
    """Return every character of a part that shows all of its text, with a line end after each paragraph.

    Four times as fast as a tree: expat calls back for text alone, and the ends of paragraphs are put into the bytes.
    """
    for element, sign in ((b"</w:p>", b"\n</w:p>"), (b"<w:tab/>", b"\t"), (b"<w:br/>", b"\n")):
        xml = xml.replace(element, sign)
    pieces: list[str] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.CharacterDataHandler = pieces.append
    parser.Parse(xml, True)
    return "".join(pieces)


def _shown_text(xml: bytes) -> str:
    r"""Return the text of a part, element by element, with `\n` where a paragraph begins."""
    shown: list[str] = []
    for element in ElementTree.fromstring(xml).iter():
        if element.tag == _W + "t":
            shown.append(element.text or "")
        else:
            shown.append(_SIGNS.get(element.tag, ""))
    return "".join(shown)


def _wanted(value: Any, node: Schema, root: Schema, here: Path) -> Iterator[tuple[Path, str, bool]]:
    """Return each text that has to be found: its path, itself, and whether it was chosen from a list."""
    node = resolved(node, root)
    if node.get("x-printed") is False:
        return
    if isinstance(value, Mapping):
        known = node.get("properties", {})
        for key, member in value.items():
            yield from _wanted(member, known.get(key, {}), root, (*here, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _wanted(item, node.get("items", {}), root, (*here, index))
    elif isinstance(value, str) and value:
        yield here, value, "enum" in node or "examples" in node
