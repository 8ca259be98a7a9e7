"""A drawn form into the files of a type: schema, blank form, first Word template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.authoring.drawing import Drawing, drawing
from perfxl.authoring.drawn_type import DrawnType, drawn_type
from perfxl.authoring.field_rows import key_of
from perfxl.authoring.first_template import template
from perfxl.model.author_note import AuthorNote
from perfxl.report_type import catalog
from perfxl.report_type.model import ReportType, TypeFault

DRAWN = "表样"
"""What the workbook is called whose type is called by its title."""


class Built(NamedTuple):
    """What became of a drawing: the id of its type, its schema as text, its first Word template."""

    type_id: str
    schema: str
    word_template: bytes


def built(data: bytes, file: Path, before: Mapping[str, Any] | None = None) -> Built:
    """Return the type that the drawing in `data` describes, named after its file, or after its title in 表样.xlsx.

    `before` is the schema that an earlier drawing gave: where fields have changed since, the version goes up, so that
    forms handed out before are known as such. Raises `TypeFault` with everything that cannot be understood.
    """
    drawn = drawing(data, file.name)
    title = _title(drawn, file)
    type_id = key_of(title.replace(".", ""))
    if not type_id:
        raise TypeFault.of(
            [AuthorNote(file.name, "", "文件名不能做文种的名称", "文件名里要有汉字或字母，如“验收单.xlsx”")]
        )
    made = drawn_type(drawn, type_id, title, file.name)
    return Built(type_id, _text(made, before), template(made))


def type_id_of(data: bytes, file: Path) -> str:
    """Return the id of the type that a drawing gives. Raises `TypeFault`."""
    return key_of(_title(drawing(data, file.name), file).replace(".", ""))


def report_type_of(schema: str, place: Path, type_id: str) -> ReportType:
    """Return the type that a schema describes which is going to stand in `place`. Raises `TypeFault`."""
    parsed = json.loads(schema)
    notes = catalog.conform(parsed, f"{type_id}.schema.json", type_id)
    if notes:
        raise TypeFault.of(notes)
    return catalog.described(parsed, (place,), place, type_id)


def _title(drawn: Drawing, file: Path) -> str:
    """Return what the type is called: as its file, or, in 表样.xlsx, as the largest of the drawn texts."""
    if not file.stem.startswith(DRAWN):
        return file.stem
    texts = [cell for cell in drawn.sheets[0].cells if cell.text and "{{" not in cell.text]
    largest = max(texts, key=lambda cell: (cell.look["font_size"], -cell.at.top), default=None)
    return "".join(largest.text.split()) if largest else file.stem


def _text(made: DrawnType, before: Mapping[str, Any] | None) -> str:
    schema = made.schema
    if before is not None:
        version = int(before.get("x-version", 1))
        changed = _fields(before) != _fields(schema)
        schema["x-version"] = version + 1 if changed else version
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _fields(schema: Mapping[str, Any]) -> list[str]:
    found = []

    def walk(node: Mapping[str, Any], path: str) -> None:
        for name, member in node.get("properties", {}).items():
            inner = member.get("items", member)
            found.append(f"{path}.{name}")
            walk(inner, f"{path}.{name}")

    walk(schema, "")
    return sorted(found)
