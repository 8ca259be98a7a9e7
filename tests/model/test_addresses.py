"""Addresses of cells: letters and numbers, ranges and their neighbours."""

import pytest

from perfxl.model.addresses import Range, cell, column_letters, column_number


@pytest.mark.parametrize(
    ("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("AZ", 52), ("BA", 53), ("ZZ", 702), ("XFD", 16384)]
)
def test_letters_of_a_column_are_its_number(letters, number):
    assert (column_number(letters), column_letters(number)) == (number, letters)
    assert cell(7, number) == f"{letters}7"


@pytest.mark.parametrize(
    ("text", "parts", "shown"),
    [
        ("C5", (5, 3, 5, 3), "C5"),
        ("$C$5", (5, 3, 5, 3), "C5"),
        ("B8:C9", (8, 2, 9, 3), "B8:C9"),
        ("$B$8:$C$8", (8, 2, 8, 3), "B8:C8"),
        ("B8:B8", (8, 2, 8, 2), "B8"),
        ("B8:B9", (8, 2, 9, 2), "B8:B9"),
    ],
)
def test_a_range_is_what_its_text_says_and_says_so_again(text, parts, shown):
    found = Range.parse(text)
    assert (tuple(found), str(found), found.first) == (parts, shown, shown.partition(":")[0])
    assert found.single is (":" not in shown)


@pytest.mark.parametrize("text", ["", "5C", "C0", "c5", "C5:", "ABCD1", "C5 ", "C5:D6:E7", "A", "7"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="not an address"):
        Range.parse(text)


def test_neighbours_are_those_of_the_upper_left_cell():
    found = Range.parse("C5:D9")
    assert (str(found.above()), str(found.left_neighbour())) == ("C4", "B5")


def test_a_range_holds_its_corners_and_nothing_around_them():
    found = Range.parse("C5:D6")
    inside = {(row, column) for row in range(3, 9) for column in range(1, 7) if found.holds((row, column))}
    assert inside == {(5, 3), (5, 4), (6, 3), (6, 4)}
