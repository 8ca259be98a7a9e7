"""The sieve lets through only what jsonschema has nothing to say of, and all of what is well made."""

import json
import random
from copy import deepcopy
from decimal import Decimal

import plans
import pytest

from perfxl.fast.schema_sieve import conforms
from perfxl.model.record import leaves
from perfxl.report_type.schema_validator import Validator

STRANGE = [
    *(None, True, False, "", "文字", "０", 0, 1, -1, 3.5, 2.0, float("inf"), [], {}, [1], {"a": 1}),
    *(Decimal("0.07"), Decimal("0.005"), Decimal("-1"), Decimal("1E+3"), "长" * 99, "130200", ["", ""], [{}]),
]


@pytest.fixture(scope="module")
def validator():
    return Validator(plans.PLAN.schema)


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
def test_damaged_data_pass_only_where_jsonschema_has_nothing_to_say(seed, validator):
    chance = random.Random(seed)
    schema = plans.PLAN.schema
    data = json.loads(json.dumps(plans.valid_plan()), parse_float=Decimal)
    assert conforms(schema, data)
    refused = 0
    for _ in range(60):
        instance = damaged(data, chance)
        if any(validator.faults(instance)):
            assert not conforms(schema, instance)
            refused += 1
    assert refused > 20


@pytest.mark.parametrize("instance", STRANGE, ids=repr)
def test_what_is_no_report_at_all_does_not_pass(instance):
    assert not conforms(plans.PLAN.schema, instance)


# A schema, what just fits it and what just does not.
BOUNDS = {
    "minimum": ({"type": "number", "minimum": 2}, Decimal(2), Decimal("1.99")),
    "maximum": ({"type": "number", "maximum": Decimal("2.5")}, Decimal("2.5"), Decimal("2.51")),
    "multipleOf": ({"type": "number", "multipleOf": Decimal("0.01")}, Decimal("0.07"), Decimal("0.075")),
    "minLength": ({"type": "string", "minLength": 3}, "一二三", "一二"),
    "maxLength": ({"type": "string", "maxLength": 3}, "一二三", "一二三四"),
    "minItems": ({"type": "array", "items": {"type": "string"}, "minItems": 1}, ["一"], []),
    "maxItems": ({"type": "array", "items": {"type": "string"}, "maxItems": 1}, ["一"], ["一", "二"]),
    "pattern": ({"type": "string", "pattern": "^[0-9]{6}$"}, "130200", "1302001"),
    "enum": ({"type": "string", "enum": ["是", "否"]}, "否", "无"),
    "required": ({"type": "object", "properties": {"a": {}}, "required": ["a"]}, {"a": 1}, {}),
    "additionalProperties": (
        {"type": "object", "properties": {"a": {}}, "additionalProperties": False}, {"a": 1}, {"a": 1, "b": 1},
    ),
    "type": ({"type": ["number", "string"]}, "一", True),
}  # fmt: skip


@pytest.mark.parametrize("keyword", BOUNDS)
def test_a_bound_lies_where_jsonschema_has_it(keyword):
    schema, fits, fails = BOUNDS[keyword]
    schema = {"properties": {"x": schema}}
    for value, fine in ((fits, True), (fails, False)):
        assert conforms(schema, {"x": value}) is fine
        assert (not any(Validator(schema).faults({"x": value}))) is fine


@pytest.mark.parametrize(
    "schema",
    [{"oneOf": [{"type": "string"}]}, {"enum": [1, "1"]}, {"multipleOf": 0.01}, {"type": "null"}, {"$ref": "#"}],
    ids=str,
)
def test_other_keywords_are_left_to_jsonschema(schema):
    assert not conforms(schema, "1")
