"""A watched folder by a clock of its own: when a workbook has its turn, and what is taken for finished."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from perfxl.interfaces import watch_folder
from perfxl.interfaces.results_beside import Made
from perfxl.interfaces.watch_folder import PATIENCE, RETRY, SETTLED, Watch, is_whole, wakes
from perfxl.storage.files import Surroundings


def archive(content=b"x"):
    result = BytesIO()
    with ZipFile(result, "w") as target:
        target.writestr("xl/workbook.xml", content)
    return result.getvalue()


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(tmp_path, clock):
    """A watch that writes nothing and remembers what it was given; `troubles` are raised, one a call."""

    def make(path, data, stem):
        if made.troubles:
            raise made.troubles.pop(0)
        made.calls.append((path.name, data, stem))
        return Made("好了", path)

    made = Watch(tmp_path, make, clock)
    made.calls, made.troubles = [], []
    return made


def turn(watch):
    watch.look()
    return [said.sentence for said in watch.turn()]


def test_a_workbook_has_its_turn_when_it_has_not_changed_for_a_moment(watch, clock, tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(archive())
    assert (turn(watch), watch.idle) == ([], False)
    clock.now += SETTLED - 0.01
    assert turn(watch) == []
    clock.now += 0.01
    assert (turn(watch), watch.idle) == (["好了"], True)
    assert watch.calls == [("甲.xlsx", archive(), "甲")]
    clock.now += 1000
    assert turn(watch) == []


def test_every_change_begins_the_wait_anew(watch, clock, tmp_path):
    path = tmp_path / "甲.xlsx"
    for number in range(1, 4):
        path.write_bytes(archive(bytes(number)))
        assert turn(watch) == []
        clock.now += SETTLED * 0.9
    assert turn(watch) == []
    clock.now += SETTLED * 0.1
    assert turn(watch) == ["好了"]
    assert [data for _, data, _ in watch.calls] == [archive(bytes(3))]


def test_a_workbook_that_changes_while_it_is_read_is_read_again(watch, clock, tmp_path, monkeypatch):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(archive(b"first"))
    turn(watch)
    clock.now += SETTLED
    opened, saved = Path.open, [archive(b"second one")]

    def while_somebody_saves(one, mode="r", *words):
        stream = opened(one, mode, *words)
        if one == path and mode == "rb" and saved:
            path.write_bytes(saved.pop())
        return stream

    monkeypatch.setattr(Path, "open", while_somebody_saves)
    assert (turn(watch), watch.calls, watch.idle) == ([], [], False)
    clock.now += SETTLED
    turn(watch)
    clock.now += SETTLED
    turn(watch)
    assert watch.calls == [("甲.xlsx", archive(b"second one"), "甲")]


def test_a_workbook_that_is_longer_than_the_directory_said_is_read_again(watch, clock, tmp_path, monkeypatch):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(archive())
    turn(watch)
    clock.now += SETTLED
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", lambda *_: BytesIO(archive() + b"more"))
        assert (turn(watch), watch.calls) == ([], [])
    clock.now += SETTLED
    assert turn(watch) == ["好了"]


def test_what_is_damaged_is_waited_for_and_taken_as_it_is_in_the_end(watch, clock, tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(archive()[:-5])
    turn(watch)
    clock.now += PATIENCE - SETTLED
    assert turn(watch) == []
    clock.now += SETTLED
    assert turn(watch) == ["好了"]


def test_what_is_in_the_way_is_told_once_and_tried_again_after_a_while(watch, clock, tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(archive())
    turn(watch)
    clock.now += SETTLED
    watch.troubles = [Surroundings("开着"), Surroundings("开着"), Surroundings("满了")]
    assert turn(watch) == ["开着（稍后自动再试）"]
    clock.now += RETRY - 0.01
    assert (turn(watch), len(watch.troubles)) == ([], 2)
    clock.now += 0.01
    assert (turn(watch), len(watch.troubles)) == ([], 1)
    clock.now += RETRY
    assert turn(watch) == ["满了（稍后自动再试）"]
    clock.now += RETRY
    assert (turn(watch), watch.idle) == (["好了"], True)


def test_what_is_gone_before_its_turn_is_forgotten(watch, clock, tmp_path):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(archive())
    watch.look()
    path.unlink()
    clock.now += SETTLED
    assert ([*watch.turn()], watch.idle) == ([], True)
    path.write_bytes(archive())
    watch.look()
    path.unlink()
    watch.look()
    assert watch.idle


def test_a_workbook_that_comes_back_changed_is_made_again_and_one_that_comes_back_the_same_too(watch, clock, tmp_path):
    path = tmp_path / "甲.xlsx"
    for content in (b"one", b"two!", b"two!"):
        path.write_bytes(archive(content))
        turn(watch)
        clock.now += SETTLED
        turn(watch)
        path.unlink()
        turn(watch)
    assert [data for _, data, _ in watch.calls] == [archive(content) for content in (b"one", b"two!", b"two!")]


def test_folders_below_are_watched_and_hidden_files_locks_links_and_results_are_not(watch, clock, tmp_path):
    below = tmp_path / "乡镇" / "一"
    below.mkdir(parents=True)
    (tmp_path / ".藏着").mkdir()
    for name in (
        "甲.xlsx",
        ".乙.xlsx",
        "~$甲.xlsx",
        "甲.检查意见.xlsx",
        "批量控制台.xlsm",
        "甲.docx",
        ".藏着/丙.xlsx",
        "乡镇/一/丁.et",
    ):
        (tmp_path / name).write_bytes(archive())
    (tmp_path / "链接.xlsx").symlink_to(tmp_path / "甲.xlsx")
    (tmp_path / "连着").symlink_to(tmp_path / "乡镇")
    turn(watch)
    clock.now += SETTLED
    turn(watch)
    assert sorted(name for name, _, _ in watch.calls) == ["丁.et", "甲.xlsx"]


def test_results_are_called_as_their_workbook_and_with_its_ending_where_two_are_alike(watch, clock, tmp_path):
    (tmp_path / "下面").mkdir()
    for name in ("a.xlsx", "A.xlsm", "b.xlsx", "下面/b.xlsm"):
        (tmp_path / name).write_bytes(archive())
    turn(watch)
    clock.now += SETTLED
    turn(watch)
    assert sorted((name, stem) for name, _, stem in watch.calls) == [
        ("A.xlsm", "A.xlsm"), ("a.xlsx", "a.xlsx"), ("b.xlsm", "b"), ("b.xlsx", "b"),
    ]  # fmt: skip


def test_a_folder_that_cannot_be_looked_at_changes_nothing(watch, clock, tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    inner = Watch(folder, watch._make, clock)
    (folder / "甲.xlsx").write_bytes(archive())
    inner.look()
    folder.rename(tmp_path / "away")
    inner.look()
    assert not inner.idle
    (tmp_path / "away").rename(folder)
    clock.now += SETTLED
    assert [said.sentence for said in inner.turn()] == ["好了"]


@pytest.mark.parametrize(
    ("data", "whole"),
    [(archive(), True), (archive()[:-1], False), (b"", False), (archive().replace(b"x" + b"PK", b"yPK"), False)],
)
def test_an_archive_is_whole_when_its_end_and_its_checksums_are_there(data, whole):
    assert is_whole(data) is whole


def test_the_folder_is_looked_at_every_so_many_seconds(monkeypatch, tmp_path):
    now = [0.0]
    monkeypatch.setattr(watch_folder.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(watch_folder.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    woken = wakes(tmp_path, 1.0)
    heard = [next(woken) for _ in range(12)]
    # At once, when listening has begun, and then once a second of four ticks.
    assert heard == [True, True, *(at % 4 == 3 for at in range(10))]
