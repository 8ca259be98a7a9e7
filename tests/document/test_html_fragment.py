"""A document as a piece of a web page: all of its text, real headings and tables, nothing of Word's looks."""

import html
import json
import re
from html.parser import HTMLParser

import plans
import pytest
from products import document as produced

from perfxl.cli.main import main
from perfxl.document import origin
from perfxl.document.html_fragment import fragment, is_as_made
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.report_type import catalog
from perfxl.storage.zip_archive import write_parts

EXAMPLES = sorted((catalog.home() / "examples").glob("*.docx"))
_VOID = {"br"}
_ALLOWED = {"article", "h2", "h3", "h4", "h5", "h6", "p", "table", "thead", "tbody", "tr", "th", "td", "br", "a"}


class Page(HTMLParser):
    """Elements as they open and close, and text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.texts, self.rows = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append(dict(attrs))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def said(text):
    return "".join("".join(Page(text).texts).split())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_all_text_is_there_in_its_order_and_only_plain_elements(path):
    text = fragment(path.read_bytes()).decode()
    page = Page(text)
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= _ALLOWED
    wanted = "".join(line for line in origin.paragraphs(path.read_bytes()) if line != "目录")
    pictures = re.sub(r"（图：[^）]*）", "", said(text))
    assert pictures == wanted
    assert not re.search(r"style=|class=|mso|<span|<font|<!\[", text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_row_of_a_table_has_as_many_columns(path):
    text = fragment(path.read_bytes()).decode()
    for table in re.findall(r"<table>.*?</table>", text, re.DOTALL):
        page = Page(table)
        open_until: dict[int, int] = {}
        widths = set()
        for at, row in enumerate(page.rows):
            carried = sum(columns for end, columns in open_until.items() if end > at) if open_until else 0
            own = sum(int(cell.get("colspan", 1)) for cell in row)
            widths.add(own + carried)
            for cell in row:
                if (rows := int(cell.get("rowspan", 1))) > 1:
                    open_until[at + rows] = open_until.get(at + rows, 0) + int(cell.get("colspan", 1))
        assert len(widths) == 1, table[:300]


def test_headings_follow_the_outline_and_tables_have_heads_with_scopes():
    text = fragment(produced(plans.filled({}), plans.PLAN)[0]).decode()
    assert re.findall(r"<(h\d)>([^<]*)", text)[:4] == [
        ("h2", plans.valid_plan()["unit_name"]),
        ("h3", "第一部分"),
        ("h4", "一、总体绩效目标"),
        ("h4", "二、分项绩效目标"),
    ]
    assert '<th scope="col">三级指标</th>' in text
    assert '<th scope="row">项目编码</th>' in text
    assert re.search(r'<th colspan="\d" scope="col">3月底</th>', text)
    assert re.search(r'<th rowspan="\d" scope="rowgroup">产出指标</th>', text)


def test_what_is_typed_stays_text():
    nasty = "<script>alert(1)</script> & \"a\"'b' <b>"
    text = fragment(produced(plans.filled({"projects[0].use_of_funds": nasty}), plans.PLAN)[0]).decode()
    assert "<script" not in text
    assert html.escape(nasty, quote=False) in text


def test_links_lead_out_only_where_they_lead_to_the_web():
    parts = read_parts(produced(plans.filled({}), plans.PLAN)[0])
    links = parts["word/_rels/document.xml.rels"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    for mark, target in (("rId90", "https://example.org/?a=1&amp;b=2"), ("rId91", "javascript:alert(1)")):
        link = f'<Relationship Id="{mark}" Type="{kind}" Target="{target}" TargetMode="External"/></Relationships>'
        links = links.replace("</Relationships>", link)
    parts["word/_rels/document.xml.rels"] = links.encode()
    run = '<w:hyperlink r:id="{}"><w:r><w:t>{}</w:t></w:r></w:hyperlink>'
    both = run.format("rId90", "网站") + run.format("rId91", "坏的") + "</w:p>"
    parts[DOCUMENT] = parts[DOCUMENT].decode().replace("</w:p>", both, 1).encode()
    text = fragment(write_parts(parts)).decode()
    assert '<a href="https://example.org/?a=1&amp;b=2">网站</a>坏的' in text


def test_the_command_writes_it_beside_the_document_and_not_over_what_is_somebody_elses(tmp_path, capsys):
    book = tmp_path / "计划.xlsx"
    book.write_bytes(plans.book({}))
    words = ["report", str(book), "--draft", "--contents", "estimate", "--html", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    page = tmp_path / "计划.html"
    assert told["html"] == str(page)
    assert is_as_made(page.read_bytes())
    page.write_bytes(page.read_bytes().replace(b"<p>", b"<p>x"))
    assert not is_as_made(page.read_bytes())
    main(words)
    assert (tmp_path / "计划（新生成）.html").exists()


def test_what_is_no_document_is_said():
    with pytest.raises(ValueError, match=r"\.docx"):
        fragment(b"x")
