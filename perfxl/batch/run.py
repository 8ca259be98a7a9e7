"""One run over a folder: what is there, what is to be done, doing it, and saying it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.batch.discovery import Found, Notice, workbooks
from perfxl.batch.fingerprints import Recipes
from perfxl.batch.ledger import MOST, Ledger, Recipe
from perfxl.batch.outcome import WRITTEN, Outcome, Settings, Task, pdf_name
from perfxl.batch.output_folder import Shelf
from perfxl.batch.pdf_and_page_numbers import Paper
from perfxl.batch.serialization import digest, shown
from perfxl.storage.files import Surroundings

if TYPE_CHECKING:  # a run that finds nothing to do needs none of them
    from perfxl.batch.dask_cluster import Cluster
    from perfxl.batch.worker_pool import Alone, Pool

# A file may change again within the tick of the disk's clock (2 s on FAT) and keep size and time.
_TICK = 2 * 10**9
_FEW = 2  # so few are done sooner than a worker starts
_TOGETHER = 16  # documents are printed in one go at most, and each worker has two goes at least

Progress = Callable[[int, int], None]


class Options(NamedTuple):
    """What is asked of a run. `profile` and `control` are empty where none is given.

    `contents` is how 目录 gets its numbers, one of `perfxl.press.MODES`; better ones that are there stay. `scheduler`
    is the address of a Dask scheduler whose workers are to do it, whatever `jobs` says; `html` asks for fragments of
    web pages; `units` is the list of those that have to report.
    """

    home: Path
    profile: str = ""
    draft: bool = False
    jobs: int = 1
    force: bool = False
    control: Path | None = None
    contents: str = "estimate"
    pdf: bool = False
    scheduler: str = ""
    html: bool = False
    units: Path | None = None


class Result:
    """What a run did: how many workbooks there are, how many were done anew, and whether it was stopped.

    `notes` are sentences on page numbers and PDFs, and `troubles` say why there is not every PDF that was asked for.
    """

    def __init__(self, total: int = 0, done: int = 0) -> None:
        self.total = total
        self.done = done
        self.removed = 0
        self.interrupted = False
        self.changed = False
        self.notes: list[str] = []
        self.troubles: list[str] = []


class Run:
    """A run in progress. The caller owns the ledger and closes it."""

    def __init__(self, folder: Path, output: Path, options: Options, ledger: Ledger, progress: Progress) -> None:
        self.folder, self.output, self.options = folder, output, options
        self.ledger, self.progress = ledger, progress
        self.result = Result()
        self._recipes = Recipes(options.home, options.profile, options.draft, options.contents != "off")
        self._shelf = Shelf(output, ledger.folder, options.force)
        self._paper = Paper(options.contents, options.pdf, ledger, self._shelf)
        self._dirty = ledger.get("dirty") != ""

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
            self._changes()
        self.result.changed = self._dirty
        return self.result

    def clear_parts(self) -> None:
        """Remove what was made on the way."""
        self._shelf.clear_parts()

    def _noticed(self) -> bytes:
        rows = self.ledger.execute("SELECT path, finding FROM notice WHERE source != 'across' ORDER BY path, finding")
        return digest(b"".join(row[0] + row[1].encode() for row in rows))

    def _say(self, source: str, path: str, code: str, /, **words: object) -> None:
        from perfxl.model.finding import spoken
        from perfxl.model.remark import Remark

        self.ledger.notice(source, path, spoken(Remark(code, words=words), shown(path), None))

    def _plan(self) -> None:
        """Enter what is to be done, and say what the folder itself gives reason to say."""
        unreadable: list[str] = []
        with self.ledger:
            for table in ("todo", "notice WHERE source != 'across'"):
                self.ledger.execute(f"DELETE FROM {table}")
            everything = workbooks(self.folder, self.output)
            while some := list(islice(everything, MOST)):
                found = [one for one in some if isinstance(one, Found)]
                paths = [os.fsencode(one.path) for one in found]
                rows = self.ledger.rows(paths)
                todo = []
                for one in some:
                    if isinstance(one, Notice):
                        words = {key: shown(word) for key, word in one.words.items()}
                        self._say("plan", one.path, one.code, **words)
                        if one.code == "B02":
                            unreadable.append(one.path)
                        continue
                    path = os.fsencode(one.path)
                    known = self._known(one, rows.get(path))
                    if known is not None:
                        todo.append((path, os.fsencode(one.document), known))
                self.result.total += len(found)
                self.ledger.many("INSERT OR IGNORE INTO seen VALUES (?)", zip(paths, strict=True))
                self.ledger.many("INSERT OR REPLACE INTO todo VALUES (?, ?, ?)", todo)
            self._remember_removed(unreadable)

    def _known(self, found: Found, row: sqlite3.Row | None) -> bytes | None:
        """Return None where nothing is to be done, or the digest of the content for which that would be so."""
        if row is None or self.options.force or row["state"] in ("trouble", "template", "fault", "kept"):
            return b""
        recipe = self._recipes.of(row["type"], row["profile_name"])
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
            self.ledger.keep_gone(row["path"])
            if row["output"] is None:
                self.ledger.forget(row["id"])
                self._changes()
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
        pool = self._pool(count)
        done = 0
        try:
            self.progress(0, count)
            for outcomes in pool.outcomes(self._tasks()):
                self._enter(outcomes)
                done += len(outcomes)
                self.progress(done, count)
        finally:
            pool.close()
            self.ledger.note(alone="")

    def _pool(self, count: int) -> Alone | Pool | Cluster:
        """Return who does `count` tasks. Raises `Surroundings` where other machines are to and cannot be reached."""
        asked, paper = self.options, self._paper
        settings = Settings(
            self.folder, self._shelf.parts, asked.home, asked.profile, asked.draft, paper.contents, paper.pdf,
            together=max(1, min(_TOGETHER, -(-count // (2 * asked.jobs)))),
        )  # fmt: skip
        if asked.scheduler:
            from perfxl.batch.dask_cluster import Cluster

            return Cluster(asked.scheduler, settings, _failed)
        from perfxl.batch.worker_pool import Alone, Pool

        jobs = min(asked.jobs, count)
        if (jobs == 1 or count <= _FEW) and not self._is_risky():
            self.ledger.note(alone="1")
            return Alone(settings)
        pool = Pool(jobs, settings, _failed)
        # While the workers load what they need, there is time to load what comes last.
        from perfxl.batch.summary import writer  # noqa: F401 - loaded here, called at the end

        return pool

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
                recipe = self._recipes.of(outcome.type_id, outcome.profile_name)
                if self._has_better(outcome, recipe):
                    self.ledger.same(outcome, certain)
                    continue
                self.result.done += 1
                self._changes()
                self.ledger.record(outcome, recipe, certain)
        self._place()

    def _changes(self) -> None:
        """Note that 汇总 has to be written again."""
        if not self._dirty:
            self._dirty = True
            self.ledger.note(dirty="1")

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
    from perfxl.batch.worker import failed

    return failed(task, "fault", "B09", why)
