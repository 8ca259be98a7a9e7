"""The script that one would write in an afternoon: cells by address, the schema, docxtpl."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any

import jsonschema
import openpyxl
from plans import plan_type

from perfxl.document.template.context import context
from perfxl.document.template.sandbox import environment, in_body
from perfxl.document.template.word_template import _Tags
from perfxl.report_type.model import Field, ReportType


def by_address(report_type: ReportType, value: Callable[[str, int, int], Any], titles: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = dict(report_type.constants)
    for sheet in report_type.sheets:
        for title in [one for one in titles if one.startswith(sheet.name)] if sheet.each else [sheet.name]:
            target: dict[str, Any] = {} if sheet.each else data
            for single in sheet.fields:
                put(target, single.path[1 if sheet.each else 0 :], value(title, single.at.top, single.at.left))
            for rows in sheet.lists:
                lines = [
                    one_line(title, row, rows.columns, rows.plain, value)
                    for row in range(rows.first_row, rows.last_row + 1)
                ]
                put(target, rows.path[1 if sheet.each else 0 :], [line for line in lines if line] or None)
            if sheet.each and target:
                data.setdefault(sheet.each, []).append(target)
    return data


def one_line(title: str, row: int, columns: Sequence[Field], plain: bool, value: Callable[[str, int, int], Any]) -> Any:
    if plain:
        return value(title, row, columns[0].at.left)
    found = {column.path[-1]: value(title, row, column.at.left) for column in columns}
    return (
        {key: one for key, one in found.items() if one not in (None, "")}
        if found.get("name") or found.get("title")
        else {}
    )


def put(target: dict[str, Any], path: Sequence[str], value: Any) -> None:
    if value in (None, ""):
        return
    for step in path[:-1]:
        target = target.setdefault(step, {})
    target[path[-1]] = value


def floats(node: Any) -> Any:
    return json.loads(json.dumps(node, default=float))


class Afternoon:
    """The script; `tuned` reads in read_only mode and builds its validator once."""

    def __init__(self, tuned: bool) -> None:
        self.type, self.tuned = plan_type(), tuned
        self.schema = floats(self.type.schema)
        self.validator = jsonschema.Draft202012Validator(self.schema)

    def __call__(self, data: bytes) -> bytes:
        book = openpyxl.load_workbook(BytesIO(data), data_only=True, read_only=self.tuned)
        if self.tuned:
            cells = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}

            def value(title: str, row: int, column: int) -> Any:
                rows = cells[title]
                return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None
        else:

            def value(title: str, row: int, column: int) -> Any:
                return book[title].cell(row, column).value

        values = by_address(self.type, value, book.sheetnames)
        if self.tuned:
            list(self.validator.iter_errors(values))
        else:
            with suppress(jsonschema.ValidationError):
                jsonschema.validate(values, self.schema)
        return rendered_by_docxtpl(self.type, {**context(values, self.type.schema), "draft": False})


def rendered_by_docxtpl(report_type: ReportType, texts: dict[str, Any]) -> bytes:
    # Our template has tags that docxtpl does not know; they are put into its own words, and it does the rest.
    template = _Tags(str(report_type.word_template))
    template.render(texts, jinja_env=environment(in_body))
    target = BytesIO()
    template.save(target)
    return target.getvalue()
