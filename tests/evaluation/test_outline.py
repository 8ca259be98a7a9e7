"""The outline of a report that a blank form holds: nobody who writes no report has to clear it."""

from evaluations import HOME, TYPE, VALID, changed, values_of
from products import document

from perfxl.pipeline.examine import examine
from perfxl.workbook.form.form import write

OUTLINE = [dict(row) for row in TYPE.preset["sections"]]


def with_outline(**changes):
    return examine(write(TYPE, values_of({**changed({}), "sections": OUTLINE, **changes})), "", HOME)


def test_an_untouched_outline_is_neither_told_nor_printed():
    examination = with_outline()
    assert [one.code for one in examination.findings] == []
    result, lost = document(examination.record, TYPE)
    assert lost == []
    assert result == document(examine(write(TYPE, values_of(VALID)), "", HOME).record, TYPE)[0]


def test_an_outline_that_was_begun_is_to_be_finished():
    sections = [{**OUTLINE[0]}, *OUTLINE[1:6], {**OUTLINE[6], "text": "年初设定了三项目标。"}, *OUTLINE[7:]]
    assert ("D01", "error") in [(one.code, one.severity) for one in with_outline(sections=sections).findings]
