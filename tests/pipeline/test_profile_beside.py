"""The rules that a workbook names: those of the office, or of a file that lies beside it, and of no other file."""

import json

import openpyxl
import plans
import pytest

from perfxl.cli.main import main
from perfxl.pipeline.workbook_file import examine_file, profile_for
from perfxl.report_type.profile import ProfileFault

HOME = plans.HOME
ZERO = {"projects[0].budget_amount": 0, "projects[0].fiscal_funds": 0, "projects[1]": None}
LENIENT = '{"rules": {"M03": "off"}}'


@pytest.fixture
def folder(tmp_path):
    """A folder of workbooks; rules lie in it, above it and below it, each as a file that is really there."""
    place = tmp_path / "报送"
    (place / "下面").mkdir(parents=True)
    for path in (place / "旁边.json", tmp_path / "上面.json", place / "下面" / "里面.json", place / "没有.txt"):
        path.write_text(LENIENT, "utf-8")
    return place


def codes(folder, name, **more):
    path = folder / "表.xlsx"
    path.write_bytes(plans.book({**ZERO, "profile": name}))
    return {one.code for one in examine_file(path, HOME, **more).findings}


@pytest.mark.parametrize("name", ["旁边", "旁边.json"])
def test_rules_beside_a_workbook_are_obeyed_and_told(folder, name):
    assert codes(folder, name) & {"M03", "V09", "V20"} == {"V20"}


@pytest.mark.parametrize(
    "name", ["../上面", "../上面.json", "下面/里面", "./下面/里面.json", "没有.txt", "没有", "{folder}/旁边.json", ".."]
)
def test_no_other_file_is_obeyed_although_it_is_there(folder, name):
    assert codes(folder, name.format(folder=folder)) & {"M03", "V09", "V20"} == {"M03", "V09"}


def test_rules_beside_are_not_obeyed_where_the_workbook_is_not_trusted(folder):
    assert codes(folder, "旁边", trusted=False) & {"M03", "V09", "V20"} == {"M03", "V09"}


def test_what_is_asked_for_counts_before_what_the_workbook_names(folder):
    assert codes(folder, "旁边", asked="national_2021") & {"M03", "V20"} == {"M03"}
    strict = folder / "严.json"
    strict.write_text('{"rules": {"M03": "error"}}', "utf-8")
    path = folder / "表.xlsx"
    assert profile_for(path, HOME, str(strict), "旁边").rules["M03"] == "error"
    assert profile_for(path, HOME, "national_2021", "旁边").id == "national_2021"
    assert profile_for(path, HOME, "", "").id == "hebei"
    with pytest.raises(ProfileFault, match="没有名为"):
        profile_for(path, HOME, "没有这一个", "旁边")


def test_a_batch_and_a_watched_folder_obey_no_file_beside(folder, tmp_path, capsys):
    (folder / "表.xlsx").write_bytes(plans.book({**ZERO, "profile": "旁边"}))
    main(["batch", str(folder), "-o", str(tmp_path / "成品"), "--draft", "--json"])
    capsys.readouterr()
    (line,) = [json.loads(text) for text in (tmp_path / "成品" / "汇总.jsonl").read_text("utf-8").splitlines()]
    assert {"M03", "V09"} <= {one["code"] for one in line["findings"]}
    main(["watch", str(folder), "--once"])
    sheet = openpyxl.load_workbook(folder / "表.检查意见.xlsx").active
    assert {"M03", "V09", "V20"} & {cell.value for row in sheet.iter_rows(4) for cell in row} == {"M03", "V09"}
