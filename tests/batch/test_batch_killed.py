"""Killed, stopped, crowded: whatever happens to a run, the next one finishes the work."""

import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from batch_files import documents

from perfxl.batch import worker_pool
from perfxl.batch.outcome import Settings, Task
from perfxl.batch.run import _failed
from perfxl.batch.worker_pool import Pool
from perfxl.storage.files import Surroundings

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
    while not documents(output):
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
    while not documents(output):
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


STAGES = ("start", "ready", "at work", "answered", "second chunk")


def mortal(connection, settings):
    """A worker that dies at the stage that `settings.profile` names, as often as there are files to take away."""

    def stage(name):
        if settings.profile == name:
            for life in sorted(settings.folder.glob("life*")):
                with suppress(FileNotFoundError):
                    life.unlink()
                    os.kill(os.getpid(), signal.SIGKILL)

    stage("start")
    connection.send("")
    stage("ready")
    for number in itertools.count():
        try:
            chunk = connection.recv()
        except EOFError:
            return
        stage("second chunk" if number else "at work")
        if any(task.path == "deadly" for task in chunk):
            os.kill(os.getpid(), signal.SIGSEGV)
        connection.send([_failed(task, "alive") for task in chunk])
        stage("answered")


def outcomes_of(tasks, jobs, folder, stage=""):
    """What a pool of mortal workers gives for tasks: path by path, who is said to be alive or dead, and why."""
    settings = Settings(folder, folder, folder, stage, False)
    crowd = Pool(jobs, settings, lambda task, why: _failed(task, f"dead: {why}"))
    try:
        return [(one.path, one.first) for some in crowd.outcomes(iter(tasks)) for one in some]
    finally:
        crowd.close()


def alive(path):
    return path, _failed(Task(path, ""), "alive").first


@pytest.mark.parametrize("deaths", [1, 2])
@pytest.mark.parametrize("stage", STAGES)
def test_workers_that_die_at_any_stage_are_replaced_and_nothing_is_lost(monkeypatch, tmp_path, stage, deaths):
    monkeypatch.setattr(worker_pool, "serve", mortal)
    for number in range(deaths):
        (tmp_path / f"life{number}").touch()
    tasks = [Task(f"{number:02d}", "") for number in range(50)]
    done = outcomes_of(tasks, 2, tmp_path, stage)
    named = [one for one in done if one != alive(one[0])]
    assert sorted(path for path, _ in done) == [task.path for task in tasks]
    assert not list(tmp_path.glob("life*"))
    # One with which two workers have died in turn cannot be told from one that killed them.
    assert len(named) <= (deaths == 2 and stage == "at work")


def test_a_workbook_that_kills_its_worker_twice_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(worker_pool, "serve", mortal)
    tasks = [Task(f"{number}", "") for number in range(30)]
    tasks.insert(17, Task("deadly", ""))
    done = outcomes_of(tasks, 2, tmp_path)
    assert sorted(path for path, _ in done) == sorted(task.path for task in tasks)
    dead = _failed(tasks[17], "dead: 试了2次，进程异常退出").first
    assert [one for one in done if one != alive(one[0])] == [("deadly", dead)]


def test_workers_that_can_never_begin_end_the_run_with_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(worker_pool, "serve", mortal)
    for number in range(50):
        (tmp_path / f"life{number:02d}").touch()
    with pytest.raises(Surroundings, match=r"^启动不了工作进程（.*），没有做完。.*--jobs 1"):
        outcomes_of([Task("a", "")], 3, tmp_path, "start")


def test_a_worker_that_does_not_come_to_an_end_is_given_up(monkeypatch, tmp_path):
    monkeypatch.setattr(worker_pool, "serve", asleep)
    monkeypatch.setattr(worker_pool, "_PATIENCE", 1.0)
    crowd = Pool(1, Settings(tmp_path, tmp_path, tmp_path, "", False), _failed)
    try:
        outcomes = [outcome for some in crowd.outcomes(iter([Task("endless", "")])) for outcome in some]
    finally:
        crowd.close()
    assert [(one.path, one.state) for one in outcomes] == [("endless", "fault")]


def asleep(connection, _settings):
    """A worker that never answers."""
    connection.send("")
    connection.recv()
    time.sleep(600)


DEADLY = """
import os, signal, sys
from perfxl.batch import worker
tried = worker.Worker._tried
def try_it(self, task, *words):
    if "致命" in task.path:
        os.kill(os.getpid(), signal.SIGSEGV)
    return tried(self, task, *words)
worker.Worker._tried = try_it
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
    assert len(documents(output)) == 4


def descendants(pid):
    """The processes below a process: its fork server, its workers, and what tracks resources for it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [one for child in children for one in (int(child), *descendants(int(child)))]


def test_whichever_process_below_it_is_killed_a_run_tells_the_truth(many, tmp_path, tree):
    """One, several, the fork server among them: what is not there is named, and the status says so."""
    whole = tmp_path / "whole"
    assert finished(many, whole) == 1
    complete = {name: digest for name, digest in tree(whole).items() if name.endswith(".docx")}
    instants, killed = random.Random(20260602), 0
    for number in range(KILLS):
        output = tmp_path / f"{number}"
        run = started(many, output, "--json")
        while len(descendants(run.pid)) < min(4, 1 + number % 5) and run.poll() is None:
            time.sleep(0.001)
        time.sleep(instants.uniform(0, 0.4))
        below = descendants(run.pid)
        for one in instants.sample(below, min(len(below), 1 + number % 3)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
                killed += 1
        out, err = run.communicate(timeout=120)
        assert "Traceback" not in err.decode()
        documents = {name: digest for name, digest in tree(output).items() if name.endswith(".docx")}
        if run.returncode == 3:
            assert "启动不了工作进程" in err.decode()
            continue
        states = {one["file"]: one["state"] for one in json.loads(out)["files"]}
        faults = {name.replace(".xlsx", ".docx") for name, state in states.items() if state == "fault"}
        assert run.returncode == (4 if faults else 1)
        assert documents == {name: digest for name, digest in complete.items() if name not in faults}
    assert killed > KILLS / 2


@pytest.mark.parametrize("which", ["fork server", "workers"])
def test_a_run_without_any_worker_has_status_3(county, tmp_path, which):
    """Where the system kills each of them at once: the server that is to make them, or all that it makes."""
    dying = "'multiprocessing.forkserver' in ' '.join(sys.orig_argv)"
    body = (
        f"if {dying}: os.kill(os.getpid(), 9)" if which == "fork server" else "os.register_at_fork(after_in_child=end)"
    )
    (tmp_path / "sitecustomize.py").write_text(f"import os, sys\ndef end(): os.kill(os.getpid(), 9)\n{body}\n", "utf-8")
    paths = os.pathsep.join([str(tmp_path), str(Path(__file__).resolve().parents[2])])
    words = [
        sys.executable,
        "-m",
        "perfxl",
        "batch",
        str(county),
        "-o",
        str(tmp_path / "成品"),
        "--draft",
        "--jobs",
        "2",
    ]
    run = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": paths})
    assert (run.returncode, run.stdout) == (3, "")
    assert "启动不了工作进程" in run.stderr
    assert "Traceback" not in run.stderr
    assert not documents(tmp_path / "成品")
