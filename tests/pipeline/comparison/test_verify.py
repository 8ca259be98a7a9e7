"""`perfxl verify`: still as made, and made from this workbook; else which paragraphs and which cells."""

import json
import random
import zipfile
from io import BytesIO

import plans
import pytest
from pipeline.comparison.versions import varied

from perfxl.cli.main import main
from perfxl.document import origin
from perfxl.document.package.docx_zip import DOCUMENT, read_parts
from perfxl.pipeline.examine import examine
from perfxl.pipeline.produce import produce
from perfxl.storage.zip_archive import write_parts
from perfxl.workbook.form.form import write as write_form


def made(data, tmp_path, name="x"):
    """A workbook of the data, and its document beside it."""
    book = tmp_path / f"{name}.xlsx"
    book.write_bytes(write_form(plans.PLAN, data))
    document = book.with_suffix(".docx")
    product = produce(examine(book.read_bytes(), book.name, plans.HOME), draft=True)
    document.write_bytes(product.document)
    return document, book


def edited(document, change):
    """The document with its body changed as text."""
    parts = read_parts(document.read_bytes())
    parts[DOCUMENT] = change(parts[DOCUMENT].decode()).encode()
    document.write_bytes(write_parts(parts))


@pytest.fixture
def verified(capsys):
    def verify(*words):
        status = main(["verify", *map(str, words), "--json"])
        return status, json.loads(capsys.readouterr().out)

    return verify


def test_a_document_is_as_it_was_made_and_made_from_its_workbook(tmp_path, verified):
    document, book = made(plans.valid_plan(), tmp_path)
    status, told = verified(document, book)
    assert status == 0
    assert told["as_made"]
    assert told["same_workbook"]
    assert not told["resaved"]
    assert told["differences"] == []


def test_an_origin_names_no_person_and_no_machine(tmp_path, verified):
    document, _ = made(plans.valid_plan(), tmp_path)
    _, told = verified(document)
    assert set(told["origin"]) == {"workbook", "type_id", "profile", "draft", "program"}
    assert str(tmp_path).encode() not in document.read_bytes()


@pytest.mark.parametrize("seed", range(50))
def test_a_changed_paragraph_is_named_and_with_the_workbook_its_cell(tmp_path, verified, seed):
    rng = random.Random(seed)
    document, book = made(plans.valid_plan(), tmp_path)
    project = rng.choice(plans.valid_plan()["projects"])
    row = rng.choice(project["indicators"])
    wanted = row["description"]
    edited(document, lambda xml: xml.replace(f">{wanted}<", ">手工改过的话<", 1))
    status, told = verified(document)
    assert (status, told["as_made"]) == (1, False)
    assert [difference["document"] for difference in told["differences"]] == ["手工改过的话"]
    _, told = verified(document, book)
    (difference,) = told["differences"]
    assert told["same_workbook"]
    assert (difference["document"], difference["workbook"]) == ("手工改过的话", wanted)
    assert difference["cell"].startswith("D")


@pytest.mark.parametrize("seed", range(0, 50, 5))
def test_another_workbook_is_told_by_what_differs(tmp_path, verified, seed):
    old, new, expected = varied(seed)
    document, _ = made(old, tmp_path, "old")
    _, book = made(new, tmp_path, "new")
    status, told = verified(document, book)
    assert status == 1
    assert told["as_made"]
    assert not told["same_workbook"]
    assert len(told["differences"]) >= len(expected)


def test_an_amount_that_was_changed_in_the_workbook_has_its_cell(tmp_path, verified):
    document, _ = made(plans.valid_plan(), tmp_path, "old")
    _, book = made(plans.changed({"projects[1].budget_amount": 99.5}), tmp_path, "new")
    _, told = verified(document, book)
    (difference,) = told["differences"]
    assert (difference["workbook"], difference["sheet"], difference["cell"]) == ("99.50", "项目2", "C5")


def test_a_paragraph_that_was_taken_away_is_missed(tmp_path, verified, capsys):
    document, book = made(plans.valid_plan(), tmp_path)
    begin = '<w:p><w:pPr><w:pStyle w:val="BodyText"/>'
    edited(document, lambda xml: xml[: xml.index(begin)] + xml[xml.index("</w:p>", xml.index(begin)) + 6 :])
    status, told = verified(document)
    assert (status, len(told["differences"])) == (1, 1)
    assert told["differences"][0]["document"] == ""
    main(["verify", str(document), str(book)])
    assert "文档里没有“围绕粮食安全和农民增收" in capsys.readouterr().out


def test_a_workbook_that_was_saved_again_has_the_same_content(tmp_path, verified):
    document, book = made(plans.valid_plan(), tmp_path)
    with zipfile.ZipFile(book) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(book, "w", zipfile.ZIP_STORED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    status, told = verified(document, book)
    assert (status, told["same_workbook"], told["same_content"]) == (0, False, True)


def test_a_document_without_an_origin_is_compared_with_the_workbook_all_the_same(tmp_path, verified):
    document, book = made(plans.valid_plan(), tmp_path)
    parts = {name: part for name, part in read_parts(document.read_bytes()).items() if "perfxl" not in name}
    document.write_bytes(write_parts(parts))
    status, told = verified(document, book)
    assert (status, told["origin"], told["same_content"]) == (0, None, True)
    assert verified(document)[0] == 1


def test_what_is_no_document_is_said(tmp_path, capsys):
    path = tmp_path / "x.docx"
    path.write_bytes(b"x")
    assert main(["verify", str(path)]) == 2
    assert "不是 Word 文档" in capsys.readouterr().err


def test_sealing_changes_nothing_else_and_sealing_again_nothing_at_all(tmp_path):
    document, _ = made(plans.valid_plan(), tmp_path)
    sealed = document.read_bytes()
    seal = origin.seal_of(sealed)
    assert origin.sealed(sealed, seal.origin) == sealed
    assert tuple(origin.marked(origin.paragraphs(sealed))) == seal.paragraphs
    assert origin.parts_mark(sealed) == seal.parts
    with zipfile.ZipFile(BytesIO(sealed)) as archive:
        assert archive.testzip() is None


@pytest.mark.office
def test_a_document_that_libreoffice_saved_still_says_where_it_comes_from(office, tmp_path, verified):
    document, book = made(plans.valid_plan(), tmp_path)
    document.write_bytes(office.decided(document.read_bytes(), ".uno:AcceptAllTrackedChanges"))
    status, told = verified(document, book)
    assert (status, told["as_made"], told["resaved"], told["same_workbook"]) == (0, True, True, True)
