"""Documents a second: perfxl with all its checks against what one would write in an afternoon, on the same machine.

    python bench/throughput.py [WORKBOOKS] [--node node_modules]
    python bench/throughput.py [--scale N] [--kills N] [--hostile N] [--books FOLDER]

The workbooks are plans of ten projects made from the examples, no two alike; half of them are as the form writes them,
half as LibreOffice saves them, where it is installed. Contenders, a warmed process each, take turns; none sees a
workbook twice, and what counts is the middle one of their times.

plain     openpyxl.load_workbook, jsonschema.validate, docxtpl: no checks but the schema's, no audit, no page numbers
tuned     the same with read_only, and the validator built once
perfxl    everything that `perfxl batch` does for a workbook: reading, all checks, the document with estimated page
          numbers, the audit, writing

`--node FOLDER` adds docxtemplater and Carbone for the rendering (npm install docxtemplater pizzip carbone), on a plain
layout that every engine can do; each is one warmed process as well.

The second form runs the command itself. `--scale N`: over N workbooks, a tenth and a hundredth of them, with one
process and with two, then with nothing changed. `--kills N`: killed N times at random instants; one more run has to
give what an undisturbed one gives, byte for byte. `--hostile N`: over N files of which a third is trouble. `--books`
is a folder where the workbooks for `--scale` are kept from one time to the next.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import clone  # noqa: F401 - the way to this perfxl
import docxtpl
import jsonschema
import openpyxl
from batches import modes
from books import books
from peers import peers
from plans import plan_type
from script import Afternoon, rendered_by_docxtpl
from timing import Maker, measure, report

from perfxl.batch.outcome import Settings, Task
from perfxl.batch.worker import Worker
from perfxl.document.render import render
from perfxl.document.template.context import context
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog


class Batch:
    """What a worker of `perfxl batch` does with the workbook of a number; `folder` holds them all."""

    def __init__(self, folder: Path) -> None:
        self._worker = Worker(Settings(folder, folder / "parts", catalog.home(), "", True))

    def __call__(self, number: int) -> None:
        outcome = self._worker.made([Task(f"{number}.xlsx", f"{number}.docx")])[0]
        assert outcome.part, outcome.state


class Script:
    """The script of an afternoon on the same workbooks."""

    def __init__(self, folder: Path, *, tuned: bool) -> None:
        self._folder, self._made = folder, Afternoon(tuned=tuned)

    def __call__(self, number: int) -> None:
        document = self._made((self._folder / f"{number}.xlsx").read_bytes())
        (self._folder / "script.docx").write_bytes(document)


def whole(made: Sequence[bytes]) -> None:
    """Workbook in, document out, one process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "parts").mkdir()
        for number, book in enumerate(made):
            (folder / f"{number}.xlsx").write_bytes(book)
        contenders: dict[str, Maker] = {
            "plain": partial(Script, folder, tuned=False),
            "tuned": partial(Script, folder, tuned=True),
            "perfxl, one process": partial(Batch, folder),
        }
        report("workbook to document", measure(contenders, range(len(made))), "perfxl, one process")


class Docxtpl:
    def __call__(self, texts: dict[str, Any]) -> object:
        return rendered_by_docxtpl(plan_type(), texts)


class Perfxl:
    def __init__(self, *, contents: bool) -> None:
        self._template, self._contents = plan_type().word_template.read_bytes(), contents

    def __call__(self, texts: dict[str, Any]) -> object:
        return render(self._template, texts, contents=self._contents)


def rendering(made: Sequence[bytes], modules: Path | None) -> None:
    """The document alone, from the same texts."""
    report_type, home = plan_type(), catalog.home()
    found = [examine(book, "", home) for book in made]
    print(f"  {sum(len(one.findings) for one in found) / len(found):.0f} findings a workbook")
    records = [one.record for one in found if one.record is not None]
    texts = [{**context(one.values, report_type.schema), "draft": False} for one in records]
    contenders: dict[str, Maker] = {
        "docxtpl": Docxtpl,
        "perfxl": partial(Perfxl, contents=True),
        "perfxl, no 目录": partial(Perfxl, contents=False),
    }
    report("rendering alone", measure(contenders, texts), "perfxl")
    if modules is not None:
        report("rendering alone, a plain layout", peers(texts, modules), "perfxl")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("workbooks", type=int, nargs="?", default=60)
    parser.add_argument("--scale", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--hostile", type=int, default=0)
    parser.add_argument("--books", type=Path, help="where the workbooks for --scale are kept")
    parser.add_argument("--node", type=Path, help="node_modules with docxtemplater, pizzip and carbone")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if modes(options.scale, options.kills, options.hostile, options.books):
        return
    made = books(options.workbooks)
    whole(made)
    rendering(made, options.node)
    print(f"\nopenpyxl {openpyxl.__version__}, jsonschema {jsonschema.__version__}, docxtpl {docxtpl.__version__}")


if __name__ == "__main__":
    main()
