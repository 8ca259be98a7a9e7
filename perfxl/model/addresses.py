"""Cell addresses: `C5` and `B8:C8`, rows and columns counted from 1."""

import re
from functools import lru_cache
from typing import NamedTuple, Self

_PARTS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]*)(?::\$?([A-Z]{1,3})\$?([1-9][0-9]*))?")


def column_number(letters: str) -> int:
    """Return 1 for `A`, 27 for `AA`."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=512)
def column_letters(number: int) -> str:
    """Return `A` for 1, `AA` for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell(row: int, column: int) -> str:
    """Return the address of one cell, `C5` for row 5 and column 3."""
    return f"{column_letters(column)}{row}"


class Range(NamedTuple):
    """A rectangle of cells on some sheet, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the range that `B8:C8`, `$B$8:$C$8` or `C5` means. Raises `ValueError` for anything else."""
        match = _PARTS.fullmatch(text)
        if not match:
            raise ValueError(f"not an address: {text!r}")
        letters, row, last_letters, last_row = match.groups()
        top, left = int(row), column_number(letters)
        return cls(top, left, int(last_row or top), column_number(last_letters) if last_letters else left)

    @property
    def first(self) -> str:
        """The address of the upper left cell."""
        return cell(self.top, self.left)

    @property
    def single(self) -> bool:
        return self.top == self.bottom and self.left == self.right

    def above(self) -> "Range":
        """Return the cell above the upper left one."""
        return Range(self.top - 1, self.left, self.top - 1, self.left)

    def left_neighbour(self) -> "Range":
        """Return the cell to the left of the upper left one."""
        return Range(self.top, self.left - 1, self.top, self.left - 1)

    def holds(self, place: tuple[int, int]) -> bool:
        """Whether a cell, of which `place` is row and column, is one of these."""
        row, column = place
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        return self.first if self.single else f"{self.first}:{cell(self.bottom, self.right)}"
