"""汇总: who has to mend what, as a workbook with links and charts and as JSON lines."""

import json
import os
import re
import subprocess
import urllib.parse
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from perfxl.batch.summary import workbook_writer as book_module
from perfxl.report_type.catalog import available, home, load
from perfxl.report_type.json_data import loads
from perfxl.workbook.reading.reader import read

LINK = re.compile(r'=HYPERLINK\("((?:[^"]|"")*)","((?:[^"]|"")*)"\)')


@pytest.fixture
def summary(county, output, batch):
    """汇总.xlsx of a county in which one unit is wrong and one broken."""
    (county / "城区" / "坏的#1 100%.xlsx").write_bytes(b"PK\x03\x04broken")
    batch(county)
    return output / "汇总.xlsx"


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_sheets_are_those_that_people_look_for(summary):
    found = openpyxl.load_workbook(summary)
    assert found.sheetnames == ["总览", "单位", "问题清单", "项目", "指标", "分项绩效目标"]
    for sheet in found.worksheets[1:]:
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
    for sheet in found.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth or 1) == (True, 1)


def test_every_workbook_is_a_row_with_links_to_itself_and_its_document(summary, output):
    found = rows(openpyxl.load_workbook(summary)["单位"])
    assert found[0][:4] == ["单位编码", "单位名称", "年度", "状态"]
    assert [row[1] for row in found[1:]] == [None, "第3局", "第4局", "第1局", "第2局"]
    for row in found[1:]:
        target = LINK.fullmatch(row[9])[1]
        assert (output / urllib.parse.unquote(target)).is_file()
    assert [bool(row[10]) for row in found[1:]] == [False, True, True, True, True]
    assert found[1][3:5] == ["读不出来", 1]


def test_every_finding_is_a_row_with_a_link_to_its_cell(summary, output):
    lines = [json.loads(line) for line in (output / "汇总.jsonl").read_text("utf-8").splitlines()]
    told = [(one["code"], one["message"]) for line in lines for one in line["findings"]]
    found = rows(openpyxl.load_workbook(summary)["问题清单"])[1:]
    assert [(row[2], row[4]) for row in found] == told
    linked = [row for row in found if row[3]]
    assert linked
    for row in linked:
        target, shown = LINK.fullmatch(row[3]).groups()
        file, _, place = target.partition("#")
        assert (output / urllib.parse.unquote(file)).is_file()
        assert place.replace("'", "").removesuffix("!A1") in (shown, shown.partition("!")[0], f"{shown}!A1")


def test_projects_and_indicators_are_flat_tables(summary):
    book = openpyxl.load_workbook(summary)
    projects, indicators = rows(book["项目"]), rows(book["指标"])
    assert projects[0][:6] == ["单位编码", "单位名称", "年度", "项目编码", "项目名称", "预算数"]
    assert "3月底" in "".join(map(str, projects[0]))
    assert indicators[0][3:7] == ["项目编码", "项目名称", "一级指标", "二级指标"]
    data = [json.loads(line)["data"] for line in (summary.parent / "汇总.jsonl").read_text("utf-8").splitlines()]
    items = [project for one in data for project in one.get("projects", ())]
    assert [row[5] for row in projects[1:]] == [item["budget_amount"] for item in items]
    lines = [line for item in items for line in item["indicators"]]
    assert [row[7] for row in indicators[1:]] == [line["name"] for line in lines]
    # What the lines hold is what `perfxl fill` takes.
    report_type = next(load(home(), one) for one in available(home()) if one == json_type(summary))
    assert loads(json.dumps(data[-1]).encode(), report_type)["projects"]


def json_type(summary):
    return json.loads((summary.parent / "汇总.jsonl").read_text("utf-8").splitlines()[-1])["document_type"]


def test_the_overview_has_charts_of_money_findings_and_dimensions(summary):
    with ZipFile(summary) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    titles = [re.search(r"<a:t>([^<]*)</a:t>", chart)[1] for chart in charts]
    assert titles == ["单位（金额从大到小）：金额（万元）", "问题（从多到少）：处数", "一级指标：指标数"]


