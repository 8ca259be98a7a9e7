"""One workbook, from its bytes to its finished document: what a worker process does.

It writes into the folder of parts alone; putting a document into its place is for the process that keeps the ledger.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from perfxl.batch.facts import facts, items
from perfxl.batch.outcome import Outcome, Settings, State, Task, pdf_name
from perfxl.checks.finding import Finding, spoken
from perfxl.desk import profile_for
from perfxl.files import Surroundings, write
from perfxl.pipeline import Examination, document, examine
from perfxl.profile import Profile
from perfxl.remark import Remark

if TYPE_CHECKING:  # most batches need no office program
    from perfxl.press import Finished, Press

MAX_FILE = 128 * 2**20  # a form of 60 projects has 500 kB; reading more would only fill the memory
_UNREADABLE = ("F01", "F06")
_SECONDS = 45.0  # for one conversion; a plan of 60 projects takes 2
_ENOUGH = 3  # failures of the office program in a row; each may have taken minutes
_GIVEN_UP = "办公软件接连几次没有排出页面，其余的这次没有再试"


def digest(data: bytes) -> bytes:
    """Return what identifies a file's content."""
    return hashlib.sha256(data).digest()


def pack(value: Any) -> bytes:
    """Return `value` as compressed JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_number)
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpack(data: bytes) -> Any:
    """Return what was packed. Amounts are `Decimal` again."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"), parse_float=Decimal)


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else f"{value:f}"
    raise TypeError(f"{type(value).__name__} is no value of a record")


def shown(path: str) -> str:
    """Return a path as it can be printed: a name may hold bytes that are no text."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Worker:
    """Makes one workbook after another, and remembers what they share."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._count = 0
        self._profiles: dict[str, Profile] = {}
        self._press: Press | None = None
        self._failures = 0

    def close(self) -> None:
        """End the office program, if there was need for one."""
        if self._press is not None:
            self._press.close()
            self._press = None

    def make(self, task: Task) -> Outcome:
        """Return what came of a workbook. Never raises: whatever happens stays with this one."""
        try:
            return self._made(task)
        except Surroundings as trouble:
            return self._failed(task, "trouble", "B07", str(trouble))
        except Exception as fault:  # noqa: BLE001 - the last door: one workbook must not stop the others
            return self._failed(task, "fault", "B09", f"{type(fault).__name__}: {fault}".replace("\n", " "))

    def _failed(self, task: Task, state: State, code: str, problem: str) -> Outcome:
        finding = spoken(Remark(code, words={"problem": problem}), shown(task.path), None)
        return _told(Outcome(task.path, state, task.document), [finding])

    def _made(self, task: Task) -> Outcome:
        began = time.time_ns()
        data, size, mtime = self._read(task)
        if isinstance(data, Finding):
            state: State = "trouble" if data.code in _UNREADABLE else "unread"
            return _told(Outcome(task.path, state, task.document, size, mtime, began), [data])
        outcome = Outcome(task.path, "same", task.document, size, mtime, began, digest(data))
        if outcome.digest == task.known:
            return outcome
        path = self._settings.folder / task.path
        home, asked = self._settings.home, self._settings.profile
        examination = examine(data, shown(task.path), home, partial(self._profile, path, home, asked))
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
                return stream.read(MAX_FILE), known.st_size, known.st_mtime_ns
        except FileNotFoundError:
            return spoken(Remark("F01", words=words), shown(task.path), None), 0, 0
        except OSError:
            return spoken(Remark("F06", words=words), shown(task.path), None), 0, 0

    def _profile(self, path: Any, home: Any, asked: str, named: str) -> Profile:
        # A workbook that names its profile may have it beside it; all others share one.
        if named and not asked:
            return profile_for(path, home, asked, named)
        if asked not in self._profiles:
            self._profiles[asked] = profile_for(path, home, asked, named)
        return self._profiles[asked]

    def _with_document(self, task: Task, outcome: Outcome, examination: Examination) -> Outcome:
        record, report_type = examination.record, examination.report_type
        if record is None or report_type is None:
            return _told(replace(outcome, state="unread"), examination.findings)
        outcome = replace(
            outcome,
            type_id=report_type.id,
            profile_name=str(record.values.get("profile", "")).strip(),
            values=pack(record.values),
            facts=facts(record, report_type),
            items=items(record, report_type),
        )
        if examination.errors and not self._settings.draft:
            return _told(replace(outcome, state="errors"), examination.findings)
        look = examination.profile.layout if examination.profile else ""
        listed = self._settings.contents != "off"
        result, lost = document(record, report_type, draft=self._settings.draft, contents=listed, layout=look)
        if lost:
            named = [replace(finding, file=shown(task.path)) for finding in lost]
            return _told(replace(outcome, state="fault"), [*examination.findings, *named])
        # Whether the document has a 目录 at all would take a look into it; that is left to whoever prints it.
        outcome = replace(
            outcome, state="draft" if examination.errors else "made", numbers="estimate" if listed else ""
        )
        if self._settings.presses:
            finished = self._finished(result)
            result = finished.document
            outcome = replace(outcome, numbers=finished.source, notes=finished.notes, trouble=finished.trouble)
            if finished.pdf is not None:
                part = self._staged(pdf_name(task.document), finished.pdf)
                outcome = replace(outcome, pdf_part=part, pdf=digest(finished.pdf))
        outcome = replace(outcome, part=self._staged(task.document, result), output=digest(result))
        return _told(outcome, examination.findings)

    def _finished(self, result: bytes) -> Finished:
        """Return a document as the office program leaves it. One that fails again and again is asked no more."""
        from perfxl.press import ESTIMATE, Press, unpressed

        wanted = self._settings
        if self._failures >= _ENOUGH:
            return unpressed(result, _GIVEN_UP, pdf=wanted.pdf)
        if self._press is None:
            self._press = Press(warm=True, seconds=_SECONDS)
        finished = self._press.finish(result, contents=wanted.contents, pdf=wanted.pdf)
        failed = bool(finished.trouble) or finished.source == ESTIMATE
        self._failures = self._failures + 1 if failed else 0
        return finished

    def _staged(self, name: str, result: bytes) -> str:
        """Write a finished file among the parts and return its name there; `name` is what it will be called."""
        self._count += 1
        part = self._settings.parts / f"{os.getpid()}-{self._count}{name[name.rfind('.') :]}"
        try:
            write(part, result)
        except Surroundings as trouble:
            raise Surroundings(str(trouble).replace(part.name, shown(name.rpartition("/")[2]))) from trouble
        return part.name


def _told(outcome: Outcome, findings: Sequence[Finding]) -> Outcome:
    counts: Mapping[str, int] = {
        severity: sum(finding.severity == severity for finding in findings) for severity in ("error", "warning", "info")
    }
    return replace(
        outcome,
        first=next((finding.message for finding in findings if finding.severity == "error"), ""),
        errors=counts["error"],
        warnings=counts["warning"],
        infos=counts["info"],
        findings=pack([finding.as_json() for finding in findings]) if findings else b"",
    )
