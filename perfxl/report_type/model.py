"""What a report type is: sheets, fields and lists of rows, as its schema describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.model.addresses import Range
from perfxl.model.author_note import AuthorNote
from perfxl.model.faults import AuthorFault

Schema = Mapping[str, Any]

UNPLACED_SHEET = "没有归入的内容"  # the sheet of an imported form with the texts that the form has no field for
LIST_SHEET = "列表"  # the hidden sheet of the form that holds what drop-down lists offer
TEXTS_NAME = "perfxl.texts"  # the two columns of that sheet that hold the texts of the macros, key and text
# The cell of a sheet that says which cells to paint. The name is known on each sheet alone, so that a copied or renamed
# sheet goes on working.
MARKS_NAME = "findings.here"
# The cell that says what those cells held, `|D6:4:text|`: their lengths and so many of their first characters.
THEN_NAME = "findings.then"
THEN_LENGTH = 20

_NAMES = ("proper_name", "title", "name", "project_name")
_LONGEST_NAME = 60
_PLAIN: Mapping[str, Any] = {}


class TypeFault(AuthorFault):
    """A report type contradicts the dialect or itself: a fault of whoever wrote the schema, never of a clerk.

    `notes` are all that is known to be wrong with it, one by one.
    """

    notes: tuple[AuthorNote, ...] = ()

    @classmethod
    def of(cls, notes: Sequence[AuthorNote]) -> TypeFault:
        """Return the fault that tells all of `notes`."""
        fault = cls("\n".join(map(str, notes)))
        fault.notes = tuple(notes)
        return fault


class Field(NamedTuple):
    """One input: a cell of its own, or a column of a `RowList`.

    `path` leads through the data without the indices of arrays: `("projects", "indicators", "name")`.
    `at` is its cell or merged cells; for a column, the cell of the list's first row.
    """

    path: tuple[str, ...]
    schema: Schema
    at: Range
    label_at: Range | None
    required: bool

    @property
    def name(self) -> str:
        """The defined name that is the contract between workbook and schema."""
        return ".".join(self.path)

    @property
    def label(self) -> str:
        return str(self.schema["x-label"])

    @property
    def format(self) -> str | None:
        return self.schema.get("x-format")

    @property
    def is_name(self) -> bool:
        """Whether it asks for a name: by its role, by what the dictionary calls it, or because it is short."""
        role = self.schema.get("x-role", self.path[-1])
        return role in _NAMES or int(self.schema.get("maxLength", _LONGEST_NAME + 1)) <= _LONGEST_NAME

    @property
    def types(self) -> tuple[str, ...]:
        kind = self.schema["type"]
        return (kind,) if isinstance(kind, str) else tuple(kind)

    @property
    def formula(self) -> str:
        """What the sheet computes here, with `{names}` for cells, until somebody types something else; or empty."""
        return str(self.schema.get("x-formula", ""))

    @property
    def since(self) -> int:
        """The version of the form that first had this input."""
        return int(self.schema.get("x-since", 1))

    @property
    def steps(self) -> Mapping[str, str]:
        """What the sheet computes on the way to `formula`, by the names that stand as `{=name}` in it."""
        found: Mapping[str, str] = self.schema.get("x-steps", {})
        return found

    @property
    def derived(self) -> bool:
        """Whether the form has a formula here, which is nothing that a clerk typed."""
        return bool(self.formula) or "x-follows" in self.schema


class RowList(NamedTuple):
    """An array whose items stand in rows below one another, one `Field` a column.

    An array of plain values has a single column whose path is the path of the list itself.
    """

    path: tuple[str, ...]
    schema: Schema
    columns: tuple[Field, ...]
    provided: int
    shown: int
    number_column: str | None
    required: bool

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def label(self) -> str:
        return str(self.schema["x-label"])

    @property
    def first_row(self) -> int:
        return self.columns[0].at.top

    @property
    def last_row(self) -> int:
        """The last of the rows provided in advance."""
        return self.first_row + self.provided - 1

    @property
    def plain(self) -> bool:
        """Whether the items are values rather than objects."""
        return self.columns[0].path == self.path

    @property
    def preset(self) -> tuple[Mapping[str, Any], ...]:
        """The rows that a blank form has filled already."""
        return tuple(self.schema.get("default", ()))

    @property
    def entries(self) -> tuple[Field, ...]:
        """The columns that only a clerk fills: no formulas, and nothing that a blank form holds."""
        filled = {key for row in self.preset for key in row}
        return tuple(column for column in self.columns if not column.derived and column.path[-1] not in filled)


class Caption(NamedTuple):
    """A locked text of the sheet, or a formula where it begins with `=`; `{names}` in it stand for cells.

    `look` is what a drawing of the form has instead of what the style has: font, size, frame, alignment.
    """

    at: Range
    text: str
    style: str
    look: Mapping[str, Any] = _PLAIN


class LiveCheck(NamedTuple):
    """What the sheet itself finds while people type: `field` is wrong where the formula `wrong` is true.

    With `rows` it is a column, and the formula means the cells of each row.
    """

    field: tuple[str, ...]
    wrong: str
    say: str
    rows: bool = False


class Sheet(NamedTuple):
    """A sheet of the form. `each` is the array of which every item has such a sheet, or empty."""

    name: str
    each: str
    overview: bool
    columns: tuple[float, ...]
    landscape: bool
    captions: tuple[Caption, ...]
    fields: tuple[Field, ...]
    lists: tuple[RowList, ...]
    live: tuple[LiveCheck, ...]

    def inputs(self) -> Iterator[Field]:
        """Return every input of the sheet: single cells first, then the columns of lists."""
        yield from self.fields
        for rows in self.lists:
            yield from rows.columns

    @property
    def preset(self) -> dict[str, Any]:
        """What a blank sheet of an item holds."""
        return {rows.path[-1]: [dict(row) for row in rows.preset] for rows in self.lists if rows.preset}


class ReportType(NamedTuple):
    """A kind of report, as data. Two are the same only if they are one, so that they can be keys of caches.

    `places` are the folders in which its Word template is looked for, the first one first.
    """

    id: str
    title: str
    version: int
    schema: Schema
    sheets: tuple[Sheet, ...]
    rules: tuple[str, ...]
    word_template: Path
    workbook: Path
    places: tuple[Path, ...] = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def node(self, names: Sequence[str]) -> Schema:
        """Return the schema of the value that a path without indices leads to."""
        node = self.schema
        for name in names:
            node = node["items"] if node.get("type") == "array" else node
            node = node["properties"][name]
        return node

    @property
    def constants(self) -> dict[str, str]:
        """Values that every record of this type has and no sheet asks for."""
        return {key: node["const"] for key, node in self.schema["properties"].items() if "const" in node}

    @property
    def preset(self) -> dict[str, Any]:
        """What a blank form holds besides its constants: rows that an office begins with, such as an outline."""
        return {key: value for sheet in self.sheets if not sheet.each for key, value in sheet.preset.items()}
