"""Documents a second: perfxl with all its checks against what one would write in an afternoon, on the same machine.

    python bench/throughput.py [WORKBOOKS] [ROUNDS] [--scale N] [--node node_modules]

The workbooks are plans of ten projects made from the examples, no two alike; half of them are as the form writes them,
half as LibreOffice saves them, where it is installed. Contenders take turns on each workbook in one warmed process, and
what counts for each workbook is its best round, so that other work on the machine matters little.

plain     openpyxl.load_workbook, jsonschema.validate, docxtpl: no checks but the schema's, no audit, no page numbers
tuned     the same with read_only, and the validator built once
perfxl    everything that `perfxl batch` does for a workbook: reading, all checks, the document with estimated page
          numbers, the audit, writing

`--node FOLDER` adds docxtemplater and Carbone for the rendering (npm install docxtemplater pizzip carbone), on a plain
layout that every engine can do; each is one warmed process as well.
`--scale N` measures a whole `perfxl batch` over N workbooks with one process and with two, then with nothing changed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import docxtpl
import jsonschema
import openpyxl
from reading import saved_by_libreoffice

from perfxl import catalog
from perfxl.batch.outcome import Settings, Task
from perfxl.batch.work import Worker
from perfxl.catalog import Field, ReportType
from perfxl.data import loads
from perfxl.document.audit import paragraphs
from perfxl.document.context import context
from perfxl.document.environment import environment, in_body
from perfxl.document.package import read_parts, write_parts
from perfxl.document.render import render
from perfxl.document.template import _Tags
from perfxl.pipeline import examine
from perfxl.workbook.form import write

PROJECTS = 10
_WORDS = (
    "城乡",
    "基层",
    "重点",
    "日常",
    "专项",
    "年度",
    "全市",
    "机关",
    "社区",
    "企业",
    "群众",
    "干部",
    "设备",
    "网络",
)


def plan_type() -> ReportType:
    home = catalog.home()
    found = (catalog.load(home, one) for one in catalog.available(home))
    return next(one for one in found if any(sheet.each == "projects" for sheet in one.sheets))


def varied(value: Any, chance: random.Random) -> Any:
    """Return data like `value`: every longer text says something else, every amount is another one."""
    if isinstance(value, dict):
        return {key: varied(member, chance) for key, member in value.items()}
    if isinstance(value, list):
        return [varied(member, chance) for member in value]
    if isinstance(value, str) and len(value) > 8 and not value.isascii():
        at = chance.randrange(2, len(value) - 1)
        return value[:at] + chance.choice(_WORDS) + value[at:]
    return value


def plans(count: int) -> list[dict[str, Any]]:
    """Return the data of plans of ten projects, no two alike."""
    report_type, chance = plan_type(), random.Random(6)
    folder = catalog.home() / "examples"
    found = [loads(path.read_bytes(), report_type) for path in sorted(folder.glob("*.json")) if _is_plan(path)]
    projects = [project for one in found for project in one["projects"]]
    made = []
    for number in range(count):
        data = varied(found[number % len(found)], chance)
        chosen = varied([projects[chance.randrange(len(projects))] for _ in range(PROJECTS)], chance)
        for at, project in enumerate(chosen):
            project |= {"project_code": f"13020025P{number:06d}{at:02d}000T", "budget_amount": number + at + 0.5}
            project |= {"fiscal_funds": number + at + 0.5, "other_funds": 0}
        data |= {"projects": chosen, "unit_code": f"{100000 + number}", "unit_name": f"某市第{number}局"}
        made.append(data)
    return made


def _is_plan(path: Path) -> bool:
    return bool(json.loads(path.read_text("utf-8"))["document_type"] == plan_type().id)


# What one would write in an afternoon: cells by address, the schema, docxtpl.


def by_address(report_type: ReportType, value: Callable[[str, int, int], Any], titles: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = dict(report_type.constants)
    for sheet in report_type.sheets:
        for title in [one for one in titles if one.startswith(sheet.name)] if sheet.each else [sheet.name]:
            target: dict[str, Any] = {} if sheet.each else data
            for single in sheet.fields:
                put(target, single.path[1 if sheet.each else 0 :], value(title, single.at.top, single.at.left))
            for rows in sheet.lists:
                lines = [
                    one_line(title, row, rows.columns, rows.plain, value)
                    for row in range(rows.first_row, rows.last_row + 1)
                ]
                put(target, rows.path[1 if sheet.each else 0 :], [line for line in lines if line] or None)
            if sheet.each and target:
                data.setdefault(sheet.each, []).append(target)
    return data


def one_line(title: str, row: int, columns: Sequence[Field], plain: bool, value: Callable[[str, int, int], Any]) -> Any:
    if plain:
        return value(title, row, columns[0].at.left)
    found = {column.path[-1]: value(title, row, column.at.left) for column in columns}
    return (
        {key: one for key, one in found.items() if one not in (None, "")}
        if found.get("name") or found.get("title")
        else {}
    )


def put(target: dict[str, Any], path: Sequence[str], value: Any) -> None:
    if value in (None, ""):
        return
    for step in path[:-1]:
        target = target.setdefault(step, {})
    target[path[-1]] = value


def floats(node: Any) -> Any:
    return json.loads(json.dumps(node, default=float))


class Afternoon:
    """The script; `tuned` reads in read_only mode and builds its validator once."""

    def __init__(self, tuned: bool) -> None:
        self.type, self.tuned = plan_type(), tuned
        self.schema = floats(self.type.schema)
        self.validator = jsonschema.Draft202012Validator(self.schema)

    def __call__(self, data: bytes) -> bytes:
        book = openpyxl.load_workbook(BytesIO(data), data_only=True, read_only=self.tuned)
        if self.tuned:
            cells = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}

            def value(title: str, row: int, column: int) -> Any:
                rows = cells[title]
                return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None
        else:

            def value(title: str, row: int, column: int) -> Any:
                return book[title].cell(row, column).value

        values = by_address(self.type, value, book.sheetnames)
        if self.tuned:
            list(self.validator.iter_errors(values))
        else:
            with suppress(jsonschema.ValidationError):
                jsonschema.validate(values, self.schema)
        return rendered_by_docxtpl(self.type, {**context(values, self.type.schema), "draft": False})


def rendered_by_docxtpl(report_type: ReportType, texts: dict[str, Any]) -> bytes:
    # Our template has tags that docxtpl does not know; they are put into its own words, and it does the rest.
    template = _Tags(str(report_type.word_template))
    template.render(texts, jinja_env=environment(in_body))
    target = BytesIO()
    template.save(target)
    return target.getvalue()


def measure(
    contenders: dict[str, Callable[[Any], object]], inputs: Sequence[Any], rounds: int
) -> dict[str, list[float]]:
    best = {name: [float("inf")] * len(inputs) for name in contenders}
    for _ in range(rounds + 1):  # the first one warms up
        for number, one in enumerate(inputs):
            for name, make in contenders.items():
                start = time.perf_counter()
                make(one)
                best[name][number] = min(best[name][number], time.perf_counter() - start)
    return best


def report(title: str, best: dict[str, list[float]], ours: str) -> None:
    print(f"\n{title}")
    mine = statistics.mean(best[ours])
    for name, times in best.items():
        mean = statistics.mean(times)
        print(f"  {name:22} {1000 * mean:8.2f} ms   {1 / mean:7.1f} a second   perfxl is {mean / mine:5.1f} × as fast")


def whole(books: Sequence[bytes], rounds: int) -> None:
    """Workbook in, document out, one process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "parts").mkdir()
        for number, book in enumerate(books):
            (folder / f"{number}.xlsx").write_bytes(book)
        worker = Worker(Settings(folder, folder / "parts", catalog.home(), "", True))
        plain, tuned = Afternoon(tuned=False), Afternoon(tuned=True)

        def ours(number: int) -> object:
            outcome = worker.make(Task(f"{number}.xlsx", f"{number}.docx"))
            assert outcome.part, outcome.state
            return outcome

        contenders: dict[str, Callable[[Any], object]] = {
            "plain": lambda number: plain(books[number]),
            "tuned": lambda number: tuned(books[number]),
            "perfxl, one process": ours,
        }
        report("workbook to document", measure(contenders, range(len(books)), rounds), "perfxl, one process")


