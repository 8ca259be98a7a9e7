"""Units side by side, and against the totals that they were given."""

import openpyxl
import pytest

from perfxl.batch.control_totals import Control, ControlFault, load
from perfxl.storage.files import Surroundings


@pytest.fixture
def found(output):
    """Codes, paths and cells of the findings across units."""
    from perfxl.batch.ledger import Ledger

    def told():
        ledger = Ledger(output)
        query = """SELECT code, path, json_extract(finding, '$.sheet') || '!' || json_extract(finding, '$.cell')
            FROM notice WHERE source = 'across' ORDER BY code, path"""
        rows = [(code, path.decode(), place.strip("!")) for code, path, place in ledger.execute(query)]
        ledger.close()
        return rows

    return told


@pytest.fixture
def table(tmp_path):
    """Rows → a .csv of control totals."""

    def written(*rows, encoding="utf-8", head="单位编码,单位名称,控制数"):
        path = tmp_path / "控制数.csv"
        path.write_bytes("\r\n".join([head, *rows]).encode(encoding))
        return path

    return written


def test_units_that_differ_are_not_compared(county, batch, found):
    batch(county)
    assert found() == []


def test_a_code_of_two_units_is_reported_at_both(county, batch, found, unit):
    code = "13020025P00001000000X"
    for number in (1, 3):
        folder = "城区" if number < 3 else "乡镇"
        (county / folder / f"第{number}局.xlsx").write_bytes(unit(number, **{"projects[0].project_code": code}))
    batch(county)
    assert found() == [("X01", "乡镇/第3局.xlsx", "项目1!B4"), ("X01", "城区/第1局.xlsx", "项目1!B4")]


def test_copied_indicators_are_reported_at_the_copy(county, batch, found, unit):
    for number in (1, 3):
        folder = "城区" if number < 3 else "乡镇"
        same = {"projects[0].indicators[0].description": "逐字照抄的说明"}
        (county / folder / f"第{number}局.xlsx").write_bytes(unit(number, **same))
    batch(county)
    assert found() == [("X02", "城区/第1局.xlsx", "项目1!B23")] or found()[0][:2] == ("X02", "城区/第1局.xlsx")


def test_a_unit_that_reports_twice_is_counted_once_and_said(county, batch, found, unit):
    (county / "城区" / "第1局（修改）.xlsx").write_bytes(unit(1))
    batch(county)
    assert [one[:2] for one in found()] == [("X06", "城区/第1局（修改）.xlsx")]


def test_money_is_held_against_the_totals_given(county, batch, found, table, output):
    batch(county)
    money = {row[0].value: row[8].value for row in openpyxl.load_workbook(output / "汇总.xlsx")["单位"].iter_rows(2)}
    rows = [
        f"402001,第1局,{money['402001']}",
        f"402002,第2局,{money['402002'] + 1}",
        "402003,第3局,5",
        "402099,没报的局,7",
    ]
    report = batch(county, control=table(*rows))
    assert report.status == 1
    assert [(code, path) for code, path, _ in found()] == [
        ("X03", "乡镇/第3局.xlsx"),
        ("X03", "城区/第2局.xlsx"),
        ("X04", ""),
        ("X05", "乡镇/第4局.xlsx"),
        ("X07", ""),
    ]
    book = openpyxl.load_workbook(output / "汇总.xlsx")
    # What is said of all units is about no workbook, so it is none to count.
    assert [(row[1].value, row[3].value) for row in book["单位"].iter_rows(2)] == [
        ("第3局", "已生成草稿"),
        ("第2局", "已生成草稿"),
        (None, "单位之间"),
        ("没报的局", "没有报来"),
        ("第4局", "已生成草稿"),
        ("第1局", "已生成草稿"),
    ]
    overview = [row[0].value for row in book["总览"].iter_rows(5, 9)]
    assert overview == ["要处理 3 份", "单位", "第3局", "第2局", "没报的局"]
    right = [f"{code},{code},{amount}" for code, amount in money.items()]
    batch(county, control=table(*right, f"合计,,{sum(money.values()):.2f}"))
    assert found() == []


def test_a_removed_workbook_counts_no_more(county, batch, found, unit):
    (county / "城区" / "第1局（修改）.xlsx").write_bytes(unit(1))
    batch(county)
    (county / "城区" / "第1局（修改）.xlsx").unlink()
    batch(county)
    assert found() == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_may_come_from_excel_in_any_encoding(table, encoding):
    control = load(table('402001,某局,"1,200.50"', "合计,,1200.50", encoding=encoding))
    assert control == Control({"402001": ("某局", 1200.5)}, 1200.5) or str(control.total) == "1200.50"
    assert str(control.units["402001"][1]) == "1200.50"


def test_a_table_may_be_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["2026年控制数"],
        ["单位编码", "单位名称", "控制数（万元）"],
        ["402001", "某局", 12.3],
        ["合计", None, 12.3],
    ):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    control = load(tmp_path / "x.xlsx")
    assert (str(control.units["402001"][1]), str(control.total)) == ("12.3", "12.3")


@pytest.mark.parametrize(
    ("head", "row", "words"),
    [
        ("编码,名称,数", "1,a,2", "控制数"),
        ("名称,控制数", "a,2", "单位编码"),
        ("单位编码,控制数", "1,二十", "第2行"),
        ("单位编码,控制数", "1,2\r\n1,3", "前面已经有了"),
    ],
)
def test_a_table_that_cannot_be_used_is_said_to_be_so(table, head, row, words):
    with pytest.raises(ControlFault, match=words):
        load(table(row, head=head))


def test_a_table_that_is_not_there_is_the_surroundings_fault(tmp_path):
    with pytest.raises(Surroundings, match="读不到"):
        load(tmp_path / "x.csv")
