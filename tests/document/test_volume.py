"""A volume: many documents as one, in the order that the office gives, with one contents page that is right."""

import json
import re
import zipfile
from io import BytesIO

import plans
import pytest
from lxml import etree
from products import document as produced
from pypdf import PdfReader

from perfxl.batch.unit_order import Named, arranged, by_path
from perfxl.cli.main import main
from perfxl.document import origin
from perfxl.document.contents.toc import numbers
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.document.printing.libreoffice import Office, program
from perfxl.document.printing.page_numbers import numbers_of, paged
from perfxl.document.render import render
from perfxl.document.template.context import context
from perfxl.document.volume.binding import bound
from perfxl.document.volume.chapter import VolumeFault
from perfxl.storage.zip_archive import write_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLAIN = plans.HOME / "templates" / "performance_plan.plain.docx"


def unit(number, **changes):
    return plans.record_of(
        {**plans.valid_plan(), "unit_code": f"{402000 + number}", "unit_name": f"第{number}局", **changes}
    )


def made(number, *, plain=False):
    record = unit(number)
    if plain:
        return render(PLAIN.read_bytes(), context(record.shown, plans.PLAN.schema))
    return produced(record, plans.PLAN)[0]


def body(document):
    return etree.fromstring(read_parts(document)[DOCUMENT])


def entries(document):
    """What the contents page lists, with the levels of the entries by their styles."""
    found = []
    for paragraph in body(document).iter(W + "p"):
        if paragraph.find(f".//{W}instrText") is not None and "PAGEREF" in "".join(paragraph.itertext()):
            texts = [text.text for text in paragraph.iter(W + "t")]
            found.append((paragraph.find(f"{W}pPr/{W}pStyle").get(W + "val"), texts[0]))
    return found


def test_documents_stand_one_after_the_other_under_one_contents_page():
    volume = bound([made(1), made(2)], "某县2025年绩效文本汇编")
    assert volume.titles == ["第1局", "第2局"]
    said = origin.paragraphs(volume.document)
    assert said[:2] == ["某县2025年绩效文本汇编", "目录"]
    for number in (1, 2):
        own = [line for line in origin.paragraphs(made(number)) if line != "目录"]
        at = said.index(f"第{number}局")
        assert said[at : at + len(own)] == own
    assert numbers(read_parts(volume.document)[DOCUMENT].decode()) != {}


def test_headings_go_down_by_one_level():
    listed = entries(bound([made(1), made(2)], "汇编").document)
    assert [text for style, text in listed if style == "TOC1"] == ["第1局", "第2局"]
    assert [text for style, text in listed if style == "TOC2"] == ["第一部分", "第二部分"] * 2
    assert ("TOC3", "1.高素质农民培训绩效目标表") in listed
    assert {style for style, _ in entries(bound([made(1)], "汇编", levels=1).document)} == {"TOC1"}


def test_every_mark_is_there_once():
    xml = read_parts(bound([made(1), made(2), made(3)], "汇编").document)[DOCUMENT].decode()
    for pattern in (r'<w:bookmarkStart [^>]*w:id="(\d+)"', r'<w:bookmarkStart [^>]*w:name="([^"]+)"'):
        found = re.findall(pattern, xml)
        assert found
        assert len(found) == len(set(found))


def test_equal_parts_and_sheets_are_there_once():
    names = read_parts(bound([made(number) for number in range(1, 6)], "汇编").document)
    assert len([name for name in names if "/header" in name and name.endswith(".xml")]) == 1
    alone = etree.fromstring(read_parts(made(1))["word/styles.xml"])
    together = etree.fromstring(names["word/styles.xml"])
    assert len(together.findall(W + "style")) == len(alone.findall(W + "style"))


def test_no_style_leaks_from_one_look_into_another():
    volume = bound([made(1), made(2, plain=True), made(3)], "汇编").document
    sheet = etree.fromstring(read_parts(volume)["word/styles.xml"])
    styles = {style.get(W + "styleId"): style for style in sheet.iter(W + "style")}
    names = [style.find(W + "name").get(W + "val") for style in styles.values()]
    assert len(names) == len(set(names))
    used: dict[str, set[str]] = {}
    title = ""
    for paragraph in body(volume).iter(W + "p"):
        said = "".join(text.text or "" for text in paragraph.iter(W + "t"))
        title = said if re.fullmatch(r"第\d局", said) else title
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None:
            used.setdefault(title, set()).add(style.get(W + "val"))
    assert used["第1局"] == used["第3局"] - {""}
    assert used["第2局"].isdisjoint(used["第1局"])
    assert used["第2局"] <= styles.keys()
    # What the plain look says of its body text stands in its own style, whatever the defaults of the volume are.
    plain_sheet = etree.fromstring(read_parts(made(2, plain=True))["word/styles.xml"])
    size = plain_sheet.find(f".//{W}docDefaults//{W}sz").get(W + "val")
    normal = next(
        style for key, style in styles.items() if key.endswith("Normal") and key != "Normal" and "Table" not in key
    )
    assert normal.find(f"{W}rPr/{W}sz").get(W + "val") == size


