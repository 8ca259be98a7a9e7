"""New workbooks: blank forms, and what begins from a filled one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from perfxl.interfaces.browser_page.one_workbook import examined
from perfxl.interfaces.browser_page.request import Request, Tell, made
from perfxl.pipeline import carry_over
from perfxl.pipeline.exit_status import WrongCommand
from perfxl.report_type import catalog
from perfxl.report_type.model import ReportType
from perfxl.storage.files import write
from perfxl.workbook.form import form
from perfxl.workbook.macros.form_buttons import load

_PROJECTS = range(1, 201)  # sheets, as `perfxl new` allows
_YEARS = range(2000, 2100)
_YEAR = "fiscal_year"  # a type of an office's own may be of no year


def blank(request: Request, home: Path, _tell: Tell) -> dict[str, Any]:
    """Return a blank form of a type for a year, with so many projects; with `buttons` it has macros."""
    report_type = _type(request.text("type"), home)
    year = request.number("year", _YEARS, "年度")
    projects = request.number("projects", _PROJECTS, "项目个数")
    macros = load(home) if request.says("buttons") else None
    dated = _YEAR in report_type.schema["properties"]
    name = f"{f'{year}年' if dated else ''}{report_type.title}填报表{'.xlsm' if macros else '.xlsx'}"
    values = {**report_type.preset, **({_YEAR: year} if dated else {})}
    write(request.output / name, form.write(report_type, values, copies=projects, macros=macros))
    return {"sentence": f"已做好：{name}", "files": [made("form", request.output / name, "下载")]}


def carried(request: Request, home: Path, _tell: Tell) -> dict[str, Any]:
    """Return the workbook that begins where the given one ends: of the type `to`, or of the same for `year`."""
    path = request.workbook()
    examination, _ = examined(path, home, request.profile)
    source = examination.report_type
    if examination.record is None or source is None or examination.profile is None:
        raise WrongCommand("".join(f"{finding.message}{finding.hint}" for finding in examination.findings[:1]))
    values = examination.record.values
    if wanted := request.text("to"):
        target = _type(wanted, home)
        carried = carry_over.into(values, source, target, examination.profile)
        stem = f"{path.stem}-{target.title}"
    else:
        target, year = source, request.number("year", _YEARS, "年度")
        carried = carry_over.onward(values, source, year)
        stem = f"{path.stem}-{year}年"
    macros = load(home) if path.suffix.lower() == ".xlsm" else None
    output = request.output / f"{stem}{'.xlsm' if macros else '.xlsx'}"
    write(output, form.write(target, carried.values, macros=macros, locked=carried.locked))
    sentence = f"已做好：{output.name}。"
    if examination.errors:
        sentence += f"原来的填报表里还有 {examination.errors} 处错误，已照原样带过来；最好先改正，再重新生成。"
    return {"sentence": sentence, "files": [made("form", output, "下载")]}


def _type(wanted: str, home: Path) -> ReportType:
    if wanted not in catalog.available(home):
        raise WrongCommand(f"没有文种“{wanted}”。")
    return catalog.load(home, wanted)
