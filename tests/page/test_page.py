"""The page as people use it, in a real browser, from the disk and without a network."""

import json
import zipfile
from io import BytesIO

import pytest
from plans import HOME, book

from perfxl.model.finding_groups import by_sheet
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.pipeline.repair import mended

pytestmark = pytest.mark.office

EXAMPLES = sorted((HOME / "examples").glob("*.xlsx"))
SHOWN = "#result .verdict"
WRONG = {"projects[0].project_name": None, "projects[0].budget_amount": 99}


def parts(document):
    with zipfile.ZipFile(BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check(page, *paths):
    page.evaluate(expression="document.getElementById('result').replaceChildren()")
    page.choose(selector="#files", files=[str(path) for path in paths])
    page.wait(selector=SHOWN)


def codes(page):
    return page.evaluate(
        expression="[...document.querySelectorAll('.rules > li')].map((rule) => "
        "[rule.closest('.sheet').querySelector('h3').textContent, rule.dataset.severity, rule.dataset.code])"
    )


def state(page):
    return page.evaluate(expression=f"document.querySelector('{SHOWN}').dataset.state")


def written(tmp_path, name, changes):
    path = tmp_path / name
    path.write_bytes(book(changes))
    return path


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_give_the_findings_and_the_document_of_the_command(opened, tmp_path, example):
    opened.click(selector="#draft")
    check(opened, example)
    examination = examine(example.read_bytes(), example.name, HOME)
    expected = [
        [group.sheet or "整份填报表", rule.severity, rule.code]
        for group in by_sheet(examination.findings)
        for rule in group.rules
    ]
    assert codes(opened) == expected
    name = opened.download(selector="[data-kind=document]", path=str(tmp_path / "made.docx"))
    assert name == f"{example.stem}.docx"
    made = parts((tmp_path / "made.docx").read_bytes())
    assert made == parts(produce(examination, draft=True).document)


def test_errors_keep_the_document_back_and_the_mended_workbook_brings_it(opened, tmp_path):
    check(opened, written(tmp_path, "计划.xlsx", WRONG))
    assert state(opened) == "errors"
    assert opened.texts(selector="[data-kind=document]") == []
    check(opened, written(tmp_path, "计划.xlsx", {}))
    assert state(opened) == "done"
    assert opened.download(selector="[data-kind=document]", path=str(tmp_path / "计划.docx")) == "计划.docx"


def test_safe_repairs_are_listed_and_can_be_taken_away(opened, tmp_path):
    example = HOME / "examples" / "beidaihe-gongshanglian-2021.xlsx"
    check(opened, example)
    opened.wait(selector="[data-kind=mended]")
    expected = mended(examine(example.read_bytes(), "", HOME))
    opened.click(selector=".changes summary")
    assert len(opened.texts(selector=".changes tbody tr")) == len(expected.changes)
    opened.download(selector="[data-kind=mended]", path=str(tmp_path / "mended.xlsx"))
    assert parts((tmp_path / "mended.xlsx").read_bytes()) == parts(expected.workbook)


def test_the_workbook_of_findings_can_be_taken_away(opened, tmp_path):
    check(opened, written(tmp_path, "计划.xlsx", WRONG))
    name = opened.download(selector="[data-kind=opinion]", path=str(tmp_path / "opinion.xlsx"))
    assert name == "计划.检查意见.xlsx"
    assert b"xl/workbook.xml" in (tmp_path / "opinion.xlsx").read_bytes()


def test_a_workbook_dropped_with_the_mouse_is_checked(opened, tmp_path):
    path = written(tmp_path, "计划.xlsx", {})
    opened.drop(files=[["计划.xlsx", str(path)]])
    opened.wait(selector=SHOWN)
    assert state(opened) == "done"


def test_a_workbook_chosen_while_the_page_starts_is_checked_as_soon_as_it_can(browser, html, tmp_path):
    browser.open(file=str(html))
    browser.choose(selector="#files", files=[str(written(tmp_path, "计划.xlsx", {}))])
    browser.wait(selector=SHOWN)
    assert state(browser) == "done"


def test_the_document_is_shown_in_the_page_with_every_project(opened, tmp_path):
    check(opened, written(tmp_path, "计划.xlsx", {}))
    opened.click(selector="text=看一看文档")
    opened.wait(selector=".preview section.docx")
    shown = " ".join(opened.texts(selector=".preview"))
    for name in (
        json.loads((HOME / "tests/valid_plan.json").read_text("utf-8"))["projects"][0]["project_name"],
        "目\u3000录",
    ):
        assert name in shown


def test_many_workbooks_become_a_table_and_an_archive(opened, tmp_path):
    paths = [written(tmp_path, f"单位{number}.xlsx", {"unit_code": f"40{number:04}"}) for number in range(4)]
    paths.append(written(tmp_path, "有错.xlsx", WRONG))
    check(opened, *paths)
    rows = opened.texts(selector="#result tbody tr")
    assert len([row for row in rows if "已生成" in row]) == 4
    assert any("有错.xlsx" in row and "有错误，未生成" in row for row in rows)
    name = opened.download(selector="[data-kind=archive]", path=str(tmp_path / "all.zip"))
    assert name.endswith(".zip")
    names = zipfile.ZipFile(tmp_path / "all.zip").namelist()
    assert {"单位0.docx", "单位3.docx", "有错.检查意见.xlsx", "汇总.xlsx"} <= set(names)
    opened.click(selector="text=有错.xlsx")
    opened.wait(selector=f"{SHOWN}[data-state=errors] h2")
    opened.click(selector="text=返回列表")
    assert len(opened.texts(selector="#result tbody tr")) == len(rows)


def test_a_new_form_and_the_next_step_are_handed_out(opened, tmp_path):
    opened.click(selector="#tab-new")
    opened.fill(selector="#year", value="2027")
    name = opened.download(selector="#blank button", path=str(tmp_path / "blank.xlsx"))
    assert name == "2027年部门预算绩效文本填报表.xlsx"
    assert examine((tmp_path / "blank.xlsx").read_bytes(), name, HOME).report_type is not None
    opened.click(selector="#to-check")
    check(opened, written(tmp_path, "计划.xlsx", {}))
    name = opened.download(selector="text=做 2026 年", path=str(tmp_path / "next.xlsx"))
    assert name == "计划-2026年.xlsx"


def test_no_request_ever_leaves_the_page(opened, tmp_path):
    before = list(opened.watch.wanted)
    check(opened, HOME / "examples" / "beidaihe-gongshanglian-2021.xlsx")
    check(opened, written(tmp_path, "计划.xlsx", {}))
    opened.click(selector="text=看一看文档")
    opened.wait(selector=".preview section.docx")
    outside = [one for one in opened.asked() if not one.startswith(("file:", "blob:", "data:"))]
    assert (outside, opened.watch.wanted[len(before) :]) == ([], [])


def test_the_browser_itself_refuses_requests_of_the_page(opened):
    tried = "fetch('https://example.org/').then(() => 'sent', (fault) => fault.name)"
    assert opened.evaluate(expression=tried) == "TypeError"
    picture = (
        "new Promise((done) => { const image = new Image(); image.onload = () => done('sent');"
        " image.onerror = () => done('refused'); image.src = 'https://example.org/a.png'; })"
    )
    assert opened.evaluate(expression=picture) == "refused"
    assert [one for one in opened.watch.wanted if "example.org" in one] == []
    assert any("Content Security Policy" in line for line in opened.said())


def test_nothing_goes_wrong_without_being_seen(opened, tmp_path):
    check(opened, written(tmp_path, "计划.xlsx", {}))
    assert opened.said() == []
