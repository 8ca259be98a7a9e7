"""Rows and cells that people inserted, deleted, merged or wrote beside the form: read as they stand on the sheet."""

import re

import pytest
from package_parts import cells_pushed, merged, packed, part_of, parts, rows_inserted, with_texts
from plans import HOME, PLAN, valid_plan

from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.workbook.form.form import write

BOOK = write(PLAN, valid_plan())
ORIGINAL = examine(BOOK, "", HOME).record.values
INDICATORS = ORIGINAL["projects"][0]["indicators"]
EVALUATION = (HOME / "examples" / "tangshan-gongshanglian-2025-self-evaluation.xlsx").read_bytes()


def looked_at(data, monkeypatch):
    """What comes of a workbook: the same from both readers."""
    first = examine(data, "", HOME)
    with monkeypatch.context() as plain:
        plain.setenv("PERFXL_PLAIN", "1")
        assert examine(data, "", HOME).findings == first.findings
    return first


def told(examination, *codes):
    return [
        (one.code, one.severity, f"{one.sheet}!{one.cell}")
        for one in examination.findings
        if not codes or one.code in codes
    ]


NEW = {
    "B": "质量指标",
    "C": "新增指标率",
    "D": "新增指标占全部指标的比例",
    "E": "≥",
    "F": "30",
    "G": "%",
    "H": "年度计划",
}


def new_row(row):
    return {f"{letters}{row}": text for letters, text in NEW.items()}


# Whole rows


@pytest.mark.parametrize(("before", "row", "index"), [(23, 23, 0), (24, 24, 1), (26, 26, 3), (30, 30, 7)])
def test_an_inserted_row_is_read_like_any_other(before, row, index, monkeypatch):
    data = rows_inserted(BOOK, "sheet4", "项目1", before)
    found = looked_at(with_texts(data, "sheet4", **new_row(row)), monkeypatch)
    indicators = found.record.values["projects"][0]["indicators"]
    assert [each["name"] for each in indicators].index("新增指标率") == index
    assert [each for each in indicators if each["name"] != "新增指标率"] == INDICATORS
    assert indicators[index]["dimension"] == "产出指标"
    assert not [one for one in found.findings if one.severity == "error"]
    assert produce(found).document is not None


def test_several_rows_above_the_first_one_are_read(monkeypatch):
    data = rows_inserted(BOOK, "sheet4", "项目1", 23, 3)
    found = looked_at(with_texts(data, "sheet4", **new_row(25), C23="更早的指标", B23="数量指标"), monkeypatch)
    names = [each.get("name") for each in found.record.values["projects"][0]["indicators"]]
    assert names[:2] == ["更早的指标", "新增指标率"]
    assert names[2:] == [each["name"] for each in INDICATORS]
    # Findings name the rows that people see.
    assert {cell for code, _, cell in told(found, "K04")} == {f"项目1!{letters}23" for letters in "DFH"}


def test_rows_above_the_names_are_read_after_the_first_one_was_cut_and_inserted_below(monkeypatch):
    """Names follow the cells with which they begin, so that the rows that moved up are above them."""
    contents = parts(BOOK)
    book = contents["xl/workbook.xml"].decode()
    changed = re.sub(r"('项目1'!\$[A-H]\$)23(:\$[A-H]\$62)", r"\g<1>26\2", book)
    assert changed != book
    found = looked_at(packed({**contents, "xl/workbook.xml": changed.encode()}), monkeypatch)
    assert found.record.values == ORIGINAL
    assert told(found) == []


def test_a_blank_row_above_the_first_one_changes_nothing(monkeypatch):
    found = looked_at(rows_inserted(BOOK, "sheet4", "项目1", 23), monkeypatch)
    assert found.record.values == ORIGINAL
    assert told(found) == []


@pytest.mark.parametrize(
    ("part", "title", "row", "column", "path"),
    [
        ("sheet3", "第一部分", 5, "C", ("overall_goal",)),
        ("sheet3", "第一部分", 131, "C", ("safeguard_measures",)),
        ("sheet4", "项目1", 9, "D", ("projects", 0, "performance_goals")),
    ],
)
def test_a_row_above_the_first_of_a_list_of_texts_is_read(part, title, row, column, path, monkeypatch):
    data = rows_inserted(BOOK, part, title, row)
    found = looked_at(with_texts(data, part, **{f"{column}{row}": "排在最前面的一条，也要印出来。"}), monkeypatch)
    old, new = ORIGINAL, found.record.values
    for step in path:
        old, new = old[step], new[step]
    assert new == ["排在最前面的一条，也要印出来。", *old]
    assert not told(found, "T04", "T05", "T06")


