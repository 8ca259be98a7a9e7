"""Workbooks that Excel opens although they are not packed as most programs pack them."""

import re

import pytest
from package_parts import edited, packed, parts, renamed
from plans import HOME, PLAN, valid_plan

from perfxl.extraction.extract import extract
from perfxl.fast.workbook.reader import read_fast
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog
from perfxl.workbook.form.form import write
from perfxl.workbook.reading.reader import read

BOOK = write(PLAN, valid_plan())
EXAMPLES = sorted((HOME / "examples").glob("*.xlsx"))
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/"
_STRICT = "http://purl.oclc.org/ooxml/"
_WORDS = (
    (_SPREADSHEET, _STRICT + "spreadsheetml/main"),
    (_OFFICE + "custom-properties", _STRICT + "officeDocument/customProperties"),
    (_OFFICE + "extended-properties", _STRICT + "officeDocument/extendedProperties"),
    (_OFFICE + "docPropsVTypes", _STRICT + "officeDocument/docPropsVTypes"),
    (_OFFICE + "relationships/custom-properties", _STRICT + "officeDocument/relationships/customProperties"),
    (_OFFICE + "relationships", _STRICT + "officeDocument/relationships"),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", _STRICT + "drawingml/main"),
)


def strictly(data):
    """The workbook as Excel saves it under “Strict Open XML 电子表格”."""
    changed = parts(data)
    for name, content in changed.items():
        xml = content.decode()
        for usual, strict in _WORDS:
            xml = xml.replace(f'"{usual}"', f'"{strict}"').replace(f'"{usual}/', f'"{strict}/')
        if name == "xl/workbook.xml":
            xml = xml.replace("<workbook ", '<workbook conformance="strict" ', 1)
        changed[name] = xml.encode()
    return packed(changed)


def moved(data, **places):
    """The workbook with parts elsewhere, to which its relationships lead: `styles="looks/look.xml"`."""
    contents = parts(data)
    for name, target in places.items():
        (part,) = (
            each for each in contents if each.rpartition("/")[2].partition(".")[0] == name and "rels" not in each
        )
        own = part.removeprefix("xl/") if name != "workbook" else part
        for rels in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
            contents[rels] = contents[rels].replace(f'Target="{own}"'.encode(), f'Target="{target}"'.encode())
        place = target.lstrip("/") if target.startswith("/") or name == "workbook" else f"xl/{target}"
        types = contents["[Content_Types].xml"].replace(f'PartName="/{part}"'.encode(), f'PartName="/{place}"'.encode())
        contents["[Content_Types].xml"] = types
        contents[place] = contents.pop(part)
    return packed(contents)


def with_links(data, target):
    """The workbook with the targets of its relationships written in another way."""
    contents = parts(data)
    name = "xl/_rels/workbook.xml.rels"
    written = re.sub('Target="([^"]*)"', lambda found: f'Target="{target(found[1])}"', contents[name].decode())
    return packed({**contents, name: written.encode()})


def workbook_elsewhere(data):
    """The workbook with its main part in the root and all others where they were."""
    contents = parts(data)
    contents["book.xml"] = contents.pop("xl/workbook.xml")
    rels = contents.pop("xl/_rels/workbook.xml.rels").decode()
    contents["_rels/book.xml.rels"] = re.sub('Target="(?=[a-z])', 'Target="xl/', rels).encode()
    contents["_rels/.rels"] = contents["_rels/.rels"].replace(b'"xl/workbook.xml"', b'"/book.xml"')
    types = contents["[Content_Types].xml"].replace(b'"/xl/workbook.xml"', b'"/book.xml"')
    return packed({**contents, "[Content_Types].xml": types})


PACKED = {
    "backslashes": lambda data: renamed(data, lambda name: name.replace("/", "\\")),
    "capital letters": lambda data: renamed(data, str.upper),
    "small letters": lambda data: renamed(data, str.lower),
    "a list of types in other case": lambda data: renamed(
        data, lambda name: name.replace("[Content_Types]", "[CONTENT_TYPES]")
    ),
    "a sheet in other case": lambda data: renamed(data, lambda name: name.replace("sheet4", "Sheet4")),
    "strings in other case": lambda data: renamed(data, lambda name: name.replace("sharedS", "SharedS")),
    "names that begin with a slash": lambda data: renamed(data, lambda name: "/" + name),
    "absolute targets": lambda data: with_links(data, lambda target: f"/xl/{target}"),
    "targets with backslashes": lambda data: with_links(data, lambda target: ".\\" + target.replace("/", "\\")),
    "targets that go up and down": lambda data: with_links(data, lambda target: f"../xl/./{target}"),
    "strings elsewhere": lambda data: moved(data, sharedStrings="/texts/all.xml"),
    "styles elsewhere": lambda data: moved(data, styles="looks/look.xml"),
    "sheets elsewhere": lambda data: moved(data, sheet3="/pages/two.xml", sheet4="one.xml"),
    "the workbook elsewhere": workbook_elsewhere,
    "Strict Open XML": strictly,
    "Strict Open XML with backslashes": lambda data: renamed(strictly(data), lambda name: name.replace("/", "\\")),
    "strings that the list of types does not know": lambda data: edited(
        data, **{"[Content_Types]": [("spreadsheetml.sharedStrings+xml", "x+xml")]}
    ),
}


