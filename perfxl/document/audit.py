"""Whether everything that was to be printed is in the finished document, read with other tools than it was made with.

The renderer rests on jinja2, docxtpl and lxml; a mistake in them, in the template or in our use of them must not be
judged by themselves. So this module opens the .docx with the standard library alone.

Nearly always everything is there, and nearly every text is a `w:t` by itself. So all of these are counted at once, in
one pass over the bytes, and only what is not found like that is looked for paragraph by paragraph.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from struct import Struct
from typing import Any

from perfxl.document.template.context import Schema, per_schema, resolved
from perfxl.model.record import FieldPath
from perfxl.storage.zip_archive import ZipArchive

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_UNUSUAL = (b"<w:delText", b"<w:cr", b"<w:noBreakHyphen", b"<w:br ", b":Fallback")
_SIGNS = {_W + "p": "\n", _W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "\u2011"}
# The entries of 目录 repeat what the headings say and prove nothing; codes of fields are not shown.
_NOT_SHOWN = (
    rb'(?s:<w:hyperlink w:anchor="_Toc[^"]*" w:history="1">.*?</w:hyperlink>)|<w:instrText[^>]*>[^<]*</w:instrText>'
)
_PARTS = ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes")
_TEXT_PARTS = tuple(name.encode() for name in _PARTS)
_ALTERNATIVES = b"openxmlformats.org/markup-compatibility/2006"
_ENTRY = b'<w:hyperlink w:anchor="_Toc'
_TEXT = b'<w:t xml:space="preserve">'  # as all text that `render` prints begins
_TAB = b"</w:t><w:tab/>" + _TEXT  # within a run
_SHORT = 2048  # bytes of a packed part
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&quot;", '"'), ("&apos;", "'"))
_END, _DIRECTORY, _LOCAL_SIZE = Struct("<4s4H2LH"), Struct("<4s12x3LH12xL"), 30

_Collect = Callable[[Any, list[str], list[str]], None]


class _Unclear(Exception):
    """What is there cannot be told at a glance."""


def missing(document: bytes, context: Mapping[str, Any], schema: Schema) -> list[FieldPath]:
    """Return the paths of the texts of `context` that the document does not show, in the order of the context.

    A text is there when each of its lines stands in some paragraph of the body, a header, footer or note. What n leaves
    say must be there n times, or all n are returned, since no one can tell which of them was lost; values chosen from a
    list (`enum`) may be merged into one cell, so once is enough for them. Leaves with `x-printed: false` are not looked
    for. The document comes from `render` and is trusted: nothing limits what it unpacks to.
    """
    try:
        if _all_there(document, context, schema):
            return []
    except _Unclear:
        pass  # a closer look tells
    return _missing(document, context, schema)


def _missing(document: bytes, context: Mapping[str, Any], schema: Schema) -> list[FieldPath]:
    found = paragraphs(document)
    whole = Counter(found)
    text = "\n".join(found)
    free: defaultdict[str, list[FieldPath]] = defaultdict(list)
    absent: set[FieldPath] = set()
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


def _all_there(document: bytes, context: Mapping[str, Any], schema: Schema) -> bool:
    """Return whether all texts are seen to be there. Raises `_Unclear` where that takes a closer look.

    Never true where `_missing` finds anything: what stands n times in different `w:t` stands in paragraphs n times.
    """
    counted: list[str] = []
    chosen: list[str] = []
    try:
        _collector(schema)(context, counted, chosen)
        texts = "\n".join(counted)
        needed, once = Counter(texts.split("\n")), set("\n".join(chosen).split("\n"))
    except (KeyError, TypeError, AttributeError) as fault:
        raise _Unclear from fault  # texts that are not arranged as the schema says
    del needed[""]
    once.discard("")
    together = "\n".join(_parts(document, "\t" in texts))
    there = Counter(together.split("\n"))
    shown = there.get
    fewer = [(line, number) for line, number in needed.items() if shown(line, 0) < number]
    if fewer:
        # What is no wanted text by itself may hold some; without all the others this is a quick search, and nearly
        # always enough.
        others = there.keys() - needed.keys() - once
        rest = "".join([f"{text}\n" * there[text] for text in others])
        for line, number in fewer:
            if shown(line, 0) + rest.count(line) < number and together.count(line) < number:
                return False
    return all(line in there or line in together for line in once)


def _as_typed(xml: bytes) -> str:
    """Return text that stands in XML as it was before. Raises `_Unclear` where it is written in an unusual way."""
    text = xml.decode()
    if "&" in text:
        for written, sign in _ENTITIES:
            text = text.replace(written, sign)
        if text.count("&") > text.count("&amp;"):
            raise _Unclear
        text = text.replace("&amp;", "&")
    return text


def _parts(document: bytes, tabs: bool) -> Iterator[str]:
    """Yield what each part that holds text says: see `_texts`.

    Raises `_Unclear` where the archive is not as `render` writes it.
    """
    end = len(document) - _END.size
    if end < 0 or document[end : end + 4] != b"PK\5\6":
        raise _Unclear
    _, _, _, _, count, _, at, _ = _END.unpack_from(document, end)
    for _ in range(count):
        if at + _DIRECTORY.size > end:
            raise _Unclear
        mark, checksum, packed, size, length, begin = _DIRECTORY.unpack_from(document, at)
        name = document[at + _DIRECTORY.size : at + _DIRECTORY.size + length]
        at += _DIRECTORY.size + length
        if mark != b"PK\1\2":
            raise _Unclear
        if name.startswith(_TEXT_PARTS) and name.endswith(b".xml"):
            start = begin + _LOCAL_SIZE + length
            texts = _texts_of_short if packed <= _SHORT else _texts
            yield texts(document[start : start + packed], checksum, size, tabs)


def _texts(packed: bytes, checksum: int, size: int, tabs: bool) -> str:
    """Return what every `w:t` of a packed part says, one after the other, with line ends between them.

    `tabs` says that tabs are looked for. Raises `_Unclear` where some of the text may not be shown, or twice.
    """
    try:
        xml = zlib.decompress(packed, -zlib.MAX_WBITS, size)
    except zlib.error as fault:
        raise _Unclear from fault
    # Short words take long to look for: a sign is found faster, and a long word.
    if zlib.crc32(xml) != checksum or _NAMESPACE not in xml or _ALTERNATIVES in xml or (b"!" in xml and b"<!--" in xml):
        raise _Unclear
    first = xml.find(_ENTRY)
    if first >= 0:  # between the entries of 目录 stand others
        end = xml.find(b"</w:hyperlink>", xml.rfind(_ENTRY))
        xml = xml[:first] + xml[end:]
    if tabs:
        xml = xml.replace(_TAB, b"\t")
    _, *texts = xml.split(_TEXT)
    return _as_typed(b"\n".join([text.partition(b"<")[0] for text in texts]))


_texts_of_short = lru_cache(maxsize=64)(_texts)  # headers and footers are the same in all documents of a template


def paragraphs(document: bytes) -> list[str]:
    """Return the lines of text of a .docx: a paragraph each, or the several of a paragraph with line breaks.

    The body comes first. Deleted text, which Word keeps but does not show, is left out, and so are the entries of 目录.
    """
    lines: list[str] = []
    archive = ZipArchive(document)
    names = [name for name in archive.names() if name.startswith(_PARTS) and name.endswith(".xml")]
    for name in sorted(names, key=lambda name: not name.startswith("word/document")):
        xml = archive.part(name)
        if b"<w:instrText" in xml:
            xml = re.sub(_NOT_SHOWN, b"", xml)
        plain = _NAMESPACE in xml and not any(element in xml for element in _UNUSUAL)
        lines += (_all_text(xml) if plain else _shown_text(xml)).split("\n")
    return lines


def _all_text(xml: bytes) -> str:
    """Return every character of a part that shows all of its text, with a line end after each paragraph.

    Four times as fast as a tree: expat calls back for text alone, and the ends of paragraphs are put into the bytes.
    """
    for element, sign in ((b"</w:p>", b"\n</w:p>"), (b"<w:tab/>", b"\t"), (b"<w:br/>", b"\n")):
        xml = xml.replace(element, sign)
    from xml.parsers import expat

    pieces: list[str] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.CharacterDataHandler = pieces.append
    parser.Parse(xml, True)
    return "".join(pieces)


def _shown_text(xml: bytes) -> str:
    r"""Return the text of a part, element by element, with `\n` where a paragraph begins."""
    from xml.etree import ElementTree

    shown: list[str] = []
    for element in ElementTree.fromstring(xml).iter():
        if element.tag == _W + "t":
            shown.append(element.text or "")
        else:
            shown.append(_SIGNS.get(element.tag, ""))
    return "".join(shown)


def _collecting(node: Schema, root: Schema) -> _Collect:
    """Return what adds the texts of a context to two lists, those to be counted and those chosen from a list.

    It raises `KeyError`, `TypeError` or `AttributeError` where a context holds other members than its schema says.
    """
    node = resolved(node, root)
    if node.get("x-printed") is False:
        return _nothing
    if "properties" in node:
        return _of_object({key: resolved(member, root) for key, member in node["properties"].items()}, root)
    if "items" not in node:
        raise TypeError("a document is no single text")
    item = resolved(node["items"], root)
    if "properties" not in item and "items" not in item:
        several = _is_chosen(item)

        def of_texts(value: Any, counted: list[str], chosen: list[str]) -> None:
            (chosen if several else counted).extend(value)

        return of_texts
    one = _collecting(item, root)

    def of_objects(value: Any, counted: list[str], chosen: list[str]) -> None:
        for each in value:
            one(each, counted, chosen)

    return of_objects


_collector = per_schema(_collecting)


def _nothing(*_: Any) -> None:
    """Add no text."""


def _of_object(members: Mapping[str, Schema], root: Schema) -> _Collect:
    leaves = {
        key: _is_chosen(node)
        for key, node in members.items()
        if "properties" not in node and "items" not in node and node.get("x-printed") is not False
    }
    plain, listed = (_getter([key for key, several in leaves.items() if several is wanted]) for wanted in (False, True))
    deeper = [(key, _collecting(node, root)) for key, node in members.items() if key not in leaves]
    number = len(members)

    def of_object(value: Any, counted: list[str], chosen: list[str]) -> None:
        if len(value) != number:
            raise KeyError
        counted.extend(plain(value))
        chosen.extend(listed(value))
        for key, collect in deeper:
            collect(value[key], counted, chosen)

    return of_object


def _getter(keys: list[str]) -> Callable[[Any], Iterable[str]]:
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda value: [value[key] for key in keys]


def _is_chosen(leaf: Schema) -> bool:
    return "enum" in leaf or "examples" in leaf


def _wanted(value: Any, node: Schema, root: Schema, here: FieldPath) -> Iterator[tuple[FieldPath, str, bool]]:
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
        yield here, value, _is_chosen(node)
