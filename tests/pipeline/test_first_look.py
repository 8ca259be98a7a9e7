"""The first look at a file is bounded at every door, and what the system refuses is no fault of ours."""

import errno
import json
import random
import zipfile
from io import BytesIO

import plans
import pytest

from perfxl.cli.main import main
from perfxl.interfaces import watch_folder
from perfxl.storage.files import MAX_FILE


@pytest.fixture
def huge(tmp_path):
    """A file of more than any form, which takes no room on the disk."""
    path = tmp_path / "巨大.xlsx"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(MAX_FILE + 2**20)
    return path


@pytest.mark.parametrize("words", [["check"], ["report", "--draft", "--contents", "off"]])
def test_a_file_that_is_larger_than_any_form_is_not_read(huge, words, capsys):
    assert main([words[0], str(huge), *words[1:], "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], "129 MB" in finding["message"]) == ("F05", True)


def test_a_watched_folder_tells_of_one_and_goes_on(huge, tmp_path, capsys):
    (tmp_path / "好.xlsx").write_bytes(plans.book({}))
    assert main(["watch", "--once", str(tmp_path)]) == 0
    assert "巨大.xlsx  发现错误 1 处" in capsys.readouterr().out
    assert (tmp_path / "好.docx").is_file()


def bomb(parts, size):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"{number}.xml", b"0" * size)
    return target.getvalue()


@pytest.mark.parametrize(("parts", "size"), [(2, 2**26), (5001, 1)])
def test_an_archive_that_is_no_form_is_not_unpacked_to_see_whether_it_is_whole(parts, size, monkeypatch):
    def unpacked(_archive):
        raise AssertionError("unpacked")

    data = bomb(parts, size)
    monkeypatch.setattr(zipfile.ZipFile, "testzip", unpacked)
    assert watch_folder.is_whole(data)


def test_entries_that_lie_over_one_another_are_not_unpacked(monkeypatch):
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.xml", random.Random(1).randbytes(20_000))
    data, count = target.getvalue(), 1000
    at, end = data.index(b"PK\x01\x02"), bytearray(data[data.index(b"PK\x05\x06") :])
    entry = data[at : data.index(b"PK\x05\x06")]
    end[8:12] = count.to_bytes(2, "little") * 2
    end[12:16] = (len(entry) * count).to_bytes(4, "little")

    def unpacked(_archive):
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "testzip", unpacked)
    assert watch_folder.is_whole(data[:at] + entry * count + bytes(end))


def test_a_deeply_nested_profile_is_a_sentence(tmp_path, capsys):
    book, rules = tmp_path / "x.xlsx", tmp_path / "own.json"
    book.write_bytes(plans.book({}))
    for text in ("[" * 100_000, '{"limits":' * 900 + "1" + "}" * 900):
        rules.write_text(text, "utf-8")
        assert main(["check", str(book), "--profile", str(rules)]) == 2
        assert "own.json" in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EMFILE, errno.EIO])
def test_what_the_system_refuses_is_status_3(number, monkeypatch, capsys):
    def refused(_words):
        raise OSError(number, "refused", "/somewhere")

    monkeypatch.setattr("perfxl.cli.main._run", refused)
    assert main(["types"]) == 3
    assert "系统不让继续（refused）：/somewhere" in capsys.readouterr().err
