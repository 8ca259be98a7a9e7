"""Reads a workbook: bytes → `Cells`, fast where that is sure to see all, carefully where it is not."""

from __future__ import annotations

from perfxl.remark import Remark
from perfxl.workbook.cells import Cells
from perfxl.workbook.container import first_look
from perfxl.workbook.fast import read_fast


def read(data: bytes) -> Cells | Remark:
    """Return the cells of the workbook `data`, or the one remark that says why it cannot be read."""
    return first_look(data) or read_fast(data) or _read_carefully(data) or Remark("F04")


def _read_carefully(data: bytes) -> Cells | None:
    # openpyxl takes 100 ms to import, and most workbooks do not need it.
    from perfxl.workbook.careful import read_carefully

    return read_carefully(data)
