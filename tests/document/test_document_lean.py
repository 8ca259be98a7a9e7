"""Templates as plain Python: the same documents as jinja2 and docxtpl make, or none at all."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from perfxl.document.contents.toc import numbers
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.render import TemplateFault, render
from perfxl.document.template.context import context
from perfxl.document.template.sandbox import environment, in_body
from perfxl.document.template.word_template import _Tags
from perfxl.fast.template.program import program
from perfxl.fast.template.renderer import render as by_program
from perfxl.storage.zip_archive import write_parts

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PRINTED = ("word/document.xml", "word/header1.xml", "word/footer1.xml")


def p(*texts, properties=""):
    return (
        f"<w:p>{properties}"
        + "".join(f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in texts)
        + "</w:p>"
    )


def row(*cells):
    return "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def table(*rows, columns=2):
    grid = '<w:gridCol w:w="2000"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


@pytest.fixture(scope="module")
def package(root):
    """Makes a template with a body, a header, a footer and a title of one's own, in the package of a real one."""
    real = read_parts((root / "templates" / "performance_plan.docx").read_bytes())

    def make(body, header="", footer="", title=""):
        parts = dict(real)
        references = "".join(
            f'<w:{kind}Reference w:type="default" r:id="{name}"/>' for kind, name in references_of(real).items()
        )
        inside = f"<w:body>{body}<w:sectPr>{references}</w:sectPr></w:body>"
        xml = f'<w:document xmlns:w="{W}" xmlns:r="{R}">{inside}</w:document>'
        parts["word/document.xml"] = xml.encode()
        for name, tag, inside in (("header1", "hdr", header), ("footer1", "ftr", footer)):
            parts[f"word/{name}.xml"] = f'<w:{tag} xmlns:w="{W}">{inside or "<w:p/>"}</w:{tag}>'.encode()
        core = etree.fromstring(parts["docProps/core.xml"])
        core.find("{http://purl.org/dc/elements/1.1/}title").text = title
        parts["docProps/core.xml"] = etree.tostring(core)
        return write_parts(parts)

    return make


def references_of(parts):
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    targets = {each.get("Target"): each.get("Id") for each in relations}
    return {kind: targets[f"{kind}1.xml"] for kind in ("header", "footer")}


def by_docxtpl(template, data):
    theirs = _Tags(BytesIO(template))
    theirs.render({"draft": False, **data}, environment(in_body))
    saved = BytesIO()
    theirs.save(saved)
    return canonical(saved.getvalue())


def canonical(document):
    parts = read_parts(document)
    return {name: etree.tostring(etree.fromstring(parts[name]), method="c14n") for name in PRINTED}


@pytest.fixture
def lean():
    """Renders, and fails where jinja2 has to do it."""

    def make(template, data, *, contents=True):
        made = by_program(template, {"draft": False, **data}, contents=contents)
        assert made is not None
        return made

    return make


ITEMS = [
    {"a": "甲", "b": "乙\n丙", "c": "1", "subs": [{"d": "<&>\"'"}, {"d": ""}]},
    {"a": "甲", "b": "", "c": "2", "subs": []},
    {"a": "丁\t戊", "b": "]]> {{ x }} {% y %}", "c": "20%", "subs": [{"d": " 己 "}]},
]
DATA = {
    "name": "某局<1.5万元 & “甲”",
    "note": "一\n\n二\t三",
    "empty": "",
    "items": ITEMS,
    "texts": ["1.一", "2.二"],
    "nil": [],
}

