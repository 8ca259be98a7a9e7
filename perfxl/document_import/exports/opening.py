"""A file of an export, of whatever kind → its rows."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.document_import.blocks import Unreadable
from perfxl.document_import.exports import grid_rows, json_rows
from perfxl.document_import.exports.mapping import ExportMapping
from perfxl.document_import.exports.rows import Export
from perfxl.document_import.file_kinds import MAX_BYTES
from perfxl.model.remark import Remark
from perfxl.workbook.cells import Cells, SheetCells

ReadWorkbook = Callable[[bytes], Cells | Remark]

_MOST_NAMES = 12


def opened(data: bytes, mapping: ExportMapping, read: ReadWorkbook, file: str) -> list[Export]:
    """Return the sheets of a workbook, or the one of a CSV or JSON file. Raises `Unreadable`.

    `file` is its name where places have to say it. A sheet without names of columns is left over as a whole.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("W12", kind="空文件", problem="里面没有内容")
    if len(data) > MAX_BYTES:
        raise Unreadable("W04", size=len(data) // 2**20)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        exports = [json_rows.read(data, mapping, file)]
    else:
        exports = [grid_rows.read(sheet, mapping, file) for sheet in _sheets(data, read)]
    if not any(entry.target for export in exports for row in export.rows for entry in row.entries):
        names = dict.fromkeys(" ".join(name.split()) for export in exports for name in export.names)
        raise Unreadable("W13", found="、".join(list(names)[:_MOST_NAMES]) or "没有文字")
    return exports


def _sheets(data: bytes, read: ReadWorkbook) -> list[SheetCells]:
    if (
        not data.startswith((b"PK", b"\xd0\xcf\x11\xe0"))
        and b"\x00" not in data[:4096]
        and not data.startswith(b"%PDF")
    ):
        return [grid_rows.of_csv(data, "CSV")]
    cells = read(data)
    if isinstance(cells, Remark):
        if cells.code == "F02":
            raise Unreadable("W12", kind=cells.words["kind"], problem="能读的导出文件是 .xlsx、.csv、.json")
        raise Unreadable(cells.code, **cells.words)
    return list(cells.sheets)
