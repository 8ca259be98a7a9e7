"""The words of the command; by itself, so that other commands need not load the rest."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path


def add(parser: ArgumentParser) -> None:
    """Add what may be written behind `perfxl batch`."""
    parser.add_argument("folder", metavar="文件夹", type=Path)
    parser.add_argument("-o", dest="output", metavar="输出文件夹", type=Path, required=True, help="文档和汇总放在哪里")
    parser.add_argument("--jobs", metavar="个数", type=int, help="同时做几份（默认按处理器的个数）")
    parser.add_argument("--force", action="store_true", help="全部重做，被人改过的文档也覆盖")
    parser.add_argument("--draft", action="store_true", help="有错误也生成，页眉印“草稿”")
    parser.add_argument("--control", metavar="控制数", type=Path, help="各单位控制数（.csv 或 .xlsx），用来核对合计")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
