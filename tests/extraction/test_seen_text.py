"""What nobody can see: understood in codes, numbers, choices and names, kept in prose, named in messages."""

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_parts import with_texts
from plans import HOME, PLAN, valid_plan

from perfxl.document.audit import paragraphs
from perfxl.model.finding import word
from perfxl.model.invisible_characters import is_blank, seen, unindented, visible, visible_blanks
from perfxl.model.record import leaves
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.pipeline.repair import mended
from perfxl.workbook.form.form import write

BOOK = write(PLAN, valid_plan())
ORIGINAL = examine(BOOK, "", HOME).record.values
CODE = ORIGINAL["projects"][0]["project_code"]
ZERO_WIDTH = ["\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad", "\u200e", "\u202c", "\u2060", "\u2066"]
BLANKS = ["\u00a0", "\u3000"]


def looked_at(data, monkeypatch):
    """What comes of a workbook: the same from both readers."""
    first = examine(data, "", HOME)
    with monkeypatch.context() as plain:
        plain.setenv("PERFXL_PLAIN", "1")
        assert examine(data, "", HOME).findings == first.findings
    return first


def told(examination):
    return [(one.code, f"{one.sheet}!{one.cell}") for one in examination.findings]


FIELDS = {
    "a unit's code": ("sheet2", "基本信息", "C7", "321001"),
    "a year": ("sheet2", "基本信息", "C4", "2025"),
    "a project's code": ("sheet4", "项目1", "B4", CODE),
    "a percent": ("sheet4", "项目1", "B8", "10%"),
    "a sign": ("sheet4", "项目1", "E23", "≥"),
    "a choice": ("sheet4", "项目1", "B23", "数量指标"),
    "a unit": ("sheet4", "项目1", "G23", "人"),
    "the name of a project": ("sheet4", "项目1", "E4", "高素质农民培训"),
    "the name of an indicator": ("sheet4", "项目1", "C23", "培训农民人数"),
    "the name of a unit": ("sheet2", "基本信息", "C8", "临西县农业农村局本级"),
}


@cache
def base_with(part, address, text):
    """The record of the workbook in which a cell holds a text of its own, and that in which somebody typed it so."""
    return examine(with_texts(BOOK, part, **{address: text}), "", HOME).record.values


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("character", [*ZERO_WIDTH[:1], *BLANKS], ids=ascii)
@pytest.mark.parametrize("place", ["before", "behind", "inside"])
def test_what_nobody_sees_is_understood_with_a_trace(kind, character, place, monkeypatch):
    part, sheet, address, text = FIELDS[kind]
    middle = len(text) // 2
    if place == "inside" and (not middle or (character in BLANKS and text[:middle].isdigit())):
        return  # one character has no inside, and a blank between the digits of a number is for people to judge
    typed = {
        "before": character + text,
        "behind": text + character,
        "inside": text[:middle] + character + text[middle:],
    }[place]
    found = looked_at(with_texts(BOOK, part, **{address: typed}), monkeypatch)
    assert found.record.values == base_with(part, address, text)
    assert ("V07", f"{sheet}!{address}") in told(found)
    (trace,) = [one for one in found.findings if one.code == "V07" and one.cell == address and "［" in one.message]
    assert character not in trace.message


