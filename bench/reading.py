"""Measures how long it takes to read a workbook of ten projects: the fast reader against the careful one and others.

    python bench/reading.py [NUMBER OF WORKBOOKS] [ROUNDS]

The workbooks are made from the examples, no two alike in their texts and amounts, as the form writes them and, where
LibreOffice is installed, as it saves them. All contenders read the same workbook in turn, in one warmed process; what
counts for each workbook is its best round, so that other work on the machine matters little. The first reading is told
apart: it is the only one without what the fast reader keeps of a form from one workbook to the next.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine

from perfxl import catalog
from perfxl.catalog import ReportType
from perfxl.data import loads
from perfxl.workbook.careful import read_carefully
from perfxl.workbook.fast import read_fast
from perfxl.workbook.form import write

PROJECTS = 10
LIST = "projects"


def varied(values: Any, number: int) -> Any:
    """Return the values with the number in every longer text and every amount, so that no two workbooks are alike."""
    if isinstance(values, dict):
        return {key: varied(value, number) for key, value in values.items()}
    if isinstance(values, list):
        return [varied(value, number + index) for index, value in enumerate(values)]
    if isinstance(values, str):
        return f"{values[:-1]}{number}{values[-1]}" if len(values) > 12 and not values.isdigit() else values
    return values + number if not isinstance(values, int) else values


def workbooks(count: int) -> list[bytes]:
    home = catalog.home()
    report_type: ReportType = catalog.load(home, next(i for i in catalog.available(home) if _has_projects(home, i)))
    examples = [loads(path.read_bytes(), report_type) for path in sorted((home / "examples").glob("*.json"))]
    projects = [project for example in examples for project in example[LIST]]
    books = []
    for number in range(count):
        values = varied(examples[number % len(examples)], number) | report_type.constants
        chosen = [projects[(number + index) % len(projects)] for index in range(PROJECTS)]
        books.append(write(report_type, values | {LIST: varied(chosen, number)}))
    return books


def _has_projects(home: Path, type_id: str) -> bool:
    return any(sheet.each == LIST for sheet in catalog.load(home, type_id).sheets)


def saved_by_libreoffice(books: Sequence[bytes]) -> list[bytes]:
    """Return the workbooks as LibreOffice saves them; none where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "saved").mkdir()
        for number, book in enumerate(books):
            (folder / f"{number}.xlsx").write_bytes(book)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
        ]
        files = [str(folder / f"{number}.xlsx") for number in range(len(books))]
        subprocess.run([*command, "--outdir", str(folder / "saved"), *files], check=True, capture_output=True)
        return [(folder / "saved" / f"{number}.xlsx").read_bytes() for number in range(len(books))]


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


def milliseconds(read: Callable[[bytes], object], data: bytes) -> float:
    start = time.perf_counter()
    read(data)
    return (time.perf_counter() - start) * 1000


def measure(title: str, books: Sequence[bytes], rounds: int) -> None:
    for data in books:
        if read_fast(data) is None:
            raise SystemExit(f"{title}: the fast reader does not answer")
    best = {name: [float("inf")] * len(books) for name in CONTENDERS}
    for _ in range(rounds):
        for number, data in enumerate(books):
            for name, read in CONTENDERS.items():
                best[name][number] = min(best[name][number], milliseconds(read, data))
    print(f"\n{title}: {len(books)} workbooks, {statistics.mean(map(len, books)) / 1000:.0f} kB each, {rounds} rounds")
    plain = statistics.median(best["openpyxl, plain"])
    for name, times in best.items():
        middle = statistics.median(times)
        print(f"  {name:24} {middle:8.2f} ms   {plain / middle:7.1f} ×   (worst workbook {max(times):.2f} ms)")


def main() -> None:
    count, rounds = (int(given) for given in (*sys.argv[1:3], *("12", "5")[len(sys.argv) - 1 :]))
    warnings.simplefilter("ignore")
    books = workbooks(count)
    print(f"the first of all: {milliseconds(read_fast, books[0]):.2f} ms by the fast reader")
    measure("as the form writes them", books, rounds)
    if saved := saved_by_libreoffice(books):
        measure("as LibreOffice saves them", saved, rounds)


if __name__ == "__main__":
    main()
