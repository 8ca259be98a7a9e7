"""Family K: indicators side by side, and what part one promises against what part two measures."""

from copy import deepcopy

import pytest
from plans import changed, filled, findings, found, record_of


def with_targets(*targets):
    """The valid plan with other targets in the first project, from the first row on."""
    data = changed({})
    for indicator, target in zip(data["projects"][0]["indicators"], targets, strict=False):
        indicator.pop("sign", None)
        indicator.pop("measure_unit", None)
        indicator["target"] = target
    return record_of(data)


def with_bases(*bases):
    """The valid plan with other bases in the first project, from the first row on."""
    return filled({f"projects[0].indicators[{n}].target_basis": basis for n, basis in enumerate(bases)})


def twin(changes=(), rows=slice(None)):
    """The valid plan, the second project with rows of the first; `changes` are made to the second."""
    data = changed({})
    first, second = (project["indicators"] for project in data["projects"])
    second[rows] = deepcopy(first[rows])
    for number, field, value in changes:
        second[number][field] = value
    return record_of(data)


def promising(text):
    """The valid plan with another text of indicators in its first activity, and only the first project."""
    data = changed({"activity_goals[0].indicators": text})
    del data["projects"][1], data["activity_goals"][1]
    return record_of(data)


def test_findings_are_the_same_through_the_workbook(book):
    changes = {f"projects[0].indicators[{n}].target_basis": "年度工作计划" for n in range(4)}
    changes |= {"activity_goals[0].indicators": "举办论坛不少于2次。"}
    assert found(book(changes), "K") == found(filled(changes), "K")
    assert found(book(changes), "K") == [("K24", "第一部分!D68"), ("K27", "项目1!H23")]


# K18 the same target


def test_most_targets_alike_are_told_once_a_project():
    record = with_targets(*["≥95%"] * 4, "≥90%", "≥85%", "≥80%")
    assert found(record, "K18") == [("K18", "项目1!B23")]
    assert "4条" in findings(record, "K18")[0].message
    assert found(with_targets(*["≥9595及以上"] * 3, "≥95%", "≥0.95大于等于95%"), "K18") == [("K18", "项目1!B23")]
    assert found(with_targets(*["100%"] * 7), "K18") == [("K18", "项目1!B23")]


@pytest.mark.parametrize("targets", [["≥95%"] * 3, ["100%"] * 5, ["≥95%", "≥90%", "≥95%", "≥90%", "≥95%"], []])
def test_a_few_targets_alike_pass(targets):
    assert found(with_targets(*targets), "K18") == []


# K20 the same indicators


def test_projects_with_the_same_indicators_are_told_at_each():
    assert found(twin(), "K20") == [("K20", "项目1!B23"), ("K20", "项目2!B23")]
    messages = [one.message for one in findings(twin(), "K20")]
    assert messages[0] == "本项目的7条指标与第2个项目（农产品质量安全检测）完全相同。"
    other = [(0, "target_basis", "另一份方案"), (0, "target", "240人"), (0, "sign", ""), (0, "measure_unit", "")]
    assert (
        len(found(twin([(3, "target", 0.15), (3, "measure_unit", "万元/人"), (0, "target_basis", "方案")]), "K20")) == 2
    )
    assert len(found(twin(other), "K20")) == 2


def test_the_same_benefits_for_other_work_are_a_filler():
    data = changed({})
    filler = [
        {**data["projects"][0]["indicators"][4], "name": name, "sign": "≥", "target": 95, "measure_unit": "%"}
        for name in ("保障需要", "保障运转", "保障发展")
    ]
    for project in data["projects"]:
        project["indicators"][4:4] = deepcopy(filler)
    messages = [one.message for one in findings(record_of(data), "K20")]
    assert messages == [
        "本项目的3条效益指标与第2个项目（农产品质量安全检测）完全相同。",
        "本项目的3条效益指标与第1个项目（高素质农民培训）完全相同。",
    ]


@pytest.mark.parametrize(
    "record",
    [
        twin([(0, "target", 241)]),
        twin([(0, "name", "结业人数")]),
        twin(rows=slice(4)),
        twin(rows=slice(4, 6)),
        filled({}),
    ],
)
def test_projects_that_share_some_indicators_pass(record):
    assert found(record, "K20") == []


# K27 bases


@pytest.mark.parametrize(
    "bases",
    [
        ["年度工作计划"] * 4,
        ["根据年初工作安排", "年度工作计划", "工作计划。", "实际需要"],
        ["单位统一要求"] * 7,
    ],
)
def test_generic_bases_are_told_once_at_the_first(bases):
    assert found(with_bases(*bases), "K27") == [("K27", "项目1!H23")]


def test_the_first_generic_basis_is_where_it_is_told():
    record = with_bases("高素质农民培育实施方案", *["年度工作计划"] * 4)
    assert found(record, "K27") == [("K27", "项目1!H24")]
    assert "有4条指标的依据是“年度工作计划”" in findings(record, "K27")[0].message


@pytest.mark.parametrize(
    "bases",
    [
        ["年度工作计划"] * 3,
        ["冀农发〔2024〕12号"] * 7,
        ["《高素质农民培育实施方案》"] * 7,
        ["高素质农民培育实施方案"] * 4,
    ],
)
def test_a_few_generic_bases_and_documents_pass(bases):
    assert found(with_bases(*bases), "K27") == []


# K24 promises: 培训农民人数 ≥240人, 培训合格率 ≥95%, 学员满意度 ≥90% are in part two


@pytest.mark.parametrize(
    "text",
    [
        "提交调研报告不少于4篇。",
        "培训农民不少于240人；提交调研报告不少于4篇。",
        "1、培训合格率95%；\n2、论文发表率。",
        "学习成果采纳率",
        "议程完成率100%",
        "举办论坛2次",
        "取得县级“五好”单位荣誉。",
        "积极开展各类培训，努力提高水平。",
    ],
)
def test_a_promise_without_an_indicator_is_pointed_out(text):
    assert found(promising(text), "K24") == [("K24", "第一部分!D68")]


@pytest.mark.parametrize(
    "text",
    [
        "培训农民不少于240人；培训合格率不低于95%。",
        "全年培训高素质农民240名",
        "培训学员240人次以上",
        "学员参训合格率达到95%以上",
        "带动周边农户三百户",
        "扶持农户300户",
        "群众满意度90%",
        "培训农民人数；培训合格率；学员满意度。",
        "2025年10月底前完成培训",
        "",
    ],
)
def test_a_promise_in_other_words_passes(text):
    assert found(promising(text), "K24") == []


def test_what_is_missing_is_listed_and_quotes_stand_inside_quotes():
    message = findings(promising("提交报告4篇；举办“新农人”论坛2次；培训合格率95%。"), "K24")[0].message
    assert message == "“提交报告4篇”“举办‘新农人’论坛2次”在第二部分没有对应的指标。"


@pytest.mark.parametrize("text", ["培训农民人数不少于260人", "培训合格率不低于98%", "培训农民200人"])
def test_another_target_for_the_same_thing_is_pointed_out(text):
    assert found(promising(text), "K24") == [("K24", "第一部分!D68")]
    assert "第二部分" in findings(promising(text), "K24")[0].message


def test_what_is_measured_in_equal_units_or_in_parts_passes():
    assert found(promising("培训农民0.024万人"), "K24") == []
    assert found(promising("每季度培训农民60人"), "K24") == []


def test_a_plan_without_indicators_is_complete_in_nothing_to_compare():
    data = changed({})
    for project in data["projects"]:
        project["indicators"] = []
    assert found(record_of(data), "K24") == []
