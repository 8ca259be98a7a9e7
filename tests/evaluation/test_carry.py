"""From a plan to its self-evaluation and to next year's plan, and back to compare."""

import json
from copy import deepcopy
from decimal import Decimal

import pytest
from evaluations import HOME, RULES, TYPE
from products import document

from perfxl.checks.evaluation.approved_plan import differences
from perfxl.cli.main import main
from perfxl.computation.scoring import shared, spread
from perfxl.model.record import Record
from perfxl.pipeline import carry_over
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog, profile
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

PLAN = catalog.load(HOME, "performance_plan")
PLANS = sorted(path.stem for path in (HOME / "examples").glob("*.json") if "evaluation" not in path.stem)
STILL_TO_TYPE = {"S12", "D01"}


def plan(name):
    return loads((HOME / "examples" / f"{name}.json").read_bytes(), PLAN)


@pytest.mark.parametrize("name", PLANS)
def test_a_carried_workbook_lacks_only_what_is_still_to_type(name):
    values = plan(name)
    carried = carry_over.into(values, PLAN, TYPE, RULES)
    examination = examine(write(TYPE, carried.values, locked=carried.locked), "", HOME)
    # What the plan has already, was approved with it.
    known = {one.code for one in examine(write(PLAN, values), "", HOME).findings}
    assert {one.code for one in examination.findings} - known == STILL_TO_TYPE
    assert {one.code for one in examination.findings if one.severity == "error"} == STILL_TO_TYPE
    blank = [one for one in examination.findings if one.code == "S12"]
    assert len(blank) == sum(len(project["indicators"]) for project in values["projects"])
    assert list(differences(examination.record, Record(values))) == []
    assert [project["total_weight"] for project in examination.record.shown["projects"]] == [100] * len(
        values["projects"]
    )
    assert document(examination.record, TYPE)[1] == []


def test_what_is_carried():
    values = plan("tangshan-gongshanglian-2025")
    carried = carry_over.into(values, PLAN, TYPE, RULES).values
    first = carried["projects"][0]
    assert (carried["fiscal_year"], carried["unit_code"], carried["currency_unit"]) == (2025, "402001", "万元")
    assert first["project_name"] == "“领潮计划”专项培训"
    assert first["implementing_unit"] == "唐山市工商业联合会本级"
    assert first["funding_lines"] == [
        {"source": "年度资金总额", "initial_budget": 40},
        {"source": "其中：当年财政拨款", "initial_budget": 40},
        {"source": "上年结转资金"},
        {"source": "其他资金"},
    ]
    assert first["expected_goal"] == "\n".join(values["projects"][0]["performance_goals"])
    assert [row["weight"] for row in first["indicators"]] == [13, 13, 12, 12, 30, 10]
    assert first["indicators"][0] == {
        "dimension": "产出指标", "category": "数量指标", "name": "培训人数", "sign": "≥", "target": 45,
        "measure_unit": "人", "weight": 13,
    }  # fmt: skip
    assert [row["number"] for row in carried["sections"] if "number" in row][:2] == ["一、", "（一）"]


def test_what_is_carried_is_locked_and_the_rest_is_not(tmp_path):
    from openpyxl import load_workbook

    assert (
        main(["carry", str(HOME / "examples" / "linxi-gongshanglian-2023.xlsx"), "-o", str(tmp_path / "x.xlsx")]) == 0
    )
    sheet = load_workbook(tmp_path / "x.xlsx")["自评表1"]
    locked = {
        cell: sheet[cell].protection.locked
        for cell in ("B5", "B8", "C8", "E8", "C23", "E23", "G23", "H23", "J23", "K23")
    }
    assert [cell for cell, is_locked in locked.items() if is_locked] == ["B5", "B8", "C8", "C23", "E23"]
    assert sheet["J23"].value.startswith("=IF(")


def test_the_next_year_begins_without_what_belongs_to_this_one(tmp_path, capsys):
    source, output = HOME / "examples" / "tangshan-gongshanglian-2025.xlsx", tmp_path / "2027.xlsx"
    assert main(["carry", str(source), "--year", "2027", "-o", str(output)]) == 0
    capsys.readouterr()
    assert main(["data", str(output)]) == 0
    begun, values = json.loads(capsys.readouterr().out), plan("tangshan-gongshanglian-2025")
    assert begun["fiscal_year"] == 2027
    assert begun["overall_goal"] == values["overall_goal"]
    for new, old in zip(begun["projects"], values["projects"], strict=True):
        gone = {"project_code", "budget_amount", "fiscal_funds", "other_funds", "expenditure_schedule"}
        assert new == json.loads(json.dumps({k: v for k, v in old.items() if k not in gone}, default=float))


