"""One workbook, from its bytes to its finished document: what a worker process does.

It writes into the folder of parts alone; putting a document into its place is for the process that keeps the ledger.
"""

from __future__ import annotations

import gc
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.batch.key_figures import facts, items
from perfxl.batch.outcome import Outcome, Settings, State, Task, pdf_name
from perfxl.batch.serialization import digest, dumped, dumped_findings, shown
from perfxl.batch.summary.workbook_rows import told
from perfxl.model.faults import AuthorFault
from perfxl.model.finding import Finding, spoken
from perfxl.model.remark import Remark
from perfxl.pipeline.examine import Examination, ProfileNamed, examine
from perfxl.pipeline.produce import produce
from perfxl.pipeline.workbook_file import profile_for
from perfxl.report_type.model import ReportType
from perfxl.report_type.profile import Profile
from perfxl.storage.compression import squeezed
from perfxl.storage.files import MAX_FILE, Surroundings, is_word, put, settle

if TYPE_CHECKING:  # most batches need no office program
    from perfxl.document.printing.printer import Finished, Press

_UNREADABLE = ("F01", "F06")
_SECONDS = 45.0  # for one conversion; a plan of 60 projects takes 2
_ENOUGH = 3  # failures of the office program in a row; each may have taken minutes


class _Unprinted(NamedTuple):
    """A workbook whose document is made, and not yet on paper; `held` are its type and values."""

    task: Task
    outcome: Outcome
    document: bytes
    findings: Sequence[Finding]
    held: tuple[ReportType, Mapping[str, Any]]


