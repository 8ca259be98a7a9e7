"""`import --map`: exports of other systems, whatever their columns, become the workbooks of their units."""

import json
from io import BytesIO

import openpyxl
import pytest

from document_import import export_maker as maker
from perfxl.cli.main import main
from perfxl.document_import.exports.mapping import MappingFault, understood
from perfxl.pipeline.examine import examine
from perfxl.pipeline.export_intake import take_in_exports
from perfxl.report_type import catalog

HOME = catalog.home()
BY_PROJECT = ("project_code", "project_name", "budget_amount", "fiscal_funds", "other_funds", "use_of_funds",
              "expenditure_schedule", "performance_goals", "indicators")  # fmt: skip


def mapping(**changes):
    told = json.loads(maker.MAPPING.read_text("utf-8"))
    return understood(json.dumps({**told, **changes}).encode(), HOME)


def taken(data, name="导出.xlsx", **changes):
    found = take_in_exports([(name, data)], mapping(**changes), HOME)
    assert found.trouble is None
    return [intake for _, intake in found.workbooks]


def values(intake):
    record = examine(intake.workbook, "表.xlsx", HOME).record
    return json.loads(json.dumps(record.values, default=float))


def rows(header, *cells):
    return maker.workbook(("Sheet1", [header, *cells], ()))


def left(intake):
    return [each.text for each in intake.reading.left]


def plain(value):
    """Numbers alike, whichever kind they are of."""
    return json.loads(json.dumps(value), parse_int=float)


@pytest.mark.parametrize("make", maker.MAKES, ids=lambda make: make.__name__)
def test_every_value_stands_in_its_field_and_no_character_is_lost(make):
    intakes = taken(make(maker.PLANS))
    for intake in intakes:
        account = intake.reading.account
        assert account.characters == account.values + account.labels + account.left
        assert account.left == sum(len("".join(text.split())) for text in left(intake))
    found = {(one["unit_code"], one["fiscal_year"]): one for one in map(values, intakes)}
    assert len(found) == len(maker.PLANS) >= 4
    for right in map(maker.plan, maker.PLANS):
        there = found[(right["unit_code"], right["fiscal_year"])]
        assert there["unit_name"] == right["unit_name"]
        assert len(there["projects"]) == len(right["projects"])
        for one, other in zip(there["projects"], right["projects"], strict=True):
            for key in BY_PROJECT:
                if key in other:
                    assert plain(one[key]) == plain(other[key]), key


def test_what_has_no_field_is_left_over_with_its_cell():
    intakes = taken(maker.two_rows_of_names(maker.PLANS))
    texts = [text for intake in intakes for text in left(intake)]
    indicators = sum(len(p["indicators"]) for name in maker.PLANS for p in maker.plan(name)["projects"])
    assert texts.count("正向") == indicators
    assert "1234.5" in texts
    assert "合计" in texts
    assert texts.count("项目支出绩效目标表") == len(intakes)
    place = next(each.place for each in intakes[0].reading.left if each.text == "正向")
    assert (place.sheet, place.cell) == ("绩效", "X4")
    sheet = openpyxl.load_workbook(BytesIO(intakes[0].workbook))["没有归入的内容"]
    assert "正向" in [row[2].value for row in sheet.iter_rows()]


def test_a_target_with_sign_and_unit_is_taken_apart():
    (intake,) = taken(rows(["项目名称", "三级指标", "指标值"], ["甲", "人数", "≥45人"], ["甲", "比例", 0.95]))
    first, second = values(intake)["projects"][0]["indicators"]
    assert (first["sign"], first["target"], first["measure_unit"]) == ("≥", 45, "人")
    assert second["target"] == 0.95


def test_a_percentage_is_what_the_cell_shows():
    book = openpyxl.Workbook()
    book.active.append(["项目名称", "3月底", "12月底"])
    book.active.append(["甲", 0.25, "100%"])
    book.active["B2"].number_format = "0%"
    stream = BytesIO()
    book.save(stream)
    (intake,) = taken(stream.getvalue())
    assert values(intake)["projects"][0]["expenditure_schedule"] == {"by_mar": 25, "by_dec": 100}


def test_factors_turn_one_unit_into_another():
    (intake,) = taken(
        rows(["项目名称", "预算数"], ["甲", 125000], ["乙", "1,200.5"], ["丙", "待定"]),
        factors={"projects.budget_amount": 0.0001},
    )
    assert [project["budget_amount"] for project in values(intake)["projects"]] == [12.5, 0.12005, "待定"]
    assert intake.reading.left == []


