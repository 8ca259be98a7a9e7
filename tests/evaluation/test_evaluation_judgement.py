"""How much the rules judge rightly of self-evaluations: well-made ones, and defects put into them one at a time.

Half of the first defects (`held`) were left aside while the rules were made; the `fresh` ones were written afterwards,
and 26 of 28 were named at once. All are invented.
"""

import json
from functools import cache
from pathlib import Path

import pytest
from evaluations import findings

HERE = Path(__file__).parents[1] / "corpus" / "judgement"
EVALUATIONS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((HERE / "evaluations").glob("*.json"))}
DEFECTS = json.loads((HERE / "evaluation_defects.json").read_text("utf-8"))
WANTED = 0.9


@cache
def told_of(name):
    return {(one.code, one.field, one.message) for one in findings({}, EVALUATIONS[name])}


def named(defect):
    base = EVALUATIONS[defect["evaluation"]]
    change = {field: value for field, value in defect["change"].items() if value is not None}
    gone = {field: None for field, value in defect["change"].items() if value is None}
    new = {(one.code, one.field, one.message) for one in findings({**change, **gone}, base)}
    places = [(field, at) for _, field, _ in new - told_of(defect["evaluation"]) for at in defect["at"]]
    return any(field == at or field.startswith((f"{at}.", f"{at}[")) for field, at in places)


@pytest.mark.parametrize("part", ["tuned", "held", "fresh"])
def test_a_single_defect_is_named_at_its_cell(part):
    every = [defect for defect in DEFECTS if defect["part"] == part]
    lost = [defect for defect in every if not named(defect)]
    assert len(every) > 20
    assert len(lost) <= len(every) * (1 - WANTED), lost


@pytest.mark.parametrize("name", EVALUATIONS)
def test_a_well_made_self_evaluation_has_nothing_to_tell(name):
    assert told_of(name) == set()


# What no table and no report is


def test_a_self_evaluation_without_any_score_is_none():
    base = {"document_type": "self_evaluation", "fiscal_year": 2025, "unit_name": "某局", "sections": [
        {"number": "一、", "heading": "基本情况", "text": "全年工作已经完成。"}]}  # fmt: skip
    assert ("D01", "error") in [(one.code, one.severity) for one in findings({}, base)]


def test_headings_over_nothing_are_errors():
    base = EVALUATIONS["education"]
    told = [(one.code, one.severity) for one in findings({"sections[2].text": None}, base)]
    assert ("D01", "error") in told
