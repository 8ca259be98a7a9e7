"""The ledger: what was made of which workbook, by which schema, template, profile and program.

It is an SQLite database in the output's folder, held by one run at a time: the operating system frees the lock of a
killed one. A document is announced (`intended`) before it is put in its place and acknowledged (`output`) afterwards,
so that after a kill at any instant the next run can tell our documents from those that somebody has edited.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.batch.discovery import PARTS, PRIVATE
from perfxl.batch.ledger_soundness import UNSOUND
from perfxl.batch.outcome import ItemFigures, Outcome, pdf_name
from perfxl.batch.serialization import damaged
from perfxl.storage.files import Surroundings, make_private, make_private_folder

if TYPE_CHECKING:  # a run that finds nothing to do has nothing to say
    from perfxl.model.finding import Finding

_NAME = "ledger.sqlite"
MOST = 500  # paths that are asked for at once; SQLite allows 999
_VERSION = 5
_BUSY = ("locked", "busy")
_CLOSED = ("readonly", "unable to open", "disk I/O", "authorization")

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE workbook (
    id INTEGER PRIMARY KEY, path BLOB UNIQUE NOT NULL, gone INTEGER NOT NULL DEFAULT 0,
    size INTEGER, mtime INTEGER, certain INTEGER, input BLOB,
    type TEXT, schema BLOB, template BLOB, profile_name TEXT, profile BLOB, program BLOB, options TEXT,
    state TEXT, first TEXT, errors INTEGER, warnings INTEGER, infos INTEGER,
    document BLOB, output BLOB, output_size INTEGER, output_mtime INTEGER, intended BLOB, part TEXT,
    unit_code TEXT, unit_name TEXT, year TEXT, items INTEGER, money TEXT, sheet TEXT, cell TEXT
);
CREATE TABLE content (id INTEGER PRIMARY KEY, findings BLOB, data BLOB);
CREATE TABLE item (
    workbook INTEGER, code TEXT, name TEXT, sheet TEXT, cell TEXT, lines INTEGER, likeness BLOB, lines_cell TEXT
);
CREATE INDEX item_workbook ON item (workbook);
CREATE INDEX workbook_waiting ON workbook (id) WHERE intended IS NOT NULL;
CREATE TABLE notice (source TEXT, path BLOB, code TEXT, finding TEXT);
CREATE INDEX notice_path ON notice (path);
CREATE TABLE todo (path BLOB PRIMARY KEY, document BLOB, known BLOB);
"""
# What the second version has more: where the page numbers come from, and the PDF of a workbook's document, announced
# and acknowledged like that; `printed` is the digest of the document that it shows.
_SECOND = """
ALTER TABLE workbook ADD COLUMN numbers TEXT NOT NULL DEFAULT 'estimate';
CREATE TABLE pdf (
    id INTEGER PRIMARY KEY, document BLOB, output BLOB, output_size INTEGER, output_mtime INTEGER, printed BLOB,
    intended BLOB, part TEXT
);
"""
# And the third: what 汇总 says of a workbook, ready to be put in.
_THIRD = "ALTER TABLE content ADD COLUMN rows BLOB"
# And the fourth: what the last run told of each workbook, so that the next one can say what has changed; what a unit
# had sent before it sent it again, until that is compared; what this run found changed; and our files beside documents.
_FOURTH = """
CREATE TABLE IF NOT EXISTS told (
    path BLOB PRIMARY KEY, unit TEXT, state TEXT, errors INTEGER, warnings INTEGER, input BLOB
);
CREATE TABLE IF NOT EXISTS former (path BLOB PRIMARY KEY, type TEXT, data BLOB);
CREATE TABLE IF NOT EXISTS change (place INTEGER PRIMARY KEY, kind TEXT, path BLOB, unit TEXT, said TEXT);
CREATE TABLE IF NOT EXISTS side (path BLOB PRIMARY KEY, output BLOB, made_of BLOB, owner BLOB);
"""
# And the fifth: by which rules a workbook was checked.
_FIFTH = "ALTER TABLE workbook ADD COLUMN rules TEXT NOT NULL DEFAULT ''"
_COLUMNS = (
    *("path", "size", "mtime", "certain", "input", "type", "schema", "template", "profile_name", "profile"),
    *("program", "options", "state", "first", "errors", "warnings", "infos", "document", "intended", "part"),
    *("unit_code", "unit_name", "year", "items", "money", "sheet", "cell", "numbers", "rules"),
)
_UPSERT = (
    f"INSERT INTO workbook ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    f"ON CONFLICT (path) DO UPDATE SET gone = 0, {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[1:])}"
)


