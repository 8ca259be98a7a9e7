"""Values become the words that are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.document.template.context import context, printed
from perfxl.document.template.printable_text import printable_text

MONEY, PERCENT = {"x-format": "money"}, {"x-format": "percent"}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1.5", "1.50"), ("1.505", "1.505"), ("9.4", "9.40"), ("40", "40.00"), ("0.70", "0.70"), ("21.120", "21.12"),
        ("0", "0"), ("0.00", "0"), ("-0", "0"), ("-3", "-3.00"), ("1E+3", "1000.00"), ("1E-7", "0.0000001"),
        ("123456789012.345", "123456789012.345"),
    ],
)  # fmt: skip
def test_money_has_two_decimals_at_least_and_is_never_rounded(amount, words):
    assert printed(Decimal(amount), MONEY) == words


@pytest.mark.parametrize(
    ("share", "words"), [("25", "25%"), ("12.5", "12.5%"), ("12.50", "12.5%"), ("0", "0%"), ("100", "100%")]
)
def test_percent_has_no_needless_decimals(share, words):
    assert printed(Decimal(share), PERCENT) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (45, "45"), (Decimal("45.0"), "45"), (Decimal("0.1"), "0.1"), (0.1, "0.1"), (0.29, "0.29"), (21.12, "21.12"),
        (Decimal("1E+21"), "1" + "0" * 21), (1e-7, "0.0000001"), (1e21, "1" + "0" * 21),
        (0, "0"), (-0.0, "0"), (100, "100"),
    ],
)  # fmt: skip
def test_other_numbers_are_printed_in_the_shortest_plain_notation(number, words):
    assert printed(number, {}) == words


def test_text_in_the_place_of_a_number_is_printed_as_it_was_typed():
    assert printed("约1.5万元 ", MONEY) == "约1.5万元 "
    assert printed("1.00", PERCENT) == "1.00"


def test_a_silent_value_prints_as_nothing():
    assert printed("定性", {"x-silent": ["定性"]}) == ""
    assert printed("定性的", {"x-silent": ["定性"]}) == "定性的"


def test_a_truth_value_is_no_value_of_a_record():
    with pytest.raises(TypeError):
        printed(True, {})


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (" 前后空格 \t", " 前后空格 \t"), ("a\r\nb\rc\nd", "a\nb\nc\nd"), ("𠮷①〔2021〕", "𠮷①〔2021〕"),
        ("\x00甲\x0b乙\x1f\ufffe\uffff\ud800丙", "甲乙丙"), ("\x85\xa0\u2028\u3000", "\x85\xa0\u2028\u3000"), ("", ""),
    ],
)  # fmt: skip
def test_only_what_xml_cannot_hold_is_taken_away(typed, words):
    assert printable_text(typed) == words


def test_everything_that_the_schema_knows_is_there(schema):
    made = context({"fiscal_year": 2025, "projects": [{}]}, schema)
    assert made["fiscal_year"] == "2025"
    assert made["unit_name"] == made["prepared_by"] == ""
    assert made["overall_goal"] == made["activity_goals"] == []
    assert made["projects"][0]["expenditure_schedule"] == {"by_mar": "", "by_jun": "", "by_oct": "", "by_dec": ""}
    assert made["projects"][0]["indicators"] == []


def test_an_absent_value_is_the_default_of_its_schema(schema):
    assert context({}, schema)["currency_unit"] == "万元"
    assert context({"currency_unit": "元"}, schema)["currency_unit"] == "元"


def test_every_leaf_is_text(schema, example):
    def check(value):
        if isinstance(value, dict):
            return all(check(member) for member in value.values())
        return all(check(item) for item in value) if isinstance(value, list) else type(value) is str

    assert check(context(example, schema))


def test_references_within_the_schema_are_followed():
    schema = {
        "properties": {"a": {"$ref": "#/$defs/sum"}, "b": {"$ref": "#/$defs/sum", "x-format": "percent"}},
        "$defs": {"sum": {"type": "number", "x-format": "money"}},
    }
    assert context({"a": 1, "b": 2}, schema) == {"a": "1.00", "b": "2%"}


@pytest.mark.parametrize("values", [{"overall_goal": "一段"}, {"projects": [[]]}, {"unit_name": ["甲"]}])
def test_values_of_another_shape_are_a_fault_of_ours(values, schema):
    with pytest.raises(TypeError):
        context(values, schema)


def test_each_text_is_made_ready_whatever_stands_beside_it():
    text = {"type": "string"}
    schema = {"properties": {"a": text, "b": text, "c": {**text, "default": "无"}, "d": {"items": text}}}
    given = {"a": "甲\x00\r\n", "b": Decimal("1.50"), "c": None, "d": ["乙", "丙\x07", 2], "e": "无人知道"}
    assert context(given, schema) == {"a": "甲\n", "b": "1.5", "c": "无", "d": ["乙", "丙", "2"]}
