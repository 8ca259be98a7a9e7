"""Reads a workbook: bytes → `Cells`."""

from __future__ import annotations

from perfxl.model.remark import Remark
from perfxl.workbook.cells import Cells
from perfxl.workbook.reading.budget import Excess
from perfxl.workbook.reading.file_kind import first_look


def read(data: bytes) -> Cells | Remark:
    """Return the cells of the workbook `data`, or the one remark that says why it cannot be read."""
    remark = first_look(data)
    if remark is not None:
        return remark
    # openpyxl takes 100 ms to import, and a file that is no workbook does not need it.
    from perfxl.workbook.reading.openpyxl_reader import read_carefully

    try:
        cells = read_carefully(data)
        if cells is None:
            from perfxl.workbook.reading.package import usual_form

            usual = usual_form(data)
            cells = None if usual is None else read_carefully(usual)
    except Excess as excess:
        return Remark("F07", words={"what": str(excess)})
    return cells or Remark("F04")
