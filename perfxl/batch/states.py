"""The words of the command, and of what became of a workbook; by itself, because they are needed before the rest."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

STATES = {
    "made": "已生成",
    "draft": "已生成草稿",
    "errors": "有错误，未生成",
    "unread": "读不出来",
    "stray": "不是填报表",
    "missing": "没有报来",
    "kept": "保留人工修改",
    "trouble": "没有完成",
    "template": "Word 模板有误",
    "fault": "程序出错",
    "gone": "原表已不在",
    "": "未处理",
    "units": "单位之间",
}
"""What became of a workbook, or of what is none: a path that was passed over, and all units side by side."""
NO_WORKBOOK = frozenset(("", "units", "missing"))
ALL_UNITS = "（全部单位）"


def add(parser: ArgumentParser) -> None:
    """Add what may be written behind `perfxl batch`."""
    parser.add_argument("folder", metavar="文件夹", type=Path)
    parser.add_argument("-o", dest="output", metavar="输出文件夹", type=Path, required=True, help="文档和汇总放在哪里")
    parser.add_argument("--jobs", metavar="个数", type=int, help="同时做几份（默认按处理器的个数）")
    parser.add_argument("--scheduler", metavar="地址", default="", help="多台机器一起做：Dask 调度器的地址")
    about = "调度器的连接不加密、不核对身份也照做（只有自己人的网络才用）"
    parser.add_argument("--open-network", action="store_true", help=about)
    parser.add_argument("--force", action="store_true", help="全部重做，被人改过的文档也覆盖")
    parser.add_argument("--draft", action="store_true", help="有错误也生成，页眉印“草稿”")
    parser.add_argument("--control", metavar="控制数", type=Path, help="各单位控制数（.csv 或 .xlsx），用来核对合计")
    about = "应报单位名单（.xlsx、.csv、.txt，一行一个编码或名称），没有报来的会说"
    parser.add_argument("--units", metavar="名单", type=Path, help=about)
    parser.add_argument("--json", action="store_true", help="输出 JSON")
