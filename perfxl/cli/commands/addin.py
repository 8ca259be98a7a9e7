"""`perfxl addin`: hands out the add-in for Excel."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.pipeline.exit_status import DONE, WrongCommand
from perfxl.report_type import catalog
from perfxl.storage.files import write


def words(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="文件夹", type=Path, nargs="?", help="放在哪里（默认 Excel 的加载项文件夹）")


def run(options: Namespace) -> int:
    target = (options.folder or _addins()) / "perfxl.xlam"
    write(target, (catalog.home() / "templates" / target.name).read_bytes())
    print(f"已放好：{target}\n请在 Excel 的“文件－选项－加载项－转到”里勾选 perfxl。")
    return DONE


def _addins() -> Path:
    """Return the folder in which Excel offers add-ins to its user."""
    if not os.environ.get("APPDATA"):
        raise WrongCommand("请写明放在哪个文件夹：perfxl addin 文件夹。")
    folder = Path(os.environ["APPDATA"]) / "Microsoft" / "AddIns"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
