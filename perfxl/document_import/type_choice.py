"""Which report type a document is: the one that has a name for most of what stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from perfxl.document_import.blocks import Document
from perfxl.document_import.recognition import Reading, recognise
from perfxl.report_type.model import ReportType

_TITLE = 1_000  # a title that says what a document is counts for more than any number of labels
_FEW = 3  # values under labels; fewer may be chance


def best_reading(document: Document, types: Iterable[ReportType]) -> Reading | None:
    """Return the reading of `document` as the type that fits it best, or None where none knows anything in it."""
    readings = [recognise(document, each) for each in types]
    best = max(readings, key=fitness, default=None)
    if best is None or (not best.score[0] and best.score[1] < _FEW):
        return None
    return best


def fitness(reading: Reading) -> tuple[int, float]:
    """Return how well a type fits: titles and labelled values, then the share of the text that found its place."""
    titled, labelled = reading.score
    return _TITLE * min(titled, 1) + labelled, reading.account.placed
