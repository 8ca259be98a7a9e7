"""Templates as offices have them: reviewed, renamed, with pictures in loops and slips in their tags."""

from io import BytesIO

import pytest
from docx import Document
from docxtpl import DocxTemplate
from lxml import etree

from perfxl.document.package.docx_zip import read_parts
from perfxl.document.render import render
from perfxl.document.template.fault import TemplateFault
from perfxl.fast.template.program import program
from perfxl.pipeline.produce import rendered
from perfxl.storage.zip_archive import write_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACES = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def p(*texts, properties=""):
    return f"<w:p>{properties}" + "".join(f"<w:r><w:t>{text}</w:t></w:r>" for text in texts) + "</w:p>"


def body(document):
    return read_parts(document)["word/document.xml"].decode()


def said(document):
    root = etree.fromstring(body(document).encode())
    return ["".join(paragraph.itertext(W + "t")) for paragraph in root.iter(W + "p")]


def changed(template, **parts):
    """The template with parts replaced (`None`: taken away); `__` stands for `/`, `_DOT_` for `.`."""
    known = read_parts(template)
    for name, part in parts.items():
        known[name.replace("__", "/").replace("_DOT_", ".")] = part
    return write_parts({name: part for name, part in known.items() if part is not None})


# --- tracked changes and comments ---

AUTHOR = 'w:id="1" w:author="张三" w:date="2025-01-01T00:00:00Z"'
TRACKED = {
    "inserted and deleted": (
        f"<w:p><w:r><w:t>甲</w:t></w:r><w:del {AUTHOR}><w:r><w:delText>乙</w:delText></w:r></w:del>"
        f"<w:ins {AUTHOR}><w:r><w:t>{{{{ a }}}}</w:t></w:r></w:ins></w:p>",
        ["甲值"],
    ),
    "a deleted end of a paragraph": (
        f"<w:p><w:pPr><w:rPr><w:del {AUTHOR}/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p>" + p("后"),
        ["前后"],
    ),
    "a moved paragraph": (
        f'<w:p><w:moveFromRangeStart {AUTHOR} w:name="m"/><w:moveFrom {AUTHOR}><w:r><w:t>旧</w:t></w:r></w:moveFrom>'
        f'<w:moveFromRangeEnd w:id="1"/></w:p><w:p><w:moveTo {AUTHOR}><w:r><w:t>新</w:t></w:r></w:moveTo></w:p>',
        ["", "新"],
    ),
    "a row deleted and one inserted": (
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>"
        + "".join(
            f"<w:tr><w:trPr><w:{kind} {AUTHOR}/></w:trPr><w:tc><w:tcPr/>{p(kind)}</w:tc></w:tr>"
            for kind in ("del", "ins")
        )
        + "</w:tbl>"
        + p(""),
        ["ins", ""],
    ),
    "looks changed": (
        f'<w:p><w:pPr><w:jc w:val="center"/><w:pPrChange {AUTHOR}><w:pPr/></w:pPrChange></w:pPr>'
        f"<w:r><w:rPr><w:b/><w:rPrChange {AUTHOR}><w:rPr/></w:rPrChange></w:rPr><w:t>粗</w:t></w:r></w:p>",
        ["粗"],
    ),
    "a comment": (
        '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>文</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        '<w:r><w:rPr/><w:commentReference w:id="0"/></w:r></w:p>',
        ["文"],
    ),
}


@pytest.mark.parametrize("case", TRACKED)
def test_what_reviewers_left_is_accepted_and_not_published(word, case):
    xml, expected = TRACKED[case]
    made = render(word(xml), {"a": "值"})
    assert said(made) == expected
    assert b"author" not in read_parts(made)["word/document.xml"]
    assert "comment" not in body(made)


def test_comments_authors_and_paths_stay_behind(word):
    types = read_parts(word(p("文")))["[Content_Types].xml"].decode()
    comments = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
    extended = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    added = (
        f'<Override PartName="/word/comments.xml" ContentType="{comments}"/>'
        f'<Override PartName="/docProps/app.xml" ContentType="{extended}"/></Types>'
    )
    template = changed(
        word(p("文")),
        word__comments_DOT_xml=b"<w:comments/>",
        docProps__app_DOT_xml="<Properties><Company>某公司</Company></Properties>".encode(),
        **{"[Content_Types]_DOT_xml": types.replace("</Types>", added).encode()},
    )
    parts = read_parts(render(template, {}))
    assert not any(name.startswith(("word/comments", "docProps/app")) for name in parts)
    assert b"comments" not in parts["[Content_Types].xml"]
    assert not any("某公司".encode() in part for part in parts.values())


# --- files under other names ---


def renamed(template, *, kind=None, name="word/document2.xml"):
    parts = read_parts(template)
    types = parts["[Content_Types].xml"].decode().replace("/word/document.xml", f"/{name}")
    if kind:
        types = types.replace("wordprocessingml.document.main+xml", kind)
    links = parts.get("_rels/.rels", b"").decode().replace("word/document.xml", name)
    moved = {name if each == "word/document.xml" else each: part for each, part in parts.items()}
    if (old := "word/_rels/document.xml.rels") in moved:
        moved[f"word/_rels/{name.removeprefix('word/')}.rels"] = moved.pop(old)
    root = {"_rels/.rels": links.encode()} if links else {}
    return write_parts({**moved, "[Content_Types].xml": types.encode(), **root})