@pytest.mark.parametrize("character", ZERO_WIDTH, ids=ascii)
def test_every_character_without_width_is_passed_over(character, monkeypatch):
    cells = {"B4": character + CODE, "E23": f"≥{character}", "C23": f"培训{character}农民人数"}
    found = looked_at(with_texts(BOOK, "sheet4", **cells), monkeypatch)
    assert found.record.values == ORIGINAL
    assert told(found) == [("V07", f"项目1!{cell}") for cell in ("B4", "C23", "E23")]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("4\u00a0000.50", "4000.50"), ("4\u3000000", "4000"), ("\u200b4,000\u3000", "4000"), ("４0\u00a0.5", "40.5")],
)
def test_blanks_that_group_thousands_are_understood(typed, value, monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet4", C5=typed), monkeypatch)
    assert str(found.record.values["projects"][0]["budget_amount"]) == value
    assert ("V07", "项目1!C5") in told(found)


@pytest.mark.parametrize("typed", ["40\u300020", "4\u00a00", "40\u200b万"])
def test_what_is_no_number_even_so_is_told(typed, monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet4", C5=typed), monkeypatch)
    assert ("M02", "项目1!C5") in told(found)
    assert "\u200b" not in "".join(one.message for one in found.findings)


@pytest.mark.parametrize("text", ["\u200b", "\u3000\u3000", "\ufeff\u00a0"])
def test_a_cell_that_shows_nothing_holds_nothing(text, monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet4", C40=text, H40=text, D15=text, J25=text), monkeypatch)
    assert found.record.values == ORIGINAL
    assert told(found) == []
    assert ("K04", "项目1!H23") in told(looked_at(with_texts(BOOK, "sheet4", H23=text), monkeypatch))


def test_a_name_spaced_out_on_purpose_stays(monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet2", C9="张\u3000三"), monkeypatch)
    assert found.record.values["prepared_by"] == "张\u3000三"
    assert "V07" not in {code for code, _ in told(found)}


def test_letters_of_a_name_keep_a_blank_between_them(monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet2", C9="A\u00a0B 局"), monkeypatch)
    assert found.record.values["prepared_by"] == "A B 局"


# Prose


def test_prose_keeps_what_nobody_sees_and_loses_nothing(monkeypatch):
    text = "用于支付\u200b授课费\u00ad、场地\u00a0费，\ufeff按计划\u3000列支。"
    found = looked_at(with_texts(BOOK, "sheet4", B6=text), monkeypatch)
    assert found.record.values["projects"][0]["use_of_funds"] == text
    product = produce(found)
    assert text in paragraphs(product.document)
    assert "T15" not in {one.code for one in product.findings}


INDENTED = "\u3000\u3000第一段，写清楚要做的事。\n\u3000\u3000第二段，写清楚做到什么程度。\n \u00a0 第三段。"


@pytest.mark.parametrize(
    ("part", "cell", "path"),
    [
        ("sheet3", "C5", ("overall_goal", 0)),
        ("sheet3", "C68", ("activity_goals", 0, "performance_goal")),
        ("sheet4", "B6", ("projects", 0, "use_of_funds")),
        ("sheet4", "D9", ("projects", 0, "performance_goals", 0)),
        ("sheet4", "H23", ("projects", 0, "indicators", 0, "target_basis")),
    ],
)
def test_indents_are_not_printed_twice_and_are_nothing_lost(part, cell, path, monkeypatch):
    plain = INDENTED.replace("\u3000", "").replace(" \u00a0 ", "")
    found = looked_at(with_texts(BOOK, part, **{cell: INDENTED}), monkeypatch)
    assert dict(leaves(found.record.values))[path] == INDENTED  # the data have what was typed
    product = produce(found)
    assert not product.lost
    expected = produce(examine(with_texts(BOOK, part, **{cell: plain}), "", HOME)).document
    assert paragraphs(product.document) == paragraphs(expected)
    (indent,) = [one for one in found.findings if one.code == "L07"]
    assert (indent.severity, indent.cell, indent.repair) == ("info", cell, plain)
    assert "有3段" in indent.message


def test_fixing_takes_indents_away(monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet4", B6="\u3000\u3000用于支付授课费、场地费、教材费。"), monkeypatch)
    mending = mended(found)
    again = examine(mending.workbook, "", HOME)
    assert again.record.values["projects"][0]["use_of_funds"] == "用于支付授课费、场地费、教材费。"
    assert [change.codes for change in mending.changes] == [("L07",)]


def test_fixing_keeps_what_was_understood(monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet2", C7="321001\u200b"), monkeypatch)
    assert examine(mended(found).workbook, "", HOME).record.values == ORIGINAL


# Messages


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("321001\u200b", "321001［零宽空格］"),
        ("\ufeff甲", "［字节序标记］甲"),
        ("甲\u00ad乙", "甲［软连字符］乙"),
        ("\u202e甲", "［方向控制符］甲"),
        ("甲\u206a", "甲［U+206A］"),
        ("甲\x07", "甲［控制字符］"),
        ("甲 乙", "甲 乙"),
    ],
)
def test_a_message_shows_what_nobody_sees(text, shown):
    assert word(text) == visible(text) == shown


def test_blanks_are_named_where_they_are_the_point():
    assert visible_blanks("\u3000\u3000甲\u00a0乙 丙  ") == "［全角空格×2］甲［不间断空格］乙 丙［空格×2］"
    assert visible_blanks("甲\u2009乙") == "甲［特殊空格］乙"


def test_a_refused_choice_shows_what_nobody_sees(monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet4", B23="数量类\u200b指标"), monkeypatch)
    (refused,) = [one for one in found.findings if one.code == "V03"]
    assert "\u200b" not in refused.message


@given(st.text(st.sampled_from("甲乙1 \n\t\u3000\u00a0\u200b\ufeff"), max_size=12))
def test_what_is_unindented_says_the_same(text):
    """Nothing but blanks and what has no width goes, and only where a line begins; twice is once."""
    result = unindented(text)
    assert unindented(result) == result
    assert [line for line in result.split("\n") if re.match("[ \t]*[\u3000\u00a0]", line)] == []
    for old, new in zip(text.split("\n"), result.split("\n"), strict=True):
        assert old.endswith(new)
        assert is_blank(old[: len(old) - len(new)])
    assert is_blank(seen(text)) == is_blank(text)
