"""The compiled schema says what jsonschema says, of well-made and of damaged data alike."""

import json
import random
from copy import deepcopy
from decimal import Decimal

import plans
import pytest

from perfxl.record import leaves
from perfxl.validation import Validator

STRANGE = [
    *(None, True, False, "", "文字", "０", 0, 1, -1, 3.5, 2.0, float("inf"), [], {}, [1], {"a": 1}),
    *(Decimal("0.07"), Decimal("0.005"), Decimal("-1"), Decimal("1E+3"), "长" * 99, "130200", ["", ""], [{}]),
]


def plain(faults):
    return [(fault.keyword, fault.path, fault.wanted, fault.found) for fault in faults]


@pytest.fixture(scope="module")
def validator():
    made = Validator(plans.PLAN.schema)
    assert made._compiled is not None, "the schema of the plan uses a keyword that is not compiled"
    return made


def damaged(data, chance):
    """Data with one to four values replaced, removed, or added."""
    data = deepcopy(data)
    for _ in range(chance.randint(1, 4)):
        path = chance.choice([path for path, _ in leaves(data)])
        path = path[: chance.randint(1, len(path))]
        node = data
        for step in path[:-1]:
            node = node[step]
        if chance.random() < 0.3:
            del node[path[-1]]
        elif chance.random() < 0.2 and isinstance(node, dict):
            node["没有这一栏"] = 1
        else:
            node[path[-1]] = chance.choice(STRANGE)
        if not list(leaves(data)):
            break
    return data


@pytest.mark.parametrize("seed", range(8))
def test_both_say_the_same_of_damaged_data(seed, validator):
    chance = random.Random(seed)
    data = json.loads(json.dumps(plans.valid_plan()), parse_float=Decimal)
    assert validator.failures(data) == []
    for _ in range(60):
        instance = damaged(data, chance)
        assert plain(validator.failures(instance)) == plain(validator.faults(instance))


@pytest.mark.parametrize("instance", STRANGE, ids=repr)
def test_both_say_the_same_of_what_is_no_report_at_all(instance, validator):
    assert plain(validator.failures(instance)) == plain(validator.faults(instance))


@pytest.mark.parametrize(
    "schema",
    [{"oneOf": [{"type": "string"}]}, {"enum": [1, "1"]}, {"multipleOf": 0.01}, {"type": "null"}, {"$ref": "#"}],
    ids=str,
)
def test_other_keywords_are_left_to_jsonschema(schema):
    validator = Validator(schema)
    assert validator._compiled is None
    if "$ref" not in schema:
        assert plain(validator.failures("x")) == plain(validator.faults("x"))