class Worker:
    """Makes one workbook after another, and remembers what they share."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name = os.urandom(6).hex()  # processes of several machines write among the parts
        self._count = 0
        self._profiles: dict[str, Profile] = {}
        self._press: Press | None = None
        self._failures = 0

    def close(self) -> None:
        """End the office program, if there was need for one."""
        if self._press is not None:
            self._press.close()
            self._press = None

    def made(self, tasks: Sequence[Task]) -> list[Outcome]:
        """Return what came of some workbooks. Their files are settled together, which the disk does sooner.

        Where documents are printed, they are made while others are on paper. Never raises: whatever happens stays here.
        """
        outcomes: dict[int, Outcome] = {}
        printed: list[tuple[int, _Unprinted]] = []

        def documents() -> Iterator[bytes]:
            for number, task in enumerate(tasks):
                came = self._tried(task, self._made, task)
                if isinstance(came, Outcome):
                    outcomes[number] = came
                else:
                    printed.append((number, came))
                    yield came.document

        try:
            papers = self._printed(documents())
        except Exception as fault:  # noqa: BLE001 - the last door: those that are not on paper are said to be not done
            said = f"{type(fault).__name__}: {fault}".replace("\n", " ")
            missing = (number for number in range(len(tasks)) if number not in outcomes)
            outcomes |= {number: failed(tasks[number], "fault", "B09", said) for number in missing}
            papers = ()
        for (number, half), paper in zip(printed, papers, strict=False):
            came = self._tried(tasks[number], self._with_paper, half, paper)
            assert isinstance(came, Outcome)
            outcomes[number] = came
        return [self._settled(task, outcomes[number]) for number, task in enumerate(tasks)]

    def make(self, task: Task) -> Outcome:
        """Return what came of one workbook. Never raises."""
        return self.made([task])[0]

    def _tried(self, task: Task, step: Callable[..., Outcome | _Unprinted], *words: Any) -> Outcome | _Unprinted:
        """Return what a step gives, or what is said of a workbook with which it failed."""
        try:
            with _undisturbed():
                return step(*words)
        except Surroundings as trouble:
            return failed(task, "trouble", "B07", str(trouble))
        except AuthorFault as fault:
            return failed(task, "template", "B11", str(fault))
        except Exception as fault:  # noqa: BLE001 - the last door: one workbook must not stop the others
            return failed(task, "fault", "B09", f"{type(fault).__name__}: {fault}".replace("\n", " "))

    def _made(self, task: Task) -> Outcome | _Unprinted:
        began = time.time_ns()
        data, size, mtime = self._read(task)
        if isinstance(data, Finding):
            state: State = "trouble" if data.code in _UNREADABLE else "unread"
            return _said(Outcome(task.path, state, task.document, size, mtime, began), [data])
        outcome = Outcome(task.path, "same", task.document, size, mtime, began, digest(data))
        if outcome.digest == task.known:
            return outcome
        examination = _examined(data, shown(task.path), self._settings.home, self._profile)
        del data
        return self._with_document(task, outcome, examination)

    def _read(self, task: Task) -> tuple[bytes | Finding, int, int]:
        """Return the bytes of a workbook, or why there are none, and what the directory says of size and time."""
        path = self._settings.folder / task.path
        words = {"name": shown(path.name)}
        try:
            # O_NOFOLLOW: it may have become a link since the folder was looked at. O_BINARY is Windows'.
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(path, flags), "rb") as stream:
                known = os.fstat(stream.fileno())
                if known.st_size > MAX_FILE:
                    words = {"size": str(known.st_size // 2**20)}
                    finding = spoken(Remark("F05", words=words), shown(task.path), None)
                    return finding, known.st_size, known.st_mtime_ns
                # Room is taken for all that is asked for. Of a file that grows meanwhile, the next run reads the rest.
                return stream.read(known.st_size), known.st_size, known.st_mtime_ns
        except FileNotFoundError:
            return spoken(Remark("F01", words=words), shown(task.path), None), 0, 0
        except OSError:
            return spoken(Remark("F06", words=words), shown(task.path), None), 0, 0

    def _profile(self, named: str) -> Profile:
        """Return the office's rules. What units put beside their workbooks counts for nothing."""
        asked = self._settings.profile
        name = "" if asked else named
        if name not in self._profiles:
            self._profiles[name] = profile_for(None, self._settings.home, asked, name)
        return self._profiles[name]

    def _with_document(self, task: Task, outcome: Outcome, examination: Examination) -> Outcome | _Unprinted:
        record, report_type = examination.record, examination.report_type
        if record is None or report_type is None:
            if examination.stray:  # a list of addresses among the forms is nobody's error
                aside = [finding._replace(severity="warning") for finding in examination.findings]
                return _said(outcome._replace(state="stray"), aside)._replace(first=aside[0].message)
            return _said(outcome._replace(state="unread"), examination.findings)
        outcome = outcome._replace(
            type_id=report_type.id,
            profile_name=str(record.values.get("profile", "")).strip(),
            rules=examination.profile.name if examination.profile else "",
            facts=facts(record, report_type),
            items=items(record, report_type),
        )
        held = report_type, record.values
        listed = self._settings.contents != "off"
        product = produce(examination, draft=self._settings.draft, contents=listed)
        if product.document is None:
            named = [finding._replace(file=shown(task.path)) for finding in product.findings]
            return _said(outcome._replace(state="template" if product.lost else "errors"), named, *held)
        # Whether the document has a 目录 at all would take a look into it; that is left to whoever prints it.
        outcome = outcome._replace(
            state="draft" if self._settings.draft else "made", numbers="estimate" if listed else ""
        )
        half = _Unprinted(task, outcome, product.document, examination.findings, held)
        return half if self._settings.presses else self._with_paper(half, None)

    def _with_paper(self, half: _Unprinted, finished: Finished | None) -> Outcome:
        """Return what came of a workbook whose document is as it stays: as printed, or as it was made."""
        outcome, result = half.outcome, half.document
        if finished is not None:
            result = finished.document
            outcome = outcome._replace(numbers=finished.source, notes=finished.notes, trouble=finished.trouble)
            if finished.pdf is not None:
                part = self._staged(pdf_name(half.task.document), finished.pdf)
                outcome = outcome._replace(pdf_part=part, pdf=digest(finished.pdf))
        outcome = outcome._replace(part=self._staged(half.task.document, result), output=digest(result))
        return _said(outcome, half.findings, *half.held)

    def _printed(self, documents: Iterator[bytes]) -> Sequence[Finished]:
        """Return documents as the office program leaves them. One that fails again and again is asked no more."""
        if not self._settings.presses:
            deque(documents, maxlen=0)
            return ()
        from perfxl.document.printing.libreoffice import GIVEN_UP
        from perfxl.document.printing.printer import ESTIMATE, Press, unpressed

        wanted = self._settings
        if self._failures >= _ENOUGH:
            return [unpressed(document, GIVEN_UP, pdf=wanted.pdf) for document in documents]
        if self._press is None:
            self._press = Press(warm=True, seconds=_SECONDS)
        found = self._press.finish_all(documents, contents=wanted.contents, pdf=wanted.pdf)
        for finished in found:
            failed = bool(finished.trouble) or finished.source == ESTIMATE
            self._failures = self._failures + 1 if failed else 0
        return found

    def _staged(self, name: str, result: bytes) -> str:
        """Write a finished file among the parts and return its name there; `name` is what it will be called."""
        self._count += 1
        part = self._settings.parts / f"{self._name}-{self._count}{name[name.rfind('.') :]}"
        try:
            put(part, result)
        except Surroundings as trouble:
            raise _about(trouble, part.name, name) from trouble
        return part.name

    def _settled(self, task: Task, outcome: Outcome) -> Outcome:
        """Return an outcome whose files are on the disk, whatever happens to this machine."""
        files = ((outcome.part, outcome.document), (outcome.pdf_part, pdf_name(outcome.document)))
        for part, name in files:
            try:
                if part:
                    settle(self._settings.parts / part)
            except Surroundings as trouble:
                return failed(task, "trouble", "B07", str(_about(trouble, part, name)))
        return outcome


