"""The first Word template of a drawn form: the drawing as tables, with a tag in every cell that is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from perfxl.authoring.drawing import DrawnCell
from perfxl.authoring.drawn_type import DrawnType, PlacedList, PlacedSheet
from perfxl.storage.zip_archive import write_parts

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = "application/vnd.openxmlformats-package.core-properties"
_CORE_LINK = f"{_PACKAGE}/relationships/metadata/core-properties"
_PORTRAIT, _LANDSCAPE = (11906, 16838), (16838, 11906)  # twentieths of a point: A4
_MARGIN = 1134
_ALIGNED = {"left": "left", "center": "center", "right": "right"}


def template(drawn: DrawnType) -> bytes:
    """Return a Word template that prints everything of a type, as it is drawn: the same bytes for the same drawing."""
    sections = [sheet for sheet in drawn.sheets if sheet.fields or sheet.lists]
    body = ""
    for index, sheet in enumerate(sections):
        width = (_LANDSCAPE if sheet.drawn.landscape else _PORTRAIT)[0] - 2 * _MARGIN
        body += "".join(_Sheet(sheet, drawn, width).blocks())
        last = index == len(sections) - 1
        body += _section(sheet) if last else f"<w:p><w:pPr>{_section(sheet)}</w:pPr></w:p>"
    document = f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}</w:body></w:document>'
    return write_parts({name: f"{_XML}{xml}".encode() for name, xml in _parts(document, drawn.schema["title"]).items()})


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _section(sheet: PlacedSheet) -> str:
    width, height = _LANDSCAPE if sheet.drawn.landscape else _PORTRAIT
    turned = ' w:orient="landscape"' if sheet.drawn.landscape else ""
    sides = " ".join(f'w:{side}="{_MARGIN}"' for side in ("top", "right", "bottom", "left"))
    return (
        f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar {sides} w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
    )


class _Sheet:
    """One drawn sheet as paragraphs and one table."""

    def __init__(self, sheet: PlacedSheet, drawn: DrawnType, width: int) -> None:
        self._sheet, self._drawn = sheet, drawn
        whole = sum(sheet.drawn.widths) or 1
        self._grid = [max(200, int(width * each / whole)) for each in sheet.drawn.widths]
        self._cells = {
            (row, column): cell
            for cell in sheet.drawn.cells
            for row in range(cell.at.top, cell.at.bottom + 1)
            for column in range(cell.at.left, cell.at.right + 1)
        }
        self._tags = {id(cell): key for key, cell in sheet.fields.items()}
        for known in sheet.lists:
            self._tags |= {id(cell): key for key, cell in known.columns.items()}
        self._last = max((cell.at.bottom for cell in sheet.drawn.cells), default=0)

    def blocks(self) -> Iterator[str]:
        """Yield paragraphs and tables, inside the loop over the items where each has such a sheet."""
        each = self._sheet.each
        if each:
            yield _paragraph(f"{{%p for 项 in {each} %}}", {})
        rows: list[str] = []
        row = 1
        while row <= self._last:
            known = next((one for one in self._sheet.lists if one.top == row), None)
            line = self._line(row)
            if known:
                rows += self._loop(known)
                row = known.drawn
            elif line is not None:
                if rows:
                    yield self._table(rows)
                    rows = []
                yield line
            else:
                rows.append(self._row(row))
            row += 1
        if rows:
            yield self._table(rows)
        if each:
            yield _paragraph("{%p endfor %}", {})

    def _line(self, row: int) -> str | None:
        """Return a row without a frame as a paragraph, for titles and notes; None where it is one of the table."""
        there = list(dict.fromkeys(cell for (top, _), cell in self._cells.items() if top == row))
        if any(cell.bordered or cell.at.bottom > cell.at.top for cell in there):
            return None
        texts = [self._text(cell) for cell in sorted(there, key=lambda cell: cell.at.left)]
        look = there[0].look if there else {}
        return _paragraph("　".join(text for text in texts if text), {**look, "border": 0})

    def _loop(self, known: PlacedList) -> Iterator[str]:
        each = "项." if self._sheet.each else ""
        name = known.key.rpartition(".")[2] if self._sheet.each else known.key
        merged = [key.rpartition(".")[2] for key in self._drawn.merged if key in known.columns]
        spans = " | spans({})".format(", ".join(f'"{column}"' for column in merged)) if merged else ""
        span = len(self._grid)
        yield _row(_cell(sum(self._grid), span, "", _paragraph(f"{{%tr for 行 in {each}{name}{spans} %}}", {})))
        yield self._row(known.top, merged)
        yield _row(_cell(sum(self._grid), span, "", _paragraph("{%tr endfor %}", {})))

    def _row(self, row: int, merged: list[str] | None = None) -> str:
        cells, column = [], 1
        while column <= len(self._grid):
            cell = self._cells.get((row, column))
            if cell is None:
                cells.append(_cell(self._grid[column - 1], 1, "", _paragraph("", {})))
                column += 1
                continue
            width = sum(self._grid[cell.at.left - 1 : cell.at.right])
            state = "" if cell.at.top == cell.at.bottom else "restart" if row == cell.at.top else "continue"
            text = self._text(cell) if row == cell.at.top else ""
            name = self._tags.get(id(cell), "").rpartition(".")[2]
            if merged and name in merged:
                text = f"{{% merge 行.starts.{name} %}}{text}"
            cells.append(_cell(width, cell.at.right - cell.at.left + 1, state, _paragraph(text, cell.look)))
            column = cell.at.right + 1
        return _row("".join(cells), self._sheet.drawn.heights.get(row, 0.0))

    def _text(self, cell: DrawnCell) -> str:
        key = self._tags.get(id(cell))
        if key is None:
            return cell.text
        around, _, name = key.rpartition(".")
        in_list = any(key in known.columns for known in self._sheet.lists)
        path = f"行.{name}" if in_list else f"项.{name}" if around else name
        node = self._drawn.kinds.get(key, "")
        return f"{{{{ {path} | lines }}}}" if node in ("多行", "文字") else f"{{{{ {path} }}}}"

    def _table(self, rows: list[str]) -> str:
        edges = "".join(
            f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self._grid)
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(self._grid)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{''.join(rows)}</w:tbl>" + _paragraph("", {})
        )


def _paragraph(text: str, look: object) -> str:
    found = look if isinstance(look, dict) else {}
    size = int(float(found.get("font_size", 10.5)) * 2)
    font = escape(str(found.get("font_name", "宋体")), {'"': "&quot;"})
    align = _ALIGNED.get(str(found.get("align", "")), "")
    properties = f'<w:pPr><w:jc w:val="{align}"/></w:pPr>' if align else ""
    bold = "<w:b/>" if found.get("bold") else ""
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:hint="eastAsia"/>'
    run = f'<w:r><w:rPr>{fonts}{bold}<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p>{properties}{run if text else ''}</w:p>"


def _cell(width: int, span: int, state: str, inside: str) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = f'<w:vMerge w:val="{state}"/>' if state else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{spanned}{merged}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def _row(cells: str, height: float = 0.0) -> str:
    at_least = f'<w:trHeight w:val="{int(height * 20)}" w:hRule="atLeast"/>' if height else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{at_least}</w:trPr>{cells}</w:tr>"


def _parts(document: str, title: str) -> dict[str, str]:
    fonts = '<w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/>'
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/>'
            f'<Override PartName="/docProps/core.xml" ContentType="{_CORE}+xml"/>'
            "</Types>"
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{_CORE_LINK}" Target="docProps/core.xml"/>'
            "</Relationships>"
        ),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/></Relationships>'
        ),
        "word/styles.xml": (
            f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val="21"/></w:rPr>'
            '</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
            '<w:name w:val="Normal"/></w:style></w:styles>'
        ),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>'
        ),
    }
