"""Pieces of web pages beside the documents of a batch."""

from perfxl.document.html_fragment import fragment


def test_every_document_has_its_page_which_follows_it(county, output, batch, unit):
    batch(county, html=True)
    pages = sorted(path.relative_to(output).as_posix() for path in output.rglob("*局.html"))
    assert pages == ["乡镇/第3局.html", "乡镇/第4局.html", "城区/第1局.html", "城区/第2局.html"]
    page, document = output / "城区" / "第1局.html", output / "城区" / "第1局.docx"
    assert page.read_bytes() == fragment(document.read_bytes())
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1, **{"projects[0].use_of_funds": "改用于别的事项。"}))
    batch(county, html=True)
    assert "改用于别的事项。" in page.read_text("utf-8")


def test_a_page_that_somebody_has_changed_stays_and_is_said(county, output, batch, unit):
    batch(county, html=True)
    page = output / "城区" / "第1局.html"
    page.write_bytes(b"mine")
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1, **{"projects[0].use_of_funds": "改用于别的事项。"}))
    report = batch(county, html=True)
    assert page.read_bytes() == b"mine"
    assert "“城区/第1局.html”被人改过，没有更新；不要那份修改的，删除它再运行一次。" in report.result.notes


def test_they_are_written_for_documents_that_were_there_before(county, output, batch):
    batch(county)
    assert not list(output.rglob("*局.html"))
    assert batch(county, html=True).result.done == 0
    assert len(list(output.rglob("*局.html"))) == 4
