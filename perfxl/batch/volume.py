"""The volume of a folder: the documents of many units as one, in the order of a list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from perfxl.batch.output_folder import RESENT, RETURNED
from perfxl.batch.unit_order import Named, arranged, by_path, wanted
from perfxl.document import origin
from perfxl.document.origin import Origin
from perfxl.document.printing.printer import AUTO, Press
from perfxl.document.volume.binding import LEVELS, bound
from perfxl.document.volume.chapter import VolumeFault
from perfxl.pipeline.exit_status import WrongCommand
from perfxl.pipeline.placing import place
from perfxl.storage.files import Surroundings, write

_BESIDE = frozenset((RETURNED, RESENT))
_TITLE = "汇编"
_SECONDS, _EACH = 120.0, 15.0  # for a conversion, and for every document in it
_BEGINNING = 4000  # signs of a document, among which the unit's code stands


class Volume(NamedTuple):
    """A volume that is written. `titles` are those of its documents, `trouble` says why there is no PDF.

    `source` is where its page numbers come from; `complete` says whether every document could be bound.
    """

    document: Path
    pdf: Path | None
    titles: Sequence[str]
    source: str
    notes: Sequence[str]
    trouble: str
    complete: bool


class _Read(NamedTuple):
    """A document of a unit. `texts` are its first paragraphs; a `draft` says so of itself."""

    path: str
    data: bytes
    texts: Sequence[str]
    draft: bool


def write_volume(
    folder: Path,
    output: Path,
    *,
    order: Path | None = None,
    title: str = "",
    levels: int = LEVELS,
    contents: str = AUTO,
    pdf: bool = False,
    force: bool = False,
) -> Volume:
    """Bind the documents below a folder into one and write it. Raises `WrongCommand`, `Surroundings`."""
    documents = _documents(folder, output)
    if not documents:
        raise WrongCommand(f"“{folder}”里没有 Word 文档（.docx）。")
    notes: list[str] = []
    places = by_path([document.path for document in documents])
    documents = [documents[at] for at in places]
    if order is not None:
        named = [Named(one.path.removesuffix(".docx"), _title(one), "".join(one.texts)) for one in documents]
        places, missing = arranged(named, wanted(order))
        documents = [documents[at] for at in places]
        notes += [f"次序表里的“{unit}”没有文档。" for unit in missing]
    try:
        volume = bound((one.data for one in documents), title or _common_title(documents), levels=levels)
    except VolumeFault as fault:
        raise WrongCommand(f"没有生成汇编：{fault}。") from fault
    notes += [f"“{documents[number].path}”没有合进去：{fault}。" for number, fault in volume.faults]
    drafts = sum(one.draft for one in documents)
    notes += [f"其中 {drafts} 份是草稿。"] if drafts else []
    sealed = origin.sealed(volume.document, Origin("", "volume", "", drafts > 0))
    with Press(seconds=_SECONDS + _EACH * len(documents)) as press:
        finished = press.finish(sealed, contents=contents, pdf=pdf)
    document = place(output, force=force)
    write(document.path, finished.document)
    notes += [*finished.notes, *([document.sentence] if document.sentence else [])]
    paper = None
    if finished.pdf is not None:
        paper = place(document.path.with_suffix(".pdf"), force=force).path
        write(paper, finished.pdf)
    whole = not volume.faults
    return Volume(document.path, paper, volume.titles, finished.source, notes, finished.trouble, whole)


def _documents(folder: Path, output: Path) -> list[_Read]:
    """Return the documents below a folder. What goes back to units is none, nor is the volume itself."""
    found = []
    for path in folder.rglob("*.docx"):
        inside = path.relative_to(folder)
        if inside.parts[0] in _BESIDE or any(part.startswith((".", "~$")) for part in inside.parts):
            continue
        if path.is_symlink() or not path.is_file() or (output.exists() and path.samefile(output)):
            continue
        try:
            found.append(_read(inside.as_posix(), path.read_bytes()))
        except OSError as error:
            raise Surroundings(f"读不到“{path}”（{error.strerror}）。") from error
    return [one for one in found if one is not None]


def _read(path: str, data: bytes) -> _Read | None:
    """Return a document; None where it is a volume."""
    try:
        seal = origin.seal_of(data)
        texts = origin.paragraphs(data)
    except ValueError:
        return _Read(path, data, (), False)  # why it is none will be said where it is to be bound
    if seal is not None and seal.origin.type_id == "volume":
        return None
    beginning: list[str] = []
    for text in texts:
        if sum(map(len, beginning)) > _BEGINNING:
            break
        beginning.append(text)
    return _Read(path, data, tuple(beginning), seal is not None and seal.origin.draft)


def _title(document: _Read) -> str:
    return document.texts[0] if document.texts else ""


def _common_title(documents: Sequence[_Read]) -> str:
    """Return what the cover says where nobody says it: the second line of the covers, if all have the same."""
    seconds = {document.texts[1] for document in documents if len(document.texts) > 1}
    common_part = next(iter(seconds)) if len(seconds) == 1 else "绩效文本"
    return f"{common_part}{_TITLE}"
