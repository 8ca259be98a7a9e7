"""What is kept of a template between runs, and what it spares."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from perfxl.document.package.docx_zip import read_parts
from perfxl.document.template.context import context
from perfxl.fast.template.program import program
from perfxl.pipeline.produce import rendered as render
from perfxl.storage import cache
from perfxl.storage.zip_archive import packed, write_packed, write_parts

HEAVY = {"docx", "docxtpl", "jinja2", "lxml", "markupsafe", "zipfile"}
SCRIPT = """
import json, pathlib, sys
root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root))
from perfxl.document.audit import missing
from perfxl.pipeline.produce import rendered as render
given, schema = json.load(sys.stdin)
made = render((root / "templates/performance_plan.docx").read_bytes(), given)
assert missing(made, given, schema) == []
sys.stderr.write(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
sys.stdout.buffer.write(made)
"""


def run(root, given, schema, folder):
    """Returns the document that a new process makes, and what it loads."""
    made = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(root)], input=json.dumps((given, schema), default=float).encode(),
        capture_output=True, check=True, env={**os.environ, "PERFXL_CACHE": str(folder)},
    )  # fmt: skip
    return made.stdout, set(json.loads(made.stderr))


def test_a_template_is_compiled_once_for_all_processes(root, template, schema, example, tmp_path):
    given = context(example, schema)
    first, loaded = run(root, given, schema, tmp_path)
    assert {"jinja2", "docxtpl", "lxml"} <= loaded
    for _ in range(2):  # the second one knows the kinds of rows as well
        made, loaded = run(root, given, schema, tmp_path)
        assert loaded & HEAVY == set()
        assert made == first == render(template, given)


def test_kinds_that_were_kept_give_the_same_pages(template, schema, wordy):
    units = program(template).units
    given = context(wordy(3, 4), schema)
    first = render(template, given)
    known = units.known()
    units._blocks.clear()
    units._tables.clear()
    units._pages.clear()
    units.remember(known)
    assert units.known() == known
    assert render(template, given) == first


@pytest.fixture
def own_cache(monkeypatch, tmp_path):
    """A cache of the test's own, and no program in memory."""
    monkeypatch.setenv("PERFXL_CACHE", str(tmp_path))
    program.cache_clear()
    yield tmp_path
    program.cache_clear()


def test_what_is_damaged_or_of_another_program_is_worked_out_again(template, schema, example, own_cache, monkeypatch):
    given = context(example, schema)
    first = render(template, given)
    (kept,) = own_cache.glob("template-*")
    for content in (b"", kept.read_bytes()[:-1], os.urandom(100), kept.read_bytes().replace(b"cpython", b"another")):
        kept.write_bytes(content)
        program.cache_clear()
        assert render(template, given) == first
    monkeypatch.setattr("perfxl.__version__", "0")
    program.cache_clear()
    monkeypatch.setattr(cache, "keep", lambda *_: None)
    assert render(template, given) == first


def test_templates_in_the_same_place_are_not_mixed_up(word, own_cache, monkeypatch, opened):
    monkeypatch.setattr("perfxl.fast.template.program._SLOTS", 1)
    texts = [f"<w:p><w:r><w:t>{number}{{{{ a }}}}</w:t></w:r></w:p>" for number in range(3)]
    for _ in range(2):
        for number, text in enumerate(texts):
            program.cache_clear()
            assert opened(render(word(text), {"a": "甲"})).paragraphs() == [f"{number}甲"]
    assert len(list(own_cache.glob("template-*"))) == 1


def test_that_a_template_is_for_jinja2_is_kept_too(word, own_cache, monkeypatch):
    template = word("<w:p><w:r><w:t>{{ a | default('无') }}</w:t></w:r></w:p>")
    first = render(template, {})
    program.cache_clear()
    monkeypatch.setattr("perfxl.fast.template.compilation.compilation", None)
    assert render(template, {}) == first


def test_a_fault_of_ours_costs_time_and_no_document(template, schema, example, monkeypatch):
    given = context(example, schema)
    first = read_parts(render(template, given))

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("perfxl.fast.template.renderer._by_program", broken)
    assert read_parts(render(template, given)) == first


# --- the archive ---


def test_the_archive_is_one_that_zipfile_reads(document, plan):
    made = document(plan)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("content", [b"", b"a", bytes(range(256)) * 1000, "甲".encode() * 70_000])
def test_parts_come_back_as_they_were(content):
    names = ["[Content_Types].xml", "word/甲.xml"]
    packages = (write_parts(dict.fromkeys(names, content)), write_packed((name, packed(content)) for name in names))
    for package in packages:
        with zipfile.ZipFile(BytesIO(package)) as archive:
            assert archive.testzip() is None
        assert read_parts(package) == dict.fromkeys(names, content)
