"""Units side by side: what no single plan shows. Codes X of the catalogue."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from perfxl.batch.control_totals import Control
from perfxl.batch.ledger import Ledger
from perfxl.batch.serialization import shown
from perfxl.model.finding import Finding, spoken
from perfxl.model.record import Place
from perfxl.model.remark import Remark

_FEW = 5  # alike lines: fewer may well be the same by chance
_CENT = Decimal("0.005")

Said = Iterator[tuple[str, Finding]]

_UNIT = "coalesce(nullif(w.unit_code, ''), w.unit_name)"


def compare(ledger: Ledger, control: Control | None, units: Sequence[Sequence[str]] = ()) -> None:
    """Enter what the workbooks of a ledger show side by side, instead of what was entered before.

    `units` says of each unit that has to report its code, its name or both.
    """
    with ledger:
        ledger.execute("DELETE FROM notice WHERE source = 'across'")
        rules = [_reported_twice(ledger), _same_code(ledger), _same_lines(ledger)]
        if control is not None:
            rules.append(_against_control(ledger, control))
        for rule in rules:
            for path, finding in rule:
                ledger.notice("across", path, finding)
        if control is not None:
            for code, name, finding in _missing(ledger, control):
                ledger.notice("across", "", finding, unit_code=code, unit_name=name)
        for code, name, finding in _awaited(ledger, units, control):
            ledger.notice("across", "", finding, unit_code=code, unit_name=name)


def _finding(code: str, path: str, place: Place | None, /, **words: object) -> tuple[str, Finding]:
    return path, spoken(Remark(code, words=words), shown(path), place)


def _path(row: sqlite3.Row, name: str = "path") -> str:
    return os.fsdecode(row[name])


def _reported_twice(ledger: Ledger) -> Said:
    """Yield X06 at each workbook whose unit has an earlier one for the same year and type."""
    query = f"""
        SELECT w.path, w.unit_name, w.unit_code, w.sheet, f.path AS first FROM workbook w JOIN (
            SELECT min(w.path) AS path, w.type, w.year, {_UNIT} AS unit FROM workbook w
            WHERE w.gone = 0 AND {_UNIT} != '' GROUP BY w.type, w.year, unit HAVING count(*) > 1
        ) f ON w.type = f.type AND w.year = f.year AND {_UNIT} = f.unit AND w.path != f.path
        WHERE w.gone = 0 ORDER BY w.path"""
    for row in ledger.execute(query).fetchall():
        unit = row["unit_name"] or row["unit_code"]
        yield _finding("X06", _path(row), None, unit=unit, other=shown(_path(row, "first")))


def _same_code(ledger: Ledger) -> Said:
    """Yield X01 at every item whose code another unit has as well."""
    query = f"""
        SELECT i.*, w.path, {_UNIT} AS unit, w.unit_name FROM item i JOIN workbook w ON w.id = i.workbook
        WHERE w.gone = 0 AND i.code IN (
            SELECT i.code FROM item i JOIN workbook w ON w.id = i.workbook WHERE w.gone = 0 AND i.code != ''
            GROUP BY i.code, w.type, w.year HAVING count(DISTINCT {_UNIT}) > 1
        ) ORDER BY i.code, w.path, i.rowid"""
    for code, group in groupby(ledger.execute(query), key=lambda row: row["code"]):
        rows = list(group)
        for row in rows:
            other = next((one for one in rows if one["unit"] != row["unit"]), None)
            if other is not None:
                words = {"code": code, "other": _unit(other), "project": other["name"] or other["sheet"]}
                yield _finding("X01", _path(row), Place(row["sheet"], row["cell"]), **words)


def _same_lines(ledger: Ledger) -> Said:
    """Yield X02 at every item whose lines are, word by word, those of an item of an earlier unit."""
    query = f"""
        SELECT i.*, w.path, {_UNIT} AS unit, w.unit_name FROM item i JOIN workbook w ON w.id = i.workbook
        WHERE w.gone = 0 AND i.likeness IN (
            SELECT i.likeness FROM item i JOIN workbook w ON w.id = i.workbook
            WHERE w.gone = 0 AND i.lines >= {_FEW} GROUP BY i.likeness HAVING count(DISTINCT {_UNIT}) > 1
        ) ORDER BY i.likeness, w.path, i.rowid"""
    for _, group in groupby(ledger.execute(query), key=lambda row: row["likeness"]):
        first: sqlite3.Row | None = None
        for row in group:
            first = first or row
            if row["unit"] != first["unit"]:
                words = {"project": row["name"], "n": row["lines"], "other": _unit(first), "others": first["name"]}
                yield _finding("X02", _path(row), Place(row["sheet"], row["lines_cell"]), **words)


def _unit(row: sqlite3.Row) -> str:
    return str(row["unit_name"] or row["unit"] or shown(_path(row)))


def _missing(ledger: Ledger, control: Control) -> Iterator[tuple[str, str, Finding]]:
    """Yield X04 for every unit that should have reported, with its code and name."""
    query = "SELECT DISTINCT unit_code FROM workbook WHERE gone = 0 AND type != ''"
    reported = {row["unit_code"] for row in ledger.execute(query)}
    for code, (name, expected) in sorted(control.units.items()):
        if code not in reported:
            yield code, name, _finding("X04", "", None, unit=name, control=expected)[1]


def _awaited(
    ledger: Ledger, units: Sequence[Sequence[str]], control: Control | None
) -> Iterator[tuple[str, str, Finding]]:
    """Yield X08 for every unit of a list that has not reported, unless the control totals have said so already."""
    rows = ledger.execute("SELECT path, type, unit_code, unit_name FROM workbook WHERE gone = 0").fetchall()
    known = {str(row[key] or "") for row in rows if row["type"] for key in ("unit_code", "unit_name")}
    # One that cannot be read has no unit, but perhaps a file with its name.
    files = [_path(row).rpartition("/")[2] for row in rows if not row["type"]]
    said = {one for code, (name, _) in (control.units if control else {}).items() for one in (code, name)}
    for cells in units:
        name = next((cell for cell in cells if not cell.isdigit()), cells[-1])
        code = next((cell for cell in cells if cell.isdigit() and cell != name), "" if not name.isdigit() else name)
        if known.isdisjoint(cells) and said.isdisjoint(cells) and not any(name in file for file in files):
            yield code, name, _finding("X08", "", None, unit=name)[1]


def _against_control(ledger: Ledger, control: Control) -> Said:
    """Yield X03, X05 and X07: money of units, and of all of them, against the control totals."""
    query = """
        SELECT path, unit_code, unit_name, money, sheet, cell FROM workbook
        WHERE gone = 0 AND type != '' ORDER BY unit_code, path"""
    everything = Decimal(0)
    for code, group in groupby(ledger.execute(query), key=lambda row: row["unit_code"]):
        rows = list(group)
        # Of a unit with two workbooks each is compared by itself; X06 says that there are two.
        for row in rows:
            money = Decimal(row["money"] or 0)
            everything += money
            name, expected = control.units.get(code, ("", None))
            if expected is None:
                words = {"unit": row["unit_name"] or shown(_path(row)), "code": code}
                yield _finding("X05", _path(row), None, **words)
            elif abs(money - expected) >= _CENT:
                words = {"unit": row["unit_name"] or name, **_amounts(money, expected)}
                yield _finding("X03", _path(row), Place(row["sheet"], row["cell"]), **words)
    total = control.total if control.total is not None else sum((one for _, one in control.units.values()), Decimal(0))
    if abs(everything - total) >= _CENT:
        yield _finding("X07", "", None, **_amounts(everything, total))


def _amounts(money: Decimal, expected: Decimal) -> dict[str, str]:
    return {"sum": f"{money:.2f}", "control": f"{expected:.2f}", "difference": f"{money - expected:+.2f}"}
