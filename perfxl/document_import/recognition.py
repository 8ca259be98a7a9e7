"""Document → record: goes through the blocks of a document and places them by what the schema calls things."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from perfxl.document_import.blocks import Document, WordParagraph, WordTable
from perfxl.document_import.contents_page import mark_contents
from perfxl.document_import.draft import Draft, ValueOrigin
from perfxl.document_import.hidden_tables import with_tables
from perfxl.document_import.label_text import compact, number_before
from perfxl.document_import.outline import Outline
from perfxl.document_import.prose_items import add_items
from perfxl.document_import.reading_place import ReadingPlace
from perfxl.document_import.supposed_values import supply, supply_year
from perfxl.document_import.table_reader import TableReader
from perfxl.document_import.taken_text import Account, Rest
from perfxl.document_import.vocabulary import Slot, vocabulary
from perfxl.model.record import FieldPath, Place
from perfxl.report_type.model import ReportType

_PAGE_NUMBER = re.compile(r"[-—–·\s]*+(?:第?\s*+\d*+\s*+页?)[-—–·\s]*+(?:[,，/]?\s*+共?\s*+\d*+\s*+页?)[-—–·\s]*+")
_LONGEST_HEADING = 40
_CHINESE = "一二三四五六七八九十"


class LeftOver(NamedTuple):
    """A text for which the form has no field, and where it stands."""

    text: str
    place: Place
    piece: WordParagraph


class Reading(NamedTuple):
    """What came of a document: data as `perfxl data` prints them, where they stand, and what is left over.

    `score` are the titles that say what the document is, and the values that stood under labels. `year_field` is the
    field of the year, and `year_source` says how the year was found where no title says it. `pieces` is every text of
    the document, in its order.
    """

    report_type: ReportType
    values: Mapping[str, Any]
    origins: Mapping[FieldPath, ValueOrigin]
    left: Sequence[LeftOver]
    labels: Sequence[Rest]
    account: Account
    score: tuple[int, int]
    year_field: str
    year_source: str
    pieces: Sequence[WordParagraph]


def recognise(document: Document, report_type: ReportType) -> Reading:
    """Return what `document` says as a report of the given type. Every character is a value, a label, or left over."""
    return _Recognition(document, report_type).reading()


class _Recognition:
    def __init__(self, document: Document, report_type: ReportType) -> None:
        self._type = report_type
        self._words = vocabulary(report_type)
        self._document = with_tables(document, self._words)
        self._draft = Draft(report_type, self._words)
        self._around = ReadingPlace(self._draft)
        self._tables = TableReader(self._draft, self._around)
        self._outline = Outline(self._draft, self._around)
        self._section: Slot | None = None
        self._heading: WordParagraph | None = None
        self._buffer: list[tuple[WordParagraph, Place]] = []
        self._titled = 0
        self._cover = True
        self._year_source = ""

    def reading(self) -> Reading:
        mark_contents(self._document.blocks)
        for block in self._document.blocks:
            if isinstance(block, WordTable):
                self._read_table(block)
            else:
                self._read_paragraph(block)
        self._end_section()
        self._outline.finish()
        self._read_around()
        supply(self._draft)
        self._take_repeats()
        pieces = list(self._document.pieces())
        self._year_source = supply_year(self._draft, pieces)
        ledger = self._draft.ledger
        unknown = Place("正文")
        left = [
            LeftOver(rest.text, self._around.left.get(rest.piece, unknown), rest.piece) for rest in ledger.rests(pieces)
        ]
        return Reading(
            self._type,
            in_order(self._type, self._draft.values),
            self._draft.origins,
            left,
            ledger.labels(pieces),
            ledger.account(pieces),
            (self._titled, self._draft.labelled),
            str(self._words.root.get("year", {}).get("field", "")),
            self._year_source,
            pieces,
        )

    def _read_table(self, table: WordTable) -> None:
        self._cover = False
        inserted = self._outline.takes_table(table)
        if inserted is not None:
            self._end_section()
            name = self._around.next_table()
            self._outline.add_table(inserted, lambda: self._tables.read(table, name))
            return
        self._flush()
        self._tables.read(table, self._around.next_table())

    def _read_paragraph(self, piece: WordParagraph) -> None:
        if not piece.text.strip():
            return
        ledger = self._draft.ledger
        if piece.source == "contents":
            ledger.take(piece, "label")
            return
        if self._is_heading(piece):
            self._tables.end_list()
            return
        place = self._around.next_place(piece)
        self._around.leave([piece], place)
        if self._section is not None:
            self._buffer.append((piece, place))
            return
        words = compact(piece.text)
        if len(words) <= 2 * _LONGEST_HEADING:
            self._note_title(words)
        if self._outline.active and self._outline.add_paragraph(piece, place):
            return
        if self._around.sentence([piece], place) or self._around.inline([piece], place):
            return
        if self._outline.add_paragraph(piece, place):
            return
        self._tables.end_list()
        self._read_cover(piece, place)

    # Headings

    def _is_heading(self, piece: WordParagraph) -> bool:
        text = piece.text.strip()
        if len(text) > 2 * _LONGEST_HEADING:
            return self._begins_item(piece)
        words = compact(text)
        if any(each.fullmatch(words) for each in self._words.parts):
            self._end_section()
            self._note_title(words)
            self._around.enter(part=text)
            self._draft.ledger.take(piece, "label")
            self._cover = False
            return True
        if any(each.fullmatch(words) for each in self._words.furniture):
            self._note_title(words)
            self._draft.ledger.take(piece, "label")
            return True
        slot = self._words.heading(text)
        if slot is not None and not self._words.in_items(slot):
            self._end_section()
            self._note_title(words)
            self._section, self._heading = slot, piece
            self._around.enter(section=text)
            self._draft.ledger.take(piece, "label")
            self._cover = False
            return True
        if self._begins_item(piece):
            return True
        if self._section is not None and self._ends_section(piece):
            self._end_section()
        return False

    def _begins_item(self, piece: WordParagraph) -> bool:
        headings = [each for sentences in self._words.begins.values() for each in sentences]
        if not any(each.pattern.fullmatch(piece.text.strip()) for each in headings):
            return False
        self._end_section()
        self._outline.pause()
        self._note_title(compact(piece.text))
        self._cover = False
        return self._around.item_heading(piece)

    def _ends_section(self, piece: WordParagraph) -> bool:
        """Whether a paragraph is a heading that nobody knows, on the level of the heading of the section."""
        assert self._heading is not None
        text = piece.text.strip()
        if len(text) > _LONGEST_HEADING or text[-1] in "。；;，,、":
            return False
        if piece.level and self._heading.level:
            return piece.level <= self._heading.level
        before, here = number_before(self._heading.text), number_before(text)
        return (
            bool(before and here)
            and _kind(before) == _kind(here)
            and _count(here) == _count(before) + 1
            and (not any(_kind(number_before(p.text)) == _kind(before) for p, _ in self._buffer))
        )

    def _note_title(self, words: str) -> None:
        if any(title.search(words) for title in self._words.titles):
            self._titled += 1

    # Sections

    def _end_section(self) -> None:
        self._flush()
        self._section = self._heading = None

    def _flush(self) -> None:
        """Place the paragraphs of the section so far."""
        slot, buffer = self._section, self._buffer
        self._buffer = []
        if slot is None or not buffer:
            return
        if slot.is_rows:
            add_items(slot, buffer, self._draft)
            return
        take = self._draft.ledger.take
        if slot.is_texts:
            self._draft.add_texts(slot, [(_unindented(piece.text), piece, place) for piece, place in buffer])
            for piece, _ in buffer:
                take(piece, "value")
            return
        known = self._draft.get(slot.path)
        if known is None:
            pieces = [piece for piece, _ in buffer]
            self._draft.put(slot, [_unindented(piece.text) for piece in pieces], pieces, buffer[0][1])
            self._draft.ledger.take_all(pieces, "value")

    # The rest

    def _read_cover(self, piece: WordParagraph, place: Place) -> None:
        """Place a line of the cover: the first one is the unit, unless the type says otherwise."""
        if not self._cover or len(piece.text) > 60:
            return
        for key, pattern in self._words.root.get("cover", {}).items():
            slot = self._words.by_path[(key,)]
            if re.fullmatch(pattern, piece.text.strip()) and not self._draft.has(slot.path):
                self._draft.put(slot, [piece.text.strip()], [piece], place, supposed=True)
                self._draft.ledger.take(piece, "value")
                return

    def _read_around(self) -> None:
        for piece in self._document.around:
            if piece.source in ("header", "footer") and (
                _PAGE_NUMBER.fullmatch(piece.text) or compact(piece.text) in self._words.root.get("running", ())
            ):
                self._draft.ledger.take(piece, "label")
            else:
                self._around.leave([piece], Place(_AROUND.get(piece.source, "正文")))

    def _take_repeats(self) -> None:
        """Take texts that only repeat what is known: the name of the unit on the cover, in a header."""
        known = {
            compact(value): None
            for key, value in self._draft.values.items()
            if isinstance(value, str) and len(value) > 1 and key not in self._words.each
        }
        for piece in self._document.pieces():
            if piece.text.strip() and not self._draft.ledger.is_taken(piece) and compact(piece.text) in known:
                self._draft.ledger.take(piece, "label")


_AROUND = {
    "header": "页眉", "footer": "页脚", "footnote": "脚注", "endnote": "尾注", "comment": "批注",
    "deleted": "修订中删去的文字", "hidden": "隐藏的文字",
}  # fmt: skip


def _kind(number: str) -> str:
    return re.sub(rf"[{_CHINESE}\d]+", "n", number)


def _count(number: str) -> int:
    """Return what a number of a heading counts, as far as twenty."""
    digits = re.search(r"\d+", number)
    if digits:
        return int(digits[0])
    words = re.sub(rf"[^{_CHINESE}]", "", number)
    if not words:
        return 0
    if words[0] == "十":
        return 10 + (_CHINESE.index(words[1]) + 1 if len(words) > 1 else 0)
    return _CHINESE.index(words[0]) + 1 if len(words) == 1 else (_CHINESE.index(words[0]) + 1) * 10


def _unindented(text: str) -> str:
    """Return a paragraph without the blanks that indent it, which the layout does anyway."""
    return re.sub(r"^(?:\u3000+|[ \t]{2,})", "", text)


def in_order(report_type: ReportType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was found as data have it: with the type, without blanks, in the order of the schema."""
    found = {"document_type": report_type.constants["document_type"], **values}
    kept: dict[str, Any] = _without_blanks(
        {key: found[key] for key in report_type.schema["properties"] if key in found}
    )
    return kept


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_blanks(member) for key, member in value.items()}
        return {key: member for key, member in kept.items() if member not in (None, "", {}, [])}
    return [_without_blanks(member) for member in value] if isinstance(value, list) else value
