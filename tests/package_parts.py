"""Workbooks as other programs leave them: small edits of the parts of one that the form wrote."""

import io
import re
import zipfile


def parts(data):
    """The parts of a package, by their names."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def packed(contents):
    """The package of these parts."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in contents.items():
            target.writestr(name, content)
    return result.getvalue()


def edited(data, **edits):
    """The workbook with some of its texts replaced: `sheet4=[("old", "new"), …]`; every old text has to be there."""
    contents = parts(data)
    for name, changes in edits.items():
        (part,) = (each for each in contents if each.rpartition("/")[2] == f"{name}.xml")
        xml = contents[part].decode()
        for old, new in changes:
            assert old in xml, f"{part} has no {old!r}"
            xml = xml.replace(old, new)
        contents[part] = xml.encode()
    return packed(contents)


def renamed(data, name):
    """The package with other names: `name` gives that of each part. Nothing inside the parts follows."""
    return packed({name(part): content for part, content in parts(data).items()})


def with_cell(data, sheet, address, cell):
    """The workbook with the XML of one cell replaced. `cell` begins where its attributes do, behind address and style.

    `with_cell(book, "sheet4", "C5", ' t="str"><v>250万</v>')`
    """
    contents = parts(data)
    name = f"xl/worksheets/{sheet}.xml"
    xml = contents[name].decode()
    shape = re.compile(rf'<c r="{address}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)')
    assert shape.search(xml), f"{sheet} has no {address}"
    contents[name] = shape.sub(lambda found: f'<c r="{address}"{found[1] or ""}{cell}</c>', xml, count=1).encode()
    return packed(contents)
