"""Bar charts of Word's own, from the texts of a document."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from xml.etree import ElementTree

import docx
import pytest
from lxml import etree

from perfxl.document.audit import paragraphs
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.render import TemplateFault, render
from perfxl.storage.zip_archive import write_parts

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
BLUE = bytes.fromhex("5B7FA6")

TAG = '{{ rows | chart("得分率", "name", "share") }}'
ROWS = [{"name": "产出", "share": "98%"}, {"name": "效益", "share": "93.33%"}, {"name": "满意度", "share": "100%"}]


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.fixture
def drawn(word):
    """Makes the parts of a document that is a chart of the given rows, `(name, share)`."""

    def make(*rows: tuple[str, str], tag: str = TAG) -> dict[str, bytes]:
        values = [{"name": name, "share": share} for name, share in rows]
        return read_parts(render(word(paragraph(tag)), {"rows": values}))

    return make


@pytest.fixture
def whole(word, template):
    """A template with a chart alone, in a whole package: with styles, their exact line distances and relationships."""
    body = read_parts(word(paragraph(TAG)))["word/document.xml"]
    return write_parts({**read_parts(template), "word/document.xml": body})


def spaces(parts):
    """The chart parts, parsed, in their order."""
    names = sorted(name for name in parts if name.startswith("word/charts/"))
    return [etree.fromstring(parts[name]) for name in names]


def points(space, axis):
    """What a chart shows on `cat` or `val`, by the number of the row."""
    return {int(point.get("idx")): point.findtext(C + "v") for point in space.iterfind(f".//{C}{axis}//{C}pt")}


def test_a_chart_holds_the_numbers_that_the_texts_say(word):
    (space,) = spaces(read_parts(render(word(paragraph(TAG)), {"rows": ROWS})))
    assert points(space, "cat") == {0: "产出", 1: "效益", 2: "满意度"}
    assert points(space, "val") == {0: "98", 1: "93.33", 2: "100"}
    assert space.findtext(f".//{C}numCache/{C}formatCode") == 'General"%"'
    assert space.find(f".//{C}dLbls/{C}numFmt").get("formatCode") == 'General"%"'
    assert "".join(space.find(f".//{C}title").itertext()) == "得分率"


def test_other_programs_find_the_chart(whole, opened):
    data = render(whole, {"rows": ROWS, "unit_name": "某局", "fiscal_year": "2025"})
    document = docx.Document(BytesIO(data))
    (shape,) = document.inline_shapes
    assert (round(shape.width.cm, 2), round(shape.height.cm, 2)) == (15, 3.6)
    (reference,) = opened(data).body.iter(C + "chart")
    part = document.part.related_parts[reference.get(R + "id")]
    assert part.partname == "/word/charts/chart1.xml"
    assert part.content_type == "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    assert etree.fromstring(part.blob).tag == C + "chartSpace"
    (properties,) = opened(data).body.iter(WP + "docPr")
    assert properties.get("descr") == "得分率：产出 98%；效益 93.33%；满意度 100%"


def test_elements_stand_in_the_order_of_the_standard(drawn):
    # ECMA-376 part 1, 21.2.2; Word calls a chart damaged in which they do not.
    orders = {
        "chartSpace": "date1904 lang roundedCorners chart spPr txPr",
        "chart": "title autoTitleDeleted plotArea plotVisOnly dispBlanksAs",
        "title": "tx overlay",
        "plotArea": "layout barChart catAx valAx spPr",
        "barChart": "barDir grouping varyColors ser gapWidth axId axId",
        "ser": "idx order tx spPr invertIfNegative dLbls cat val",
        "dLbls": "numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize",
        "catAx": "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx crosses"
        " auto lblAlgn lblOffset noMultiLvlLbl",
        "valAx": "axId scaling delete axPos numFmt majorTickMark minorTickMark tickLblPos crossAx crosses crossBetween",
        "numCache": "formatCode ptCount pt",
    }
    (space,) = spaces(drawn(("甲", "1")))
    for name, order in orders.items():
        found = space if name == "chartSpace" else space.find(f".//{C}{name}")
        assert [etree.QName(child).localname for child in found] == order.split(), name
    assert [etree.QName(e).localname for e in space.find(f".//{C}valAx/{C}scaling")] == ["orientation", "max", "min"]


def test_without_rows_nothing_is_there(drawn, word):
    parts = drawn()
    assert parts.keys() == read_parts(word("")).keys()
    body = etree.fromstring(parts["word/document.xml"])
    assert {etree.QName(element).localname for element in body.iter()} & {"drawing", "chart", "chartSpace"} == set()


def test_the_same_rows_give_the_same_bytes(word):
    assert render(word(paragraph(TAG)), {"rows": ROWS}) == render(word(paragraph(TAG)), {"rows": ROWS})


def test_hostile_labels_are_only_text(drawn):
    hostile = """<c:chartSpace x> & "甲" '乙' {title} {{ rows }} ]]>"""
    parts = drawn((hostile, "1"))
    (space,) = spaces(parts)
    assert points(space, "cat")[0].replace("\n", "") == hostile[:31] + "…"
    (properties,) = etree.fromstring(parts["word/document.xml"]).iter(WP + "docPr")
    assert properties.get("descr") == f"得分率：{hostile} 1"


def test_tabs_and_line_ends_in_labels_are_blanks(drawn):
    (space,) = spaces(drawn((" 甲\n乙\t丙 ", " 1 ")))
    assert (points(space, "cat"), points(space, "val")) == ({0: "甲 乙 丙"}, {0: "1"})


def test_long_labels_are_broken_and_cut(drawn):
    (space,) = spaces(drawn(("一二三四五六七八九十" * 2, "1"), ("一二三四五六七八九十" * 4, "1")))
    assert points(space, "cat") == {
        0: "一二三四五六七八九十一二三四五六\n七八九十",
        1: "一二三四五六七八九十一二三四五六\n七八九十一二三四五六七八九十一…",
    }


def test_what_is_no_number_stands_with_its_label(drawn):
    (space,) = spaces(drawn(("甲", "98%"), ("乙", "约一半"), ("丙", ""), ("丁", "3"), ("戊", "1,000%")))
    assert points(space, "cat") == {0: "甲", 1: "乙（约一半）", 2: "丙", 3: "丁（3）", 4: "戊（1,000%）"}
    assert points(space, "val") == {0: "98"}


@pytest.mark.parametrize(
    ("texts", "most", "least", "style"),
    [
        (("90%", "20%"), "100", "0", '0"%"'),
        (("130%", "20%"), "130", "0", '0"%"'),
        (("1.50", "12.25"), "12.25", "0", "0.00"),
        (("3", "-1.5"), "3", "-1.5", "General"),
        (("0", "0"), "1", "0", "0"),
        (("约", ""), "1", "0", "General"),
    ],
)
def test_the_scale_and_the_format_follow_from_the_values(drawn, texts, most, least, style):
    (space,) = spaces(drawn(*(("甲", text) for text in texts)))
    assert (space.find(f".//{C}max").get("val"), space.find(f".//{C}min").get("val")) == (most, least)
    assert space.find(f".//{C}dLbls/{C}numFmt").get("formatCode") == style


def test_many_rows_are_shared_out_over_charts_of_one_scale(drawn):
    parts = drawn(*((f"项目{number}", f"{number}") for number in range(20)))
    found = spaces(parts)
    assert [len(points(space, "cat")) for space in found] == [5, 5, 5, 5]
    assert [space.find(f".//{C}max").get("val") for space in found] == ["19"] * 4
    assert ["".join(space.find(f".//{C}title").itertext()) for space in found] == ["得分率", *["得分率（续）"] * 3]
    body = etree.fromstring(parts["word/document.xml"])
    assert [each.get("id") for each in body.iter(WP + "docPr")] == ["1", "2", "3", "4"]
    assert [each.get(R + "id") for each in body.iter(C + "chart")] == [f"rIdChart{number}" for number in range(1, 5)]
    assert max(int(each.get("cy")) for each in body.iter(WP + "extent")) <= 6 * 360_000


def test_drawings_and_charts_of_the_template_keep_their_names(word):
    own = f'<w:r><w:drawing><wp:inline xmlns:wp="{WP[1:-1]}"><wp:docPr id="7" name="章"/></wp:inline></w:drawing></w:r>'
    template = word(f"<w:p>{own}</w:p>{paragraph(TAG)}{paragraph(TAG)}", **{"charts/chart1": "<x/>"})
    parts = read_parts(render(template, {"rows": ROWS}))
    assert parts["word/charts/chart1.xml"] == b"<x/>"
    assert {"word/charts/chart2.xml", "word/charts/chart3.xml"} <= parts.keys()
    body = etree.fromstring(parts["word/document.xml"])
    assert [each.get("id") for each in body.iter(WP + "docPr")] == ["7", "8", "9"]


def test_a_chart_in_a_footnote_belongs_to_the_footnotes(word):
    notes = f'<w:footnotes xmlns:w="{W[1:-1]}"><w:footnote>{paragraph(TAG)}</w:footnote></w:footnotes>'
    parts = read_parts(render(word(paragraph(TAG), footnotes=notes), {"rows": ROWS}))
    for name, target in (("document", "charts/chart1.xml"), ("footnotes", "charts/chart2.xml")):
        (relationship,) = ElementTree.fromstring(parts[f"word/_rels/{name}.xml.rels"])
        assert relationship.get("Target") == target


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("", '<w:spacing w:line="240" w:lineRule="auto"/>'),
        ("<w:pPr/>", '<w:spacing w:line="240" w:lineRule="auto"/>'),
        (
            '<w:pPr><w:rPr><w:spacing w:val="-5"/></w:rPr></w:pPr>',
            '<w:spacing w:line="240" w:lineRule="auto"/><w:rPr><w:spacing w:val="-5"/></w:rPr>',
        ),
        ('<w:pPr><w:jc w:val="left"/></w:pPr>', '<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="left"/>'),
        (
            '<w:pPr><w:pStyle w:val="a"/><w:spacing w:before="60" w:line="560" w:lineRule="exact"/><w:ind/></w:pPr>',
            '<w:pStyle w:val="a"/><w:spacing w:before="60" w:line="240" w:lineRule="auto"/><w:ind/>',
        ),
    ],
)
def test_the_line_of_a_chart_is_as_high_as_the_chart(word, opened, properties, expected):
    body = opened(render(word(paragraph(TAG, properties)), {"rows": ROWS})).body
    (found,) = body.iter(W + "pPr")
    assert found.getparent()[0] is found
    assert etree.tostring(found).decode().split(">", 1)[1].removesuffix("</w:pPr>") == expected


def test_a_chart_hides_no_text_and_shows_none(word):
    data = render(word(paragraph("前" + TAG + "后")), {"rows": ROWS})
    assert paragraphs(data) == ["前后", ""]


def test_a_chart_of_other_columns_is_a_fault_of_the_template(word):
    with pytest.raises(TemplateFault, match=r"图里要画的数据没有“rate”，在“\{\{ rows"):
        render(word(paragraph('{{ rows | chart("图", "name", "rate") }}')), {"rows": ROWS})
    with pytest.raises(TemplateFault, match="数据里没有“lines”"):
        render(word(paragraph('{{ lines | chart("图", "name", "rate") }}')), {"rows": ROWS})


@pytest.mark.parametrize("prefix", ["", "ct:"])
def test_the_lists_of_a_package_may_have_a_prefix(word, prefix):
    parts = read_parts(word(paragraph(TAG)))
    kinds = parts["[Content_Types].xml"].decode()
    if prefix:
        kinds = kinds.replace("<Types xmlns", "<ct:Types xmlns:ct").replace("</Types", "</ct:Types")
        kinds = kinds.replace("<Override", "<ct:Override")
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    rewritten = {**parts, "[Content_Types].xml": kinds.encode(), "word/_rels/document.xml.rels": empty.encode()}
    made = read_parts(render(write_parts(rewritten), {"rows": ROWS}))
    overrides = ElementTree.fromstring(made["[Content_Types].xml"]).findall("{*}Override")
    assert overrides[-1].get("PartName") == "/word/charts/chart1.xml"
    assert len(ElementTree.fromstring(made["word/_rels/document.xml.rels"])) == 1


@pytest.mark.office
def test_libreoffice_draws_the_chart(whole, tmp_path):
    for program in ("soffice", "pdftotext", "pdftoppm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed on this machine; CI installs it")
    for name, rows in (("with", ROWS), ("without", [])):
        texts = {"rows": rows, "unit_name": "某局", "fiscal_year": "2025"}
        (tmp_path / f"{name}.docx").write_bytes(render(whole, texts))
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
    files = [tmp_path / "with.docx", tmp_path / "without.docx"]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=180)
    blue, shown = {}, {}
    for name in ("with", "without"):
        pdf = tmp_path / f"{name}.pdf"
        shown[name] = subprocess.run(["pdftotext", pdf, "-"], check=True, capture_output=True, text=True).stdout.split()
        picture = subprocess.run(["pdftoppm", "-r", "50", pdf], check=True, capture_output=True).stdout
        pixels = picture.split(b"\n255\n", 1)[1]
        blue[name] = sum(pixels[at : at + 3] == BLUE for at in range(0, len(pixels), 3))
    assert {"得分率", "产出", "98%", "效益", "93.33%", "满意度", "100%"} <= set(shown["with"])
    assert shown["without"] == []
    assert blue["with"] > 2000
    assert blue["without"] == 0
