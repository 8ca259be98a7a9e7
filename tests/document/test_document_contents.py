"""目录: a field, its entries, the bookmarks they lead to, and what a template says of them."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from perfxl.document.contents.toc import SOURCE, numbers, renumbered
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.package.properties import PART, read_property, with_property
from perfxl.document.printing.page_numbers import source_of
from perfxl.document.render import render

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def body_of(data: bytes) -> str:
    return read_parts(data)["word/document.xml"].decode()


def listed(data: bytes) -> list[tuple[str, str, str]]:
    """The entries of 目录: style, text, number."""
    found = []
    for link in etree.fromstring(body_of(data).encode()).iter(W + "hyperlink"):
        texts = [text.text for text in link.iter(W + "t")]
        style = link.getparent().find(f"{W}pPr/{W}pStyle")
        found.append((style.get(W + "val") if style is not None else "", texts[0] or "", texts[1]))
    return found


# --- of a plan ---


def test_the_contents_list_the_headings_that_published_documents_list(document, plan):
    plan["projects"] *= 2
    entries = listed(document(plan))
    assert [(style, text) for style, text, _ in entries] == [
        ("TOC1", "第一部分"), ("TOC2", "一、总体绩效目标"), ("TOC2", "二、分项绩效目标"), ("TOC2", "三、工作保障措施"),
        ("TOC1", "第二部分"), ("TOC2", "1.骨干培训绩效目标表"), ("TOC2", "2.骨干培训绩效目标表"),
    ]  # fmt: skip
    assert [number for _, _, number in entries] == ["3", "4", "4", "4", "5", "6", "7"]


def test_every_entry_leads_to_a_bookmark_around_its_heading(document, plan):
    plan["projects"] *= 3
    tree = etree.fromstring(body_of(document(plan)).encode())
    headings = {}
    for mark in tree.iter(W + "bookmarkStart"):
        paragraph = mark.getparent()
        ends = [end for end in paragraph.iter(W + "bookmarkEnd") if end.get(W + "id") == mark.get(W + "id")]
        assert len(ends) == 1
        assert paragraph.index(ends[0]) == len(paragraph) - 1
        headings[mark.get(W + "name")] = "".join(text.text for text in paragraph.iter(W + "t"))
    assert len({mark.get(W + "id") for mark in tree.iter(W + "bookmarkStart")}) == len(headings) == 8
    for link in tree.iter(W + "hyperlink"):
        anchor = link.get(W + "anchor")
        assert headings[anchor] == next(link.iter(W + "t")).text
        assert "".join(code.text for code in link.iter(W + "instrText")) == f" PAGEREF {anchor} \\h "


def test_names_of_bookmarks_are_those_of_word(document, plan):
    names = re.findall(r'w:name="(_Toc[^"]*)"', body_of(document(plan)))
    assert names == [f"_Toc{100000001 + index}" for index in range(6)]


def test_the_fields_are_whole_and_within_one_another(document, plan):
    kinds = re.findall(r'w:fldCharType="(\w+)"', body_of(document(plan)))
    assert kinds == ["begin", "separate", *["begin", "separate", "end"] * 6, "end"]
    codes = re.findall(r"<w:instrText[^>]*>([^<]*)<", body_of(document(plan)))
    assert codes[0] == ' TOC \\o "1-2" \\h \\z \\u '


def test_nothing_makes_word_ask_a_question(document, plan):
    for name, part in read_parts(document(plan)).items():
        assert b"updateFields" not in part, name
        assert b"w:dirty" not in part, name


def test_python_docx_reads_the_document_and_its_properties(document, plan, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(document(plan))
    opened = docx.Document(str(path))
    assert len(opened.element.body.findall(".//" + qn("w:bookmarkStart"))) == 6
    assert source_of(path.read_bytes()) == "estimate"
    names = [str(part.partname) for part in opened.part.package.iter_parts()]
    assert f"/{PART}" in names


def test_markup_in_a_name_stays_text_in_its_entry(document, plan):
    plan["projects"][0]["project_name"] = "甲<&>{{ x }}\t乙\n丙"
    assert listed(document(plan))[-1][1] == "1.甲<&>{{ x }} 乙 丙绩效目标表"


def test_without_contents_there_is_no_trace_of_them(template, schema, plan):
    from perfxl.document.template.context import context

    given = context(plan, schema)
    made = render(template, given, contents=False)
    assert "目　录" not in body_of(made)
    assert "_Toc" not in body_of(made)
    assert "perfxl-contents" not in body_of(made)
    assert source_of(made) == ""


def test_other_numbers_change_numbers_and_nothing_else(document, plan):
    xml = body_of(document(plan))
    shown = numbers(xml)
    changed = renumbered(xml, {mark: page + 90 for mark, page in shown.items()})
    assert numbers(changed) == {mark: page + 90 for mark, page in shown.items()}
    assert renumbered(changed, shown) == xml


# --- of other templates ---

STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="{number}"><w:name w:val="heading {number}"/><w:basedOn w:val="a"/>'
        f'<w:pPr><w:outlineLvl w:val="{number - 1}"/></w:pPr></w:style>'
        f'<w:style w:type="paragraph" w:styleId="TOC{number}"><w:name w:val="toc {number}"/></w:style>'
        for number in (1, 2, 3)
    )
    + '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="小节"/><w:basedOn w:val="2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="附件"/></w:style>'
)


def mark(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(code, *, entries="<w:r><w:t>旧</w:t></w:r>"):
    """A field whose code Word has split over two runs."""
    codes = "".join(f"<w:r><w:instrText>{escape(part)}</w:instrText></w:r>" for part in (code[:6], code[6:]))
    return f"<w:p>{mark('begin')}{codes}{mark('separate')}{entries}{mark('end')}</w:p>"


def heading(text, style="1", extra=""):
    return (
        f'<w:p w:rsidR="00000000"><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
    )


@pytest.fixture
def texts(word):
    """Renders a template of one's own and returns the entries of its 目录."""

    def make(body, **given):
        xml = f'<w:styles xmlns:w="{W[1:-1]}">{STYLES}</w:styles>'
        return [(style, text) for style, text, _ in listed(render(word(body, styles=xml), given))]

    return make


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (' TOC \\o "1-3" \\h \\z \\u ', ["一", "二", "三", "节", "直"]),
        (' TOC \\o "1-2" \\h \\z \\u ', ["一", "二", "节", "直"]),
        (' TOC \\o "2-2" ', ["二"]),
        (" TOC ", ["一", "二", "三"]),
        (' TOC \\h \\t "附件,1,小节,2" ', ["附", "节"]),
        (" TOC \\u ", ["一", "二", "三", "节", "直"]),
        (' TOC \\h \\z \\c "表" ', []),
    ],
)
def test_the_field_says_what_is_listed(texts, code, found):
    outline = '<w:outlineLvl w:val="1"/>'
    body = field(code) + "".join(
        (heading("一"), heading("二", "2"), heading("三", "3"), heading("附", "c"), heading("节", "b"),
         heading("直", "a", outline), heading("", "1"))
    )  # fmt: skip
    assert [text for _, text in texts(body)] == found


