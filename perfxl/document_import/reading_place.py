"""Where in the document the reading is: part, section, item, table; and the texts that are understood anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfxl.document_import.blocks import WordParagraph
from perfxl.document_import.draft import Draft
from perfxl.document_import.vocabulary import Sentence, Slot
from perfxl.model.record import Place

_GAP = re.compile(r"[ \u3000]{2,}|\t+")
_COLON = re.compile(r"[:：]")
_LONGEST_SEGMENT = 400


class ReadingPlace:
    """Follows the reading of one document, so that every value and every text left over has a place in words."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._words = draft.vocabulary
        self.part = ""
        self.section = ""
        self.item = ""
        self._tables = 0
        self._paragraphs = 0
        self.left: dict[WordParagraph, Place] = {}

    def enter(self, *, part: str | None = None, section: str | None = None) -> None:
        """Note the heading of a part or a section; what is counted begins anew."""
        if part is not None:
            self.part, self.section, self.item = part.strip(), "", ""
        if section is not None:
            self.section = section.strip()
        self._tables = self._paragraphs = 0

    def begin_item(self, each: str) -> None:
        """Let the next item of an array begin."""
        self._draft.begin_item(each)
        self.item = f"{self._words.each[each]}{self._draft.item(each) + 1}"
        self.section = ""
        self._tables = self._paragraphs = 0

    def next_table(self) -> str:
        """Count a table; return what it is called."""
        self._tables += 1
        return f"表{self._tables}"

    def place_of_table(self, name: str) -> str:
        return " ".join(each for each in (self.part, self.item or self.section, name) if each)

    def next_place(self, piece: WordParagraph) -> Place:
        """Count a paragraph; return its place."""
        self._paragraphs += 1
        where = " ".join(each for each in (self.part, self.item, self.section) if each)
        page = f"第{piece.page}页" if piece.page else ""
        return Place(" ".join(each for each in (where, page) if each) or "正文", f"第{self._paragraphs}段")

    def mentions(self, piece: WordParagraph, place: Place) -> None:
        """Take the values that a text mentions among other things; the text itself is left to whoever reads it."""
        for sentence in self._words.extracts:
            match = sentence.pattern.search(piece.text)
            for group, words in match.groupdict().items() if match else ():
                slot = sentence.fields[group]
                if words and not self._draft.has(slot.path):
                    sign = "-" if group.startswith("minus_") else ""
                    self._draft.put(slot, [sign + words.strip()], [piece], place)

    def leave(self, pieces: Sequence[WordParagraph], place: Place) -> None:
        """Note where texts stand that nobody takes."""
        for piece in pieces:
            self.left.setdefault(piece, place)

    def sentence(self, pieces: Sequence[WordParagraph], place: Place) -> bool:
        """Take a text that is one of the sentences that say values wherever they stand; False where it is none."""
        shown = [piece for piece in pieces if piece.text.strip()]
        if len(shown) == 1:
            return any(self.says(each, shown[0], place) for each in self._words.sentences)
        whole = WordParagraph("".join(piece.text.strip() for piece in shown), page=shown[0].page if shown else 0)
        if len(shown) > 3 or not any(self.says(each, whole, place) for each in self._words.sentences):
            return False
        self._draft.ledger.take_all(shown, "value")
        return True

    def is_sentence(self, text: str) -> bool:
        """Whether a text is one of the sentences that say values wherever they stand, or the heading of an item."""
        words = text.strip()
        headings = [each for sentences in self._words.begins.values() for each in sentences]
        return bool(words) and any(each.pattern.fullmatch(words) for each in [*self._words.sentences, *headings])

    def says_of(self, slot: Slot, piece: WordParagraph, place: Place) -> bool:
        """Take a value that says more than its field asks for, as `301001-某县文化馆` does of a unit.

        Only where all that it says is new, or the same as is known.
        """
        sentences = next((each for known, each in self._words.within if known == slot), ())
        for sentence in sentences:
            if sentence.pattern.fullmatch(piece.text.strip()):
                if slot.read.get("begins") and self._draft.has(slot.path):
                    self.begin_item(slot.path[0])
                return self.says(sentence, piece, place)
        return False

    def item_heading(self, piece: WordParagraph) -> bool:
        """Let an item begin where `piece` is its heading."""
        for each, sentences in self._words.begins.items():
            for sentence in sentences:
                if sentence.pattern.fullmatch(piece.text.strip()):
                    self.begin_item(each)
                    self.says(sentence, piece, self.next_place(piece), supposed=True)
                    return True
        return False

    def says(self, sentence: Sentence, piece: WordParagraph, place: Place, *, supposed: bool = False) -> bool:
        """Take a paragraph that is, as a whole, the given sentence."""
        text = piece.text.strip()
        start = piece.text.index(text) if text else 0
        match = sentence.pattern.fullmatch(text)
        if match is None:
            return False
        groups = {name: words for name, words in match.groupdict().items() if words and words.strip()}
        for name, words in groups.items():
            slot = sentence.fields[name]
            if self._draft.has(slot.path) and not supposed and not self._draft.put(slot, [words], [piece], place):
                return False
        for name, words in groups.items():
            self._draft.put(sentence.fields[name], [words.strip()], [piece], place, supposed=supposed)
            self._draft.ledger.take(piece, "value", start + match.start(name), start + match.end(name))
        self._draft.ledger.take(piece, "label")
        return True

    def inline(self, pieces: Sequence[WordParagraph], place: Place, *, whole: bool = True) -> bool:
        """Take texts that hold label and value, as `等级：优`; False where the first of them is none.

        What has no label goes on with the one before. Unless they are taken as a `whole`, the first may have none.
        """
        taken: tuple[Slot, list[str], list[WordParagraph]] | None = None
        found: list[tuple[Slot | None, list[str], list[WordParagraph], int, int, int]] = []
        for piece in pieces:
            segments = _segments(piece.text)
            known = [self._split(segment) for _, segment in segments]
            if any(known):
                for (start, segment), split in zip(segments, known, strict=True):
                    if split is None:
                        if segment.strip():
                            found.append((None, [segment], [piece], start, start + len(segment), 0))
                        continue
                    slot, at = split
                    taken = (slot, [segment[at:].strip()], [piece])
                    found.append((*taken, start, start + len(segment), at))
            elif taken is not None and piece.text.strip():
                taken[1].append(piece.text)
                taken[2].append(piece)
            elif piece.text.strip():
                if whole:
                    return False
                found.append((None, [piece.text], [piece], 0, len(piece.text), 0))
        if taken is None:
            return False
        for said, texts, belonging, start, end, at in found:
            first = belonging[0]
            if said is None or not self._put_inline(said, texts, belonging, place):
                self.leave(belonging, place)
                continue
            self._draft.ledger.take(first, "label", start, start + at)
            self._draft.ledger.take(first, "value", start + at, end)
            self._draft.ledger.take_all(belonging[1:], "value")
        return True

    def _put_inline(self, slot: Slot, texts: list[str], pieces: list[WordParagraph], place: Place) -> bool:
        if len(pieces) == 1 and self.says_of(slot, WordParagraph(texts[0]), place):
            return True
        if slot.read.get("begins") and self._draft.has(slot.path):
            self.begin_item(slot.path[0])
        return self._draft.put(slot, texts, pieces, place)

    def _split(self, segment: str) -> tuple[Slot, int] | None:
        """Return the field whose label the segment begins with, and where its value begins."""
        if len(segment) > _LONGEST_SEGMENT and not _COLON.search(segment[:30]):
            return None
        best = None
        for colon in list(_COLON.finditer(segment[:60]))[:3]:
            slots = self._words.labelled(segment[: colon.start()])
            slots = [slot for slot in slots if slot.path and (slot.is_leaf or slot.is_texts)]
            if slots:
                inner = [slot for slot in slots if self._words.in_items(slot)]
                best = ((inner if self.item and inner else slots)[0], colon.end())
        return best


def _segments(text: str) -> list[tuple[int, str]]:
    """Return the parts of a line that wide gaps keep apart, each with where it begins."""
    found, start = [], 0
    for gap in _GAP.finditer(text):
        if gap.start() > start:
            found.append((start, text[start : gap.start()]))
        start = gap.end()
    if start < len(text):
        found.append((start, text[start:]))
    return found
