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
from typing import Any

from perfxl.batch.facts import facts, items
from perfxl.batch.outcome import Outcome, Settings, State, Task
from perfxl.checks.finding import Finding, spoken
from perfxl.desk import profile_for
from perfxl.files import Surroundings, write
from perfxl.pipeline import Examination, document, examine
from perfxl.profile import Profile
from perfxl.remark import Remark

MAX_FILE = 128 * 2**20  # a form of 60 projects has 500 kB; reading more would only fill the memory
_UNREADABLE = ("F01", "F06")


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
        result, lost = document(record, report_type, draft=self._settings.draft, layout=look)
        if lost:
            named = [replace(finding, file=shown(task.path)) for finding in lost]
            return _told(replace(outcome, state="fault"), [*examination.findings, *named])
        part = self._staged(task, result)
        outcome = replace(outcome, state="draft" if examination.errors else "made", part=part, output=digest(result))
        return _told(outcome, examination.findings)

    def _staged(self, task: Task, result: bytes) -> str:
        self._count += 1
        part = self._settings.parts / f"{os.getpid()}-{self._count}.docx"
        try:
            write(part, result)
        except Surroundings as trouble:
            name = shown(task.document.rpartition("/")[2])
            raise Surroundings(str(trouble).replace(part.name, name)) from trouble
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
