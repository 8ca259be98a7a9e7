"""Commands for people who type none: the buttons of the form, an icon to drop workbooks on, a watched folder.

Like everything but `cli` this does not print: a command is given a function that tells people something.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from perfxl import catalog
from perfxl.desk import DONE, WrongCommand, examine_file
from perfxl.files import write

Tell = Callable[[str], None]

_POLL = 5.0


def add(commands: Any, command: Callable[..., argparse.ArgumentParser], run: Callable[..., Any]) -> None:
    """Add the commands to those of the program. `command` makes one, `run` calls a function of ours."""
    # For the buttons of the form alone, so no help lists it.
    click = commands.add_parser("click", add_help=False)
    click.add_argument("file")
    click.add_argument("--result", default="")
    click.add_argument("--check", action="store_true")
    click.add_argument("--open", action="store_true")
    click.set_defaults(run=partial(run, _click))

    watch = command(
        commands, "watch", partial(run, _watch), "看着一个文件夹，里面每存一份填报表，旁边就生成文档和检查意见"
    )
    watch.add_argument("folder", metavar="文件夹", type=Path)
    watch.add_argument(
        "--poll",
        metavar="秒",
        type=float,
        nargs="?",
        const=_POLL,
        default=0.0,
        help="隔几秒看一次，网络共享文件夹要加（默认5秒）",
    )
    watch.add_argument("--once", action="store_true", help="处理完现有的就结束")
    watch.add_argument("--draft", action="store_true", help="有错误也生成，页眉印“草稿”")
    watch.add_argument("--profile", metavar="配置", default="", help="按哪个规则配置检查：名称，或者配置文件")

    drop = command(commands, "drop", partial(run, _drop), "检查拖来的填报表，在旁边生成文档和检查意见，并打开看")
    drop.add_argument("files", metavar="填报表", type=Path, nargs="*")
    drop.add_argument("--quiet", action="store_true", help="不打开，不等按键")

    icon = command(commands, "icon", partial(run, _icon), "做一个图标，把填报表拖到上面就生成文档")
    icon.add_argument("folder", metavar="文件夹", type=Path, nargs="?", help="放在哪里（默认桌面）")

    addin = command(commands, "addin", partial(run, _addin), "取出 Excel 加载项 perfxl.xlam（不带宏的填报表用它）")
    addin.add_argument("folder", metavar="文件夹", type=Path, nargs="?", help="放在哪里（默认 Excel 的加载项文件夹）")


def _click(options: argparse.Namespace, home: Path, tell: Tell) -> int:  # noqa: ARG001 - commands are called alike
    from perfxl import click

    path = Path(click.unescaped(options.file))
    if options.open:
        click.show(path)
    elif options.result:
        result = Path(click.unescaped(options.result))
        click.run(path, result, partial(examine_file, home=home), check=options.check)
    else:
        raise WrongCommand("这个命令由填报表里的按钮使用。要检查填报表，请用 perfxl check。")
    return DONE


def _watch(options: argparse.Namespace, home: Path, tell: Tell) -> int:
    from perfxl import beside, watch

    if not options.folder.is_dir():
        raise WrongCommand(f"没有文件夹“{options.folder}”。")

    def make(workbook: Path, data: bytes, stem: str) -> beside.Made:
        return beside.make(workbook, data, home, stem, draft=options.draft, profile=options.profile)

    if not options.once:
        tell(f"正在看着“{options.folder}”。按 Ctrl+C 结束。")
    # What is there already is found by looking, which needs no library.
    woken = watch.wakes(options.folder, watch.SETTLED if options.once else options.poll)
    try:
        for said in watch.results(watch.Watch(options.folder, make), woken, once=options.once):
            tell(f"{said.workbook.relative_to(options.folder)}  {said.sentence}")
    except KeyboardInterrupt:
        tell("已停止。")
    return DONE


def _drop(options: argparse.Namespace, home: Path, tell: Tell) -> int:
    from perfxl import drop

    return drop.run(options.files or drop.dropped(), home, tell, quiet=options.quiet)


def _icon(options: argparse.Namespace, home: Path, tell: Tell) -> int:  # noqa: ARG001 - commands are called alike
    from perfxl import drop

    tell(f"已生成：{drop.write_icon(options.folder)}\n把填报表拖到这个图标上，旁边就会生成 Word 文档和检查意见。")
    return DONE


def _addin(options: argparse.Namespace, home: Path, tell: Tell) -> int:  # noqa: ARG001 - commands are called alike
    folder = options.folder or _addins()
    target = folder / "perfxl.xlam"
    write(target, (catalog.home() / "templates" / target.name).read_bytes())
    tell(f"已放好：{target}\n请在 Excel 的“文件－选项－加载项－转到”里勾选 perfxl。")
    return DONE


def _addins() -> Path:
    """Return the folder in which Excel offers add-ins to its user."""
    if not os.environ.get("APPDATA"):
        raise WrongCommand("请写明放在哪个文件夹：perfxl addin 文件夹。")
    folder = Path(os.environ["APPDATA"]) / "Microsoft" / "AddIns"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