def test_a_row_above_the_first_in_the_middle_of_a_sheet_is_read(monkeypatch):
    data = rows_inserted(BOOK, "sheet3", "第一部分", 68)
    cells = {"B68": "新的工作", "C68": "把新的工作做好。", "D68": "新工作完成率100%。"}
    found = looked_at(with_texts(data, "sheet3", **cells), monkeypatch)
    goals = found.record.values["activity_goals"]
    assert goals[0]["title"] == "新的工作"
    assert goals[1:] == ORIGINAL["activity_goals"]


@pytest.mark.parametrize(("row", "column", "path"), [(8, "B", "funding_lines"), (23, "C", "indicators")])
def test_a_row_above_the_first_is_read_in_a_self_evaluation(row, column, path, monkeypatch):
    before = examine(EVALUATION, "", HOME).record
    title = before.places[("projects", 0, "project_name")].sheet
    part = part_of(EVALUATION, title)
    data = with_texts(rows_inserted(EVALUATION, part, title, row), part, **{f"{column}{row}": "上面的一行"})
    after = looked_at(data, monkeypatch).record
    rows = after.values["projects"][0][path]
    assert "上面的一行" in rows[0].values()
    assert rows[1:] == before.values["projects"][0][path]


# Cells pushed down or up


def test_cells_pushed_down_are_read_in_the_rows_where_they_stand(monkeypatch):
    found = looked_at(cells_pushed(BOOK, "sheet4", "项目1", ("C", "D"), 23), monkeypatch)
    indicators = found.record.values["projects"][0]["indicators"]
    assert "name" not in indicators[0]
    assert indicators[0]["category"] == INDICATORS[0]["category"]
    for above, row in zip(INDICATORS, indicators[1:], strict=True):
        assert (row["name"], row["description"]) == (above["name"], above["description"])
    assert indicators[1]["category"] == INDICATORS[1]["category"]
    assert told(found, "T22") == [("T22", "warning", "项目1!C24"), ("T22", "warning", "项目1!D24")]
    last = 23 + len(INDICATORS)
    assert {cell for _, _, cell in told(found, "K04")} == {
        "项目1!C23", "项目1!D23", *(f"项目1!{letters}{last}" for letters in "ABFH")
    }  # fmt: skip
    assert produce(found).document is None


def test_what_is_typed_in_the_gap_is_read(monkeypatch):
    data = cells_pushed(BOOK, "sheet4", "项目1", ("C", "C"), 23)
    found = looked_at(with_texts(data, "sheet4", C23="补上的指标"), monkeypatch)
    assert found.record.values["projects"][0]["indicators"][0]["name"] == "补上的指标"
    assert not told(found, "T06")


@pytest.mark.parametrize("row", [25, 29])
def test_cells_pushed_down_further_below_are_told(row, monkeypatch):
    found = looked_at(cells_pushed(BOOK, "sheet4", "项目1", ("C", "D"), row), monkeypatch)
    indicators = found.record.values["projects"][0]["indicators"]
    assert "name" not in indicators[row - 23]
    assert [each["name"] for each in indicators[: row - 23]] == [each["name"] for each in INDICATORS[: row - 23]]
    assert told(found, "T22") == [("T22", "warning", "项目1!C23"), ("T22", "warning", "项目1!D23")]


def test_cells_pulled_up_are_read_in_the_rows_where_they_stand(monkeypatch):
    found = looked_at(cells_pushed(BOOK, "sheet4", "项目1", ("C", "D"), 24, -1), monkeypatch)
    names = [each.get("name") for each in found.record.values["projects"][0]["indicators"]]
    expected = [each["name"] for each in INDICATORS]
    assert names == [expected[0], *expected[2:], None]
    assert [cell for _, _, cell in told(found, "T22")] == ["项目1!C23", "项目1!D23"]


def test_a_header_that_was_pushed_among_the_rows_is_no_value(monkeypatch):
    """Cells inserted far above, in one column: the header goes down with them into the first row of the list."""
    found = looked_at(cells_pushed(BOOK, "sheet3", "第一部分", ("C", "C"), 60), monkeypatch)
    goals = found.record.values["activity_goals"]
    assert "performance_goal" not in goals[0]
    assert goals[1]["performance_goal"] == ORIGINAL["activity_goals"][0]["performance_goal"]
    assert ("D01", "error", "第一部分!C68") in told(found)
    assert found.record.values["safeguard_measures"] == ORIGINAL["safeguard_measures"]


# Beside the inputs


