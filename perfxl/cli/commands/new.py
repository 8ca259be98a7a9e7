"""`perfxl new`: a blank workbook."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from perfxl.cli.commands import common
from perfxl.pipeline.exit_status import DONE, WrongCommand
from perfxl.pipeline.workbook_file import profile_for
from perfxl.report_type.office_levels import with_levels
from perfxl.report_type.roles import year_key
from perfxl.storage.files import write
from perfxl.workbook.form import form

_MOST = 200  # sheets of projects


def words(parser: ArgumentParser) -> None:
    parser.add_argument("type", metavar="文种")
    parser.add_argument("-o", dest="output", metavar="文件", type=Path, help="保存为（默认用文种的名称）")
    parser.add_argument("--projects", metavar="个数", type=int, default=3, help="项目工作表的个数（默认3）")
    parser.add_argument("--year", metavar="年度", type=int, help="预算年度")
    about = "按哪个规则配置：名称，或者配置文件；下拉列表照它的一级、二级指标，填报表里写上它的名称"
    parser.add_argument("--profile", metavar="配置", default="", help=about)


def run(options: Namespace) -> int:
    report_type = common.report_type(options)
    if not 1 <= options.projects <= _MOST:
        raise WrongCommand(f"项目工作表的个数应在1到{_MOST}之间。")
    output = common.workbook_path(options.output or Path(report_type.title + ".xlsx"))
    if options.output is None and output.exists():
        raise WrongCommand(f"这个文件夹里已经有“{output}”，没有动它。请用 -o 写另一个文件名。")
    values: dict[str, Any] = {}
    if options.year is not None:
        key = year_key(report_type.schema)
        if key is None:
            raise WrongCommand(f"“{report_type.title}”没有年度这一栏，请不要写 --year。")
        values[key] = options.year
    if options.profile:
        rules = profile_for(None, common.home(options), options.profile, "")
        report_type = with_levels(report_type, rules)
        values |= {"profile": rules.id} if "profile" in report_type.schema["properties"] else {}
    filled = {**report_type.preset, **values} if values else None
    write(output, form.write(report_type, filled, copies=options.projects, macros=common.macros(output)))
    print(f"已生成：{output}")
    return DONE
