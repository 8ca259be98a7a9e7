"""What perfxl prints it reads back, value for value."""

import json
from decimal import Decimal
from io import BytesIO
from random import Random
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_import import random_data
from perfxl.model.record import leaves, names_only
from perfxl.pipeline.document_intake import take_in
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.report_type import catalog
from perfxl.workbook.form.form import write

HOME = catalog.home()
EXAMPLES = sorted(path.stem for path in (HOME / "examples").glob("*.docx"))
# What no document shows: qualitative is what a target is whose sign is printed as nothing.
UNSHOWN = {"定性"}


def unprinted(report_type):
    """The paths of what the documents of a type do not show."""

    def walk(node, path):
        for key, member in node.get("properties", {}).items():
            if member.get("x-printed") is False:
                yield (*path, key)
            yield from walk(member.get("items", member), (*path, key))

    return set(walk(report_type.schema, ()))


def lost(report_type, given_values, found):
    """What was given and is printed, and was not found again."""
    silent = unprinted(report_type)
    there = dict(leaves(found))
    return {
        path: (value, there.get(path))
        for path, value in leaves(given_values)
        if not any(names_only(path)[:end] in silent for end in range(1, len(names_only(path)) + 1))
        and there.get(path) != value
        and value not in UNSHOWN
    }


def printed(values, look="standard"):
    report_type = catalog.load(HOME, values["document_type"])
    examination = examine(write(report_type, values), "表.xlsx", HOME)
    examination = examination._replace(profile=examination.profile._replace(layout=look))
    product = produce(examination, draft=True)
    assert product.document is not None
    return report_type, examination.record.values, product.document


def imported(document):
    intake = take_in(document, "文档.docx", HOME)
    assert intake.reading is not None
    return intake, examine(intake.workbook, "表.xlsx", HOME).record.values


@pytest.mark.parametrize("author", [random_data.plan, random_data.evaluation], ids=lambda each: each.__name__)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), look=st.sampled_from(("standard", "plain")))
def test_whatever_was_typed_comes_back(author, seed, look):
    report_type, values, document = printed(author(Random(seed)), look)
    intake, found = imported(document)
    assert intake.reading.report_type.id == report_type.id
    assert lost(report_type, values, found) == {}
    assert intake.reading.left == []


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("look", ["standard", "plain"])
def test_the_examples_come_back_in_every_look_and_as_drafts(name, look):
    data = json.loads((HOME / "examples" / f"{name}.json").read_text("utf-8"), parse_float=Decimal)
    report_type, values, document = printed(data, look)
    intake, found = imported(document)
    assert lost(report_type, values, found) == {}
    assert intake.reading.left == []


def test_a_document_of_what_was_read_is_the_same_document():
    path = HOME / "examples" / "linxi-gongshanglian-2023.docx"
    intake, _ = imported(path.read_bytes())
    again = produce(examine(intake.workbook, "表.xlsx", HOME), draft=True)
    first = produce(examine(path.with_suffix(".xlsx").read_bytes(), "表.xlsx", HOME), draft=True)
    assert word_text(again.document) == word_text(first.document)


def word_text(document):
    return ZipFile(BytesIO(document)).read("word/document.xml")
