"""`perfxl icon`: the icon onto which workbooks are dragged."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.interfaces import desktop_icon
from perfxl.pipeline.exit_status import DONE


def words(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="文件夹", type=Path, nargs="?", help="放在哪里（默认桌面）")


def run(options: Namespace) -> int:
    print(
        f"已生成：{desktop_icon.write_icon(options.folder)}\n把填报表拖到这个图标上，旁边就会生成 Word 文档和检查意见。"
    )
    return DONE
