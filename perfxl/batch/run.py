"""One run over a folder: what is there, what is to be done, doing it, and saying it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.batch.ledger import Ledger, Recipe
from perfxl.batch.outcome import WRITTEN, Outcome, Settings, Task, pdf_name
from perfxl.batch.paper import Paper
from perfxl.batch.plan import Found, Notice, workbooks
from perfxl.batch.pool import Alone, Pool
from perfxl.batch.recipes import Recipes
from perfxl.batch.shelf import Shelf
from perfxl.batch.work import digest, pack, shown
from perfxl.checks.finding import spoken
from perfxl.files import Surroundings
from perfxl.remark import Remark

# A file may change again within the tick of the disk's clock (2 s on FAT) and keep size and time.
_TICK = 2 * 10**9
_FEW = 2  # so few are done sooner than a worker starts

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """What is asked of a run. `profile` and `control` are empty where none is given.

    `contents` is how 目录 gets its numbers, one of `perfxl.press.MODES`; better ones that are there stay.
    """

    home: Path
    profile: str = ""
    draft: bool = False
    jobs: int = 1
    force: bool = False
    control: Path | None = None
    contents: str = "estimate"
    pdf: bool = False


@dataclass
class Result:
    """What a run did: how many workbooks there are, how many were done anew, and whether it was stopped.

    `notes` are sentences on page numbers and PDFs, and `troubles` say why there is not every PDF that was asked for.
    """

    total: int = 0
    done: int = 0
    removed: int = 0
    interrupted: bool = False
    changed: bool = False
    notes: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@dataclass
class Run:
    """A run in progress. The caller owns the ledger and closes it."""

    folder: Path
    output: Path
    options: Options
    ledger: Ledger
    progress: Progress
    result: Result = field(default_factory=Result)

    def __post_init__(self) -> None:
        home, asked = self.options.home, self.options.profile
        self._recipes = Recipes(self.folder, home, asked, self.options.draft, self.options.contents != "off")
        self._shelf = Shelf(self.output, self.ledger.folder, self.options.force)
        self._paper = Paper(self.options.contents, self.options.pdf, self.ledger, self._shelf)

    def go(self) -> Result:
        """Bring every document up to date. Ctrl-C ends it with everything done so far entered."""
        self._place()
        self._shelf.clear_parts()
        noticed = self._noticed()
        self._plan()
        (count,) = self.ledger.execute("SELECT count(*) FROM todo").fetchone()
        try:
            if count:
                self._work(count)
        except KeyboardInterrupt:
            self.result.interrupted = True
            self._place()
        self._remember_old_documents()
        self._paper.conclude()
        self.result.notes, self.result.troubles = self._paper.notes, self._paper.troubles
        self._shelf.clear_parts()
        if self._noticed() != noticed:
            self.ledger.note(dirty="1")
        self.result.changed = self.ledger.get("dirty") != ""
        return self.result

    def clear_parts(self) -> None:
        """Remove what was made on the way."""
        self._shelf.clear_parts()

    def _noticed(self) -> bytes:
        rows = self.ledger.execute("SELECT path, finding FROM notice WHERE source != 'across' ORDER BY path, finding")
        return digest(b"".join(row[0] + row[1].encode() for row in rows))

    def _say(self, source: str, path: str, code: str, /, **words: object) -> None:
        self.ledger.notice(source, path, spoken(Remark(code, words=words), shown(path), None))

    def _plan(self) -> None:
        """Enter what is to be done, and say what the folder itself gives reason to say."""
        unreadable: list[str] = []
        with self.ledger:
            for table in ("todo", "seen", "notice WHERE source != 'across'"):
                self.ledger.execute(f"DELETE FROM {table}")
            for found in workbooks(self.folder, self.output):
                if isinstance(found, Notice):
                    words = {key: shown(word) for key, word in found.words.items()}
                    self._say("plan", found.path, found.code, **words)
                    if found.code == "B02":
                        unreadable.append(found.path)
                    continue
                self.result.total += 1
                path = os.fsencode(found.path)
                self.ledger.execute("INSERT OR IGNORE INTO seen VALUES (?)", (path,))
                known = self._known(found, self.ledger.row(found.path))
                if known is not None:
                    todo = (path, os.fsencode(found.document), known)
                    self.ledger.execute("INSERT OR REPLACE INTO todo VALUES (?, ?, ?)", todo)
            self._remember_removed(unreadable)

    def _known(self, found: Found, row: sqlite3.Row | None) -> bytes | None:
        """Return None where nothing is to be done, or the digest of the content for which that would be so."""
        if row is None or self.options.force or row["state"] in ("trouble", "fault", "kept"):
            return b""
        recipe = self._recipes.of(row["type"], found.path, row["profile_name"])
        if not _follows(row, recipe) or os.fsdecode(row["document"]) != found.document:
            return b""
        if row["state"] in WRITTEN:
            document = self._shelf.state(row)
            if document == "deleted":
                self._say("plan", found.path, "B10", document=shown(found.document))
                return b""
            if document == "edited":
                self._say("plan", found.path, "B05", document=shown(found.document))
            elif not self._is_printed(found, row):
                return b""
        unchanged = (found.size, found.mtime) == (row["size"], row["mtime"])
        return None if unchanged and row["certain"] and not row["gone"] else bytes(row["input"])

    def _is_printed(self, found: Found, row: sqlite3.Row) -> bool:
        """Whether page numbers and PDF are as asked for, or somebody else's, which is said."""
        state = self._paper.state(row)
        if state in ("edited", "outdated"):
            code = "B05" if state == "edited" else "B04"
            self._say("plan", found.path, code, document=shown(pdf_name(found.document)))
        return state != "wanting"

    def _remember_removed(self, unreadable: list[str]) -> None:
        """Say which workbooks are there no more. Their documents stay; a folder that cannot be read proves nothing."""
        missing = self.ledger.execute(
            "SELECT id, path, document, output FROM workbook WHERE path NOT IN (SELECT path FROM seen) ORDER BY path"
        ).fetchall()
        for row in missing:
            path = os.fsdecode(row["path"])
            if any(folder == "." or path.startswith(folder) for folder in unreadable):
                continue
            self.result.removed += 1
            if row["output"] is None:
                self.ledger.forget(row["id"])
                self.ledger.note(dirty="1")
                continue
            self.ledger.execute("UPDATE workbook SET gone = 1 WHERE id = ?", (row["id"],))
            self._say("plan", path, "B08", name=shown(path), document=shown(os.fsdecode(row["document"])))

    def _remember_old_documents(self) -> None:
        with self.ledger:
            query = (
                "SELECT * FROM workbook WHERE output IS NOT NULL AND gone = 0"
                " AND state NOT IN ('made', 'draft', 'kept') ORDER BY path"
            )
            for row in self.ledger.execute(query).fetchall():
                if self._shelf.state(row) != "deleted":
                    document = shown(os.fsdecode(row["document"]))
                    self._say("place", os.fsdecode(row["path"]), "B06", document=document)

    def _work(self, count: int) -> None:
        asked, paper = self.options, self._paper
        settings = Settings(
            self.folder, self._shelf.parts, asked.home, asked.profile, asked.draft, paper.contents, paper.pdf
        )
        jobs = min(self.options.jobs, count)
        alone = (jobs == 1 or count <= _FEW) and not self._is_risky()
        pool = Alone(settings) if alone else Pool(jobs, settings, _failed)
        done = 0
        self.ledger.note(alone="1" if alone else "")
        try:
            self.progress(0, count)
            for outcomes in pool.outcomes(self._tasks()):
                self._enter(outcomes)
                done += len(outcomes)
                self.progress(done, count)
        finally:
            pool.close()
            self.ledger.note(alone="")

    def _is_risky(self) -> bool:
        """Whether a workbook may take this process down: one has failed before, or the last run never ended."""
        query = "SELECT count(*) FROM todo JOIN workbook USING (path) WHERE state = 'fault'"
        (failed,) = self.ledger.execute(query).fetchone()
        return bool(failed or self.ledger.get("alone"))

    def _tasks(self) -> Iterator[Task]:
        for path, document, known in self.ledger.tasks():
            yield Task(path, document, known)

    def _enter(self, outcomes: list[Outcome]) -> None:
        with self.ledger:
            for outcome in outcomes:
                certain = outcome.mtime < outcome.read_at - _TICK
                if outcome.state == "same":
                    self.ledger.same(outcome, certain)
                    continue
                self._paper.note(outcome)
                recipe = self._recipes.of(outcome.type_id, outcome.path, outcome.profile_name)
                if self._has_better(outcome, recipe):
                    self.ledger.same(outcome, certain)
                    continue
                self.result.done += 1
                self.ledger.record(outcome, recipe, certain)
                self.ledger.note(dirty="1")
        self._place()

    def _has_better(self, outcome: Outcome, recipe: Recipe) -> bool:
        """Whether the office program failed on a document that stands there with numbers it gave earlier."""
        if outcome.numbers != "estimate" or not (self._paper.pdf or self._paper.contents == "auto"):
            return False
        row = self.ledger.row(outcome.path)
        if row is None or row["state"] != outcome.state or row["input"] != outcome.digest:
            return False
        better = _follows(row, recipe) and row["numbers"] not in ("", "estimate")
        return better and self._shelf.state(row) != "deleted"

    def _place(self) -> None:
        """Put the announced documents into their places, and acknowledge it."""
        waiting = list(self.ledger.waiting())
        if not waiting:
            return
        with self.ledger:
            for row in waiting:
                self._place_one(row)

    def _place_one(self, row: sqlite3.Row) -> None:
        path, document = os.fsdecode(row["path"]), shown(os.fsdecode(row["document"]))
        try:
            known = self._shelf.place(row)
        except Surroundings as trouble:
            self._say("place", path, "B07", problem=str(trouble))
            self.ledger.withdrawn(row["id"])
            return
        if known is None:
            self.ledger.withdrawn(row["id"])
            self._say("place", path, "B04", document=document)
            return
        self.ledger.placed(row["id"], known)
        try:
            foreign = self._paper.place(row["id"])
        except Surroundings as trouble:
            self._say("place", path, "B07", problem=str(trouble))
            return
        if foreign:
            self._say("place", path, "B04", document=shown(foreign))


def _follows(row: sqlite3.Row, recipe: Recipe) -> bool:
    """Whether what came of a workbook was made by this very recipe."""
    then = (row["schema"], row["template"], row["profile"], row["program"], row["options"])
    return then == (recipe.schema, recipe.template, recipe.profile, recipe.program, recipe.options)


def _failed(task: Task, why: str) -> Outcome:
    """Return what is said of a workbook that took its worker down."""
    finding = spoken(Remark("B09", words={"problem": why}), shown(task.path), None)
    said = finding.message
    return Outcome(task.path, "fault", task.document, first=said, errors=1, findings=pack([finding.as_json()]))
