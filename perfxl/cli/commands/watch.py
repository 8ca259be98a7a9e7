"""`perfxl watch`: a folder in which every workbook gets its document."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.cli.commands import common
from perfxl.interfaces import results_beside, watch_folder
from perfxl.pipeline.exit_status import DONE, WrongCommand

_POLL = 5.0


def words(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="文件夹", type=Path)
    parser.add_argument(
        "--poll",
        metavar="秒",
        type=float,
        nargs="?",
        const=_POLL,
        default=0.0,
        help="隔几秒看一次，网络共享文件夹要加（默认5秒）",
    )
    parser.add_argument("--once", action="store_true", help="处理完现有的就结束")
    parser.add_argument("--draft", action="store_true", help="有错误也生成，页眉印“草稿”")
    common.profile_option(parser)


def run(options: Namespace) -> int:
    home = common.home(options)
    if not options.folder.is_dir():
        raise WrongCommand(f"没有文件夹“{options.folder}”。")

    def make(workbook: Path, data: bytes, stem: str) -> results_beside.Made:
        asked = {"draft": options.draft, "profile": options.profile}
        return results_beside.make(workbook, data, home, stem, **asked, trusted=False)

    if not options.once:
        _tell(f"正在看着“{options.folder}”。按 Ctrl+C 结束。")
    # What is there already is found by looking, which needs no library.
    woken = watch_folder.wakes(options.folder, watch_folder.SETTLED if options.once else options.poll)
    try:
        for said in watch_folder.results(watch_folder.Watch(options.folder, make), woken, once=options.once):
            _tell(f"{said.workbook.relative_to(options.folder)}  {said.sentence}")
    except KeyboardInterrupt:
        _tell("已停止。")
    return DONE


def _tell(sentence: str) -> None:
    # At once, because whoever watches a folder waits for it.
    print(sentence, flush=True)
