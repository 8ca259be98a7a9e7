"""The structure of a workbook: where the defined names lead, and what in it has lost its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfxl.addresses import Range, cell
from perfxl.catalog import LIST_SHEET, MARKS_NAME, ReportType, Sheet
from perfxl.record import Place
from perfxl.remark import Remark
from perfxl.values import displayed
from perfxl.workbook.cells import Cells, SheetCells

# A sheet that shows this share of a form's labels is taken for a copy of it that lost its names.
_LOOKS_ALIKE = 0.6


@dataclass(frozen=True)
class Scope:
    """Where the inputs of the form, or of one item, stand: the name of each with its sheet and its cells.

    `gone` are the names whose cells were deleted. `title` is the sheet of an item, empty for the form as a whole.
    """

    title: str
    sheets: tuple[Sheet, ...]
    cells: Mapping[str, tuple[SheetCells, Range]]
    gone: tuple[str, ...]


def common_scope(cells: Cells, report_type: ReportType) -> Scope:
    """Return where the inputs stand that the workbook has once, on whatever sheets they are now."""
    by_title = {sheet.title: sheet for sheet in cells.sheets}
    sheets = tuple(sheet for sheet in report_type.sheets if not sheet.each)
    located: dict[str, tuple[SheetCells, Range]] = {}
    gone = []
    for field in (field for sheet in sheets for field in sheet.inputs()):
        reference = cells.names.get(field.name)
        if reference is None or reference[0] not in by_title:
            gone.append(field.name)
        else:
            located[field.name] = (by_title[reference[0]], reference[1])
    return Scope("", sheets, located, tuple(gone))


def item_scopes(cells: Cells, described: Sheet) -> Iterator[Scope]:
    """Return where the inputs of each item stand, in the order of the tabs."""
    prefix = described.each + "."
    for sheet in cells.sheets:
        if any(name.startswith(prefix) for name in sheet.names):
            wanted = [field.name for field in described.inputs()]
            located = {name: (sheet, at) for name in wanted if (at := sheet.names.get(name)) is not None}
            yield Scope(sheet.title, (described,), located, tuple(name for name in wanted if name not in located))


def remarks_on_type(cells: Cells, known: Mapping[str, str], version: int | None) -> Remark | None:
    """Return why a workbook cannot be read as a report at all, or with doubts: of no type, unknown, of other version.

    `known` are titles by type id; `version` is that of the type, where it is known.
    """
    if not cells.type_id or cells.type_id not in known:
        return Remark("T01", words={"type": cells.type_id or "没有标记", "known": "、".join(known.values())})
    if version is not None and cells.version != version:
        code = "T02" if cells.version < version else "T03"
        return Remark(code, words={"version": cells.version, "current": version})
    return None


def remarks_on_structure(cells: Cells, report_type: ReportType, scopes: Sequence[Scope]) -> Iterator[Remark]:
    """Return what has lost its place: inputs that are gone, changed labels, text outside the form, strange sheets.

    `scopes` are those that were read; sheets of items on which nothing was typed are looked through for text outside.
    """
    by_title = {sheet.title: sheet for sheet in cells.sheets}
    every = [*scopes, *(s for d in report_type.sheets if d.each for s in item_scopes(cells, d) if s not in scopes)]
    texts: dict[str, set[str]] = {}
    for scope in scopes:
        yield from _gone(scope)
        yield from _labels(scope, texts)
    placed = _sheets_of(every)
    for title, inputs, described in placed:
        yield from _outside(by_title[title], inputs, described)
    yield from _strange_sheets(cells, report_type, {title for title, _, _ in placed})


def _sheets_of(scopes: Sequence[Scope]) -> list[tuple[str, list[Range], list[Sheet]]]:
    """Return each sheet on which inputs stand, with their cells and what the form says of it."""
    found: dict[str, tuple[list[Range], list[Sheet]]] = {}
    for scope in scopes:
        for sheet, at in scope.cells.values():
            inputs, described = found.setdefault(sheet.title, ([], []))
            inputs.append(at)
            described += [s for s in scope.sheets if s not in described]
    return [(title, inputs, described) for title, (inputs, described) in found.items()]


def _gone(scope: Scope) -> Iterator[Remark]:
    for sheet in scope.sheets:
        for field in sheet.inputs():
            if field.name in scope.gone:
                yield Remark("T04", (), {"label": field.label}, Place(scope.title or sheet.name))


def _labels(scope: Scope, texts: dict[str, set[str]]) -> Iterator[Remark]:
    """Return labels that are not there any more. `texts` remembers what stands on each sheet."""
    for sheet in scope.sheets:
        for field in sheet.inputs():
            if field.name not in scope.cells or field.label_at is None:
                continue
            found, at = scope.cells[field.name]
            label = _plain(field.label)
            if found.title not in texts:
                texts[found.title] = {_plain(content.value) for content in found.cells.values()}
            if label in texts[found.title]:
                continue
            stayed = (at.top, at.left) == (field.at.top, field.at.left)
            yield Remark("T05", (), {"label": field.label}, Place(found.title, field.label_at.first if stayed else ""))


def _outside(sheet: SheetCells, inputs: Sequence[Range], described: Sequence[Sheet]) -> Iterator[Remark]:
    """Return what was typed beside the inputs, where it would be lost."""
    known = _known_texts(described)
    if marks := sheet.names.get(MARKS_NAME):
        inputs = [*inputs, marks]
    by_column: dict[int, list[Range]] = {}
    for at in inputs:
        for column in range(at.left, at.right + 1):
            by_column.setdefault(column, []).append(at)
    for (row, column), content in sheet.cells.items():
        if content.kind != "typed" or any(at.top <= row <= at.bottom for at in by_column.get(column, ())):
            continue
        text = displayed(content.value or "")
        if text.strip() and _plain(text) not in known and not _is_row_number(text, column, described):
            yield Remark("T06", (), {"value": text}, Place(sheet.title, cell(row, column)))


def _known_texts(described: Sequence[Sheet]) -> set[str]:
    captions = (caption.text for sheet in described for caption in sheet.captions)
    labels = (field.label for sheet in described for field in sheet.inputs())
    return {_plain(text) for text in (*captions, *labels)}


def _is_row_number(text: str, column: int, described: Sequence[Sheet]) -> bool:
    numbered = {rows.number_column for sheet in described for rows in sheet.lists if rows.number_column}
    return text.isdigit() and any(Range.parse(f"{letters}1").left == column for letters in numbered)


def _strange_sheets(cells: Cells, report_type: ReportType, read: set[str]) -> Iterator[Remark]:
    own = {sheet.name for sheet in report_type.sheets if not sheet.each} | {LIST_SHEET}
    for sheet in cells.sheets:
        if sheet.title in read or sheet.title in own or not sheet.cells:
            continue
        texts = {_plain(content.value) for content in sheet.cells.values()}
        for described in report_type.sheets:
            labels = {_plain(field.label) for field in described.inputs()}
            if described.each and len(labels & texts) >= _LOOKS_ALIKE * len(labels):
                yield Remark("T07", (), {"sheet": sheet.title}, Place(sheet.title))
                break
        else:
            yield Remark("T14", (), {"sheet": sheet.title}, Place(sheet.title))


def _plain(text: object) -> str:
    return "".join(str(text).split())
