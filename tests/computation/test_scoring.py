"""Points, rates, ratings and shares: every border of every formula, with figures that somebody worked out by hand."""

from decimal import Decimal as D

import pytest

from perfxl.computation import scoring
from perfxl.computation.scoring import Method, band, deviates, formula, points, shared, spread

EXCESS, RATIO = Method(), Method(reverse="ratio")
STRICT = Method(deduction=D(2))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1.005", "1.01"),
        ("1.004", "1.00"),
        ("-1.005", "-1.01"),
        ("2.675", "2.68"),
        ("0", "0.00"),
        ("1E+30", f"1{'0' * 30}.00"),
    ],
)
def test_numbers_are_rounded_half_up_however_long_they_are(number, expected):
    assert f"{scoring.rounded(D(number)):f}" == expected


@pytest.mark.parametrize(
    ("spent", "budget", "expected"),
    [
        (45, 50, "90.00"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (0, 3, "0.00"),
        (5, 4, "125.00"),
        (5, 0, None),
        (-1, 4, "-25.00"),
    ],
)
def test_a_rate_is_what_was_spent_of_the_budget(spent, budget, expected):
    found = scoring.rate(D(spent), D(budget))
    assert (None if found is None else str(found)) == expected


@pytest.mark.parametrize(
    ("spent", "budget", "expected"),
    [
        (45, 50, "9.00"),
        (50, 50, "10.00"),
        (55, 50, "10.00"),
        (0, 50, "0.00"),
        (-5, 50, "0.00"),
        (5, 0, None),
        (5, -1, None),
    ],
)
def test_execution_brings_points_in_proportion_and_never_more_than_all(spent, budget, expected):
    found = scoring.execution_points(D(10), D(spent), D(budget))
    assert (None if found is None else str(found)) == expected


REACHED, FAR = "达到目标值，得满分", "达到目标值的130%以上，扣2分"
IN_PART, MISSED = "分值×实际值÷目标值", "没有达到目标值，不得分"
WITHIN, BEYOND = "没有超过目标值，得满分", "超过目标值，不得分"
PASSED, TWICE = "分值×（1－（实际值－目标值）÷目标值）", "超过目标值一倍以上，不得分"
QUOTIENT = "分值×目标值÷实际值"


@pytest.mark.parametrize(
    ("sign", "target", "actual", "how", "expected", "words"),
    [
        ("≥", 100, 100, EXCESS, "20.00", REACHED),
        ("≥", 100, 99, EXCESS, "19.80", IN_PART),
        ("≥", 100, "99.99", EXCESS, "20.00", IN_PART),
        (">", 100, 100, EXCESS, "20.00", REACHED),
        (">", 100, 50, EXCESS, "10.00", IN_PART),
        ("", 100, 50, EXCESS, "10.00", IN_PART),
        ("=", 100, 101, EXCESS, "20.00", REACHED),
        ("=", 100, 50, EXCESS, "10.00", IN_PART),
        ("≥", 100, -5, EXCESS, "0.00", IN_PART),
        ("≥", 0, 0, EXCESS, "20.00", REACHED),
        ("≥", 0, -1, EXCESS, "0.00", MISSED),
        ("≥", 1, "0.5", EXCESS, "10.00", IN_PART),
        ("≥", "0.5", "0.25", EXCESS, "10.00", IN_PART),
        ("≥", -2, -3, EXCESS, "0.00", MISSED),
        ("=", 0, 0, EXCESS, "20.00", REACHED),
        ("=", 0, -1, EXCESS, "20.00", MISSED),
        ("=", 0, 1, EXCESS, "0.00", MISSED),
        ("=", 1, 1, EXCESS, "20.00", REACHED),
        ("≥", 0, 1, EXCESS, "20.00", REACHED),
        ("≥", 100, 129, STRICT, "20.00", REACHED),
        ("≥", 100, 130, STRICT, "18.00", FAR),
        ("≥", 100, 130, EXCESS, "20.00", REACHED),
        ("≥", 0, 130, STRICT, "20.00", REACHED),
        ("≤", 100, 100, EXCESS, "20.00", WITHIN),
        ("<", 100, 100, EXCESS, "20.00", WITHIN),
        ("≤", 100, 101, EXCESS, "19.80", PASSED),
        ("≤", 100, 199, EXCESS, "0.20", PASSED),
        ("≤", 100, 200, EXCESS, "0.00", TWICE),
        ("≤", 100, 300, EXCESS, "0.00", TWICE),
        ("≤", 0, 0, EXCESS, "20.00", WITHIN),
        ("≤", 0, 1, EXCESS, "0.00", BEYOND),
        ("≤", 1, 2, RATIO, "10.00", QUOTIENT),
        ("≤", 100, 125, RATIO, "16.00", QUOTIENT),
        ("≤", 100, 125, EXCESS, "15.00", PASSED),
        ("≤", 0, 1, RATIO, "0.00", BEYOND),
        ("≤", 100, 50, RATIO, "20.00", WITHIN),
        ("≤", 100, 13, STRICT, "20.00", WITHIN),
    ],
)
def test_points_follow_from_sign_target_and_actual_value(sign, target, actual, how, expected, words):
    figures = D(target), D(actual)
    assert str(points(sign, D(20), *figures, how)) == expected
    assert formula(sign, *figures, how) == words


def test_a_deduction_takes_no_more_than_there_is():
    assert points("≥", D(1), D(100), D(130), STRICT) == 0


@pytest.mark.parametrize(
    ("target", "actual", "limit", "expected"),
    [
        (100, 130, 130, True),
        (100, "129.99", 130, False),
        (100, 150, 151, False),
        (100, 150, 0, False),
        (0, 5, 130, False),
    ],
)
def test_a_target_is_passed_far_from_the_percentage_on(target, actual, limit, expected):
    assert deviates(D(target), D(actual), Method(deviation_from=D(limit))) is expected


def test_the_grades_divide_the_points_at_eighty_and_sixty_percent():
    assert [band(grade, D(30)) for grade in scoring.GRADES] == [(24, 30, True), (18, 24, False), (0, 18, False)]
    assert list(scoring.GRADES) == ["达成年度指标", "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差"]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (100, "优"),
        (90, "优"),
        ("89.99", "良"),
        (80, "良"),
        ("79.99", "中"),
        (60, "中"),
        ("59.99", "差"),
        (0, "差"),
        (-1, ""),
    ],
)
def test_a_rating_begins_at_its_lowest_score(score, expected):
    ratings = {"差": D(0), "优": D(90), "中": D(60), "良": D(80)}  # in whatever order they stand
    assert scoring.rating(D(score), ratings) == expected


