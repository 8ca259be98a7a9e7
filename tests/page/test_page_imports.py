"""What a browser lacks is found before somebody meets it: every import that the page cannot do is named here."""

import ast
import shutil
import zipfile

import pytest

from tools import make_page, page_parts

pytestmark = pytest.mark.office

# No browser has them; what needs them is for other doors, or is told in a sentence.
ELSEWHERE = {
    "deflate": "a faster zlib",
    "docx.oxml": "comments in Word documents",
    "docx.text": "comments in Word documents",
    "perfxl.batch.dask_cluster": "a cluster of machines",
    "perfxl.document_import.word_comments": "comments in Word documents",
    "pypdf": "PDFs",
    "pywintypes": "Word on Windows",
    "win32com": "Word on Windows",
    "win32process": "Word on Windows",
    "winreg": "fonts of Windows",
    "xlwings": "Excel on Windows",
    "xml.sax": "documents bound into a volume",
}


def imported(tree):
    """The modules that a source asks for, wherever in it, but for those that only a type checker reads."""
    checked_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in checked_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def modules(names):
    """The modules whose compiled files have these names."""
    paths = (name.removeprefix(f"{make_page.LIBRARY}/") for name in names if name.endswith(".pyc"))
    return {path.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".") for path in paths}


def test_whatever_a_module_in_the_page_imports_is_in_the_page(tmp_path):
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the page is made with Node, not installed here; CI installs it")
    files, early = make_page.files_and_modules()
    there = modules(files) | early
    with zipfile.ZipFile(page_parts.own_wheel(tmp_path)) as wheel:
        sources = {name: wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".py")}
    lacking = {}
    for name, source in sources.items():
        module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if module in there:
            for wanted in imported(ast.parse(source)):
                if wanted not in there and not any(f"{wanted}.".startswith(f"{name}.") for name in ELSEWHERE):
                    lacking.setdefault(wanted, []).append(module)
    assert lacking == {}, lacking
