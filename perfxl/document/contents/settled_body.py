"""A finished body with its paragraphs settled, each by what it says: see `settling`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfxl.document.contents.pagination import PROPERTIES, PageLayout, PageSize, Place, sections
from perfxl.document.contents.settling import CONTENTS, Told, captions, places, settled, written
from perfxl.document.contents.toc import HERE


def settle(xml: str, layout: PageLayout) -> str:
    """Return the body `xml`, whose contents page is not filled in yet, with its paragraphs settled."""
    pieces: list[str] = []
    done = 0
    for blocks, page in sections(xml, xml.find("<w:body>")):
        for start, end, properties in _changed(xml, blocks, page, layout):
            pieces += (xml[done:start], properties)
            done = end
    return "".join((*pieces, xml[done:]))


def _changed(xml: str, blocks: Sequence[Place], page: PageSize, layout: PageLayout) -> Iterator[tuple[int, int, str]]:
    """Yield where properties of paragraphs stand that become others, and what they become."""
    told: list[Told | None] = []
    begins: list[int] = []
    here = xml.find(HERE, blocks[0][1], blocks[-1][2]) if blocks else -1
    for kind, start, end in blocks:
        if 0 <= here < start:
            told.append(CONTENTS)
            begins.append(-1)
            here = -1
        told.append(layout.read(xml[start:end])[:2] if kind == "p" else None)
        begins.append(start)
    for at, (block, start) in enumerate(zip(told, begins, strict=True)):
        if block is None or start < 0:
            continue
        said = settled(*block, page.width, before_table=captions(told, at))
        properties = PROPERTIES.search(xml, start) if said else None
        where = places(properties[1]) if properties else None
        if said and properties and where:
            yield properties.start(1), properties.end(1), written(properties[1], where, said)
