"""A tree of elements as lxml has it, for the browser: as much as reading a Word template asks for, on top of expat.

Prefixes, the order of attributes and the places of namespace declarations stay as they were written, so that what is
written again is what lxml writes (tests compare the two). Nothing else of lxml is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from xml.parsers import expat

_XML = "http://www.w3.org/XML/1998/namespace"
_STEP = re.compile(r"\{[^}]*\}[^/]+|[^/{}]+")
_IN_TEXT = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_IN_ATTRIBUTE = (*_IN_TEXT, ('"', "&quot;"), ("\n", "&#10;"), ("\t", "&#9;"))


class XMLSyntaxError(SyntaxError):
    """A part is no well-formed XML."""


class XMLParser:
    """Takes lxml's words and needs none: nothing outside is ever read, and nothing is mended."""

    def __init__(self, **_words: Any) -> None: ...


class _Element:
    """An element; a comment and a processing instruction are elements whose tag is a function.

    `spaces` are the namespaces declared here, by prefix; `prefix` is the element's own, `prefixes` its attributes'.
    """

    def __init__(self, tag: Any, prefix: str = "") -> None:
        self.tag = tag
        self.prefix = prefix
        self.prefixes: dict[str, str] = {}
        self.spaces: dict[str, str] = {}
        self.attrib: dict[str, str] = {}
        self.text: str | None = None
        self.tail: str | None = None
        self.doctype: str | None = None
        self._parent: _Element | None = None
        self._children: list[_Element] = []

    def __len__(self) -> int:
        return len(self._children)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[_Element]:
        return iter(self._children)

    def __getitem__(self, at: int) -> _Element:
        return self._children[at]

    def get(self, name: str, default: Any = None) -> Any:
        return self.attrib.get(name, default)

    def set(self, name: str, value: str) -> None:
        if name.startswith("{") and name not in self.prefixes:
            self.prefixes[name] = _known_prefix(self, name[1:].partition("}")[0], required=True)
        self.attrib[name] = value

    def getparent(self) -> _Element | None:
        return self._parent

    def index(self, child: _Element) -> int:
        return next(at for at, one in enumerate(self._children) if one is child)

    def remove(self, child: _Element) -> None:
        del self._children[self.index(child)]
        child._parent = None

    def insert(self, at: int, child: _Element) -> None:
        if child._parent is not None:
            child._parent.remove(child)
        self._children.insert(at, child)
        child._parent = self

    def append(self, child: _Element) -> None:
        self.insert(len(self) - (child._parent is self), child)

    def addprevious(self, other: _Element) -> None:
        parent = self._around()
        if other._parent is not None:
            other._parent.remove(other)
        parent.insert(parent.index(self), other)

    def addnext(self, other: _Element) -> None:
        """Put `other` behind this element, before the text that follows it."""
        parent = self._around()
        if other._parent is not None:
            other._parent.remove(other)
        parent.insert(parent.index(self) + 1, other)
        other.tail, self.tail = (other.tail or "") + (self.tail or "") or None, None

    def _around(self) -> _Element:
        if self._parent is None:
            raise TypeError("nothing can stand beside the root")
        return self._parent

    def getnext(self) -> _Element | None:
        return self._beside(1)

    def getprevious(self) -> _Element | None:
        return self._beside(-1)

    def _beside(self, step: int) -> _Element | None:
        if self._parent is None:
            return None
        at = self._parent.index(self) + step
        return self._parent._children[at] if 0 <= at < len(self._parent) else None

    def iterancestors(self, *tags: str) -> Iterator[_Element]:
        above = self._parent
        while above is not None:
            if _fits(above, tags):
                yield above
            above = above._parent

    def iter(self, *tags: str) -> Iterator[_Element]:
        """Yield this element and all below it in the order of the document: those of the tags, where some are named."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if _fits(element, tags):
                yield element
            waiting += reversed(element._children)

    def itertext(self) -> Iterator[str]:
        if isinstance(self.tag, str) and self.text:
            yield self.text
        for child in self._children:
            yield from child.itertext()
            if child.tail:
                yield child.tail

    def iterfind(self, path: str) -> Iterator[_Element]:
        first, *others = _STEP.findall(path.removeprefix(".//"))
        found = (each for each in self.iter(first) if each is not self) if path.startswith(".//") else self._of(first)
        for tag in others:
            found = _below(found, tag)
        return iter(found)

    def _of(self, tag: str) -> Iterator[_Element]:
        return (child for child in self._children if _fits(child, (tag,)))

    def find(self, path: str) -> _Element | None:
        return next(self.iterfind(path), None)

    def findtext(self, path: str, default: str | None = None) -> str | None:
        found = self.find(path)
        return default if found is None else found.text or ""

    def getroottree(self) -> SimpleNamespace:
        root = self
        while root._parent is not None:
            root = root._parent
        return SimpleNamespace(docinfo=SimpleNamespace(internalDTD=root.doctype))


def _below(elements: Iterator[_Element], tag: str) -> Iterator[_Element]:
    return (below for each in elements for below in each._of(tag))


def _fits(element: _Element, tags: tuple[str, ...]) -> bool:
    if not tags:
        return True
    tag = element.tag
    if not isinstance(tag, str):
        return False
    return any(
        wanted in (tag, "*") or (wanted[:3] == "{*}" and tag.rpartition("}")[2] == wanted[3:]) for wanted in tags
    )


def _known_prefix(element: _Element, space: str, *, required: bool) -> str:
    """Return the prefix of a namespace where `element` stands; an attribute requires one that is not empty."""
    if space == _XML:
        return "xml"
    for one in (element, *element.iterancestors()):
        for prefix, known in one.spaces.items():
            if known == space and (prefix or not required):
                return prefix
    number = 0
    while any(f"ns{number}" in one.spaces for one in (element, *element.iterancestors())):
        number += 1
    element.spaces[f"ns{number}"] = space
    return f"ns{number}"


def Comment(text: str) -> _Element:
    element = _Element(Comment)
    element.text = text
    return element


def ProcessingInstruction(target: str, text: str = "") -> _Element:
    element = _Element(ProcessingInstruction)
    element.text = f"{target} {text}"
    return element


def Element(tag: str) -> _Element:
    element = _Element(tag)
    if tag.startswith("{"):
        element.prefix = _known_prefix(element, tag[1:].partition("}")[0], required=False)
    return element


def SubElement(parent: _Element, tag: str) -> _Element:
    element = _Element(tag)
    parent.append(element)
    if tag.startswith("{"):
        element.prefix = _known_prefix(element, tag[1:].partition("}")[0], required=False)
    return element


class QName:
    """The name of an element in two parts."""

    def __init__(self, element: _Element) -> None:
        space, _, self.localname = element.tag.rpartition("}")
        self.namespace = space[1:] or None


class _Builder:
    """What expat says, as a tree."""

    def __init__(self) -> None:
        self.root: _Element | None = None
        self.doctype: str | None = None
        self._open: list[_Element] = []
        self._spaces: list[dict[str, str]] = [{"xml": _XML, "": ""}]
        self._last: _Element | None = None  # whose tail is being read

    def start(self, name: str, words: list[str]) -> None:
        pairs = list(zip(words[::2], words[1::2], strict=True))
        declared = {
            key.removeprefix("xmlns").removeprefix(":"): value
            for key, value in pairs
            if key == "xmlns" or key.startswith("xmlns:")
        }
        self._spaces.append({**self._spaces[-1], **declared} if declared else self._spaces[-1])
        element = _Element(*self._resolved(name, ""))
        element.spaces = declared
        for key, value in pairs:
            if key != "xmlns" and not key.startswith("xmlns:"):
                full, prefix = self._resolved(key, None)
                if full in element.attrib:
                    raise XMLSyntaxError(f"Attribute {key} redefined")
                element.attrib[full] = value
                if prefix:
                    element.prefixes[full] = prefix
        if self._open:
            self._open[-1].append(element)
        else:
            self.root, element.doctype = element, self.doctype
        self._open.append(element)
        self._last = None

    def _resolved(self, name: str, default: str | None) -> tuple[str, str]:
        prefix, _, local = name.rpartition(":")
        if not prefix and default is None:
            return name, ""
        if prefix not in self._spaces[-1] or not local:
            raise XMLSyntaxError(f"Namespace prefix {prefix} on {local} is not defined")
        space = self._spaces[-1][prefix]
        return (f"{{{space}}}{local}" if space else local), prefix

    def end(self, _name: str) -> None:
        self._last = self._open.pop()
        self._spaces.pop()

    def data(self, text: str) -> None:
        if self._last is not None and self._open:
            self._last.tail = (self._last.tail or "") + text
        elif self._open:
            self._open[-1].text = (self._open[-1].text or "") + text

    def instruction(self, target: str, said: str) -> None:
        element = ProcessingInstruction(target, said)
        element.text = f"{target} {said}" if said else target
        self.other(element)

    def other(self, element: _Element) -> None:
        if self._open:
            self._open[-1].append(element)
            self._last = element


def fromstring(text: bytes | str, _parser: XMLParser | None = None) -> _Element:
    """Return the root of the parsed text. Raises `XMLSyntaxError`."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.CommentHandler = lambda said: builder.other(Comment(said))
    parser.ProcessingInstructionHandler = builder.instruction
    parser.StartDoctypeDeclHandler = lambda name, *_: setattr(builder, "doctype", name)
    try:
        parser.Parse(text, True)
    except expat.ExpatError as fault:
        raise XMLSyntaxError(str(fault)) from fault
    if builder.root is None:
        raise XMLSyntaxError("Document is empty")
    return builder.root


