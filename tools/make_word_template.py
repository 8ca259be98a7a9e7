"""Writes the Word templates of a 部门预算绩效文本: `templates/performance_plan.docx` and `performance_plan.plain.docx`.

    python tools/make_word_template.py [FOLDER]

A template is made once here and edited in Word or WPS ever after, by whoever runs the office; this file is its origin
and keeps a fresh one at hand. Every tag stands in visible text. `word_layouts.py` holds what differs between the two
looks, `word_styles.py` the styles.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree
from word_layouts import LAYOUTS, Layout
from word_styles import NAMESPACES, font_table, styles

from perfxl.storage.zip_archive import write_parts

TARGET = Path(__file__).resolve().parent.parent / "templates"

LABEL = 1436  # six characters of 10.5 pt, the cell's margins and a little air: 资金支出计划|（%）
# 预算数 and 其他资金 on a line, 其中：财政|资金 on two; what is left holds amounts of 13 digits.
BUDGET, FISCAL = 810, 1170
_FIVE = 1360  # a column that is wider holds six characters


def run(text: str, properties: str = "") -> str:
    """A run. The hint makes quotation marks, dashes and ≥ ≤ Chinese characters instead of Western ones."""
    return (
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/>{properties}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def paragraph(style: str, text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{run(text)}</w:p>'


def tag(text: str) -> str:
    """A paragraph that is a tag and nothing else: it is gone from the document."""
    return paragraph("TemplateTag", text)


def cell(width: int, *paragraphs: str, span: int = 1, merge: str = "", borders: str = "") -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if span > 1:
        properties += f'<w:gridSpan w:val="{span}"/>'
    if merge:
        properties += f'<w:vMerge w:val="{merge}"/>'
    if borders:
        properties += f"<w:tcBorders>{borders}</w:tcBorders>"
    properties += '<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def row(*cells: str, header: bool = False, height: int = 454) -> str:
    repeated = "<w:tblHeader/>" if header else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{repeated}</w:trPr>'
        f"{''.join(cells)}</w:tr>"
    )


def table(grid: Sequence[int], *rows: str, caption: str, description: str, beside: int = 50, around: int = 20) -> str:
    """A table. `caption` and `description` are what a screen reader says of it; the margins are those of its cells."""
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for edge in edges)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    sides = (("top", around), ("left", beside), ("bottom", around), ("right", beside))
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f'<w:tblCaption w:val="{caption}"/><w:tblDescription w:val="{description}"/>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


class Columns:
    """The columns of a table whose rows are divided in different ways: one for each edge that some row has."""

    def __init__(self, *rows: Sequence[int]) -> None:
        """`rows` are the widths of the cells of each kind of row, all with the same sum."""
        self._edges = sorted({0, *(edge for row in rows for edge in accumulate(row))})

    @property
    def grid(self) -> list[int]:
        return [end - start for start, end in pairwise(self._edges)]

    def spans(self, row: Sequence[int]) -> list[int]:
        """Return how many columns each cell of a row takes."""
        places = [0, *(self._edges.index(edge) for edge in accumulate(row))]
        return [end - start for start, end in pairwise(places)]


def label(text: str, merge: str = "", narrower: int = 0) -> str:
    """The head of rows; see `narrow_head`."""
    return cell(LABEL, narrow_head(text, narrower), merge=merge)


def narrow_head(text: str, narrower: int) -> str:
    """The text of a head whose lines are shorter on either side, so that they end where words do."""
    return paragraph("TableHead", text, f'<w:ind w:left="{narrower}" w:right="{narrower}"/>' if narrower else "")


def continued() -> str:
    return cell(LABEL, paragraph("TableHead", ""), merge="continue")


def basic_table(layout: Layout) -> str:
    """Table A: code and name, budget and use, schedule, goals."""
    rest = layout.text_width - LABEL
    name = (rest - BUDGET - FISCAL) // 2
    amount = (rest - BUDGET - 2 * FISCAL) // 3
    quarter = rest // 4
    sixth = rest // 6
    above = (layout.text_width - 3 * sixth, 3 * sixth)
    code = (LABEL, name, FISCAL, rest - name - FISCAL)
    money = (LABEL, BUDGET, amount, FISCAL, amount, FISCAL, rest - BUDGET - 2 * FISCAL - 2 * amount)
    ends = (LABEL, quarter, quarter, quarter, rest - 3 * quarter)
    whole = (LABEL, rest)
    columns = Columns(above, code, money, ends, whole)

    def centred(text: str) -> tuple[str, str]:
        return "TableCentred", text

    def head(text: str) -> tuple[str, str]:
        return "TableHead", text

    def cells(widths: Sequence[int], *texts: tuple[str, str]) -> list[str]:
        return [
            cell(width, paragraph(*shown), span=span)
            for width, span, shown in list(zip(widths, columns.spans(widths), (("", ""), *texts), strict=True))[1:]
        ]

    borders = "".join(f'<w:{side} w:val="nil"/>' for side in ("top", "left", "right"))
    first, last = columns.spans(above)
    return table(
        columns.grid,
        row(
            cell(above[0], paragraph("TableText", "{{ unit_code }}{{ unit_name }}"), span=first, borders=borders),
            cell(above[1], paragraph("TableRight", "单位：{{ currency_unit }}"), span=last, borders=borders),
            height=397,
        ),
        row(
            label("项目编码"),
            *cells(
                code,
                centred("{{ project.project_code }}"),
                head("项目名称"),
                centred("{{ project.project_name | lines }}"),
            ),
        ),
        row(
            label("预算规模及资金用途", "restart", narrower=60),
            *cells(
                money,
                head("预算数"),
                centred("{{ project.budget_amount }}"),
                head("其中：财政资金"),
                centred("{{ project.fiscal_funds }}"),
                head("其他资金"),
                centred("{{ project.other_funds }}"),
            ),
        ),
        row(continued(), *cells(whole, ("TableText", "{{ project.use_of_funds | lines }}"))),
        row(
            label("资金支出计划（%）", merge="restart"),
            *cells(ends, *(head(f"{month}月底") for month in (3, 6, 10, 12))),
        ),
        row(
            continued(),
            *cells(
                ends,
                *(
                    centred(f"{{{{ project.expenditure_schedule.{end} }}}}")
                    for end in ("by_mar", "by_jun", "by_oct", "by_dec")
                ),
            ),
        ),
        row(label("绩效目标"), *cells(whole, ("TableText", "{{ project.performance_goals | lines }}"))),
        caption="项目信息",
        description="项目的编码、名称、预算数、资金用途、资金支出计划和绩效目标",
    )


def indicator_table(layout: Layout) -> str:
    """Table B: one row an indicator, equal 一级 and 二级 merged."""
    grid = layout.indicator_grid
    titles = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
    values = (
        ("TableCentred", "{% merge row.starts.dimension %}{{ row.dimension }}"),
        ("TableCentred", "{% merge row.starts.category %}{{ row.category }}"),
        ("TableText", "{{ row.name | lines }}"),
        ("TableText", "{{ row.description | lines }}"),
        ("TableCentred", "{{ (row.sign ~ row.target ~ row.measure_unit) | lines }}"),
        ("TableText", "{{ row.target_basis | lines }}"),
    )
    loop = '{%tr for row in project.indicators | spans("dimension", "category") %}'
    return table(
        grid,
        row(
            *(
                cell(w, narrow_head(t, 90 if t == titles[-1] and w > _FIVE else 0))
                for w, t in zip(grid, titles, strict=True)
            ),
            header=True,
        ),
        row(cell(sum(grid), tag(loop), span=6)),
        row(*(cell(w, paragraph(style, t)) for w, (style, t) in zip(grid, values, strict=True))),
        row(cell(sum(grid), tag("{%tr endfor %}"), span=6)),
        caption="绩效指标",
        description="项目的绩效指标，一行一个：一级、二级、三级指标，描述，指标值和确定依据",
    )


def contents() -> str:
    """目录: a field as Word makes it, with an entry to show how it looks; the real ones come with every document."""
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    code = r'<w:r><w:instrText xml:space="preserve"> TOC \o "1-2" \h \z \u </w:instrText></w:r>'
    entry = run("第一部分") + "<w:r><w:tab/><w:t>1</w:t></w:r>"
    gallery = '<w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
    return (
        f"<w:sdt><w:sdtPr><w:docPartObj>{gallery}</w:docPartObj></w:sdtPr><w:sdtContent>"
        + paragraph("TOCHeading", "目　录")
        + f'<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>{begin}{code}{separate}{entry}</w:p>'
        # Word ends the field in a paragraph of its own; as low as this it never makes a page.
        + f'<w:p><w:pPr><w:pStyle w:val="TOCEnd"/></w:pPr>{end}</w:p>'
        + "</w:sdtContent></w:sdt>"
    )


def body(layout: Layout) -> str:
    new_page = "<w:pageBreakBefore/>"
    return "".join(
        (
            paragraph("CoverUnit", "{{ unit_name }}"),
            paragraph("Title", "{{ fiscal_year }}年部门预算绩效文本"),
            tag("{%p if prepared_by %}"),
            paragraph("CoverLine", "{{ prepared_by }}编制"),
            tag("{%p endif %}"),
            tag("{%p if reviewed_by %}"),
            paragraph("CoverLine", "{{ reviewed_by }}审核"),
            tag("{%p endif %}"),
            contents(),
            paragraph("Heading1", "第一部分"),
            paragraph("PartTitle", "部门整体绩效目标"),
            paragraph("Heading2", "一、总体绩效目标", new_page),
            paragraph("BodyText", "{{ overall_goal | lines }}"),
            paragraph("Heading2", "二、分项绩效目标"),
            tag("{%p for goal in activity_goals %}"),
            paragraph("Heading3", "{{ goal.title }}"),
            paragraph("BodyText", '{{ goal.performance_goal | labelled("绩效目标：") }}'),
            paragraph("BodyText", '{{ goal.indicators | labelled("绩效指标：") }}'),
            tag("{%p endfor %}"),
            paragraph("Heading2", "三、工作保障措施"),
            paragraph("BodyText", "{{ safeguard_measures | lines }}"),
            paragraph("Heading1", "第二部分"),
            paragraph("PartTitle", "预算项目绩效目标"),
            # Code and currency unit stand above each project's table; a plan that has no project yet shows them here.
            tag("{%p if not projects %}"),
            paragraph("CoverLine", "{{ unit_code }}{{ unit_name }} 单位：{{ currency_unit }}"),
            tag("{%p endif %}"),
            tag("{%p for project in projects %}"),
            paragraph("ProjectTitle", "{{ loop.index }}.{{ project.project_name }}绩效目标表"),
            basic_table(layout),
            paragraph("TableGap", ""),
            indicator_table(layout),
            tag("{%p endfor %}"),
            # Word wants a paragraph after a table; as low as this it never makes a page of its own.
            paragraph("DocumentEnd", ""),
        )
    )


def margin(root: str, style: str, content: str) -> bytes:
    return part(f'<w:{root} {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p></w:{root}>')


def part(xml: str) -> bytes:
    return etree.tostring(etree.fromstring(xml), xml_declaration=True, encoding="UTF-8", standalone=True)


def section(layout: Layout) -> str:
    return (
        '<w:sectPr><w:headerReference w:type="even" r:id="rId4"/><w:headerReference w:type="default" r:id="rId5"/>'
        '<w:footerReference w:type="even" r:id="rId6"/><w:footerReference w:type="default" r:id="rId7"/>'
        '<w:headerReference w:type="first" r:id="rId8"/><w:footerReference w:type="first" r:id="rId9"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{layout.top}" w:right="{layout.right}"'
        f' w:bottom="{layout.bottom}" w:left="{layout.left}" w:header="{layout.header}" w:footer="{layout.footer}"'
        ' w:gutter="0"/><w:cols/><w:titlePg/></w:sectPr>'
    )


def parts(layout: Layout) -> dict[str, bytes]:
    """Return every part of the template by name."""
    draft = run("{% if draft %}草稿{% endif %}")
    digits = "<w:r><w:rPr><w:noProof/></w:rPr><w:t>1</w:t></w:r>"
    dashes = ("— ", " —") if layout.outside else ("", "")
    field = f'<w:fldSimple w:instr=" PAGE ">{digits}</w:fldSimple>'
    number = field.join(run(dash) if dash else "" for dash in dashes)
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    targets = (
        ("rId1", "styles", "styles.xml"), ("rId2", "settings", "settings.xml"), ("rId3", "fontTable", "fontTable.xml"),
        ("rId4", "header", "header1.xml"), ("rId5", "header", "header2.xml"),
        ("rId6", "footer", "footer1.xml"), ("rId7", "footer", "footer2.xml"),
        ("rId8", "header", "header3.xml"), ("rId9", "footer", "footer3.xml"),
    )  # fmt: skip
    relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
    overrides = [("/word/document.xml", main.format("document.main"))]
    overrides += [(f"/word/{target}", main.format(kind)) for _, kind, target in targets]
    overrides += [("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")]
    return {
        "[Content_Types].xml": part(
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides)
            + "</Types>"
        ),
        "_rels/.rels": part(
            f'<Relationships xmlns="{relationships}">'
            f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="word/document.xml"/>'
            '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/'
            'core-properties" Target="docProps/core.xml"/></Relationships>'
        ),
        "word/document.xml": part(
            f"<w:document {NAMESPACES}><w:body>{body(layout)}{section(layout)}</w:body></w:document>"
        ),
        "word/_rels/document.xml.rels": part(
            f'<Relationships xmlns="{relationships}">'
            + "".join(f'<Relationship Id="{i}" Type="{office}/{kind}" Target="{to}"/>' for i, kind, to in targets)
            + "</Relationships>"
        ),
        "word/styles.xml": part(styles(layout)),
        "word/settings.xml": part(
            f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
            '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting'
            ' w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
            '<w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"/></w:settings>'
        ),
        "word/fontTable.xml": part(font_table(layout)),
        "word/header1.xml": margin("hdr", "Header", draft),
        "word/header2.xml": margin("hdr", "Header", draft),
        "word/header3.xml": margin("hdr", "Header", draft),
        "word/footer1.xml": margin("ftr", "FooterEven", number),
        "word/footer2.xml": margin("ftr", "Footer", number),
        "word/footer3.xml": margin("ftr", "Footer", ""),
        "docProps/core.xml": core("{{ unit_name }}{{ fiscal_year }}年部门预算绩效文本"),
    }


def core(title: str) -> bytes:
    """The core properties of a template: the title alone, filled in like any text."""
    return part(
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:language>zh-CN</dc:language></cp:coreProperties>'
    )


def write_looks(type_id: str, parts_of: Callable[[Layout], dict[str, bytes]]) -> None:
    """Write the template of a type in every look, into the folder that the command names."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    folder.mkdir(parents=True, exist_ok=True)
    for layout in LAYOUTS:
        target = folder / f"{type_id}{layout.suffix}.docx"
        target.write_bytes(write_parts(parts_of(layout)))
        print(target)


if __name__ == "__main__":
    write_looks("performance_plan", parts)