BESIDE = {
    "right of a row": ("J25", "error"),
    "right of a spare row": ("J50", "error"),
    "below the rows, in a column of the list": ("C63", "error"),
    "further below": ("F70", "error"),
    "right of a single field": ("K5", "warning"),
    "above the header": ("K21", "warning"),
    "below the rows, in no column of the list": ("K70", "warning"),
}


@pytest.mark.parametrize("kind", BESIDE)
def test_what_is_typed_beside_a_list_stops_the_document(kind, monkeypatch):
    address, severity = BESIDE[kind]
    found = looked_at(with_texts(BOOK, "sheet4", **{address: "记得补充的内容"}), monkeypatch)
    assert told(found) == [("T06", severity, f"项目1!{address}")]
    assert (produce(found).document is None) == (severity == "error")


def test_a_picture_beside_a_list_is_told(monkeypatch):
    found = looked_at(with_texts(BOOK, "sheet4", J25='=DISPIMG("ID_1",1)'), monkeypatch)
    assert told(found) == [("T06", "error", "项目1!J25")]


# Merged


def test_a_value_merged_over_rows_counts_for_each_of_them(monkeypatch):
    last = 22 + len(INDICATORS)
    found = looked_at(merged(BOOK, "sheet4", f"H23:H{last}"), monkeypatch)
    basis = INDICATORS[0]["target_basis"]
    assert found.record.values["projects"][0]["indicators"] == [{**each, "target_basis": basis} for each in INDICATORS]
    assert [one for one in told(found) if one[0][0] == "T"] == [("T21", "info", "项目1!H23")]
    assert not [one for one in found.findings if one.severity == "error"]
    # What is found in a row that the merge hides is told at the cell that people see.
    assert {one.cell for one in found.findings} <= {"H23", "D68"}


def test_a_merge_over_all_spare_rows_makes_no_new_ones(monkeypatch):
    found = looked_at(merged(BOOK, "sheet4", "B24:B60"), monkeypatch)
    assert len(found.record.values["projects"][0]["indicators"]) == len(INDICATORS)


def test_rows_merged_in_pairs_are_one_row_each(monkeypatch):
    data = merged(BOOK, "sheet4", *(f"{letters}24:{letters}25" for letters in "ABCDEFGH"))
    found = looked_at(data, monkeypatch)
    assert found.record.values["projects"][0]["indicators"] == [INDICATORS[0], INDICATORS[1], *INDICATORS[3:]]
    assert not told(found, "T20", "T21")


def test_a_text_merged_over_rows_of_a_list_of_texts_is_one_text(monkeypatch):
    found = looked_at(merged(BOOK, "sheet4", "D9:D12"), monkeypatch)
    assert found.record.values["projects"][0]["performance_goals"] == ORIGINAL["projects"][0]["performance_goals"][:1]
    assert not told(found, "T20", "T21")


HIDING = {
    "two columns": ("C23:D23", "error", "项目1!C23", "绩效指标描述"),
    "two columns and two rows": ("C23:D24", "error", "项目1!C23", "绩效指标描述"),
    "three columns": ("C25:E25", "error", "项目1!C25", "绩效指标描述”“符号"),
    "a column that may be blank": ("F25:G25", "warning", "项目1!F25", "计量单位"),
    "the header and the first row": ("H22:H23", "error", "项目1!H22", "指标值确定依据"),
    "two single fields": ("C5:E5", "error", "项目1!C5", "其中：财政资金"),
}


@pytest.mark.parametrize("kind", HIDING)
def test_a_merge_that_hides_an_input_is_named_at_the_cell_that_people_see(kind, monkeypatch):
    cells, severity, place, label = HIDING[kind]
    found = looked_at(merged(BOOK, "sheet4", cells), monkeypatch)
    (remark,) = [one for one in found.findings if one.code == "T20"]
    assert (remark.severity, f"{remark.sheet}!{remark.cell}") == (severity, place)
    assert f"“{label}”没有地方填" in remark.message
    assert cells in remark.message
    hidden = {"D23", "D24", "D25", "E25", "H23", "E5"}
    assert not {one.cell for one in found.findings} & hidden


def test_a_merge_that_hides_spare_cells_alone_is_no_matter(monkeypatch):
    assert told(looked_at(merged(BOOK, "sheet4", "C50:D50"), monkeypatch)) == []


def test_the_merges_of_the_form_are_no_matter():
    for path in sorted((HOME / "examples").glob("*.xlsx")):
        assert not told(examine(path.read_bytes(), "", HOME), "T16", "T17", "T20", "T21", "T22")
