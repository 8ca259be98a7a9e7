"""Several machines: a real scheduler and real workers, processes of their own, one of which is killed."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batch_files import documents

WORKBOOKS = 40
ROOT = Path(__file__).absolute().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
# What a run enters of each workbook; dates are those of its own files.
ENTERED = "SELECT path, input, type, schema, template, profile, program, options, state, errors, output, numbers"


@pytest.fixture
def many(crowd):
    """A folder of forty units, of which one is broken."""
    return crowd(WORKBOOKS)


def dask(*words):
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, words)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT, start_new_session=True,
    )  # fmt: skip


@pytest.fixture
def cluster(tmp_path):
    """A scheduler, with as many workers as asked for: its address and the processes of the workers."""
    running = []

    def start(workers, *more):
        known = tmp_path / "scheduler.json"
        quiet = ("--no-dashboard", "--host", "127.0.0.1", *more)
        running.append(dask("distributed.cli.dask_scheduler", *quiet, "--port", 0, "--scheduler-file", known))
        for number in range(workers):
            own = ("--nthreads", 1, "--no-nanny", "--local-directory", tmp_path / f"worker{number}")
            running.append(dask("distributed.cli.dask_worker", *quiet, *own, "--scheduler-file", known))
        while not known.exists() or not known.read_text():
            assert running[0].poll() is None
            time.sleep(0.05)
        return json.loads(known.read_text())["address"], running

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def batch(folder, output, *more):
    words = [sys.executable, "-m", "perfxl", "batch", folder, "-o", output, "--draft", *more]
    return subprocess.Popen(
        [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )


def wait_for(workers, address):
    """Wait until the scheduler knows its workers."""
    script = f"import distributed; distributed.Client({address!r}).wait_for_workers({workers}, timeout=60)"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


def entered(output):
    ledger = sqlite3.connect(output / ".perfxl" / "ledger.sqlite")
    rows = ledger.execute(f"{ENTERED} FROM workbook ORDER BY path").fetchall()
    ledger.close()
    return rows


def begun(folder, output, address):
    """A batch on the machines of a scheduler that has made its first document."""
    run = batch(folder, output, "--scheduler", address)
    while not documents(output):
        assert run.poll() is None, run.stderr.read()
        time.sleep(0.005)
    return run


def test_two_workers_of_which_one_is_killed_give_what_one_machine_gives(many, tmp_path, tree, cluster):
    alone, output = tmp_path / "alone", tmp_path / "output"
    said, _ = batch(many, alone, "--jobs", 1).communicate(timeout=120)
    address, running = cluster(2)
    wait_for(2, address)
    run = begun(many, output, address)
    os.kill(running[1].pid, signal.SIGKILL)
    out, err = run.communicate(timeout=120)
    assert (run.returncode, "Traceback" in err) == (1, False), err
    assert out.replace(str(output), "…").splitlines()[:-1] == said.replace(str(alone), "…").splitlines()[:-1]
    assert tree(output) == tree(alone)
    assert entered(output) == entered(alone)
    assert list((output / ".perfxl" / "parts").iterdir()) == []
    # One machine goes on where several have stopped.
    again, _ = batch(many, output, "--jobs", 1).communicate(timeout=120)
    assert "这次处理了 0 份" in again


def test_a_scheduler_that_goes_away_is_told_and_the_work_is_kept(many, tmp_path, tree, cluster):
    alone, output = tmp_path / "alone", tmp_path / "output"
    batch(many, alone, "--jobs", 1).communicate(timeout=120)
    address, running = cluster(1)
    wait_for(1, address)
    run = begun(many, output, address)
    os.kill(running[0].pid, signal.SIGKILL)
    _, err = run.communicate(timeout=120)
    assert (run.returncode, "已经做好的都已保存" in err, "Traceback" in err) == (3, True, False), err
    batch(many, output, "--jobs", 1).communicate(timeout=120)
    assert tree(output) == tree(alone)


def test_a_scheduler_without_workers_is_told(many, tmp_path, cluster):
    address, _ = cluster(0)
    run = batch(many, tmp_path / "output", "--scheduler", address)
    _, err = run.communicate(timeout=60)
    assert (run.returncode, "没有工作进程" in err) == (3, True), err


def test_a_scheduler_that_is_not_there_is_told(many, tmp_path, monkeypatch):
    script = (
        "import sys; from perfxl.batch import dask_cluster; dask_cluster._CONNECTING = 1; "
        "from perfxl.cli.main import main; "
    )
    words = ["batch", str(many), "-o", str(tmp_path / "output"), "--scheduler", "tcp://127.0.0.1:9"]
    run = subprocess.run(
        [sys.executable, "-c", f"{script}sys.exit(main({words}))"], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert (run.returncode, "连不上调度器“tcp://127.0.0.1:9”" in run.stderr) == (3, True), run.stderr


def test_without_dask_it_is_said_what_to_install(county, tmp_path, monkeypatch, capsys):
    from perfxl.cli.main import main

    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["batch", str(county), "-o", str(tmp_path / "output"), "--scheduler", "tcp://127.0.0.1:9"]) == 3
    assert 'pip install "perfxl[cluster]"' in capsys.readouterr().err


def test_a_worker_with_another_program_or_without_the_folders_is_told(tmp_path):
    from perfxl.batch.dask_cluster import made
    from perfxl.batch.fingerprints import program
    from perfxl.batch.outcome import Settings
    from perfxl.storage.files import Surroundings

    settings = Settings(tmp_path, tmp_path / "parts", tmp_path, "", False)
    with pytest.raises(Surroundings, match="不是同一个版本"):
        made(settings, True, b"other", [])
    with pytest.raises(Surroundings, match="看不到"):
        made(settings, True, program(), [])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate; CI installs it with Python")
def test_with_certificates_a_run_gives_what_it_gives_without(county, tmp_path, cluster, monkeypatch):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    words = (
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=perfxl",
        "-keyout",
        key,
        "-out",
        certificate,
    )
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
    own = ("--protocol", "tls", "--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key)
    address, _ = cluster(1, *own)
    assert address.startswith("tls://")
    asked = ["batch", str(county), "-o", str(tmp_path / "output"), "--draft", "--scheduler", address]
    refused = subprocess.run([sys.executable, "-m", "perfxl", *asked], capture_output=True, check=False)
    assert (refused.returncode, "要用证书" in refused.stderr.decode()) == (3, True)
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TLS__CA_FILE", str(certificate))
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT", str(certificate))
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY", str(key))
    run = subprocess.run([sys.executable, "-m", "perfxl", *asked], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    made = {path.name for folder in ("城区", "乡镇") for path in (tmp_path / "output" / folder).glob("*.docx")}
    assert made == {f"第{number}局.docx" for number in range(1, 5)}