def test_entries_that_somebody_has_updated_in_the_template_are_replaced(texts):
    entries = (
        '<w:hyperlink w:anchor="_Toc5"><w:r><w:t>{{ loop.index }}.{{ x }}</w:t></w:r>'
        f"{mark('begin')}<w:r><w:instrText> PAGEREF _Toc5 \\h </w:instrText></w:r>{mark('separate')}"
        f"<w:r><w:t>9</w:t></w:r>{mark('end')}</w:hyperlink>"
    )
    old = '<w:bookmarkStart w:id="7" w:name="_Toc5"/><w:bookmarkEnd w:id="7"/>'
    loop = "<w:p><w:r><w:t>{{%p {} %}}</w:t></w:r></w:p>".format
    inside = heading("{{ x }}").replace("<w:r>", old + "<w:r>", 1)
    body = field(' TOC \\o "1-1" ', entries=entries) + loop("for x in xs") + inside + loop("endfor")
    assert texts(body, xs=["甲", "乙"]) == [("TOC1", "甲"), ("TOC1", "乙")]
    assert texts(body, xs=[]) == []


def test_a_template_may_leave_its_contents_out(texts):
    loop = "<w:p><w:r><w:t>{{%p {} %}}</w:t></w:r></w:p>".format
    body = loop("if draft") + field(' TOC \\o "1-1" ') + loop("endif") + heading("甲")
    assert texts(body) == []
    assert texts(body, draft=True) == [("TOC1", "甲")]


def test_a_heading_in_a_table_is_listed(texts):
    table = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>{heading('甲')}</w:tc></w:tr></w:tbl>"
    assert texts(field(' TOC \\o "1-1" ') + table) == [("TOC1", "甲")]


def test_a_template_without_contents_stays_without(word):
    made = render(word(heading("甲")), {})
    assert "_Toc" not in body_of(made)
    assert PART not in read_parts(made)


# --- the property ---


def test_a_property_is_put_beside_those_that_are_there(document, plan):
    parts = with_property(read_parts(document(plan)), "KSOProductBuildVer", "2052-12.1.0")
    parts = with_property(parts, SOURCE, "word")
    assert read_property(parts, SOURCE) == "word"
    assert read_property(parts, "KSOProductBuildVer") == "2052-12.1.0"
    ids = [element.get("pid") for element in etree.fromstring(parts[PART])]
    assert len(set(ids)) == len(ids) == 2
    assert parts["[Content_Types].xml"].count(PART.encode()) == 1
    assert parts["_rels/.rels"].count(PART.encode()) == 1