def test_a_text_that_looks_like_a_formula_stays_a_text(county, output, batch, unit):
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1, **{"projects[0].project_name": "=1+1"}))
    batch(county)
    found = openpyxl.load_workbook(output / "汇总.xlsx")["项目"]
    cell = next(row[4] for row in found.iter_rows() if row[4].value == "=1+1")
    assert cell.data_type == "s" or cell.quotePrefix or cell.data_type == "inlineStr"


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(county, output, batch, monkeypatch):
    monkeypatch.setattr(book_module, "_LAST_ROW", 5)
    batch(county)
    book = openpyxl.load_workbook(output / "汇总.xlsx")
    assert "指标2" in book.sheetnames
    assert rows(book["指标2"])[0] == rows(book["指标"])[0]


def test_a_path_that_is_too_long_for_a_link_is_a_text(tmp_path, output, batch, unit):
    folder = tmp_path / "报送"
    deep = folder.joinpath(*[f"{number}很长的文件夹名称" * 3 for number in range(9)])
    deep.mkdir(parents=True)
    (deep / "第1局.xlsx").write_bytes(unit())
    batch(folder)
    sheet = openpyxl.load_workbook(output / "汇总.xlsx")["单位"]
    assert sheet["J2"].value.endswith("第1局.xlsx")


def test_texts_come_back_as_they_were_typed(county, output, batch, unit):
    typed = '甲<乙 & 丙>丁  两个空格\n第二行\t_x0041_ "引号" ]]> 𠮷'
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1, **{"projects[0].use_of_funds": typed}))
    batch(county)
    cells = read((output / "汇总.xlsx").read_bytes())
    sheet = next(one for one in cells.sheets if one.title == "项目")
    assert typed in [cell.value for cell in sheet.cells.values()]


def test_two_types_share_a_table_and_each_value_stands_under_its_label(county, output, batch):
    evaluation = home() / "examples" / "tangshan-gongshanglian-2025-self-evaluation.xlsx"
    (county / "自评.xlsx").write_bytes(evaluation.read_bytes())
    batch(county)
    lines = [json.loads(line) for line in (output / "汇总.jsonl").read_text("utf-8").splitlines()]
    assert len({line["document_type"] for line in lines}) == 2
    head, *found = rows(openpyxl.load_workbook(output / "汇总.xlsx")["指标"])
    indicators = [
        (line["unit_name"], project["project_name"], indicator)
        for line in lines
        for project in line["data"]["projects"]
        for indicator in project["indicators"]
    ]
    labels = {"unit_name": "单位名称", "project_name": "项目名称"}
    for report_type in (load(home(), one) for one in {line["document_type"] for line in lines}):
        for sheet in report_type.sheets:
            for one in sheet.lists:
                labels |= {column.path[-1]: column.label for column in one.columns if one.path[-1] == "indicators"}
    assert len(found) == len(indicators)
    for row, (unit, project, indicator) in zip(found, indicators, strict=True):
        held = {"unit_name": unit, "project_name": project, **indicator}
        shown = {label: value for label, value in zip(head, row, strict=True) if value is not None}
        assert shown.items() >= {labels[name]: held[name] for name in ("unit_name", "name", "dimension")}.items()
        assert len(shown.values()) >= len(indicator)


