"""Two versions of a Word document as one with tracked changes: accepted they give the new text, rejected the old one.

A row of a table is compared with another one only where both are merged alike, since Word has no tracked change for
merged cells; otherwise the whole row went and another came, and both tables are as they should be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import NamedTuple

from lxml import etree

from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.pipeline.comparison.alignment import in_order
from perfxl.pipeline.comparison.inline_content import ChangeNumbers, Status, W, all_of, atoms, compared, text
from perfxl.storage.zip_archive import write_parts

_SECTION, _PARAGRAPH, _TABLE, _ROW, _CELL = (W + name for name in ("sectPr", "p", "tbl", "tr", "tc"))
_OPENED = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_SILENT = frozenset(
    W + name for name in ("sdtPr", "sdtEndPr", "customXmlPr", "tcPr", "tblPr", "tblGrid", "del", "moveFrom")
)
_EDGES = re.compile(r"word/(?:header|footer)\d*\.xml$")
_LEAST = 0.35  # of the likeness of two paragraphs, from which one is shown as a new version of the other


class _Block(NamedTuple):
    """A paragraph or table; `old` is None where it is new, `new` where it is gone. `mark` is what became of its end."""

    old: etree._Element | None
    new: etree._Element | None
    mark: Status


def tracked(old: bytes, new: bytes) -> bytes:
    """Return the .docx of `new` in which every difference of its text from `old` is a tracked change.

    Looks, page set-up and the page numbers of 目录 are those of the new document; changes that either document had
    tracked already count as accepted. Raises `ValueError` where one of them is no .docx.
    """
    before, after = read_parts(old), read_parts(new)
    if DOCUMENT not in before or DOCUMENT not in after:
        raise ValueError("not a readable .docx: no body")
    numbers = ChangeNumbers()
    for name in sorted(after):
        if name in before and _EDGES.match(name):
            root = _parsed(after[name])
            _fill(root, _merged(_blocks(_parsed(before[name])), _blocks(root), numbers, closed=True))
            after[name] = _written(root)
    root, gone = _parsed(after[DOCUMENT]), _parsed(before[DOCUMENT])
    body, old_body = root.find(W + "body"), gone.find(W + "body")
    if body is None or old_body is None:
        raise ValueError("not a readable .docx: no body")
    section = body.find(_SECTION)
    _without_links(old_body)
    _fill(body, _merged(_blocks(old_body), _blocks(body), numbers, closed=True))
    if section is not None:
        body.append(section)
    after[DOCUMENT] = _written(root)
    return write_parts(after)


def _without_links(body: etree._Element) -> None:
    """Take out of an old version what leads to parts of its own file, which the new one does not have."""
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    for element in list(body.iter()):
        if any(str(name).startswith(relation) for name in element.attrib):
            outer = next((each for each in element.iterancestors(W + "drawing", W + "pict", W + "object")), None)
            if outer is not None:
                element = outer
            if element.tag == W + "hyperlink":
                for name in [name for name in element.attrib if str(name).startswith(relation)]:
                    del element.attrib[name]
            elif (parent := element.getparent()) is not None:
                parent.remove(element)


def _blocks(container: etree._Element) -> list[etree._Element]:
    """Return the paragraphs and tables of a container, those in frames among them."""
    found: list[etree._Element] = []
    for child in container:
        if child.tag in _OPENED:
            found += _blocks(child)
        elif child.tag in (_PARAGRAPH, _TABLE):
            found.append(child)
    return found


def _fill(container: etree._Element, content: Iterable[etree._Element]) -> None:
    for child in list(container):
        if child.tag != W + "tcPr":
            container.remove(child)
    container.extend(list(content))


def _text(block: etree._Element) -> str:
    if block.tag == _PARAGRAPH:
        return text(block)
    return "\n".join(text(paragraph) for paragraph in block.iter(_PARAGRAPH))


def _merged(
    old: Sequence[etree._Element], new: Sequence[etree._Element], numbers: ChangeNumbers, *, closed: bool
) -> list[etree._Element]:
    """Return the blocks of both versions as one; `closed` where the last paragraph's end cannot come or go."""
    blocks: list[_Block] = []
    for before, at in in_order([_text(block) for block in old], [_text(block) for block in new], _LEAST):
        gone, come = (None if before is None else old[before]), (None if at is None else new[at])
        if gone is not None and come is not None and not _comparable(gone, come):
            blocks += (_Block(gone, None, "del"), _Block(None, come, "ins"))
        else:
            mark: Status = "del" if come is None else "ins" if gone is None else "kept"
            blocks.append(_Block(gone, come, mark))
    if closed:
        blocks = _with_end(blocks)
    made: list[etree._Element] = []
    for block in blocks:
        element = _table(block, numbers) if _is_table(block) else _paragraph(block, numbers)
        if made and made[-1].tag == element.tag == _TABLE:
            # Word would show two tables without a paragraph between them as one.
            made.append(_apart(numbers))
        made.append(element)
    return made


