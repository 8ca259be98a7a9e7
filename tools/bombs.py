"""Measures what commands spend on files that are small and take long or much (`bomb_files.py`).

    python tools/bombs.py                          every bomb by `check` and `report`
    python tools/bombs.py --command watch          by a watched folder; `click` is what the button starts
    python tools/bombs.py --only styles --keep DIR those whose names hold a word, kept in a folder

Each is given to a process of its own, of which the kernel says the seconds of a processor and the most memory. What
is above the bounds (`SECONDS`, `MEGABYTES`) is marked, and the status is then 1.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bomb_files import BOMBS, suffix

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEGABYTES = 10, 300
_PATIENCE = 30  # seconds of a processor after which a process is ended
_ROOM = 3 * 2**30  # bytes that a process may ask for


class Spent(NamedTuple):
    """What a process spent: its status, seconds of a processor, and the most megabytes it had at a time."""

    status: int
    seconds: float
    megabytes: float
    output: str

    @property
    def is_bounded(self) -> bool:
        return self.seconds <= SECONDS and self.megabytes <= MEGABYTES and 0 <= self.status < 4


# A process begins as a copy of the one that starts it, whose memory counts as its own: so a small one starts it.
_LAUNCHER = """
import os, resource, subprocess, sys
def bounded():
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]),) * 2)
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
process = subprocess.Popen(sys.argv[3:], stdout=sys.stderr, preexec_fn=bounded)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def command(name: str, file: Path) -> list[str]:
    """Return the words of a command that reads a file."""
    if name == "click":
        return ["click", str(file), "--check", "--result", str(file.parent / "answer.txt")]
    if name == "watch":
        return ["watch", str(file.parent), "--once"]
    if name == "report":
        return ["report", str(file), "-o", str(file.parent / "out" / "made.docx"), "--contents", "estimate", "--draft"]
    return [name, str(file)]


def spent(words: Sequence[str]) -> Spent:
    """Return what a process spends on a command. One that takes far too much is ended by the kernel."""
    with tempfile.TemporaryFile() as told:
        launched = subprocess.run(
            [sys.executable, "-S", "-c", _LAUNCHER, str(_PATIENCE), str(_ROOM), sys.executable, "-m", "perfxl", *words],
            stdout=subprocess.PIPE,
            stderr=told,
            cwd=ROOT,
            check=True,
        )
        told.seek(0)
        output = told.read(3_000).decode(errors="replace")
    status, seconds, kilobytes = launched.stdout.split()
    return Spent(int(status), float(seconds), int(kilobytes) / 1024, output)


def measure(names: Iterable[str], commands: Sequence[str], keep: Path | None) -> int:
    """Print what each bomb takes, and return how many are beyond the bounds."""
    beyond = 0
    for name in names:
        data = BOMBS[name]()
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "out").mkdir()
            file = Path(folder) / f"bomb{suffix(name)}"
            file.write_bytes(data)
            if keep:
                (keep / (re.sub(r"\W+", "_", name) + suffix(name))).write_bytes(data)
            for each in commands:
                came = spent(command(each, file))
                beyond += not came.is_bounded
                mark = "  " if came.is_bounded else "!!"
                said = " ".join(came.output.split())[:110]
                print(
                    f"{mark} {name:48} {each:6} {len(data) / 1e3:9,.0f} kB {came.seconds:7.1f} s"
                    f" {came.megabytes:6.0f} MB  status {came.status}  {said}",
                    flush=True,
                )
    return beyond


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", help="bombs whose names hold this")
    parser.add_argument("--command", action="append", choices=["check", "report", "watch", "click", "data", "drop"])
    parser.add_argument("--keep", type=Path, help="a folder in which the files stay")
    asked = parser.parse_args()
    names = [name for name in BOMBS if asked.only in name]
    beyond = measure(names, asked.command or ["check"], asked.keep)
    print(f"{len(names)} bombs, {beyond} beyond {SECONDS} s or {MEGABYTES} MB" if names else "no such bomb")
    return 1 if beyond or not names else 0


if __name__ == "__main__":
    sys.exit(main())
