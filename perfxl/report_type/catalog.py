"""Report types: finds the schema, the workbook and the Word template of each, and says what the sheet holds.

A report type is data. `load` reads `schemas/ID.schema.json`, checks it against the dialect and flattens it into
`Sheet`s, `Field`s and `RowList`s, which is all that the form and the reader know of it.

Types stand in several places, of which the first one that has a type counts: the folder that is asked for, those that
`PERFXL_TYPES` names, the user's own, and the one that comes with the program.
"""

import json
import os
import sys
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from perfxl.model.addresses import Range
from perfxl.model.author_note import AuthorNote
from perfxl.report_type.model import Caption, Field, LiveCheck, ReportType, RowList, Schema, Sheet, TypeFault
from perfxl.report_type.stated_checks import stated, wrong

_SUFFIX = ".schema.json"
_DIALECT = f"dialect{_SUFFIX}"
TYPES_FOLDER = "文种"
"""What the folder of one's own types is called, the user's and the one beside a workbook."""


def home() -> Path:
    """Return the folder that holds `schemas`, `templates`, `profiles` and `examples`.

    In an installed wheel that is the package itself, in a source tree the folder above it.
    """
    package = Path(__file__).resolve().parents[1]
    return package if (package / "schemas").is_dir() else package.parent


_HOME = home()


def places(folder: Path) -> tuple[Path, ...]:
    """Return the folders in which types, templates and profiles are looked for, the first one first.

    `folder` is what was asked for; the one that comes with the program is always the last.
    """
    named = os.environ.get("PERFXL_TYPES", "")
    own = [Path(each) for each in named.split(os.pathsep) if each]
    users = user_folder()
    if not own and users is None:
        return (folder,) if folder == _HOME else (folder, _HOME)
    chosen = [] if folder == _HOME else [folder]
    return tuple(dict.fromkeys((*chosen, *own, *([users] if users else ()), _HOME)))


