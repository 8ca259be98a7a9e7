"""Control totals: what each unit may ask for, from a table that people keep in Excel or export as .csv."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path

from perfxl.extraction.cell_values import number_in, written
from perfxl.model.remark import Remark
from perfxl.pipeline.exit_status import WrongCommand
from perfxl.storage.files import Surroundings
from perfxl.workbook.reading.reader import read

CODE_HEADERS = ("单位编码", "预算单位编码", "部门编码", "编码", "unit_code")
NAME_HEADERS = ("单位名称", "预算单位", "部门名称", "单位", "名称", "unit_name")
TOTAL_HEADERS = ("控制数", "预算控制数", "控制总额", "控制数（万元）", "控制数(万元)", "金额", "合计", "total")
_ALL = ("合计", "总计", "全部", "total")


@dataclass(frozen=True)
class Control:
    """What each unit may ask for, in 万元: by code, with the unit's name; and all of them, where the table says it."""

    units: dict[str, tuple[str, Decimal]]
    total: Decimal | None


class ControlFault(WrongCommand):
    """The table cannot be used; the message is a Chinese sentence that says why."""


def load(path: Path) -> Control:
    """Return what the table at `path` says. Raises `ControlFault`, or `Surroundings` where it cannot be read."""
    return _control(rows_of(path))


def rows_of(path: Path, what: str = "控制数文件") -> list[list[str]]:
    """Return the rows of a table that people keep and call `what`: the first sheet of a workbook, or a text.

    Raises `ControlFault` where it is none of them, `Surroundings` where it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Surroundings(f"读不到{what}“{path}”。") from error
    called = f"{what}“{path.name}”"
    return _from_workbook(data, called) if data.startswith(b"PK") else _from_text(data, called)


def _from_text(data: bytes, called: str) -> list[list[str]]:
    # Excel saves .csv in the system's encoding, which is GBK in China.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [[field.strip() for field in row] for row in csv.reader(StringIO(text)) if any(row)]
    raise ControlFault(f"{called}读不懂，请存成 .xlsx，或者 UTF-8 编码的 .csv。")


def _from_workbook(data: bytes, called: str) -> list[list[str]]:
    cells = read(data)
    if isinstance(cells, Remark) or not cells.sheets:
        raise ControlFault(f"{called}打不开，请另存为 .xlsx 再试。")
    found = cells.sheets[0].cells
    rows, columns = ({at[index] for at in found} for index in (0, 1))
    return [
        [written(cell).strip() if (cell := found.get((row, column))) else "" for column in sorted(columns)]
        for row in sorted(rows)
    ]


def _control(rows: Sequence[Sequence[str]]) -> Control:
    head = next((number for number, row in enumerate(rows) if _column(row, TOTAL_HEADERS) is not None), None)
    if head is None:
        raise ControlFault(
            f"控制数文件里没有“{TOTAL_HEADERS[0]}”这一列；要有“{CODE_HEADERS[0]}”“{NAME_HEADERS[0]}”“{TOTAL_HEADERS[0]}”。"
        )
    code, name, total = (_column(rows[head], names) for names in (CODE_HEADERS, NAME_HEADERS, TOTAL_HEADERS))
    if code is None or total is None:
        raise ControlFault(f"控制数文件里没有“{CODE_HEADERS[0]}”这一列。")
    units: dict[str, tuple[str, Decimal]] = {}
    whole: Decimal | None = None
    for number, row in enumerate(rows[head + 1 :], head + 2):
        key, amount = _at(row, code), _at(row, total)
        said = _at(row, name) if name is not None else ""
        if not key and not amount:
            continue
        money = number_in(amount)
        if money is None:
            raise ControlFault(f"控制数文件第{number}行的“{amount}”不是一个数。")
        if {key.lower(), said.lower()} & set(_ALL):
            whole = money
        elif key in units:
            raise ControlFault(f"控制数文件第{number}行的单位编码“{key}”前面已经有了。")
        elif key:
            units[key] = (said or key, money)
    return Control(units, whole)


def _column(row: Iterable[str], names: Sequence[str]) -> int | None:
    plain = ["".join(field.split()).lower() for field in row]
    return next((plain.index(name) for name in names if name in plain), None)


def _at(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
