"""Cells as Excel and WPS write them, put into a workbook by small edits of its parts.

LibreOffice and the libraries write numbers, formats and strings in ways of their own, and so hide what these do: 17
digits, formats named by number alone, dates in ISO form, strings in runs with notes on their sound.
"""

import re
import zipfile
from io import BytesIO
from typing import NamedTuple
from xml.sax.saxutils import escape

_STYLES = "xl/styles.xml"
_STRINGS = "xl/sharedStrings.xml"


class Raw(NamedTuple):
    """A cell as it stands in the file. `number_format` is a number of a format, or a code of the file's own.

    `type` is that of the cell: `n`, `s` (then `value` is the markup between `<si>` and `</si>`), `str`, `d`, `e`.
    """

    place: str  # 项目1!H23
    value: str
    number_format: int | str = 0
    type: str = "n"
    formula: str = ""


def edited(book: bytes, *cells: Raw, since_1904: bool = False) -> bytes:
    """The workbook with these cells in place of what stood there."""
    with zipfile.ZipFile(BytesIO(book)) as archive:
        parts = {entry.filename: archive.read(entry.filename) for entry in archive.infolist()}
    for each in cells:
        _put(parts, each)
    if since_1904:
        text = parts["xl/workbook.xml"].decode()
        parts["xl/workbook.xml"] = re.sub("<workbookPr ", '<workbookPr date1904="1" ', text, count=1).encode()
    return packed(parts)


def packed(parts):
    """An archive of these parts, in their order."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return target.getvalue()


def _put(parts, cell):
    title, at = cell.place.split("!")
    part = _part_of(parts, title)
    sheet = parts[part].decode()
    found = re.search(rf'<c r="{at}"(?: s="(\d+)")?[^>]*?(?:/>|>.*?</c>)', sheet)
    assert found, cell.place
    style = _style(parts, int(found[1] or 0), cell.number_format)
    value = _string(parts, cell.value) if cell.type == "s" else escape(cell.value)
    kind = "" if cell.type == "n" else f' t="{cell.type}"'
    formula = f"<f>{escape(cell.formula)}</f>" if cell.formula else ""
    markup = f'<c r="{at}" s="{style}"{kind}>{formula}<v>{value}</v></c>'
    parts[part] = (sheet[: found.start()] + markup + sheet[found.end() :]).encode()


def _part_of(parts, title):
    book, links = parts["xl/workbook.xml"].decode(), parts["xl/_rels/workbook.xml.rels"].decode()
    link = re.search(rf'<sheet name="{title}"[^>]*r:id="(\w+)"', book)[1]
    found = next(tag for tag in re.findall("<Relationship [^>]*>", links) if f'Id="{link}"' in tag)
    return "xl/" + re.search('Target="([^"]*)"', found)[1]


def _style(parts, like, number_format):
    """The number of a new style that is like another one but for its number format."""
    text = parts[_STYLES].decode()
    number = number_format
    if isinstance(number_format, str):
        if "<numFmts" not in text:
            text = text.replace("<fonts", '<numFmts count="0"></numFmts><fonts', 1)
        number = max([163, *map(int, re.findall(r'<numFmt numFmtId="(\d+)"', text))]) + 1
        code = escape(number_format, {'"': "&quot;"})
        text = re.sub(
            "(<numFmts[^>]*>)", lambda tag: f'{tag[1]}<numFmt numFmtId="{number}" formatCode="{code}"/>', text
        )
    head, _, rest = text.partition("<cellXfs")
    inside, _, tail = rest.partition("</cellXfs>")
    styles = re.findall(r"<xf [^>]*/>|<xf [^>]*>.*?</xf>", inside)
    new = re.sub(r'numFmtId="\d+"', f'numFmtId="{number}"', styles[like], count=1)
    body = "".join([*styles, new])
    parts[_STYLES] = f'{head}<cellXfs count="{len(styles) + 1}">{body}</cellXfs>{tail}'.encode()
    return len(styles)


def _string(parts, markup):
    text = parts[_STRINGS].decode()
    number = text.count("</si>") + text.count("<si/>")
    parts[_STRINGS] = text.replace("</sst>", f"<si>{markup}</si></sst>").encode()
    return number
