"""New workbooks: blank forms, and what begins from a filled one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from perfxl import carry, catalog
from perfxl.desk import WrongCommand, examine_file
from perfxl.interfaces.browser_page import told
from perfxl.workbook import form
from perfxl.workbook.buttons import load

Tell = Callable[[str], object]

_MOST = 200  # sheets of projects, as `perfxl new` allows
_YEARS = range(2000, 2100)


def blank(request: Mapping[str, Any], home: Path, _tell: Tell) -> dict[str, Any]:
    """Return a blank form of the type `type` for the year `year`, with so many `projects`; `buttons` asks for macros."""
    report_type = catalog.load(home, request["type"])
    year, projects = _number(request, "year", _YEARS, "年度"), _number(request, "projects", range(1, _MOST + 1), "项目个数")
    macros = load(home) if request.get("buttons") else None
    values = {**report_type.preset, "fiscal_year": year}
    output = _output(request, f"{year}年{report_type.title}填报表", bool(macros))
    output.write_bytes(form.write(report_type, values, copies=projects, macros=macros))
    return {"files": [told.made("form", output, "下载")], "sentence": f"已做好：{output.name}"}


def carried(request: Mapping[str, Any], home: Path, _tell: Tell) -> dict[str, Any]:
    """Return the workbook that begins where the given one ends: of the type `to`, or for the year `year`."""
    path = next(told.workbooks(request["folder"]))
    examination = examine_file(path, home, request.get("profile") or "")
    source = examination.report_type
    if examination.record is None or source is None or examination.profile is None:
        raise WrongCommand("".join(f"{finding.message}{finding.hint}" for finding in examination.findings[:1]))
    values = examination.record.values
    if to := request.get("to"):
        target = catalog.load(home, to)
        made = carry.into(values, source, target, examination.profile)
        name = f"{path.stem}-{target.title}"
    else:
        target, year = source, _number(request, "year", _YEARS, "年度")
        made = carry.onward(values, source, year)
        name = f"{path.stem}-{year}年"
    buttons = path.suffix.lower() == ".xlsm"
    output = _output(request, name, buttons)
    output.write_bytes(form.write(target, made.values, macros=load(home) if buttons else None, locked=made.locked))
    sentence = f"已做好：{output.name}"
    if examination.errors:
        sentence += f"。原来的填报表里还有 {examination.errors} 处错误，已照原样带过来；最好先改正，再重新生成。"
    return {"files": [told.made("form", output, "下载")], "sentence": sentence}


def _output(request: Mapping[str, Any], stem: str, buttons: bool) -> Path:
    return Path(request["folder"], "out", stem + (".xlsm" if buttons else ".xlsx"))


def _number(request: Mapping[str, Any], key: str, allowed: range, label: str) -> int:
    try:
        number = int(request[key])
    except (KeyError, TypeError, ValueError):
        number = -1
    if number not in allowed:
        raise WrongCommand(f"{label}应在{allowed[0]}到{allowed[-1]}之间。")
    return number
