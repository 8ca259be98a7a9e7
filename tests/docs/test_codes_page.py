"""docs/codes.md says what the catalogue says."""

import re
import runpy
from pathlib import Path

import pytest

from perfxl.model.finding import catalogue

TOOL = Path(__file__).resolve().parents[2] / "tools" / "make_codes_page.py"
WORDS = re.compile(r"\{\w+\}")


def test_the_page_is_fresh():
    tool = runpy.run_path(str(TOOL))
    assert tool["PAGE"].read_text("utf-8") == tool["page"](), "run python -m tools.make_codes_page"


def test_codes_stand_in_the_order_of_the_manual():
    order = "FTVDMKLSWBX"
    codes = list(catalogue())
    assert codes == sorted(codes, key=lambda code: (order.index(code[0]), code[1:]))


def test_titles_are_short_and_tell_codes_apart():
    titles = [entry.title for entry in catalogue().values()]
    assert len(set(titles)) == len(titles)
    assert [title for title in titles if not 3 <= len(title) <= 14 or title[-1] in "。，…"] == []


@pytest.mark.parametrize("code", catalogue())
def test_an_entry_says_what_is_there_and_what_to_do_in_chinese(code):
    entry = catalogue()[code]
    assert entry.message.endswith("。") or entry.message == "{problem}"
    assert WORDS.sub("", entry.cure or entry.hint).strip(), "nothing to do about it"
    assert (entry.cure or entry.hint).endswith("。")
    assert entry.cause.endswith("。")
    assert entry.example
    said = WORDS.sub("", entry.title + entry.message + entry.hint + entry.cure + entry.cause)
    english = set(re.findall(r"[A-Za-z]{2,}", said)) - {
        "Excel",
        "Word",
        "WPS",
        "MB",
        "xlsx",
        "xlsm",
        "et",
        "xls",
        "XX",
        "PDF",
        "doc",
        "docx",
        "pdf",
        "rtf",
        "wps",
        "csv",
        "CSV",
        "json",
        "JSON",
        "xlsb",
        "ods",
        "LibreOffice",
        "type",
        "perfxl",
        "import",
        "columns",
    }
    assert not english


def test_every_finding_says_on_what_it_rests():
    assert [entry.code for entry in catalogue().values() if not entry.source] == []
