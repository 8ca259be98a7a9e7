"""The Word templates of a 部门预算绩效文本 themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO

import docx
import pytest

from perfxl.document.package.docx_zip import read_parts
from perfxl.report_type import catalog

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


NAMES = ("performance_plan.docx", "performance_plan.plain.docx")


@pytest.fixture(scope="module", params=NAMES)
def template(request, root):
    return (root / "templates" / request.param).read_bytes()


@pytest.fixture(scope="module")
def made_anew(root, tmp_path_factory):
    """The templates as the tool writes them now, twice."""
    folders = [tmp_path_factory.mktemp("templates") for _ in range(2)]
    for number, folder in enumerate(folders):
        subprocess.run(
            [sys.executable, str(root / "tools" / "make_word_template.py"), str(folder)], check=True,
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": str(number)}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return [{name: (folder / name).read_bytes() for name in NAMES} for folder in folders]


def test_the_tool_writes_the_same_bytes_each_time(made_anew):
    assert made_anew[0] == made_anew[1]


@pytest.mark.parametrize("name", NAMES)
def test_the_templates_are_what_the_tool_writes(root, name, made_anew):
    assert read_parts((root / "templates" / name).read_bytes()) == read_parts(made_anew[0][name])


def test_every_tag_stands_in_visible_text(template, opened):
    made = opened(template)
    for name in made.parts:
        for element in made.part(name).iter():
            assert not any("{{" in value or "{%" in value for value in element.attrib.values())
    for part in (made.body, *(made.part(name) for name in made.parts if "header" in name)):
        for run in part.iter(W + "r"):
            text = "".join(run.itertext())
            assert text.count("{%") == text.count("%}")
            assert text.count("{{") == text.count("}}")


def test_every_printed_field_of_the_schema_is_in_the_template(template, schema, opened):
    text = "\n".join(opened(template).paragraphs())

    def fields(node):
        for key, member in node.get("properties", {}).items():
            if member.get("x-printed") is not False:
                yield key
                yield from fields(member.get("items", member))

    assert [name for name in fields(schema) if name not in text] == []


def test_headings_are_headings_with_an_outline(template):
    found = [
        (paragraph.style.style_id, paragraph.text)
        for paragraph in docx.Document(BytesIO(template)).paragraphs
        if paragraph.style.style_id.startswith(("Heading", "ProjectTitle"))
    ]
    assert found == [
        ("Heading1", "第一部分"), ("Heading2", "一、总体绩效目标"), ("Heading2", "二、分项绩效目标"),
        ("Heading3", "{{ goal.title }}"), ("Heading2", "三、工作保障措施"), ("Heading1", "第二部分"),
        ("ProjectTitle", "{{ loop.index }}.{{ project.project_name }}绩效目标表"),
    ]  # fmt: skip
    styles = docx.Document(BytesIO(template)).styles
    assert styles["项目表标题"].base_style.name == styles["Heading 2"].name
    for name, level in (("Heading 1", "0"), ("Heading 2", "1"), ("Heading 3", "2")):
        properties = styles[name].element.find(W + "pPr")
        assert properties.find(W + "outlineLvl").get(W + "val") == level
        assert properties.find(W + "keepNext") is not None


def test_the_page_is_the_one_of_the_standard(root):
    template = (root / "templates" / NAMES[0]).read_bytes()
    (section,) = docx.Document(BytesIO(template)).sections
    lengths = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin)
    assert [round(length.mm) for length in lengths] == [210, 297, 37, 35, 28]
    width = section.page_width - section.left_margin - section.right_margin
    assert round(width / 36000) == 156  # a millimetre has 36000 of its units
    assert section.different_first_page_header_footer


def test_page_numbers_stand_outside_and_the_cover_has_none(root, opened):
    made = opened((root / "templates" / NAMES[0]).read_bytes())
    footers = {reference.get(W + "type"): reference.values() for reference in made.body.iter(W + "footerReference")}
    assert set(footers) == {"default", "even", "first"}
    texts = {name: "".join(made.part(f"word/{name}.xml").itertext()) for name in ("footer1", "footer2", "footer3")}
    assert texts == {"footer1": "— 1 —", "footer2": "— 1 —", "footer3": ""}
    settings = made.part("word/settings.xml")
    assert settings.find(W + "evenAndOddHeaders") is not None
    assert settings.find(W + "zoom").get(W + "percent") == "100"


def test_pages_begin_with_paragraphs_that_say_so_and_never_with_empty_ones(template, opened):
    body = opened(template).body
    assert list(body.iter(W + "br")) == []
    assert len(list(body.iter(W + "sectPr"))) == 1


def test_rows_stay_whole_and_the_header_of_the_indicators_repeats(template, opened):
    basic, indicators = opened(template).body.iter(W + "tbl")
    rows = [*basic.iter(W + "tr"), *indicators.iter(W + "tr")]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in indicators.iter(W + "tr")]
    assert repeated == [True, False, False, False]
    assert [row.find(f"{W}trPr/{W}tblHeader") for row in basic.iter(W + "tr")] == [None] * 7
    assert [len(row.findall(W + "tc")) for row in basic.iter(W + "tr")] == [2, 4, 7, 2, 5, 5, 2]


def test_every_font_that_may_be_absent_has_a_stand_in(template, opened):
    made = opened(template)
    named = {value for part in ("word/styles.xml", "word/document.xml") for fonts in made.part(part).iter(W + "rFonts")
             for key, value in fonts.attrib.items() if key != W + "hint"}  # fmt: skip
    known = {font.get(W + "name"): font.find(W + "altName") for font in made.part("word/fontTable.xml")}
    assert named == set(known)
    assert all(stand_in is not None for stand_in in known.values())


@pytest.mark.parametrize("path", sorted((catalog.home() / "templates").glob("*.docx")), ids=lambda path: path.stem)
def test_every_table_says_what_it_is_to_whoever_cannot_see_it(path, opened):
    for properties in opened(path.read_bytes()).body.iter(W + "tblPr"):
        names = [child.tag.removeprefix(W) for child in properties]
        assert names[-2:] == ["tblCaption", "tblDescription"]
        assert all(properties.find(W + name).get(W + "val") for name in names[-2:])
