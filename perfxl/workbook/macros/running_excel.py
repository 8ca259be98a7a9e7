"""The workbook as it is open in Excel: what is typed but not yet saved, and findings shown on its sheets.

Excel is reached through xlwings, and this is the only module that knows it. Reading goes through a copy that Excel
itself saves: the reader then sees exactly what it sees in a file, names, formats and computed results included, where
values fetched one by one would have to be understood a second time.

Everything here may fail, and none of it raises: Excel may be busy, somebody may be typing in a cell, the workbook may
lie on the web. xlwings repeats a call that Excel refuses without end, so every errand has a time limit as well. Whoever
asked then does without.
"""

from __future__ import annotations

import queue
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from perfxl.report_type.model import MARKS_NAME, TEXTS_NAME
from perfxl.workbook.form.check_sheet import FINDINGS, LINK_COLUMNS
from perfxl.workbook.form.page_layout import literal, quoted

T = TypeVar("T")

_SECONDS = 8.0
_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class ScreenLine:
    """A line of the list of findings: a slip, the cells of a sheet in which it is, and what to do."""

    sheet: str
    ranges: tuple[str, ...]
    what: str
    how: str


class Screen:
    """A workbook that is open in Excel."""

    def __init__(self, book: Any, errands: _Errands) -> None:
        self._book, self._errands = book, errands

    def copy(self) -> bytes | None:
        """Return the workbook as it is now, saved or not; None where Excel does not give it."""
        return self._errands.do(self._copied)

    def show(
        self, lines: Sequence[ScreenLine], marks: Mapping[str, str], go: tuple[str, str] | None, *, urgent: bool
    ) -> bool:
        """Replace what the sheets show by `lines` and put the cursor on the sheet and the cell `go`.

        `marks` says for each sheet what to paint: `!D6,` wrong, `?F17,` doubtful, `~H3,` a hint.

        Where nothing says which cell it is, the cursor goes to the list of findings if that is `urgent`, and stays
        where it is otherwise. Returns whether all of it is shown.
        """
        return bool(self._errands.do(lambda: self._shown(lines, marks, go, urgent)))

    def _copied(self) -> bytes:
        with tempfile.TemporaryDirectory(prefix="perfxl-", ignore_cleanup_errors=True) as folder:
            path = Path(folder, self._book.name)
            self._book.api.SaveCopyAs(str(path))
            return path.read_bytes()

    def _shown(
        self, lines: Sequence[ScreenLine], marks: Mapping[str, str], go: tuple[str, str] | None, urgent: bool
    ) -> bool:
        listed = _named(self._book, FINDINGS)
        if listed is not None:
            self._fill(listed, lines, sum(text.count(",") for text in marks.values()))
        for sheet in self._book.sheets:
            here = _named(sheet, MARKS_NAME)
            if here is not None:
                here.value = marks.get(sheet.name)
        if go:
            self._select(self._book.sheets[go[0]].range(go[1]))
        elif urgent and listed is not None:
            self._select(listed[0, 0])
        return True

    def _fill(self, listed: Any, lines: Sequence[ScreenLine], places: int) -> None:
        """List the findings; what does not fit becomes a last line that says in how many places they are."""
        listed.clear_contents()
        room, width = listed.shape
        rows = [_row(line)[:width] for line in lines]
        if len(rows) > room:
            texts = _named(self._book, TEXTS_NAME)
            more = dict(texts.value).get("more", "{count}") if texts is not None else "{count}"
            rows = [*rows[: room - 1], [None, None, more.replace("{count}", str(places)), *[None] * (width - 3)]]
        if rows:
            listed[: len(rows), :].value = rows

    def _select(self, cell: Any) -> None:
        cell.sheet.activate()
        cell.select()


def attach(workbook: Path) -> Screen | None:
    """Return the workbook as it is open in a running Excel, or None where it is not, or cannot be reached."""
    errands = _Errands()
    return errands.do(lambda: _attached(workbook, errands))


def _attached(workbook: Path, errands: _Errands) -> Screen | None:
    # Takes its time to load, and most machines do not have it.
    import xlwings

    if xlwings.engines.active is None:
        return None
    for app in xlwings.apps:
        for book in app.books:
            if _same(book.fullname, workbook):
                return Screen(book, errands)
    return None


def _same(name: str, workbook: Path) -> bool:
    try:
        return Path(name).samefile(workbook)
    except OSError:
        return False  # never saved, or on the web


def _named(owner: Any, name: str) -> Any:
    """Return the cells of a name of the workbook or of a sheet, or None."""
    return owner.names(name).refers_to_range if owner.names.contains(name) else None


def _row(line: ScreenLine) -> list[str | None]:
    """Return the cells of a line: its sheet, a link, its sentences, more links."""
    links: list[str | None] = [_link(line.sheet, cells) for cells in line.ranges]
    links += [None] * (len(LINK_COLUMNS) - len(links))
    return [_plain(line.sheet), links[0], _plain(line.what), _plain(line.how), *links[1:]]


def _link(sheet: str, cells: str) -> str:
    return f"=HYPERLINK({literal(f'#{quoted(sheet)}!{cells}')},{literal(cells)})"


def _plain(text: str) -> str | None:
    """Return a text that must not be taken for a formula."""
    return (" " + text if text.startswith(_FORMULA_SIGNS) else text) or None


class _Errands:
    """A thread that runs errands to Excel: its objects belong to the thread that made them."""

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[tuple[Callable[[], Any], queue.SimpleQueue[Any]]] = queue.SimpleQueue()
        self._lost = False
        # Excel may keep it for ever, which must not keep the program from ending.
        threading.Thread(target=self._run, daemon=True).start()

    def do(self, errand: Callable[[], T]) -> T | None:
        """Return what the errand gives, or None where it fails or takes too long. After that nothing is tried again."""
        answer: queue.SimpleQueue[T | None] = queue.SimpleQueue()
        if self._lost:
            return None
        self._asked.put((errand, answer))
        try:
            return answer.get(timeout=_SECONDS)
        except queue.Empty:
            self._lost = True
            return None

    def _run(self) -> None:
        while True:
            errand, answer = self._asked.get()
            try:
                answer.put(errand())
            except Exception:  # noqa: BLE001 - a foreign program behind a foreign library: whatever it is, we do without
                answer.put(None)
