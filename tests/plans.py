"""A well-made plan to change, and short ways to ask what the checks find in it."""

import json
from decimal import Decimal
from pathlib import Path

from perfxl import checks
from perfxl.model.addresses import cell
from perfxl.model.record import Place, Record, leaves
from perfxl.pipeline.examine import examine
from perfxl.pipeline.repair import path_of
from perfxl.report_type import catalog, profile
from perfxl.workbook.form.form import write

HOME = catalog.home()
PLAN = catalog.load(HOME, "performance_plan")
RULES = profile.load(HOME)


def valid_plan():
    """The data of a plan that a finance office would pass as it stands. Every call gives a copy of its own."""
    return json.loads(Path(__file__).with_name("valid_plan.json").read_text("utf-8"))


def changed(changes):
    """The data of the valid plan with some values changed: `{"projects[0].budget_amount": "250万"}`; None removes."""
    data = valid_plan()
    for text, value in changes.items():
        path = path_of(text)
        node = data
        for step in path[:-1]:
            node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
        if value is None:
            del node[path[-1]]
        elif isinstance(node, list) and path[-1] == len(node):
            node.append(value)
        else:
            node[path[-1]] = value
    return data


def book(changes):
    """The workbook of the valid plan with some values changed."""
    return write(PLAN, changed(changes))


def filled(changes):
    """The record that the workbook of the changed plan gives, without the workbook: a hundred times faster."""
    return record_of(changed(changes))


def record_of(data):
    """The record of data, each value with the cell in which the form holds it."""
    data = json.loads(json.dumps(data), parse_float=Decimal)
    return Record(_numbers(data, PLAN.schema), {path: place for path, place in _places(data) if place is not None})


def _numbers(value, node):
    if isinstance(value, dict):
        return {key: _numbers(member, node["properties"][key]) for key, member in value.items()}
    if isinstance(value, list):
        return [_numbers(member, node["items"]) for member in value]
    return Decimal(value) if isinstance(value, int) and "number" in node["type"] else value


def _places(data):
    for sheet in PLAN.sheets:
        if sheet.each:
            yield (sheet.each,), Place(f"{sheet.name}1")
        for number in range(len(data.get(sheet.each, ())) if sheet.each else 1):
            title = f"{sheet.name}{number + 1}" if sheet.each else sheet.name
            base = (sheet.each, number) if sheet.each else ()
            if base:
                yield base, Place(title)
            for field in sheet.fields:
                yield (*base, *field.path[len(base) and 1 :]), Place(title, field.at.first)
            for rows in sheet.lists:
                yield from _rows(data, title, base, rows)


def _rows(data, title, base, rows):
    path = (*base, *rows.path[len(base) and 1 :])
    entry = next((column for column in rows.columns if "x-follows" not in column.schema), rows.columns[0])
    yield path, Place(title, entry.at.first)
    items = {at[len(path)] for at, _ in leaves(data) if at[: len(path)] == path}
    for index in items:
        for column in rows.columns:
            here = (*path, index) if rows.plain else (*path, index, column.path[-1])
            yield here, Place(title, cell(column.at.top + index, column.at.left))


def found(what, *codes, rules=RULES):
    """Codes and cells of the findings on a record or a workbook, in reading order: `("M01", "项目1!C5")`.

    `codes` may be whole codes or the letters of families; without them, every finding counts.
    """
    return [(one.code, f"{one.sheet}!{one.cell}") for one in findings(what, *codes, rules=rules)]


def findings(what, *codes, rules=RULES):
    """The findings on a record or a workbook, with all their words."""
    if isinstance(what, bytes):
        every = examine(what, "", HOME, lambda _: rules).findings
    else:
        sheets = list(dict.fromkeys(place.sheet for place in what.places.values()))
        every = checks.check(what, PLAN, rules, sheets=sheets)
    return [one for one in every if not codes or one.code in codes or one.code[0] in codes]
