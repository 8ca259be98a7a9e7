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


def part_of(data, title):
    """The name of the part, without folder and ending, that holds the sheet of that title."""
    contents = parts(data)
    id_ = re.search(rf'<sheet name="{title}"[^>]* r:id="([^"]*)"', contents["xl/workbook.xml"].decode())[1]
    links = contents["xl/_rels/workbook.xml.rels"].decode()
    return re.search(rf'Id="{id_}"[^>]* Target="worksheets/([^"]*)\.xml"', links)[1]


def renamed(data, name):
    """The package with other names: `name` gives that of each part. Nothing inside the parts follows."""
    return packed({name(part): content for part, content in parts(data).items()})


def with_cell(data, sheet, address, cell):
    """The workbook with the XML of one cell replaced, or put in where there was none.

    `cell` begins where its attributes do, behind address and style: `with_cell(book, "sheet4", "C5", "><v>1.5</v>")`.
    """
    contents = parts(data)
    name = f"xl/worksheets/{sheet}.xml"
    head, rows, tail = _sheet(contents[name])
    letters, row = re.fullmatch(r"([A-Z]+)(\d+)", address).groups()
    cells = rows.setdefault(int(row), [f'r="{row}"', {}])[1]
    style = re.match(r' s="\d+"', cells.get(letters, ""))
    cells[letters] = f"{style[0] if style else ''}{cell}</c>"
    contents[name] = _written(head, rows, tail)
    return packed(contents)


def with_texts(data, sheet, **texts):
    """The workbook with texts in some cells: `with_texts(book, "sheet4", C5="250万")`."""
    for address, text in texts.items():
        data = with_cell(data, sheet, address, f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is>')
    return data


def rows_inserted(data, part, title, before, count=1):
    """The workbook after somebody inserted whole rows on a sheet: cells and names move down."""
    return cells_pushed(data, part, title, ("A", "XFD"), before, count)


def cells_pushed(data, part, title, columns, row, count=1):
    """The workbook after somebody inserted cells from `row` on in some columns, the others moving down.

    `count` below zero is for cells that were deleted, the others moving up. Names follow as they do in Excel: those of
    cells in these columns move, and one that begins above grows or shrinks.
    """
    contents = parts(data)
    first, last = map(_number, columns)
    name = f"xl/worksheets/{part}.xml"
    head, old, tail = _sheet(contents[name])
    rows = {number: [attributes, {}] for number, (attributes, _) in old.items()}
    for number, (_, cells) in old.items():
        for letters, rest in cells.items():
            moved = first <= _number(letters) <= last and number >= row
            if moved and count < 0 and number < row - count:
                continue
            at = number + count if moved else number
            rows.setdefault(at, [f'r="{at}"', {}])[1][letters] = rest
    tail = re.sub(
        r'(<mergeCell ref=")([A-Z]+)(\d+):([A-Z]+)(\d+)"',
        lambda found: f'{found[1]}{_moved(*found.groups()[1:], first, last, row, count)}"',
        tail,
    )
    contents[name] = _written(head, rows, tail)

    def name_moved(found):
        sheet, left, top, right, bottom = found.groups()
        return f"{sheet}!{_moved(left, top, right or left, bottom or top, first, last, row, count, '$')}"

    reference = rf"('{title}'|{title})!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?"
    book = contents["xl/workbook.xml"].decode()
    return packed({**contents, "xl/workbook.xml": re.sub(reference, name_moved, book).encode()})


def merged(data, part, *ranges):
    """The workbook with cells merged on a sheet, all but the upper left one emptied as Excel does it."""
    contents = parts(data)
    name = f"xl/worksheets/{part}.xml"
    xml = contents[name].decode()
    for each in ranges:
        left, top, right, bottom = re.fullmatch(r"([A-Z])(\d+):([A-Z])(\d+)", each).groups()
        for row in range(int(top), int(bottom) + 1):
            for code in range(ord(left), ord(right) + 1):
                if (chr(code), row) != (left, int(top)):
                    shape = rf'<c r="{chr(code)}{row}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)'
                    xml = re.sub(shape, rf'<c r="{chr(code)}{row}"\1/>', xml, count=1)
        xml = xml.replace("</mergeCells>", f'<mergeCell ref="{each}"/></mergeCells>')
    contents[name] = re.sub(r'<mergeCells count="\d+"', "<mergeCells", xml).encode()
    return packed(contents)


def _sheet(part):
    """What stands before the data of a sheet, its rows with their attributes and cells, and what stands after them."""
    head, inside, tail = re.split(r"<sheetData>|</sheetData>", part.decode())
    rows = {}
    for attributes, cells in re.findall(r"<row ([^>]*?)(?:/>|>(.*?)</row>)", inside, re.DOTALL):
        found = re.findall(r'<c r="([A-Z]+)\d+"([^>]*?/>|.*?</c>)', cells, re.DOTALL)
        rows[int(re.search(r'r="(\d+)"', attributes)[1])] = [attributes, dict(found)]
    return head, rows, tail


def _written(head, rows, tail):
    lines = []
    for number, (attributes, cells) in sorted(rows.items()):
        placed = (f'<c r="{letters}{number}"{cells[letters]}' for letters in sorted(cells, key=_number))
        lines.append(f"<row {attributes}>{''.join(placed)}</row>")
    return f"{head}<sheetData>{''.join(lines)}</sheetData>{tail}".encode()


def _number(letters):
    return sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters)))


def _moved(left, top, right, bottom, first, last, row, count, mark=""):
    """An address after cells were pushed; of one that is partly in these columns nothing moves."""
    top, bottom = int(top), int(bottom)
    if first <= _number(left) and _number(right) <= last:
        top += count if top >= row and not (count < 0 and top < row - count) else 0
        bottom += count if bottom >= row else 0
    begin, end = f"{mark}{left}{mark}{top}", f"{mark}{right}{mark}{bottom}"
    return begin if begin == end else f"{begin}:{end}"
