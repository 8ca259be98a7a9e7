"""Paragraphs that make up a list of objects: a title, then texts that begin with their labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from perfxl.document_import.blocks import WordParagraph
from perfxl.document_import.draft import Draft
from perfxl.document_import.label_text import label_keys, number_before
from perfxl.document_import.vocabulary import Slot
from perfxl.model.record import Place

_LABEL = re.compile(r"\s*([^:：]{2,14})[:：]\s*")
_INNER = re.compile(r"(?<=[。；;！!\s])([^:：。；，\s]{2,14})[:：]")
_LONGEST_TITLE = 60
_SENTENCE_END = "。；;！"


class _Part(NamedTuple):
    """A stretch of a paragraph: which member it is, empty for what has no label."""

    key: str
    piece: WordParagraph
    place: Place
    start: int
    text_from: int
    end: int


def add_items(slot: Slot, paragraphs: Sequence[tuple[WordParagraph, Place]], draft: Draft) -> None:
    """Add the items that `paragraphs` describe to the list `slot`.

    An item begins with its title, which is the paragraph before the first of its labelled texts; what has no label and
    is no title goes on with the text before it. Where nothing is labelled, a short numbered paragraph is a title.
    """
    members: Mapping[str, object] = slot.node["items"]["properties"]
    labels = _labels(slot)
    title = next(iter(members))
    parts = [part for piece, place in paragraphs for part in _parts(piece, place, labels)]
    starts = _starts(parts, labels) if any(part.key for part in parts) else _numbered(parts)
    for first, after in zip(starts, [*starts[1:], len(parts)], strict=True):
        _add_item(slot, parts[first:after], title, labels, draft)


def _labels(slot: Slot) -> dict[str, str]:
    """Return, by label, the members whose texts begin with it: all but the first one, which is the title."""
    known: dict[str, str] = {}
    for key, member in list(slot.node["items"]["properties"].items())[1:]:
        for label in [*member.get("x-read", {}).get("labels", ()), member["x-label"]]:
            for name in label_keys(label):
                known.setdefault(name, key)
    return known


def _parts(piece: WordParagraph, place: Place, labels: Mapping[str, str]) -> list[_Part]:
    """Return the stretches of a paragraph, parted where a label begins."""
    text = piece.text
    cuts = [(0, 0, "")]
    if (found := _LABEL.match(text)) and (key := _known(found[1], labels)):
        cuts = [(0, found.end(), key)]
    for found in _INNER.finditer(text, cuts[0][1]):
        if key := _known(found[1], labels):
            cuts.append((found.start(), found.end(), key))
    ends = [start for start, _, _ in cuts[1:]] + [len(text)]
    return [_Part(key, piece, place, start, at, end) for (start, at, key), end in zip(cuts, ends, strict=True)]


def _known(label: str, labels: Mapping[str, str]) -> str:
    return next((labels[key] for key in label_keys(label) if key in labels), "")


def _starts(parts: Sequence[_Part], labels: Mapping[str, str]) -> list[int]:
    """Return where items begin: before the first label of each round."""
    first = next(iter(labels.values()))
    seen: set[str] = set()
    starts = [0]
    for number, part in enumerate(parts):
        if not part.key:
            continue
        if part.key in seen or (part.key == first and seen):
            before = number
            # The title is the one paragraph before the label, unless that is labelled itself.
            if number - 1 > starts[-1] and not parts[number - 1].key:
                before = number - 1
            starts.append(before)
            seen = set()
        seen.add(part.key)
    return starts


def _numbered(parts: Sequence[_Part]) -> list[int]:
    """Return where items begin that have no labels: at short paragraphs with a number of the first one's kind."""

    def kind(part: _Part) -> str:
        return re.sub(r"[一二三四五六七八九十\d]+", "n", number_before(part.piece.text))

    wanted = kind(parts[0]) if parts else ""
    return [number for number, part in enumerate(parts) if not number or (wanted and kind(part) == wanted)]


def _add_item(slot: Slot, parts: Sequence[_Part], title: str, labels: Mapping[str, str], draft: Draft) -> None:
    texts: dict[str, list[str]] = {}
    pieces: dict[str, list[WordParagraph]] = {}
    places: dict[str, Place] = {}
    labelled = any(part.key for part in parts)
    rest = next(iter(labels.values()))
    current = title
    for number, part in enumerate(parts):
        if part.key:
            current = part.key
        elif not labelled and number == 1:
            current = rest
        text = part.piece.text[part.text_from : part.end]
        if not part.key and not labelled and number == 0:
            cut = _title_end(text)
            if cut < len(text):
                texts[rest] = [text[cut:]]
                pieces[rest], places[rest] = [part.piece], part.place
                text = text[:cut]
        draft.ledger.take(part.piece, "label", part.start, part.text_from)
        draft.ledger.take(part.piece, "value", part.text_from, part.end)
        texts.setdefault(current, []).append(text)
        pieces.setdefault(current, []).append(part.piece)
        places.setdefault(current, part.place)
    row = {key: (_joined(lines), pieces[key], places[key]) for key, lines in texts.items()}
    if row:
        draft.add_row(slot, row, next(iter(places.values())))


def _title_end(text: str) -> int:
    """Return where the title of a paragraph without labels ends: at its first sentence, if that is short."""
    ends = [at for sign in _SENTENCE_END + "：:" if (at := text.find(sign)) > 0]
    end = min(ends, default=len(text)) + 1
    return end if end <= _LONGEST_TITLE and end < len(text) else len(text)


def _joined(lines: Sequence[str]) -> str:
    """Return lines as one text; a label that stood on a line of its own leaves no blank line."""
    while len(lines) > 1 and not lines[0].strip():
        lines = lines[1:]
    return "\n".join(lines).rstrip("\n")
