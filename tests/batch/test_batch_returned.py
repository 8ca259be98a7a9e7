"""What goes back to the units, and what they have changed when they send again."""

import zipfile
from io import BytesIO

import openpyxl
import pytest

from perfxl.document.audit import paragraphs
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.report_type import catalog
from perfxl.storage.zip_archive import write_parts

ERROR = {"projects[0].fiscal_funds": 1.5}


@pytest.fixture
def back(county, output, batch, unit):
    """The folder of what goes back, of a county in which one unit is wrong."""
    (county / "乡镇" / "第4局.xlsx").write_bytes(unit(4, **ERROR))
    (county / "坏的.xlsx").write_bytes(b"nothing")
    batch(county, draft=False)
    return output / "退回"


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_unit_with_findings_has_a_folder_of_its_own_with_a_workbook_and_a_letter(back):
    assert [name for name in names(back) if name.startswith("乡镇/第4局")] == [
        "乡镇/第4局/第4局.检查意见.xlsx",
        "乡镇/第4局/第4局.退回意见.docx",
    ]
    assert "坏的/坏的.退回意见.docx" in names(back)


def test_the_letter_has_a_table_of_place_problem_and_cure_errors_first(back):
    lines = paragraphs((back / "乡镇/第4局/第4局.退回意见.docx").read_bytes())
    assert "第4局：" in lines
    assert "你单位报送的“第4局.xlsx”收到，经检查，有 1 处错误需要改正，另有 4 处请核对。" in lines
    at = lines.index("错误")
    assert lines[at - 1 : at + 4] == [
        "1",
        "错误",
        "项目1!C5",
        "预算数36万元 ≠ 财政资金1.5 + 其他资金0，差34.5万元。",
        lines[at + 3],
    ]
    assert "错误" not in lines[at + 1 :]
    assert "警告" in lines


def test_the_workbook_has_every_finding_with_its_cell(back):
    sheet = openpyxl.load_workbook(back / "乡镇/第4局/第4局.检查意见.xlsx").active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(4)]
    assert ("项目1", "C5", "M01") in [(row[2], row[3], row[6]) for row in rows]


def test_what_is_said_across_units_goes_back_as_well(county, output, batch, unit):
    (county / "城区" / "又一份.xlsx").write_bytes(unit(1))
    batch(county)
    letters = [
        path for path in (output / "退回").rglob("*.docx") if "一个单位" in "".join(paragraphs(path.read_bytes()))
    ]
    told = [
        path.parent.name
        for path in (output / "退回").rglob("*.docx")
        if "已经报过一份" in str(paragraphs(path.read_bytes()))
    ]
    assert letters == []
    assert told == ["第1局"] or told == ["又一份"]


def test_a_unit_that_has_mended_everything_has_nothing_there(county, output, batch, monkeypatch, back):
    from perfxl.batch import returned_forms

    class Nothing:
        """Nothing to send back: as if no unit had findings any more."""

        @staticmethod
        def in_order(*_words, **_options):
            return iter(())

    monkeypatch.setattr(returned_forms, "in_order", Nothing.in_order)
    (county / "坏的.xlsx").unlink()
    batch(county, draft=False)
    assert not back.exists()


def test_a_letter_that_somebody_has_changed_stays_and_is_said(county, back, batch, unit):
    letter = back / "乡镇/第4局/第4局.退回意见.docx"
    letter.write_bytes(b"mine")
    (county / "乡镇" / "第4局.xlsx").write_bytes(unit(4, **{"projects[0].fiscal_funds": 2.5}))
    report = batch(county, draft=False)
    assert letter.read_bytes() == b"mine"
    assert (
        "“退回/乡镇/第4局/第4局.退回意见.docx”被人改过，没有更新；不要那份修改的，删除它再运行一次。"
        in report.result.notes
    )
    letter.unlink()
    (county / "乡镇" / "第4局.xlsx").write_bytes(unit(4, **{"projects[0].fiscal_funds": 3.5}))
    batch(county, draft=False)
    assert "差32.5万元" in "".join(paragraphs(letter.read_bytes()))


def test_an_office_has_a_letter_of_its_own(county, output, batch, unit):
    template = catalog.home() / "templates" / "退回意见.docx"
    parts = read_parts(template.read_bytes())
    parts[DOCUMENT] = parts[DOCUMENT].replace("退回修改意见".encode(), "某某县财政局函".encode())
    (county / "退回意见模板.docx").write_bytes(write_parts(parts))
    batch(county)
    (letter,) = (output / "退回").rglob("第1局.退回意见.docx")
    assert "某某县财政局函" in paragraphs(letter.read_bytes())


def test_a_damaged_letter_is_said_and_the_rest_is_done(county, output, batch):
    (county / "退回意见模板.docx").write_bytes(b"no template")
    report = batch(county)
    assert any("退回意见没有生成" in note for note in report.result.notes)
    assert (output / "汇总.xlsx").is_file()


def test_what_a_unit_has_changed_is_written_as_a_table_and_with_tracked_changes(county, output, batch, unit):
    batch(county)
    assert not (output / "修改对照").exists()
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1, **{"projects[1].budget_amount": 99.5}))
    report = batch(county)
    (change,) = report.changes
    assert (change.unit, "（改了 1 处）" in change.said) == ("第1局", True)
    assert names(output / "修改对照") == ["城区/第1局.修改对照.docx", "城区/第1局.修改对照.xlsx"]
    sheet = openpyxl.load_workbook(output / "修改对照/城区/第1局.修改对照.xlsx").active
    assert [cell.value for cell in sheet[4]][1:8] == [
        "修改",
        "预算项目“农产品质量安全检测”",
        "预算数",
        None,
        "项目2!C5",
        "24.50",
        "99.50",
    ]
    with zipfile.ZipFile(BytesIO((output / "修改对照/城区/第1局.修改对照.docx").read_bytes())) as archive:
        assert b">99.50</w:t></w:r></w:ins>" in archive.read("word/document.xml")


def test_a_form_that_was_only_saved_again_has_nothing_changed(county, output, batch, unit):
    batch(county)
    path = county / "城区" / "第1局.xlsx"
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    report = batch(county)
    assert report.result.done == 1
    assert report.changes == []
    assert not (output / "修改对照").exists()


def test_side_files_are_no_input_where_output_and_input_are_one_folder(county, batch):
    from perfxl.batch.regenerate import regenerate
    from perfxl.batch.run import Options

    for _ in range(2):
        asked = Options(catalog.home(), draft=True)
        report = regenerate(county, county, asked, lambda _done, _total: None, every=True)
        assert report.result.total == 4
