"""The height of a row is that of its highest cell, however little of it has to be looked at."""

from __future__ import annotations

import random

import pytest

from perfxl.document.contents.paragraph_styles import ParagraphShape
from perfxl.document.contents.row_heights import height, read_row, read_table

SHAPE = ParagraphShape(line=400, exact=True)
LINE, BORDER = 400, 10
FRAME = '<w:tbl><w:tblGrid><w:gridCol w:w="1266"/><w:gridCol w:w="2316"/><w:gridCol w:w="2316"/></w:tblGrid>'
MERGE = '<w:tcPr><w:vMerge w:val="{}"/></w:tcPr>'


def cell(text, merge=""):
    properties = MERGE.format(merge) if merge else ""
    return f"<w:tc>{properties}<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


@pytest.fixture
def row():
    """Reads a row of three cells, of 5, 10 and 10 characters a line; a text of `SLOT` is the row's own."""

    def make(*cells, properties=""):
        markup = f"<w:tr>{properties}{''.join(cells)}</w:tr>"
        return read_row(markup, read_table(FRAME), lambda _: SHAPE)

    return make


def high(kind, *texts, going_on=(), needs=None, broken=False):
    return height(kind, texts, frozenset(going_on), {} if needs is None else needs, broken=broken)


def test_the_text_that_takes_most_lines_counts(row):
    kind = row(cell("\0"), cell("\0"), cell("固定"))
    assert high(kind, "一", "一" * 10) == LINE + BORDER
    assert high(kind, "一" * 11, "一" * 11) == 3 * LINE + BORDER
    assert high(kind, "", "一" * 31) == 4 * LINE + BORDER
    assert high(row(cell("\0"), cell("固" * 25)), "一") == 3 * LINE + BORDER


def test_a_cell_over_several_rows_counts_where_it_ends(row):
    begins, goes_on = row(cell("\0", "restart"), cell("\0")), row(cell("", "continue"), cell("\0"))
    needs: dict[int, int] = {}
    assert high(begins, "一" * 20, "一", going_on={0}, needs=needs) == LINE + BORDER
    assert needs == {0: 3 * LINE}
    assert high(goes_on, "一", going_on={0}, needs=needs) == LINE + BORDER
    assert high(goes_on, "一", needs=needs) == 2 * LINE - BORDER
    assert needs == {}
    assert high(begins, "一" * 20, "一", needs=needs) == 4 * LINE + BORDER


def test_a_height_that_is_given_is_kept_or_exceeded(row):
    said = '<w:trPr><w:trHeight w:val="900"{}/></w:trPr>'
    exact, least = (row(cell("\0"), properties=said.format(word)) for word in (' w:hRule="exact"', ""))
    assert (high(exact, "一" * 20), high(least, "一"), high(least, "一" * 20)) == (900, 900, 4 * LINE + BORDER)


@pytest.mark.parametrize("seed", range(20))
def test_it_makes_no_difference_whether_line_ends_are_looked_for(row, seed):
    chance = random.Random(seed)
    merges = [chance.choice(["", "", "restart", "continue"]) for _ in range(3)]
    texts = [chance.choice(["\0", "\0", "固" * chance.randrange(30), "前\0后"]) for _ in range(3)]
    kind = row(*map(cell, texts, merges))
    own = ["一" * chance.randrange(40) for text in texts if "\0" in text]
    going_on = {column for column in range(3) if chance.random() < 0.4}
    needs = {column: chance.randrange(3000) for column in range(3) if chance.random() < 0.5}
    quick, thorough = dict(needs), dict(needs)
    found = high(kind, *own, going_on=going_on, needs=quick)
    assert found == high(kind, *own, going_on=going_on, needs=thorough, broken=True)
    assert quick == thorough