def _comparable(old: etree._Element, new: etree._Element) -> bool:
    if old.tag != new.tag:
        return False
    return old.tag == _PARAGRAPH or _grid(old) == _grid(new)


def _grid(table: etree._Element) -> list[str | None]:
    return [column.get(W + "w") for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]


def _is_table(block: _Block) -> bool:
    element = block.new if block.new is not None else block.old
    return element is not None and element.tag == _TABLE


def _with_end(blocks: list[_Block]) -> list[_Block]:
    """Return blocks of which the last one's end stays: what comes or goes behind a paragraph takes that one's end."""
    last = max((at for at, block in enumerate(blocks) if block.mark == "kept"), default=-1)
    tail = blocks[last + 1 :]
    if not tail or any(_is_table(block) for block in tail):
        return blocks
    gone = [block for block in tail if block.mark == "del"]
    come = [block for block in tail if block.mark == "ins"]
    if gone and come:
        pair = _Block(gone[-1].old, come[-1].new, "kept")
        return [*blocks[: last + 1], *gone[:-1], *come[:-1], pair]
    if last >= 0 and not _is_table(blocks[last]):
        shifted = blocks[last]._replace(mark=tail[0].mark)
        return [*blocks[:last], shifted, *tail[:-1], tail[-1]._replace(mark="kept")]
    return blocks


def _paragraph(block: _Block, numbers: ChangeNumbers) -> etree._Element:
    """Return a paragraph with what came and went in it."""
    source = block.new if block.new is not None else block.old
    assert source is not None
    made = etree.Element(_PARAGRAPH)
    properties = source.find(W + "pPr")
    if properties is not None:
        made.append(_properties(properties, section=block.new is not None))
    if block.mark != "kept":
        _mark(made, block.mark, numbers)
    if block.old is not None and block.new is not None:
        made.extend(compared(atoms(block.old), atoms(block.new), numbers))
    else:
        content = atoms(source)
        if block.new is None:
            content = [atom for atom in content if not atom.mark]
        made.extend(all_of(content, "del" if block.new is None else "ins", numbers))
    return made


def _properties(properties: etree._Element, *, section: bool) -> etree._Element:
    made = deepcopy(properties)
    for name in ("pPrChange", *(() if section else ("sectPr",))):
        for child in made.findall(W + name):
            made.remove(child)
    for run in made.findall(W + "rPr"):
        for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange"):
            for child in run.findall(W + name):
                run.remove(child)
    return made


def _mark(paragraph: etree._Element, status: Status, numbers: ChangeNumbers) -> None:
    """Say of the end of a paragraph that it came or went."""
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    look = properties.find(W + "rPr")
    if look is None:
        look = etree.Element(W + "rPr")
        behind = properties.find(_SECTION)
        properties.append(look) if behind is None else behind.addprevious(look)
    look.insert(0, numbers.change(status))


