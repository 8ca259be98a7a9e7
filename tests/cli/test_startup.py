"""What the program loads before it answers a click: the libraries for other ways stay out."""

import json
import subprocess
import sys

import plans
import pytest

from perfxl.report_type import catalog, profile
from perfxl.report_type.schema_validator import Validator

HOME = catalog.home()
# openpyxl is for what the fast reader does not know, jsonschema for what the compiled schemas do not.
FOR_OTHER_WAYS = {"jsonschema", "openpyxl", "xlsxwriter", "xlwings", "watchfiles", "pypdf", "pypinyin"}
FOR_TEMPLATES = {"docx", "docxtpl", "jinja2", "lxml", "markupsafe"}  # a template is compiled but once
SCRIPT = """
import sys
from perfxl.cli.main import main
status = main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_a_click_loads_no_library_for_other_ways(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(plans.book({}))
    words = [sys.executable, "-c", SCRIPT, "click", str(path), "--result", str(tmp_path / "answer")]
    output = subprocess.run(words, check=True, capture_output=True, text=True, cwd=HOME).stdout
    assert path.with_suffix(".docx").exists()
    assert FOR_OTHER_WAYS.isdisjoint(output.split())
    again = subprocess.run(words, check=True, capture_output=True, text=True, cwd=HOME).stdout
    assert FOR_TEMPLATES.isdisjoint(again.split())


def test_a_plan_is_checked_without_the_rules_of_other_report_types():
    script = f"""
import sys
sys.path.insert(0, {str(HOME / "tests")!r})
import plans
plans.findings(plans.filled({{}}))
print(*sorted(sys.modules))
"""
    output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=HOME).stdout
    families = {name for name in output.split() if name.startswith("perfxl.checks.")}
    assert {"perfxl.checks.plan.money", "perfxl.checks.language.rules"} <= families
    assert not any(name.startswith("perfxl.checks.evaluation") for name in families)


@pytest.mark.parametrize("type_id", catalog.available(HOME))
def test_the_types_that_come_with_the_program_keep_to_the_dialect(type_id):
    schema = json.loads((HOME / "schemas" / f"{type_id}.schema.json").read_bytes())
    assert catalog.conform(schema, "", type_id) == []


def test_the_rules_that_come_with_the_program_keep_to_their_schema():
    schema = json.loads((HOME / "profiles" / "profile.schema.json").read_bytes())
    rules = json.loads((HOME / "profiles" / f"{profile.DEFAULT}.json").read_bytes())
    assert list(Validator(schema).faults(rules)) == []
