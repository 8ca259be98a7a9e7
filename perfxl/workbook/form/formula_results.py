"""The results of all formulas of a workbook that is being written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from perfxl.model.addresses import Range
from perfxl.report_type.formulas.parsing import Computed, Context, marked, parsed
from perfxl.report_type.formulas.values import Beyond, Error, FormulaError, Scalar, Table, Value, scalar

Spot = tuple[str, int, int]  # sheet, row, column
_REFERENCES = re.compile(
    r"\"(?:[^\"]|\"\")*\""
    r"|(?<![A-Za-z0-9_.$])(?P<sheet>'(?:[^']|'')+'!)?(?P<at>\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?)(?![A-Za-z0-9_.(])"
)


class Reference(NamedTuple):
    """Cells that a formula refers to; the sheet is empty where it is the formula's own."""

    sheet: str
    at: Range


class Results:
    """Computes the cells of a workbook: `constants` and `formulas` by their place, `names` by what they mean."""

    def __init__(
        self,
        constants: Mapping[Spot, Scalar],
        formulas: Mapping[Spot, str],
        percents: frozenset[Spot],
        names: Mapping[str, str],
    ) -> None:
        self._constants, self._formulas, self._percents, self._names = constants, formulas, percents, names
        self._found: dict[Spot, Scalar] = {}
        self._open: set[Spot] = set()
        self._tables: dict[tuple[str, Range], Table] = {}

    def at(self, spot: Spot) -> Scalar:
        """Return what stands in a cell, an `Error` included; None where it is blank.

        Raises `Beyond` where that hangs on a formula that is not understood here.
        """
        if spot not in self._formulas:
            return self._constants.get(spot)
        if spot not in self._found:
            if spot in self._open:
                raise Beyond(f"{spot}: a circle")
            self._open.add(spot)
            try:
                self._found[spot] = self._computed(spot)
            finally:
                self._open.discard(spot)
        return self._found[spot]

    def _computed(self, spot: Spot) -> Scalar:
        compute, references = _parsed(self._formulas[spot])
        try:
            value = scalar(compute(Context(references, _Book(self, spot[0]))))
        except FormulaError as fault:
            return fault.error
        # The value of a blank cell is 0.
        return 0 if value is None else value

    def is_percent(self, spot: Spot) -> bool:
        """Whether a cell shows percents."""
        return spot in self._percents

    def name(self, name: str) -> Value:
        """Return the cells of a name of the workbook. Raises `Beyond` where it means none."""
        title, _, address = self._names.get(name, "").rpartition("!")
        if not title:
            raise Beyond(name)
        return self.table(title.strip("'").replace("''", "'"), Range.parse(address))

    def table(self, sheet: str, at: Range) -> Value:
        """Return the value of a cell, or of several as a `Table`."""
        if at.single:
            return self.at((sheet, at.top, at.left))
        if (sheet, at) not in self._tables:
            rows = range(at.top, at.bottom + 1)
            columns = range(at.left, at.right + 1)
            cells = (tuple(self.at((sheet, row, column)) for column in columns) for row in rows)
            self._tables[sheet, at] = Table(tuple(cells))
        return self._tables[sheet, at]


class _Book:
    """The workbook as the formulas of one sheet see it."""

    def __init__(self, results: Results, sheet: str) -> None:
        self._results, self._sheet = results, sheet

    def cells(self, reference: Reference) -> Value:
        found = self._results.table(reference.sheet or self._sheet, reference.at)
        if isinstance(found, Error):
            raise FormulaError(found)
        return found

    def is_percent(self, reference: Reference) -> bool:
        return self._results.is_percent((reference.sheet or self._sheet, reference.at.top, reference.at.left))

    def named(self, name: str) -> Value:
        return self._results.name(name)


def _parsed(formula: str) -> tuple[Computed, list[Reference]]:
    """Return a formula as a function of its references, and these. Raises `Beyond` for what is not understood."""
    references: list[Reference] = []

    def numbered(found: re.Match[str]) -> str:
        if found["at"] is None:
            return found[0]
        sheet = (found["sheet"] or "")[1:-2].replace("''", "'")
        references.append(Reference(sheet, Range.parse(found["at"])))
        return marked(len(references) - 1)

    return parsed(_REFERENCES.sub(numbered, formula)), references
