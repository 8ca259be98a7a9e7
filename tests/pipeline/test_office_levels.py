"""An office's own first and second levels: in the lists of its forms, and for what may be chosen there."""

import json
from io import BytesIO

import evaluations
import pytest
from openpyxl import load_workbook
from plans import HOME, PLAN, valid_plan

from perfxl.cli.main import main
from perfxl.pipeline.examine import examine, load_profile
from perfxl.report_type.office_levels import with_levels
from perfxl.workbook.form.form import write

STAGES = {
    "levels": {
        "决策": ["项目立项", "资金投入"],
        "过程": ["资金管理", "组织实施"],
        "产出": ["产出数量", "产出质量"],
        "效益": ["社会效益", "满意度"],
    },
    "required_dimensions": ["产出", "效益"],
    "required_categories": ["产出数量"],
    "scoring": {"weights": {"决策": 20, "过程": 20, "产出": 30, "效益": 30}},
}


@pytest.fixture
def office(tmp_path):
    """What an office writes → the file of its profile."""

    def written(rules):
        path = tmp_path / "本局.json"
        path.write_text(json.dumps(rules, ensure_ascii=False), "utf-8")
        return path

    return written


def staged():
    """A plan whose indicators stand under 产出 and 效益, as the office has them."""
    plan = valid_plan()
    for project in plan["projects"]:
        for row in project["indicators"]:
            output = row["dimension"] == "产出指标"
            row["dimension"] = "产出" if output else "效益"
            row["category"] = "产出数量" if output else "满意度"
    return plan


def said(plan, path):
    rules = load_profile(HOME, path)
    data = write(with_levels(PLAN, rules), plan)
    return [
        (one.code, one.field) for one in examine(data, "", HOME, lambda _: rules).findings if one.code in ("V03", "K03")
    ]


def test_a_type_whose_levels_are_the_usual_ones_is_itself():
    assert with_levels(PLAN, load_profile(HOME, "hebei")) is PLAN


def test_what_the_office_has_may_be_chosen(office):
    assert said(staged(), office(STAGES)) == []


def test_what_the_office_does_not_have_may_not(office):
    plan = staged()
    plan["projects"][0]["indicators"][0]["category"] = "时效指标"
    codes = said(plan, office(STAGES))
    assert ("V03", "projects[0].indicators[0].category") in codes
    assert {code for code, _ in codes} == {"V03"}


def test_the_levels_of_the_office_are_in_the_lists_of_a_new_form(office, tmp_path):
    output = tmp_path / "新.xlsx"
    assert main(["new", "performance_plan", "--profile", str(office(STAGES)), "-o", str(output)]) == 0
    book = load_workbook(output)
    listed = {cell.value for row in book["列表"].iter_rows() for cell in row}
    assert {"决策", "产出质量", "满意度"} <= listed
    assert "数量指标" not in listed
    assert "本局" in {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def test_a_profile_that_there_is_not_is_told(tmp_path, capsys):
    assert main(["new", "performance_plan", "--profile", "没有", "-o", str(tmp_path / "新.xlsx")]) == 2
    assert "没有名为“没有”的规则配置" in capsys.readouterr().err


def codes_of(changes, path):
    return [code for code, *_ in evaluations.found(changes, rules=load_profile(HOME, path))]


def test_projects_share_out_their_points_themselves_where_the_office_says_so(office):
    moved = {**evaluations.indicator(0, weight=25), **evaluations.indicator(1, weight=5)}
    other = {"scoring": {"weights": {"预算执行率": 10, "产出指标": 40, "效益指标": 40, "满意度指标": 10}}}
    assert "S02" in codes_of(moved, office(other))
    assert "S02" not in codes_of(moved, office({"scoring": {**other["scoring"], "weights_of": "project"}}))
    assert "S01" in codes_of(evaluations.indicator(0, weight=25), office({"scoring": {"weights_of": "project"}}))


def test_a_form_is_what_it_is_for_everybody(office):
    rules = load_profile(HOME, office(STAGES))
    assert write(with_levels(PLAN, rules), None) == write(with_levels(PLAN, rules), None)
    assert load_workbook(BytesIO(write(PLAN, None)))["列表"]["A1"].value
