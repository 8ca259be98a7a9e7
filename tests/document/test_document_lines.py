"""Lines are counted quickly, and as many as a look at every character finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.document.contents import line_breaking
from perfxl.document.contents.line_breaking import count

SIGNS = "城乡基层重点，。、；：（）《》“”‘’…—·%0123456789abcdWMi.,;() -/～！？①é\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 1),
        ("一" * 10, 1),
        ("一" * 11, 2),
        ("一" * 10 + "。", 2),
        ("一" * 9 + "（一）", 2),
        ("1" * 20, 1),
        ("1" * 21, 2),
    ],
)
def test_lines_are_as_long_as_their_room(text, found):
    assert count(text, 2100, 0, 210, 0, False) == found


def test_stops_may_hang_over_the_end_and_brackets_go_to_the_next_line():
    assert count("一" * 10 + "。", 2100, 0, 210, 0, True) == 1
    assert count("一" * 9 + "（" + "一" * 10, 2100, 0, 210, 0, False) == 3


def by_characters(text, room, first, size, closer, hanging):
    """The same, character by character and line by line."""
    if len(text) * (size + closer) + first <= room:
        return 1
    if room < size:
        return max(1, len(text))
    number, start, left = 1, 0, room - first
    while True:
        end = line_breaking._line_end(text, start, left, size, closer)
        if end >= len(text):
            return number
        legal = start + 1 if end <= start else end
        if end > start and not line_breaking._allowed(text, end, hanging):
            legal = line_breaking._legal_end(text, start, end, hanging)
        start, number, left = legal, number + 1, room
        if start >= len(text):
            return number - 1


@given(
    text=st.text(st.sampled_from(SIGNS), max_size=120) | st.text(st.sampled_from("城乡基层重点，。95%"), max_size=120),
    room=st.integers(100, 6000) | st.integers(1, 30).map(lambda number: number * 105),
    first=st.sampled_from([0, 420, -300]),
    size=st.sampled_from([180, 210, 215, 240, 320]),
    closer=st.sampled_from([0, 0, 10, -5]),
    hanging=st.booleans(),
)
def test_measuring_at_once_finds_the_same_lines(text, room, first, size, closer, hanging):
    measures = (text, room, first, size, closer, hanging)
    assert count(*measures) == by_characters(*measures)
