"""What of a folder is a workbook, what it is called, and what is said of the rest."""

import os
import socket
import zipfile

import pytest

from perfxl.batch.discovery import Found, workbooks
from perfxl.report_type import catalog

HOME = catalog.home()


def planned(folder, output):
    """Paths and documents of what is found, and codes of what is noticed."""
    return [
        (one.path, one.document) if isinstance(one, Found) else (one.path, one.code)
        for one in workbooks(folder, output)
    ]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "报送"
    made.mkdir()
    return made


def test_content_counts_and_not_the_name(folder, output, unit):
    (folder / "报表").write_bytes(unit())
    (folder / "报表2.dat").write_bytes(unit())
    (folder / "说明.docx").write_bytes((HOME / "templates").joinpath("performance_plan.docx").read_bytes())
    (folder / "说明.txt").write_text("PK")
    (folder / "空.xlsx").write_bytes(b"")
    with zipfile.ZipFile(folder / "图片.zip", "w") as archive:
        archive.writestr("1.png", "")
    expected = [("报表", "报表.docx"), ("报表2.dat", "报表2.docx"), ("空.xlsx", "空.docx"), ("说明.docx", "说明.docx")]
    assert planned(folder, output) == expected


def test_locks_and_hidden_files_are_passed_over(folder, output, unit):
    for name in ("~$第1局.xlsx", ".~lock.第1局.xlsx#", ".第1局.xlsx", ".隐藏/第1局.xlsx", "第1局.检查意见.xlsx"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(unit())
    assert planned(folder, output) == []


def test_links_and_pipes_are_not_followed(folder, output, unit, tmp_path, monkeypatch):
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    (elsewhere / "x.xlsx").write_bytes(unit())
    (folder / "文件.xlsx").symlink_to(elsewhere / "x.xlsx")
    (folder / "文件夹").symlink_to(elsewhere)
    (folder / "圈").symlink_to(folder)
    os.mkfifo(folder / "管道.xlsx")
    with socket.socket(socket.AF_UNIX) as end:
        monkeypatch.chdir(folder)
        end.bind("s.xlsx")
        assert planned(folder, output) == [("圈", "B01"), ("文件.xlsx", "B01"), ("文件夹", "B01")]


def test_the_output_inside_the_folder_is_not_input(folder, unit):
    (folder / "第1局.xlsx").write_bytes(unit())
    (folder / "成品").mkdir()
    (folder / "成品" / "汇总.xlsx").write_bytes(unit())
    assert planned(folder, folder / "成品") == [("第1局.xlsx", "第1局.docx")]


def test_folder_and_output_may_be_one(folder, unit):
    (folder / "第1局.xlsx").write_bytes(unit())
    (folder / "汇总.xlsx").write_bytes(unit())
    assert planned(folder, folder) == [("第1局.xlsx", "第1局.docx")]


def test_workbooks_that_would_give_one_document_keep_their_ends(folder, output, unit):
    for name in ("a.xlsm", "a.xlsx", "b.xlsx", "B.XLSX"):
        (folder / name).write_bytes(unit())
    found = planned(folder, output)
    documents = [document for _, document in found if document.endswith(".docx")]
    assert len({document.casefold() for document in documents}) == 4
    assert [path for path, code in found if code == "B03"] == ["B.XLSX", "a.xlsm", "a.xlsx", "b.xlsx"]
    assert ("a.xlsx", "a.xlsx.docx") in found


def test_a_folder_that_cannot_be_read_is_said_and_nothing_in_it_is_gone(county, batch, notices, monkeypatch):
    batch(county)
    scandir = os.scandir

    def closed(folder):
        # To root, as whom tests may run, no folder can be closed.
        if str(folder).rstrip("/").endswith("乡镇"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", closed)
    report = batch(county)
    assert (report.status, report.result.removed, notices()) == (3, 0, [("B02", "乡镇/")])


def test_a_name_that_is_no_text_is_no_trouble(folder, output, batch, unit):
    (folder / os.fsdecode(b"\xb5\xda1\xbe\xd6.xlsx")).write_bytes(unit())
    batch(folder)
    assert (output / os.fsdecode(b"\xb5\xda1\xbe\xd6.docx")).is_file()
