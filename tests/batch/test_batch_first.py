"""What needs somebody comes first, and every run says by name what has changed since the last one."""

import copy
import json
import random

import openpyxl
import pytest

from perfxl.batch import changes_between_runs as between
from perfxl.cli.main import main

ERROR = {"projects[0].fiscal_funds": 1.5}


def changed(report):
    return {(between.KINDS[change.kind], change.unit or change.path): change.said for change in report.changes}


def test_the_terminal_begins_with_what_needs_somebody(county, output, unit, capsys):
    (county / "乡镇" / "第4局.xlsx").write_bytes(unit(4, **ERROR))
    (county / "坏的.xlsx").write_bytes(b"nothing")
    main(["batch", str(county), "-o", str(output)])
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"文件夹：{county}；年度：2025；规则：hebei；最后一份填报表存于 ")
    assert said[1] == "要处理 2 份："
    assert said[2].startswith("  第4局（乡镇/第4局.xlsx）  有错误，未生成，错误 1 处：")
    assert said[3].startswith("  坏的.xlsx  读不出来，错误 1 处：")
    assert said[4] == "有警告 3 份，没有问题 0 份。"


def test_all_tell_in_the_same_order(county, output, unit, batch):
    (county / "乡镇" / "第4局.xlsx").write_bytes(unit(4, **ERROR))
    (county / "乡镇" / "坏的.xlsx").write_bytes(b"nothing")
    report = batch(county, draft=False)
    console = [line.path for line in report.lines]
    lines = [json.loads(line)["file"] for line in (output / "汇总.jsonl").read_text("utf-8").splitlines()]
    sheet = openpyxl.load_workbook(output / "汇总.xlsx")["单位"]
    assert console == lines
    assert [row[9].value.split('","')[1].removesuffix('")') for row in sheet.iter_rows(2)] == lines
    assert [path.rpartition("/")[2] for path in lines[:2]] == ["第4局.xlsx", "坏的.xlsx"]


def test_a_workbook_that_is_no_form_is_nobodys_error(county, batch, unit):
    book = openpyxl.Workbook()
    book.active["A1"] = "通讯录"
    book.save(county / "通讯录.xlsx")
    report = batch(county)
    (line,) = [line for line in report.lines if line.path == "通讯录.xlsx"]
    assert (line.state, line.errors, line.warnings) == ("stray", 0, 1)
    assert report.status == 0


def test_a_form_that_has_lost_its_mark_is_one_that_cannot_be_read(county, batch, unit):
    source = openpyxl.load_workbook(county / "城区" / "第1局.xlsx")
    copied = openpyxl.Workbook()
    for sheet in source.worksheets:
        target = copied.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and not cell.value.startswith("="):
                    target.cell(cell.row, cell.column, cell.value)
    copied.save(county / "抄的.xlsx")
    report = batch(county)
    assert [line.state for line in report.lines if line.path == "抄的.xlsx"] == ["unread"]
    assert report.status == 1


def test_a_first_run_has_nothing_to_compare_with(county, batch):
    assert batch(county).changes == []


def test_every_run_says_by_name_what_has_changed(county, batch, unit):
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1, **ERROR))
    batch(county, draft=False)
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1))
    (county / "城区" / "第2局.xlsx").write_bytes(unit(2, **ERROR))
    (county / "乡镇" / "第3局.xlsx").unlink()
    (county / "乡镇" / "第5局.xlsx").write_bytes(unit(5))
    report = batch(county, draft=False)
    assert list(changed(report)) == [("变差", "第2局"), ("新报", "第5局"), ("改好", "第1局"), ("撤下", "第3局")]
    assert changed(report)["改好", "第1局"] == "错误 1→0，已生成（改了 1 处）"
    assert changed(report)["变差", "第2局"] == "错误 0→1，警告 4→5，有错误，未生成（改了 1 处）"
    assert batch(county, draft=False).changes == []


def test_a_workbook_that_cannot_be_read_any_more_is_worse(county, batch, unit):
    batch(county)
    path = county / "城区" / "第1局.xlsx"
    path.write_bytes(b"broken")
    assert changed(batch(county)) == {("变差", "第1局"): "读不出来"}
    path.write_bytes(unit(1))
    assert [kind for kind, _ in changed(batch(county))] == ["改好"]


def test_a_missing_unit_that_reports_is_told_as_late(county, batch, unit, tmp_path):
    table = tmp_path / "控制数.csv"
    table.write_text("单位编码,单位名称,控制数\n402001,第1局,1\n402009,第9局,1\n", "utf-8")
    report = batch(county, control=table)
    assert [(line.unit, line.state) for line in report.lines if line.state == "missing"] == [("第9局", "missing")]
    (county / "第9局.xlsx").write_bytes(unit(9))
    assert changed(batch(county, control=table))["新报", "第9局"].startswith("补报，错误 ")


def test_an_office_gives_a_list_of_those_that_have_to_report(county, output, batch, unit, tmp_path):
    names = tmp_path / "名单.txt"
    names.write_text("402001\n第2局\n第9局\n坏的局\n", "utf-8")
    (county / "坏的局.xlsx").write_bytes(b"nothing")
    report = batch(county, units=names)
    missing = [line for line in report.lines if line.state == "missing"]
    assert [(line.unit, line.first) for line in missing] == [("第9局", "“第9局”应当报送，但没有它的填报表。")]
    assert report.urgencies[0] == 2
    assert "X08" in (output / "汇总.jsonl").read_text("utf-8")
    (county / "第9局.xlsx").write_bytes(unit(9))
    assert changed(batch(county, units=names))["新报", "第9局"].startswith("补报，错误 ")


@pytest.mark.parametrize("seed", range(2))
def test_four_rounds_of_thirty_units_are_told_by_name_and_nothing_else(tmp_path, output, batch, unit, seed):
    rng = random.Random(seed)
    folder = tmp_path / "报送"
    folder.mkdir()
    state = {}
    for number in range(1, 31):
        state[number] = rng.choice(["好", "错"])
        (folder / f"第{number}局.xlsx").write_bytes(unit(number, **(ERROR if state[number] == "错" else {})))
    batch(folder, draft=False)
    for _ in range(4):
        before = copy.copy(state)
        for number in rng.sample(sorted(state), 6):
            state[number] = rng.choice(["好", "错", "没有", "又一份"])
            path = folder / f"第{number}局.xlsx"
            if state[number] == "没有":
                path.unlink(missing_ok=True)
                continue
            path.write_bytes(unit(number, **OWN[state[number]]))
        expected = set()
        for number, now in state.items():
            if now != before[number]:
                expected.add((KIND[before[number], now], f"第{number}局"))
        assert set(changed(batch(folder, draft=False))) == expected


OWN = {"错": ERROR, "好": {}, "又一份": {"overall_goal[0]": "围绕中心工作做好各项服务保障，为全县发展打好基础。"}}
KIND = {
    ("好", "错"): "变差", ("又一份", "错"): "变差", ("错", "好"): "改好", ("错", "又一份"): "改好",
    ("好", "又一份"): "重报", ("又一份", "好"): "重报",
    ("好", "没有"): "撤下", ("错", "没有"): "撤下", ("又一份", "没有"): "撤下",
    ("没有", "好"): "新报", ("没有", "错"): "新报", ("没有", "又一份"): "新报",
}  # fmt: skip
