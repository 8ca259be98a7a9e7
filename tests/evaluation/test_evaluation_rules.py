"""Every rule on scores and money of a self-evaluation: what it catches, what it lets pass, and where its border is."""

from decimal import Decimal

import pytest
from evaluations import RULES, VALID, changed, examined, findings, found, indicator, line

from perfxl.report_type.profile import Cap

SHEET = "自评表1!"


def at(code, cell, severity="error"):
    return (code, severity, SHEET + cell)


def scoring(**changes):
    return RULES._replace(scoring=RULES.scoring._replace(**changes))


def test_nothing_is_found_in_a_well_made_evaluation():
    examination = examined({})
    assert examination.findings == ()
    shown = examination.record.shown
    project = shown["projects"][0]
    assert [line["execution_rate"] for line in project["funding_lines"]] == [
        Decimal("90.00"), Decimal("94.29"), Decimal("70.00"), Decimal("100.00"),
    ]  # fmt: skip
    assert project["execution_weight"] == 10
    assert project["execution_score"] == Decimal("9.00")
    assert [row["score"] for row in project["indicators"]] == [20, 9, 10, 10, 28, 10]
    assert (project["total_weight"], project["total_score"], project["rating"]) == (100, Decimal(96), "优")
    assert (shown["total_score"], shown["rating"]) == (96, "优")


