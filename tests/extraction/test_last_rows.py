"""A form is read down to the last of the rows that it provides, and what stands below is told."""

import json
from io import BytesIO

import evaluations
import openpyxl
import plans
import pytest

from perfxl.model.addresses import cell
from perfxl.model.record import Place
from perfxl.pipeline.examine import examine
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

TYPES = {"plan": (plans.valid_plan(), plans.PLAN), "evaluation": (evaluations.VALID, evaluations.TYPE)}


def filled_up(data, report_type):
    """Data in which every list has as many rows as the form provides, and the text of each its number."""
    data = json.loads(json.dumps(data))
    for sheet in report_type.sheets:
        for rows in sheet.lists:
            holder = data[sheet.each][0] if sheet.each else data
            texts = [f"第{number + 1}行的文字" for number in range(rows.provided)]
            if not rows.plain:
                plain = (one for one in rows.columns if "string" in one.types)
                key = next(one.path[-1] for one in plain if "enum" not in one.schema)
                texts = [{key: words} for words in texts]
            holder[rows.path[-1]] = texts
    return data


@pytest.fixture(scope="module", params=TYPES)
def full(request):
    data, report_type = TYPES[request.param]
    data = filled_up(data, report_type)
    return report_type, data, write(report_type, loads(json.dumps(data).encode(), report_type))


def test_the_last_row_of_every_list_is_read(full):
    report_type, data, workbook = full
    record = examine(workbook, "", plans.HOME).record
    seen = 0
    for sheet in report_type.sheets:
        for rows in sheet.lists:
            holder, read = (one[sheet.each][0] if sheet.each else one for one in (data, record.values))
            path = ((sheet.each, 0) if sheet.each else ()) + (rows.path[-1], rows.provided - 1)
            wanted, found = holder[rows.path[-1]][-1], read[rows.path[-1]][-1]
            assert len(read[rows.path[-1]]) == rows.provided
            key = None if rows.plain else next(iter(wanted))
            assert (found if key is None else found[key]) == (wanted if key is None else wanted[key])
            column = next(one for one in rows.columns if key is None or one.path[-1] == key)
            place = record.place(path if key is None else (*path, key))
            title = f"{sheet.name}1" if sheet.each else sheet.name
            assert place == Place(title, cell(rows.last_row, column.at.left))
            seen += 1
    assert seen >= 5


def test_what_stands_below_the_last_row_is_told(full):
    report_type, _, workbook = full
    book = openpyxl.load_workbook(BytesIO(workbook))
    below = []
    for sheet in report_type.sheets:
        rows = sheet.lists[-1] if sheet.lists else None
        if rows is not None:
            title = f"{sheet.name}1" if sheet.each else sheet.name
            at = cell(rows.last_row + 2, rows.columns[-1].at.left)
            book[title][at] = "写到表外面了"
            below.append(("T06", title, at))
    changed = BytesIO()
    book.save(changed)
    found = examine(changed.getvalue(), "", plans.HOME).findings
    assert [(one.code, one.sheet, one.cell) for one in found if one.code == "T06"] == below
