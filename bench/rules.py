"""Measures how long all rules of a plan take beside reading its workbook.

    python bench/rules.py [ROUNDS]

The plan is the example of ten projects. The rules take turns with openpyxl's load_workbook, our careful reader and our
fast one in one process; what counts is the median of the processor's time, so that other work matters little.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from statistics import median
from time import process_time

import clone  # noqa: F401 - the way to this perfxl
from openpyxl import load_workbook

from perfxl import checks
from perfxl.fast.workbook import reader
from perfxl.pipeline.examine import examine, load_profile
from perfxl.report_type import catalog
from perfxl.workbook.reading import openpyxl_reader

HOME = catalog.home()


def main(rounds: int = 9) -> None:
    data = (HOME / "examples" / "tangshan-gongshanglian-2025.xlsx").read_bytes()
    found = examine(data, "", HOME)
    assert found.record is not None
    assert found.report_type is not None
    record, report_type, profile = found.record, found.report_type, load_profile(HOME, "hebei")
    contenders: dict[str, Callable[[], object]] = {
        "all rules, findings in words": lambda: checks.check(record, report_type, profile),
        "openpyxl load_workbook": lambda: load_workbook(BytesIO(data)),
        "perfxl, careful reader": lambda: openpyxl_reader.read_carefully(data),
        "perfxl, fast reader": lambda: reader.read_fast(data),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, run in contenders.items():
            start = process_time()
            run()
            times[name].append(process_time() - start)
    rules = median(times["all rules, findings in words"][1:])
    for name, taken in times.items():
        middle = median(taken[1:])
        print(f"{name:32} {middle * 1000:8.1f} ms   rules take {rules / middle:6.2f} x of it")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