@pytest.mark.parametrize("contents", [True, False])
def test_a_body_of_another_name_is_the_body(template, example, schema, contents):
    from perfxl.document.template.context import context

    texts = context(example, schema)
    expected = read_parts(render(template, texts, contents=contents))
    assert (
        read_parts(rendered(renamed(template), texts, contents=contents))["word/document.xml"]
        == expected["word/document.xml"]
    )


def test_a_dotx_gives_a_document(word):
    made = render(
        renamed(word(p("{{ a }}")), kind="wordprocessingml.template.main+xml", name="word/document.xml"), {"a": "值"}
    )
    assert said(made) == ["值"]
    assert b"template.main" not in read_parts(made)["[Content_Types].xml"]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda whole: b"\xd0\xcf\x11\xe0" + whole[:600], "另存为“Word 文档（*.docx）”"),
        (lambda _: b"", "另存为“Word 文档（*.docx）”"),
        (lambda whole: renamed(whole, kind="document.macroEnabled.main+xml", name="word/document.xml"), "宏"),
        (lambda whole: renamed(whole, kind="spreadsheetml.sheet.main+xml", name="word/document.xml"), "不是 Word 文档"),
        (lambda whole: renamed(whole, name="elsewhere/document.xml"), "elsewhere/document.xml"),
    ],
    ids=["old format", "empty", "macros", "a workbook", "elsewhere"],
)
def test_what_cannot_be_a_template_is_told_in_a_sentence(template, spoil, told):
    with pytest.raises(TemplateFault, match="Word 模板") as fault:
        render(spoil(template), {})
    assert told in str(fault.value)


# --- tags ---


def by_docxtpl(template, texts):
    theirs, saved = DocxTemplate(BytesIO(template)), BytesIO()
    theirs.render(texts)
    theirs.save(saved)
    return said(saved.getvalue())


@pytest.mark.parametrize("text", ["{_{ a }_}", "{_% if a %_}", "前{_{后{{ a }}", "{{ a }}}_}"])
def test_escaped_braces_are_printed_as_docxtpl_does(text):
    written, saved = Document(), BytesIO()
    written.add_paragraph(text)
    written.save(saved)
    template = saved.getvalue()
    assert (
        said(render(template, {"a": "值"}))
        == said(rendered(template, {"a": "值"}))
        == by_docxtpl(template, {"a": "值"})
    )


def test_what_a_clerk_types_is_never_taken_for_an_escape(word):
    assert said(render(word(p("{{ a }}")), {"a": "{_{ b }_} {{ c }}"})) == ["{_{ b }_} {{ c }}"]


@pytest.mark.parametrize(
    "text", ["{｛ a }}", "｛｛ a ｝｝", "{ { a } }", "{{ a }", "{ a }", "｛％ if a ％｝", "{％ endif ％}", "{{ a }} }}"]
)
def test_braces_left_in_the_text_are_found(word, text):
    with pytest.raises(TemplateFault, match=r"标[记签]写"):
        render(word(p(text)), {"a": "值"})


@pytest.mark.parametrize("text", ["（100%）", "{甲}", "占比％", "[a]", "a{0}"])
def test_ordinary_signs_are_no_broken_tags(word, text):
    assert said(render(word(p(text)), {})) == [text]


@pytest.mark.parametrize("tag", ["vm", "hm"])
def test_merging_by_the_innermost_loop_is_refused_with_the_way_that_works(word, tag):
    row = f"<w:tr><w:tc><w:tcPr/>{p('{% ' + tag + ' %}', '{{ x }}')}</w:tc></w:tr>"
    with pytest.raises(TemplateFault, match=r"merge row\.starts"):
        render(word(f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{row}</w:tbl>{p('')}"), {})


# --- ids in loops ---

REPEATED = {
    "wp:docPr": '<w:r><w:drawing><wp:inline {s}><wp:docPr id="7" name="章"/></wp:inline></w:drawing></w:r>',
    "v:shape": '<w:r><w:pict><v:shape {s} id="章" o:spid="_x0000_s1026"/></w:pict></w:r>',
    "w:id": '<w:sdt><w:sdtPr><w:id w:val="-5"/></w:sdtPr><w:sdtContent><w:r><w:t>控</w:t></w:r></w:sdtContent></w:sdt>',
    "w:bookmarkStart": '<w:bookmarkStart w:id="3" w:name="书签"/><w:r><w:t>文</w:t></w:r><w:bookmarkEnd w:id="3"/>',
}


@pytest.mark.parametrize("kind", REPEATED)
def test_what_a_loop_repeats_has_ids_of_its_own(word, kind):
    inside = REPEATED[kind].replace("{s}", SPACES)
    template = word(
        p("{%p for x in items %}") + f"<w:p>{inside}<w:r><w:t>{{{{ x.a }}}}</w:t></w:r></w:p>" + p("{%p endfor %}")
    )
    assert program(template) is None
    made = rendered(template, {"items": [{"a": "甲"}, {"a": "乙"}, {"a": "丙"}]})
    root = etree.fromstring(body(made).encode())
    prefix, _, name = kind.partition(":")
    spaces = {**root.nsmap, "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
              "v": "urn:schemas-microsoft-com:vml"}  # fmt: skip
    found = list(root.iter(f"{{{spaces[prefix]}}}{name}"))
    for attribute in {
        key for each in found for key in each.attrib if key.rpartition("}")[2] in ("id", "spid", "val", "name")
    }:
        values = [each.get(attribute) for each in found]
        assert len(values) == 3
        assert len(set(values)) == 3 or (kind == "wp:docPr" and attribute == "name")
    if kind == "w:bookmarkStart":
        ends = [each.get(W + "id") for each in root.iter(W + "bookmarkEnd")]
        assert ends == [each.get(W + "id") for each in found]
