"""Cells of filled forms edited at random, read by both of our readers and by openpyxl: nothing may differ in silence.

A thousand edits; `PERFXL_LONG=1` makes it five thousand. The seed is fixed, so a failure comes back.

Where our value is not openpyxl's, one of these rules says why: it knows no locale formats (27–36, 50–58) and takes
other codes for dates, which our readers read by the format as Chinese Excel has it; an error, or a picture, as text has
a finding; `_x000D_` is a way to write what XML cannot hold.
"""

import os
import random
import warnings
from datetime import date, datetime, time, timedelta
from io import BytesIO

import evaluations
import openpyxl
import plans
import pytest
from excel_parts import Raw, edited

from perfxl.fast.workbook.reader import read_fast
from perfxl.pipeline.examine import examine
from perfxl.workbook.number_formats.builtin import BUILT_IN
from perfxl.workbook.number_formats.codes import is_date
from perfxl.workbook.number_formats.shown import shown
from perfxl.workbook.reading.openpyxl_reader import read_carefully

_EDITS, _BOOKS = 40, 125 if os.environ.get("PERFXL_LONG") else 25
_CODES = (
    *('0"人"', ";;;", "[h]:mm", '0!.0,"万"', "[>5]0;[<=5]yyyy", '@"元"', "[$-F800]", "aaaa", '[=1]"是"', "0人/天"),
    *('[$-804]yyyy"年"m"月"d"日";@', "[DBNum2]0", "≥0%", "0.00_);(0.00)", "YYYY-MM-DD", '_ * #,##0.00_ ;_ * "-"??_ '),
)
_NUMBERS = (
    *("0", "1", "-1", "46022", "45722.333333333336", "0.95499999999999996", "25.619999999999997", "1E-3", "2958466"),
)
_TEXTS = (
    *(
        "3-6",
        "95%",
        "９５％",
        "≥≥95%",
        "45人",
        " 甲 ",
        "　　乙",
        "321\u200b001",
        "100㎡",
        "①",
        "Dec-25",
        "万 元",
        "定性",
    ),
    *("定性", "百分之95", "不低于95%", "2025年12月", "=1", "一_x000D_\n二", "≥240人", "～", "0.96", "\u3164"),
)
_NO_TEXTS = ("#N/A", '=DISPIMG("ID_1",1)')  # which the fast reader leaves to the other
_BASES = {"plan": (plans.book({}), "项目1"), "evaluation": (evaluations.book({}), "自评表1")}


def edit(chance, places, texts):
    number_format = chance.choice((chance.choice(sorted(BUILT_IN)), chance.choice(_CODES), 0))
    at = chance.choice(places)
    if chance.random() < 0.5:
        random_one = chance.choice((f"{chance.uniform(-1e6, 1e6):.17g}", str(chance.randrange(60000))))
        number = chance.choice((chance.choice(_NUMBERS), random_one))
        return Raw(at, number, number_format)
    text = chance.choice(texts)
    if chance.random() < 0.5:
        return Raw(at, f'<t xml:space="preserve">{text.replace(">", "&gt;")}</t>', number_format, "s")
    return Raw(at, text, number_format, "str")


@pytest.mark.parametrize("seed", range(_BOOKS))
def test_no_random_edit_is_read_differently_in_silence(seed):
    chance = random.Random(seed)
    unusual = seed % 4 == 0
    texts = (*_TEXTS, *_NO_TEXTS) if unusual else _TEXTS
    base, title = _BASES[chance.choice(sorted(_BASES))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of validations and of days that it does not know
        sheet = openpyxl.load_workbook(BytesIO(base))[title]
        places = [f"{title}!{cell.coordinate}" for row in sheet.iter_rows() for cell in row if cell.value is not None]
        cells = {one.place: one for one in (edit(chance, places, texts) for _ in range(_EDITS))}
        data = edited(base, *cells.values())
        plain = openpyxl.load_workbook(BytesIO(data))[title]
    careful = read_carefully(data)
    assert careful is not None
    fast = read_fast(data)
    assert fast == careful or (unusual and fast is None)
    ours = next(one.cells for one in careful.sheets if one.title == title)
    for place in cells:
        cell = plain[place.partition("!")[2]]
        found = ours.get((cell.row, cell.column))
        assert found is None or isinstance(shown(found.value or "", found.number_format), str)
        assert agrees(found, cell.value), (place, cells[place], found, cell.value)
    assert examine(data, "", plans.HOME).findings is not None


def agrees(found, theirs):
    """Whether what we read of a cell is what openpyxl reads, or a rule says why it is not."""
    if found is None or found.value is None:
        return theirs is None or not str(theirs).strip() or found is not None
    moments = (date, datetime, time, timedelta)
    if isinstance(found.value, moments) or isinstance(theirs, moments):
        # Ours by the formats of Chinese Excel; a day that is none is an error value.
        return found.kind == "error" or isinstance(found.value, moments) == is_date(found.number_format)
    if found.kind in ("error", "picture"):
        return True  # each has a finding
    if isinstance(theirs, str):
        return found.value == theirs.replace("_x000D_", "").replace("\r\n", "\n")
    return found.value == theirs
