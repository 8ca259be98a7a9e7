"""Writes Word documents as different programs write them, from paragraphs and tables in the form of `originals.reader`.

A table is rows of cells of paragraphs; a cell without paragraphs continues the one above it. Rows with fewer cells
than others have wider ones, as in the published forms: the first column is the label, the others share the rest.
"""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = (
    f'<w:document xmlns:w="{W}" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><w:body>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>{more}</Types>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
UNITS = 12  # of the grid beside the column of labels


def package(body: str, **parts: str) -> bytes:
    """Return the .docx with that body; `parts` are further parts by kind (`numbering`, `styles`, `header` …)."""
    overrides = "".join(
        f'<Override PartName="/word/{kind}.xml" ContentType="{_PART.format(kind=kind)}"/>' for kind in parts
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{kind}" Target="{kind}.xml"/>'
        for number, kind in enumerate(parts, 10)
    )
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES.format(more=overrides))
        archive.writestr("_rels/.rels", _RELS)
        archive.writestr("word/document.xml", f"{_HEAD}{body}<w:sectPr/></w:body></w:document>")
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
            "</Relationships>",
        )
        for kind, content in parts.items():
            archive.writestr(f"word/{kind}.xml", content)
    return result.getvalue()


def word(blocks) -> bytes:
    """As Word writes it: a run a paragraph, merged cells by gridSpan and vMerge."""
    return package("".join(paragraph(block) if isinstance(block, str) else table(block) for block in blocks))


def wps(blocks) -> bytes:
    """As WPS writes it: text torn into runs, marks of spelling between them, insertions, a content control."""
    body = "".join(torn(block) if isinstance(block, str) else table(block, write=torn, hint=True) for block in blocks)
    return package(f"<w:sdt><w:sdtPr/><w:sdtContent>{body}</w:sdtContent></w:sdt>")


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}{_run(text)}</w:p>"


def torn(text: str, properties: str = "") -> str:
    """A paragraph in runs of three characters; every other one is a tracked insertion."""
    runs = [_run(text[at : at + 3], ' w:hint="eastAsia"') for at in range(0, len(text), 3)]
    marked = [f'<w:ins w:id="{at}" w:author="a">{run}</w:ins>' if at % 2 else run for at, run in enumerate(runs)]
    return f'<w:p>{properties}<w:bookmarkStart w:id="0" w:name="_GoBack"/>{"<w:proofErr/>".join(marked)}</w:p>'


def _run(text: str, hint: str = "") -> str:
    lines = [
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in line.split("\t"))
        for line in text.split("\n")
    ]
    fonts = f"<w:rPr><w:rFonts{hint}/></w:rPr>" if hint else ""
    return f"<w:r>{fonts}{'<w:br/>'.join(lines)}</w:r>" if text else ""


def table(rows, write=paragraph, hint=False, labels=True) -> str:
    """A table; `labels` says whether the first column is narrower than what the others share."""
    most = max(len(row) for row in rows)
    even = all(len(row) == most for row in rows)
    widths = [9160 // most] * most if even else [1240, *[660] * UNITS]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    text = (
        f'<w:tblPr><w:tblW w:w="9160" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )
    for number, row in enumerate(rows):
        cells = ""
        left = 0
        covered = [7, 6] if not number and len(row) == 2 and not even else spans(len(row), even)
        for at, (cell, span) in enumerate(zip(row, covered, strict=True)):
            wide, left = sum(widths[left : left + span]), left + span
            below = rows[number + 1] if number + 1 < len(rows) else []
            merge = "" if cell else "<w:vMerge/>"
            if cell and at < len(below) and below[at] == []:
                merge = '<w:vMerge w:val="restart"/>'
            width = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
            inside = "".join(each if each.startswith("<w:tbl>") else write(each) for each in (cell or [""]))
            cells += f"<w:tc><w:tcPr><w:tcW w:w='{wide}' w:type='dxa'/>{width}{merge}</w:tcPr>{inside}</w:tc>"
        text += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl>{text}</w:tbl>"


def spans(cells: int, even: bool) -> list[int]:
    """How many columns of the grid each cell of a row covers."""
    if even:
        return [1] * cells
    if cells == 2:
        return [1, UNITS]
    if UNITS % (cells - 1):
        rest = UNITS - (cells - 2) * (UNITS // (cells - 1))
        return [1, *[UNITS // (cells - 1)] * (cells - 2), rest]
    return [1, *[UNITS // (cells - 1)] * (cells - 1)]


def text_box(inside: str) -> str:
    """A paragraph on which a text box hangs, in the two forms in which Word writes it."""
    shape = f"<wps:wsp><wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx></wps:wsp>"
    old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{inside}</w:txbxContent></v:textbox></v:shape></w:pict>"
    return (
        f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData>'
        f"{shape}</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback>{old}</mc:Fallback>"
        f"</mc:AlternateContent></w:r></w:p>"
    )


def grid(rows) -> str:
    """A table from rows of texts, all of one length: `<` widens the cell to its left, `^` continues the one above."""
    widths = [9160 // len(rows[0])] * len(rows[0])
    text = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    text = f'<w:tblPr><w:tblW w:w="9160" w:type="dxa"/></w:tblPr><w:tblGrid>{text}</w:tblGrid>'
    for number, row in enumerate(rows):
        assert len(row) == len(widths), row
        cells, at = "", 0
        while at < len(row):
            span = 1
            while at + span < len(row) and row[at + span] == "<":
                span += 1
            below = rows[number + 1][at] if number + 1 < len(rows) else ""
            merge = "<w:vMerge/>" if row[at] == "^" else '<w:vMerge w:val="restart"/>' if below == "^" else ""
            wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
            inside = "".join(map(paragraph, ("" if row[at] == "^" else row[at]).split("\n")))
            cells += f"<w:tc><w:tcPr>{wide}{merge}</w:tcPr>{inside}</w:tc>"
            at += span
        text += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl>{text}</w:tbl>"


def document(*blocks) -> bytes:
    """A document of paragraphs (texts) and tables (rows of texts)."""
    return package("".join(paragraph(block) if isinstance(block, str) else grid(block) for block in blocks))
