"""The core of the tests (reading, rules, forms) once under the interpreter that is in the page, in Node."""

import json
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from tools import page_parts

pytestmark = pytest.mark.office

HERE = Path(__file__).parent
SUITES = (
    "tests/extraction",
    "tests/checks/test_money.py",
    "tests/checks/test_targets.py",
    "tests/workbook/test_form.py",
)
FEWEST = 600  # tests: fewer, and something was not collected


def test_the_core_suite_passes_under_the_interpreter_of_the_page(tmp_path):
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the interpreter of the page runs in Node, not installed here; CI installs it")
    library, programs, report = tmp_path / "library", tmp_path / "programs", tmp_path / "report.json"
    programs.mkdir()
    for wheel in (*page_parts.wheels(), *page_parts.wheels(HERE / "wheels.txt")):
        with ZipFile(wheel) as archive:
            archive.extractall(library)
    shutil.copytree(page_parts.STAND_INS, library, dirs_exist_ok=True)
    for name, content in page_parts.programs():
        (programs / Path(name).name).write_bytes(content)
    given = [page_parts.node_modules(), library, programs, report]
    words = ["node", HERE / "run_suite.mjs", *given, "-q", "-m", "not office", *SUITES]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    outcomes = json.loads(report.read_text())
    assert outcomes["passed"] >= FEWEST
    assert "failed" not in outcomes