def rendering(books: Sequence[bytes], rounds: int, modules: Path | None) -> None:
    """The document alone, from the same texts."""
    report_type, home = plan_type(), catalog.home()
    records = [examine(book, "", home).record for book in books]
    texts = [{**context(one.values, report_type.schema), "draft": False} for one in records if one is not None]
    template = report_type.word_template.read_bytes()
    contenders: dict[str, Callable[[Any], object]] = {
        "docxtpl": lambda one: rendered_by_docxtpl(report_type, one),
        "perfxl": lambda one: render(template, one),
        "perfxl, no 目录": lambda one: render(template, one, contents=False),
    }
    report("rendering alone", measure(contenders, texts, rounds), "perfxl")
    if modules is not None:
        peers(texts, rounds, modules)


# One layout, written for each engine: paragraphs, a repeated block, and in it a table with repeated rows.

_COLUMNS = ("dimension", "category", "name", "description", "target", "measure_unit", "target_basis")
_TAGS = {
    "docxtpl": {
        "unit": "{{ unit_name }}", "open": "{%p for project in projects %}", "close": "{%p endfor %}",
        "item": "{{ project.%s }}", "row_open": "{%tr for row in project.indicators %}", "row_close": "{%tr endfor %}",
        "cell": "{{ row.%s }}",
    },
    "docxtemplater": {
        "unit": "{unit_name}", "open": "{#projects}", "close": "{/projects}", "item": "{%s}",
        "row_open": "{#indicators}", "row_close": "{/indicators}", "cell": "{%s}",
    },
    "carbone": {
        "unit": "{d.unit_name}", "open": "", "close": "{d.projects[i+1].project_code}", "item": "{d.projects[i].%s}",
        "row_open": "", "row_close": "{d.projects[i].indicators[i+1].name}", "cell": "{d.projects[i].indicators[i].%s}",
    },
}  # fmt: skip
_NODE = """
const fs = require("fs"), [,, engine, template, data, rounds, sample] = process.argv;
const content = fs.readFileSync(template), texts = JSON.parse(fs.readFileSync(data));
const best = texts.map(() => Infinity);
async function made(one) {
  if (engine === "carbone")
    return new Promise((done, fail) => require("carbone").render(template, one, (e, r) => e ? fail(e) : done(r)));
  const Docxtemplater = require("docxtemplater"), PizZip = require("pizzip");
  const document = new Docxtemplater(new PizZip(content), {paragraphLoop: true, linebreaks: true});
  document.render(one);
  return document.getZip().generate({type: "nodebuffer", compression: "DEFLATE"});
}
(async () => {
  let last;
  for (let round = 0; round <= rounds; round++)
    for (let at = 0; at < texts.length; at++) {
      const start = process.hrtime.bigint();
      last = await made(texts[at]);
      best[at] = Math.min(best[at], Number(process.hrtime.bigint() - start) / 1e9);
    }
  fs.writeFileSync(sample, last);
  console.log(JSON.stringify(best));
  process.exit(0);
})();
"""


