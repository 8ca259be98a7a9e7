"""Commands that need two workbooks: `carry` makes the next one from this one, `check --plan` compares them.

Like everything but `cli` this does not print: a command is given a function that tells people something.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from perfxl import carry, catalog
from perfxl.catalog import ReportType
from perfxl.checks import arrange
from perfxl.checks.approved import differences
from perfxl.desk import DONE, WRONG_INPUT, WrongCommand, examine_file, status
from perfxl.files import write
from perfxl.pipeline import Examination

Tell = Callable[[str], None]


def add(commands: Any, command: Callable[..., argparse.ArgumentParser], run: Callable[..., Any]) -> None:
    """Add `carry` to the commands of the program. `command` makes one, `run` calls a function of ours."""
    step = command(commands, "carry", partial(run, _carry), "用这份填报表开始下一步：自评，或者下一年的填报表")
    step.add_argument("file", metavar="填报表", type=Path)
    step.add_argument("-o", dest="output", metavar="新文件.xlsx", type=Path, required=True, help="保存为")
    step.add_argument("--year", metavar="年度", type=int, help="做这一年的同一种填报表；不写就是本年度的下一步（自评）")
    step.add_argument("--to", metavar="文种", default="", help="下一步的文种（有几种可选时才要写）")
    step.add_argument("--profile", metavar="配置", default="", help="按哪个规则配置分配分值：名称，或者配置文件")


def _carry(options: argparse.Namespace, home: Path, tell: Tell) -> int:
    from perfxl.workbook.buttons import load
    from perfxl.workbook.form import write as form

    output: Path = options.output
    if output.suffix.lower() not in (".xlsx", ".xlsm"):
        raise WrongCommand(f"填报表的文件名应以 .xlsx 或 .xlsm（带按钮）结尾，现在是“{output.name}”。")
    if output.exists() and options.file.exists() and output.samefile(options.file):
        raise WrongCommand("新文件不能就是原来的文件，请换一个文件名。")
    examination = examine_file(options.file, home, options.profile)
    if examination.record is None or examination.report_type is None or examination.profile is None:
        for finding in examination.findings:
            tell(f"{finding.message}{finding.hint}")
        return status(examination) or WRONG_INPUT
    source = examination.report_type
    target = source if options.year is not None else _next(source, home, options.to)
    if options.year is not None:
        carried = carry.onward(examination.record.values, source, options.year)
    else:
        carried = carry.into(examination.record.values, source, target, examination.profile)
    macros = load(catalog.home()) if output.suffix.lower() == ".xlsm" else None
    write(output, form(target, carried.values, macros=macros, locked=carried.locked))
    tell(f"已生成：{output}")
    if examination.errors:
        tell(f"原来的填报表里还有 {examination.errors} 处错误，已照原样带过来；最好先改正，再重新生成。")
    return DONE


def _next(source: ReportType, home: Path, wanted: str) -> ReportType:
    """Return the type into which a workbook is carried. Raises `WrongCommand` where there is none, or a choice."""
    every = [catalog.load(home, type_id) for type_id in catalog.available(home)]
    known = carry.targets(source, every)
    if wanted:
        known = [each for each in known if each.id == wanted]
    if len(known) == 1:
        return known[0]
    if not known:
        asked = f"文种是“{wanted}”的" if wanted else ""
        raise WrongCommand(f"“{source.title}”没有{asked}下一步；做下一年的请写 --year。")
    raise WrongCommand(f"下一步有几种，请用 --to 写明：{'、'.join(each.id for each in known)}。")


def compared(examination: Examination, path: Path, plan: Path, home: Path) -> Examination:
    """Return `examination`, of the workbook at `path`, with what differs from the approved workbook `plan` (S16)."""
    approved = examine_file(plan, home)
    if approved.record is None:
        raise WrongCommand(f"读不出批复的填报表“{plan.name}”：{approved.findings[0].message}")
    if examination.record is None:
        return examination
    sheets = list(dict.fromkeys(finding.sheet for finding in examination.findings))
    sheets += [place.sheet for place in examination.record.places.values() if place.sheet not in sheets]
    found = arrange((), differences(examination.record, approved.record), examination.record, str(path), sheets)
    return replace(examination, findings=(*examination.findings, *found))
