"""Page numbers and PDF/A of a batch against one call of `soffice --convert-to pdf` over the same documents.

    python bench/printing.py [DOCUMENTS] [--rounds N]

Plans of ten projects, no two alike. In every round the contenders take turns, with a profile of LibreOffice that has
been used before:

soffice        one call, PDF as it comes
soffice, PDF/A one call, with the options that the batch asks for
two at once    two such calls side by side, each with half of the documents: what this machine gains by two processors
batch          `perfxl batch` without an office program: what the rest takes
printed, 1     `perfxl batch --contents auto --pdf --jobs 1`
printed, 2     the same with two workers

Told are seconds on the clock and seconds of the processors, of all processes together, and the ratios: what printing
adds to a batch against the one call. On a machine that does other things as well the processors' seconds are the better
ones; two workers are told by the clock.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import clone
from books import fill

from perfxl.document.printing.libreoffice import PDF_FILTER

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what LibreOffice's starter leaves behind is ours to count


class Cost(NamedTuple):
    clock: float
    processors: float


def cost(words: Sequence[str]) -> Cost:
    """Return what a command takes, with all that it starts."""
    before, start = os.times(), time.perf_counter()
    status = subprocess.run(
        words, env=clone.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ).returncode
    clock = time.perf_counter() - start
    if status not in (0, 1):
        raise SystemExit(f"{words[0]} ended with {status}")
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = os.times()
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return Cost(clock, used)


def batch(folder: Path, output: Path, *more: str) -> Cost:
    shutil.rmtree(output, ignore_errors=True)
    return cost([sys.executable, "-m", "perfxl", "batch", str(folder), "-o", str(output), "--draft", *more])


def called(profile: Path, documents: Sequence[Path], target: Path, kind: str) -> Cost:
    shutil.rmtree(target, ignore_errors=True)
    words = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
    found = cost([*words, "--outdir", str(target), *map(str, documents)])
    if len(list(target.glob("*.pdf"))) != len(documents):
        raise SystemExit("soffice has not converted every document")
    return found


def two_at_once(folder: Path, documents: Sequence[Path]) -> Cost:
    """Return what two calls take that run side by side, each with a profile of its own."""
    script = (
        'for half in 0 1; do soffice -env:UserInstallation="file://$1/half$half" --headless --convert-to "$2"'
        ' --outdir "$1/halves$half" $(cat "$1/$half.txt") & done; wait'
    )
    for half in (0, 1):
        (folder / f"{half}.txt").write_text("\n".join(map(str, documents[half::2])), "utf-8")
    return cost(["sh", "-c", script, "sh", str(folder), PDF_FILTER])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("documents", type=int, nargs="?", default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if shutil.which("soffice") is None:
        raise SystemExit("LibreOffice is not installed")
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as name:
        folder, made, output, paper = (Path(name) / one for one in ("in", "made", "out", "paper"))
        fill(folder, options.documents)
        batch(folder, made, "--jobs", "2")
        documents = sorted(made.glob("[0-9]*/*.docx"))
        profile = Path(name) / "profile"
        called(profile, documents[:2], paper, "pdf")
        two_at_once(Path(name), documents[:2])
        batch(folder, output, "--jobs", "1", "--contents", "auto", "--pdf")
        printed = ("--contents", "auto", "--pdf")
        contenders: dict[str, Callable[[], Cost]] = {
            "soffice": lambda: called(profile, documents, paper, "pdf"),
            "soffice, PDF/A": lambda: called(profile, documents, paper, PDF_FILTER),
            "two at once": lambda: two_at_once(Path(name), documents),
            "batch": lambda: batch(folder, output, "--jobs", "1"),
            "printed, 1": lambda: batch(folder, output, "--jobs", "1", *printed),
            "printed, 2": lambda: batch(folder, output, "--jobs", "2", *printed),
        }
        costs: dict[str, list[Cost]] = {contender: [] for contender in contenders}
        for _ in range(options.rounds):
            for contender, run in contenders.items():
                costs[contender].append(run())
        report(costs, len(documents))


def report(costs: dict[str, list[Cost]], count: int) -> None:
    """Print the middle of each contender's costs, and the ratios."""
    middle = {
        name: Cost(*(statistics.median(values) for values in zip(*rounds, strict=True)))
        for name, rounds in costs.items()
    }
    print(f"{count} documents of ten projects")
    for name, (clock, processors) in middle.items():
        print(f"  {name:16} {clock:7.2f} s, {processors:7.2f} s of processors, {1000 * clock / count:5.0f} ms each")
    for base in ("soffice", "soffice, PDF/A"):
        ratios = [
            (getattr(middle["printed, 1"], way) - getattr(middle["batch"], way)) / getattr(middle[base], way)
            for way in Cost._fields
        ]
        print(f"  printing against {base}: {ratios[0]:.2f} × by the clock, {ratios[1]:.2f} × by the processors")
    gain = middle["soffice, PDF/A"].clock / middle["two at once"].clock
    workers = middle["printed, 1"].clock / middle["printed, 2"].clock
    print(f"  two workers: {workers:.2f} × as fast as one; two calls side by side: {gain:.2f} × as fast as one")


if __name__ == "__main__":
    main()
