"""A watched folder: every workbook gets its results once, whatever happens to it in the meantime."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import plans
import pytest

from perfxl.batch.discovery import Found, workbooks
from perfxl.cli.main import main
from perfxl.interfaces import results_beside, watch_folder
from perfxl.report_type import catalog
from perfxl.storage.files import Surroundings
from perfxl.workbook.form import findings_workbook

HOME = catalog.home()
NAME = "某市某局第{}处"


@pytest.fixture(scope="module")
def base():
    return plans.book({"unit_name": NAME.format("0000")})


def numbered(base, number):
    """Return the workbook of another unit: rewriting a string is quicker than writing two hundred forms."""
    target = BytesIO()
    with ZipFile(BytesIO(base)) as source, ZipFile(target, "w") as made:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "xl/sharedStrings.xml":
                part = part.replace(NAME.format("0000").encode(), NAME.format(f"{number:04}").encode())
            made.writestr(entry, part)
    return target.getvalue()


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(watch_folder, "SETTLED", 0.3)
    monkeypatch.setattr(watch_folder, "PATIENCE", 5.0)
    monkeypatch.setattr(watch_folder, "RETRY", 0.3)


class Watcher:
    """A watched folder, in a thread of its own, with what was made of which bytes."""

    def __init__(self, folder, poll=0.0):
        self.folder, self.made, self.said = folder, Counter(), []
        self.failing = Counter()
        self._stop = False
        self._woken = watch_folder.wakes(folder, poll)
        self._watch = watch_folder.Watch(folder, self.make)
        self._thread = threading.Thread(target=self._run)

    def make(self, path, data, stem):
        if self.failing[path.name] > 0:
            self.failing[path.name] -= 1
            raise Surroundings("“x.docx”没有保存：它可能正在 Word 或 WPS 里打开着。")
        self.made[path.name, results_beside.digest(data)] += 1
        return results_beside.make(path, data, HOME, stem)

    def _run(self):
        def woken():
            for wake in self._woken:
                if self._stop:
                    return
                yield wake

        for said in watch_folder.results(self._watch, woken()):
            self.said.append(said)

    def __enter__(self):
        self._thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *_):
        self._stop = True
        self._thread.join(30)

    def wait(self, count, seconds=120):
        """Wait until there are so many results and no more come."""
        deadline = time.monotonic() + seconds
        while sum(self.made.values()) < count or not self._watch.idle:
            assert time.monotonic() < deadline, f"{sum(self.made.values())} of {count}"
            time.sleep(0.1)
        time.sleep(1.5)


def in_pieces(path, data):
    """Write like a slow copy, with rests longer than it takes to be taken for finished."""
    with path.open("wb") as stream:
        for at in range(0, len(data), len(data) // 4 + 1):
            stream.write(data[at : at + len(data) // 4 + 1])
            stream.flush()
            time.sleep(0.8)


def at_full_length(path, data):
    """Write like the Explorer of Windows: the whole length at once, then the bytes, and the time of the original."""
    with path.open("wb") as stream:
        stream.truncate(len(data))
        time.sleep(1)
        stream.write(data[:1000])
        stream.flush()
        time.sleep(0.8)
        stream.write(data[1000:])
    os.utime(path, (1_600_000_000, 1_600_000_000))


def moved_in(path, data):
    aside = path.with_suffix(".tmp")
    aside.write_bytes(data)
    aside.rename(path)


def twice(path, data):
    """Save, and save again before or after the first was read."""
    path.write_bytes(data[:-1] + b"\0")
    time.sleep(0.2)
    path.write_bytes(data)


def unit_in(document):
    with ZipFile(document) as archive:
        return archive.read("word/document.xml").decode()


@pytest.mark.parametrize("poll", [0.0, 0.5], ids=["events", "polling"])
def test_two_hundred_at_once_and_none_is_lost_or_read_half(tmp_path, base, monkeypatch, poll):
    books = {f"单位{number:03}.xlsx": numbered(base, number) for number in range(200)}
    names = list(books)
    ways = {in_pieces: names[:20], at_full_length: names[20:40], moved_in: names[40:60], twice: names[60:70]}
    locked, vanishing, unwritable = Counter(dict.fromkeys(names[70:80], 3)), set(names[80:90]), names[90:100]
    read = watch_folder._read

    def troubled(path, stamp):
        if path.name in vanishing:
            path.unlink()
        elif locked[path.name] > 0:
            locked[path.name] -= 1
            raise PermissionError(13, "in use")
        return read(path, stamp)

    monkeypatch.setattr(watch_folder, "_read", troubled)
    slowly = {name: way for way, some in ways.items() for name in some}
    with Watcher(tmp_path, poll) as watcher:
        watcher.failing.update(dict.fromkeys(unwritable, 2))
        (tmp_path / "~$单位001.xlsx").write_bytes(b"lock")
        (tmp_path / ".hidden.xlsx").write_bytes(b"no")
        threads = [threading.Thread(target=way, args=(tmp_path / name, books[name])) for name, way in slowly.items()]
        for thread in threads:
            thread.start()
        for name in names[70:]:
            (tmp_path / name).write_bytes(books[name])
        for thread in threads:
            thread.join()
        watcher.wait(200 - len(vanishing))
    left = {name: data for name, data in books.items() if name not in vanishing}
    # Every workbook once, and never of other bytes than its whole ones: the damaged first half of `twice` included.
    assert watcher.made == Counter({(name, results_beside.digest(data)): 1 for name, data in left.items()})
    for number, name in enumerate(names):
        document, findings = tmp_path / name.replace(".xlsx", ".docx"), tmp_path / name.replace(".x", ".检查意见.x")
        assert document.exists() == findings.exists() == (name in left)
        if name in left:
            assert NAME.format(f"{number:04}") in unit_in(document)
            assert findings_workbook.source_of(findings.read_bytes()) == results_beside.digest(books[name])
    told = Counter(said.workbook.name for said in watcher.said if said.made is None)
    assert told == Counter(dict.fromkeys([*locked, *unwritable], 1))


def test_a_workbook_that_stays_damaged_is_told_so_once(tmp_path, base):
    with Watcher(tmp_path) as watcher:
        (tmp_path / "x.xlsx").write_bytes(base[:-500])
        (tmp_path / "y.et").write_bytes(b"")
        watcher.wait(2, 30)
    assert all(count == 1 for count in watcher.made.values())
    assert sorted(path.name for path in tmp_path.glob("*意见*")) == ["x.检查意见.xlsx", "y.检查意见.xlsx"]
    assert not list(tmp_path.glob("*.docx"))


def test_saving_again_brings_new_results_and_the_same_bytes_do_not(tmp_path, base):
    path = tmp_path / "里面" / "x.xlsx"
    with Watcher(tmp_path) as watcher:
        path.parent.mkdir()
        path.write_bytes(base)
        watcher.wait(1)
        path.write_bytes(base)
        path.touch()
        watcher.wait(1)
        path.write_bytes(numbered(base, 7))
        watcher.wait(2)
    assert sum(watcher.made.values()) == 2
    assert NAME.format("0007") in unit_in(path.with_suffix(".docx"))


def test_a_watcher_that_starts_again_leaves_alone_what_is_done(tmp_path, base, capsys):
    (tmp_path / "x.xlsx").write_bytes(base)
    assert main(["watch", str(tmp_path), "--once"]) == 0
    assert "已生成 Word 文档“x.docx”" in capsys.readouterr().out
    (tmp_path / "x.docx").write_bytes(b"edited")
    assert main(["watch", str(tmp_path), "--once"]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "x.docx").read_bytes() == b"edited"


def test_workbooks_of_one_name_keep_their_endings(tmp_path, base):
    for name in ("a.xlsx", "A.xlsm", "b.xlsx"):
        (tmp_path / name).write_bytes(base)
    assert main(["watch", str(tmp_path), "--once"]) == 0
    assert sorted(path.name for path in tmp_path.glob("*.docx")) == ["A.xlsm.docx", "a.xlsx.docx", "b.docx"]


def test_errors_are_listed_in_a_workbook_and_no_document_is_made(tmp_path, capsys):
    (tmp_path / "x.xlsx").write_bytes(plans.book({"unit_name": None}))
    (tmp_path / "x.docx").write_bytes(b"of yesterday")
    assert main(["watch", str(tmp_path), "--once"]) == 0
    assert "内容已经旧了" in capsys.readouterr().out
    sheet = openpyxl.load_workbook(tmp_path / "x.检查意见.xlsx").active
    assert [cell.value for cell in sheet[3]] == ["序号", "程度", "工作表", "单元格", "问题", "怎么改", "代码"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert ["错误", "基本信息", "C8"] in [row[1:4] for row in rows]
    assert (tmp_path / "x.docx").read_bytes() == b"of yesterday"


def test_a_fault_of_ours_is_a_result_too(tmp_path, base, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(results_beside, "produce", broken)
    (tmp_path / "x.xlsx").write_bytes(base)
    assert main(["watch", str(tmp_path), "--once"]) == 0
    assert "RuntimeError: broken" in openpyxl.load_workbook(tmp_path / "x.检查意见.xlsx").active["A2"].value


def test_a_share_that_goes_away_and_comes_back_costs_nothing(tmp_path, base):
    folder, away = tmp_path / "share", tmp_path / "away"
    folder.mkdir()
    with Watcher(folder, 0.3) as watcher:
        (folder / "x.xlsx").write_bytes(base)
        watcher.wait(1)
        folder.rename(away)
        time.sleep(1)
        folder.mkdir()
        time.sleep(1)
        folder.rmdir()
        away.rename(folder)
        time.sleep(1.5)
    assert sum(watcher.made.values()) == 1


def test_the_command_runs_until_it_is_interrupted(tmp_path, base):
    # Where the tests run in the background, the signal is ignored, and a program inherits that.
    script = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    script += "from perfxl.cli.main import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", script, "watch", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=HOME) as program:
        try:
            assert "正在看着" in program.stdout.readline()
            (tmp_path / "x.xlsx").write_bytes(base)
            assert program.stdout.readline().startswith("x.xlsx  ")
            program.send_signal(signal.SIGINT)
            assert program.communicate(timeout=30)[0] == "已停止。\n"
            assert program.returncode == 0
        finally:
            program.kill()


TABLES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods")


def test_a_watched_folder_and_a_batch_take_the_same_files_for_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(watch_folder, "PATIENCE", 0.0)
    for ending in (*TABLES, ".XLT", ".csv", ".txt", ""):
        (tmp_path / f"x{ending[1:]}{ending}").write_bytes(b"no workbook")
    assert main(["watch", str(tmp_path), "--once"]) == 0
    wanted = sorted(f"x{ending[1:]}" for ending in (*TABLES, ".XLT"))
    assert sorted(path.name.partition(".")[0] for path in tmp_path.glob("*.检查意见.xlsx")) == wanted
    found = [one.path for one in workbooks(tmp_path, tmp_path / "out") if isinstance(one, Found)]
    assert sorted(name.partition(".")[0] for name in found) == wanted


def test_without_the_library_people_are_told_of_polling(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert main(["watch", str(tmp_path)]) == 3
    assert "--poll" in capsys.readouterr().err
    assert main(["watch", str(tmp_path / "nowhere")]) == 2
