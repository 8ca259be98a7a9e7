"""Measures how long it takes to read a workbook of ten projects: the fast reader against the careful one and others.

    python bench/reading.py [NUMBER OF WORKBOOKS] [ROUNDS]

The workbooks are made of plans that people might have written, no two alike, as the form writes them and, where
LibreOffice is installed, as it saves them. All contenders read the same workbook in turn, in one warmed process; what
counts for each workbook is the processor's time in its best round, so that other work on the machine matters little.
The first reading is told apart: it is the only one without what the fast reader keeps of a form from one workbook to
the next. So is what comes after reading: to arrange the cells as a record.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from typing import Any

import openpyxl
import python_calamine
from books import saved_by_libreoffice
from plans import plan_type, plans

from perfxl.extraction.extract import extract
from perfxl.fast.workbook.reader import read_fast
from perfxl.workbook.form.form import write
from perfxl.workbook.reading.openpyxl_reader import read_carefully


def by_openpyxl(data: bytes) -> object:
    return openpyxl.load_workbook(BytesIO(data))


def by_calamine(data: bytes) -> object:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


CONTENDERS: dict[str, Callable[[bytes], object]] = {
    "openpyxl, plain": by_openpyxl,
    "perfxl, careful": read_carefully,
    "calamine, values alone": by_calamine,
    "perfxl, fast": read_fast,
}


_RECORD = "cells to a record"


def milliseconds(read: Callable[[Any], object], data: object) -> float:
    start = time.process_time()
    read(data)
    return (time.process_time() - start) * 1000


def measure(title: str, books: Sequence[bytes], rounds: int) -> None:
    best = {name: [float("inf")] * len(books) for name in (*CONTENDERS, _RECORD)}
    for _ in range(rounds):
        for number, data in enumerate(books):
            for name, read in CONTENDERS.items():
                best[name][number] = min(best[name][number], milliseconds(read, data))
            cells = read_fast(data)
            if cells is None:
                raise SystemExit(f"{title}: the fast reader does not answer")
            best[_RECORD][number] = min(best[_RECORD][number], milliseconds(partial(extract, cells), plan_type()))
    print(f"\n{title}: {len(books)} workbooks, {statistics.mean(map(len, books)) / 1000:.0f} kB each, {rounds} rounds")
    plain = statistics.median(best["openpyxl, plain"])
    for name, times in best.items():
        middle = statistics.median(times)
        print(f"  {name:24} {middle:8.2f} ms   {plain / middle:7.1f} ×   (worst workbook {max(times):.2f} ms)")


def main() -> None:
    count, rounds = (int(given) for given in (*sys.argv[1:3], *("12", "5")[len(sys.argv) - 1 :]))
    warnings.simplefilter("ignore")
    books = [write(plan_type(), data) for data in plans(count)]
    print(f"the first of all: {milliseconds(read_fast, books[0]):.2f} ms by the fast reader")
    measure("as the form writes them", books, rounds)
    if saved := saved_by_libreoffice(books):
        measure("as LibreOffice saves them", saved, rounds)


if __name__ == "__main__":
    main()