def layout(engine: str) -> bytes:
    """Return our template with a plain body in the words of an engine."""
    tags = _TAGS[engine]

    def paragraph(text: str) -> str:
        return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'

    def row(cells: Sequence[str]) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    cells = [tags["cell"] % column for column in _COLUMNS]
    if engine == "docxtpl":
        rows = row([tags["row_open"]]) + row(cells) + row([tags["row_close"]])
    elif engine == "docxtemplater":
        rows = row([tags["row_open"] + cells[0], *cells[1:-1], cells[-1] + tags["row_close"]])
    else:
        rows = row(cells) + row([tags["row_close"]] + [""] * (len(cells) - 1))
    items = "".join(paragraph(tags["item"] % name) for name in ("project_code", "project_name", "use_of_funds"))
    table = f"<w:tbl><w:tblPr/><w:tblGrid/>{row(_COLUMNS)}{rows}</w:tbl>"
    block = (paragraph(tags["open"]) if tags["open"] else "") + items + table + paragraph(tags["close"])
    body = f"{paragraph(tags['unit'])}{block}<w:sectPr/>"
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts = read_parts(plan_type().word_template.read_bytes())
    kept = {one: part for one, part in parts.items() if "header" not in one and "footer" not in one}
    kept["word/document.xml"] = f'<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'.encode()
    kept["docProps/core.xml"] = re.sub(rb"\{\{[^}]*\}\}", b"", kept["docProps/core.xml"])
    relations = "word/_rels/document.xml.rels"
    kept[relations] = re.sub(rb"<Relationship [^>]*(?:header|footer)[^>]*/>", b"", kept[relations])
    kept["[Content_Types].xml"] = re.sub(rb"<Override [^>]*(?:header|footer)[^>]*/>", b"", kept["[Content_Types].xml"])
    return write_parts(kept)


