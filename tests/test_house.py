"""The house rules that a machine can hold: who may import what, who owns which library, what no module may know."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfxl import catalog

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "perfxl").rglob("*.py"))

# From the foundation up; a module imports from its own room and from those before it.
ROOMS = (
    ("addresses", "cache", "patterns", "record", "validation", "files"),
    ("remark", "catalog", "profile"),
    ("workbook.cells",),
    ("values",),
    ("whereabouts",),
    ("structure",),
    ("extraction",),
    ("workbook",),
    ("checks",),
    ("document",),
    ("data", "repair", "carry", "pipeline"),
    ("desk", "press"),
    ("reading", "click", "console", "batch", "doctor"),
    ("beside",),
    ("watch", "drop"),
    ("commands.common",),
    ("commands",),
    ("wording",),
    ("cli", "__main__"),
)

OWNERS = {
    "openpyxl": {"perfxl/workbook/careful.py"},
    # The summary of a batch is written row by row and has charts and links; the form needs its sheets in memory.
    "xlsxwriter": {"perfxl/workbook/pen.py", "perfxl/batch/book.py"},
    "jsonschema": {"perfxl/validation.py"},
    "docxtpl": {"perfxl/document/template.py"},
    "jinja2": {f"perfxl/document/{name}.py" for name in ("environment", "filters", "lean", "template")},
    "lxml": {f"perfxl/document/{name}.py" for name in ("field", "properties", "shapes", "template")},
    "deflate": {"perfxl/workbook/archive.py", "perfxl/document/package.py", "perfxl/batch/packing.py"},
    "pypdf": {"perfxl/document/pdf.py"},
    "docx": set(),
    "distributed": {"perfxl/batch/cluster.py"},
    "watchfiles": {"perfxl/watch.py"},
    "xlwings": {"perfxl/workbook/live.py"},
}


def imports(module: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            found += [node.module or "", *(f"{node.module}.{name.name}" for name in node.names)]
    return found


def room(dotted: str) -> int | None:
    name = dotted.removeprefix("perfxl").removeprefix(".")
    fits = [
        (len(prefix), number)
        for number, names in enumerate(ROOMS)
        for prefix in names
        if name == prefix or name.startswith(prefix + ".")
    ]
    return max(fits)[1] if fits else None


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_from_its_own_room_and_those_before_it(module):
    own_name = ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    if own_name == "perfxl":
        assert not imports(module)
        return
    own = room(own_name)
    assert own is not None, f"{own_name} has no room: give it one in ROOMS"
    later = [name for name in imports(module) if name.startswith("perfxl.") and (room(name) or 0) > own]
    assert later == []


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_has_one_owner(library):
    users = {
        str(module.relative_to(ROOT))
        for module in MODULES
        if any(name.split(".")[0] == library for name in imports(module))
    }
    assert users <= OWNERS[library]


def test_no_module_knows_a_report_type_by_name():
    names = catalog.available(ROOT)
    assert names
    knowing = [(module.name, name) for module in MODULES for name in names if name in module.read_text("utf-8")]
    assert knowing == []


def test_modules_and_functions_stay_small():
    for module in MODULES:
        text = module.read_text("utf-8")
        assert len(text.splitlines()) <= 400, module
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 60, f"{module}: {node.name}"


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["lint", "format", "types"],
)
def test_the_tree_passes(command):
    program = shutil.which(command[0], path=str(Path(sys.executable).parent)) or command[0]
    result = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
