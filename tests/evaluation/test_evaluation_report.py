"""Rules on the report, what it prints, and what follows from what was typed."""

import zipfile
from copy import deepcopy
from io import BytesIO
from xml.etree import ElementTree

from docx_blocks import blocks
from evaluations import HOME, REPORT, RULES, TYPE, VALID, changed, examined, findings, found, values_of
from products import document

from perfxl.computation.derived_values import typed_only
from perfxl.document.template.context import printed as printed_number
from perfxl.pipeline.examine import examine
from perfxl.workbook.form.form import write

WHOLE = {**VALID, **REPORT}


def report(changes):
    return found(changes, WHOLE)


def printed(changes, base=WHOLE):
    record = examine(write(TYPE, values_of(changed(changes, base))), "", HOME).record
    result, lost = document(record, TYPE)
    assert lost == []
    return [block for block in blocks(result) if block]


def charts(changes):
    """The cached texts of each chart: its title, its labels and its values."""
    result, lost = document(examined(changes).record, TYPE)
    assert lost == []
    with zipfile.ZipFile(BytesIO(result)) as archive:
        parts = [archive.read(name) for name in sorted(archive.namelist()) if name.startswith("word/charts/")]
    return [[element.text for element in ElementTree.fromstring(part).findall(".//{*}v")] for part in parts]


def test_nothing_is_found_in_a_well_made_report():
    assert report({}) == []


def test_neither_report_nor_form():
    assert ("D01", "error") in [(code, severity) for code, severity, _ in found({"projects": None})]


def test_a_heading_over_nothing():
    assert report({"sections[3]": {"number": "四、", "heading": "其他"}}) == [("D01", "error", "报告!D11")]
    deeper = {
        "sections[3]": {"number": "四、", "heading": "其他"},
        "sections[4]": {"number": "（一）", "heading": "一", "text": "有"},
    }
    assert report(deeper) == []
    plain = {"sections[3]": {"number": "四、", "heading": "其他"}, "sections[4]": {"text": "有"}}
    assert report(plain) == []


def test_a_part_out_of_turn():
    assert report({"sections[2].number": "二、"}) == [("D03", "warning", "报告!B10")]


def test_stated_and_scored_projects():
    assert report({"sections[1].text": "全年共实施2个项目：培训经费。"}) == [("S17", "error", "报告!D9")]
    assert report({"sections[1].text": "全年共实施两个项目：培训经费。"}) == [("S17", "error", "报告!D9")]
    assert report({"sections[1].text": "共对2个重点项目作了评价。培训经费。"}) == []
    assert report({"sections[1].text": "重点评价共2个项目，培训经费。"}) == []
    assert report({"sections[1].text": "涉及资金23万元。"}) == []


def test_scores_without_a_form():
    lines = [{"project_name": "培训经费", "score": 96}, {"project_name": "会议经费", "score": 90}]
    assert report({"project_scores": lines, "sections[1].text": "培训经费和会议经费。"}) == [
        ("S17", "error", "汇总!B8")
    ]
    assert report({"project_scores": lines, "sections[1].text": "培训经费。", "projects": None}) == [
        ("S17", "warning", "汇总!B8")
    ]


def test_change_and_rate_follow_from_the_totals():
    def cells(**values):
        return report({f"revenue_expenditure.{key}": value for key, value in values.items()})

    assert cells(change=10, change_rate=10) == []
    assert cells(change=10.01) == [("S18", "error", "基本情况!C22")]
    assert cells(change_rate=10.05) == []
    assert cells(change_rate=10.06) == [("S18", "error", "基本情况!C23")]
    alone = {"revenue_expenditure": {"total": 111.77, "change": 15.43, "change_rate": 16.02}, "sections[0].text": "略"}
    assert report(alone) == []
    assert report({**alone, "revenue_expenditure.change_rate": 13.8}) == [("S18", "error", "基本情况!C23")]
    (one,) = findings({**alone, "revenue_expenditure.change_rate": 13.8}, WHOLE)
    assert one.message == "增减率应为16.02%（增减÷上年），现在是13.8%。"


def test_full_marks_and_doubts():
    doubt = {"sections[1].text": "共实施1个项目：培训经费。指标难以用数据衡量。"}
    assert report(doubt) == []
    full = {**doubt, "projects": None, "project_scores": [{"project_name": "培训经费", "score": 100}]}
    assert report(full) == [("S19", "info", "报告!D9")]


def test_a_report_is_signed():
    assert report({"evaluation_team": None}) == [("S21", "warning", "报告!B162")]
    assert report({"report_date": None}) == [("S21", "warning", "基本情况!C13")]


def test_what_a_section_inserts_stands_behind_its_text():
    texts = printed({})
    assert texts[0] == "某局部门2025年度整体支出绩效自评报告"
    assert texts[1:3] == [
        "一、基本情况",
        "2025年度收支总计（含结转和结余）110.00万元。与2024年度决算相比，收支各增加10.00万元，增长10.00%，主要原因是增人。",
    ]
    at = texts.index("二、结论")
    assert texts[at + 1] == "全年共实施1个项目：培训经费。"
    assert texts[at + 2][1] == [["1"], ["培训经费"], ["96"], ["优"]]
    assert texts[at + 3 : at + 7] == ["三、名单", "甲　组长　", "某市某局", "2026年3月20日"]


def test_what_no_section_inserts_is_printed_all_the_same():
    texts = printed(
        {
            "duties": "管事。",
            "staff_on_duty": 3,
            "retirees": 0,
            "sections[2].insert": None,
            "sections[2].text": "见后。",
        }
    )
    assert texts[1:3] == ["管事。", "2025年底，我单位实有在职人员3人，退休人员0人。"]
    assert texts[texts.index("评价工作组名单：") + 1] == "甲　组长　"


def test_a_sentence_that_was_typed_is_printed_as_it_is():
    assert "收支平稳。" in printed({"revenue_text": "收支平稳。"})


def test_forms_alone_make_no_report():
    texts = printed({}, VALID)
    assert texts[0] == "培训经费绩效自评表"
    assert not [text for text in texts if isinstance(text, str) and "报告" in text]


def test_repairs_leave_the_formulas_in_place():
    record = examined({"projects[0].total_score": 96, "projects[0].rating": "良"}).record
    kept = typed_only(record, TYPE, RULES)
    assert "total_score" not in kept["projects"][0]
    assert kept["projects"][0]["rating"] == "良"
    assert kept["projects"][0]["indicators"][2]["score"] == 10


def test_pictures_are_there_for_whoever_asks():
    assert "得分和预算执行情况" not in printed({}, VALID)
    assert "得分和预算执行情况" in printed({"charts": "是"}, VALID)
    assert charts({}) == []
    assert charts({"charts": "否"}) == []
    assert charts({"charts": "是"}) == [
        ["各类指标得分率", "产出指标", "效益指标", "满意度指标", "98", "93.33", "100"],
        ["各项目预算执行率", "培训经费", "90"],
    ]


def test_the_pictures_show_the_figures_of_the_record():
    second = {**deepcopy(VALID["projects"][0]), "project_name": "调研"}
    changes = {"charts": "是", "projects[1]": second, "projects[1].funding_lines[0].actual_expenditure": 16.665}
    shown = examined(changes).record.shown
    for name, (_, *texts) in zip(("score_chart", "execution_chart"), charts(changes), strict=True):
        assert texts == [bar["label"] for bar in shown[name]] + [
            printed_number(bar["share"], {}) for bar in shown[name]
        ]
    assert charts(changes)[1][-2:] == ["90", "33.33"]