class Recipe(NamedTuple):
    """What besides the workbook itself decides what comes of it; digests."""

    schema: bytes
    template: bytes
    profile: bytes
    program: bytes
    options: str


class Ledger:
    """The ledger of one output folder, open for one run."""

    def __init__(self, output: Path) -> None:
        """Open the ledger and take hold of it. Raises `Surroundings` where another run has it."""
        self.folder = output / PRIVATE
        try:
            output.mkdir(parents=True, exist_ok=True)
            for folder in (self.folder, self.folder / PARTS):
                make_private_folder(folder)
            make_private(self.folder / _NAME)
            self._sql = sqlite3.connect(self.folder / _NAME, timeout=0.2, isolation_level=None)
            self._sql.row_factory = sqlite3.Row
            self._open()
        except sqlite3.DatabaseError as error:
            raise Surroundings(sentence(output, error)) from error
        except OSError as error:
            raise Surroundings(f"“{output}”不能写入，没有开始。请换一个有写入权限的文件夹。") from error

    def _open(self) -> None:
        # An exclusive lock needs no shared memory, which network drives do not have, and keeps a second run out.
        # Whoever wrote into it had no reason to leave anything there that is run.
        self._sql.execute("PRAGMA trusted_schema = OFF")
        self._sql.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._sql.execute("PRAGMA journal_mode = WAL")
        self._sql.execute("PRAGMA synchronous = NORMAL")
        self._sql.execute("BEGIN IMMEDIATE")
        version = self._sql.execute("PRAGMA user_version").fetchone()[0]
        if version < _VERSION:
            # An older ledger is carried over: it alone knows which documents are ours.
            for statement in ";".join((_TABLES, _SECOND, _THIRD, _FOURTH)[version:]).split(";"):
                self._sql.execute(statement)
            if "rules" not in [row["name"] for row in self._sql.execute("PRAGMA table_info (workbook)")]:
                self._sql.execute(_FIFTH)
            self._sql.execute(f"PRAGMA user_version = {_VERSION}")
        self._sql.execute("COMMIT")
        self._require_soundness()
        # What a run finds in the folder is of no use to the next one.
        self._sql.execute("CREATE TEMP TABLE seen (path BLOB PRIMARY KEY) WITHOUT ROWID")
        if version > _VERSION:
            raise Surroundings("这个输出文件夹是更新的程序用过的，请更新程序，或者换一个输出文件夹。")

    def _require_soundness(self) -> None:
        """Raise `sqlite3.DatabaseError` where a row is none that we write, whoever has written it.

        What a row says of paths and of what is ours is looked at where it is acted upon.
        """
        others = "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
        for what, query in (("schema", others), *UNSOUND.items()):
            try:
                found = self._sql.execute(query).fetchone()
            except sqlite3.DatabaseError as fault:
                if any(word in str(fault) for word in (*_BUSY, *_CLOSED)):
                    raise
                raise damaged(fault) from fault
            if found is not None:
                raise damaged(what)

    def close(self) -> None:
        """Let go of the ledger."""
        self._sql.close()

    def execute(self, statement: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self._sql.execute(statement, tuple(values))

    def many(self, statement: str, rows: Iterable[Iterable[Any]]) -> None:
        """Run one statement for many rows."""
        self._sql.executemany(statement, (tuple(row) for row in rows))

    def __enter__(self) -> None:
        self._sql.execute("BEGIN")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._sql.execute("ROLLBACK" if kind else "COMMIT")

    def get(self, key: str) -> str:
        """Return a word that was noted, empty where there is none."""
        found = self._sql.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def note(self, **words: str) -> None:
        """Note words for the next run."""
        self._sql.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", words.items())

    def rows(self, paths: Sequence[bytes]) -> dict[bytes, sqlite3.Row]:
        """Return what is known of some workbooks, by path; those that are new are absent. No more than `MOST` paths."""
        marks = ", ".join("?" * len(paths))
        found = self._sql.execute(f"SELECT * FROM workbook WHERE path IN ({marks})", tuple(paths))
        return {row["path"]: row for row in found}

    def row(self, path: str) -> sqlite3.Row | None:
        """Return what is known of a workbook."""
        found: sqlite3.Row | None = self._sql.execute(
            "SELECT * FROM workbook WHERE path = ?", (os.fsencode(path),)
        ).fetchone()
        return found

    def record(self, outcome: Outcome, recipe: Recipe, certain: bool) -> None:
        """Enter what came of a workbook; its document is announced, not yet in place."""
        facts: Mapping[str, Any] = outcome.facts or {}
        money = facts.get("money")
        values = (
            *(os.fsencode(outcome.path), outcome.size, outcome.mtime, certain, outcome.digest, outcome.type_id),
            *(recipe.schema, recipe.template, outcome.profile_name, recipe.profile, recipe.program, recipe.options),
            *(
                outcome.state,
                _text(outcome.first),
                outcome.errors,
                outcome.warnings,
                outcome.infos,
                os.fsencode(outcome.document),
            ),
            *(outcome.output or None, outcome.part or None),
            *(_text(facts.get(name, "")) for name in ("unit_code", "unit_name", "year")),
            *(facts.get("items", 0), f"{money:f}" if isinstance(money, Decimal) else None),
            *(_text(facts.get("sheet", "")), facts.get("cell", ""), outcome.numbers, _text(outcome.rules)),
        )
        self._keep_former(outcome)
        self._sql.execute(_UPSERT, values)
        (number,) = self._sql.execute("SELECT id FROM workbook WHERE path = ?", (os.fsencode(outcome.path),)).fetchone()
        content = (number, outcome.findings, outcome.values, outcome.rows)
        self._sql.execute("INSERT OR REPLACE INTO content (id, findings, data, rows) VALUES (?, ?, ?, ?)", content)
        if outcome.pdf:
            self._sql.execute(
                "INSERT INTO pdf (id, document, intended, part) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET document = excluded.document, intended = excluded.intended, part = excluded.part",
                (number, os.fsencode(pdf_name(outcome.document)), outcome.pdf, outcome.pdf_part),
            )
        self._sql.execute("DELETE FROM item WHERE workbook = ?", (number,))
        self.many(
            "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (_item_row(number, item) for item in outcome.items)
        )

    def _keep_former(self, outcome: Outcome) -> None:
        """Keep what a workbook held before it was sent again; of several times before anybody looked, the first."""
        self._sql.execute(
            "INSERT OR IGNORE INTO former SELECT path, type, data FROM workbook JOIN content USING (id)"
            " WHERE path = ? AND input != ? AND input != x'' AND length(data) > 0",
            (os.fsencode(outcome.path), outcome.digest),
        )

    def keep_gone(self, path: bytes) -> None:
        """Keep what a workbook held that has just gone: it may come again under another name."""
        self._sql.execute(
            "INSERT OR IGNORE INTO former SELECT path, type, data FROM workbook JOIN content USING (id)"
            " WHERE path = ? AND gone = 0 AND length(data) > 0",
            (path,),
        )

    def waiting(self) -> Iterator[sqlite3.Row]:
        """Return the workbooks whose documents are announced and not acknowledged."""
        yield from self._sql.execute("SELECT * FROM workbook WHERE intended IS NOT NULL ORDER BY id").fetchall()

    def placed(self, number: int, known: os.stat_result) -> None:
        """Acknowledge that the announced document is in its place."""
        self._sql.execute(
            "UPDATE workbook SET output = intended, intended = NULL, part = NULL, output_size = ?, output_mtime = ?"
            " WHERE id = ?",
            (known.st_size, known.st_mtime_ns, number),
        )

    def withdrawn(self, number: int) -> None:
        """Take back the announcement of a document that was not put in its place; it is to be made again."""
        self._sql.execute(
            "UPDATE workbook SET intended = NULL, part = NULL, input = x'', state = 'kept' WHERE id = ?", (number,)
        )
        self.pdf_withdrawn(number)

    def pdf(self, number: int) -> sqlite3.Row | None:
        """Return what is known of the PDF of a workbook's document."""
        found: sqlite3.Row | None = self._sql.execute("SELECT * FROM pdf WHERE id = ?", (number,)).fetchone()
        return found

    def pdf_placed(self, number: int, known: os.stat_result) -> None:
        """Acknowledge that the announced PDF is in its place, as the document it shows already is."""
        self._sql.execute(
            "UPDATE pdf SET output = intended, intended = NULL, part = NULL, output_size = ?, output_mtime = ?,"
            " printed = (SELECT output FROM workbook WHERE workbook.id = pdf.id) WHERE id = ?",
            (known.st_size, known.st_mtime_ns, number),
        )

    def pdf_withdrawn(self, number: int) -> None:
        """Take back the announcement of a PDF that was not put in its place."""
        self._sql.execute("UPDATE pdf SET intended = NULL, part = NULL WHERE id = ?", (number,))

    def same(self, outcome: Outcome, certain: bool) -> None:
        """Enter that a workbook is what it was, whatever its date."""
        self._sql.execute(
            "UPDATE workbook SET gone = 0, size = ?, mtime = ?, certain = ? WHERE path = ?",
            (outcome.size, outcome.mtime, certain, os.fsencode(outcome.path)),
        )

    def forget(self, number: int) -> None:
        """Remove a workbook of which nothing is left."""
        for statement in (
            "workbook WHERE id = ?",
            "content WHERE id = ?",
            "item WHERE workbook = ?",
            "pdf WHERE id = ?",
        ):
            self._sql.execute(f"DELETE FROM {statement}", (number,))

    def notice(self, source: str, path: str, finding: Finding, **words: str) -> None:
        """Enter a finding on a workbook that is not in it: of the folder, of its document, or of units side by side.

        `words` are kept beside it, for whoever tells of what has no workbook.
        """
        text = json.dumps({**finding.as_json(), **words}, ensure_ascii=False)
        self._sql.execute(
            "INSERT INTO notice VALUES (?, ?, ?, ?)", (source, os.fsencode(path), finding.code, _text(text))
        )

    def has_notices(self) -> bool:
        """Return whether there are findings on any workbook that are not in it."""
        return self._sql.execute("SELECT 1 FROM notice LIMIT 1").fetchone() is not None

    def notices(self, path: bytes, *, number: int | None = None, without: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return the findings on a workbook that are not in it; those of the codes `without` are left out.

        With `number` it is the one notice of that number.
        """
        if number is not None:
            found = self._sql.execute("SELECT finding FROM notice WHERE rowid = ?", (number,))
        else:
            marks = ", ".join("?" * len(without))
            query = f"SELECT finding FROM notice WHERE path = ? AND code NOT IN ({marks}) ORDER BY rowid"
            found = self._sql.execute(query, (path, *without))
        return [json.loads(row[0]) for row in found]

    def portions(self, query: str, key: str = "path", size: int = 100) -> Iterator[sqlite3.Row]:
        """Return the rows of `query`, fetched by portions: no cursor may stay open while others write.

        The query has a place for the last key and one for the size of a portion.
        """
        last: Any = b""
        while rows := self._sql.execute(query, (last, size)).fetchall():
            yield from rows
            last = rows[-1][key]

    def tasks(self) -> Iterator[tuple[str, str, bytes]]:
        """Return what is to be done: path, document and known digest of each workbook, in the order of the paths."""
        for row in self.portions("SELECT * FROM todo WHERE path > ? ORDER BY path LIMIT ?"):
            yield os.fsdecode(row["path"]), os.fsdecode(row["document"]), row["known"]


def _item_row(number: int, item: ItemFigures) -> tuple[Any, ...]:
    texts = (_text(item.code), _text(item.name), _text(item.sheet), item.cell)
    return (number, *texts, item.lines, item.likeness, item.lines_cell)


def _text(value: object) -> str:
    # SQLite stores UTF-8, which has no half characters.
    return str(value).encode("utf-8", "replace").decode("utf-8")


def sentence(output: Path, error: sqlite3.DatabaseError) -> str:
    """Return what keeps a ledger from being used, and what to do about it."""
    words = str(error)
    if any(word in words for word in _BUSY):
        return f"另一个批量生成正在使用“{output}”，请等它结束，或者换一个输出文件夹。"
    if "full" in words:
        return "磁盘空间不足，没有完成。请清理磁盘后再试，已经做好的不用重做。"
    if any(word in words for word in _CLOSED):
        return f"“{output}”不能写入（{words}）。请换一个有写入权限的文件夹。"
    # Whatever else SQLite says (no such table, a constraint) is said of a file that is not as we left it.
    return f"“{output / PRIVATE / _NAME}”损坏了。请删除它再试：所有文档会重新核对一遍，内容相同的不动。"
