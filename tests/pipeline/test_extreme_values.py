"""Nothing that a clerk types is a fault of ours: any content in any cell, through the commands that people use."""

import json
import time

import evaluations
import plans
import pytest
from extreme_values import CONTENTS, FormInParts
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from perfxl import checks
from perfxl.cli.main import main
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog

FORMS = {
    "performance_plan": FormInParts(plans.book({})),
    "self_evaluation": FormInParts(evaluations.book(evaluations.REPORT)),
}


def told_of(path, capsys):
    """What `report --draft` says of a workbook, having come to an end of its own."""
    status = main(["report", str(path), "--draft", "--contents", "estimate", "--json"])
    caught = capsys.readouterr()
    assert status in (0, 1), caught.err
    told = json.loads(caught.out)
    assert [finding for finding in told["findings"] if finding["code"] in ("V21", "T15")] == []
    return told


def test_every_type_that_comes_with_the_program_has_a_form_here():
    assert sorted(FORMS) == catalog.available(catalog.home())


@pytest.mark.parametrize("type_id", FORMS)
def test_whatever_stands_in_the_cells_the_commands_come_to_an_end(type_id, tmp_path, capsys):
    form = FORMS[type_id]
    book = tmp_path / "x.xlsx"

    # Shrinking takes minutes here; what was found says enough.
    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.dictionaries(st.sampled_from(form.paths), CONTENTS, min_size=1, max_size=8))
    def holds(contents):
        book.write_bytes(form.saying(contents))
        told_of(book, capsys)

    holds()


@pytest.mark.parametrize("type_id", FORMS)
@pytest.mark.parametrize(
    "content",
    [
        ",",
        "0",
        "-5",
        "20226",
        "10000",
        "9" * 31,
        "7" * 4301,
        "1E+999999999",
        "²",
        "一" * 5000,
        "千元",
        1e308,
        5e-324,
        -1,
        True,
    ],
    ids=lambda content: str(content)[:12],
)
def test_one_content_in_every_cell_at_once(type_id, content, tmp_path, capsys):
    form = FORMS[type_id]
    book = tmp_path / "x.xlsx"
    book.write_bytes(form.saying(dict.fromkeys(form.paths, content)))
    told_of(book, capsys)


YEARS = {"performance_plan": "基本信息", "self_evaluation": "基本情况"}


@pytest.mark.parametrize("type_id", FORMS)
@pytest.mark.parametrize("year", [20226, 0, -5, 10000, "20226", "9" * 31])
def test_a_wrong_year_is_told_at_its_cell_and_the_other_rules_go_on(type_id, year):
    record = FORMS[type_id].saying({("fiscal_year",): year})
    found = examine(record, "x.xlsx", catalog.home()).findings
    assert {(finding.code[0], finding.severity) for finding in found if finding.field == "fiscal_year"} == {
        ("V", "error")
    }
    assert [finding.code for finding in found if finding.code in ("D06", "D10", "V21")] == []


def test_a_rule_that_fails_costs_itself_alone_and_is_told(monkeypatch):
    wrong = {"projects[0].budget_amount": 0, "projects[0].fiscal_funds": 0}
    before = [code for code, _ in plans.found(plans.book(wrong))]
    assert "M03" in before

    def falls_over(record, _profile):
        yield from ()
        raise ZeroDivisionError(record.values["fiscal_year"])

    everything = checks.rules
    monkeypatch.setattr(checks, "rules", lambda family: (falls_over, *everything(family)))
    examination = examine(plans.book(wrong), "x", plans.HOME)
    found = [finding for finding in examination.findings if finding.code == "V21"]
    assert [finding.code for finding in examination.findings if finding.code != "V21"] == before
    assert {finding.severity for finding in found} == {"warning"}
    assert "“falls_over”没有做完（ZeroDivisionError: 2025）" in found[0].message


FIELDS = [("projects", 1, "indicators", 5, "measure_unit"), ("projects", 1, "indicators", 4, "target_basis")]


@pytest.mark.parametrize("path", FIELDS, ids=lambda path: path[-1])
@pytest.mark.parametrize("piece", ["<=>", "廿", "一", "培训", "1,"])
def test_a_long_text_takes_no_more_than_in_proportion(piece, path):
    """Of processor time, whatever else the machine does; ten times the length may take thirty times as long."""
    taken = []
    for length in (1_200, 12_000):
        book = FORMS["performance_plan"].saying({path: (piece * length)[:length]})
        began = time.process_time()
        examine(book, "x.xlsx", plans.HOME)
        taken.append(time.process_time() - began)
    assert taken[1] < 30 * max(taken[0], 0.05)