def test_what_is_said_of_a_workbook_from_outside_stands_before_its_own_findings(county, output, batch, unit):
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1, **{"projects[0].fiscal_funds": 1.5}))
    (county / "城区" / "第1局.xlsm").write_bytes(unit(1, **{"projects[0].fiscal_funds": 1.5}))
    batch(county)
    lines = [json.loads(line) for line in (output / "汇总.jsonl").read_text("utf-8").splitlines()]
    ours = [line for line in lines if line["file"].startswith("城区/第1局")]
    told = {line["file"]: [one["code"] for one in line["findings"]] for line in ours}
    assert [codes[0] for codes in told.values()] == ["B03", "B03"]
    assert all("M01" in codes for codes in told.values())
    found = rows(openpyxl.load_workbook(output / "汇总.xlsx")["问题清单"])[1:]
    assert [row[2] for row in found] == [one["code"] for line in lines for one in line["findings"]]
    text = (output / "汇总.html").read_text("utf-8")
    cards = json.loads(re.search(r'<script id="entries"[^>]*>(.*?)</script>', text, re.DOTALL)[1])
    card = next(one for one in cards if one[5].endswith("第1局.xlsm"))
    assert {one[1] for one in card[9]} == set(told["城区/第1局.xlsm"])


def test_findings_of_a_workbook_far_away_are_there_without_links(tmp_path, output, batch, unit):
    folder = tmp_path / "报送"
    deep = folder.joinpath(*[f"{number}很长的文件夹名称" * 3 for number in range(9)])
    deep.mkdir(parents=True)
    (deep / "第1局.xlsx").write_bytes(unit(1, **{"projects[0].fiscal_funds": 1.5}))
    batch(folder)
    found = rows(openpyxl.load_workbook(output / "汇总.xlsx")["问题清单"])[1:]
    row = next(row for row in found if row[2] == "M01")
    assert (row[3][:4], row[6].endswith("第1局.xlsx")) == ("项目1!", True)


@pytest.mark.office
def test_libreoffice_opens_the_summary_and_shows_charts_and_links(summary, office):
    saved = office.edited(summary.read_bytes())
    book = openpyxl.load_workbook(BytesIO(saved))
    values = openpyxl.load_workbook(BytesIO(saved), data_only=True)
    assert len(book["总览"]._charts) == 3
    assert values["单位"]["J3"].value.endswith("第3局.xlsx")
    assert values["单位"].max_row == 6


@pytest.mark.office
@pytest.mark.usefixtures("office")
def test_a_link_leads_to_the_cell(summary, output):
    """What HYPERLINK does with a link: resolve it against the folder of the summary, and open it."""
    found = rows(openpyxl.load_workbook(summary)["问题清单"])[1:]
    links = [LINK.fullmatch(row[3]).groups() for row in found if row[3] and "!" in LINK.fullmatch(row[3])[2]]
    seen = {}
    for target, shown in links:
        seen.setdefault(shown.partition("!")[0], (target, shown))
    script = str(Path(__file__).with_name("follow_link.py"))
    for target, shown in list(seen.values())[:4]:
        file, _, place = target.partition("#")
        url = (output / urllib.parse.unquote(file)).resolve().as_uri() + "#" + place
        words = ["/usr/bin/python3", script, f"perfxl{os.getpid()}", url]
        result = subprocess.run(words, capture_output=True, text=True, check=False)
        assert result.stdout.strip() == shown, result.stderr


def test_the_first_sheet_begins_with_what_needs_somebody_and_noughts_are_not_red(summary):
    sheet = openpyxl.load_workbook(summary)["总览"]
    shown = [[cell.value for cell in row][:5] for row in sheet.iter_rows(1, 20)]
    assert shown[0][0] == "绩效填报汇总"
    assert shown[1][0].startswith("文件夹：")
    assert "年度：2025；规则：hebei；最后一份填报表存于 20" in shown[1][0]
    assert [row[0] for row in shown if str(row[0]).split(" ")[0] in ("要处理", "有警告", "没有问题")] == [
        "要处理 1 份",
        "有警告 4 份",
        "没有问题 0 份",
    ]
    first = shown[6]
    assert first[0] == "坏的#1 100%.xlsx"
    assert first[1:4] == ["读不出来", 1, 0]
    assert "读不出来" in first[4]
    red, plain = sheet["C7"], sheet["D7"]
    assert red.font.color.rgb == "FFC00000"
    assert plain.font.color is None or plain.font.color.rgb != "FF9C5700"
    assert sheet["E7"].alignment.wrap_text