def tostring(
    element: _Element,
    *,
    encoding: str = "ASCII",
    xml_declaration: bool = False,
    standalone: bool = False,
    with_tail: bool = True,
) -> Any:
    """Return an element as text (`encoding="unicode"`) or as bytes in UTF-8."""
    if encoding not in ("unicode", "UTF-8"):
        raise LookupError(encoding)
    out: list[str] = []
    above: dict[str, str] = {}
    for one in reversed(list(element.iterancestors())):
        above |= one.spaces
    _write(element, out, {}, above)
    if with_tail and element.tail:
        out.append(_escaped(element.tail, _IN_TEXT))
    if encoding == "unicode":
        return "".join(out)
    if xml_declaration:
        out.insert(0, f"<?xml version='1.0' encoding='UTF-8'{' standalone=' + repr('yes') if standalone else ''}?>\n")
    return "".join(out).encode()


def _write(element: _Element, out: list[str], known: dict[str, str], above: dict[str, str]) -> None:
    """Write an element; `known` are the namespaces declared in what is written, `above` those around the whole."""
    if not isinstance(element.tag, str):
        out.append(f"<!--{element.text}-->" if element.tag is Comment else f"<?{element.text}?>")
        return
    needed = {**above, **element.spaces} if above else dict(element.spaces)
    for name, prefix in ((element.tag, element.prefix), *element.prefixes.items()):
        space = name[1:].partition("}")[0] if name.startswith("{") else ""
        if prefix != "xml" and {**known, **needed}.get(prefix, "") != space:
            needed[prefix] = space  # it stood in another place when it was read
    name = _written_name(element.tag, element.prefix)
    out.append(f"<{name}")
    out += [
        f' xmlns{":" + prefix if prefix else ""}="{_escaped(space, _IN_ATTRIBUTE)}"' for prefix, space in needed.items()
    ]
    for key, value in element.attrib.items():
        out.append(f' {_written_name(key, element.prefixes.get(key, ""))}="{_escaped(value, _IN_ATTRIBUTE)}"')
    if not element.text and not len(element):
        out.append("/>")
        return
    out += (">", _escaped(element.text or "", _IN_TEXT))
    inside = {**known, **needed} if needed else known
    for child in element:
        _write(child, out, inside, {})
        out.append(_escaped(child.tail or "", _IN_TEXT))
    out.append(f"</{name}>")


def _written_name(name: str, prefix: str) -> str:
    local = name.rpartition("}")[2]
    return f"{prefix}:{local}" if prefix else local


def _escaped(text: str, signs: tuple[tuple[str, str], ...]) -> str:
    for sign, written in signs:
        if sign in text:
            text = text.replace(sign, written)
    return text
