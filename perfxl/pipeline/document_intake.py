"""Documents into the flow: a Word or PDF document → the workbook that a clerk would have filled in, and its findings.

Findings on a document are those on its workbook, told by the place in the document: both go through the same checks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.computation.derived_values import typed_only
from perfxl.document_import.blocks import Document, Unreadable, WordParagraph
from perfxl.document_import.file_kinds import SUFFIXES
from perfxl.document_import.opening import opened
from perfxl.document_import.recognition import LeftOver, Reading, recognise
from perfxl.document_import.taken_text import Account
from perfxl.document_import.type_choice import best_reading
from perfxl.model.finding import SEVERITIES, Finding, spoken
from perfxl.model.record import FieldPath, Place, Record, leaves
from perfxl.model.remark import Remark
from perfxl.pipeline.examine import Examination, ProfileNamed, examine, load_profile
from perfxl.pipeline.exit_status import WrongCommand
from perfxl.pipeline.repair import path_of
from perfxl.report_type import catalog, profile
from perfxl.report_type.model import ReportType
from perfxl.workbook.form import form
from perfxl.workbook.form.unplaced_sheet import Unplaced
from perfxl.workbook.macros.form_buttons import Macros

_MAX_CELL = 32_767  # UTF-16 units: Excel's limit
_KEPT = 16_000  # characters of a text that is longer than a cell
_MOST_LEFT_TOLD = 500


class Intake(NamedTuple):
    """What came of a document. `workbook` is empty and `reading` None where it could not be read as a report.

    `findings` are on the reading alone: what the file is, and what was left over; `values` are the workbook's.
    """

    findings: tuple[Finding, ...]
    reading: Reading | None = None
    values: Mapping[str, Any] = {}
    workbook: bytes = b""
    word: bytes = b""
    year_guessed: str = ""


def is_document(path: Path) -> bool:
    """Whether people take the file for a document, by its name."""
    return path.suffix.lower() in SUFFIXES


def take_in(
    data: bytes, file: str, home: Path, *, type_id: str = "", year: int | None = None, macros: Macros | None = None
) -> Intake:
    """Return the workbook that the document `data` fills, with what of it found no place.

    `type_id` and `year` overrule what the document itself says. A file that cannot be read is a finding as well.
    """
    try:
        document, word = opened(data, _converted)
        reading = _reading(document, home, type_id)
    except Unreadable as trouble:
        return Intake((spoken(Remark(trouble.code, words=trouble.words), file, None),))
    return taken_in(reading, file, home, year=year, macros=macros, word=word)


def taken_in(
    reading: Reading, file: str, home: Path, *, year: int | None, macros: Macros | None, word: bytes = b""
) -> Intake:
    """Return the workbook of what was read, as `take_in` does."""
    values, cut = _fitting(dict(reading.values))
    guessed = reading.year_source
    if year is not None:
        if not reading.year_field:
            raise WrongCommand(f"文种“{reading.report_type.title}”没有年度，不能用 --year。")
        values[reading.year_field] = year
        guessed = ""
    report_type = reading.report_type
    said, values = values, _as_typed(values, report_type, home)
    left = [*reading.left, *(LeftOver(text, _origin(reading, path).place, _piece(reading, path)) for path, text in cut)]
    reading = reading._replace(left=left)
    findings = tuple(_left_over(reading, file))
    unplaced = Unplaced(
        summary_of(reading.account, left),
        [(_place_text(each.place), each.text) for each in left],
        _labels(reading),
    )
    workbook = form.write(report_type, values, macros=macros, unplaced=unplaced, results=said)
    return Intake(findings, reading, values, workbook, word, guessed)


def examine_document(
    data: bytes, file: str, home: Path, profile_named: ProfileNamed | None = None, *, type_id: str = ""
) -> tuple[Examination, Intake]:
    """Return the record of the document `data` and every finding on it, each with its place in the document."""
    intake = take_in(data, file, home, type_id=type_id)
    if intake.reading is None:
        return Examination(intake.findings, stray=intake.findings[0].code == "W08"), intake
    examination = examine(intake.workbook, file, home, profile_named)
    findings = [_in_document(finding, intake.reading) for finding in _by_position(examination.findings, intake.reading)]
    places = {path: origin.place for path, origin in intake.reading.origins.items()}
    record = examination.record
    if record is not None:
        record = Record(record.values, {**record.places, **places}, record.traces, record.completed)
    source = hashlib.sha256(data).hexdigest()
    return examination._replace(findings=(*findings, *intake.findings), record=record, source=source), intake


def summary_of(account: Account, left: Sequence[LeftOver]) -> str:
    """Return the figure in a sentence: how much of the document found its place."""
    figure = f"{account.placed:.1f}" if account.left == 0 or account.placed < 99.95 else "99.9"
    words = f"原文共 {account.characters} 个字（空格不算），归入填报表的占 {figure}%"
    return (
        f"{words}；没有归入的有 {account.left} 个字，{len(left)} 处，列在下面。" if left else f"{words}，没有剩下的。"
    )


def _reading(document: Document, home: Path, type_id: str) -> Reading:
    if type_id:
        return recognise(document, catalog.load(home, type_id))
    types = list(catalog.every(home))
    found = best_reading(document, types)
    if found is None:
        raise Unreadable("W08", known="、".join(each.title for each in types))
    return found


def _converted(data: bytes, kind: str) -> bytes:
    # What LibreOffice needs of Python is not everywhere, and few documents are of an old kind.
    from perfxl.document.printing import libreoffice
    from perfxl.document.printing.page_numbers import PrintFault

    program = libreoffice.program()
    if program is None:
        raise Unreadable("W05", kind=f".{kind}")
    try:
        with libreoffice.Office(program) as office:
            return office.word_document(data, kind)
    except PrintFault as fault:
        raise Unreadable("W06", kind=f".{kind}", problem=str(fault)) from fault


def _as_typed(values: dict[str, Any], report_type: ReportType, home: Path) -> dict[str, Any]:
    """Return the values without those that the form computes to the same, so that it goes on computing them.

    Item by item, because what is computed of one depends on no other; then what is computed of all.
    """
    rules = load_profile(home, profile.DEFAULT)
    each = {sheet.each for sheet in report_type.sheets if sheet.each}
    plain = {key: value for key, value in values.items() if not isinstance(value, list)}
    items = {
        key: [typed_only(Record({**plain, key: [item]}), report_type, rules)[key][0] for item in value]
        for key, value in values.items()
        if key in each
    }
    return typed_only(Record({**values, **items}), report_type, rules)


def _fitting(values: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[FieldPath, str]]]:
    """Return the values as cells hold them, and the rest of the texts that are too long for one."""
    cut: list[tuple[FieldPath, str]] = []
    for path, value in list(leaves(values)):
        if isinstance(value, str) and len(value.encode("utf-16-le", "replace")) // 2 > _MAX_CELL:
            node: Any = values
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = value[:_KEPT]
            cut.append((path, value[_KEPT:]))
    return values, cut


def _left_over(reading: Reading, file: str) -> list[Finding]:
    """Return a finding on every text that found no place; of very many, one says how many more there are."""
    told = [
        spoken(Remark("W09", words={"value": each.text}), file, each.place) for each in reading.left[:_MOST_LEFT_TOLD]
    ]
    more = len(reading.left) - len(told)
    if more > 0:
        told.append(spoken(Remark("W10", words={"n": more}), file, None))
    return told


def _labels(reading: Reading) -> list[tuple[str, str]]:
    """Return what was taken for labels and headings, each text once, with how often it stands there."""
    counts: dict[str, int] = {}
    for rest in reading.labels:
        counts[rest.text] = counts.get(rest.text, 0) + 1
    return [(f"{count} 处", text) for text, count in counts.items()]


def _in_document(finding: Finding, reading: Reading) -> Finding:
    """Return a finding on the workbook with its place in the document instead of its cell."""
    if not finding.field:
        return finding._replace(sheet="", cell="")
    place = _origin(reading, path_of(finding.field)).place
    return finding._replace(sheet=place.sheet, cell=place.cell)


class _Nowhere:
    place = Place("全文")
    pieces: tuple[WordParagraph, ...] = ()


def _origin(reading: Reading, path: FieldPath) -> Any:
    """Return where a value stands, or else what is around it."""
    while path:
        if path in reading.origins:
            return reading.origins[path]
        path = path[:-1]
    return _Nowhere


def pieces_of(finding: Finding, reading: Reading) -> tuple[WordParagraph, ...]:
    """Return the paragraphs of the document that a finding is about."""
    found: tuple[WordParagraph, ...] = _origin(reading, path_of(finding.field)).pieces if finding.field else ()
    return found


def _piece(reading: Reading, path: FieldPath) -> WordParagraph:
    pieces = _origin(reading, path).pieces
    return pieces[0] if pieces else WordParagraph("")


def _by_position(findings: Sequence[Finding], reading: Reading) -> list[Finding]:
    """Return findings in the order of the document; those that are about no part of it come first."""
    number = {piece: at for at, piece in enumerate(reading.pieces)}

    def position(finding: Finding) -> tuple[int, str]:
        found = [number[piece] for piece in pieces_of(finding, reading) if piece in number]
        return min(found, default=-1), finding.code

    return sorted(findings, key=position)


def _place_text(place: Place) -> str:
    return " ".join(each for each in place if each)


def with_comments(examination: Examination, intake: Intake) -> bytes:
    """Return the Word document with its findings as comments; what is about no paragraph stands at the first one.

    Raises `Unreadable` where the document cannot be written again.
    """
    from perfxl.document_import.word_comments import commented

    assert intake.reading is not None
    pieces = [piece for piece in intake.reading.pieces if piece.index >= 0]
    first = next((piece.index for piece in pieces if piece.text.strip()), 0)
    by_place = {place: piece.index for piece, place in ((each.piece, each.place) for each in intake.reading.left)}
    found: dict[int, list[str]] = {}
    for finding in examination.findings:
        at = next((piece.index for piece in pieces_of(finding, intake.reading) if piece.index >= 0), -1)
        if at < 0:
            at = by_place.get(Place(finding.sheet, finding.cell), first)
        hint = f"\n{finding.hint}" if finding.hint else ""
        found.setdefault(max(at, 0), []).append(
            f"{SEVERITIES[finding.severity]} {finding.code}：{finding.message}{hint}"
        )
    return commented(intake.word, found)
