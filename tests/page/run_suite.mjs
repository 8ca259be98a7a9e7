// Runs tests of the repository under Python in WebAssembly:
//   node run_suite.mjs MODULES LIBRARY PROGRAMS REPORT WORD…
// MODULES is where npm put pyodide, LIBRARY holds packages, PROGRAMS those of the Word templates; the words are pytest's.
// What pytest says goes to standard output; the numbers of tests by outcome go into the file REPORT, as JSON.
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const [modules, library, programs, report, ...words] = process.argv.slice(2);
const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const found = createRequire(`${modules}/here.js`).resolve("pyodide/pyodide.mjs");
const { loadPyodide } = await import(pathToFileURL(found).href);

const python = await loadPyodide({
  env: { HOME: "/home", PYTHONDONTWRITEBYTECODE: "1", PERFXL_CACHE: "/home/cache", LANG: "C.UTF-8" },
  fsInit: async (FS) => {
    for (const [place, root] of [["/repo", repository], ["/library", library], ["/programs", programs]]) {
      FS.mkdirTree(place);
      FS.mount(FS.filesystems.NODEFS, { root }, place);
    }
  },
});
python.globals.set("words", python.toPy(words));
const status = python.runPython(`
import os, sys
from pathlib import Path
sys.path[:0] = ["/repo/tests/page/stand_ins", "/repo", "/library"]
os.chdir("/repo")
from perfxl.fast.template import program
program._READY_MADE = Path("/programs")
import pytest

class Count:
    def __init__(self):
        self.outcomes = {}
    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.outcome] = self.outcomes.get(report.outcome, 0) + 1

count = Count()
status = int(pytest.main([*words, "-p", "no:cacheprovider", "-p", "no:faulthandler"], plugins=[count]))
import json
outcomes = json.dumps(count.outcomes)
status
`);
writeFileSync(report, python.globals.get("outcomes"));
process.exit(status);