def peers(texts: Sequence[dict[str, Any]], rounds: int, modules: Path) -> None:
    """Engines of other kinds, on one plain layout; `modules` is where npm has put them."""
    ours = layout("docxtpl")
    plain = [{key: one[key] for key in ("unit_name", "projects")} for one in texts]

    def by_docxtpl(one: dict[str, Any]) -> object:
        template = docxtpl.DocxTemplate(BytesIO(ours))
        template.render(one, autoescape=True)
        target = BytesIO()
        template.save(target)
        return target.getvalue()

    contenders: dict[str, Callable[[Any], object]] = {"docxtpl": by_docxtpl, "perfxl": lambda one: render(ours, one)}
    best = measure(contenders, plain, rounds)
    last = plain[-1]["projects"][-1]["indicators"][-1]["name"]
    assert last in "\n".join(paragraphs(render(ours, plain[-1])))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(plain), "utf-8")
        (folder / "peer.js").write_text(_NODE)
        for engine in ("docxtemplater", "carbone"):
            template, sample = folder / f"{engine}.docx", folder / "sample.docx"
            template.write_bytes(layout(engine))
            words = ["node", "peer.js", engine, str(template), "data.json", str(rounds), str(sample)]
            environment_ = {**os.environ, "NODE_PATH": str(modules)}
            run = subprocess.run(words, cwd=folder, env=environment_, capture_output=True, text=True, check=False)
            if run.returncode != 0:
                print(f"  {engine}: {run.stderr.strip()[-300:]}")
                continue
            assert last in "\n".join(paragraphs(sample.read_bytes())), engine
            best[engine] = json.loads(run.stdout)
    report("rendering alone, a plain layout", best, "perfxl")


def command(folder: Path, output: Path, jobs: int) -> tuple[float, int]:
    """Return the seconds that a batch takes, and the kilobytes that its largest process had."""
    words = [sys.executable, "-m", "perfxl", "batch", str(folder), "-o", str(output), "--draft", "--jobs", str(jobs)]
    start = time.perf_counter()
    run = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(run.pid, 0)
    run.returncode = 0
    return time.perf_counter() - start, used.ru_maxrss


def scale(count: int, books: Sequence[bytes]) -> None:
    """Whole batches: cost and memory by number, one process and two, and a second run."""
    with tempfile.TemporaryDirectory() as name:
        for number in sorted({max(count // 100, 10), max(count // 10, 10), count}):
            folder = Path(name) / f"in{number}"
            folder.mkdir()
            for at in range(number):
                path = folder / f"{at // 100}" / f"{at}.xlsx"
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(books[at % len(books)])
                os.utime(path, (1, 1))  # long ago, so that dates can be trusted
            for jobs in (1, 2):
                output = Path(name) / f"out{number}-{jobs}"
                first, memory = command(folder, output, jobs)
                second, _ = command(folder, output, jobs)
                print(
                    f"  {number:6} workbooks, --jobs {jobs}: {first:7.2f} s, {number / first:6.1f} a second, "
                    f"{memory / 1024:.0f} MiB; nothing changed: {second:.2f} s, {first / second:.0f} × as fast",
                    flush=True,
                )
                shutil.rmtree(output)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("workbooks", type=int, nargs="?", default=20)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--scale", type=int, default=0)
    parser.add_argument("--node", type=Path, help="node_modules with docxtemplater, pizzip and carbone")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    report_type = plan_type()
    books = [write(report_type, data) for data in plans(options.workbooks)]
    if saved := saved_by_libreoffice(books[::2]):
        books[::2] = saved
    if options.scale:
        scale(options.scale, books)
    else:
        whole(books, options.rounds)
        rendering(books, options.rounds, options.node)
    print(f"\npeak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    print(f"openpyxl {openpyxl.__version__}, jsonschema {jsonschema.__version__}, docxtpl {docxtpl.__version__}")


if __name__ == "__main__":
    main()