def test_what_is_said_otherwise_again_is_left_over():
    (intake,) = taken(
        rows(
            ["项目编码", "项目名称", "资金用途", "三级指标"],
            ["13A", "甲", "买书", "册数"], ["13A", "甲", "买报", "份数"], ["13A", "甲", "买书", "次数"],
        )
    )  # fmt: skip
    (project,) = values(intake)["projects"]
    assert project["use_of_funds"] == "买书"
    assert [one["name"] for one in project["indicators"]] == ["册数", "份数", "次数"]
    assert left(intake) == ["买报"]


def test_a_row_that_is_there_twice_is_there_twice():
    (intake,) = taken(rows(["序号", "项目名称", "三级指标", "指标值"], [1, "甲", "人数", 5], [2, "甲", "人数", 5]))
    assert [one["target"] for one in values(intake)["projects"][0]["indicators"]] == [5, 5]


def test_projects_of_one_name_with_codes_of_their_own_are_two():
    (intake,) = taken(
        rows(["项目编码", "项目名称", "三级指标"], ["A1", "办公费", "a"], ["A2", "办公费", "b"], ["A1", "办公费", "c"])
    )
    assert [[one["name"] for one in project["indicators"]] for project in values(intake)["projects"]] == [
        ["a", "c"],
        ["b"],
    ]


def test_a_code_before_a_name_is_taken_apart():
    (intake,) = taken(rows(["单位", "项目名称"], ["714001 临西县工商业联合会本级", "甲"]))
    assert (values(intake)["unit_code"], values(intake)["unit_name"]) == ("714001", "临西县工商业联合会本级")
    assert intake.reading.left == []


def test_units_and_years_get_workbooks_of_their_own():
    intakes = taken(
        rows(
            ["预算年度", "单位编码", "项目名称"],
            [2024, "714001", "甲"], [2025, "714001", "甲"], [2025, "714002", "乙"], [2024, "714001", "丙"],
        )
    )  # fmt: skip
    found = [
        (one["fiscal_year"], one["unit_code"], [p["project_name"] for p in one["projects"]])
        for one in map(values, intakes)
    ]
    assert found == [(2024, "714001", ["甲", "丙"]), (2025, "714001", ["甲"]), (2025, "714002", ["乙"])]


def test_several_files_are_read_together():
    first = rows(["单位编码", "项目编码", "项目名称"], ["714001", "A1", "甲"], ["714002", "B1", "乙"])
    second = json.dumps([{"项目编码": "B1", "三级指标": "册数"}, {"项目编码": "A1", "三级指标": "次数"}]).encode()
    found = take_in_exports([("项目.xlsx", first), ("指标.json", second)], mapping(), HOME)
    names = {
        name: [one["name"] for one in values(intake)["projects"][0]["indicators"]] for name, intake in found.workbooks
    }
    assert names == {"714001": ["次数"], "714002": ["册数"]}


def test_a_sheet_with_years_and_no_units_belongs_where_its_projects_are():
    (first, second) = taken(
        maker.workbook(
            ("项目", [["预算年度", "单位编码", "项目编码"], [2025, "714001", "A1"], [2025, "714002", "B1"]], ()),
            ("指标", [["预算年度", "项目编码", "三级指标"], [2025, "B1", "册数"], [2025, "A1", "次数"]], ()),
        )
    )
    assert [one["name"] for one in values(first)["projects"][0]["indicators"]] == ["次数"]
    assert [one["name"] for one in values(second)["projects"][0]["indicators"]] == ["册数"]


def test_rows_of_a_list_that_have_names_of_their_own():
    columns = {
        "项目名称": "projects.project_name",
        "年初预算/财政拨款": "projects.funding_lines[其中：当年财政拨款].initial_budget",
        "执行数/财政拨款": "projects.funding_lines[其中：当年财政拨款].actual_expenditure",
        "年初预算/其他": "projects.funding_lines[其他资金].initial_budget",
        "三级指标": "projects.indicators.name",
    }
    told = [
        {"项目名称": "甲", "年初预算": {"财政拨款": 10, "其他": 2.5}, "执行数": {"财政拨款": 9}},
        {"项目名称": "甲", "三级指标": "人数"},
    ]
    (intake,) = taken(json.dumps(told).encode(), document_type="self_evaluation", columns=columns, words={}, values={})
    (project,) = intake.reading.values["projects"]
    assert plain(json.loads(json.dumps(project["funding_lines"], default=float))) == [
        {"source": "其中：当年财政拨款", "initial_budget": 10, "actual_expenditure": 9},
        {"source": "其他资金", "initial_budget": 2.5},
    ]


