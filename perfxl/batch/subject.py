"""What a batch is about: the folder, the year, the rules, and the day up to which it counts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from perfxl.batch.ledger import Ledger
from perfxl.batch.serialization import shown
from perfxl.report_type.profile import DEFAULT

_SECOND = 10**9


def subject(ledger: Ledger, folder: Path, profile: str) -> str:
    """Return in one line what is summed up; `profile` are the rules that were asked for, if any.

    The day is that of the newest workbook, not today, so that the same workbooks give the same summary.
    """
    years = [row[0] for row in ledger.execute("SELECT DISTINCT year FROM workbook WHERE gone = 0 AND year != ''")]
    used = ledger.execute("SELECT DISTINCT rules FROM workbook WHERE gone = 0 AND type != ''").fetchall()
    rules = [profile] if profile else sorted({row[0] or DEFAULT for row in used})
    newest = ledger.execute("SELECT max(mtime) FROM workbook WHERE gone = 0").fetchone()[0]
    said = [f"文件夹：{shown(str(folder.resolve()))}"]
    if years:
        said.append(f"年度：{'、'.join(sorted(years))}")
    if rules:
        said.append(f"规则：{'、'.join(rules)}")
    if newest:
        said.append(f"最后一份填报表存于 {datetime.fromtimestamp(newest / _SECOND):%Y-%m-%d}")
    return "；".join(said)