BODIES = {
    "text": p("前{{ name }}后{{ empty }}") + p("{{ note }}") + p("{{", " name ", "}}"),
    "lines": p("{{ note | lines }}") + p("{{ texts | lines }}") + p("{{ nil | lines }}"),
    "labelled": p("{{ note | labelled('标：') }}") + p("{{ (texts[0] ~ '\n2.二') | labelled('标：') }}"),
    "paragraphs": p("{%p for x in items %}") + p("{{ x.a }}") + p("{%p endfor %}"),
    "nested": p("{%p for x in items %}")
    + p("{{ loop.index }}.{{ x.a }}")
    + p("{%p for y in x.subs %}")
    + p(
        "{{ loop.index0 }}/{{ loop.length }}{% if loop.first %}首{% endif %}",
        "{% if loop.last %}末{% endif %}{{ y.d }}{{ x.c }}",
    )
    + p("{%p endfor %}")
    + p("{{ loop.index + 1 }},{{ loop.index % 2 }},{{ loop.length - loop.index }}")
    + p("{%p endfor %}"),
    "choices": p("{%p for x in items %}")
    + p("{% if x.c == '1' %}一{% elif x.c in '2 3' or not x.a %}二{% else %}{{ x.c }}{% endif %}")
    + p("{%p endfor %}")
    + p("{%p if nil %}")
    + p("没有")
    + p("{%p elif items %}")
    + p("有")
    + p("{%p endif %}"),
    "rows": table(
        row(p("头"), p("头")),
        row(p("{%tr for x in items %}")),
        row(p("{{ x.a }}"), p("{{ x.b | lines }}")),
        row(p("{%tr endfor %}")),
    ),
    "row choice": table(
        row(p("头"), p("头")), row(p("{%tr if items %}")), row(p("{{ name }}"), p("")), row(p("{%tr endif %}"))
    ),
    "cells": table(
        "<w:tr><w:tc><w:tcPr/>"
        + p("固定")
        + "</w:tc><w:tc><w:tcPr/>"
        + p("{%tc for x in items %}")
        + "</w:tc><w:tc><w:tcPr/>"
        + p("{{ x.a }}")
        + "</w:tc><w:tc><w:tcPr/>"
        + p("{%tc endfor %}")
        + "</w:tc></w:tr>",
        columns=4,
    ),
    # docxtpl gives such a table a column for each cell; where it has them already, nothing has to change.
    "merged": table(
        row(p("头"), p("头")),
        row(p("{%tr for x in items | spans('a', 'c') %}")),
        row(p("{% merge x.starts.a %}{{ x.a }}"), p("{% merge x.starts.c %}{{ x.c | lines }}")),
        row(p("{%tr endfor %}")),
    ),
    "set": p("{% set all = items | join('、', attribute='a') %}")
    + p("{{ all }}{% if '丁' in all %}!{% endif %}", "{{ texts | join }}{{ texts | join('/') }}"),
    "filters": p("{{ texts | first }}{{ texts | last }}{{ items | length }}{% if items | length > 2 %}多{% endif %}"),
    "whitespace": p("一 {%- if items -%} 二 {%- endif -%} 三 {#- 不见 -#} 四"),
    "slices": p("{{ name[-2:] }}{{ name[:1] }}{{ items[1:] | join(attribute='a') }}{{ name if nil else note }}"),
    "or": p(
        "{{ empty or name }}{{ name and note }}",
        "{% if name != '' and not empty %}好{% endif %}{% if '1' &lt; '2' &lt;= '2' %}小{% endif %}",
    ),
    "attribute": p("x", properties='<w:pPr><w:jc w:val="{% if draft %}left{% else %}right{% endif %}"/></w:pPr>'),
    "breaks": p("甲") + '<w:p><w:r><w:br w:type="page"/></w:r><w:r><w:tab/><w:t>{{ name }}</w:t></w:r></w:p>',
    "a paragraph more in a branch": p("{% if items %}甲") + p("乙{% endif %}"),
    "nothing": p("没有标签"),
    "raw": p("{% raw %}{{ x }}{% endraw %}{{ name }}"),
    "comment": "<!-- 旁注 -->" + p("{{ name }}"),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("draft", [False, True], ids=["final", "draft"])
def test_what_is_printed_is_what_docxtpl_prints(package, lean, body, draft):
    template = package(
        body, header=p("{% if draft %}草稿{% endif %}{{ name }}"), footer=p("{{ note }}"), title="{{ name }}"
    )
    data = {**DATA, "draft": draft}
    assert canonical(lean(template, data)) == by_docxtpl(template, data)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_printed_is_what_jinja2_prints(package, lean, body):
    template = package(body, header=p("{{ name }}"), title="{{ name }} {{ note }}{% if empty %}!{% endif %}")
    assert read_parts(lean(template, DATA)) == read_parts(render(template, {"draft": False, **DATA}, contents=True))


SIGNS = st.sampled_from([*"甲乙1.%<&>\"'\t\n \u3000{}#", "{{ x }}", "]]>", "𠮷", "（一）", "&amp;", "\u00a0", "é"])
TEXT = st.lists(SIGNS, max_size=6).map("".join)
SUB = st.fixed_dictionaries({"d": TEXT})
ITEM = st.fixed_dictionaries({"a": TEXT, "b": TEXT, "c": TEXT, "subs": st.lists(SUB, max_size=2)})
ANY = st.fixed_dictionaries(
    {"name": TEXT, "note": TEXT, "empty": TEXT, "items": st.lists(ITEM, max_size=4), "nil": st.lists(TEXT, max_size=1),
     "texts": st.lists(TEXT, min_size=1, max_size=3), "draft": st.booleans()}
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=ANY)
def test_any_data_are_printed_as_jinja2_prints_them(package, lean, data):
    usual = [body for name, body in BODIES.items() if name not in ("comment", "attribute")]
    template = package("".join(usual), header=p("{{ name }}{% if draft %}草稿{% endif %}"), title="{{ note }}")
    assert read_parts(lean(template, data)) == read_parts(render(template, data, contents=True))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=ANY)
