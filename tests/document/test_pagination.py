"""Where pages end: what just fits stays, what just does not goes on, and what belongs together goes together."""

import pytest

from perfxl.document.contents.pagination import PageLayout, PageSize, page_of, paragraph, placed, table
from perfxl.document.contents.paragraph_styles import ParagraphShape, shapes
from perfxl.document.contents.row_heights import BORDER, read_row, read_table

ROOM = 1000


def piece(high, *marks, before=0, new_page=False, keep=False, repeated=0, divided=False):
    return before, high, new_page, keep, repeated, divided, marks


def pages(*pieces, first=1):
    found, last = placed(pieces, ROOM, first)
    return [page for _, page in sorted(found.items())], last


@pytest.mark.parametrize(("high", "expected"), [(400, [1, 1]), (401, [1, 2])])
def test_a_piece_that_just_fits_stays_and_one_that_does_not_goes_on(high, expected):
    assert pages(piece(600, "a"), piece(high, "b")) == (expected, expected[-1])


@pytest.mark.parametrize(("before", "expected"), [(100, 1), (101, 2)])
def test_the_space_above_counts_too(before, expected):
    assert pages(piece(600, "a"), piece(300, "b", before=before)) == ([1, expected], expected)


def test_a_page_begins_anew_where_it_is_asked_for_and_not_twice():
    assert pages(piece(10, "a", new_page=True), piece(10, "b", new_page=True), piece(10, "c")) == ([1, 2, 2], 2)


def test_the_first_page_may_have_any_number():
    assert pages(piece(1000, "a"), piece(1, "b"), first=7) == ([7, 8], 8)
    assert placed([], ROOM, 7) == ({}, 7)


@pytest.mark.parametrize(("high", "expected"), [(100, [1, 1, 1]), (101, [1, 2, 2])])
def test_what_stays_with_the_next_goes_with_it(high, expected):
    assert pages(piece(600, "a"), piece(300, "b", keep=True), piece(high, "c"))[0] == expected


def test_a_chain_of_what_stays_together_goes_as_one():
    chain = [piece(200, "b", keep=True), piece(200, "c", keep=True), piece(200, "d")]
    assert pages(piece(400, "a"), *chain)[0] == [1, 1, 1, 1]
    assert pages(piece(401, "a"), *chain)[0] == [1, 2, 2, 2]
    # A page that is asked for in the middle ends the chain.
    chain[1] = piece(200, "c", keep=True, new_page=True)
    assert pages(piece(401, "a"), *chain)[0] == [1, 1, 2, 2]


def test_a_chain_that_is_higher_than_a_page_is_broken_where_the_page_ends():
    assert pages(*(piece(400, name, keep=True) for name in "abcde")) == ([1, 1, 2, 2, 3], 3)


@pytest.mark.parametrize(("high", "after", "last"), [(1000, 1, 2), (1001, 2, 2), (2000, 2, 3), (2001, 3, 3)])
def test_a_row_that_is_higher_than_a_page_is_divided(high, after, last):
    """`after` is the page on which it ends, where what follows would have to fit."""
    assert pages(piece(high, "a", divided=True))[1] == after
    assert pages(piece(high, "a", divided=True), piece(999, "b")) == ([1, last], last)
    assert pages(piece(high, "a"), piece(1, "b"))[0] == [1, 2]


def test_header_rows_come_again_where_a_page_begins():
    header = piece(200, "a", keep=True)
    rows = [piece(400, name, repeated=200) for name in "bcdef"]
    # 200 + 2·400 fill the first page; the others hold the header and two rows.
    assert pages(header, *rows) == ([1, 1, 1, 2, 2, 3], 3)
    rows = [piece(401, name, repeated=200) for name in "bcdef"]
    assert pages(header, *rows) == ([1, 1, 2, 3, 4, 5], 5)


def test_headers_as_high_as_the_page_do_not_go_on_for_ever():
    assert pages(piece(1500, "a", repeated=1000, divided=True))[1] == 1


# Paragraphs


