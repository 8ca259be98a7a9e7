"""The audit finds what did not arrive."""

from __future__ import annotations

import html
import random
from io import BytesIO

import pytest
from docx2python import docx2python

from perfxl.document import audit
from perfxl.document.audit import missing, paragraphs
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.template.context import context
from perfxl.storage.zip_archive import write_parts


@pytest.fixture
def spoilt():
    """Changes the body of a document by replacing text once."""

    def make(document: bytes, old: str, new: str) -> bytes:
        parts = read_parts(document)
        body = parts["word/document.xml"].decode()
        assert old in body
        parts["word/document.xml"] = body.replace(old, new, 1).encode()
        return write_parts(parts)

    return make


def test_nothing_is_missing_from_the_examples(document, schema, example):
    assert missing(document(example), context(example, schema), schema) == []


def test_nothing_is_missing_where_text_is_strange(document, schema, plan):
    plan["unit_name"] = "甲<&>{{ x }}]]>\t𠮷"
    plan["projects"][0]["project_name"] = "一\n二 "
    plan["projects"][0]["use_of_funds"] = " \n\n尾\t"
    assert missing(document(plan), context(plan, schema), schema) == []


def test_a_lost_text_is_missing(document, schema, plan, spoilt):
    plan["projects"][0]["indicators"][0]["description"] = "只此一处"
    made = spoilt(document(plan), "只此一处", "只此")
    assert missing(made, context(plan, schema), schema) == [("projects", 0, "indicators", 0, "description")]


def test_a_lost_line_is_missing(document, schema, plan, spoilt):
    made = spoilt(document(plan), "2、满意度95%。", "")
    assert missing(made, context(plan, schema), schema) == [("activity_goals", 0, "indicators")]


def test_a_text_that_stands_twice_is_looked_for_twice(document, schema, plan, spoilt):
    plan["projects"][0]["indicators"][0] |= {"name": "到课率", "description": "到课率"}
    given = context(plan, schema)
    assert missing(document(plan), given, schema) == []
    made = spoilt(document(plan), "到课率", "")
    where = ("projects", 0, "indicators", 0)
    assert missing(made, given, schema) == [(*where, "name"), (*where, "description")]


def test_a_chosen_value_is_looked_for_once(document, schema, plan, indicator, spoilt):
    plan["projects"][0]["indicators"] = [indicator(), indicator(name="又一")]
    given = context(plan, schema)
    assert missing(document(plan), given, schema) == []
    made = spoilt(document(plan), "产出指标", "")
    assert missing(made, given, schema) == [("projects", 0, "indicators", number, "dimension") for number in (0, 1)]


def test_what_is_not_printed_is_not_looked_for(document, schema, plan):
    plan["region_name"] = "河北省某市"
    assert schema["properties"]["region_name"]["x-printed"] is False
    assert missing(document(plan), context(plan, schema), schema) == []


def test_a_silent_value_is_not_looked_for(document, schema, plan):
    plan["projects"][0]["indicators"][0] |= {"sign": "定性", "target": "良好", "measure_unit": ""}
    assert missing(document(plan), context(plan, schema), schema) == []


def test_text_in_headers_counts_and_deleted_text_does_not(document, schema, plan, spoilt):
    given = context(plan, schema)
    made = document(plan)
    deleted = spoilt(
        made,
        '<w:t xml:space="preserve">用于培训的场地、师资和资料。</w:t>',
        "<w:delText>用于培训的场地、师资和资料。</w:delText>",
    )
    assert missing(deleted, given, schema) == [("projects", 0, "use_of_funds")]
    parts = read_parts(deleted)
    run = "<w:r><w:t>用于培训的场地、师资和资料。</w:t></w:r></w:p>"
    parts["word/header1.xml"] = parts["word/header1.xml"].decode().replace("</w:p>", run).encode()
    assert missing(write_parts(parts), given, schema) == []


def test_both_ways_of_reading_give_the_same_lines(document, example):
    made = document(example)
    parts = read_parts(made)
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"<w:body>", b"<w:body><w:p><w:r><w:cr/></w:r></w:p>"
    )
    quick, thorough = ([line for line in paragraphs(data) if line.strip()] for data in (made, write_parts(parts)))
    assert quick == thorough


def test_another_reader_finds_the_same_text(document, schema, example):
    made = document(example)
    with docx2python(BytesIO(made)) as theirs:
        text = html.unescape(theirs.text)
    squeezed = "".join(text.split())
    given = context(example, schema)
    unseen = [line for line in paragraphs(made) if "".join(line.split()) not in squeezed]
    assert unseen == []
    assert all("".join(goal.split()) in squeezed for goal in given["overall_goal"])


@pytest.mark.parametrize("seed", range(6))
def test_a_glance_sees_no_text_that_a_closer_look_does_not(document, schema, plan, wordy, seed):
    values = wordy(seed, 2) if seed else plan
    given = context(values, schema)
    parts = read_parts(document(values))
    pieces = parts["word/document.xml"].decode().split("</w:t>")
    chance = random.Random(seed)
    found = 0
    for _ in range(60):
        at = chance.randrange(len(pieces) - 1)
        markup, text = pieces[at].rsplit(">", 1)
        cut = chance.randrange(len(text) + 1)
        spoilt = [*pieces[:at], f"{markup}>{text[:cut]}{text[cut + 1 :]}", *pieces[at + 1 :]]
        made = write_parts({**parts, "word/document.xml": "</w:t>".join(spoilt).encode()})
        lost = missing(made, given, schema)
        assert lost == audit._missing(made, given, schema)
        found += bool(lost)
    assert found > 10


def test_a_glance_is_enough_for_the_examples(document, schema, example):
    assert audit._all_there(document(example), context(example, schema), schema)


def test_the_numbers_of_an_escaped_sign_are_no_text(document, schema, plan, spoilt):
    plan["projects"][0]["indicators"][0] |= {"description": "34", "name": '"'}
    given = context(plan, schema)
    assert missing(document(plan), given, schema) == []
    made = spoilt(document(plan), ">34<", "><")
    assert missing(made, given, schema) == [("projects", 0, "indicators", 0, "description")]


def test_a_context_that_is_not_arranged_as_the_schema_says_is_read_as_it_is(document, schema, plan):
    given = {**context(plan, schema), "draft": True, "more": {"text": "没有印出来"}}
    assert missing(document(plan), given, schema) == [("more", "text")]


def test_a_short_part_is_read_again_where_it_says_something_else(document, schema, plan):
    plan["projects"][0]["indicators"][0]["description"] = "只此一处"
    given = context(plan, schema)
    parts = read_parts(document(plan))
    body = parts["word/document.xml"].replace("只此一处".encode(), b"")
    header = parts["word/header1.xml"].decode()
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>'
    for text, lost in (("只此一处", False), ("只此", True), ("只此一处", False)):
        said = header.replace("</w:p>", run.format(text), 1).encode()
        made = write_parts({**parts, "word/document.xml": body, "word/header1.xml": said})
        assert bool(missing(made, given, schema)) is lost
