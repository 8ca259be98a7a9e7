"""The results that a form shows before any program has computed it are those that LibreOffice computes."""

import json
import random
import re
import zipfile
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

pytestmark = pytest.mark.office

HOME = catalog.home()
PLAN = catalog.load(HOME, "performance_plan")
EVALUATION = catalog.load(HOME, "self_evaluation")
EXAMPLES = sorted((HOME / "examples").glob("*.json"))
_RESULT = re.compile(rb"(<c [^>]*?)( t=\"(?:str|b|e)\")?(><f>[^<]*</f>)<v>[^<]*</v>")
_TARGETS = (
    95,
    Decimal("0.95"),
    "95%",
    "≥45",
    "９５％",
    "2025年12月31日",
    "有所提升",
    "1,200.50",
    "250万",
    "",
    0,
    "3-6",
    " 12 ",
    None,
)
_UNITS = ("%", "人", "次", "万元", "", None)
_SIGNS = ("≥", "≤", "=", ">", "<", "定性", "", None)


def without_results(book):
    """Return the workbook with its formulas as a library leaves them that computes nothing."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = _RESULT.sub(rb"\1\3<v></v>", part)
            made.writestr(name, part)
    return target.getvalue()


def shown(book):
    """Return what the formulas of a workbook have for their results, by sheet and cell."""
    results = openpyxl.load_workbook(BytesIO(book), data_only=True)
    found = {}
    for sheet in openpyxl.load_workbook(BytesIO(book)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f":
                    found[sheet.title, cell.coordinate] = results[sheet.title][cell.coordinate].value
    return found


def alike(ours, theirs):
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return f"{ours:.15g}" == f"{theirs:.15g}"
    return (ours or "") == (theirs or "") if isinstance(ours or "", str) else ours == theirs


def differing(book, office):
    ours, theirs = shown(book), shown(office.edited(without_results(book)))
    assert ours.keys() == theirs.keys()
    return {spot: (ours[spot], theirs[spot]) for spot in ours if not alike(ours[spot], theirs[spot])}


def without_any(book):
    """Return the formulas that have no result at all."""
    with zipfile.ZipFile(BytesIO(book)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    return [found for part in parts for found in re.findall(rb"<c (?![^>]* t=)[^>]*><f>[^<]*</f><v></v>", part)]


def number(chance):
    return Decimal(chance.randrange(0, 1_000_000)).scaleb(-2)


def randomly(chance, value, key=""):
    """Return data with values left out, changed or made odd."""
    if isinstance(value, dict):
        return {name: randomly(chance, member, name) for name, member in value.items() if chance.random() > 0.08}
    if isinstance(value, list):
        return [randomly(chance, member, key) for member in value if chance.random() > 0.1]
    if chance.random() > 0.35 or key == "document_type":
        return value
    choices = {"target": _TARGETS, "actual": _TARGETS, "measure_unit": _UNITS, "sign": _SIGNS}
    if key in choices:
        return chance.choice(choices[key])
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return chance.choice([number(chance), 0, "无", chance.randrange(200), Decimal("0.07"), Decimal("33.335")])
    return chance.choice([value, value + "＜A&B＞“引”", "\n".join([value] * 2)]) if key != "category" else value


@pytest.mark.parametrize("report_type", [PLAN, EVALUATION], ids=lambda each: each.id)
def test_a_blank_form(report_type, office):
    book = write(report_type, None, copies=3)
    assert without_any(book) == []
    assert differing(book, office) == {}


@pytest.mark.parametrize("data", EXAMPLES, ids=lambda path: path.stem)
def test_a_filled_form(data, office):
    report_type = catalog.load(HOME, json.loads(data.read_text("utf-8"))["document_type"])
    book = data.with_suffix(".xlsx").read_bytes()
    assert book == write(report_type, loads(data.read_bytes(), report_type))
    assert without_any(book) == []
    assert differing(book, office) == {}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("report_type", [PLAN, EVALUATION], ids=lambda each: each.id)
def test_a_form_filled_at_random(report_type, seed, office):
    chance = random.Random(f"{report_type.id} {seed}")
    sources = [path for path in EXAMPLES if json.loads(path.read_text("utf-8"))["document_type"] == report_type.id]
    data = loads(chance.choice(sources).read_bytes(), report_type)
    data["projects"] = data.get("projects", [])[:3]
    book = write(report_type, randomly(chance, data), copies=3)
    assert without_any(book) == []
    assert differing(book, office) == {}
