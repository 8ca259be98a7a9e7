"""The documents of the four published plans, against the originals, paragraph by paragraph and cell by cell."""

import re

import pytest
from docx_blocks import blocks
from originals.reader import Block, read, without_empty_paragraphs
from products import document

from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

HOME = catalog.home()
PLANS = (
    "beidaihe-gongshanglian-2021",
    "beidaihe-zhengxie-2021",
    "linxi-gongshanglian-2023",
    "tangshan-gongshanglian-2025",
)


def plain(text: str) -> str:
    """White space aside, and decimals of percents aside: 25.00% and 25% are the same."""
    return re.sub(r"\.0+(?=%)", "", "".join(text.split()))


def bare(found: list[Block]) -> list[Block]:
    return [
        plain(block) if isinstance(block, str) else [[[plain(p) for p in cell] for cell in row] for row in block]
        for block in without_empty_paragraphs(found)
    ]


@pytest.fixture(scope="module", params=PLANS)
def plan(request):
    report_type = catalog.load(HOME, "performance_plan")
    data = (HOME / "examples" / f"{request.param}.json").read_bytes()
    return request.param, report_type, loads(data, report_type)


def test_the_document_says_what_the_original_says(plan):
    name, report_type, values = plan
    examination = examine(write(report_type, values), name, HOME)
    result, lost = document(examination.record, report_type)
    assert lost == []
    printed = bare(blocks(result))
    assert printed[printed.index("第一部分") :] == bare(read(name))


def test_the_workbook_gives_back_the_data_that_filled_it(plan):
    name, report_type, values = plan
    examination = examine(write(report_type, values), name, HOME)
    assert examination.record.values == values


def test_the_shipped_workbook_holds_the_shipped_data(plan):
    name, _, values = plan
    examination = examine((HOME / "examples" / f"{name}.xlsx").read_bytes(), name, HOME)
    assert examination.record.values == values
