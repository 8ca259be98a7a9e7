"""What a later run takes for changed, and what it no longer counts."""

import json
import os
import shutil

import openpyxl
import plans
import pytest

from perfxl.batch.ledger import Ledger
from perfxl.batch.outcome import Settings, Task
from perfxl.batch.worker import Worker
from perfxl.report_type import catalog

HOME = catalog.home()
SECOND = 10**9


def dated(path, seconds_ago):
    """Give a file a date so many seconds ago: long enough ago, it has settled."""
    now = path.stat()
    os.utime(path, ns=(now.st_atime_ns, now.st_mtime_ns - seconds_ago * SECOND))


def altered(path):
    """Change the date that the archive itself gives its first part: another file of the same length."""
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(data)


def summed(output, sheet):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(output / "汇总.xlsx")[sheet].iter_rows(2)]


def lines(output):
    return [json.loads(line) for line in (output / "汇总.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("seconds_ago", [10, 3600], ids=["newer", "older"])
def test_another_file_of_the_same_size_is_made_anew_whatever_its_date(county, batch, seconds_ago):
    path = county / "城区" / "第1局.xlsx"
    dated(path, 100)
    batch(county)
    size = path.stat().st_size
    altered(path)
    dated(path, seconds_ago)
    assert path.stat().st_size == size
    assert batch(county).result.done == 1


def test_another_file_of_the_same_date_is_made_anew(county, batch):
    path = county / "城区" / "第1局.xlsx"
    dated(path, 100)
    batch(county)
    date = path.stat().st_mtime_ns
    with path.open("ab") as stream:
        stream.write(b"\0")
    os.utime(path, ns=(date, date))
    assert batch(county).result.done == 1


def test_a_file_that_has_settled_is_not_even_opened(county, batch):
    path = county / "城区" / "第1局.xlsx"
    dated(path, 100)
    batch(county)
    date = path.stat().st_mtime_ns
    altered(path)
    os.utime(path, ns=(date, date))
    assert batch(county).result.done == 0


def test_a_file_that_grows_while_it_is_read_is_read_again(tmp_path, monkeypatch):
    """What is noted is the size of what was read, so that the next run sees that there is more."""
    data = plans.book({"projects[1]": None})
    path = tmp_path / "甲.xlsx"
    path.write_bytes(data)
    fstat = os.fstat

    def growing(handle):
        known = fstat(handle)
        if known.st_size == len(data):
            with path.open("ab") as stream:
                stream.write(bytes(100))
        return known

    monkeypatch.setattr(os, "fstat", growing)
    (tmp_path / "parts").mkdir()
    outcome = Worker(Settings(tmp_path, tmp_path / "parts", HOME, "", False)).make(Task("甲.xlsx", "甲.docx"))
    assert (outcome.state, outcome.size) == ("made", len(data))
    assert path.stat().st_size == len(data) + 100
    assert outcome.mtime <= path.stat().st_mtime_ns


# Workbooks that are there no more


@pytest.fixture
def twins(county, unit):
    """The county, and a copy of its first plan under another unit's name and code, which is like it in everything."""
    copied = {"unit_code": "402009", "unit_name": "第9局", "projects[0].project_code": "13020025P0000100000X"}
    path = county / "城区" / "第9局.xlsx"
    path.write_bytes(unit(1, **copied))
    shutil.copy(path, county / "城区" / "第9局（修改）.xlsx")
    return path


def across(output):
    ledger = Ledger(output)
    found = [row[0] for row in ledger.execute("SELECT code FROM notice WHERE source = 'across' ORDER BY code")]
    ledger.close()
    return found


def test_what_is_gone_is_compared_with_nobody_and_counts_no_more(twins, county, output, batch, tmp_path):
    control = tmp_path / "控制数.csv"
    money = {"402001": "60.5", "402002": "60.5", "402003": "60.5", "402004": "60.5"}
    control.write_text("单位编码,控制数\n" + "\n".join(map(",".join, money.items())), "utf-8")
    asked = {"control": control}
    batch(county, **asked)
    assert {"X02", "X05", "X06", "X07"} <= set(across(output))
    assert len(summed(output, "项目")) == 6 * 2
    for name in ("第9局.xlsx", "第9局（修改）.xlsx"):
        (county / "城区" / name).unlink()
    report = batch(county, **asked)
    assert across(output) == []
    assert len(summed(output, "项目")) == 4 * 2
    assert len(summed(output, "指标")) == 4 * 14
    gone = {line["file"]: line for line in lines(output) if line["state"] == "gone"}
    assert sorted(gone) == ["城区/第9局.xlsx", "城区/第9局（修改）.xlsx"]
    assert all(line["money"] is None for line in gone.values())
    assert report.errors == sum(line["errors"] for line in lines(output) if line["state"] != "gone")


def test_what_is_gone_is_told_of_nothing_although_others_are_alike(twins, county, output, batch):
    """Two units that are still there are alike, and so would be the one that is gone."""
    third = county / "城区" / "第1局（再改）.xlsx"
    shutil.copy(county / "城区" / "第1局.xlsx", third)
    batch(county)
    third.unlink()
    (county / "城区" / "第9局（修改）.xlsx").unlink()
    shutil.copy(county / "城区" / "第1局.xlsx", county / "城区" / "第1局（三改）.xlsx")
    batch(county)
    ledger = Ledger(output)
    rows = ledger.execute("SELECT code, path FROM notice WHERE source = 'across'").fetchall()
    told = {(row[0], row[1].decode()) for row in rows}
    ledger.close()
    again, first, ninth = "城区/第1局（三改）.xlsx", "城区/第1局.xlsx", "城区/第9局.xlsx"
    assert told == {("X01", first), ("X01", again), ("X01", ninth), ("X02", ninth), ("X06", again)}


def test_a_workbook_that_is_gone_is_no_earlier_report(county, output, batch):
    first, second = county / "城区" / "第1局.xlsx", county / "城区" / "第1局（修改）.xlsx"
    shutil.copy(first, second)
    batch(county)
    assert across(output) == ["X06"]
    first.unlink()
    batch(county)
    assert across(output) == []


# Control totals


def control(tmp_path, *rows):
    path = tmp_path / "控制数.csv"
    path.write_text("\n".join(["单位编码,控制数", *rows]), "utf-8")
    return path


def priced(amount, **changes):
    return {
        "projects[1]": None,
        "projects[0].budget_amount": amount,
        "projects[0].fiscal_funds": amount,
        **changes,
    }


@pytest.mark.parametrize(
    ("amount", "unit_of", "total", "codes"),
    [
        (0.5, "万元", "0.5", []),
        (0.5, "万元", "0.3", ["X03", "X07"]),
        (0.01, "万元", "0.02", ["X03", "X07"]),
        (0.01, "万元", "0.014", []),
        (0.01, "万元", "0.015", ["X03", "X07"]),
        (36000, "元", "3.6", []),
        (36000, "元", "36000", ["X03", "X07"]),
        (36000, "元", "3.61", ["X03", "X07"]),
        (36, "万元", "36.00", []),
    ],
)
def test_money_is_compared_to_the_cent_in_ten_thousands_whatever_the_plan_is_in(
    amount, unit_of, total, codes, tmp_path, unit, output, batch
):
    folder = tmp_path / "报送"
    folder.mkdir()
    (folder / "甲.xlsx").write_bytes(unit(1, **priced(amount, currency_unit=unit_of)))
    batch(folder, control=control(tmp_path, f"402001,{total}"))
    assert across(output) == codes
    (line,) = [line for line in lines(output) if line["file"] == "甲.xlsx"]
    assert line["money"] == (amount / 10_000 if unit_of == "元" else amount)
