"""Thousands of workbooks with something wrong in their XML: both readers give the same cells, or one gives none."""

import sys
from pathlib import Path

import pytest
from test_fast_reader import SHEET, archive, by_xlsxwriter, parts

from perfxl.fast.workbook.reader import read_fast
from perfxl.workbook.reading.reader import read

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import reader_mutants

NUMBER = 1_200  # `python tools/reader_mutants.py -n 100000` is the long run


@pytest.mark.parametrize("quarter", range(4))
def test_the_readers_agree_on_mutants(quarter):
    found = {}
    answered = 0
    for mutant in reader_mutants.mutants(NUMBER // 4, reader_mutants.SEED + quarter):
        answered += read_fast(mutant.data) is not None
        if wrong := reader_mutants.fault(mutant.data):
            found[mutant.done] = wrong
    assert found == {}
    assert answered > NUMBER // 4 // 6


CELLS_WITHOUT_A_PLACE = b"<row>" + b"<c><v>1</v></c>" * 18_279 + b"</row>"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b"</sheetData>", b'<row r="90"><c r="A0"><v>1</v></c></row></sheetData>'),
        (SHEET, b"</sheetData>", CELLS_WITHOUT_A_PLACE + b"</sheetData>"),
        (SHEET, b"</mergeCells>", b'</mergeCells><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
        (
            "xl/styles.xml",
            b"<cellXfs",
            b'<cellXfs count="1"><xf numFmtId="9"><xf numFmtId="9"/></xf></cellXfs><cellXfs',
        ),
        ("xl/styles.xml", b"</cellXfs>", b'<xf numFmtId="9"><xf numFmtId="14"/></xf></cellXfs>'),
        ("xl/_rels/workbook.xml.rels", b"UTF-8", b"nothing"),
        ("xl/workbook.xml", b"UTF-8", b"b"),
    ],
)
def test_what_once_told_the_readers_apart(part, old, new, capsys):
    def fill(book):
        sheet = book.add_worksheet("表")
        sheet.merge_range(0, 0, 0, 3, "合并")
        sheet.write(3, 0, 0.5, book.add_format({"num_format": "0%"}))

    contents = parts(by_xlsxwriter(fill))
    assert old in contents[part]
    contents[part] = contents[part].replace(old, new, 1)
    assert reader_mutants.fault(archive(contents)) == ""
    assert read(archive(contents)) is not None
    assert capsys.readouterr().out == ""
