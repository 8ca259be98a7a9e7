"""Whole runs of `perfxl batch`: how cost grows, what kills leave behind, and a folder full of trouble."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import clone
from books import fill
from troubles import fill_with_troubles, vanish

_PRIVATE = ".perfxl"
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def started(folder: Path, output: Path, jobs: int, *more: str, quiet: bool = True) -> subprocess.Popen[bytes]:
    """Return a batch that has just begun, the first process of its group."""
    words = ["batch", str(folder), "-o", str(output), "--draft", "--jobs", str(jobs), *more]
    return subprocess.Popen(
        [sys.executable, "-m", "perfxl", *words],
        stdout=subprocess.DEVNULL if quiet else subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True, env=clone.environment(),
    )  # fmt: skip


def taken(folder: Path, output: Path, jobs: int, *more: str) -> tuple[float, int]:
    """Return the seconds that a batch takes, and the kilobytes that its processes had at most, all together."""
    start = time.perf_counter()
    run = started(folder, output, jobs, *more)
    peaks: dict[int, int] = {}
    watch = threading.Thread(target=_watch, args=(run, peaks))
    watch.start()
    run.wait()
    seconds = time.perf_counter() - start
    watch.join()
    if run.returncode not in (0, 1):
        raise SystemExit(f"the batch ended with {run.returncode}")
    return seconds, sum(peaks.values())


def _watch(run: subprocess.Popen[bytes], peaks: dict[int, int]) -> None:
    """Note the most that each process of a batch ever had, until it ends.

    `getrusage` will not do: it begins with what the process had that started it, and knows nothing of grandchildren.
    """
    while run.poll() is None:
        for entry in Path("/proc").glob("[0-9]*"):
            pid = int(entry.name)
            try:
                if os.getsid(pid) == run.pid and (found := _PEAK.search((entry / "status").read_text("ascii"))):
                    peaks[pid] = int(found[1])
            except (OSError, UnicodeDecodeError):
                continue  # it has gone, or is somebody else's
        time.sleep(0.25)


def scale(count: int, known: Path | None) -> None:
    """Print cost and memory by number of workbooks, one process and two, and those of a second run."""
    with tempfile.TemporaryDirectory() as name:
        source = known or Path(name) / "all"
        fill(source, count)
        files = sorted(source.rglob("*.xlsx"))[:count]
        _warm_up(Path(name) / "few", files)
        for number in sorted({max(count // 100, 10), max(count // 10, 10), count}):
            folder = Path(name) / f"in{number}"
            for path in files[:number]:
                target = folder / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target)
            for jobs in (1, 2):
                output = Path(name) / f"out{number}-{jobs}"
                first, memory = taken(folder, output, jobs)
                second = min(taken(folder, output, jobs)[0] for _ in range(3))
                print(
                    f"  {number:6} workbooks, --jobs {jobs}: {first:7.2f} s, {1000 * first / number:6.2f} ms each, "
                    f"{number / first:6.1f} a second, {memory / 1024:.0f} MiB; "
                    f"nothing changed: {second:.2f} s, {first / second:.0f} × as fast",
                    flush=True,
                )
                shutil.rmtree(output)
            shutil.rmtree(folder)


def _warm_up(folder: Path, files: Sequence[Path]) -> None:
    """Let rules and templates be compiled, which is kept from then on."""
    folder.mkdir()
    for number, path in enumerate(files[:5]):
        shutil.copy2(path, folder / f"{number}.xlsx")
    taken(folder, folder / "out", 1)


def tree(folder: Path) -> dict[str, str]:
    """Return every file below a folder with its digest; what the batch keeps for itself is left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and _PRIVATE not in path.parts
    }


def kills(count: int, workbooks: int) -> None:
    """Kill a batch at `count` random instants; whatever is left, one more run has to make good, byte for byte."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        folder, whole, output = (Path(name) / one for one in ("in", "whole", "out"))
        fill(folder, workbooks)
        length, _ = taken(folder, whole, 2)
        complete = tree(whole)
        killed = finished = 0
        while killed < count:
            run = started(folder, output, 1 + killed % 2)
            time.sleep(chance.uniform(0, 1.2 * length))
            if run.poll() is None:
                killed += 1
                # Alternately the one process that keeps the ledger, and all of them at once.
                (os.kill if killed % 4 < 2 else os.killpg)(run.pid, signal.SIGKILL)
            run.wait()
            _wait_for_nobody(run.pid)
            documents = {path: digest for path, digest in tree(output).items() if path.endswith(".docx")}
            if not documents.items() <= complete.items():
                raise SystemExit(f"after {killed} kills there is a document that was never made whole")
            if documents.keys() == {path for path in complete if path.endswith(".docx")}:
                finished += 1  # begin anew, or there would be nothing left to interrupt
                _conclude(folder, output, complete)
        _conclude(folder, output, complete)
    print(f"  {killed} kills over {workbooks} workbooks ({length:.1f} s undisturbed), {finished + 1} times finished:")
    print(f"  every time all {len(complete)} files byte for byte as undisturbed, and nothing else")


def _conclude(folder: Path, output: Path, complete: dict[str, str]) -> None:
    taken(folder, output, 2)
    if tree(output) != complete:
        raise SystemExit("the last run did not make good what a kill had left")
    kept = sorted(path.relative_to(output / _PRIVATE).as_posix() for path in (output / _PRIVATE).rglob("*"))
    if kept != ["ledger.sqlite", "parts"]:
        raise SystemExit(f"left behind: {kept}")
    shutil.rmtree(output)


def _wait_for_nobody(group: int) -> None:
    for _ in range(600):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise SystemExit("workers outlive their parent")


def hostile(count: int) -> None:
    """Run over `count` files of which a third is trouble: the good ones are all made, each bad one has its line."""
    with tempfile.TemporaryDirectory() as name:
        folder, output = Path(name) / "in", Path(name) / "out"
        good, bad, vanishing = fill_with_troubles(folder, count)
        run = started(folder, output, 2, "--json", quiet=False)
        gone = vanish(vanishing, output, run)
        out, _ = run.communicate()
        lines = {line["file"]: line for line in json.loads(out)["files"]}
        _, memory = taken(folder, Path(name) / "again", 2)
        said = [*bad, *gone]
        silent = [one for one in said if one not in lines or not lines[one]["errors"] + lines[one]["warnings"]]
        unmade = [one for one in good if not _made(output, lines.get(one))]
        if silent or unmade:
            raise SystemExit(f"without a line: {silent[:5]}; not made: {unmade[:5]}")
        print(
            f"  {len(good)} good ones all made, {len(said)} bad ones each with its line "
            f"({len(gone)} vanished during the run), exit status {run.returncode}, {memory / 1024:.0f} MiB"
        )


def _made(output: Path, line: dict[str, object] | None) -> bool:
    return bool(line and line["document"] and (output / str(line["document"])).is_file())


def modes(scaled: int, killed: int, troubled: int, known: Path | None) -> Sequence[str]:
    """Run what is asked for, and return what was run."""
    asked = []
    if scaled:
        print(f"\nwhole batches, up to {scaled} workbooks", flush=True)
        scale(scaled, known)
        asked.append("scale")
    if killed:
        print(f"\n{killed} kills", flush=True)
        kills(killed, 60)
        asked.append("kills")
    if troubled:
        print(f"\na folder of {troubled} files, a third of them trouble", flush=True)
        hostile(troubled)
        asked.append("hostile")
    return asked
