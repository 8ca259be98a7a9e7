"""Report types: finds the schema, the workbook and the Word template of each, and says what the sheet holds.

A report type is data. `load` reads `schemas/ID.schema.json`, checks it against the dialect and flattens it into
`Sheet`s, `Field`s and `RowList`s, which is all that the form and the reader know of it.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.addresses import Range
from perfxl.validation import Validator

Schema = Mapping[str, Any]

LIST_SHEET = "列表"  # the hidden sheet of the form that holds what drop-down lists offer
TEXTS_NAME = "perfxl.texts"  # the two columns of that sheet that hold the texts of the macros, key and text
# The cell of a sheet that says which cells to paint. The name is known on each sheet alone, so that a copied or renamed
# sheet goes on working.
MARKS_NAME = "findings.here"

_SUFFIX = ".schema.json"
_DIALECT = f"dialect{_SUFFIX}"


class TypeFault(Exception):
    """A report type contradicts the dialect or itself: a fault of whoever wrote the schema, never of a clerk."""


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
    def types(self) -> tuple[str, ...]:
        kind = self.schema["type"]
        return (kind,) if isinstance(kind, str) else tuple(kind)

    @property
    def formula(self) -> str:
        """What the sheet computes here, with `{names}` for cells, until somebody types something else; or empty."""
        return str(self.schema.get("x-formula", ""))

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
    """A locked text of the sheet, or a formula where it begins with `=`; `{names}` in it stand for cells."""

    at: Range
    text: str
    style: str


class LiveCheck(NamedTuple):
    """What the sheet itself finds while people type: `field` is wrong where the formula `wrong` is true."""

    field: tuple[str, ...]
    wrong: str
    say: str


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
    """A kind of report, as data. Two are the same only if they are one, so that they can be keys of caches."""

    id: str
    title: str
    version: int
    schema: Schema
    sheets: tuple[Sheet, ...]
    rules: tuple[str, ...]
    word_template: Path
    workbook: Path

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


def home() -> Path:
    """Return the folder that holds `schemas`, `templates`, `profiles` and `examples`.

    In an installed wheel that is the package itself, in a source tree the folder above it.
    """
    package = Path(__file__).resolve().parent
    return package if (package / "schemas").is_dir() else package.parent


def available(folder: Path) -> list[str]:
    """Return the ids of the report types in `folder`, in alphabetical order."""
    shelf = folder / "schemas"
    names = os.listdir(shelf) if shelf.is_dir() else []  # noqa: PTH208 - asked for each workbook, and Paths take ten times
    return sorted([name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX) and name != _DIALECT])


def every(folder: Path) -> list[ReportType]:
    """Return the report types in `folder`, by their ids. Raises `TypeFault`."""
    return [load(folder, type_id) for type_id in available(folder)]


@cache
def load(folder: Path, type_id: str) -> ReportType:
    """Return the report type `type_id` of `folder`.

    Raises `TypeFault` where the schema uses a word that the dialect does not know, or contradicts itself;
    `FileNotFoundError` where there is no such type.
    """
    # Money is exact: 0.07 is no multiple of 0.01 in binary fractions.
    schema = json.loads((folder / "schemas" / (type_id + _SUFFIX)).read_bytes(), parse_float=Decimal)
    if folder != home():
        conform(schema, type_id)
    return ReportType(
        id=type_id,
        title=schema["title"],
        version=schema["x-version"],
        schema=schema,
        sheets=tuple(_sheet(schema, described) for described in schema["x-sheets"]),
        rules=tuple(schema.get("x-rules", ())),
        word_template=folder / "templates" / (type_id + ".docx"),
        workbook=folder / "templates" / (type_id + ".xlsx"),
    )


def conform(schema: Schema, type_id: str) -> None:
    """Raise `TypeFault` unless the schema keeps to the dialect.

    Tests hold that for the types that come with the program: asking again at every start would cost more than reading,
    checking and printing a plan of ten projects together.
    """
    dialect = json.loads((home() / "schemas" / _DIALECT).read_bytes())
    told = Validator(dialect).faults(schema)
    faults = [f"{type_id}: {'/'.join(map(str, fault.path))}: {fault.said}" for fault in told]
    if schema.get("$id") != "urn:perfxl:" + type_id:
        faults.append(f"{type_id}: $id is {schema.get('$id')}")
    if faults:
        raise TypeFault("\n".join(sorted(faults)))


def _sheet(schema: Schema, described: Schema) -> Sheet:
    name, each = described["name"], described.get("each", "")
    if each:
        node = schema["properties"].get(each, {}).get("items", {})
        fields, lists = _members(node, (each,), lambda at: at)
        live = node.get("x-live", ())
    else:
        fields, lists = _members(schema, (), lambda at: at.partition("!")[2] if at.startswith(name + "!") else None)
        live = schema.get("x-live", ())
    inputs = {field.path for field in fields}
    return Sheet(
        name=name,
        each=each,
        overview=described.get("overview", False),
        columns=tuple(float(width) for width in described["columns"]),
        landscape=described.get("landscape", False),
        captions=tuple(Caption(Range.parse(c["at"]), c["text"], c["style"]) for c in described.get("captions", ())),
        fields=fields,
        lists=lists,
        live=tuple(
            LiveCheck(path, check["wrong"], check["say"])
            for check in live
            if (path := (*((each,) if each else ()), *check["field"].split("."))) in inputs
        ),
    )


def _members(node: Schema, path: tuple[str, ...], local: Any) -> tuple[tuple[Field, ...], tuple[RowList, ...]]:
    """Return the inputs below `node` that stand on the sheet for which `local` gives an address."""
    fields: list[Field] = []
    lists: list[RowList] = []
    required = node.get("required", ())
    for key, member in node.get("properties", {}).items():
        here = (*path, key)
        at = local(member["x-at"]) if "x-at" in member else None
        if member.get("type") == "object":
            inner_fields, inner_lists = _members(member, here, local)
            fields += inner_fields
            lists += inner_lists
        elif at is None:
            continue
        elif member.get("type") == "array":
            lists.append(_row_list(here, member, Range.parse(at), key in required))
        else:
            fields.append(_field(here, member, Range.parse(at), key in required))
    return tuple(fields), tuple(lists)


def _field(path: tuple[str, ...], schema: Schema, at: Range, required: bool) -> Field:
    label_at = schema.get("x-label-at", str(at.left_neighbour()))
    return Field(path, schema, at, Range.parse(label_at) if label_at else None, required)


def _row_list(path: tuple[str, ...], schema: Schema, at: Range, required: bool) -> RowList:
    items = schema["items"]
    if items["type"] == "object":
        columns = tuple(
            Field((*path, key), member, cell, cell.above(), key in items.get("required", ()))
            for key, member in items["properties"].items()
            if (cell := Range.parse(f"{member['x-at']}{at.top}"))
        )
    else:
        # The column of an array of plain values takes its label and its prompt from the array.
        merged = {**{k: v for k, v in schema.items() if k.startswith("x-")}, **items}
        label_at = None if schema.get("x-label-at") == "" else at.above()
        columns = (Field(path, merged, at, label_at, True),)
    return RowList(
        path=path,
        schema=schema,
        columns=columns,
        provided=schema["x-rows"],
        shown=schema["x-rows-shown"],
        number_column=schema.get("x-row-number"),
        required=required,
    )
