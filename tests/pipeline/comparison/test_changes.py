"""What changed between two records: each change once, by name, with both cells, and nothing else."""

import copy

import plans
import pytest
from pipeline.comparison.versions import item, varied, word

from perfxl.model.record import Place
from perfxl.pipeline.comparison import change_text
from perfxl.pipeline.comparison.changes import changes
from perfxl.pipeline.comparison.word_changes import word_changes


def compared(old, new):
    return changes(plans.record_of(old), plans.record_of(new), plans.PLAN)


def told(old, new):
    return {(change.kind, change.item, change.label) for change in compared(old, new)}


def test_the_same_plan_has_no_changes():
    assert compared(plans.valid_plan(), plans.valid_plan()) == []
    assert change_text.verdict([]) == "内容完全相同。"


@pytest.mark.parametrize("seed", range(50))
def test_every_change_is_told_by_name_and_nothing_else(seed):
    old, new, expected = varied(seed)
    assert told(old, new) == expected


def test_a_changed_amount_has_both_cells_and_both_values():
    new = plans.changed({"projects[0].budget_amount": 99.5})
    (change,) = compared(plans.valid_plan(), new)
    assert (change.old, change.new) == ("36.00", "99.50")
    assert (change.old_place, change.new_place) == (Place("项目1", "C5"), Place("项目1", "C5"))
    assert change_text.what(change) == "36.00 → 99.50"


def test_the_same_amount_written_otherwise_is_no_change():
    assert compared(plans.valid_plan(), plans.changed({"projects[0].budget_amount": 36})) == []


def test_projects_that_change_places_are_the_same_projects():
    old = plans.valid_plan()
    new = copy.deepcopy(old)
    new["projects"].reverse()
    (change,) = compared(old, new)
    assert (change.kind, change.old, change.new) == ("moved", "第2个", "第1个")


def test_a_renamed_project_is_known_by_its_code_and_one_with_a_new_code_by_its_name():
    old = plans.valid_plan()
    new = copy.deepcopy(old)
    new["projects"][0]["project_name"] = "新型职业农民培育"
    new["projects"][1]["project_code"] = "13020026P00XXXXX0003T"
    assert told(old, new) == {
        ("changed", "预算项目“新型职业农民培育”", "项目名称"),
        ("changed", item(old["projects"][1]), "项目编码"),
    }


def test_rows_that_change_places_are_told_as_moved_and_the_fewest_of_them():
    old = plans.valid_plan()
    new = copy.deepcopy(old)
    rows = new["projects"][0]["indicators"]
    rows.append(rows.pop(0))
    (change,) = compared(old, new)
    assert (change.kind, change.label, change.new) == ("moved", "绩效指标“培训农民人数”", f"第{len(rows)}行")


def test_a_row_that_came_or_went_is_told_with_what_it_holds_and_its_cell():
    old = plans.valid_plan()
    new = copy.deepcopy(old)
    row = new["projects"][0]["indicators"].pop(1)
    (change,) = compared(old, new)
    assert row["description"] in change.old
    assert (change.old_place, change.new_place) == (Place("项目1", "A24"), None)


def test_of_long_texts_the_terminal_shows_what_differs():
    old = plans.valid_plan()
    new = copy.deepcopy(old)
    new["overall_goal"][0] = old["overall_goal"][0].replace("农业高质量", "渔业高质量")
    (change,) = compared(old, new)
    assert change_text.what(change) == "……安全监管，为全县农业高质量发展打好…… → ……安全监管，为全县渔业高质量发展打好……"


def test_blanks_that_differ_are_said_to_be_blanks():
    old = plans.valid_plan()
    new = copy.deepcopy(old)
    new["projects"][0]["use_of_funds"] = old["projects"][0]["use_of_funds"] + " "
    (change,) = compared(old, new)
    assert change_text.what(change).endswith("只是空格或换行不同")


def test_two_documents_are_compared_by_paragraph_row_and_cell():
    old = plans.valid_plan()
    new = copy.deepcopy(old)
    new["overall_goal"].insert(0, "新加的一段话。")
    new["projects"][0]["budget_amount"] = 99.5
    del new["projects"][1]["indicators"][-1]
    found = word_changes(word(old), word(new))
    assert [(change.kind, change.item, change.old[:9], change.new[:9]) for change in found] == [
        ("added", "一、总体绩效目标", "", "新加的一段话。"),
        ("changed", "1.高素质农民培训绩效目标表", "36.00", "99.50"),
        ("removed", "2.农产品质量安全检测绩效目标表", "满意度指标；服务对", ""),
    ]