def parted(lines, **words):
    """The heights of the pieces of a paragraph of so many lines, each of 100."""
    shape = ParagraphShape(**{"line": 100, "exact": True, **words})
    pieces = []
    paragraph(["一"] * lines, shape, PageSize(), pieces, breaks=False, marks=("m",))
    return pieces


@pytest.mark.parametrize(
    ("lines", "widow", "expected"),
    [
        (1, True, [100]), (2, True, [200]), (3, True, [300]), (4, True, [200, 200]), (6, True, [200, 100, 100, 200]),
        (1, False, [100]), (2, False, [100, 100]), (3, False, [100, 100, 100]),
    ],
)  # fmt: skip
def test_no_line_stands_alone_on_a_page_unless_it_may(lines, widow, expected):
    assert [high for _, high, *_ in parted(lines, widow=widow)] == expected


def test_a_paragraph_that_is_kept_whole_is_one_piece():
    assert [one[1] for one in parted(9, keep_lines=True)] == [900]


def test_space_stands_above_the_first_line_and_below_the_last():
    first, middle, last = parted(5, before=30, after=20, keep_next=True, break_before=True)
    assert first == (30, 200, True, False, 0, False, ("m",))
    assert middle == (0, 100, False, False, 0, False, ())
    assert last == (0, 220, False, True, 0, False, ())
    assert parted(2, before=30, after=20, keep_next=True) == [(30, 220, False, True, 0, False, ("m",))]


# Tables


def test_the_rows_of_a_table_have_its_border_below_the_last_and_their_header_above():
    frame = '<w:tbl><w:tblGrid><w:gridCol w:w="5000"/></w:tblGrid>'
    cell = "<w:tc><w:p><w:r><w:t>\0</w:t></w:r></w:p></w:tc>"
    shape = ParagraphShape(line=400, exact=True)

    def kind(properties=""):
        return read_row(f"<w:tr>{properties}{cell}</w:tr>", read_table(frame), lambda _: shape)

    pieces = []
    kinds = [kind("<w:trPr><w:tblHeader/></w:trPr>"), kind(), kind()]
    table(kinds, [["头"], ["一"], ["二"]], [(), ("m",), ()], pieces, broken=False)
    high = 400 + BORDER
    assert pieces == [
        (0, high, False, True, 0, True, ()),
        (0, high, False, False, high, True, ("m",)),
        (0, high + BORDER, False, False, high, True, ()),
    ]


# Sections


def test_the_page_is_what_the_section_says_and_letters_of_word_where_it_says_nothing():
    assert page_of("<w:sectPr/>") == PageSize(9026, 13958, False)
    said = (
        '<w:sectPr><w:pgSz w:w="10000" w:h="20000"/><w:type w:val="continuous"/>'
        '<w:pgMar w:top="1000" w:right="300" w:bottom="-500" w:left="700"/></w:sectPr>'
    )
    assert page_of(said) == PageSize(9000, 18500, True)


def body(*blocks):
    return f"<w:document><w:body>{''.join(blocks)}<w:sectPr/></w:body></w:document>"


def heading(number):
    name = f'<w:bookmarkStart w:id="{number}" w:name="_Toc{number}"/>'
    return f"<w:p>{name}<w:r><w:t>题目</w:t></w:r></w:p>"


SECTION = "<w:p><w:pPr><w:sectPr>{}</w:sectPr></w:pPr></w:p>"


def test_a_section_begins_a_page_unless_it_goes_on():
    layout = PageLayout(shapes(None))
    new = body(heading(1), SECTION.format(""), heading(2))
    assert layout.pages(new) == {"_Toc1": 1, "_Toc2": 2}
    last = '<w:sectPr><w:type w:val="continuous"/></w:sectPr>'
    going_on = new.replace("<w:sectPr/></w:body>", f"{last}</w:body>")
    assert layout.pages(going_on) == {"_Toc1": 1, "_Toc2": 1}


def test_a_page_break_in_a_paragraph_begins_a_page():
    layout = PageLayout(shapes(None))
    broken = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    assert layout.pages(body(heading(1), broken, heading(2), heading(3))) == {"_Toc1": 1, "_Toc2": 2, "_Toc3": 2}
