"""What a document does not say itself, supposed from what else it says, as the schema allows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from perfxl.document_import.blocks import WordParagraph
from perfxl.document_import.draft import Draft
from perfxl.model.record import Place

_YEAR = re.compile(r"(20\d\d)\s*年")


def supply(draft: Draft) -> None:
    """Supply fields that nothing says from others."""
    for slot in draft.vocabulary.slots:
        for name in () if draft.has(slot.path) else slot.read.get("else", ()):
            each, _, key = name.partition(".")
            known = draft.values.get(each)
            value = next((row[key] for row in known or () if row.get(key)), None) if key else known
            if isinstance(value, str):
                draft.put(slot, [value], [], Place("正文"))
                break


def supply_year(draft: Draft, pieces: Iterable[WordParagraph]) -> str:
    """Supply the year where nothing says it: from a code, or the year that is named most. Return how it was found."""
    rule = draft.vocabulary.root.get("year")
    if not rule or draft.has((rule["field"],)):
        return ""
    found: Counter[str] = Counter()
    for name in rule.get("codes", ()):
        path = tuple(name.split("."))
        for item in draft.values.get(path[0], ()):
            code = re.match(rule["digits"], str(item.get(path[1], "")))
            if code:
                found["20" + code["year"]] += 1
    source = "项目编码"
    if not found:
        source = "文中出现最多的年份"
        for piece in pieces:
            found.update(_YEAR.findall(piece.text))
    if not found:
        return ""
    year = max(found.items(), key=lambda each: (each[1], each[0]))[0]
    draft.put(draft.vocabulary.by_path[(rule["field"],)], [year], [], Place("正文"))
    return source