def test_any_data_are_printed_as_docxtpl_prints_them(package, lean, data):
    usual = [body for name, body in BODIES.items() if name not in ("comment", "attribute", "cells")]
    template = package("".join(usual), header=p("{{ name }}{% if draft %}草稿{% endif %}"))
    assert canonical(lean(template, data)) == by_docxtpl(template, data)


LEFT = {
    "default": p("{{ missing | default('无') }}"),
    "test": p("{% if missing is defined %}有{% endif %}无"),
    "else of a loop": p("{% for x in nil %}{{ x }}{% else %}空{% endfor %}"),
    "set in a loop": p("{% for x in texts %}{% set y = x %}{{ y }}{% endfor %}"),
    "set block": p("{% set y %}{{ name }}{% endset %}{{ y }}"),
    "set again": p("{{ name }}{% set name = note %}{{ name }}"),
    "condition of a loop": p("{% for x in texts if x %}{{ x }}{% endfor %}"),
    "loop by word": p("{% for x in texts %}{{ loop.revindex }}{% endfor %}"),
    "loop.changed": p("{% for x in texts %}{% if loop.previtem is defined %}!{% endif %}{% endfor %}"),
    "unpacking": p("{% for x, y in ['ab'] %}{{ x }}{{ y }}{% endfor %}"),
    "sum": p("{{ (1 if name else 2) + 1 }}"),
    "choice of one": p("{{ name if name }}"),
    "a loop that closes what is around it": p("{% for x in texts %}甲") + p("乙{{ x }}{% endfor %}"),
    "a branch that begins elsewhere than it ends": p("{% if items %}甲")
    + table(row(p("乙"), p("{% else %}丙{% endif %}"))),
    "data in an attribute": p("x", properties='<w:pPr><w:jc w:val="{{ texts | length }}"/></w:pPr>'),
    "data outside of a text": '<w:p><w:r><w:instrText xml:space="preserve">{{ texts[0] }}</w:instrText></w:r></w:p>',
    "rows that may be none": table(
        row(p("{%tr for x in items %}")), row(p("{{ x.a }}"), p("")), row(p("{%tr endfor %}"))
    ),
    "a cell that may be empty": table(row(p("{%p if items %}") + p("甲") + p("{%p endif %}"), p(""))),
}


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_what_is_unusual_is_left_to_jinja2(package, body):
    template = package(body)
    assert program(template) is None
    assert canonical(render(template, DATA)) == by_docxtpl(template, DATA)


