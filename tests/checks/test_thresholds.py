"""On which side of its threshold a value lies: the last that passes and the first that does not."""

from decimal import Decimal

import pytest
from plans import RULES, filled, findings, found

SATISFACTION = "projects[0].indicators[6]."
MARCH, DECEMBER = (f"projects[0].expenditure_schedule.by_{month}" for month in ("mar", "dec"))


def satisfied(target, sign="≥"):
    return filled({SATISFACTION + "target": target, SATISFACTION + "sign": sign, SATISFACTION + "measure_unit": "%"})


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (80, False), (Decimal("79.99"), True), (100, False), (Decimal("100.01"), True),
        ("80-100", False), ("79-100", True), ("80-101", True), ("85-110", True), ("101-110", True),
    ],
)  # fmt: skip
def test_satisfaction_lies_between_its_bounds_from_its_lower_end_to_its_upper(target, told):
    target = float(target) if isinstance(target, Decimal) else target
    sign = None if isinstance(target, str) else "≥"
    assert found(satisfied(target, sign), "K22") == ([("K22", "项目1!F29")] if told else [])


def test_the_bounds_of_satisfaction_are_the_offices():
    rules = RULES._replace(
        limits=RULES.limits._replace(satisfaction_minimum=Decimal(85), satisfaction_maximum=Decimal(99))
    )
    assert [bool(found(satisfied(one), "K22", rules=rules)) for one in (84, 85, 99, 100)] == [True, False, False, True]
    assert findings(satisfied(84), "K22", rules=rules)[0].hint == "一般写“≥”，在85%到99%之间，请核对。"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (500, 5), (400, None), (2500, 25), (550, None), (10000, 100), (10100, None),
        ("百分之二十五", None), ("百分之25", 25), ("百分之0.5", 50), ("百分之2500", 25),
        ("25%左右", 25), ("25%以内", 25), ("25%以上", 25),
        (0.25, 25), (0.07, 7), (0.015, "1.5"), (-0.25, None), (101, None), ("1.0", None), ("一半", None),
    ],
)  # fmt: skip
def test_a_percentage_typed_otherwise_is_what_it_surely_means(typed, meant):
    (one,) = findings(filled({MARCH: typed}), "M04")
    assert one.repair == (None if meant is None else str(meant))


@pytest.mark.parametrize("typed", [0, 1, 1.5, 99.99, 100])
def test_a_percentage_is_between_nothing_and_all(typed):
    assert found(filled({MARCH: typed}), "M04") == []


def test_one_is_a_hundredth_but_at_the_end_of_the_year():
    assert findings(filled({DECEMBER: 1}), "M04")[0].repair == "100"
    assert found(filled({DECEMBER: 100}), "M04", "M06") == []
