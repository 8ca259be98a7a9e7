"""D03: lists whose numbers skip, repeat or change their style."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import filled, findings, found

from perfxl.checks.plan import numbering


def listed(*lines):
    return filled({"safeguard_measures": list(lines)})


def rows(record):
    return [int(cell.removeprefix("第一部分!C")) - 130 for _, cell in found(record, "D03")]


def repairs(record):
    return [one.repair for one in findings(record, "D03")]


@pytest.mark.parametrize(
    ("lines", "wrong", "mended"),
    [
        (["1.甲。", "2.乙。", "3、丙。"], [3], ["3.丙。"]),
        (["1.甲。", "2.乙。", "3.丙。", "4、丁。", "5、戊。"], [4, 5], ["4.丁。", "5.戊。"]),
        (["1、甲。", "2 、乙。", "3、丙。"], [2], ["2、乙。"]),
        (["1．甲。", "2.乙。", "3.丙。"], [1], ["1.甲。"]),
        (["（一）甲。", "（二）乙。", "三、丙。"], [3], ["（三）丙。"]),
        (["一、甲。", "二、乙。", "3、丙。"], [3], ["三、丙。"]),
        (["1、甲。", "2,乙。", "3、丙。"], [3], [None]),
    ],
)
def test_a_number_written_otherwise_than_its_list_is_reported_and_mended(lines, wrong, mended):
    assert rows(listed(*lines)) == wrong
    assert repairs(listed(*lines)) == mended


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (["1、甲。", "3、丙。"], [2]),
        (["1、甲。", "2、乙。", "2、丙。", "3、丁。"], [3]),
        (["1、甲。", "1、乙。"], [2]),
        (["1、甲。", "2、乙。 3、丙。", "4、丁。"], [2]),
        (["(1)甲。", "(3)丙。"], [2]),
        (["(1)甲。", "(2)乙。(3 )丙。", "(4)丁。"], [2]),
        (["2、甲。", "3、乙。"], [1]),
        (["一是甲，二是乙，四是丁。"], [1]),
        (["一是甲；二是乙；二是丁。"], [1]),
    ],
)
def test_numbers_that_skip_or_repeat_are_reported_without_a_repair(lines, wrong):
    assert rows(listed(*lines)) == wrong
    assert repairs(listed(*lines)) == [None]


@pytest.mark.parametrize(
    "lines",
    [
        [f"{number}、甲。" for number in range(1, 13)],
        ["甲。", "乙。"],
        ["一、甲", "1、乙。", "2、丙。", "二、丁", "1、戊。", "2、己。"],
        ["1、甲方面", "1、乙。", "2、丙。", "3、丁。", "2、戊方面", "1、己。", "2、庚。"],
        ["1、甲", "（1）乙。", "（2）丙。", "2、丁", "1)戊。", "2)己。", "3、庚"],
        ["（一）甲", "一是乙，二是丙，三是丁。", "（二）戊"],
        ["2025年完成甲。", "12345热线接通乙。", "3.5万人受益。", "10个乡镇。"],
        ["一、甲。\n（一）乙。\n（二）丙。", "二、丁。\n（一）戊。"],
        ["1.甲。2.乙。", "一是甲。", "其一是否可行，二是人手。"],
        [
            f"{numeral}、甲。"
            for numeral in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
        ],
    ],
)
def test_lists_in_order_pass(lines):
    assert rows(listed(*lines)) == []


def test_each_list_is_looked_at_by_itself():
    changes = {
        "activity_goals[1].title": "2.农产品质量安全检测",
        "activity_goals[0].indicators": "1、甲不少于3次；\n3、乙不少于2次。",
        "projects[0].performance_goals[1]": "3.做好结业后的跟踪服务，帮助学员解决生产中的技术难题。",
    }
    assert found(filled(changes), "D") == [
        ("D03", "第一部分!D68"),
        ("D03", "第一部分!B69"),
        ("D03", "项目1!D10"),
    ]


def test_the_same_trouble_down_a_list_has_one_message():
    record = listed("1.甲。", "2.乙。", "3.丙。", "4、丁。", "5、戊。")
    assert {one.message for one in findings(record, "D03")} == {"“工作保障措施”的序号格式不一致（4、）。"}


LINES = st.lists(
    st.tuples(st.sampled_from(["", "（", "("]), st.sampled_from("1234一二三"), st.sampled_from("、.）)")), max_size=5
)


@given(LINES.map(lambda lines: ["".join(line) + "做好工作" for line in lines]))
def test_nothing_is_wrong_in_lists_that_are_in_order_at_first_sight(lines):
    texts = [(("overall_goal", at), line) for at, line in enumerate(lines)]
    numbers = list(numbering._numbers(texts))
    if numbering._is_in_order(numbers):
        assert list(numbering._out_of_order(texts, [numbering._item(*number) for number in numbers], "")) == []
