"""`perfxl trust`: lets the buttons of workbooks run the program of a folder that lies beside them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.interfaces import trusted_folders
from perfxl.pipeline.exit_status import DONE, WrongCommand


def words(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", metavar="文件夹", type=Path, nargs="?", help="哪个 perfxl 文件夹（默认是这个程序所在的）"
    )
    parser.add_argument("--forget", action="store_true", help="不再信任它")
    parser.add_argument("--list", action="store_true", help="列出信任了哪些文件夹")


def run(options: Namespace) -> int:
    if options.list:
        print("\n".join(trusted_folders.trusted()) or "没有信任任何文件夹；装在本人文件夹里的程序不用信任。")
        return DONE
    folder = options.folder or Path(sys.executable).parent
    if not folder.is_dir():
        raise WrongCommand(f"文件夹“{folder}”不存在。")
    if options.forget:
        known = trusted_folders.forget(folder)
        print(f"不再信任：{folder}" if known else f"本来就没有信任：{folder}")
        return DONE
    trusted_folders.trust(folder)
    print(f"已信任：{folder.resolve()}\n旁边的填报表里的按钮，现在可以运行这个文件夹里的程序。")
    return DONE