def _examined(data: bytes, file: str, home: Path, rules: ProfileNamed) -> Examination:
    """Return what came of a workbook, or of a Word document, which is marked as such."""
    if not is_word(file):
        return examine(data, file, home, rules)
    from perfxl.pipeline.document_intake import examine_document, summary_of  # most batches have no such documents

    examination, intake = examine_document(data, file, home, rules)
    if intake.reading is None:
        return examination
    figure = summary_of(intake.reading.account, intake.reading.left)
    mark = spoken(Remark("W11", words={"figure": figure.rstrip("。")}), file, None)
    return examination._replace(findings=(mark, *examination.findings))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let nobody look for garbage among thousands of cells again and again, a twentieth of a workbook's time.

    Of ours nothing refers to itself. What openpyxl or a fault leaves behind is found as soon as the workbook is done.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _about(trouble: Surroundings, part: str, name: str) -> Surroundings:
    """Return what was in the way of a part, said of the document that it will be."""
    return Surroundings(str(trouble).replace(part, shown(name.rpartition("/")[2])))


def failed(task: Task, state: State, code: str, problem: str) -> Outcome:
    """Return what is said of a workbook of which nothing came."""
    finding = spoken(Remark(code, words={"problem": problem}), shown(task.path), None)
    return _said(Outcome(task.path, state, task.document), [finding])


def _said(
    outcome: Outcome,
    findings: Sequence[Finding],
    report_type: ReportType | None = None,
    values: Mapping[str, Any] | None = None,
) -> Outcome:
    """Return an outcome with what is said of the workbook, and with what it holds."""
    held = [finding._asdict() for finding in findings]
    severities = [finding.severity for finding in findings]
    return outcome._replace(
        first=next((finding.message for finding in findings if finding.severity == "error"), ""),
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        infos=severities.count("info"),
        findings=squeezed(dumped_findings(findings)) if findings else b"",
        values=squeezed(dumped(values)) if values else b"",
        rows=squeezed(told(shown(outcome.path), held, report_type, values).packed()),
    )
