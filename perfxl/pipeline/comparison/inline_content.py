"""What stands in a paragraph of Word, cut into words, and put together again as kept, inserted and deleted text.

Texts are compared, not their looks: what stays looks as it does in the new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import count
from typing import Literal, NamedTuple

from lxml import etree

from perfxl.pipeline.comparison.wording import word_pieces, words

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
AUTHOR = "修改对照"

Status = Literal["kept", "ins", "del"]

_DROPPED = frozenset(W + name for name in ("proofErr", "lastRenderedPageBreak", "del", "moveFrom", "rPrChange"))
_DROPPED |= frozenset(W + f"{name}Range{end}" for name in ("moveFrom", "moveTo", "comment") for end in ("Start", "End"))
_OPENED = frozenset(W + name for name in ("ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent"))
_SILENT = frozenset(W + name for name in ("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "pPr"))
_MARKS = frozenset((W + "bookmarkStart", W + "bookmarkEnd"))
_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n"}


class Atom(NamedTuple):
    """The smallest piece that is kept, inserted or deleted as a whole: a word of a run, or something that is no text.

    `key` is what makes two the same. Of a word, `text` is there and `look` are the properties of its run; of anything
    else, `elements` are the runs that make it. A mark (of a place, or half a field) has neither beginning nor end in
    the text and follows its version.
    """

    key: str
    text: str = ""
    look: etree._Element | None = None
    elements: tuple[etree._Element, ...] = ()
    mark: bool = False


class ChangeNumbers:
    """Gives every tracked change a number of its own."""

    def __init__(self) -> None:
        self._count = count(900_001)

    def change(self, kind: str) -> etree._Element:
        """Return a new element `w:ins` or `w:del`."""
        element = etree.Element(W + kind)
        element.set(W + "id", str(next(self._count)))
        element.set(W + "author", AUTHOR)
        return element


def atoms(paragraph: etree._Element) -> list[Atom]:
    """Return what stands in a paragraph; changes that were tracked in it already count as accepted."""
    found: list[Atom] = []
    field: list[etree._Element] = []
    depth = 0
    runs = list(_inline(paragraph))
    closed = _closed_fields(runs)
    for at, element in enumerate(runs):
        kinds = [mark.get(W + "fldCharType") for mark in element.iter(W + "fldChar")] if element.tag == W + "r" else []
        if at in closed or depth:
            depth += kinds.count("begin") - kinds.count("end")
            field.append(element)
            if depth == 0:
                found.append(Atom(_key(field), elements=tuple(field)))
                field = []
        elif element.tag in _MARKS or kinds or element.find(W + "instrText") is not None:
            found.append(Atom("", elements=(element,), mark=True))
        elif element.tag == W + "r":
            found += _of_run(element)
        else:
            found.append(Atom(_key([element]), elements=(element,)))
    return found


def _inline(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag in _OPENED:
            yield from _inline(child)
        elif isinstance(child.tag, str) and child.tag not in _DROPPED and child.tag not in _SILENT:
            yield child


def _closed_fields(runs: Sequence[etree._Element]) -> set[int]:
    """Return where fields begin that end in the same paragraph; 目录 goes on over many."""
    found: set[int] = set()
    open_: list[int] = []
    for at, element in enumerate(runs):
        if element.tag != W + "r":
            continue
        for mark in element.iter(W + "fldChar"):
            kind = mark.get(W + "fldCharType")
            if kind == "begin":
                open_.append(at)
            elif kind == "end" and open_:
                start = open_.pop()
                if not open_:
                    found.add(start)
    return found - set(open_)


def _of_run(run: etree._Element) -> Iterator[Atom]:
    look = run.find(W + "rPr")
    for child in run:
        if child.tag == W + "t":
            yield from (Atom(word, word, look) for word in words(child.text or ""))
        elif child.tag in _SIGNS and not (child.tag == W + "br" and child.get(W + "type")):
            yield Atom(_SIGNS[child.tag], _SIGNS[child.tag], look)
        elif child.tag != W + "rPr" and child.tag not in _DROPPED:
            alone = etree.Element(W + "r")
            if look is not None:
                alone.append(deepcopy(look))
            alone.append(deepcopy(child))
            yield Atom(_key([alone]), elements=(alone,))


def _key(elements: Iterable[etree._Element]) -> str:
    """Return what something that is no text shows, or else what it is."""
    shown = "".join(text for element in elements for text in _shown(element))
    if shown:
        return f"\0{shown}"
    return "\0" + "".join(child.tag for element in elements for child in element.iter() if isinstance(child.tag, str))


def _shown(element: etree._Element) -> Iterator[str]:
    """Yield the texts of an element; a page number of 目录 follows from the rest and is none."""
    number = False
    for child in element.iter(W + "t", W + "instrText", W + "fldChar"):
        if child.tag == W + "instrText":
            code = (child.text or "").split()[:1]
            number = number or code == ["PAGEREF"]
            yield from code
        elif child.tag == W + "fldChar":
            number = number and child.get(W + "fldCharType") != "end"
        elif not number:
            yield child.text or ""


def text(paragraph: etree._Element) -> str:
    """Return what a paragraph says; what is no text is there as its key."""
    return "".join(atom.key for atom in atoms(paragraph) if not atom.mark)


def compared(old: Sequence[Atom], new: Sequence[Atom], numbers: ChangeNumbers) -> list[etree._Element]:
    """Return the content of a paragraph of which both versions are there. Marks are those of the new one."""
    before = [atom for atom in old if not atom.mark]
    after = [atom for atom in new if not atom.mark]
    marks = _marks(new)
    made: list[etree._Element] = []
    at = left = 0
    for gone, come in word_pieces([atom.key for atom in before], [atom.key for atom in after]):
        if list(gone) == list(come):
            for atom in after[at : at + len(come)]:
                made += marks.get(at, ())
                made += _runs([atom])
                at += 1
        else:
            made += wrapped(before[left : left + len(gone)], "del", numbers)
            for atom in after[at : at + len(come)]:
                made += marks.get(at, ())
                made += wrapped([atom], "ins", numbers)
                at += 1
        left += len(gone)
    made += marks.get(at, ())
    return _joined(made)


def all_of(content: Sequence[Atom], status: Status, numbers: ChangeNumbers) -> list[etree._Element]:
    """Return the content of a paragraph that came or went as a whole, with its marks."""
    made: list[etree._Element] = []
    for atom in content:
        made += (deepcopy(element) for element in atom.elements) if atom.mark else wrapped([atom], status, numbers)
    return _joined(made)


def _marks(content: Sequence[Atom]) -> dict[int, list[etree._Element]]:
    """Return the marks of a version by the number of the atom before which they stand."""
    found: dict[int, list[etree._Element]] = {}
    at = 0
    for atom in content:
        if atom.mark:
            found.setdefault(at, []).extend(deepcopy(element) for element in atom.elements)
        else:
            at += 1
    return found


def wrapped(content: Sequence[Atom], status: Status, numbers: ChangeNumbers) -> list[etree._Element]:
    """Return atoms as inserted or deleted. What holds runs itself, such as a link, has the change inside."""
    made: list[etree._Element] = []
    for element in _runs(content):
        if status == "kept":
            made.append(element)
            continue
        if status == "del":
            _as_deleted(element)
        if element.tag == W + "r":
            change = numbers.change(status)
            change.append(element)
            made.append(change)
        else:
            for run in list(element.iter(W + "r")):
                change = numbers.change(status)
                run.addprevious(change)
                change.append(run)
            made.append(element)
    return made


def _runs(content: Sequence[Atom]) -> list[etree._Element]:
    made: list[etree._Element] = []
    for atom in content:
        if atom.elements:
            made += (deepcopy(element) for element in atom.elements)
            continue
        run = etree.Element(W + "r")
        if atom.look is not None:
            run.append(deepcopy(atom.look))
        made.append(run)
        _say(run, atom.text)
    return made


def _say(run: etree._Element, text: str) -> None:
    if text == "\t":
        etree.SubElement(run, W + "tab")
    elif text == "\n":
        etree.SubElement(run, W + "br")
    else:
        element = etree.SubElement(run, W + "t")
        element.set(XML_SPACE, "preserve")
        element.text = text


def _as_deleted(element: etree._Element) -> None:
    for child in element.iter(W + "t", W + "instrText"):
        child.tag = W + ("delText" if child.tag == W + "t" else "delInstrText")


def _joined(content: Sequence[etree._Element]) -> list[etree._Element]:
    """Return content with neighbours of one kind and one look made one."""
    made: list[etree._Element] = []
    for element in content:
        last = made[-1] if made else None
        if last is not None and last.tag == element.tag and element.tag in (W + "ins", W + "del"):
            _append(last, list(element))
        elif last is not None and last.tag == element.tag == W + "r" and _joins(last, element):
            _take(last, element)
        else:
            made.append(element)
    return made


def _append(change: etree._Element, runs: Sequence[etree._Element]) -> None:
    for run in runs:
        if len(change) and _joins(change[-1], run):
            _take(change[-1], run)
        else:
            change.append(run)


def _joins(before: etree._Element, after: etree._Element) -> bool:
    return _is_text(before) and _is_text(after) and _look(before) == _look(after)


def _is_text(run: etree._Element) -> bool:
    return (
        run.tag == W + "r"
        and len(run) > 0
        and all(child.tag in (W + "rPr", W + "t", W + "delText", W + "tab", W + "br") for child in run)
    )


def _look(run: etree._Element) -> bytes:
    look = run.find(W + "rPr")
    return b"" if look is None else etree.tostring(look, method="c14n")


def _take(run: etree._Element, other: etree._Element) -> None:
    for child in list(other):
        if child.tag == W + "rPr":
            continue
        last = run[-1]
        if child.tag in (W + "t", W + "delText") and last.tag == child.tag:
            last.text = (last.text or "") + (child.text or "")
        else:
            run.append(child)