def user_folder() -> Path | None:
    """Return the folder of the user's own types, where there is one."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
        found = os.path.join(base, "perfxl", TYPES_FOLDER) if base else ""  # noqa: PTH118 - asked for each workbook
    else:
        base = os.environ.get("HOME", "")
        found = os.path.join(base, ".local", "share", "perfxl", TYPES_FOLDER) if base else ""  # noqa: PTH118
    return Path(found) if found and os.path.isdir(found) else None  # noqa: PTH112


def available(folder: Path) -> list[str]:
    """Return the ids of the report types in `folder` and the other places, in alphabetical order."""
    found = {name for place in places(folder) for name in held(place)}
    return sorted(found)


def held(place: Path) -> list[str]:
    """Return the ids of the report types that stand in one place, in alphabetical order."""
    shelf = place / "schemas"
    names = os.listdir(shelf) if shelf.is_dir() else []  # noqa: PTH208 - asked for each workbook, and Paths take ten times
    return sorted([name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX) and name != _DIALECT])


def place_of(folder: Path, type_id: str) -> Path:
    """Return the place whose type of that id counts. Raises `FileNotFoundError`."""
    for place in places(folder):
        if (place / "schemas" / (type_id + _SUFFIX)).is_file():
            return place
    raise FileNotFoundError(type_id)


def every(folder: Path) -> list[ReportType]:
    """Return the report types in `folder` and the other places, by their ids. One that is broken stops no other."""
    found = []
    for type_id in available(folder):
        try:
            found.append(load(folder, type_id))
        except TypeFault:  # who asks for that very one is told, and so is `perfxl types`
            continue
    return found


def broken(folder: Path) -> Iterator[tuple[str, TypeFault]]:
    """Yield the types that cannot be used, each with what is wrong with it."""
    for type_id in available(folder):
        try:
            load(folder, type_id)
        except TypeFault as fault:
            yield type_id, fault


def load(folder: Path, type_id: str) -> ReportType:
    """Return the report type `type_id`, from the first place that has it.

    Raises `TypeFault` where the schema uses a word that the dialect does not know, or contradicts itself;
    `FileNotFoundError` where there is no such type.
    """
    place = place_of(folder, type_id)
    changed = 0 if place == _HOME else (place / "schemas" / (type_id + _SUFFIX)).stat().st_mtime_ns
    return _load(places(folder), place, type_id, changed)


@lru_cache(maxsize=64)
def _load(looked: tuple[Path, ...], place: Path, type_id: str, changed: int) -> ReportType:  # noqa: ARG001
    """Return a type that stands in `place`; one that was changed since is another."""
    path = place / "schemas" / (type_id + _SUFFIX)
    if place == _HOME:
        # Money is exact: 0.07 is no multiple of 0.01 in binary fractions.
        schema = json.loads(path.read_bytes(), parse_float=Decimal)
    else:
        from perfxl.report_type import schema_file

        schema, notes = schema_file.read(path)
        notes += conform(schema, path.name, type_id)
        if notes:
            raise TypeFault.of(notes)
    try:
        return described(schema, looked, place, type_id)
    except (KeyError, ValueError, TypeError) as fault:
        # `perfxl type check` says where; whoever asks for the type by another way is told as much.
        note = AuthorNote(path.name, "", f"前后不一致（{fault}）", f"请运行 perfxl type check {type_id}")
        raise TypeFault.of([note]) from fault


def described(schema: Schema, looked: tuple[Path, ...], place: Path, type_id: str) -> ReportType:
    """Return the type that a schema describes which stands in `place`."""
    return ReportType(
        id=type_id,
        title=schema["title"],
        version=schema["x-version"],
        schema=schema,
        sheets=sheets(schema),
        rules=tuple(schema.get("x-rules", ())),
        word_template=place / "templates" / (type_id + ".docx"),
        workbook=place / "templates" / (type_id + ".xlsx"),
        places=tuple(one for one in looked if one == place or (one / "templates").is_dir()),
    )


def word_template(report_type: ReportType, layout: str = "") -> Path:
    """Return the Word template of a type in the look `layout`; that of the first place which has one counts.

    So an office may have a look of its own of a type that comes with the program.
    """
    own = report_type.word_template
    for place in report_type.places if own.parent.parent in report_type.places else ():
        shelf = place / "templates"
        for name in ((f"{report_type.id}.{layout}.docx",) if layout else ()) + (f"{report_type.id}.docx",):
            if (shelf / name).is_file():
                return shelf / name
    look = own.with_suffix(f".{layout}.docx")
    return look if layout and look.is_file() else own


def sheets(schema: Schema) -> tuple[Sheet, ...]:
    """Return the sheets of the form that a schema describes."""
    return tuple(_sheet(schema, described) for described in schema["x-sheets"])


@cache
def dialect() -> Schema:
    """Return the schema of schemas."""
    found: Schema = json.loads((_HOME / "schemas" / _DIALECT).read_bytes())
    return found


def conform(schema: Schema, file: str, type_id: str) -> list[AuthorNote]:
    """Return in what the schema does not keep to the dialect.

    Tests hold that for the types that come with the program: asking again at every start would cost more than reading,
    checking and printing a plan of ten projects together.
    """
    from perfxl.report_type.schema_file import dialect_notes

    return dialect_notes(schema, dialect(), file, type_id)


def _sheet(schema: Schema, described: Schema) -> Sheet:
    name, each = described["name"], described.get("each", "")
    if each:
        node = schema["properties"].get(each, {}).get("items", {})
        fields, lists = _members(node, (each,), lambda at: at)
        live = node.get("x-live", ())
        own = [check for check in stated(schema) if check.base[:1] == (each,)]
    else:
        fields, lists = _members(schema, (), lambda at: at.partition("!")[2] if at.startswith(name + "!") else None)
        live = schema.get("x-live", ())
        own = list(stated(schema))
    inputs = {field.path for field in fields}
    columns = {column.path for rows in lists for column in rows.columns}
    return Sheet(
        name=name,
        each=each,
        overview=described.get("overview", False),
        columns=tuple(float(width) for width in described["columns"]),
        landscape=described.get("landscape", False),
        captions=tuple(
            Caption(Range.parse(c["at"]), c["text"], c["style"], c.get("look", {}))
            for c in described.get("captions", ())
        ),
        fields=fields,
        lists=lists,
        live=tuple(
            LiveCheck(path, check["wrong"], check["say"])
            for check in live
            if (path := (*((each,) if each else ()), *check["field"].split("."))) in inputs
        )
        + tuple(
            LiveCheck(check.field, wrong(check), check.say, check.rows)
            for check in own
            if check.field in inputs or (check.rows and check.field in columns)
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


def _in_row(column: str, row: int) -> Range:
    """Return the cells of a column, `B`, or of merged ones, `B:C`, in a row."""
    first, _, last = column.partition(":")
    return Range.parse(f"{first}{row}:{last}{row}" if last else f"{first}{row}")


def _above(column: Schema, cell: Range) -> Range | None:
    """Return where a column has its label: above, or nowhere where a caption says it."""
    return None if column.get("x-label-at") == "" else cell.above()


def _row_list(path: tuple[str, ...], schema: Schema, at: Range, required: bool) -> RowList:
    items = schema["items"]
    if items["type"] == "object":
        columns = tuple(
            Field((*path, key), member, cell, _above(member, cell), key in items.get("required", ()))
            for key, member in items["properties"].items()
            if (cell := _in_row(member["x-at"], at.top))
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
