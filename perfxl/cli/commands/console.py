"""`perfxl console`: hands out the console, a workbook whose buttons run a batch."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.pipeline.exit_status import DONE, WrongCommand
from perfxl.report_type import catalog
from perfxl.storage.files import CONSOLE, write

_NAME = f"{CONSOLE}.xlsm"


def words(parser: ArgumentParser) -> None:
    parser.add_argument("-o", dest="output", metavar="文件.xlsm", type=Path, default=Path(_NAME), help="保存为")


def run(options: Namespace) -> int:
    output: Path = options.output / _NAME if options.output.is_dir() else options.output
    if output.suffix.lower() != ".xlsm":
        raise WrongCommand(f"控制台的文件名应以 .xlsm 结尾，现在是“{output.name}”。")
    write(output, (catalog.home() / "templates" / _NAME).read_bytes())
    print(f"已生成：{output}\n用 Excel 打开它，选好单位文件夹，点“全部生成”。")
    return DONE