def _apart(numbers: ChangeNumbers) -> etree._Element:
    """Return a paragraph that is there neither in the new version nor in the old one."""
    made = etree.Element(_PARAGRAPH)
    look = etree.SubElement(etree.SubElement(made, W + "pPr"), W + "rPr")
    look.extend([numbers.change("ins"), numbers.change("del")])
    return made


def _table(block: _Block, numbers: ChangeNumbers) -> etree._Element:
    source = block.new if block.new is not None else block.old
    assert source is not None
    made = etree.Element(_TABLE)
    made.extend([deepcopy(child) for child in source if child.tag in (W + "tblPr", W + "tblGrid")])
    old, new = (_rows(table) if table is not None else [] for table in (block.old, block.new))
    for before, at in in_order([_row_text(row) for row in old], [_row_text(row) for row in new], _LEAST):
        gone, come = (None if before is None else old[before]), (None if at is None else new[at])
        if gone is not None and come is not None and _shape(gone) == _shape(come):
            made.append(_changed_row(gone, come, numbers))
            continue
        made.extend(
            _whole_row(row, status, numbers) for row, status in ((gone, "del"), (come, "ins")) if row is not None
        )
    return made


def _rows(table: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    for child in table:
        if child.tag == _ROW and child.find(f"{W}trPr/{W}del") is None:
            found.append(child)
        elif child.tag in _OPENED:
            found += _rows(child)
    return found


def _cells(row: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    for child in row:
        if child.tag == _CELL:
            found.append(child)
        elif child.tag in _OPENED:
            found += _cells(child)
    return found


def _row_text(row: etree._Element) -> str:
    return "\t".join("\n".join(map(_text, _blocks(cell))) for cell in _cells(row))


def _shape(row: etree._Element) -> list[tuple[str, str]]:
    """Return how many columns each cell takes, and whether it is merged with those above it."""
    found = []
    for cell in _cells(row):
        span, merge = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
        merged = "" if merge is None else merge.get(W + "val", "continue")
        found.append((span.get(W + "val", "1") if span is not None else "1", merged))
    return found


def _changed_row(old: etree._Element, new: etree._Element, numbers: ChangeNumbers) -> etree._Element:
    made = _row_frame(new)
    for before, after in zip(_cells(old), _cells(new), strict=True):
        cell = _cell_frame(after)
        cell.extend(_merged(_blocks(before), _blocks(after), numbers, closed=True))
        made.append(cell)
    return made


def _whole_row(row: etree._Element, status: str, numbers: ChangeNumbers) -> etree._Element:
    made = _row_frame(row)
    properties = made.find(W + "trPr")
    if properties is None:
        properties = etree.Element(W + "trPr")
        exceptions = made.find(W + "tblPrEx")
        made.insert(0, properties) if exceptions is None else exceptions.addnext(properties)
    properties.append(numbers.change(status))
    came = status == "ins"
    for source in _cells(row):
        cell = _cell_frame(source)
        for block in _blocks(source):
            whole = _Block(None if came else block, block if came else None, "ins" if came else "del")
            cell.append(_table(whole, numbers) if block.tag == _TABLE else _paragraph(whole, numbers))
        made.append(cell)
    return made


def _row_frame(row: etree._Element) -> etree._Element:
    made = etree.Element(_ROW)
    for name in ("tblPrEx", "trPr"):
        if (found := row.find(W + name)) is not None:
            copy = deepcopy(found)
            for change in ("ins", "del", "trPrChange"):
                for child in copy.findall(W + change):
                    copy.remove(child)
            made.append(copy)
    return made


def _cell_frame(cell: etree._Element) -> etree._Element:
    made = etree.Element(_CELL)
    if (found := cell.find(W + "tcPr")) is not None:
        made.append(deepcopy(found))
    return made


def _parsed(part: bytes) -> etree._Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _written(root: etree._Element) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=[prefix for prefix in root.nsmap if prefix])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
