"""`perfxl fill`: a workbook with the data of a JSON file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.cli.commands import common
from perfxl.pipeline.exit_status import DONE, WrongCommand
from perfxl.report_type.json_data import loads
from perfxl.storage.files import write
from perfxl.workbook.form import form


def words(parser: ArgumentParser) -> None:
    parser.add_argument("type", metavar="文种")
    parser.add_argument("data", metavar="数据.json", help="“-”表示标准输入")
    parser.add_argument("-o", dest="output", metavar="文件", type=Path, required=True, help="保存为")


def run(options: Namespace) -> int:
    report_type = common.report_type(options)
    output = common.workbook_path(options.output)
    if options.data == "-":
        text = sys.stdin.buffer.read()
    else:
        try:
            text = Path(options.data).read_bytes()
        except OSError as error:
            raise WrongCommand(f"读不到数据文件“{options.data}”。") from error
    write(output, form.write(report_type, loads(text, report_type), macros=common.macros(output)))
    print(f"已生成：{output}")
    return DONE
