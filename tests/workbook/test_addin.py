"""The add-in: the same macros with a ribbon, and a sheet more for one more item."""

import re
import shutil
import subprocess
import warnings
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import plans
import pytest
import python_calamine
from lxml import etree
from macro_calc import Office

from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog
from perfxl.workbook.form.form import write
from perfxl.workbook.macros import form_buttons
from tools import make_addin

with warnings.catch_warnings():
    # oletools 0.60.2 calls pyparsing by names that it has replaced.
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser

HOME = catalog.home()
SHIPPED = (HOME / "templates" / "perfxl.xlam").read_bytes()
MODULES = make_addin.modules(HOME)
ADDIN = MODULES["PerfXLAddin"]
UI = "{http://schemas.microsoft.com/office/2009/07/customui}"


def test_the_shipped_add_in_is_what_the_sources_give():
    assert make_addin.addin(HOME) == SHIPPED, "run python -m tools.make_addin"


def test_olevba_gives_the_source_back_byte_for_byte():
    found = {stream.rpartition("/")[2]: code for _, stream, _, code in VBA_Parser("x.xlam", SHIPPED).extract_macros()}
    for name, source in MODULES.items():
        assert found.pop(name) == "\r\n".join(source.splitlines()) + "\r\n"
    assert sorted(found) == ["Sheet1", "ThisWorkbook"]


def test_every_part_is_well_formed_and_every_relationship_leads_to_one():
    with ZipFile(BytesIO(SHIPPED)) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
        for rels in (name for name in names if name.endswith(".rels")):
            folder = Path(rels).parent.parent
            for related in etree.fromstring(archive.read(rels)):
                assert str(folder / related.get("Target").lstrip("/")) in names
        kinds = {each.get("PartName"): each.get("ContentType") for each in etree.fromstring(archive.read(names[0]))}
    assert names[0] == "[Content_Types].xml"
    assert kinds["/xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert len(names) == len(set(names))


def test_the_ribbon_calls_what_there_is():
    with ZipFile(BytesIO(SHIPPED)) as archive:
        root = etree.fromstring(archive.read("customUI/customUI14.xml"))
        (relationship,) = re.findall(rb'Type="([^"]*)" Target="customUI/customUI14.xml"', archive.read("_rels/.rels"))
    assert relationship == b"http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    assert [tab.get("label") for tab in root.iter(f"{UI}tab")] == ["绩效文本"]
    called = {button.get("label"): button.get("onAction") for button in root.iter(f"{UI}button")}
    assert list(called) == ["检查", "改正", "撤销改正", "生成Word报告", "打开结果", "新增项目"]
    for call in called.values():
        module, _, macro = call.partition(".")
        assert f"Public Sub {macro}(control As Object)" in MODULES[module]
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    # [MS-CUSTOMUI2] allows 1,024 characters.
    assert all(len(value) <= 1024 for element in root.iter() for value in element.attrib.values())


def test_every_text_that_the_add_in_asks_for_is_there_and_no_other():
    more = set(make_addin.texts(HOME)) - set(form_buttons.load(HOME).texts)
    asked = set(re.findall(r'(?:\bPhrase\(|trouble = )"(\w+)"', ADDIN))
    assert more <= asked <= set(make_addin.texts(HOME))


def test_the_texts_stand_where_the_macros_look_for_them():
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(SHIPPED))
    assert dict(book.get_sheet_by_index(0).to_python()) == make_addin.texts(HOME)
    with ZipFile(BytesIO(SHIPPED)) as archive:
        assert b'<definedName name="perfxl.texts">\'' in archive.read("xl/workbook.xml")


def test_the_source_keeps_to_what_every_program_compiles():
    assert ADDIN.isascii()
    assert not re.search(r"^\s*(Declare|#If|#Const)\b", ADDIN, re.MULTILINE)
    assert all(len(line) <= 150 for line in ADDIN.splitlines())


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    program = Office(tmp_path_factory.mktemp("addin"))
    yield program
    program.close()


@pytest.fixture(scope="module")
def form():
    """A filled form that has the macros of the add-in: LibreOffice runs those of documents alone."""
    macros = form_buttons.load(HOME)
    more = form_buttons.Macros(MODULES, make_addin.texts(HOME), macros.buttons)
    return write(plans.PLAN, plans.valid_plan(), macros=more)


@pytest.mark.office
def test_libreoffice_opens_the_add_in_with_its_source(tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    path = tmp_path / "perfxl.xlam"
    path.write_bytes(SHIPPED)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    # LibreOffice does not know an add-in of Excel by its content type, and opens it when told what it is.
    words = [
        "soffice",
        profile,
        "--headless",
        "--infilter=Calc MS Excel 2007 VBA XML",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
        "--outdir",
    ]
    subprocess.run([*words, str(tmp_path), str(path)], check=True, capture_output=True, timeout=120)
    assert "no_program" in (tmp_path / "perfxl.csv").read_text("utf-8")


@pytest.mark.office
def test_a_new_item_has_names_lists_and_protection_and_no_content(office, form, tmp_path):
    path, saved = tmp_path / "填报表.xlsm", tmp_path / "saved.xlsx"
    path.write_bytes(form)
    (seen,) = office.run(path, ["macro", "AddItem", "PerfXLItem"], ["look"], ["store", str(saved)])
    count = len(plans.valid_plan()["projects"])
    assert seen["sheets"].index(f"项目{count + 1}") == seen["sheets"].index(f"项目{count}") + 1
    assert seen["protected"] == seen["sheets"]
    assert seen["selection"].split(":")[0] == f"项目{count + 1}.B4"
    book = openpyxl.load_workbook(saved)
    old, new = book[f"项目{count}"], book[f"项目{count + 1}"]
    own = {name for name in old.defined_names if "." in name}
    # A program may add the names of the workbook that lead to the old sheet.
    assert {name for name in new.defined_names if "." in name and not name.startswith("perfxl.")} == own
    assert {str(rule.sqref) for rule in old.data_validations.dataValidation} == {
        str(rule.sqref) for rule in new.data_validations.dataValidation
    }
    for row in new.iter_rows():
        for cell in row:
            same = old[cell.coordinate]
            assert cell.protection.locked == same.protection.locked
            if cell.value is not None and not str(cell.value).startswith("="):
                assert cell.protection.locked, cell.coordinate
    assert old["E4"].value


@pytest.mark.office
def test_what_is_typed_on_a_new_item_is_read(office, form, tmp_path):
    path, saved = tmp_path / "填报表.xlsm", tmp_path / "saved.xlsx"
    path.write_bytes(form)
    count = len(plans.valid_plan()["projects"])
    typed = ["set", f"项目{count + 1}", "E4", "新增的项目"]
    office.run(path, ["macro", "AddItem", "PerfXLItem"], typed, ["store", str(saved)])
    record = examine(saved.read_bytes(), "", HOME).record
    projects = record.values["projects"]
    assert [project["project_name"] for project in projects[count:]] == ["新增的项目"]
    assert set(projects[count]) == {"project_name"}
