"""Exports of other systems into the flow: their files and a mapping → a filled workbook for every unit and year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from perfxl.document_import.blocks import Unreadable
from perfxl.document_import.exports.assembly import readings
from perfxl.document_import.exports.mapping import ExportMapping, MappingFault, understood
from perfxl.document_import.exports.opening import opened
from perfxl.document_import.exports.rows import Export
from perfxl.document_import.recognition import Reading
from perfxl.model.finding import spoken
from perfxl.model.remark import Remark
from perfxl.pipeline import accelerators
from perfxl.pipeline.document_intake import Intake, taken_in
from perfxl.pipeline.exit_status import WrongCommand
from perfxl.workbook.cells import Cells
from perfxl.workbook.macros.form_buttons import Macros
from perfxl.workbook.reading import reader

_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', " "))
_LONGEST_NAME = 60


class ExportIntake(NamedTuple):
    """What came of exports: by the name of its file each workbook, or the one intake that says why there is none."""

    workbooks: Sequence[tuple[str, Intake]]
    trouble: Intake | None = None
    file: str = ""


def load_mapping(path: Path, home: Path) -> ExportMapping:
    """Return the mapping at `path`. Raises `WrongCommand` with a sentence that says what is wrong with it."""
    try:
        return understood(path.read_bytes(), home)
    except OSError as trouble:
        raise WrongCommand(f"映射文件“{path}”读不出来，请核对文件夹和文件名。") from trouble
    except MappingFault as fault:
        raise WrongCommand(str(fault)) from fault


def take_in_exports(
    files: Sequence[tuple[str, bytes]], mapping: ExportMapping, home: Path, *,
    year: int | None = None, macros: Macros | None = None,
) -> ExportIntake:  # fmt: skip
    """Return the workbooks of what the files say together: rows about one project may stand in several of them."""
    exports: list[Export] = []
    for name, data in files:
        try:
            exports.extend(opened(data, mapping, _cells, Path(name).name if len(files) > 1 else ""))
        except Unreadable as trouble:
            finding = spoken(Remark(trouble.code, words=trouble.words), name, None)
            return ExportIntake((), Intake((finding,)), name)
    together = "、".join(name for name, _ in files)
    found: list[tuple[str, Intake]] = []
    names: set[str] = set()
    for reading in readings(exports, mapping):
        stem = name = _stem(reading) or Path(files[0][0]).stem
        number = 2
        while name.casefold() in names:
            name, number = f"{stem}({number})", number + 1
        names.add(name.casefold())
        found.append((name, taken_in(reading, together, home, year=year, macros=macros)))
    return ExportIntake(found)


def _cells(data: bytes) -> Cells | Remark:
    return accelerators.read(data) or reader.read(data)


def _stem(reading: Reading) -> str:
    """Return the name of a workbook: what names its unit, and its year."""
    schema = reading.report_type.schema["properties"]
    keys = [key for key, node in schema.items() if node.get("x-read", {}).get("key")]
    words = [*keys, reading.year_field]
    said = "".join(str(reading.values[key]) for key in words if key in reading.values)
    return " ".join(said.translate(_FORBIDDEN).split())[:_LONGEST_NAME].strip(". ")
