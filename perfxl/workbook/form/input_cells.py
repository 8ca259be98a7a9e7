"""The cells that people fill in: their values, defined names, prompts and rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from perfxl.model.addresses import Range, cell
from perfxl.report_type.dates import serial
from perfxl.report_type.model import Field
from perfxl.workbook.form.cell_styles import fitted, input_style, locked_style, style
from perfxl.workbook.form.dropdown_lists import Lists, followed, leaders, offered
from perfxl.workbook.form.page_layout import FormFault, FormSheet, PlacedColumn, PlacedField, fill_in, named
from perfxl.workbook.form.xlsx_writer import FormBook, Pen

_TITLE_LIMIT = 32
_PROMPT_LIMIT = 255


def write_inputs(
    book: FormBook, pen: Pen, page: FormSheet, pages: tuple[FormSheet, ...], lists: Lists, locked: Collection[str],
    results: FormSheet | None = None,
) -> None:  # fmt: skip
    """Write every input of the page with its values, defined name, prompt and rule.

    `locked` are the names of inputs whose values nobody is to change. `results` is the page with what its formulas
    give, as far as that is known.
    """
    known = {field.field.name: dict(_results(field)) for field in results.inputs()} if results else {}
    for placed in page.inputs():
        for at, index, value in _cells(placed):
            if placed.field.formula and value is None:
                result = known.get(placed.field.name, {}).get(at)
                _write_formula(pen, page, pages, placed, at, index, result)
            elif placed.field.name in locked and value is not None:
                content = stored(placed.field, value)
                pen.write(at, content, fitted(content, page.width(at), locked_style(placed.field)), placed.field.name)
            else:
                _write(pen, page, placed, at, index, value, lists)
        name = placed.field.name
        book.define(name, page.reference(named(placed)), page.title if page.number else "")
        pen.validate(placed.at, rule(placed.field, lists), name)


def write_steps(pen: Pen, page: FormSheet, pages: tuple[FormSheet, ...]) -> None:
    """Write what the formulas of lists compute on the way, into hidden columns of the page."""
    steps = page.steps()
    for column, name in steps:
        for row in range(column.at.bottom - column.at.top + 1):
            formula = fill_in(column.field.steps[name], page, pages, row, column)
            pen.formula(page.step(column, name, row), formula, style("plain"))
    if steps:
        pen.columns([10.0] * len(steps), page.step(*steps[0], 0).left, hidden=True)


def stored(field: Field, value: Any) -> str | int | float | None:
    """Return `value` as the cell holds it: 25 percent as 0.25; text for a number that a cell would change.

    Excel shows and computes with 15 digits of a number. What does not survive that is written as text, so that it is
    seen rather than silently altered.
    """
    if isinstance(value, str) and field.format == "date":
        return serial(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise FormFault(f"{field.name}: {type(value).__name__} is neither text nor a number")
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        raise FormFault(f"{field.name}: {value} is no number that a cell can hold")
    percent = field.format == "percent"
    number = float(exact / 100) if percent else float(exact)
    if _survives(number, exact / 100 if percent else exact):
        return int(exact) if not percent and exact == exact.to_integral_value() and abs(exact) < 10**15 else number
    return f"{exact:f}%" if percent else f"{exact:f}"


def rule(field: Field, lists: Lists) -> dict[str, Any]:
    """Return what Excel asks of the input while people type, and the prompt that it shows them.

    Only a list of fixed values is enforced; elsewhere the clerk may go on after a warning, because pasting goes past
    any rule anyway and the check after reading knows more.
    """
    schema = field.schema
    found: dict[str, Any] = {"validate": "any"}
    found.update(input_title=field.label[:_TITLE_LIMIT], input_message=prompt(field))
    if offered(field):
        found.update(validate="list", source="=" + lists.name(field))
        if "enum" in schema:
            return found | _refusal("stop", "请从列表中选择，或先清空再填。")
        return found | {"show_error": False}
    if field.format == "date":
        found.update(validate="decimal", criteria=">=", value=1)
        return found | _refusal("warning", "应填日期，如 2026-03-01。")
    if "string" not in field.types:
        return found | _number_rule(field)
    if "maxLength" in schema and field.types == ("string",):
        longest = schema["maxLength"]
        found.update(validate="length", criteria="<=", value=longest)
        return found | _refusal("warning", f"不能超过{longest}个字，请写得简短些。")
    return found


def prompt(field: Field) -> str:
    """Return what the sheet tells people who select the input."""
    text = str(field.schema.get("x-prompt", ""))
    return (text or f"请填写{field.label}。")[:_PROMPT_LIMIT]


def _number_rule(field: Field) -> dict[str, Any]:
    share = 100 if field.format == "percent" else 1
    kind = "integer" if field.types == ("integer",) else "decimal"
    low, high = (field.schema.get(key) for key in ("minimum", "maximum"))
    wanted = "百分比" if field.format == "percent" else "整数" if kind == "integer" else "数字"
    shown = [f"{bound}%" if share == 100 else str(bound) for bound in (low, high) if bound is not None]
    if low is not None and high is not None:
        found = {"criteria": "between", "minimum": _bound(low, share), "maximum": _bound(high, share)}
        refusal = f"应填{shown[0]}到{shown[1]}之间的{wanted}。"
    elif low is not None:
        found = {"criteria": ">=", "value": _bound(low, share)}
        refusal = f"应填不小于{shown[0]}的{wanted}，不要带单位和文字。"
    elif high is not None:
        found = {"criteria": "<=", "value": _bound(high, share)}
        refusal = f"应填不大于{shown[0]}的{wanted}，不要带单位和文字。"
    else:
        found = {"criteria": "between", "minimum": -(10**15), "maximum": 10**15}
        refusal = f"应填{wanted}，不要带单位和文字。"
    return {"validate": kind} | found | _refusal("warning", refusal)


def _bound(value: Any, share: int) -> int | float:
    exact = Decimal(str(value)) / share
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _refusal(kind: str, message: str) -> dict[str, Any]:
    return {"error_type": kind, "error_title": "请核对", "error_message": message}


def _cells(placed: PlacedField | PlacedColumn) -> Iterator[tuple[Range, int, Any]]:
    if isinstance(placed, PlacedField):
        yield placed.at, 0, placed.value
        return
    for index in range(placed.at.bottom - placed.at.top + 1):
        yield placed.cell(index), index, placed.values[index] if index < len(placed.values) else None


def _results(placed: PlacedField | PlacedColumn) -> Iterator[tuple[Range, str | int | float]]:
    for at, _, value in _cells(placed):
        if (result := stored(placed.field, value)) is not None:
            yield at, result


def _write(
    pen: Pen, page: FormSheet, placed: PlacedField | PlacedColumn, at: Range, index: int, value: Any, lists: Lists
) -> None:
    field, leader = placed.field, followed(placed, page)
    content = stored(field, value)
    look = fitted(content, page.width(at), input_style(field))
    if leader is None:
        pen.write(at, content, look, field.name)
        return
    # Unlocked, so that a value that was written in place of the formula can be mended.
    key = leader.values[index : index + 1] if isinstance(leader, PlacedColumn) else (leader.value,)
    result = leaders(field).get(str(key[0]), "") if key and key[0] is not None else ""
    if content not in (None, "", result):
        pen.write(at, content, look, field.name)
    else:
        row, column = leader.at.top + (index if isinstance(leader, PlacedColumn) else 0), leader.at.left
        pen.formula(at, lists.lookup(field, cell(row, column)), look, result)


def _write_formula(
    pen: Pen, page: FormSheet, pages: tuple[FormSheet, ...], placed: PlacedField | PlacedColumn, at: Range, index: int,
    result: str | int | float | None,
) -> None:  # fmt: skip
    """Write what the sheet computes in a cell; where no result is known, whoever opens the file computes it."""
    beside = placed if isinstance(placed, PlacedColumn) else None
    if formula := fill_in(placed.field.formula, page, pages, index, beside):
        pen.formula(at, formula, input_style(placed.field), "" if result is None else result)
    else:
        pen.write(at, None, input_style(placed.field), placed.field.name)


def _survives(number: float, exact: Decimal) -> bool:
    try:
        return Decimal(f"{number:.15g}") == exact
    except InvalidOperation:
        return False
