"""The published plans as Word documents of many makes: every value in its field, every character accounted for."""

import pytest

from document_import import makes
from perfxl.document_import.docx_reader import read
from perfxl.document_import.recognition import recognise
from perfxl.model.record import leaves
from perfxl.report_type import catalog

HOME = catalog.home()
PLAN = catalog.load(HOME, "performance_plan")
SELF_EVALUATION = catalog.load(HOME, "self_evaluation")
REPORTS = {
    "tab stops": lambda blocks: blocks,
    "a table": makes.tables_of_tab_stops,
    "without empty paragraphs": lambda blocks: makes.without_empty_paragraphs(makes.tables_of_tab_stops(blocks)),
    "contents": lambda blocks: makes.with_contents(makes.tables_of_tab_stops(blocks)),
}


def values(data):
    """Values by path, blanks in texts aside: what of white space a table holds differs from make to make."""
    return {path: "".join(value.split()) if isinstance(value, str) else value for path, value in leaves(data)}


def imported(document):
    return recognise(read(document), PLAN)


@pytest.mark.parametrize("name", makes.PLANS)
@pytest.mark.parametrize("make", makes.PLAIN)
def test_a_plan_is_read_whatever_became_of_its_tables(name, make):
    reading = imported(makes.WRITERS["word"](makes.PLAIN[make](makes.original(name))))
    assert values(reading.values) == values(makes.data(name))
    left = [each.text for each in reading.left]
    assert left == (["备注"] * len(reading.values["projects"]) if make == "extra columns" else [])


@pytest.mark.parametrize("name", makes.PLANS)
@pytest.mark.parametrize("writer", makes.WRITERS)
def test_a_plan_is_read_whoever_wrote_the_file(name, writer):
    reading = imported(makes.WRITERS[writer](makes.original(name)))
    assert values(reading.values) == values(makes.data(name))
    assert reading.left == []
    assert reading.account.placed == 100


@pytest.mark.parametrize(
    ("make", "writer"),
    [(make, writer) for make in REPORTS for writer in makes.WRITERS if (make, writer) != ("tab stops", "boxed")],
)
def test_a_report_is_read_section_by_section(make, writer):
    reading = recognise(read(makes.WRITERS[writer](REPORTS[make](makes.original(makes.EVALUATION)))), SELF_EVALUATION)
    assert values(reading.values) == values(makes.data(makes.EVALUATION))
    assert reading.left == []
