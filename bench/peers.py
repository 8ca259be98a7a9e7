"""Engines of other kinds, each on one plain layout that all of them can do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import docxtpl
from plans import plan_type
from timing import measure, warmed

from perfxl.document.audit import paragraphs
from perfxl.document.package.docx_zip import read_parts
from perfxl.document.render import render
from perfxl.storage.zip_archive import write_parts

# Paragraphs, a repeated block, and in it a table with repeated rows.
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
const fs = require("fs"), [,, engine, template, data, sample] = process.argv;
const content = fs.readFileSync(template), texts = JSON.parse(fs.readFileSync(data));
const times = [];
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
  for (const one of texts) {
    const start = process.hrtime.bigint();
    last = await made(one);
    times.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  fs.writeFileSync(sample, last);
  console.log(JSON.stringify(times));
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


class Docxtpl:
    def __init__(self) -> None:
        self._template = layout("docxtpl")

    def __call__(self, texts: dict[str, Any]) -> object:
        template = docxtpl.DocxTemplate(BytesIO(self._template))
        template.render(texts, autoescape=True)
        target = BytesIO()
        template.save(target)
        return target.getvalue()


class Perfxl:
    def __init__(self) -> None:
        self._template = layout("docxtpl")

    def __call__(self, texts: dict[str, Any]) -> bytes:
        return render(self._template, texts)


def peers(texts: Sequence[dict[str, Any]], modules: Path) -> dict[str, list[float]]:
    """Return the seconds that each engine takes for each text; `modules` is where npm has put them."""
    plain = [{key: one[key] for key in ("unit_name", "projects")} for one in texts]

    times = measure({"docxtpl": Docxtpl, "perfxl": Perfxl}, plain)
    last = plain[-1]["projects"][-1]["indicators"][-1]["name"]
    assert last in "\n".join(paragraphs(Perfxl()(plain[-1])))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(plain), "utf-8")
        (folder / "peer.js").write_text(_NODE)
        for engine in ("docxtemplater", "carbone"):
            template, sample = folder / f"{engine}.docx", folder / "sample.docx"
            template.write_bytes(layout(engine))
            words = ["node", "peer.js", engine, str(template), "data.json", str(sample)]
            environment_ = {**os.environ, "NODE_PATH": str(modules)}
            run = subprocess.run(words, cwd=folder, env=environment_, capture_output=True, text=True, check=False)
            if run.returncode != 0:
                print(f"  {engine}: {run.stderr.strip()[-300:]}")
                continue
            assert last in "\n".join(paragraphs(sample.read_bytes())), engine
            times[engine] = warmed(json.loads(run.stdout))
    return times