def test_a_run_of_its_own_is_left_to_jinja2(package):
    template = package("<w:p><w:r><w:t>{{r name }}</w:t></w:r></w:p>")
    assert program(template) is None
    with pytest.raises(TypeError):
        render(template, {"name": object()})


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (p("{{ missing }}"), {}),
        (p("{{ a.b }}"), {"a": "甲"}),
        (p("{{ a.b }}"), {"a": {}}),
        (p("{{ a }}"), {"a": []}),
        (p("{{ a }}"), {"a": True}),
        (p("{{ a ~ b }}"), {"a": "甲", "b": ["乙"]}),
        (p("{% for x in a %}{{ x.b }}{% endfor %}"), {"a": ["甲"]}),
        (p("{{ a | first }}"), {"a": []}),
        (p("{{ a | lines }}"), {"a": [{}]}),
        (p("{% if a &lt; b %}{% endif %}"), {"a": "甲", "b": []}),
    ],
)
def test_a_fault_is_the_one_that_jinja2_finds(package, body, data):
    template = package(p("好") + body)
    assert program(template) is not None
    faults = []
    for make in (lambda: render(template, data), lambda: render(template, {"draft": False, **data}, contents=True)):
        try:
            faults.append(read_parts(make()))
        except TemplateFault as fault:
            faults.append(str(fault))
    assert faults[0] == faults[1]


def test_a_branch_not_taken_misses_nothing(package, lean, opened):
    template = package(p("{% if a %}{{ missing.b }}{% endif %}{{ a or '无' }}"))
    assert opened(lean(template, {"a": ""})).paragraphs() == ["无"]


def test_the_templates_of_the_program_are_lean(root, schema, lean, example):
    for path in sorted((root / "templates").glob("*.docx")):
        assert program(path.read_bytes()) is not None, path.name
    given_texts = context(example, schema)
    template = (root / "templates" / "performance_plan.docx").read_bytes()
    for contents in (True, False):
        ours = lean(template, given_texts, contents=contents)
        assert read_parts(ours) == read_parts(render(template, {"draft": False, **given_texts}, contents=contents))


STRANGE = ("甲\t乙", "一\n二", " <&> \"'", "", "\u3000", "&amp; x")


@pytest.mark.parametrize("seed", range(12))
def test_headings_and_their_pages_are_those_of_the_finished_text(template, schema, wordy, lean, seed):
    plan = wordy(seed, 1 + seed)
    for at, words in enumerate(STRANGE[: seed % 7]):
        plan["activity_goals"] += [{"title": words, "performance_goal": words, "indicators": words * 40}]
        plan["projects"][at % len(plan["projects"])]["project_name"] = words or "名"
        plan["projects"][0]["indicators"][0]["description"] = words * 30
    texts = context(plan, schema)
    assert read_parts(lean(template, texts)) == read_parts(render(template, {"draft": False, **texts}, contents=True))


def field(code):
    kinds = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"<w:p>{kinds[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{kinds[1]}{kinds[2]}</w:p>"


def test_sections_have_pages_of_their_own(package, lean):
    heading = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    small = '<w:pPr><w:sectPr><w:pgSz w:w="6000" w:h="6000"/></w:sectPr></w:pPr>'
    body = (
        field(' TOC \\o "1-1" ')
        + p("{{ name }}", properties=heading)
        + p("{{ note }}", properties=small)
        + p("尾", properties=heading)
        + table(row(p("{{ note }}"), p("")))
        + p("{{ empty }}", properties=heading)
    )
    template = package(body)
    last = []
    for long in (1, 300, 2000):
        data = {"draft": False, **DATA, "note": "一二三四五，" * long}
        ours = read_parts(lean(template, data))
        assert ours == read_parts(render(template, data, contents=True))
        pages = list(numbers(ours["word/document.xml"].decode()).values())
        assert len(pages) == 2
        last.append(pages[1])
    assert last[0] < last[1] < last[2]