def test_values_of_the_mapping_stand_where_the_export_has_none():
    (intake,) = taken(rows(["项目名称", "三级指标"], ["甲", "人数"]), values={"fiscal_year": 2026, "unit_name": "某局"})
    assert (values(intake)["fiscal_year"], values(intake)["unit_name"]) == (2026, "某局")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (b"[1]", "应是一个 JSON 对象"),
        (b"{", "不是能读的 JSON"),
        (b'{"document_type": "letter"}', "应是其中一种"),
        (b'{"document_type": "performance_plan"}', "columns 是空的"),
        (b'{"document_type": "performance_plan", "colums": {}}', "没有“colums”这一项"),
        ('{"document_type": "performance_plan", "columns": {"名称": "projects.name"}}'.encode(), "是不是“projects."),
        ('{"document_type": "performance_plan", "columns": {"名称": "projects[甲].project_name"}}'.encode(), "方括号"),
        ('{"document_type": "performance_plan", "columns": {"名称": 1}}'.encode(), "“文字: 文字”"),
        (
            b'{"document_type": "performance_plan", "columns": {"a": "unit_name"}, "factors": {"unit_code": "x"}}',
            "应是一个数字",
        ),
        (
            b'{"document_type": "performance_plan", "columns": {"a": "unit_name"}, '
            b'"values": {"projects.project_code": "x"}}',
            "不是整份填报表的栏目",
        ),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(told, said):
    with pytest.raises(MappingFault, match=said):
        understood(told, HOME)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "W12"),
        (b"   \n", "W12"),
        (b"%PDF-1.7 abc", "W12"),
        (b"{", "W12"),
        (b'{"a": ' + b"[" * 100_000, "W12"),
        (b"[" * 40 + b"{}" + b"]" * 40, "W13"),
        ('{"名字": "甲"}'.encode(), "W13"),
        ("编号,全称\r\n1,甲\r\n".encode("gb18030"), "W13"),
        (b"\xff\xfe\x00\x01\x02\x03" * 100, "W12"),
        (b"a,b\n" + b'"' + b"x" * 200_000, "W12"),
        (b"PK\x03\x04broken", "F04"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "W13"),
    ],
)
def test_a_file_that_is_no_export_says_so(data, code):
    found = take_in_exports([("导出", data)], mapping(), HOME)
    assert found.workbooks == ()
    (finding,) = found.trouble.findings
    assert finding.code == code
    assert finding.message
    assert finding.hint


def test_the_command_writes_a_workbook_for_each_unit(tmp_path, capsys):
    source = tmp_path / "导出.xlsx"
    source.write_bytes(maker.flat(maker.PLANS))
    before = source.read_bytes()
    assert main(["import", str(source), "--map", str(maker.MAPPING), "-o", str(tmp_path / "填报表")]) == 0
    out = capsys.readouterr().out
    names = sorted(path.name for path in (tmp_path / "填报表").iterdir())
    assert len(names) == len(maker.PLANS)
    assert "714001临西县工商业联合会本级2023.xlsx" in names
    assert out.count("已生成") == len(names)
    assert source.read_bytes() == before


def test_several_units_need_a_folder(tmp_path, capsys):
    source = tmp_path / "导出.xlsx"
    source.write_bytes(maker.flat(maker.PLANS))
    assert main(["import", str(source), "--map", str(maker.MAPPING), "-o", str(tmp_path / "一份.xlsx")]) == 2
    assert "-o 后面应是文件夹" in capsys.readouterr().err
    assert not (tmp_path / "一份.xlsx").exists()


def test_one_unit_may_have_a_name_of_its_own(tmp_path, capsys):
    source = tmp_path / "导出.json"
    source.write_bytes(maker.nested_json(["linxi-gongshanglian-2023"]))
    target = tmp_path / "临西.xlsx"
    assert main(["import", str(source), "--map", str(maker.MAPPING), "-o", str(target), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["fiscal_year"], told["workbook"]) == (2023, str(target))
    assert told["left"] == [{"text": "0", "sheet": "JSON", "cell": "code", "page": None}]
