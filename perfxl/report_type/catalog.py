"""Report types: finds the schema, the workbook and the Word template of each, and says what the sheet holds.

A report type is data. `load` reads `schemas/ID.schema.json`, checks it against the dialect and flattens it into
`Sheet`s, `Field`s and `RowList`s, which is all that the form and the reader know of it.
"""

import json
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from perfxl.model.addresses import Range
from perfxl.report_type.model import Caption, Field, LiveCheck, ReportType, RowList, Schema, Sheet, TypeFault
from perfxl.report_type.schema_validator import Validator

_SUFFIX = ".schema.json"
_DIALECT = f"dialect{_SUFFIX}"


def home() -> Path:
    """Return the folder that holds `schemas`, `templates`, `profiles` and `examples`.

    In an installed wheel that is the package itself, in a source tree the folder above it.
    """
    package = Path(__file__).resolve().parents[1]
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
