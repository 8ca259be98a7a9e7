"""The bounds of the shipped forms: of what just fits nothing is told, and of what just does not, what was asked for."""

import json
from decimal import Decimal

import evaluations
import plans
import pytest

from perfxl.checks.schema_failures import failures
from perfxl.fast.schema_sieve import conforms
from perfxl.model.finding import spoken
from perfxl.model.record import Record, path_text
from perfxl.report_type.json_data import loads

YEAR, CENT, HUNDREDTHS = "fiscal_year", Decimal("0.01"), Decimal("100.01")
CODE = "13053525P0000011000AZ"
PROJECT, ROW = "projects[0].", "projects[0].indicators[0]."
GOALS = [f"第{number}条目标。" for number in range(1, 8)]

# Of a field: what just fits, what just does not, the code, and what is said to be asked for.
PLAN = [
    (YEAR, [2000, 2099], [1999, 2100], "V04", "应在2000到2099之间"),
    ("region_code", ["130535"], ["13053", "1305350", "13053A"], "V05", "应为6位数字"),
    ("unit_code", ["321", "321001"], ["32", "3210", "32100", "3210011"], "D04", "应为6位数字"),
    ("unit_name", ["局" * 60], ["局" * 61], "V02", "不应超过60个字，现在是61个字"),
    ("prepared_by", ["局" * 60], ["局" * 61], "V02", "不应超过60个字"),
    ("reviewed_by", ["局" * 60], ["局" * 61], "V02", "不应超过60个字"),
    ("currency_unit", ["万元", "元"], ["亿元"], "V03", "不能是“亿元”"),
    ("overall_goal", [GOALS[:1]], [[]], "D01", ""),
    ("activity_goals[0].title", ["题" * 40], ["题" * 41], "V02", "不应超过40个字"),
    (PROJECT + "project_code", [CODE], [CODE[:20], CODE + "0", CODE.lower()], "D05", "21位"),
    (PROJECT + "project_name", ["名" * 60], ["名" * 61], "V02", "不应超过60个字"),
    (PROJECT + "budget_amount", [Decimal(0), CENT], [-CENT, Decimal("0.005")], "M02", ""),
    (PROJECT + "fiscal_funds", [Decimal(0), CENT], [-CENT, Decimal("0.005")], "M02", ""),
    (PROJECT + "other_funds", [Decimal(0), CENT], [-CENT, Decimal("0.005")], "M02", ""),
    (PROJECT + "use_of_funds", ["用" * 6], ["用" * 5], "V02", "不应少于6个字，现在是5个字"),
    *(
        (PROJECT + f"expenditure_schedule.{month}", [Decimal(0), Decimal(100)], [-CENT, HUNDREDTHS, "一半"], "M04", "")
        for month in ("by_mar", "by_jun", "by_oct", "by_dec")
    ),
    (PROJECT + "performance_goals", [GOALS[:1], GOALS[:6]], [GOALS], "V06", "有7条，不应超过6条"),
    (ROW + "name", ["名" * 40], ["名" * 41], "V02", "不应超过40个字"),
    (ROW + "sign", ["≥", "≤", "=", ">", "<", "定性"], ["大于"], "V03", "不能是“大于”"),
    (ROW + "target", [Decimal(5), "5人"], [True], "V01", "应填"),
]  # fmt: skip
SELF_EVALUATION = [
    (YEAR, [2000, 2099], [1999, 2100], "V04", "应在2000到2099之间"),
    ("unit_code", ["321", "321001"], ["3210"], "D04", ""),
    ("unit_name", ["局" * 60], ["局" * 61], "V02", "不应超过60个字"),
    ("unit_short_name", ["局" * 30], ["局" * 31], "V02", "不应超过30个字"),
    ("deviation_deduction", [Decimal(0)], [-CENT], "V04", "不小于0"),
    ("staff_on_duty", [0], [-1], "V04", "不小于0"),
    ("retirees", [0], [-1], "V04", "不小于0"),
    ("fixed_assets", [Decimal(0)], [-CENT], "V04", "不小于0"),
    (PROJECT + "project_name", ["名" * 60], ["名" * 61], "V02", "不应超过60个字"),
    (PROJECT + "execution_weight", [Decimal(0)], [-CENT], "V04", "不小于0"),
    *(
        (PROJECT + f"funding_lines[0].{key}", [Decimal(0)], [-CENT], "V04", "不小于0")
        for key in ("initial_budget", "revised_budget", "actual_expenditure")
    ),
    (PROJECT + "indicators", [], [[]], "D01", ""),
    (ROW + "weight", [Decimal(0)], [-CENT], "V04", "不小于0"),
]
CASES = [("plan", *case) for case in PLAN] + [("evaluation", *case) for case in SELF_EVALUATION]


def told(kind, field, value):
    """What the schema has to say of a field with a value, and whether the quick look at the whole lets it pass."""
    base, report_type = (plans.valid_plan(), plans.PLAN) if kind == "plan" else (evaluations.VALID, evaluations.TYPE)
    values = _with(loads(json.dumps(base).encode(), report_type), plans.path_of(field), value)
    remarks = list(failures(Record(values), report_type, report_type.version))
    assert conforms(report_type.schema, values) is (not remarks)
    return remarks


def _with(values, path, value):
    node = values
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return values


@pytest.mark.parametrize(("kind", "field", "fits", "_fails", "_code", "_words"), CASES)
def test_what_just_fits_is_nothing_to_tell(kind, field, fits, _fails, _code, _words):
    assert [told(kind, field, value) for value in fits] == [[]] * len(fits)


@pytest.mark.parametrize(("kind", "field", "_fits", "fails", "code", "words"), CASES)
def test_what_just_does_not_fit_is_told_with_the_bound(kind, field, _fits, fails, code, words):
    for value in fails:
        (remark,) = told(kind, field, value)
        assert (remark.code, path_text(remark.path)) == (code, field)
        # Of amounts a rule says the same better, with words of its own.
        assert code == "M02" or words in spoken(remark, "", None).message
