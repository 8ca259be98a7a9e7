"""From click to finished document: what `perfxl click` takes, against a plain script, both started cold.

    python bench/click.py [ROUNDS]

The workbook is a plan of ten projects without errors. The plain script has what a good afternoon gives: addresses of
cells, openpyxl, jsonschema, docxtpl; it checks nothing but the schema, and its template is a simpler one. perfxl does
all that a click does. The two take turns, each in a new process; what counts is the best round of each, and the median
beside it. What Excel needs for saving and for noticing the answer (20 looks a second) is no part of this.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from peers import layout
from plans import plan_type
from script import floats

from perfxl.model.addresses import cell
from perfxl.report_type import catalog
from perfxl.workbook.form.form import write
from perfxl.workbook.macros import form_buttons

PROJECTS = 10
HOME = catalog.home()
# Installed programs have their bytecode beside them; a clone has it from the first round on, unless that is forbidden.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_VALID = HOME / "tests" / "valid_plan.json"

_PLAIN = """
import json, sys
import jsonschema, openpyxl
from docxtpl import DocxTemplate

known, schema, template, workbook, target = sys.argv[1:]
book = openpyxl.load_workbook(workbook, data_only=True)
cells = json.load(open(known))

def put(owner, path, value):
    for step in path[:-1]:
        owner = owner.setdefault(step, {})
    if value is not None:
        owner[path[-1]] = value

def single(sheet, fields, owner):
    for path, at in fields:
        put(owner, path, sheet[at].value)

def lists(sheet, every, owner):
    for path, columns, first, last in every:
        rows = []
        for number in range(first, last + 1):
            row = {name: sheet[f"{letters}{number}"].value for name, letters in columns}
            row = {name: value for name, value in row.items() if value is not None}
            if row:
                rows.append(row.get("", row))
        if rows:
            put(owner, path, rows)

data = dict(cells["constants"])
for title, fields, every in cells["sheets"]:
    single(book[title], fields, data)
    lists(book[title], every, data)
data["projects"] = []
for sheet in book.worksheets:
    if sheet.title.startswith(cells["each"]):
        item = {}
        single(sheet, cells["fields"], item)
        lists(sheet, cells["lists"], item)
        data["projects"].append(item)
jsonschema.validate(data, json.load(open(schema)))
document = DocxTemplate(template)
document.render(data, autoescape=True)
document.save(target)
"""


def plan() -> dict[str, Any]:
    """Return a plan of ten projects without errors."""
    data: dict[str, Any] = json.loads(_VALID.read_text("utf-8"))
    originals, data["projects"] = data["projects"], []
    for number in range(PROJECTS):
        project = deepcopy(originals[number % len(originals)])
        code = project["project_code"]
        project["project_code"] = f"{code[:-4]}{number + 1:03}{code[-1]}"
        project["project_name"] += f"（第{'一二三四五六七八九十'[number]}期）"
        data["projects"].append(project)
    return data


def addresses() -> dict[str, Any]:
    """Return where the values stand, as the author of a script would write it down."""
    found: dict[str, Any] = {"constants": plan_type().constants, "sheets": []}
    for sheet in plan_type().sheets:
        depth = 1 if sheet.each else 0
        fields = [[field.path[depth:], field.at.first] for field in sheet.fields]
        lists = [
            [
                rows.path[depth:],
                [["" if rows.plain else column.path[-1], cell(1, column.at.left)[:-1]] for column in rows.columns],
                rows.first_row,
                rows.last_row,
            ]
            for rows in sheet.lists
        ]
        if sheet.each:
            found |= {"each": sheet.name, "fields": fields, "lists": lists}
        else:
            found["sheets"].append([sheet.name, fields, lists])
    return found


def seconds(words: Sequence[str], target: Path) -> float:
    target.unlink(missing_ok=True)
    start = time.perf_counter()
    subprocess.run(words, check=True, cwd=HOME, env=ENVIRONMENT)
    taken = time.perf_counter() - start
    if not target.exists():
        raise SystemExit(f"{target.name} was not made")
    return taken


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {
            key: folder / key for key in ("known.json", "schema.json", "plain.docx", "plan.xlsm", "plain-out.docx")
        }
        files["known.json"].write_text(json.dumps(addresses()))
        files["schema.json"].write_text(json.dumps(floats(plan_type().schema)))
        files["plain.docx"].write_bytes(layout("docxtpl"))
        files["plan.xlsm"].write_bytes(write(plan_type(), plan(), macros=form_buttons.load(HOME)))
        book = files["plan.xlsm"]
        # The buttons start the program itself where it is installed; looking for the module takes Python longer.
        program = shutil.which("perfxl", path=str(Path(sys.executable).parent))
        ours = [program] if program else [sys.executable, "-m", "perfxl"]
        click = [*ours, "click", str(book), "--result", str(folder / "answer.txt")]
        plain = [sys.executable, "-c", _PLAIN, *map(str, files.values())]
        contenders = {
            "a bare interpreter": ([sys.executable, "-c", f"open({str(folder / 'x')!r}, 'w')"], folder / "x"),
            "plain script": (plain, files["plain-out.docx"]),
            "perfxl click": (click, book.with_suffix(".docx")),
        }
        ENVIRONMENT["PERFXL_CACHE"] = str(folder / "kept")
        firsts = {title: seconds(words, target) for title, (words, target) in contenders.items()}
        times: dict[str, list[float]] = {title: [] for title in contenders}
        for _ in range(rounds):
            for title, (words, target) in contenders.items():
                times[title].append(seconds(words, target))
    for title, taken in times.items():
        middle, first = 1000 * statistics.median(taken), 1000 * firsts[title]
        print(f"{title:20} {1000 * min(taken):7.0f} ms   (median {middle:.0f}, the very first {first:.0f})")
    print(f"ratio                {min(times['perfxl click']) / min(times['plain script']):7.2f}   (target 0.15)")


if __name__ == "__main__":
    main()
