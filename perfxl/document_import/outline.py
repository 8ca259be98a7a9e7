"""Reports that are a list of sections: numbered headings with text, into which parts are inserted that have fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from perfxl.document_import.blocks import WordParagraph, WordTable
from perfxl.document_import.draft import Draft
from perfxl.document_import.label_text import compact, label_keys
from perfxl.document_import.reading_place import ReadingPlace
from perfxl.document_import.vocabulary import Slot
from perfxl.model.record import Place

_NUMBERED = re.compile(
    r"\s*(?P<number>[一二三四五六七八九十]{1,3}\s*[、.．]|[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）][、.．]?"
    r"|\d{1,2}\s*[、.．](?!\d)|[（(]\s*\d{1,2}\s*[)）]|[①-⑳])(?P<heading>.*)",
    re.DOTALL,
)
_CLAUSE = re.compile(r"[，。；：！？,;:!?、]")
_LONGEST_HEADING, _LONGEST_INNER_HEADING, _LONGEST_CLOSING = 45, 30, 40
_LONGEST_LINE = 80
_SENTENCE = 40  # characters from which a paragraph without a section counts as a preface


class _Element(NamedTuple):
    """A paragraph, or the table that was read as the list `rows`."""

    piece: WordParagraph | None
    place: Place
    rows: Slot | None = None


class Outline:
    """Gathers the paragraphs of a report, for types that have a list of sections; does nothing for others."""

    def __init__(self, draft: Draft, surroundings: ReadingPlace) -> None:
        self._draft = draft
        self._around = surroundings
        slots = draft.vocabulary.slots
        self._slot = next((slot for slot in slots if "outline" in slot.read), None)
        self._inserts = [slot for slot in slots if "insert" in slot.read]
        self._elements: list[_Element] = []
        self._paused = False
        self._running: tuple[str, ...] | None = None  # the field whose text the next paragraphs go on with

    @property
    def active(self) -> bool:
        """Whether paragraphs belong to the report, rather than to an item that has its own tables."""
        return self._slot is not None and not self._paused

    def pause(self) -> None:
        """Note that an item begins: what follows is no report any more, until a heading of the first level."""
        self._paused = True

    def takes_table(self, table: WordTable) -> Slot | None:
        """Return the list that a table of the report shows and that a section may insert."""
        if not self.active or not table.rows:
            return None
        header = self._draft.vocabulary.header(table.rows[0].own)
        return header.columns.slot if header is not None and header.columns.slot in self._inserts else None

    def add_table(self, slot: Slot, read: Callable[[], None]) -> None:
        """Read a table of the report."""
        read()
        self._elements.append(_Element(None, Place(""), slot))

    def add_paragraph(self, piece: WordParagraph, place: Place) -> bool:
        """Take a paragraph of the report; False where it belongs to none."""
        if self._slot is None:
            return False
        if self._paused:
            heading = _heading(piece)
            if heading is None or heading[0][-1:] not in "、.．":
                return False
            self._paused = False
        self._elements.append(_Element(piece, place))
        return True

    def finish(self) -> None:
        """Place what was gathered: title, preface, sections, and what they insert."""
        if self._slot is None:
            return
        elements = self._closing(self._titled(self._elements))
        first = next((at for at, each in enumerate(elements) if each.piece and _heading(each.piece)), None)
        before = elements if first is None else elements[:first]
        self._preface(before, first is not None)
        if first is not None:
            self._sections(elements[first:])

    def _titled(self, elements: Sequence[_Element]) -> list[_Element]:
        """Take the title, which is the first short paragraph that says what the document is."""
        rule: Mapping[str, str] = self._draft.vocabulary.root.get("title", {})
        for at, each in enumerate(elements[:12] if rule else ()):
            if each.piece is None or _heading(each.piece):
                break
            words = compact(each.piece.text)
            if len(words) < 60 and re.search(rule["pattern"], words) and self._is_title(words):
                first = at
                # A long title stands in two lines.
                before = elements[at - 1].piece if at else None
                if before is not None and not _CLAUSE.search(before.text) and re.match(r"[^\d]{0,8}绩效", words):
                    first = at - 1
                self._put_title((rule["field"],), elements[first : at + 1])
                return [*elements[:first], *elements[at + 1 :]]
        return list(elements)

    def _is_title(self, words: str) -> bool:
        return any(title.search(words) for title in self._draft.vocabulary.titles) and words[-1] not in "。；"

    def _put_title(self, names: tuple[str, ...], elements: Sequence[_Element]) -> None:
        pieces = [each.piece for each in elements if each.piece is not None]
        text = "".join(piece.text for piece in pieces)
        self._draft.put(self._draft.vocabulary.by_path[names], [text], pieces, elements[0].place)
        self._draft.ledger.take_all(pieces, "value")
        self._around.mentions(WordParagraph(text), elements[0].place)

    def _closing(self, elements: list[_Element]) -> list[_Element]:
        """Take unit and date at the end of the report."""
        fields = self._draft.vocabulary.root.get("closing", {})
        for name, pattern in reversed(list(fields.items())):
            last = elements[-1] if elements else None
            if last and last.piece and len(last.piece.text) <= _LONGEST_CLOSING:
                words = last.piece.text.strip()
                if re.fullmatch(pattern, words) and self._put((name,), last):
                    elements = elements[:-1]
                    continue
            if pattern:
                break
        return elements

    def _preface(self, elements: Sequence[_Element], report: bool) -> None:
        """Place what stands before the first heading: inserts, and the preface."""
        lines: list[_Element] = []
        previous = ""
        for each in elements:
            if each.piece is None:
                continue
            text = each.piece.text.strip()
            if not (self._insert(each, previous, "") or self._says(each)):
                if report or len(text) >= _SENTENCE or text.endswith("。"):
                    lines.append(each)
                else:
                    self._around.leave([each.piece], each.place)
            previous = text
        field = next((slot for slot in self._draft.vocabulary.slots if slot.read.get("preface")), None)
        if field is not None and lines and not self._draft.has(field.path):
            pieces = [each.piece for each in lines if each.piece]
            self._draft.put(field, [piece.text for piece in pieces], pieces, lines[0].place)
            self._draft.ledger.take_all(pieces, "value")
            for each in lines:
                self._extract(each)

    def _says(self, each: _Element) -> bool:
        """Take a line that says a value with its label, as those of a cover do; sentences are prose."""
        assert each.piece is not None
        if self._around.sentence([each.piece], each.place):
            return True
        text = each.piece.text.strip()
        return len(text) < _LONGEST_LINE and text[-1] != "。" and self._around.inline([each.piece], each.place)

    def _sections(self, elements: Sequence[_Element]) -> None:
        assert self._slot is not None
        keys: Mapping[str, str] = self._slot.read["outline"]
        sections: list[dict[str, tuple[str, list[WordParagraph], Place]]] = []
        previous = heading = ""
        for each in elements:
            piece = each.piece
            if piece is None:
                assert each.rows is not None
                self._running = None
                self._add_insert(sections, keys, each.rows.read["insert"], each)
            elif found := _heading(piece):
                self._running = None
                heading = found[1]
                section = {keys["number"]: (found[0], [piece], each.place)}
                if heading:
                    section[keys["heading"]] = (heading, [piece], each.place)
                sections.append(section)
                self._draft.ledger.take(piece, "value")
            elif name := self._insert(each, previous, heading):
                self._add_insert(sections, keys, name, each)
            elif self._goes_on(each):
                pass
            else:
                self._running = None
                if keys["insert"] in sections[-1]:
                    sections.append({})
                text, pieces, place = sections[-1].get(keys["text"], ("", [], each.place))
                lines = f"{text}\n{piece.text}" if text else piece.text
                sections[-1][keys["text"]] = (lines, [*pieces, piece], place)
                self._draft.ledger.take(piece, "value")
                self._extract(each)
            previous = piece.text.strip() if piece else ""
        for section in sections:
            self._draft.add_row(self._slot, section, next(iter(section.values()))[2])

    def _goes_on(self, each: _Element) -> bool:
        """Take a paragraph that goes on with the text of its own under the heading before; a label ends that."""
        assert each.piece is not None
        text = each.piece.text.strip()
        if self._running is None or (len(text) < _LONGEST_INNER_HEADING and text[-1] in "：:"):
            return False
        self._draft.extend(self._running, each.piece)
        self._draft.ledger.take(each.piece, "value")
        return True

    def _add_insert(
        self,
        sections: list[dict[str, tuple[str, list[WordParagraph], Place]]],
        keys: Mapping[str, str],
        name: str,
        each: _Element,
    ) -> None:
        known = sections[-1].get(keys["insert"])
        if known is not None and known[0] == name:
            return
        if known is not None:
            sections.append({})
        sections[-1][keys["insert"]] = (name, [each.piece] if each.piece else [], each.place)

    def _insert(self, each: _Element, previous: str, heading: str) -> str:
        """Put a paragraph into the field that has it for its own; return the name by which sections insert it."""
        assert each.piece is not None
        text = each.piece.text.strip()
        for slot in self._inserts:
            read = slot.read
            if slot.is_rows:
                found = re.fullmatch(read["lines"], text) if "lines" in read else None
                near = (heading, previous) if not self._draft.has(slot.path) else (heading, previous, "")
                if found and any(word in place for word in read.get("under", ()) for place in near):
                    parts = {key: words for key, words in found.groupdict().items() if words}
                    row = {key: (words, [each.piece], each.place) for key, words in parts.items()}
                    self._draft.add_row(slot, row, each.place)
                    self._draft.ledger.take(each.piece, "value")
                    return str(read["insert"])
                continue
            after = {key for label in read.get("after", ()) for key in label_keys(label)}
            here = any(key in after for key in label_keys(previous)) if previous else False
            if (here or any(re.search(each_pattern, text) for each_pattern in read.get("says", ()))) and self._put(
                slot.path, each
            ):
                self._extract(each)
                self._running = slot.path if here else None
                return str(read["insert"])
        return ""

    def _put(self, names: tuple[str, ...], each: _Element) -> bool:
        assert each.piece is not None
        slot = self._draft.vocabulary.by_path[names]
        if self._draft.has(names) and slot.is_leaf:
            return False
        self._draft.put(slot, [each.piece.text], [each.piece], each.place)
        self._draft.ledger.take(each.piece, "value")
        return True

    def _extract(self, each: _Element) -> None:
        """Take the values that a text of the report mentions; the text itself stays what it is."""
        assert each.piece is not None
        self._around.mentions(each.piece, each.place)
        for slot in self._draft.vocabulary.slots:
            pattern = slot.read.get("mentioned")
            if pattern and not self._draft.has(slot.path):
                for match in re.finditer(pattern, each.piece.text):
                    row = {
                        key: (words.strip(), [each.piece], each.place)
                        for key, words in match.groupdict().items()
                        if words
                    }
                    self._draft.add_row(slot, row, each.place)


def _heading(piece: WordParagraph) -> tuple[str, str] | None:
    """Return number and text of a heading of a section; None for other paragraphs.

    A heading of the two upper layers may hold a comma; one of the lower layers is a few words without any sign, for
    `1、做好…工作，…。` is text.
    """
    text = piece.text.strip()
    match = _NUMBERED.fullmatch(text)
    if match is None or "\n" in text:
        return None
    number, heading = match["number"], match["heading"].strip()
    upper = number.strip("（() ")[0] in "一二三四五六七八九十"
    if piece.level:
        return number, heading
    if upper and len(heading) <= _LONGEST_HEADING and heading[-1:] not in "。；;：:，,":
        return number, heading
    if not upper and heading and len(heading) <= _LONGEST_INNER_HEADING and not _CLAUSE.search(heading):
        return number, heading
    return None
