"""An office program opens the documents and breaks the pages where they should break."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from perfxl.document.audit import paragraphs
from perfxl.document.render import render
from perfxl.document.template.context import context

pytestmark = pytest.mark.office

NUMBER = re.compile(r"—\s*(\d+)\s*—")


class Paper:
    """A printed document; A4 at 72 points an inch is 595 by 842."""

    def __init__(self, pdf: Path) -> None:
        self.pdf = pdf

    def pages(self, left: int = 0, top: int = 0, width: int = 595, height: int = 842) -> list[str]:
        """Return the text of each page that stands within a rectangle."""
        area = ("-x", left, "-y", top, "-W", width, "-H", height)
        command = ["pdftotext", "-layout", *map(str, area), str(self.pdf), "-"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\f")[:-1]


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Prints documents, all in one run of LibreOffice."""
    for program in ("soffice", "pdftotext"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed on this machine; CI installs it")
    folder = tmp_path_factory.mktemp("printed")

    def make(**documents: bytes) -> dict[str, Paper]:
        for name, document in documents.items():
            (folder / f"{name}.docx").write_bytes(document)
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
             "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in documents)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return {name: Paper(folder / f"{name}.pdf") for name in documents}

    return make


@pytest.fixture(scope="module")
def plans(printed, root, template, schema):
    """Every example on paper, with the names of its projects and the document it was printed from."""
    documents, names = {}, {}
    for path in sorted((root / "examples").glob("*.json")):
        values = json.loads(path.read_bytes(), parse_float=Decimal)
        if values["document_type"] == schema["properties"]["document_type"]["const"]:
            documents[path.stem] = render(template, context(values, schema))
            names[path.stem] = [project["project_name"] for project in values["projects"]]
    assert len(documents) >= 4
    return [(paper, names[stem], documents[stem]) for stem, paper in printed(**documents).items()]


@pytest.fixture(scope="module")
def plan_of():
    """Makes a plan with little in it."""
    return lambda **values: {"fiscal_year": 2025, "unit_code": "402001", "unit_name": "某局", **values}


def squeezed(text: str) -> str:
    return "".join(text.split())


def text_of(document: bytes) -> Counter[str]:
    """Return the characters of a document but those of its page numbers, of which every page has its own."""
    return Counter(squeezed("".join(line for line in paragraphs(document) if not NUMBER.fullmatch(line))))


def test_every_project_begins_a_page(plans):
    for paper, names, _ in plans:
        starts = [squeezed(page) for page in paper.pages()]
        for number, name in enumerate(names, 1):
            assert sum(start.startswith(squeezed(f"{number}.{name}绩效目标表")) for start in starts) == 1


def test_the_dividers_have_pages_of_their_own(plans):
    for paper, _, _ in plans:
        bare = [squeezed(NUMBER.sub("", page)) for page in paper.pages()]
        assert bare[1].startswith("目录第一部分")
        assert bare[2] == "第一部分部门整体绩效目标"
        assert bare.count("第二部分预算项目绩效目标") == 1
        assert bare[3].startswith("一、总体绩效目标")


def test_no_page_is_empty_and_every_page_but_the_cover_is_numbered(plans):
    for paper, _, _ in plans:
        pages = paper.pages()
        assert all(squeezed(NUMBER.sub("", page)) for page in pages)
        numbers = [[int(found) for found in NUMBER.findall(page)] for page in pages]
        assert numbers == [[], *([page] for page in range(2, len(pages) + 1))]


def test_odd_page_numbers_stand_right_and_even_ones_left(plans):
    for paper, _, _ in plans:
        left, right = (
            [bool(NUMBER.search(page)) for page in paper.pages(left=x, top=742, width=297, height=100)]
            for x in (0, 298)
        )
        assert right == [page > 1 and page % 2 == 1 for page in range(1, len(right) + 1)]
        assert left == [page % 2 == 0 for page in range(1, len(left) + 1)]


def test_what_is_in_the_document_is_on_paper(plans):
    for paper, _, document in plans:
        assert text_of(document) - Counter(squeezed("".join(paper.pages()))) == Counter()


def test_punctuation_at_the_end_of_a_first_line_is_on_paper(printed, template, schema, plan_of):
    texts = [
        first + "国" * (count - len(first)) + sign + "民" * after
        for first, count, sign, after in product(("", "一是“", "1."), range(22, 30), "，。”", (1, 26, 40))
    ]
    document = render(template, context(plan_of(overall_goal=texts), schema))
    paper = printed(lines=document)["lines"]
    assert text_of(document) - Counter(squeezed("".join(paper.pages()))) == Counter()


def test_a_cell_longer_than_a_page_is_on_paper_as_a_whole(printed, template, schema, plan_of):
    long = "\n".join(f"第{number}行甲乙丙丁戊己庚辛壬癸" for number in range(120))
    project = {"project_name": "长", "use_of_funds": long, "performance_goals": [long]}
    document = render(template, context(plan_of(projects=[project]), schema))
    paper = squeezed("".join(printed(long=document)["long"].pages()))
    assert [number for number in range(120) if paper.count(f"第{number}行") != 2] == []


def test_the_longest_names_leave_the_cover_on_one_page(printed, template, schema, plan_of):
    name = "某" * schema["properties"]["unit_name"]["maxLength"]
    document = render(template, context(plan_of(unit_name=name, prepared_by=name, reviewed_by="某市财政局"), schema))
    cover, contents, *_ = map(squeezed, printed(cover=document)["cover"].pages())
    assert cover == f"{name}2025年部门预算绩效文本{name}编制某市财政局审核"
    assert contents.startswith("目录")


def test_a_draft_says_so_on_every_page(printed, template, schema, plan_of):
    document = render(template, {**context(plan_of(), schema), "draft": True})
    assert all(squeezed(page).startswith("草稿") for page in printed(draft=document)["draft"].pages())


KILLED = """
import os, signal, sys
from pathlib import Path
from perfxl.document.printing.libreoffice import Office, program
office = Office(program(), warm=True)
for _ in range(2):  # the first one settles the profile, and the program stays with the second
    office.printed(Path(sys.argv[1]).read_bytes())
print(office._folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_no_program_and_no_profile_outlive_a_process_that_is_killed(root, tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("soffice is not installed on this machine; CI installs it")
    document = next((root / "examples").glob("*.docx"))
    words = [sys.executable, "-c", KILLED, str(document)]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(root)}
    run = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == -signal.SIGKILL, run.stderr
    folder = run.stdout.strip()
    assert folder.startswith(str(tmp_path))
    for _ in range(100):
        if not commands_with(folder) and not Path(folder).exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"still there: {commands_with(folder) or folder}")


def commands_with(word: str) -> list[str]:
    """Return the command lines of running programs that bear a word."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended in the meantime
            found.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return [line for line in found if word in line]
