"""The rules against whole plans: the defects that a reader found in four published ones, and plans without any."""

import json
from pathlib import Path

import pytest
from plans import HOME, findings, record_of

from perfxl.report_type import profile

CORPUS = Path(__file__).parents[1] / "corpus"
DEFECTS = json.loads((CORPUS / "defects.json").read_text("utf-8"))
WELL_MADE = sorted((CORPUS / "well_made").glob("*.json"))
# What the finding of a family has to reach: the issue asks for 95 % of D, M and K, and for 80 % of L.
WANTED = {"D": 0.95, "M": 0.95, "K": 0.95, "L": 0.80}


def told(name):
    """Codes, severities and fields of what the rules find in a published plan, in reading order."""
    data = json.loads((HOME / "examples" / f"{name}.json").read_text("utf-8"))
    return [(one.code, one.severity, one.field) for one in findings(record_of(data))]


@pytest.mark.parametrize("family", WANTED)
def test_the_defects_that_a_reader_saw_are_found(family):
    wanted = {(name, code, field) for name, every in DEFECTS.items() for code, field in every if code[0] == family}
    missed = wanted - {(name, code, field) for name in DEFECTS for code, _, field in told(name)}
    assert len(missed) <= len(wanted) * (1 - WANTED[family]), sorted(missed)


def test_the_reader_found_many():
    assert sum(map(len, DEFECTS.values())) > 200


@pytest.mark.parametrize("name", DEFECTS)
def test_every_finding_on_a_published_plan_was_reviewed(name, tmp_path):
    """Differences are to be read, one by one: is it worth telling?"""
    golden, actual = CORPUS / f"findings_{name}.txt", tmp_path / f"findings_{name}.txt"
    actual.write_text("".join(f"{code} {severity} {field}\n" for code, severity, field in told(name)), "utf-8")
    assert actual.read_text("utf-8") == golden.read_text("utf-8"), f"read the differences, then take over {actual}"


@pytest.mark.parametrize("path", WELL_MADE, ids=lambda path: path.stem)
def test_a_well_made_plan_has_no_error_and_hardly_a_warning(path):
    data = json.loads(path.read_text("utf-8"))
    rules = profile.load(HOME, data.get("profile", profile.DEFAULT))
    found = findings(record_of(data), rules=rules)
    assert [one for one in found if one.severity == "error"] == []
    warnings = [(one.code, one.field, one.message) for one in found if one.severity == "warning"]
    assert len(warnings) <= len(data["projects"]), warnings


def test_the_well_made_plans_together_have_almost_nothing_to_tell():
    found = []
    for path in WELL_MADE:
        data = json.loads(path.read_text("utf-8"))
        rules = profile.load(HOME, data.get("profile", profile.DEFAULT))
        found += [(path.stem, one.code, one.field, one.message) for one in findings(record_of(data), rules=rules)]
    assert len(WELL_MADE) >= 8
    assert len(found) <= 2, found
