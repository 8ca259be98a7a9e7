"""The house rules that a machine can hold: who may import what, who owns which library, what no module may know."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfxl.model.finding import catalogue
from perfxl.report_type import catalog

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "perfxl").rglob("*.py"))

# From the foundation up: a room imports from itself and from the floors below, never from its neighbours.
FLOORS = (
    ("model", "storage"),
    ("report_type",),
    ("workbook", "computation", "document"),
    ("extraction", "checks"),
    ("fast", "document_import", "authoring"),
    ("pipeline",),
    ("batch",),
    ("interfaces",),
    ("cli",),
    ("__main__",),
)

OWNERS = {
    # Forms are read for what they say, drawings for how they look, which no form needs.
    "openpyxl": {"perfxl/workbook/reading/openpyxl_reader.py", "perfxl/authoring/drawing.py"},
    # The summary of a batch is written row by row and has charts and links; the form needs its sheets in memory.
    "xlsxwriter": {"perfxl/workbook/form/xlsx_writer.py", "perfxl/batch/summary/workbook_writer.py"},
    # The rows of a summary stream into its archive; everything else is packed and unpacked in memory.
    "zipfile": {"perfxl/storage/zip_archive.py", "perfxl/batch/summary/workbook_writer.py"},
    "jsonschema": {"perfxl/report_type/schema_validator.py"},
    "docxtpl": {"perfxl/document/template/word_template.py"},
    "jinja2": {
        "perfxl/document/template/sandbox.py",
        "perfxl/document/template/amounts.py",
        "perfxl/document/template/filters.py",
        "perfxl/document/template/word_template.py",
        "perfxl/fast/template/compiler.py",
        # Tells authors of templates what is wrong with an expression, before it is ever run.
        "perfxl/authoring/expressions.py",
    },
    "lxml": {
        "perfxl/document/contents/toc_field.py",
        "perfxl/document/contents/paragraph_styles.py",
        "perfxl/document/package/properties.py",
        "perfxl/document/template/preparation.py",
        "perfxl/document/template/revisions.py",
        "perfxl/document/template/word_template.py",
        "perfxl/document/html_fragment.py",
        "perfxl/document/contents/toc_removal.py",
        "perfxl/document/volume/binding.py",
        "perfxl/document/volume/chapter.py",
        "perfxl/document/volume/related_parts.py",
        "perfxl/document/volume/styles.py",
        "perfxl/pipeline/comparison/inline_content.py",
        "perfxl/pipeline/comparison/tracked_changes.py",
        "perfxl/pipeline/comparison/word_changes.py",
    },
    "deflate": {"perfxl/storage/compression.py"},
    # One asks a PDF for the pages of headings, one for its paragraphs, one for what stands where on its pages.
    "pypdf": {
        "perfxl/document/printing/pdf.py",
        "perfxl/document/printing/pdf_paragraphs.py",
        "perfxl/document_import/pdf_page.py",
    },
    # Comments take a part of their own, relationships and styles, which python-docx writes since 1.2.
    "docx": {"perfxl/document_import/word_comments.py"},
    "distributed": {"perfxl/batch/dask_cluster.py"},
    "watchfiles": {"perfxl/interfaces/watch_folder.py"},
    "xlwings": {"perfxl/workbook/macros/running_excel.py"},
}
# Of the annex, the rest of the program knows its door alone.
DOOR = {"perfxl/pipeline/accelerators.py"}


def imports(module: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            found += [node.module or "", *(f"{node.module}.{name.name}" for name in node.names)]
    return found


def room(dotted: str) -> str:
    return dotted.split(".")[1]


FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_from_its_own_room_and_from_lower_floors_alone(module):
    own_name = ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    if own_name == "perfxl":
        assert not imports(module)
        return
    own = room(own_name)
    assert own in FLOOR, f"{own_name} has no room: give it one in FLOORS"
    others = {room(name) for name in imports(module) if name.startswith("perfxl.")} - {own, "__version__"}
    assert [name for name in others if FLOOR[name] >= FLOOR[own]] == []


def test_there_are_few_rooms_and_they_are_not_deep():
    assert len({path.name for path in (ROOT / "perfxl").iterdir() if (path / "__init__.py").is_file()}) <= 15
    assert max(len(module.relative_to(ROOT).parts) for module in MODULES) <= 4


def test_every_room_says_what_it_owns():
    for package in (ROOT / "perfxl").rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(package.read_text("utf-8"))), package


def test_the_annex_has_one_door():
    outside = [module for module in MODULES if "fast" not in module.relative_to(ROOT).parts]
    knowing = {str(m.relative_to(ROOT)) for m in outside if any(n.startswith("perfxl.fast") for n in imports(m))}
    assert knowing == DOOR


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


def test_every_code_of_the_catalogue_is_provoked_by_a_test():
    """A new code needs its smallest fault in tests/codes/provocations.py; `--accept-golden` then keeps what is said."""
    reviewed = json.loads((ROOT / "tests" / "corpus" / "codes.json").read_text("utf-8"))
    assert catalogue().keys() - reviewed.keys() == set()
    assert reviewed.keys() - catalogue().keys() == set()


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