def test_there_is_no_next_step_after_the_last(tmp_path, capsys):
    book = HOME / "examples" / "yuanshi-gongshanglian-2022-self-evaluation.xlsx"
    assert main(["carry", str(book), "-o", str(tmp_path / "x.xlsx")]) == 2
    assert "没有下一步" in capsys.readouterr().err


def test_points_are_shared_out_in_whole_numbers_where_they_can_be():
    assert shared(Decimal(50), 4) == [13, 13, 12, 12]
    assert shared(Decimal(10), 10) == [1] * 10
    assert shared(Decimal(10), 15) == [1] * 5 + [Decimal("0.5")] * 10
    assert sum(shared(Decimal(30), 60)) == 30


@pytest.mark.parametrize("name", profile.available(HOME))
@pytest.mark.parametrize(
    "groups",
    [
        ["产出指标"] * 5 + ["效益指标"] * 2 + ["满意度指标"],
        ["产出指标", "产出指标", "效益指标"],
        ["成本指标", "产出指标", "效益指标", "满意度指标"],
        ["产出指标"] * 7,
        ["别的指标", "产出指标"],
    ],
)
def test_points_and_the_execution_of_the_budget_make_100(name, groups):
    weights = profile.load(HOME, name).scoring.weights
    assert sum(weights.values()) == 100
    assert sum(spread(groups, weights)) + weights["预算执行率"] == 100
    assert min(spread(groups, weights)) > 0


def compared(change):
    values = plan("linxi-gongshanglian-2023")
    data = deepcopy(carry_over.into(values, PLAN, TYPE, RULES).values)
    change(data["projects"])
    record = examine(write(TYPE, data), "", HOME).record
    return [(one.path, one.words["here"], one.words["approved"]) for one in differences(record, Record(values))]


def test_other_targets_names_and_money_are_told_with_what_was_approved():
    def change(projects):
        projects[0]["indicators"][0]["target"] = 1
        projects[0]["indicators"][1]["name"] = "别的"
        projects[1]["funding_lines"][0]["initial_budget"] = 99

    told = compared(change)
    assert [path for path, _, _ in told] == [
        ("projects", 0, "indicators", 0, "target"),
        ("projects", 0, "indicators", 1, "name"),
        ("projects", 0, "indicators"),
        ("projects", 1, "funding_lines", 0, "initial_budget"),
    ]
    assert told[3][1:] == (
        "年初预算数99",
        f"预算数{plan('linxi-gongshanglian-2023')['projects'][1]['budget_amount']:f}",
    )


def test_projects_that_came_and_went():
    def change(projects):
        projects[0].pop("project_code")
        projects[0]["project_name"] = "新项目"

    told = compared(change)
    assert [path for path, _, _ in told] == [("projects", 0, "project_name"), ("projects",)]


def test_check_compares_with_the_approved_plan(tmp_path, capsys):
    values = plan("linxi-gongshanglian-2023")
    data = carry_over.into(values, PLAN, TYPE, RULES).values
    data["projects"][0]["indicators"][0]["target"] = 1
    (tmp_path / "x.xlsx").write_bytes(write(TYPE, data))
    main(
        [
            "check",
            str(tmp_path / "x.xlsx"),
            "--plan",
            str(HOME / "examples" / "linxi-gongshanglian-2023.xlsx"),
            "--json",
        ]
    )
    told = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["code"], one["cell"]) for one in told if one["code"] == "S16"] == [("S16", "E23")]


@pytest.mark.office
def test_a_copy_of_a_project_sheet_is_evaluated_as_well(office):
    values = carry_over.into(plan("linxi-gongshanglian-2023"), PLAN, TYPE, RULES).values
    saved = office.edited(write(TYPE, values), [["copy_sheet", "自评表1", "自评表9", 9]])
    assert len(examine(saved, "", HOME).record.values["projects"]) == 4


def test_the_offices_way_of_scoring_goes_into_the_workbook():
    scoring = RULES.scoring._replace(reverse="ratio", deviation_deduction=Decimal(2))
    rules = RULES._replace(scoring=scoring._replace(weights={**scoring.weights, "预算执行率": Decimal(20)}))
    values = carry_over.into(plan("linxi-gongshanglian-2023"), PLAN, TYPE, rules).values
    assert (values["reverse_scoring"], values["deviation_deduction"]) == ("目标值÷实际值", 2)
    assert {project["execution_weight"] for project in values["projects"]} == {20}
    assert {sum(row["weight"] for row in project["indicators"]) for project in values["projects"]} == {80}
    usual = carry_over.into(plan("linxi-gongshanglian-2023"), PLAN, TYPE, RULES).values
    assert "reverse_scoring" not in usual
    assert "deviation_deduction" not in usual
