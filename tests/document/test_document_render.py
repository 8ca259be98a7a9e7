"""The Word template, filled in."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from io import BytesIO

import pytest
from docxtpl import DocxTemplate
from lxml import etree

from perfxl.document.contents.settled_body import settle
from perfxl.document.render import TemplateFault, render
from perfxl.document.template.context import context
from perfxl.document.template.sandbox import environment, in_body
from perfxl.document.template.word_template import _Tags, compiled

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = "<1.5万元 & “甲”{{ x }} {% y %}{#z#} ]]> 𠮷 &lt; {_{ %_} <w:p/> {%tr if a %} 尾"
BLANKS = "  前 \t\t后  "


def fields(node, path=()):
    """Every text field of a context, as a path."""
    if isinstance(node, dict):
        return [found for key, member in node.items() for found in fields(member, (*path, key))]
    if isinstance(node, list):
        return [found for index, item in enumerate(node) for found in fields(item, (*path, index))]
    return [path]


def test_hostile_text_in_every_field_is_printed_as_it_is(template, schema, plan, opened):
    given = context(plan, schema)
    paths = [
        path for path in fields(given) if path[0] not in ("document_type", "region_code", "region_name", "profile")
    ]
    for number, path in enumerate(paths):
        place = given
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = f"【{number}{HOSTILE}】"
    text = "\n".join(opened(render(template, given)).paragraphs())
    assert [path for number, path in enumerate(paths) if f"【{number}{HOSTILE}】" not in text] == []


def test_blanks_and_tabs_are_printed_as_they_are(document, plan, opened):
    plan["projects"][0]["use_of_funds"] = BLANKS
    table = opened(document(plan)).tables()[0]
    assert table[3] == ["", BLANKS]


def test_the_lines_of_a_text_become_paragraphs(document, plan, opened):
    plan["projects"][0]["indicators"][0]["name"] = "一\n\n二"
    plan["overall_goal"] = ["甲\r\n乙", "丙"]
    made = opened(document(plan))
    assert made.tables()[1][1][2] == "一||二"
    start = made.paragraphs().index("一、总体绩效目标")
    assert made.paragraphs()[start + 1 : start + 4] == ["甲", "乙", "丙"]


def test_the_lines_of_a_heading_are_broken_within_it(document, plan, opened):
    plan["projects"][0]["project_name"] = "甲\n乙"
    assert "1.甲\n乙绩效目标表" in opened(document(plan)).paragraphs()


def test_the_basic_table_has_the_published_rows(document, plan, opened):
    assert opened(document(plan)).tables()[0] == [
        ["402001某市某局本级", "单位：万元"],
        ["项目编码", "13020025P00000010003T", "项目名称", "骨干培训"],
        ["预算规模及资金用途", "预算数", "40.00", "其中：财政资金", "38.50", "其他资金", "1.50"],
        ["", "用于培训的场地、师资和资料。"],
        ["资金支出计划（%）", "3月底", "6月底", "10月底", "12月底"],
        ["", "10%", "25.5%", "", "100%"],
        ["绩效目标", "1.做好培训。|2.用好经费。"],
    ]


def test_the_cells_of_every_row_fill_the_grid(document, plan, opened):
    for table in opened(document(plan)).body.iter("{*}tbl"):
        grid = [int(column.get(column.nsmap["w"].join("{}") + "w")) for column in table.iter("{*}gridCol")]
        for row in table.iter("{*}tr"):
            spans, widths = 0, 0
            for cell in row.iter("{*}tc"):
                span = cell.find("{*}tcPr/{*}gridSpan")
                covered = 1 if span is None else int(span.values()[0])
                assert int(cell.find("{*}tcPr/{*}tcW").values()[0]) == sum(grid[spans : spans + covered])
                spans, widths = spans + covered, widths + covered
            assert spans == len(grid)


def test_a_quantitative_target_is_sign_number_and_unit_and_a_qualitative_one_its_text(
    document, plan, indicator, opened
):
    qualitative = indicator(sign="定性", target="有所提升", measure_unit=None)
    plan["projects"][0]["indicators"] = [
        indicator(),
        qualitative,
        indicator(sign="", target="2025年12月31日", measure_unit=""),
    ]
    assert [row[4] for row in opened(document(plan)).tables()[1][1:]] == ["≥45人", "有所提升", "2025年12月31日"]


def test_a_numbered_list_stands_below_its_label(document, plan, opened):
    found = opened(document(plan)).paragraphs()
    start = found.index("1、做好培训工作")
    assert found[start + 1 : start + 5] == ["绩效目标：提高能力。", "绩效指标：", "1、完成率100%；", "2、满意度95%。"]


def test_indicators_merge_at_every_depth(document, plan, indicator, opened):
    plan["projects"][0]["indicators"] = [
        indicator(dimension=dimension, category=category, name=name)
        for dimension, category, name in (
            ("产出指标", "数量指标", "a"), ("产出指标", "数量指标", "b"), ("产出指标", "质量指标", "c"),
            ("效益指标", "质量指标", "d"), ("满意度指标", "服务对象满意度指标", "e"),
            ("满意度指标", "服务对象满意度指标", "f"),
        )
    ]  # fmt: skip
    made = opened(document(plan))
    assert made.merges(0) == ["restart", "continue", "continue", "", "restart", "continue"]
    assert made.merges(1) == ["restart", "continue", "", "", "restart", "continue"]
    assert made.merges(2) == [""] * 6
    assert [row[:2] for row in made.tables()[1][1:]] == [
        ["产出指标", "数量指标"], ["", ""], ["", "质量指标"], ["效益指标", "质量指标"],
        ["满意度指标", "服务对象满意度指标"], ["", ""],
    ]  # fmt: skip


def test_a_single_indicator_is_not_merged(document, plan, opened):
    made = opened(document(plan))
    assert made.merges(0) == made.merges(1) == [""]


def test_a_project_without_indicators_has_the_header_alone(document, plan, opened):
    plan["projects"][0]["indicators"] = []
    assert len(opened(document(plan)).tables()[1]) == 1


def test_a_plan_without_anything_is_still_a_document(document, opened):
    made = opened(document({}))
    assert made.tables() == []
    assert "三、工作保障措施" in made.paragraphs()


def test_who_made_and_who_reviewed_are_printed_where_given(document, plan, opened):
    assert opened(document(plan)).paragraphs()[2:4] == ["某市某局编制", "某市财政局审核"]
    del plan["prepared_by"], plan["reviewed_by"]
    assert opened(document(plan)).paragraphs()[:3] == ["某市某局本级", "2025年部门预算绩效文本", "目　录"]


def test_a_draft_says_so_on_every_page_and_nothing_else_does(template, schema, plan, opened):
    given = context(plan, schema)
    final, draft = opened(render(template, given)), opened(render(template, {**given, "draft": True}))
    headers = [name for name in final.parts if name.startswith("word/header")]
    assert len(headers) == 3  # odd pages, even pages, the cover
    assert ["".join(draft.part(name).itertext()) for name in headers] == ["草稿"] * 3
    assert ["".join(final.part(name).itertext()) for name in headers] == [""] * 3
    assert {name for name in final.parts if final.parts[name] != draft.parts[name]} == set(headers)


def test_the_properties_name_the_document_and_nobody(document, plan, opened):
    plan["unit_name"] = "甲<&>乙\n" + "局" * 300
    core = opened(document(plan)).part("docProps/core.xml")
    found = {etree.QName(element).localname: element.text or "" for element in core}
    assert found == {"title": ("甲<&>乙 " + "局" * 300)[:255], "creator": "", "language": "zh-CN"}


def test_the_same_context_gives_the_same_bytes_at_another_time(document, plan, monkeypatch):
    first = document(plan)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert document(plan) == first


def test_the_same_context_gives_the_same_bytes_in_another_process(template, schema, plan, root):
    script = (
        "import sys, json, pathlib\n"
        "root = pathlib.Path(sys.argv[1]); sys.path.insert(0, str(root))\n"
        "from perfxl.document.render import render\n"
        "template = (root / 'templates/performance_plan.docx').read_bytes()\n"
        "sys.stdout.buffer.write(render(template, json.load(sys.stdin)))"
    )
    given = context(plan, schema)
    made = subprocess.run(
        [sys.executable, "-c", script, str(root)], input=json.dumps(given).encode(), stdout=subprocess.PIPE, check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"},
    )  # fmt: skip
    assert made.stdout == render(template, given)


def without_contents(body):
    for frame in list(body.iter(W + "sdt")):
        frame.getparent().remove(frame)
    return body


def test_docxtpl_itself_gives_the_same_body(template, schema, example, opened):
    given = context(example, schema)
    theirs = _Tags(BytesIO(template))
    theirs.render({**given, "draft": False}, environment(in_body))
    saved = BytesIO()
    theirs.save(saved)
    ours = opened(render(template, given, contents=False)).body
    body = etree.tostring(without_contents(opened(saved.getvalue()).body), encoding="unicode")
    arranged = etree.fromstring(settle(body, compiled(template).layout))
    assert etree.tostring(ours, method="c14n") == etree.tostring(arranged, method="c14n")


def test_the_tags_are_docxtpls_own_beside_ours():
    assert issubclass(_Tags, DocxTemplate)


# --- templates that somebody else made ---


def table(*rows):
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*content):
    return f"<w:tr><w:tc>{''.join(content)}</w:tc></w:tr>"


def paragraph(*texts):
    return "<w:p>" + "".join(f"<w:r><w:t>{text}</w:t></w:r>" for text in texts) + "</w:p>"


def test_a_tag_that_word_split_over_runs_is_one_tag(word, opened):
    body = paragraph("{{ na", "me | li", "nes }}") + paragraph("{", "{ name }", "}")
    assert opened(render(word(body), {"name": "甲\n乙"})).paragraphs() == ["甲", "乙", "甲\n乙"]


def test_typographic_quotes_in_a_tag_are_quotes(word, opened):
    assert opened(render(word(paragraph("{{ a | labelled(“标：”) }}")), {"a": "甲"})).paragraphs() == ["标：甲"]


def test_a_merged_cell_gets_its_merge_in_the_order_of_the_standard(word, opened):
    tag = paragraph("{% me", "rge row.starts.a %}{{ row.a }}").replace("<w:p>", "<w:p><w:pPr><w:jc/></w:pPr>")
    properties = (
        "<w:tcPr><w:tcW w:w='9'/><w:gridSpan w:val='2'/><w:tcBorders/><w:vAlign w:val='center'/></w:tcPr>",
        "<w:tcPr><w:tcW w:w='9'/><w:vMerge/><w:vAlign w:val='center'/></w:tcPr>",
        "<w:tcPr/>",
        "",
    )
    cells = "".join(f"<w:tc>{each}{tag}</w:tc>" for each in properties)
    loop = row(paragraph("{%tr for row in rows | spans('a') %}"))
    body = table(loop, f"<w:tr>{cells}</w:tr>", row(paragraph("{%tr endfor %}")))
    made = opened(render(word(body), {"rows": [{"a": "x"}, {"a": "x"}]}))
    orders = [[etree.QName(child).localname for child in cell.find("{*}tcPr")] for cell in made.body.iter("{*}tc")]
    assert orders[:4] == orders[4:] == [
        ["tcW", "gridSpan", "vMerge", "tcBorders", "vAlign"], ["tcW", "vMerge", "vAlign"], ["vMerge"], ["vMerge"],
    ]  # fmt: skip
    assert made.tables() == [[["x"] * 4, [""] * 4]]
    assert [p.find("{*}pPr") is not None for p in made.body.iter("{*}p")] == [True] * 8


def test_values_in_footnotes_are_printed_once_and_never_read_as_tags(word, opened):
    notes = paragraph("{{ a }}")
    xml = f'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{notes}</w:footnotes>'
    sections = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p><w:sectPr/>"
    made = opened(render(word(sections, footnotes=xml), {"a": "{{ b }}"}))
    assert made.paragraphs(made.part("word/footnotes.xml")) == ["{{ b }}"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (paragraph("{{ unit_nmae }}"), "数据里没有“unit_nmae”"),
        (paragraph("{% if unit_nmae %}{% endif %}"), "数据里没有“unit_nmae”"),
        (paragraph("{{ a.b }}"), "没有“b”"),
        (paragraph("{{ o.b }}"), "没有“b”"),
        (paragraph("{{ o.items }}"), "没有“items”"),
        (paragraph("{% for x in %}"), ""),
        (paragraph("{%p if a %}"), ""),
        (paragraph("{{ a | safe }}"), "safe"),
        (paragraph("{{ ''.__class__ }}"), "__class__"),
        (paragraph("{{ ''.__class__.__mro__[1].__subclasses__() }}"), "__class__"),
        (paragraph("{{ os.popen('id') }}"), "数据里没有“os”"),
        (paragraph("{{ cycler.__init__.__globals__.os }}"), "__init__"),
        (paragraph("{{ ('%999999999d' % 1) }}"), "%"),
        (paragraph("{{ a * 999999999 }}"), "*"),
        (paragraph("{{ 9 ** 9 ** 9 }}"), "**"),
        (paragraph("{{ a.upper() }}"), ""),
        (paragraph("{% for i in range(9) %}{% endfor %}"), "不允许"),
        (paragraph("{% include 'other' %}"), ""),
        (paragraph("{{ l }}"), "list"),
        (paragraph("{{ o }}"), "dict"),
        (paragraph("{% merge a %}"), "merge"),
        (table(row(paragraph("{%p for x in empty %}"))), "标签写得不对"),
        (paragraph("{% if empty %}") + table(row(paragraph("{% endif %}"))), "XML"),
        (table(row(paragraph("{%tr for x in empty %}")), row("<w:p/>"), row(paragraph("{%tr endfor %}"))), "没有一行"),
        (table(row(*map(paragraph, ("{%p for x in empty %}", "{{ x }}", "{%p endfor %}")))), "没有段落"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_template_is_a_fault_that_names_the_part(word, body, problem):
    given = {"a": "甲", "l": ["甲"], "o": {"a": "甲"}, "empty": []}
    with pytest.raises(TemplateFault) as caught:
        render(word(body), given)
    assert caught.value.part == "word/document.xml"
    assert problem in caught.value.problem


def test_a_fault_says_in_which_paragraph_it_is(word):
    body = paragraph("第一段") + paragraph("编制：", "{{ prepaired_by }}") + paragraph("第三段")
    with pytest.raises(TemplateFault) as caught:
        render(word(body), {})
    assert caught.value.near == "编制：{{ prepaired_by }}"
    assert (
        str(caught.value) == "Word 模板（word/document.xml）：数据里没有“prepaired_by”，在“编制：{{ prepaired_by }}”处"
    )
    with pytest.raises(TemplateFault) as caught:
        render(word(paragraph("第一段") + paragraph("第二段{% if %}")), {})
    assert caught.value.near == "第二段{% if %}"


@pytest.mark.parametrize(
    "xml",
    [
        "<w:document",
        "<a>&b;</a>",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    ],
)
def test_a_part_that_is_not_plain_xml_is_refused(word, xml):
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(word(""))) as old, zipfile.ZipFile(target, "w") as new:
        new.writestr("[Content_Types].xml", old.read("[Content_Types].xml"))
        new.writestr("word/document.xml", xml)
    with pytest.raises(TemplateFault, match=r"word/document\.xml"):
        render(target.getvalue(), {})


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [["a.xml"], ["[Content_Types].xml"] * 2, ["[Content_Types].xml", "../a"]])
def test_an_archive_that_is_no_document_is_refused(names):
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "<a/>")
    for data in (target.getvalue(), b"", b"\xd0\xcf\x11\xe0 old Word"):
        with pytest.raises(TemplateFault) as caught:
            render(data, {})
        assert caught.value.part == ""


@pytest.mark.parametrize("value", [1, 1.5, None, b"a", object()])
def test_nothing_but_text_is_printed(word, value):
    with pytest.raises(TypeError):
        render(word(""), {"a": [{"b": value}]})


def test_what_xml_cannot_hold_is_gone_from_the_document(word, opened):
    assert opened(render(word(paragraph("{{ a }}")), {"a": "甲\x00\ud800\x0b\ufffe乙"})).paragraphs() == ["甲乙"]


def test_what_context_made_takes_no_second_look(template, schema, plan):
    given = {**context(plan, schema), "draft": True}
    assert render(template, given, arranged=True) == render(template, given)