def cells_of(data):
    return read_fast(data) or read(data)


@pytest.mark.parametrize("kind", PACKED)
def test_what_excel_opens_gives_the_same_cells(kind):
    assert cells_of(PACKED[kind](BOOK)) == read(BOOK)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_in_strict_open_xml_gives_the_same_cells(path):
    data = path.read_bytes()
    assert cells_of(strictly(data)) == read(data)


def test_the_address_of_a_namespace_in_a_text_stays():
    plan = valid_plan()
    plan["projects"][0]["use_of_funds"] = text = 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'
    found = examine(strictly(write(PLAN, plan)), "", HOME)
    assert found.record.values["projects"][0]["use_of_funds"] == text


def test_a_sheet_in_strict_words_within_a_usual_workbook_is_not_taken_for_a_blank_one():
    data = edited(BOOK, sheet4=[(_SPREADSHEET, _STRICT + "spreadsheetml/main")])
    assert cells_of(data) == read(BOOK)


@pytest.mark.parametrize("without", ["part", "relationship"])
def test_a_workbook_without_styles_is_read(without):
    contents = parts(BOOK)
    del contents["xl/styles.xml"]
    data = packed(contents)
    if without == "relationship":
        rels = re.sub(rb'<Relationship [^>]*"styles.xml"/>', b"", contents["xl/_rels/workbook.xml.rels"])
        types = re.sub(rb'<Override [^>]*styles.xml"[^>]*/>', b"", contents["[Content_Types].xml"])
        data = packed({**contents, "xl/_rels/workbook.xml.rels": rels, "[Content_Types].xml": types})
    found = examine(data, "", HOME)
    assert found.record.values == examine(BOOK, "", HOME).record.values
    # Without its format 25% is 0.25, which is told.
    assert {finding.code for finding in found.findings} == {"V07"}


def test_a_workbook_whose_strings_are_all_in_its_cells_needs_no_part_for_them():
    contents = parts(BOOK)
    strings = re.findall(r"<si>(.*?)</si>", contents.pop("xl/sharedStrings.xml").decode(), re.DOTALL)
    for name, content in contents.items():
        if name.startswith("xl/worksheets/"):
            contents[name] = re.sub(
                r' t="s"><v>(\d+)</v>',
                lambda found: f' t="inlineStr"><is>{strings[int(found[1])]}</is>',
                content.decode(),
            ).encode()
    assert cells_of(packed(contents)) == read(BOOK)


@pytest.mark.parametrize("type_id", catalog.available(HOME))
def test_names_that_lost_their_dots_lead_to_the_same_cells(type_id):
    """The way over .xls, on which LibreOffice 7.4 writes underscores."""
    for path in EXAMPLES:
        data = path.read_bytes()
        usual = read(data)
        if usual.type_id != type_id:
            continue
        report_type = catalog.load(HOME, type_id)
        contents = parts(data)
        contents["xl/workbook.xml"] = re.sub(
            r'(<definedName name=")([^"_][^"]*)"',
            lambda found: found[1] + found[2].replace(".", "_") + '"',
            contents["xl/workbook.xml"].decode(),
        ).encode()
        cells = cells_of(packed(contents))
        assert (cells.type_id, cells.version) == (type_id, usual.version)
        record, remarks = extract(cells, report_type)
        expected, expected_remarks = extract(usual, report_type)
        assert (record.values, remarks) == (expected.values, expected_remarks)
        assert dict(record.places) == dict(expected.places)


@pytest.mark.office
def test_what_came_over_the_old_format_gives_the_same_record(office):
    for path in EXAMPLES:
        data = path.read_bytes()
        came = office.edited(data, [["over_the_old_format"]])
        assert b"projects.budget_amount" not in parts(came)["xl/workbook.xml"]
        assert examine(came, "", HOME).record.values == examine(office.edited(data), "", HOME).record.values
