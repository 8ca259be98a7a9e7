"""Every command by its words: its status, what it says where, and which files there are afterwards."""

import io
import json
import sys

import openpyxl
import plans
import pytest

from perfxl import __version__
from perfxl.cli.main import main
from perfxl.cli.parser import COMMANDS
from perfxl.storage.files import Surroundings

ONE = {"projects[1]": None, "activity_goals[1]": None}


@pytest.fixture(scope="module")
def books():
    """A plan without a finding, one with a warning, one with an error, one that the program can mend."""
    return {
        "good": plans.book(ONE),
        "warned": plans.book({**ONE, "projects[0].use_of_funds": "用于高素质农民培训经费"}),
        "wrong": plans.book({**ONE, "projects[0].fiscal_funds": 35}),
        "mendable": plans.book({**ONE, "projects[0].use_of_funds": "用于支付授课费,场地费和学员食宿费。"}),
        "broken": b"%PDF-1.7",
    }


@pytest.fixture
def at(tmp_path, books, monkeypatch):
    """Names of books → their paths in a folder of the test's own, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    for name, data in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    return lambda name: str(tmp_path / f"{name}.xlsx")


@pytest.fixture
def said(capsys):
    """Words of a command → its status and what it prints."""

    def run(*words):
        status = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def there(folder, but=("good", "warned", "wrong", "mendable", "broken")):
    return sorted(path.name for path in folder.iterdir() if path.stem not in but or path.suffix != ".xlsx")


# check


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["good"], 0), (["warned"], 0), (["wrong"], 1), (["broken"], 1), (["nowhere"], 2),
        (["good", "wrong"], 1), (["wrong", "good"], 1), (["wrong", "nowhere"], 2), (["good", "warned"], 0),
    ],
)  # fmt: skip
def test_the_status_of_a_check_is_that_of_the_worst_workbook(names, status, at, said):
    assert said("check", *map(at, names))[0] == status
    found, out, _ = said("check", "--json", *map(at, names))
    told = json.loads(out)
    assert (found, isinstance(told, list)) == (status, len(names) > 1)
    told = told if isinstance(told, list) else [told]
    assert [one["file"] for one in told] == [at(name) for name in names]


def test_a_check_in_json_counts_errors_and_warnings(at, said):
    told = [json.loads(said("check", "--json", at(name))[1]) for name in ("good", "warned", "wrong", "broken")]
    assert [(one["errors"], one["warnings"], len(one["findings"])) for one in told] == [
        (0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 0, 1),
    ]  # fmt: skip
    assert [one["document_type"] for one in told] == ["performance_plan"] * 3 + [None]
    assert [one["profile"] for one in told] == ["hebei"] * 3 + [None]
    (finding,) = told[2]["findings"]
    assert finding == {
        "code": "M01", "severity": "error", "message": "预算数36万元 ≠ 财政资金35 + 其他资金0，差1万元。",
        "hint": "请核对三个数，改正填错的一个。", "file": at("wrong"), "sheet": "项目1", "cell": "C5",
        "field": "projects[0].budget_amount",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--fix", "{wrong}"], "同时写 --fix 和 -o"),
        (["{wrong}", "-o", "new.xlsx"], "同时写 --fix 和 -o"),
        (["--fix", "{wrong}", "{good}", "-o", "new.xlsx"], "一次只能处理一份"),
        (["--fix", "{wrong}", "-o", "{wrong}"], "新文件不能就是原来的文件"),
        (["--fix", "{wrong}", "-o", "new.docx"], "应以 .xlsx 或 .xlsm"),
        (["--comments", "{wrong}", "-o", "new.docx"], "一次写一份 Word 文档"),
        (["--comments", "{wrong}"], "同时写 --comments 和 -o"),
        (["{wrong}", "--plan", "nowhere.xlsx"], "读不出批复的填报表"),
        (["{wrong}", "--profile", "nowhere"], "没有名为“nowhere”的规则配置"),
    ],
)
def test_words_of_check_that_do_not_go_together_are_refused(words, sentence, at, said, tmp_path):
    status, out, err = said("check", *(word.format(wrong=at("wrong"), good=at("good")) for word in words))
    assert (status, out, there(tmp_path)) == (2, "", [])
    assert sentence in err


def test_what_can_be_mended_is_mended_in_a_new_workbook(at, said, tmp_path, books):
    status, out, _ = said("check", "--fix", at("mendable"), "-o", "new.xlsx", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["workbook"] == "new.xlsx"
    assert [(one["codes"], one["sheet"], one["cell"]) for one in told["repairs"]] == [(["L04"], "项目1", "B6")]
    assert told["repairs"][0]["after"] == "用于支付授课费，场地费和学员食宿费。"
    assert told["remaining"] == {"errors": 0, "warnings": 0}
    assert said("check", "new.xlsx")[0] == 0
    assert (tmp_path / "mendable.xlsx").read_bytes() == books["mendable"]


@pytest.mark.parametrize(("name", "status"), [("good", 0), ("wrong", 1)])
def test_where_nothing_can_be_mended_no_workbook_is_written(name, status, at, said, tmp_path):
    found, out, _ = said("check", "--fix", at(name), "-o", "new.xlsx")
    assert (found, there(tmp_path)) == (status, [])
    assert "没有可以自动改正的地方" in out
    told = json.loads(said("check", "--fix", at(name), "-o", "new.xlsx", "--json")[1])
    assert (told["workbook"], told["repairs"], told["remaining"]["errors"]) == (None, [], status)


# report


def test_a_report_stands_beside_its_workbook_or_where_it_is_asked_for(at, said, tmp_path):
    status, out, err = said("report", at("good"), "--contents", "estimate")
    assert (status, err, there(tmp_path)) == (0, "", ["good.docx"])
    assert "已生成：" in out
    assert said("report", at("good"), "-o", "别处.docx", "--contents", "off")[0] == 0
    assert there(tmp_path) == ["good.docx", "别处.docx"]


@pytest.mark.parametrize("name", ["wrong", "broken"])
def test_errors_keep_a_report_back(name, at, said, tmp_path):
    status, out, _ = said("report", at(name), "--contents", "estimate")
    assert (status, there(tmp_path)) == (1, [])
    assert "没有生成 Word 文档：请先改正上面的错误" in out
    told = json.loads(said("report", at(name), "--json", "--contents", "estimate")[1])
    assert (told["document"], "pdf" in told, "contents" in told) == (None, False, False)


def test_a_draft_is_made_in_spite_of_errors_and_is_done(at, said, tmp_path):
    status, out, _ = said("report", at("wrong"), "--draft", "--json", "--contents", "estimate")
    told = json.loads(out)
    assert (status, there(tmp_path)) == (0, ["wrong.docx"])
    assert (told["document"], told["pdf"], told["contents"]) == (at("wrong")[:-5] + ".docx", None, "estimate")
    assert (
        json.loads(said("report", at("wrong"), "--draft", "--json", "--contents", "off", "--force")[1])["contents"]
        is None
    )


def test_several_reports_go_into_a_folder_and_are_counted(at, said, tmp_path):
    status, out, _ = said("report", at("good"), at("wrong"), at("warned"), "-o", "成品", "--contents", "off")
    assert (status, there(tmp_path), there(tmp_path / "成品")) == (1, ["成品"], ["good.docx", "warned.docx"])
    assert "共 3 份，生成了 2 份" in out
    assert "没有发现问题" in out
    found, out, _ = said("report", at("good"), at("nowhere"), "--json", "--contents", "off", "--force")
    told = json.loads(out)
    assert found == 2
    assert [one["document"] is None for one in told] == [False, True]


def test_a_document_of_somebody_else_is_not_overwritten(at, said, tmp_path):
    (tmp_path / "good.docx").write_bytes(b"mine")
    status, out, _ = said("report", at("good"), "--contents", "off", "--json")
    told = json.loads(out)
    assert (status, (tmp_path / "good.docx").read_bytes()) == (0, b"mine")
    assert told["document"] != str(tmp_path / "good.docx")
    assert told["notes"]
    assert said("report", at("good"), "--contents", "off", "--force")[0] == 0
    assert (tmp_path / "good.docx").read_bytes()[:2] == b"PK"


def test_a_document_has_the_end_of_one(at, said):
    status, _, err = said("report", at("good"), "-o", "x.pdf")
    assert (status, "应以 .docx 结尾，现在是“x.pdf”" in err) == (2, True)


# new, fill, data


@pytest.mark.parametrize(("asked", "status"), [(0, 2), (201, 2), (-1, 2), (1, 0), (4, 0)])
def test_a_blank_form_has_as_many_sheets_as_are_asked_for(asked, status, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert said("new", "performance_plan", "--projects", asked, "-o", "x.xlsx")[0] == status
    if not status:
        sheets = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True).sheetnames
        assert [name for name in sheets if name.startswith("项目")] == [f"项目{n}" for n in range(1, asked + 1)]
    assert there(tmp_path) == ([] if status else ["x.xlsx"])


def test_a_blank_form_is_called_like_its_type_has_three_sheets_and_replaces_nothing(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, _ = said("new", "performance_plan")
    assert (status, out, there(tmp_path)) == (0, "已生成：部门预算绩效文本.xlsx\n", ["部门预算绩效文本.xlsx"])
    book = openpyxl.load_workbook(tmp_path / "部门预算绩效文本.xlsx", read_only=True)
    assert sum(name.startswith("项目") for name in book.sheetnames) == 3
    before = (tmp_path / "部门预算绩效文本.xlsx").read_bytes()
    status, _, err = said("new", "performance_plan", "--projects", 1)
    assert (status, "已经有“部门预算绩效文本.xlsx”，没有动它" in err) == (2, True)
    assert (tmp_path / "部门预算绩效文本.xlsx").read_bytes() == before
    assert said("new", "performance_plan", "--projects", 1, "-o", "部门预算绩效文本.xlsx")[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["new", "performance_plan", "-o", "x.xls"], "应以 .xlsx 或 .xlsm（带按钮）结尾，现在是“x.xls”"),
        (["new", "nowhere"], "没有文种“nowhere”，现有：performance_plan（部门预算绩效文本）"),
        (["fill", "performance_plan", "nowhere.json", "-o", "x.xlsx"], "读不到数据文件“nowhere.json”"),
        (["fill", "performance_plan", "x.json", "-o", "x.docx"], "应以 .xlsx 或 .xlsm"),
        (["fill", "performance_plan", "x.json"], "缺少：-o"),
        (["explain", "Z99"], "没有代码“Z99”"),
        (["console", "-o", "x.xlsx"], "应以 .xlsm 结尾，现在是“x.xlsx”"),
        (["watch", "nowhere"], "没有文件夹“nowhere”"),
        (["batch", "nowhere", "-o", "out"], "文件夹“nowhere”不存在"),
        (["batch", ".", "-o", "good.xlsx"], "不是文件夹，文档放不进去"),
        (["batch", ".", "-o", "out", "--jobs", "0"], "--jobs 应在1到64之间"),
        (["batch", ".", "-o", "out", "--jobs", "65"], "--jobs 应在1到64之间"),
        (["batch", ".", "-o", "out", "--jobs", "x"], "应是整数"),
        (["click", "x.xlsx"], "由填报表里的按钮使用"),
        (["click", "x.xlsx", "y.xlsx", "--result", "z"], "由填报表里的按钮使用"),
        (["carry", "good.xlsx", "-o", "good.xlsx"], "新文件不能就是原来的文件"),
        (["carry", "good.xlsx", "-o", "x.xlsx", "--to", "nowhere"], "没有文种是“nowhere”的下一步"),
        (["carry", "good.xlsx", "-o", "x.docx"], "应以 .xlsx 或 .xlsm"),
        (["reprot", "x.xlsx"], "是不是“report”"),
        (["zzz"], "没有“zzz”这个命令。"),
        (["check"], "缺少：填报表"),
        (["check", "x.xlsx", "--colour"], "不认识：--colour"),
        (["report", "good.xlsx", "--contents", "best"], "没有这一项：'best'"),
    ],
)
def test_wrong_words_are_refused_with_a_sentence(words, sentence, at, said, tmp_path):
    status, out, err = said(*words)
    assert (status, out, there(tmp_path)) == (2, "", [])
    assert sentence in err


def test_data_go_out_and_come_in_again(at, said, tmp_path, monkeypatch):
    status, out, err = said("data", at("good"))
    assert (status, err) == (0, "")
    assert json.loads(out)["unit_name"] == "临西县农业农村局本级"
    (tmp_path / "x.json").write_text(out, "utf-8")
    assert said("fill", "performance_plan", "x.json", "-o", "x.xlsm")[:2] == (0, "已生成：x.xlsm\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(out.encode())))
    assert said("fill", "performance_plan", "-", "-o", "y.xlsx")[0] == 0
    assert said("data", "x.xlsm")[1] == said("data", "y.xlsx")[1] == out
    status, out, err = said("data", at("broken"))
    assert (status, out, "F02" in err) == (1, "", True)
    assert said("data", at("wrong"))[0] == 0


# carry


def test_a_plan_is_carried_into_its_self_evaluation_and_into_the_next_year(at, said):
    status, out, _ = said("carry", at("good"), "-o", "自评.xlsx")
    assert (status, out) == (0, "已生成：自评.xlsx\n")
    assert json.loads(said("data", "自评.xlsx")[1])["document_type"] == "self_evaluation"
    assert said("carry", at("wrong"), "-o", "明年.xlsx", "--year", "2026")[0] == 0
    told = json.loads(said("data", "明年.xlsx")[1])
    assert (told["document_type"], told["fiscal_year"]) == ("performance_plan", 2026)
    assert "还有 1 处错误，已照原样带过来" in said("carry", at("wrong"), "-o", "自评.xlsx")[1]
    assert "处错误" not in said("carry", at("warned"), "-o", "自评.xlsx")[1]


@pytest.mark.parametrize(("name", "status"), [("broken", 1), ("nowhere", 2)])
def test_what_cannot_be_read_cannot_be_carried(name, status, at, said, tmp_path):
    found, out, _ = said("carry", at(name), "-o", "x.xlsx")
    assert (found, there(tmp_path)) == (status, [])
    assert out.strip()


# The small ones


def test_codes_and_types_are_told_as_text_and_as_json(said):
    status, out, _ = said("explain", "m01")
    assert (status, out.startswith("M01")) == (0, True)
    told = json.loads(said("explain", "M01", "--json")[1])
    assert (told["code"], told["severity"], told["title"]) == ("M01", "error", "预算数与各项资金不等")
    assert said("types")[1].splitlines()[0] == "performance_plan\t部门预算绩效文本（第1版）"
    assert json.loads(said("types", "--json")[1])[1] == {"id": "self_evaluation", "title": "绩效自评", "version": 1}


def test_a_console_and_an_add_in_are_handed_out(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("APPDATA", raising=False)
    assert said("console")[0] == 0
    (tmp_path / "夹").mkdir()
    assert said("console", "-o", "夹")[0] == 0
    assert said("console", "-o", "我的.xlsm")[0] == 0
    assert said("addin", "夹")[0] == 0
    assert (there(tmp_path), there(tmp_path / "夹")) == (
        ["夹", "我的.xlsm", "批量控制台.xlsm"],
        ["perfxl.xlam", "批量控制台.xlsm"],
    )
    status, _, err = said("addin")
    assert (status, "请写明放在哪个文件夹" in err) == (2, True)
    monkeypatch.setenv("APPDATA", str(tmp_path / "数据"))
    assert said("addin")[0] == 0
    assert (tmp_path / "数据" / "Microsoft" / "AddIns" / "perfxl.xlam").is_file()


def test_what_this_machine_has_is_told_as_text_and_as_json(said):
    status, out, _ = said("doctor", "--json")
    told = json.loads(out)
    assert status == 0
    assert all(set(one) == {"name", "well", "sentence"} for one in told)
    status, out, _ = said("doctor")
    assert (status, all(one["sentence"] in out for one in told)) == (0, True)


def test_the_help_lists_every_command_and_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as left:
        main([])
    out = capsys.readouterr().out
    assert (left.value.code, [name for name in COMMANDS if f"    {name}" not in out]) == (0, [])
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"perfxl {__version__}\n"


@pytest.mark.parametrize(
    ("fault", "status", "sentence"),
    [
        (Surroundings("磁盘满了"), 3, "磁盘满了"),
        (PermissionError(13, "Permission denied", "x.docx"), 3, "系统不让继续（Permission denied）：x.docx"),
        (OSError(28, "No space left on device"), 3, "没有说是哪个文件"),
        (FileNotFoundError(2, "No such file"), 4, "程序出错了"),
        (KeyboardInterrupt(), 3, "已停止。"),
        (ValueError("x\ny"), 4, "ValueError: x y"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_a_status(fault, status, sentence, at, said, monkeypatch):
    from perfxl.cli.commands import check

    def broken(*_):
        raise fault

    monkeypatch.setattr(check.common, "examine", broken)
    found, out, err = said("check", at("good"))
    assert (found, out, sentence in err, "Traceback" in err) == (status, "", True, False)
    monkeypatch.setenv("PERFXL_DEBUG", "1")
    assert ("Traceback" in said("check", at("good"))[2]) is (status == 4)
