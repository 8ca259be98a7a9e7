"""The list of folders whose program the buttons may run."""

import sys

import pytest

from perfxl.cli.main import main
from perfxl.interfaces import trusted_folders


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))
    return tmp_path / "home"


def test_nothing_is_trusted_at_first(capsys):
    assert trusted_folders.trusted() == []
    assert main(["trust", "--list"]) == 0
    assert "没有信任任何文件夹" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["perfxl", "with blanks & $signs~", "绩效 文本（新）", "𠮷 and ~1234"])
def test_a_folder_is_written_as_the_macro_reads_it(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    trusted_folders.trust(folder)
    trusted_folders.trust(folder)
    assert trusted_folders.trusted() == [str(folder)]
    text = trusted_folders.list_path().read_text("ascii")
    assert text.splitlines() == [trusted_folders._escaped(str(folder))]
    assert not set(text.strip()) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./:_-~")


def test_a_folder_is_forgotten(tmp_path, capsys):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        assert main(["trust", str(folder)]) == 0
    assert main(["trust", str(first), "--forget"]) == 0
    assert trusted_folders.trusted() == [str(second)]
    assert main(["trust", str(first), "--forget"]) == 0
    assert "本来就没有信任" in capsys.readouterr().out


def test_by_default_the_folder_of_the_program_is_meant(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    assert main(["trust"]) == 0
    assert trusted_folders.trusted() == [str(tmp_path)]


def test_a_folder_that_is_not_there_is_told(capsys, tmp_path):
    assert main(["trust", str(tmp_path / "nothing")]) == 2
    assert "不存在" in capsys.readouterr().err


def test_nobody_can_be_trusted_without_a_user(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("HOME")
    assert main(["trust", str(tmp_path)]) == 3
    assert "没有地方放" in capsys.readouterr().err
