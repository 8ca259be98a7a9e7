"""How much the rules judge rightly: well-made plans and self-evaluations, and 350 defects put into them one at a time.

Of the first ones half (`held`) were left aside while the rules were made. The `fresh` ones, with their plans, were
written afterwards; 72 % of them were named before anything was mended for them, and a few that could as well be meant
were taken out. Plans and defects are invented; `python tools/measure_judgement.py` prints what is missed.
"""

import json
import re
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from plans import findings, record_of

HERE = Path(__file__).parents[1] / "corpus" / "judgement"
PLANS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((HERE / "plans").glob("*.json"))}
DEFECTS = json.loads((HERE / "defects.json").read_text("utf-8"))
# What has to be named at the right field, of each kind.
WANTED = {"identity": 0.93, "money": 0.86, "indicators": 0.88, "copies": 0.8, "slips": 0.6}


def steps(field):
    return [int(step) if step.isdigit() else step for step in re.findall(r"[a-z_]+|\d+", field)]


def changed(data, change):
    data = deepcopy(data)
    for field, value in change.items():
        *way, last = steps(field)
        node = data
        for step in way:
            node = node[step]
        if value is None:
            node.pop(last, None)
        else:
            node[last] = value
    return data


def told(data):
    return {(one.code, one.field, one.message) for one in findings(record_of(data))}


@cache
def told_of_the_plan(name):
    return told(PLANS[name])


def named(defect):
    """What is found besides what the plan has, and whether it is at the right field."""
    new = told(changed(PLANS[defect["plan"]], defect["change"])) - told_of_the_plan(defect["plan"])
    places = [(field, at) for _, field, _ in new for at in defect["at"]]
    return new, any(field == at or field.startswith((f"{at}.", f"{at}[")) for field, at in places)


@cache
def judged(part):
    return [(defect, *named(defect)) for defect in DEFECTS if defect["part"] == part]


def missed(part, kind):
    return [(defect, new) for defect, new, right in judged(part) if defect["kind"] == kind and not right]


@pytest.mark.parametrize("part", ["tuned", "held", "fresh"])
@pytest.mark.parametrize("kind", WANTED)
def test_a_single_defect_is_named_at_its_field(part, kind):
    every = [defect for defect in DEFECTS if (defect["part"], defect["kind"]) == (part, kind)]
    lost = missed(part, kind)
    assert every
    assert len(lost) <= len(every) * (1 - WANTED[kind]), lost


@pytest.mark.parametrize("name", PLANS)
def test_a_well_made_plan_has_nothing_to_tell(name):
    assert told_of_the_plan(name) == set()
