"""The ledger's workbooks one after another, as the summaries tell of them."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.batch.changes_between_runs import RunChange
from perfxl.batch.ledger import Ledger
from perfxl.batch.serialization import damaged, loaded, plain_way, shown, unsqueezed
from perfxl.batch.states import ALL_UNITS, NO_WORKBOOK
from perfxl.batch.summary.workbook_rows import NOTHING, SummaryRecord, name_of, told
from perfxl.batch.urgency import MISSING, TO_DO, in_order
from perfxl.model.finding import SEVERITIES, catalogue

_SEVERITIES = tuple(SEVERITIES)


SOURCES = {"estimate": "估算", "libreoffice": "LibreOffice", "word": "Word"}
"""Where the page numbers of a document come from."""


@dataclass(slots=True)
class SummaryEntry:
    """A workbook, or a path on which the folder has something to say; `document` is empty where there is none.

    `rules` are those by which it was checked.
    `numbers` says where the page numbers of the document come from, `pdf` is its PDF. `counts` are of its own findings,
    by severity, which are there as JSON, as its values are; `notices` are what else there is to say of it.
    """

    path: str
    state: str
    document: str = ""
    type_id: str = ""
    unit_code: str = ""
    unit_name: str = ""
    year: str = ""
    rules: str = ""
    items: int = 0
    money: Decimal | None = None
    numbers: str = ""
    pdf: str = ""
    counts: tuple[int, int, int] = (0, 0, 0)
    notices: tuple[Mapping[str, Any], ...] = ()
    findings: bytes = b"[]"
    values: bytes = b"{}"
    told: SummaryRecord = NOTHING
    first: str = ""
    urgency: int = TO_DO

    @property
    def problem(self) -> str:
        """What the first error says, or what is said from outside."""
        return self.first or next((str(notice["message"]) for notice in self.notices), "")

    def count(self, severity: str) -> int:
        """Return how many findings of a severity there are, notices among them."""
        own: int = self.counts[_SEVERITIES.index(severity)]
        return own + [finding["severity"] for finding in self.notices].count(severity)

    @property
    def name(self) -> str:
        """What to call it: the unit's name, or else the file's."""
        return name_of(self.path, self.unit_name) or ALL_UNITS


_COLUMNS = "workbook.*, content.*, pdf.document AS pdf"
_JOINS = """
    LEFT JOIN content ON content.id = workbook.id
    LEFT JOIN pdf ON pdf.id = workbook.id AND pdf.output IS NOT NULL AND pdf.printed IS workbook.output"""


def entries(ledger: Ledger) -> Iterator[SummaryEntry]:
    """Yield every workbook of a ledger, and what else there is to tell, the most urgent first. All are ranked."""
    for row in in_order(ledger, _COLUMNS, _JOINS):
        notices = tuple(ledger.notices(row["ranked_path"], number=row["notice"], without=MISSING))
        if row["id"] is not None:
            try:
                entry = _entry(row, notices)
            except (ValueError, TypeError, LookupError) as fault:
                raise damaged(fault) from fault
            yield entry
            continue
        unit = next((one for one in notices if "unit_name" in one), {})
        yield SummaryEntry(
            shown(os.fsdecode(row["ranked_path"])),
            row["ranked_state"],
            unit_code=unit.get("unit_code", ""),
            unit_name=unit.get("unit_name", ""),
            notices=notices,
            urgency=row["urgency"],
        )


def _entry(row: sqlite3.Row, notices: tuple[Mapping[str, Any], ...]) -> SummaryEntry:
    path, gone = shown(os.fsdecode(row["path"])), bool(row["gone"])
    findings = unsqueezed(row["findings"]) if row["findings"] else b"[]"
    # A workbook that has gone was perhaps entered by a program that did not keep its rows.
    said = SummaryRecord.of(unsqueezed(row["rows"])) if row["rows"] else told(path, loaded(findings))
    written = row["output"] is not None
    return SummaryEntry(
        path=path,
        state="gone" if gone else row["state"],
        document=shown(os.fsdecode(row["document"])) if written or row["state"] == "kept" else "",
        type_id=row["type"],
        unit_code=row["unit_code"],
        unit_name=row["unit_name"],
        year=row["year"],
        rules=row["rules"],
        items=row["items"],
        money=Decimal(row["money"]) if row["money"] is not None and not gone else None,
        numbers=row["numbers"] if written else "",
        pdf=shown(os.fsdecode(row["pdf"])) if row["pdf"] else "",
        counts=(row["errors"], row["warnings"], row["infos"]),
        notices=notices,
        findings=findings,
        values=unsqueezed(row["data"]) if row["data"] and not gone else b"{}",
        told=said._replace(groups={}, tables={}) if gone else said,
        first=row["first"],
        urgency=row["urgency"],
    )


class SummaryHeading(NamedTuple):
    """What stands at the head of a summary: what it is about, and what has changed since the run before."""

    about: str
    changes: Sequence[RunChange]


@dataclass
class Totals:
    """What is counted over all entries."""

    states: Counter[str] = field(default_factory=Counter)
    urgencies: Counter[int] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    money: Decimal = Decimal(0)
    items: int = 0

    @property
    def workbooks(self) -> int:
        """How many workbooks there are."""
        return sum(count for state, count in self.states.items() if state not in NO_WORKBOOK)

    def add(self, entry: SummaryEntry, group: str) -> None:
        """Count an entry; `group` is the field that groups lines."""
        self.states[entry.state] += 1
        if entry.state not in ("", "units"):
            self.urgencies[entry.urgency] += 1
        self.items += entry.items if entry.state != "gone" else 0
        self.money += entry.money or 0
        for severity, count in zip(_SEVERITIES, entry.counts, strict=True):
            self.severities[severity] += count
        self.codes.update(entry.told.codes)
        self.groups.update(entry.told.groups.get(group, {}))
        for finding in entry.notices:
            self.severities[finding["severity"]] += 1
            self.codes[finding["code"]] += 1


def richest(ledger: Ledger, count: int) -> list[tuple[str, Decimal]]:
    """Return the units that ask for most, by name, and what the others ask for together."""
    query = """
        SELECT coalesce(nullif(unit_name, ''), unit_code) AS unit, sum(CAST(money AS REAL)) AS money FROM workbook
        WHERE gone = 0 AND money IS NOT NULL GROUP BY unit ORDER BY money DESC, unit LIMIT ? OFFSET ?"""
    found = [(row["unit"] or "（无名称）", _cents(row["money"])) for row in ledger.execute(query, (count, 0))]
    (rest,) = ledger.execute(f"SELECT sum(money) FROM ({query})", (-1, count)).fetchone()
    return [*found, *([("其他单位", _cents(rest))] if rest else [])]


def _cents(money: float) -> Decimal:
    return Decimal(repr(round(money, 2)))


def rule(code: str) -> str:
    """Return a code with its title, which those of older programs may not have."""
    entry = catalogue().get(code)
    return f"{code} {entry.title}" if entry else code


def link(path: str, folder: Path, output: Path) -> str:
    """Return how a file of `folder` is reached from a file in `output`."""
    way = f"{_way(folder, output)}{plain_way(path)}"
    # What stands before a colon would be taken for another way than that of files.
    return f"./{way}" if ":" in way.partition("/")[0] or way.startswith("%5C") else way


@lru_cache(maxsize=8)
def _way(folder: Path, output: Path) -> str:
    try:
        way = Path(os.path.relpath(folder, output)).as_posix()
    except ValueError:  # another drive
        way = folder.as_posix()
    return "" if way == "." else f"{plain_way(way)}/"