CASES = {
    "S01 weights of 110": (
        {**indicator(0, weight=30), "projects[0].execution_weight": 10},
        [at("S01", "H10")],
    ),
    "S01 a tenth is enough": (indicator(0, weight=20.1), [at("S01", "H10")]),
    "S01 fractions that sum up": (
        {**indicator(0, weight=22.5), **indicator(5, weight=7.5)},
        [at("S02", "H10", "warning")],
    ),
    "S01 without weight for execution": (
        {**indicator(0, weight=30), "projects[0].execution_weight": 0},
        [at("S02", "H10", "warning")],
    ),
    "S02 other shares": (
        {**indicator(0, weight=10), **indicator(5, weight=20)},
        [at("S02", "H10", "warning")],
    ),
    "S03 a wrong rate": (line(0, execution_rate=100), [at("S03", "F8")]),
    "S03 within a tenth": (line(0, execution_rate=90.1), []),
    "S03 rounded to the digits shown": (line(1, execution_rate=94), []),
    "S03 beyond a tenth": (line(0, execution_rate=90.11), [at("S03", "F8")]),
    "S04 a budget of nothing": (
        {**line(0, revised_budget=0), "projects[0].execution_score": 9},
        [at("M10", "D8"), at("S04", "D8")],
    ),
    "S05 more than all": (
        {**line(0, actual_expenditure=55), **line(1, actual_expenditure=43)},
        [at("S05", "F8", "warning"), at("S05", "F9", "warning")],
    ),
    "S05 exactly all": (
        {**line(0, actual_expenditure=50), **line(1, actual_expenditure=35), **line(2, actual_expenditure=10)},
        [],
    ),
    "S06 rounded up": ({"projects[0].execution_score": 10}, [at("S06", "H9")]),
    "S06 within the tolerance": ({"projects[0].execution_score": 9.05}, []),
    "S06 beyond the tolerance": ({"projects[0].execution_score": 9.06}, [at("S06", "H9")]),
    "S07 above the weight": (indicator(2, score=11), [at("S07", "J25")]),
    "S07 below nothing": (indicator(2, score=-1), [at("S07", "J25")]),
    "S08 19.6 of 20 for a target met": (
        {**indicator(0, actual=100, score=19.6, variance_explanation="略")},
        [at("S08", "J23")],
    ),
    "S08 more than is due": (indicator(1, score=10), [at("S08", "J24")]),
    "S08 within the tolerance": (indicator(1, score=9.05), []),
    "S08 beyond the tolerance": (indicator(1, score=9.06), [at("S08", "J24")]),
    "S08 a cost exceeded": (indicator(3, actual=500, score=10), [at("S08", "J26")]),
    "S08 a cost exceeded, scored and explained": (
        indicator(3, actual=500, score=7.5, variance_explanation="涨价，下年集中采购。"),
        [],
    ),
    "S08 fewer points, with a reason, for a target far passed": (
        indicator(0, actual=200, score=15, variance_explanation="目标偏低，下年提高。"),
        [],
    ),
    "S08 read out of texts": (
        indicator(0, target="≥100人", sign=None, measure_unit=None, actual="100人", score=19),
        [at("S08", "J23")],
    ),
    "S08 money in different units": (
        indicator(
            3, target="≤0.04万元", sign=None, measure_unit=None, actual="390元", score=9, variance_explanation="略"
        ),
        [at("S08", "J26")],
    ),
    "S08 without a sign it is only likely": (
        indicator(0, sign=None, actual=100, score=19),
        [at("S08", "J23", "warning")],
    ),
    "S08 a cost without a sign is nobody's guess": (indicator(3, sign=None, score=10), []),
    "S09 too much for the grade": (
        indicator(4, grade="部分达成年度指标并具有一定效果", score=24),
        [at("S09", "J27")],
    ),
    "S09 the middle grade from 60 %": (indicator(4, grade="部分达成年度指标并具有一定效果", score=18), []),
    "S09 the best grade from 80 %": (indicator(4, score=24), []),
    "S09 all of it is the best grade": (indicator(4, score=30), []),
    "S09 below the best grade": (indicator(4, score=23.99), [at("S09", "J27")]),
    "S09 the last grade below 60 %": (indicator(4, grade="未达成年度指标且效果较差", score=18), [at("S09", "J27")]),
    "S09 a grade without points": (indicator(4, score=None), [at("S09", "J27")]),
    "S09 the grade as actual value": (indicator(4, grade=None, actual="达成预期指标", score=20), [at("S09", "J27")]),
    "K04 neither grade nor points": (indicator(4, grade=None, score=None), [at("K04", "J27")]),
    "S10 no reason": (indicator(1, variance_explanation=None), [at("S10", "K24")]),
    "S10 无 is no reason": (indicator(1, variance_explanation="无"), [at("S10", "K24")]),
    "S10 full points for a target missed": (
        indicator(1, score=10, variance_explanation=None),
        [at("S08", "J24")],
    ),
    "S11 far passed": (indicator(0, actual=130), [at("S11", "K23", "warning")]),
    "S11 not quite": (indicator(0, actual=129.9), []),
    "S11 explained": (indicator(0, actual=130, variance_explanation="加办一期。"), []),
    "S12 nothing": (indicator(0, actual=None), [at("S12", "H23")]),
    "S12 a word": (indicator(0, actual="已完成", score=20), [at("S12", "H23")]),
    "S12 a sign": (indicator(0, actual="≥100", score=20), [at("S12", "H23")]),
    "S12 a share for a percentage": (indicator(5, actual=0.96, score=10), [at("S12", "H28")]),
    "S12 a number with its unit is one": (indicator(0, actual="120人"), [at("V07", "H23", "info")]),
    "S12 words for words": (indicator(2, actual="按时完成"), []),
    "S13 a total that is no sum": ({"projects[0].total_score": 98}, [at("S13", "H11")]),
    "S13 the sum": ({"projects[0].total_score": 96}, []),
    "S13 one decimal is enough": (
        {**indicator(1, score=9.04), **indicator(4, score=27.5), "projects[0].total_score": 95.5},
        [],
    ),
    "S13 but it has to be the right one": (
        {**indicator(1, score=9.04), **indicator(4, score=27.5), "projects[0].total_score": 95.6},
        [at("S13", "H11")],
    ),
    "S13 a whole number is no sum": (
        {**indicator(1, score=9.04), "projects[0].total_score": 96},
        [at("S13", "H11")],
    ),
    "S14 优秀 is 优": ({"projects[0].rating": "优秀"}, []),
    "S14 良好 is not 优": ({"projects[0].rating": "良好"}, [at("S14", "H12")]),
    "S13 the whole is one of its parts": (
        {"total_score": 99},
        [("S13", "error", "汇总!C5")],
    ),
    "S13 the summary says otherwise": (
        {"project_scores": [{"project_name": "培训经费", "score": 97}]},
        [("S13", "error", "汇总!C8")],
    ),
    "S14 a better rating": (
        {**indicator(0, actual=50, variance_explanation="缓办。"), "projects[0].rating": "优"},
        [at("S14", "H12")],
    ),
    "S14 the right one": ({**indicator(0, actual=50, variance_explanation="缓办。"), "projects[0].rating": "良"}, []),
    "M10 parts and total": (line(0, initial_budget=0), [at("M10", "C8")]),
    "M10 a row of one's own": (
        {
            "projects[0].funding_lines[4]": {
                "source": "财政专户管理资金",
                "revised_budget": 5,
                "actual_expenditure": 0,
            },
            **line(0, revised_budget=55, actual_expenditure=45),
        },
        [],
    ),
    "M10 every part says 其中": (
        {
            "projects[0].funding_lines[2].source": "其中：上年结转资金",
            "projects[0].funding_lines[3].source": "其中：其他资金",
        },
        [],
    ),
    "M10 parts of a part without saying so": (
        {
            "projects[0].funding_lines[1]": {"source": "财政拨款", "revised_budget": 45, "actual_expenditure": 40},
            "projects[0].funding_lines[2]": {"source": "中央", "revised_budget": 30, "actual_expenditure": 30},
            "projects[0].funding_lines[3]": {"source": "省级", "revised_budget": 15, "actual_expenditure": 10},
            "projects[0].funding_lines[4]": {"source": "其他资金", "revised_budget": 5, "actual_expenditure": 5},
        },
        [],
    ),
    "M10 a part of a part": ({"projects[0].funding_lines[4]": {"source": "其中：上级补助", "revised_budget": 3}}, []),
    "D01 nothing spent yet": (line(0, actual_expenditure=None), [at("D01", "E8")]),
    "D01 no name": ({"projects[0].project_name": None}, [at("D01", "B5")]),
    "D01 the department as a whole needs none": (
        {"projects[0].project_name": None, "projects[0].scope": "部门整体支出"},
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_found(case):
    changes, expected = CASES[case]
    assert found(changes) == expected


def test_messages_say_place_value_and_formula():
    (one,) = findings(indicator(1, score=10))
    assert one.message == "按完成情况应得9.00分（分值×实际值÷目标值：目标≥90%，实际81，分值10），现在是10分。"
    (one,) = findings({"projects[0].execution_score": 10})
    assert one.message == "预算执行率得分应为9.00分（分值10×45÷50，最多得满分），现在是10分。"
    (one,) = findings({**indicator(0, weight=30), "projects[0].execution_weight": 10})
    assert one.message == "各项分值合计110分，应为100分：预算执行率10、产出指标60、效益指标30、满意度指标10。"


def test_two_projects_of_full_marks_are_doubted():
    row = {**VALID["projects"][0]["indicators"][0], "weight": 50}
    full = {
        "project_name": "甲",
        "indicators": [
            row,
            {**row, "dimension": "效益指标", "name": "带动农户", "target": 110, "measure_unit": "户", "weight": 30},
            {
                **row,
                "dimension": "满意度指标",
                "name": "满意度",
                "target": 95,
                "actual": 97,
                "measure_unit": "%",
                "weight": 10,
            },
        ],
        "funding_lines": [{"source": "年度资金总额", "initial_budget": 1, "actual_expenditure": 1}],
    }
    assert found({"projects": [full]}) == []
    assert found({"projects": [full, {**full, "project_name": "乙"}]}) == [("S15", "warning", "汇总!B8")]


def test_the_reverse_formula_is_the_offices_choice():
    over = indicator(3, actual=500, score=8, variance_explanation="涨价。")
    assert found(over) == [at("S08", "J26")]
    assert found(over, rules=scoring(reverse="ratio")) == []
    assert found({**over, "reverse_scoring": "目标值÷实际值"}) == []


def test_a_deduction_for_what_was_far_passed():
    rules = scoring(deviation_deduction=Decimal(2))
    far = indicator(0, actual=130, variance_explanation="加办一期。")
    assert found({**far, **indicator(0, score=18)}, rules=rules) == []
    assert found({**far, **indicator(0, score=20)}, rules=rules) == [at("S08", "J23")]
    assert found({**far, **indicator(0, score=20), "deviation_deduction": 0}, rules=rules) == []


def test_a_cap_by_the_rate_of_execution():
    rules = scoring(caps=(Cap(Decimal(95), Decimal(90)), Cap(Decimal(80), Decimal(79))))
    assert found({}, rules=rules) == [at("S20", "H11", "warning")]
    assert found({"projects[0].total_score": 90}, rules=rules) == []
    assert found({}, rules=scoring(caps=(Cap(Decimal(90), Decimal(80)),))) == []


def test_a_weighted_total_of_the_whole_is_nobodys_mistake():
    other = changed({**indicator(0, actual=50, variance_explanation="缓办。"), "projects[0].project_name": "乙"})[
        "projects"
    ][0]
    both = {"projects": [*VALID["projects"], other]}
    assert found({**both, "total_score": 94.1}) == []
    assert found({**both, "total_score": 96.1}) == [("S13", "error", "汇总!C5")]
