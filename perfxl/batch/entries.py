"""The ledger's workbooks one after another, as the summaries tell of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.batch.ledger import Ledger
from perfxl.batch.work import shown, unpack
from perfxl.checks.finding import catalogue
from perfxl.reading import blanked

STATES = {
    "made": "已生成",
    "draft": "已生成草稿",
    "errors": "有错误，未生成",
    "unread": "读不出来",
    "kept": "保留人工修改",
    "trouble": "没有完成",
    "fault": "程序出错",
    "gone": "原表已不在",
    "": "未处理",
}
ALL_UNITS = "（全部单位）"


@dataclass(frozen=True)
class Entry:
    """A workbook, or a path on which the folder has something to say; `document` is empty where there is none."""

    path: str
    state: str
    document: str = ""
    type_id: str = ""
    unit_code: str = ""
    unit_name: str = ""
    year: str = ""
    items: int = 0
    money: Decimal | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def count(self, severity: str) -> int:
        return sum(finding["severity"] == severity for finding in self.findings)

    @property
    def name(self) -> str:
        """What to call it: the unit's name, or else the file's."""
        return self.unit_name or self.path.rpartition("/")[2] or ALL_UNITS


_QUERY = "SELECT * FROM workbook LEFT JOIN content USING (id) WHERE path > ? ORDER BY path LIMIT ?"
OTHERS = "SELECT DISTINCT path FROM notice WHERE path NOT IN (SELECT path FROM workbook) ORDER BY path"


def entries(ledger: Ledger) -> Iterator[Entry]:
    """Yield every workbook of a ledger in the order of the paths, then what else the folder gave reason to say."""
    for row in ledger.portions(_QUERY, size=50):
        findings = (*ledger.notices(row["path"]), *(unpack(row["findings"]) if row["findings"] else ()))
        yield Entry(
            path=shown(os.fsdecode(row["path"])),
            state="gone" if row["gone"] else row["state"],
            document=shown(os.fsdecode(row["document"])) if row["output"] or row["state"] == "kept" else "",
            type_id=row["type"],
            unit_code=row["unit_code"],
            unit_name=row["unit_name"],
            year=row["year"],
            items=row["items"],
            money=Decimal(row["money"]) if row["money"] is not None and not row["gone"] else None,
            findings=findings,
            values=unpack(row["data"]) if row["data"] and not row["gone"] else {},
        )
    for (path,) in ledger.execute(OTHERS).fetchall():
        yield Entry(shown(os.fsdecode(path)), "", findings=tuple(ledger.notices(path)))


@dataclass
class Totals:
    """What is counted over all entries."""

    states: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    money: Decimal = Decimal(0)
    items: int = 0

    def add(self, entry: Entry) -> None:
        """Count an entry."""
        self.states[entry.state] += 1
        self.items += entry.items if entry.state != "gone" else 0
        self.money += entry.money or 0
        for finding in entry.findings:
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
    """Return a code with what its findings say, without their data."""
    entry = catalogue().get(code)
    said = blanked(entry.message).rstrip("。") if entry else ""
    # Some messages are data altogether.
    return f"{code} {said if entry is None or said.strip('…') else entry.cause.rstrip('。')}"


def link(path: str, folder: Path, output: Path) -> str:
    """Return how a file of `folder` is reached from a file in `output`; empty where there is no way."""
    try:
        way = Path(os.path.relpath(folder / path, output)).as_posix()
    except ValueError:  # another drive
        way = (folder / path).as_posix()
    # A mark of a place in the file begins with #, and % announces an escaped character.
    return way.replace("%", "%25").replace("#", "%23")
