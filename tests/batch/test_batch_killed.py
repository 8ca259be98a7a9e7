"""Killed, stopped, crowded: whatever happens to a run, the next one finishes the work."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from perfxl.batch import worker_pool
from perfxl.batch.outcome import Settings, Task
from perfxl.batch.run import _failed
from perfxl.batch.worker_pool import Pool

KILLS = 20
WORKBOOKS = 12


@pytest.fixture
def many(crowd):
    """A folder of a dozen units, of which one is broken."""
    return crowd(WORKBOOKS)


def started(folder, output, *more):
    words = [sys.executable, "-m", "perfxl", "batch", folder, "-o", output, "--draft", "--jobs", "2", *more]
    return subprocess.Popen(
        [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def finished(folder, output):
    run = started(folder, output)
    run.communicate(timeout=120)
    return run.returncode


def wait_for_nobody(group):
    """Wait until no process of the group is left: workers notice that their parent is gone."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError("workers outlive their parent")


def test_killed_at_any_instant_the_next_run_finishes(many, tmp_path, tree):
    whole, output = tmp_path / "whole", tmp_path / "output"
    assert finished(many, whole) == 1
    # The first run of a changed program takes longer than those that are to be killed.
    began = time.monotonic()
    assert finished(many, tmp_path / "again") == 1
    length = time.monotonic() - began
    instants = random.Random(20260601)
    complete, killed = tree(whole), 0
    for number in range(KILLS):
        run = started(many, output)
        time.sleep(instants.uniform(0.05, length))
        over = run.poll() is not None
        if not over:
            killed += 1
            # Alternately the one process that keeps the ledger, and all of them at once.
            (os.kill if number % 2 else os.killpg)(run.pid, signal.SIGKILL)
        run.communicate()
        wait_for_nobody(run.pid)
        documents = {name: digest for name, digest in tree(output).items() if name.endswith(".docx")}
        assert documents.items() <= complete.items()
        if over or number % 4 == 3:  # begin anew, or there would be nothing left to interrupt
            assert finished(many, output) == 1
            assert tree(output) == complete
            for path in sorted(output.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
    assert killed > KILLS / 2
    assert finished(many, output) == 1
    assert tree(output) == complete
    assert sorted(path.name for path in (output / ".perfxl").iterdir()) == ["ledger.sqlite", "parts"]
    assert list((output / ".perfxl" / "parts").iterdir()) == []


def test_a_stopped_run_says_so_and_keeps_what_is_done(many, tmp_path, tree):
    output = tmp_path / "output"
    run = started(many, output)
    while not list(output.rglob("*.docx")):
        assert run.poll() is None
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=30)
    wait_for_nobody(run.pid)
    if run.returncode == 1:
        pytest.skip("the run was over before the signal reached it, which is a matter of milliseconds")
    assert (run.returncode, "已停止" in out.decode()) == (3, True)
    assert "Traceback" not in err.decode()
    assert finished(many, output) == 1
    assert finished(many, tmp_path / "whole") == 1
    assert tree(output) == tree(tmp_path / "whole")


def test_a_second_batch_into_the_same_folder_waits_its_turn(many, tmp_path, tree):
    output = tmp_path / "output"
    first = started(many, output)
    while not list(output.rglob("*.docx")):
        assert first.poll() is None
        time.sleep(0.01)
    second = started(many, output)
    _, said = second.communicate(timeout=60)
    first.communicate(timeout=60)
    assert first.returncode == 1
    # It may have come when the first was just done; then there was nothing to do.
    assert second.returncode in (1, 3)
    assert second.returncode == 1 or "另一个批量生成正在使用" in said.decode()
    assert finished(many, tmp_path / "whole") == 1
    assert tree(output) == tree(tmp_path / "whole")


def test_a_held_ledger_keeps_others_out(county, output, batch):
    batch(county)
    holder = sqlite3.connect(output / ".perfxl" / "ledger.sqlite", isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(Exception, match="另一个批量生成正在使用"):
            batch(county)
    finally:
        holder.close()


def test_a_damaged_ledger_is_said_to_be_damaged(county, output, batch):
    (output / ".perfxl").mkdir(parents=True)
    (output / ".perfxl" / "ledger.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(Exception, match="损坏了"):
        batch(county)


def suicide(connection, _settings):
    """A worker that a certain workbook takes down."""
    while True:
        try:
            chunk = connection.recv()
        except EOFError:
            return
        if any(task.path == "deadly" for task in chunk):
            os.kill(os.getpid(), signal.SIGSEGV)
        connection.send([_failed(task, "alive") for task in chunk])


def test_a_workbook_that_kills_its_worker_stands_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(worker_pool, "serve", suicide)
    tasks = [Task(f"{number}", "") for number in range(30)]
    tasks.insert(17, Task("deadly", ""))
    crowd = Pool(2, Settings(tmp_path, tmp_path, tmp_path, "", False), lambda task, why: _failed(task, f"dead: {why}"))
    try:
        outcomes = [outcome for some in crowd.outcomes(iter(tasks)) for outcome in some]
    finally:
        crowd.close()
    assert sorted(one.path for one in outcomes) == sorted(task.path for task in tasks)
    dead = _failed(tasks[17], "dead: 进程异常退出").findings
    assert [one.path for one in outcomes if one.findings == dead] == ["deadly"]


def test_a_worker_that_does_not_come_to_an_end_is_given_up(monkeypatch, tmp_path):
    monkeypatch.setattr(worker_pool, "serve", asleep)
    monkeypatch.setattr(worker_pool, "_PATIENCE", 1.0)
    crowd = Pool(1, Settings(tmp_path, tmp_path, tmp_path, "", False), _failed)
    try:
        outcomes = [outcome for some in crowd.outcomes(iter([Task("endless", "")])) for outcome in some]
    finally:
        crowd.close()
    assert [(one.path, one.state) for one in outcomes] == [("endless", "fault")]


def asleep(_connection, _settings):
    """A worker that never answers."""
    time.sleep(600)


DEADLY = """
import os, signal, sys
from perfxl.batch import worker
made = worker.Worker.make
def make(self, task):
    if "致命" in task.path:
        os.kill(os.getpid(), signal.SIGSEGV)
    return made(self, task)
worker.Worker.make = make
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_deadly_workbook_stops_no_later_run(county, tmp_path, jobs):
    """One that takes the only process down costs one run; the next one keeps it apart, and says so."""
    (county / "致命.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "sitecustomize.py").write_text(DEADLY, "utf-8")
    output = tmp_path / "成品"
    words = [sys.executable, "-m", "perfxl", "batch", str(county), "-o", str(output), "--draft", "--jobs", str(jobs)]
    paths = os.pathsep.join([str(tmp_path), str(Path(__file__).resolve().parents[2])])
    runs = [
        subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": paths})
        for _ in range(3)
    ]
    assert [run.returncode for run in runs] == ([-signal.SIGSEGV, 4, 4] if jobs == 1 else [4, 4, 4])
    assert "致命.xlsx  程序出错" in runs[-1].stdout
    assert len(list(output.rglob("*.docx"))) == 4
