"""`perfxl carry`: the next workbook from this one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.cli.commands import common
from perfxl.pipeline import carry_over
from perfxl.pipeline.exit_status import DONE, WRONG_INPUT, WrongCommand
from perfxl.pipeline.workbook_file import status
from perfxl.report_type import catalog
from perfxl.report_type.model import ReportType
from perfxl.report_type.office_levels import with_levels
from perfxl.storage.files import write
from perfxl.workbook.form import form


def words(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="填报表", type=Path)
    parser.add_argument("-o", dest="output", metavar="新文件.xlsx", type=Path, required=True, help="保存为")
    parser.add_argument(
        "--year", metavar="年度", type=int, help="做这一年的同一种填报表；不写就是本年度的下一步（自评）"
    )
    parser.add_argument("--to", metavar="文种", default="", help="下一步的文种（有几种可选时才要写）")
    parser.add_argument("--profile", metavar="配置", default="", help="按哪个规则配置分配分值：名称，或者配置文件")


def run(options: Namespace) -> int:
    output: Path = options.output
    common.require_another(output, options.file)
    examination = common.examine(options.file, options)
    if examination.record is None or examination.report_type is None or examination.profile is None:
        for finding in examination.findings:
            print(f"{finding.message}{finding.hint}")
        return status(examination) or WRONG_INPUT
    source = examination.report_type
    if options.year is not None:
        target, carried = source, carry_over.onward(examination.record.values, source, options.year)
    else:
        target = _next(source, common.home(options), options.to)
        carried = carry_over.into(examination.record.values, source, target, examination.profile)
        target = with_levels(target, examination.profile)
    write(output, form.write(target, carried.values, macros=common.macros(output), locked=carried.locked))
    print(f"已生成：{output}")
    if examination.errors:
        print(f"原来的填报表里还有 {examination.errors} 处错误，已照原样带过来；最好先改正，再重新生成。")
    return DONE


def _next(source: ReportType, home: Path, wanted: str) -> ReportType:
    """Return the type into which a workbook is carried. Raises `WrongCommand` where there is none, or a choice."""
    every = catalog.every(home)
    known = carry_over.targets(source, every)
    if wanted:
        known = [each for each in known if each.id == wanted]
    if len(known) == 1:
        return known[0]
    if not known:
        asked = f"文种是“{wanted}”的" if wanted else ""
        raise WrongCommand(f"“{source.title}”没有{asked}下一步；做下一年的请写 --year。")
    raise WrongCommand(f"下一步有几种，请用 --to 写明：{'、'.join(each.id for each in known)}。")
