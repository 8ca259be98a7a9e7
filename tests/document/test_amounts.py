# ruff: noqa: E501 - a case is a line
"""Sums and 大写金额 in templates."""

import pytest
from jinja2 import TemplateRuntimeError

from perfxl.document.template.amounts import in_words, total
from perfxl.document.template.sandbox import environment, in_body


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("", ""), ("0", "零元整"), ("1", "壹元整"), ("10", "壹拾元整"), ("105", "壹佰零伍元整"), ("1005", "壹仟零伍元整"),
        ("1234.50", "壹仟贰佰叁拾肆元伍角整"), ("1234.05", "壹仟贰佰叁拾肆元零伍分"), ("0.35", "叁角伍分"), ("0.05", "伍分"),
        ("10000", "壹万元整"), ("10001", "壹万零壹元整"), ("100100", "壹拾万零壹佰元整"), ("1010000", "壹佰零壹万元整"),
        ("100000000", "壹亿元整"), ("100000001", "壹亿零壹元整"), ("120050000", "壹亿贰仟零伍万元整"),
        ("1000000010000", "壹万亿零壹万元整"), ("9,000.00", "玖仟元整"), ("-3", "负叁元整"), ("2.345", "贰元叁角伍分"),
    ],
)  # fmt: skip
def test_amounts_are_written_as_banks_write_them(amount, words):
    assert in_words(amount) == words


def test_a_column_is_summed_as_it_is_printed():
    rows = [{"a": "1.50"}, {"a": ""}, {"a": "2.25"}]
    assert (total(rows, "a"), total([], "a")) == ("3.75", "0")


@pytest.mark.parametrize("rows", [[{"a": "很多"}], [{"b": "1"}], [{"a": "NaN"}]])
def test_what_is_no_number_is_refused(rows):
    with pytest.raises(TemplateRuntimeError, match="“"):
        total(rows, "a")


def rendered(text, **values):
    return environment(in_body).from_string(text).render(values)


def test_templates_have_them_under_their_names():
    assert rendered("{{ rows | 合计('a') | 大写金额 }}", rows=[{"a": "1.50"}, {"a": "2.50"}]) == "肆元整"


def test_texts_are_not_added():
    from jinja2.exceptions import SecurityError

    with pytest.raises(SecurityError, match="2 和 4 会成为 24"):
        rendered("{{ a + b }}", a="2", b="4")
    assert rendered("{% for x in rows %}{{ loop.index + 1 }}{% endfor %}{{ a ~ b }}", a="2", b="4", rows=["1"]) == "224"