@pytest.mark.parametrize(
    ("total", "count", "expected"),
    [
        (10, 0, []),
        (10, 1, ["10"]),
        (10, 3, ["4", "3", "3"]),
        (10, 10, ["1"] * 10),
        (10, 11, [*["1.0"] * 9, "0.5", "0.5"]),
        (1, 2, ["0.5", "0.5"]),
        (1, 3, ["0.4", "0.3", "0.3"]),
        ("0.03", 2, ["0.02", "0.01"]),
        ("22.5", 4, ["6.0", "5.5", "5.5", "5.5"]),
        ("0.001", 2, ["0.001", "0"]),
    ],
)
def test_points_are_shared_out_as_evenly_as_they_can_be(total, count, expected):
    found = shared(D(total), count)
    assert found == [D(one) for one in expected]
    assert sum(found) == (D(total) if count else 0)


WEIGHTS = {"预算执行率": D(10), "产出指标": D(50), "效益指标": D(30), "满意度指标": D(10)}


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["产出指标", "产出指标", "效益指标", "满意度指标"], [25, 25, 30, 10]),
        (["满意度指标", "产出指标", "效益指标", "产出指标", "产出指标"], [10, 17, 30, 17, 16]),
        (["产出指标", "效益指标"], [56, 34]),
        (["效益指标", "产出指标"], [34, 56]),
        (["产出指标"], [90]),
        (["产出指标", "", "效益指标", "满意度指标"], [50, 0, 30, 10]),
        (["", ""], [0, 0]),
        ([], []),
        (["产出指标", "效益指标", "满意度指标", "成本指标"], [45, 27, 9, 9]),
        (["成本指标", "别的"], [45, 45]),
    ],
)
def test_what_absent_levels_leave_goes_to_the_others_in_proportion(groups, expected):
    found = spread(groups, WEIGHTS)
    assert found == expected
    assert sum(found) == (90 if any(groups) else 0)


def test_where_no_weight_is_known_all_levels_count_alike():
    assert spread(["甲", "乙", "丙"], {}) == [34, 33, 33]
    assert spread(["甲", "甲", "乙"], {"预算执行率": D(10)}) == [23, 22, 45]
