"""What is shipped is what the sources give: forms, examples, and the wheel that carries them."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))


@pytest.mark.parametrize("type_id", catalog.available(ROOT))
def test_the_blank_form_is_what_new_gives(type_id):
    report_type = catalog.load(ROOT, type_id)
    assert report_type.workbook.read_bytes() == write(report_type, None, copies=3), "run `perfxl new` into templates/"


@pytest.mark.parametrize("data", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_workbook_is_what_fill_gives(data):
    report_type = catalog.load(ROOT, json.loads(data.read_text("utf-8"))["document_type"])
    book = write(report_type, loads(data.read_bytes(), report_type))
    assert data.with_suffix(".xlsx").read_bytes() == book, "run `perfxl fill` into examples/"


def test_the_wheel_does_the_main_job_without_the_source_tree(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), "."]
    subprocess.run(build, cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    site = tmp_path / "site"
    command = [
        sys.executable,
        "-c",
        "import perfxl, sys; from perfxl.cli.main import main; print(perfxl.__file__); sys.exit(main())",
    ]
    book = site / "perfxl" / "examples" / "tangshan-gongshanglian-2025.xlsx"
    result = subprocess.run(
        [*command, "report", str(book), "--draft", "-o", str(tmp_path / "x.docx")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith(str(site))
    assert (tmp_path / "x.docx").exists()
