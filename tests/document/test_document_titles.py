"""Titles fall into lines between words, and labels stay with what they label; their texts are as they were typed."""

import re

import pytest

from perfxl.document.contents.pagination import PageLayout
from perfxl.document.contents.paragraph_styles import ParagraphShape, ParagraphShapes
from perfxl.document.contents.settled_body import settle
from perfxl.document.contents.settling import settled
from perfxl.document.contents.title_lines import _lines, _places, narrowing
from perfxl.document.contents.title_words import NEVER, prices

WIDTH, SIZE = 8844, 440  # of the standard look: a title of 22 pt in a line of 156 mm
UNITS = (
    "某县民政局", "元氏县工商联", "北戴河区政协", "唐山市工商业联合会", "临西县工商业联合会本级",
    "唐山市丰南区医疗保障局", "石家庄市鹿泉区退役军人事务局", "秦皇岛市北戴河区人力资源和社会保障局",
    "中国人民政治协商会议秦皇岛市北戴河区委员会", "河北省唐山市丰润区住房和城乡建设局（本级）",
    "张家口市宣化区农业农村局农业综合行政执法大队", "中共石家庄市鹿泉区委全面依法治区委员会办公室综合保障服务中心",
)  # fmt: skip


def lines(text, size=SIZE, first=0, centred=True):
    """Return the lines of a title, which are the same with narrow digits and with wide ones."""
    room = WIDTH - narrowing(text, WIDTH, first, size, 0, centred)
    narrow, wide = (_lines(text, places, room, first) for places in _places(text, size))
    assert narrow == wide
    return [text[start:end].strip() for start, end in zip(wide, (*wide[1:], len(text)), strict=True)]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("工商联部门 2022 年度 整体支出绩效自评报告", ["工商联部门 2022 年度", "整体支出绩效自评报告"]),
        (
            "唐山市工商联部门2025年度整体支出绩效自评报告",
            ["唐山市工商联部门2025年度", "整体支出绩效自评报告"],
        ),
        ("临西县工商业联合会本级", ["临西县工商业联合会本级"]),
        (
            "中国人民政治协商会议秦皇岛市北戴河区委员会",
            ["中国人民政治协商会议秦皇岛市", "北戴河区委员会"],
        ),
    ],
)
def test_a_title_is_parted_behind_the_unit_and_before_the_kind_of_text(title, found):
    assert lines(title) == found


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("kind", ["", "2025年度部门整体支出绩效自评报告", "绩效自评报告"])
def test_no_title_is_parted_in_a_word_or_ends_in_a_character(unit, kind):
    title = unit + kind
    found = lines(title)
    at = 0
    for line in found[:-1]:
        at += len(line)
        if len(found) < 3:  # of three lines each but the last one is full, which leaves no choice at times
            assert prices(title)[at] < NEVER, found
    assert min(map(len, found)) > 2


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("1.“光彩事业”专项经费绩效目标表", ["1.“光彩事业”专项经费绩效目标表"]),
        (
            "12.农村饮水安全巩固提升工程及配套管网建设项目绩效目标表",
            ["12.农村饮水安全巩固提升工程", "及配套管网建设项目绩效目标表"],
        ),
        (
            "3.2025年城乡居民基本养老保险政府补贴资金（省级）绩效目标表",
            ["3.2025年城乡居民基本养老保险政府补贴资金", "（省级）绩效目标表"],
        ),
    ],
)
def test_the_title_of_a_table_is_parted_too(name, found):
    assert lines(name, size=320) == found


def test_a_heading_begins_with_its_indent_and_ends_in_no_small_rest():
    text = "（一）坚持以习近平新时代中国特色社会主义思想为指导，全面加强党的建设"
    assert lines(text, size=320, first=640, centred=False) == [
        "（一）坚持以习近平新时代中国特色社会主义", "思想为指导，全面加强党的建设"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("绩效指标：", True), ("机构设置:", True), ("（一）总体绩效目标", True), ("一、基本情况", True),
        ("绩效指标：提案数不少于4个。", False), ("（一）做好服务。", False), ("1、会议组织率；", False), ("", False),
        ("做好各项工作：" * 6, False),
    ],
)  # fmt: skip
def test_a_label_stays_with_what_it_labels(text, kept):
    said = settled([text], ParagraphShape(size=320), WIDTH, before_table=False)
    assert (said is not None and said.keep == "<w:keepNext/>" and said.shape.keep_next) is kept


BODY = (
    '<w:document><w:body><w:p><w:pPr><w:pStyle w:val="T"/></w:pPr><w:r><w:t>部门机构设置情况</w:t></w:r></w:p>'
    "<w:p><w:pPr><w:keepNext/></w:pPr></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    "<w:p><w:pPr><w:jc/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p><w:sectPr/></w:body></w:document>"
)


def test_a_caption_stays_with_its_table_and_texts_are_as_typed():
    layout = PageLayout(ParagraphShapes(ParagraphShape(), "", {}))
    xml = BODY.format("正文")
    found = settle(xml, layout)
    assert found == xml.replace('<w:pStyle w:val="T"/>', '<w:pStyle w:val="T"/><w:keepNext/>')


def test_indents_stand_where_the_schema_wants_them():
    centred = ParagraphShape(size=SIZE, centred=True)
    layout = PageLayout(ParagraphShapes(centred, "", {}))
    title = UNITS[-1]
    found = settle(BODY.format(title).replace("<w:jc/>", '<w:jc w:val="center"/>'), layout)
    properties = re.search(r'<w:pPr>(<w:ind [^>]*/>)<w:jc w:val="center"/></w:pPr>', found)
    assert properties
    assert f"<w:t>{title}</w:t>" in found
    # Who has indented a paragraph has decided.
    own = BODY.format(title).replace("<w:jc/>", '<w:ind w:left="9"/><w:jc w:val="center"/>')
    assert own[own.find("</w:tbl>") :] in settle(own, layout)
