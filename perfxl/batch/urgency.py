"""In which order a batch tells of its workbooks: what needs somebody first, in the terminal as in every summary."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from perfxl.batch.ledger import Ledger

TO_DO, TO_LOOK_AT, FINE, ASIDE = range(4)
URGENCIES = {
    TO_DO: "要处理",
    TO_LOOK_AT: "有警告",
    FINE: "没有问题",
    ASIDE: "其他",
}
"""What needs somebody: errors, what cannot be read, units of which there is nothing; warnings; nothing; the rest."""

MISSING = ("X04", "X08")  # codes that say of a unit that it has not reported; each such unit has a place of its own
_MISSING = "('X04', 'X08')"

_TABLE = """
    CREATE TEMP TABLE IF NOT EXISTS ranking (
        place INTEGER PRIMARY KEY, path BLOB, state TEXT, errors INTEGER, warnings INTEGER, urgency INTEGER,
        notice INTEGER
    )"""
_FILL = f"""
    WITH said AS (
        SELECT path, sum(severity = 'error') AS errors, sum(severity = 'warning') AS warnings FROM (
            SELECT path, json_extract(finding, '$.severity') AS severity FROM notice WHERE code NOT IN {_MISSING}
        ) GROUP BY path
    ), everything AS (
        SELECT path, CASE gone WHEN 1 THEN 'gone' ELSE state END AS state, NULL AS notice,
            w.errors + coalesce(said.errors, 0) AS errors, w.warnings + coalesce(said.warnings, 0) AS warnings
        FROM workbook AS w LEFT JOIN said USING (path)
        UNION ALL SELECT path, CASE path WHEN x'' THEN 'units' ELSE '' END, NULL, errors, warnings
        FROM said WHERE path NOT IN (SELECT path FROM workbook)
        UNION ALL SELECT path, 'missing', rowid, 1, 0 FROM notice WHERE code IN {_MISSING}
    )
    INSERT INTO temp.ranking (path, state, errors, warnings, urgency, notice)
    SELECT path, state, errors, warnings, CASE
        WHEN state = 'gone' THEN {ASIDE}
        WHEN errors > 0 OR state IN ('errors', 'unread', 'trouble', 'fault') THEN {TO_DO}
        WHEN warnings > 0 OR state IN ('kept', 'stray') THEN {TO_LOOK_AT}
        WHEN state IN ('', 'units') THEN {ASIDE}
        ELSE {FINE} END AS urgency, notice
    FROM everything ORDER BY urgency, errors DESC, warnings DESC, path, notice"""
_SIZE = 50


def rank(ledger: Ledger) -> None:
    """Put the workbooks of a ledger, and what else there is to tell of, in their order."""
    ledger.execute(_TABLE)
    ledger.execute("DELETE FROM temp.ranking")
    ledger.execute(_FILL)


def counts(ledger: Ledger) -> dict[int, int]:
    """Return how many workbooks, and units without one, there are of each urgency. They have to be ranked."""
    query = "SELECT urgency, count(*) FROM temp.ranking WHERE state NOT IN ('', 'units') GROUP BY urgency"
    found = dict(tuple(row) for row in ledger.execute(query))
    return {urgency: found.get(urgency, 0) for urgency in URGENCIES}


def in_order(ledger: Ledger, columns: str, joins: str = "", *, below: int = ASIDE) -> Iterator[sqlite3.Row]:
    """Yield what is ranked up to an urgency, with `columns` of `workbook` and of what is joined to it.

    Rows have `place`, `ranked_path`, `ranked_state`, `urgency` and `notice` besides. They are fetched by portions: no
    cursor may stay open while others write.
    """
    query = f"""
        SELECT place, ranking.path AS ranked_path, ranking.state AS ranked_state, urgency, notice, {columns}
        FROM temp.ranking LEFT JOIN workbook ON workbook.path = ranking.path AND notice IS NULL {joins}
        WHERE place > ? AND urgency <= ? ORDER BY place LIMIT ?"""
    last = 0
    while rows := ledger.execute(query, (last, below, _SIZE)).fetchall():
        yield from rows
        last = rows[-1]["place"]
