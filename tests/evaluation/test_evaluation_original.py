"""The published self-evaluation report of Yuanshi 2022: its document, word for word, and its known defects."""

import os
import subprocess
import sys

import pytest
from docx_blocks import blocks
from evaluations import HOME, TYPE
from products import document

from perfxl.pipeline.examine import examine
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

ORIGINALS = HOME / "tests" / "originals"
YUANSHI = "yuanshi-gongshanglian-2022-self-evaluation"
TANGSHAN = "tangshan-gongshanglian-2025-self-evaluation"


def data(name):
    return loads((HOME / "examples" / f"{name}.json").read_bytes(), TYPE)


def plain(texts):
    """Texts without white space, which the PDF has where it likes; those that are empty are left out."""
    return [bare for text in texts if (bare := "".join(text.split()))]


def paragraphs(result):
    for block in blocks(result):
        yield from [block] if isinstance(block, str) else (text for row in block for cell in row for text in cell)


def test_the_document_says_what_the_original_says():
    original = (ORIGINALS / f"{YUANSHI}.restored.txt").read_text("utf-8")
    lines = [line for line in original.split("\n") if not line.startswith("# ")]
    record = examine(write(TYPE, data(YUANSHI)), YUANSHI, HOME).record
    result, lost = document(record, TYPE)
    assert lost == []
    assert plain(paragraphs(result)) == plain(cell for line in lines for cell in line.split("\t"))


def test_the_table_of_the_original_is_a_table():
    result, _ = document(examine(write(TYPE, data(YUANSHI)), YUANSHI, HOME).record, TYPE)
    assert [block for block in blocks(result) if isinstance(block, list)] == [
        [
            [["单位名称"], ["单位性质"], ["单位规格"], ["经费保障形式"]],
            [["河北省元氏县工商业联合会本级"], ["参公事业"], ["正科级"], ["财政拨款"]],
        ]
    ]


@pytest.mark.parametrize("name", [YUANSHI, TANGSHAN])
def test_the_workbook_gives_back_the_data_that_filled_it(name):
    assert examine(write(TYPE, data(name)), name, HOME).record.values == data(name)


def test_the_defects_of_the_original_are_found():
    findings = examine(write(TYPE, data(YUANSHI)), YUANSHI, HOME).findings
    assert [(one.code, one.severity, f"{one.sheet}!{one.cell}") for one in findings] == [
        ("S21", "warning", "基本情况!C13"),
        ("D03", "warning", "报告!B17"),
        ("D01", "error", "报告!D19"),
        ("L02", "warning", "报告!D28"),
        ("S19", "info", "报告!D28"),
        ("S15", "warning", "汇总!B8"),
        ("S17", "warning", "汇总!B8"),
    ]
    assert "工商联业务经费、专家决策咨询委员会经费" in findings[-1].message


def test_the_invented_evaluation_says_so_and_is_in_order():
    values = data(TANGSHAN)
    assert "虚构" in values["preface"]
    assert all("虚构" in project["actual_achievement"] for project in values["projects"])
    assert examine(write(TYPE, values), TANGSHAN, HOME).findings == ()


def test_a_form_is_laid_out_as_the_ministry_has_it():
    result, lost = document(examine(write(TYPE, data(TANGSHAN)), TANGSHAN, HOME).record, TYPE)
    assert lost == []
    forms = [block for block in blocks(result) if isinstance(block, list) and block[0][0] == ["项目名称"]]
    assert len(forms) == 10
    heads = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
    form = forms[0]
    assert form[2:4] == [
        [["项目资金（万元）"], [""], ["年初预算数"], ["全年预算数"], ["全年执行数"], ["分值"], ["执行率"], ["得分"]],
        [[], ["年度资金总额"], ["40.00"], ["40.00"], ["38.60"], ["10"], ["96.5%"], ["9.65"]],
    ]
    assert form[7] == [["年度总体目标"], ["预期目标"], ["实际完成情况"]]
    assert form[9] == [["绩效指标"], *([head] for head in heads)]
    assert form[10][1:] == [["产出指标"], ["数量指标"], ["培训人数"], ["≥45人"], ["48人"], ["13"], ["13"], [""]]
    assert form[11][:2] == [[], []]  # 绩效指标 and 产出指标 go on
    assert form[-1] == [["总分"], ["100"], ["96.65"], ["等级：优"]]


def test_the_templates_are_what_their_tool_writes(tmp_path):
    tool = HOME / "tools" / "make_evaluation_template.py"
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    subprocess.run([sys.executable, str(tool), str(tmp_path)], check=True, env=environment, capture_output=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["self_evaluation.docx", "self_evaluation.plain.docx"]
    for name in made:
        assert (tmp_path / name).read_bytes() == TYPE.word_template.with_name(name).read_bytes()