def test_pages_are_counted_on_and_every_section_keeps_its_page():
    first, second = made(1), made(2, plain=True)
    volume = body(bound([first, second], "汇编").document)
    margins = [section.find(W + "pgMar").get(W + "left") for section in volume.iter(W + "sectPr")]
    own = [body(one).find(f".//{W}pgMar").get(W + "left") for one in (first, second)]
    assert margins == [own[0], *own]
    assert volume.find(f".//{W}pgNumType[@{W}start]") is None


def test_a_document_with_footnotes_is_said_and_left_out():
    parts = read_parts(made(1))
    note = '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    parts[DOCUMENT] = parts[DOCUMENT].decode().replace("</w:p>", note, 1).encode()
    parts["word/footnotes.xml"] = b"<x/>"
    volume = bound([write_parts(parts), made(2), b"no document"], "汇编")
    assert volume.titles == ["第2局"]
    assert [(number, fault[:5]) for number, fault in volume.faults] == [(0, "用了脚注，"), (2, "不是能读的")]
    with pytest.raises(VolumeFault):
        bound([b"x"], "汇编")


def test_the_same_documents_give_the_same_volume():
    assert (
        bound([made(1), made(2, plain=True)], "汇编").document == bound([made(1), made(2, plain=True)], "汇编").document
    )


# --- order ---


def named(*names):
    return [Named(f"城区/{name}", name, f"{name}{402000 + at}{name}") for at, name in enumerate(names)]


def test_paths_are_counted_as_people_count():
    assert by_path(["第10局", "第2局", "第1局"]) == [2, 1, 0]


def test_a_list_of_names_or_codes_gives_the_order_and_the_rest_comes_last():
    documents = named("水务局", "教育局", "财政局")
    assert arranged(documents, [("402002",), ("水务局",)]) == ([2, 0, 1], [])
    assert arranged(documents, [("1", "402001", "教育局"), ("卫生局",)]) == ([1, 0, 2], ["卫生局"])


def test_an_exact_name_wins_over_one_that_contains_it():
    documents = named("教育局幼儿园", "教育局")
    assert arranged(documents, [("教育局",), ("教育局幼儿园",)]) == ([1, 0], [])


# --- the command ---


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "成品"
    for number in (1, 2, 10):
        path = place / "城区" / f"第{number}局.docx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made(number))
    (place / "退回").mkdir()
    (place / "退回" / "信.docx").write_bytes(made(7))
    (place / "~$第1局.docx").write_bytes(b"lock")
    return place


def test_the_command_binds_what_is_in_the_folder_in_the_order_of_a_list(folder, tmp_path, capsys):
    order = tmp_path / "次序.csv"
    order.write_text("编码,名称\n402010,第10局\n402001,第1局\n402099,没有的局\n", "utf-8")
    output = folder / "汇编.docx"
    words = ["volume", str(folder), "-o", str(output), "--order", str(order), "--contents", "estimate", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["documents"] == ["第10局", "第1局", "第2局"]
    assert told["notes"] == ["次序表里的“402099 没有的局”没有文档。"]
    assert origin.paragraphs(output.read_bytes())[0] == "2025年部门预算绩效文本汇编"
    before = output.read_bytes()
    assert main(words) == 0
    assert output.read_bytes() == before


def test_a_volume_of_somebody_else_is_not_written_over(folder, capsys):
    (folder / "汇编.docx").write_bytes(b"mine")
    main(["volume", str(folder), "-o", str(folder / "汇编.docx"), "--contents", "estimate"])
    assert (folder / "汇编.docx").read_bytes() == b"mine"
    assert (folder / "汇编（新生成）.docx").exists()
    assert "没有动它" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "said"), [(["没有", "-o", "x.docx"], "不存在"), ([".", "-o", "x.pdf"], ".docx")])
def test_wrong_words_are_answered(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["volume", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.office
def test_all_numbers_of_the_contents_page_are_those_of_the_pages():
    found = program()
    if found is None:
        pytest.skip("LibreOffice is not installed on this machine; CI installs it")
    volume = bound([made(1), made(2, plain=True), made(3), made(4, plain=True)], "汇编").document
    estimated = numbers_of(volume)
    with Office(found) as office:
        paper = office.printed(volume)
        result = paged(volume, office, pdf=True)
    assert {mark: paper.pages[mark] for mark in estimated} == estimated
    assert numbers_of(result.document) == estimated
    with zipfile.ZipFile(BytesIO(result.document)) as archive:
        assert archive.testzip() is None


@pytest.mark.office
def test_each_heading_of_twenty_documents_stands_on_the_page_that_the_contents_page_says():
    if program() is None:
        pytest.skip("LibreOffice is not installed on this machine; CI installs it")
    volume = bound([made(number, plain=number % 3 == 0) for number in range(1, 21)], "汇编").document
    with Office(program()) as office:
        result = paged(volume, office, pdf=True)
    pages = ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(result.pdf)).pages]
    listed = [one for one in body(result.document).iter(W + "p") if "PAGEREF" in "".join(one.itertext())]
    assert len(listed) == len(numbers_of(result.document)) > 20 * 5
    units = []
    for entry in listed:
        *title, number = (text.text for text in entry.iter(W + "t"))
        said = "".join("".join(title).split())
        assert said in pages[int(number) - 1], said
        units += [int(number)] if entry.find(f"{W}pPr/{W}pStyle").get(W + "val") == "TOC1" else []
    assert len(units) == 20
    assert units == sorted(units)
