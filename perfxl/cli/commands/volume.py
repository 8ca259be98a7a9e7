"""`perfxl volume`: the documents of many units as one."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from perfxl.batch.output_folder import RESENT, RETURNED
from perfxl.batch.unit_order import Named, arranged, by_path, wanted
from perfxl.cli.commands import common
from perfxl.document import origin
from perfxl.document.origin import Origin
from perfxl.document.printing.printer import AUTO, ESTIMATE, Finished, Press
from perfxl.document.volume.binding import LEVELS, Bound, bound
from perfxl.document.volume.chapter import VolumeFault
from perfxl.pipeline.exit_status import DONE, WRONG_COMMAND, WRONG_SURROUNDINGS, WrongCommand
from perfxl.pipeline.placing import place
from perfxl.storage.files import Surroundings, write

_BESIDE = frozenset((RETURNED, RESENT))
_TITLE = "汇编"
_SECONDS, _EACH = 120.0, 15.0  # for a conversion, and for every document in it
_BEGINNING = 4000  # signs of a document, among which the unit's code stands


def words(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="文件夹", type=Path, help="各单位的 Word 文档所在的文件夹（含子文件夹）")
    parser.add_argument("-o", dest="output", metavar="汇编.docx", type=Path, required=True, help="保存为")
    parser.add_argument(
        "--order", metavar="次序", type=Path, help="单位的次序：一行一个编码或名称（.xlsx、.csv、.txt）"
    )
    parser.add_argument("--title", metavar="题目", default="", help="封面的题目（默认由各文档的题目得出）")
    parser.add_argument(
        "--levels", metavar="层数", type=int, choices=(1, 2, 3), default=LEVELS, help="目录列几层（默认3）"
    )
    parser.add_argument("--force", action="store_true", help="同名的文档不是本程序生成的、或者被人改过，也覆盖")
    common.print_options(parser, "auto")
    common.json_option(parser)


class _Read(NamedTuple):
    """A document of a unit. `texts` are its first paragraphs; a `draft` says so of itself."""

    path: str
    data: bytes
    texts: Sequence[str]
    draft: bool


def run(options: Namespace) -> int:
    folder, output = options.folder, options.output
    if output.suffix.lower() != ".docx":
        raise WrongCommand(f"汇编的文件名应以 .docx 结尾，现在是“{output.name}”。")
    if not folder.is_dir():
        raise WrongCommand(f"文件夹“{folder}”不存在。")
    documents = _documents(folder, output)
    if not documents:
        raise WrongCommand(f"“{folder}”里没有 Word 文档（.docx）。")
    notes: list[str] = []
    order = by_path([document.path for document in documents])
    documents = [documents[at] for at in order]
    if options.order is not None:
        named = [Named(one.path.removesuffix(".docx"), _title(one), "".join(one.texts)) for one in documents]
        places, missing = arranged(named, wanted(options.order))
        documents = [documents[at] for at in places]
        notes += [f"次序表里的“{unit}”没有文档。" for unit in missing]
    try:
        volume = bound(
            (one.data for one in documents), options.title or _common_title(documents), levels=options.levels
        )
    except VolumeFault as fault:
        raise WrongCommand(f"没有生成汇编：{fault}。") from fault
    notes += [f"“{documents[number].path}”没有合进去：{fault}。" for number, fault in volume.faults]
    drafts = sum(one.draft for one in documents)
    notes += [f"其中 {drafts} 份是草稿。"] if drafts else []
    sealed = origin.sealed(volume.document, Origin("", "volume", "", drafts > 0))
    with Press(seconds=_SECONDS + _EACH * len(documents)) as press:
        finished = press.finish(sealed, contents=AUTO if options.contents != ESTIMATE else ESTIMATE, pdf=options.pdf)
    return _told(options, finished, volume, [*notes, *finished.notes])


def _told(options: Namespace, finished: Finished, volume: Bound, notes: list[str]) -> int:
    """Write the volume, and say what it holds; return the exit status."""
    document = place(options.output, force=options.force)
    write(document.path, finished.document)
    notes += [document.sentence] if document.sentence else []
    pdf = None
    if finished.pdf is not None:
        pdf = place(document.path.with_suffix(".pdf"), force=options.force)
        write(pdf.path, finished.pdf)
    if options.json:
        told = {
            "document": str(document.path),
            "pdf": str(pdf.path) if pdf else None,
            "contents": finished.source or None,
            "documents": list(volume.titles),
            "notes": notes,
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"已生成：{document.path}（{len(volume.titles)} 份）")
        if pdf is not None:
            print(f"已生成：{pdf.path}")
        for note in notes:
            print(note)
    if finished.trouble:
        print(finished.trouble, file=sys.stderr)
        return WRONG_SURROUNDINGS
    return WRONG_COMMAND if volume.faults else DONE


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
