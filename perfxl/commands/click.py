"""`perfxl click`: for the buttons of the form and of the console alone, so no help lists it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from perfxl import click
from perfxl.commands import common
from perfxl.desk import DONE, WrongCommand, examine_file


def words(parser: ArgumentParser) -> None:
    parser.add_argument("file")
    parser.add_argument("--result", default="")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--console", nargs="*")
    parser.add_argument("--open", action="store_true")


def run(options: Namespace) -> int:
    path = Path(click.unescaped(options.file))
    result = Path(click.unescaped(options.result))
    if options.open:
        click.show(path)
    elif options.result and options.console is not None:
        from perfxl import console

        console.run(path, result, options.console, common.home(options))
    elif options.result:
        click.run(path, result, partial(examine_file, home=common.home(options)), check=options.check)
    else:
        raise WrongCommand("这个命令由填报表里的按钮使用。要检查填报表，请用 perfxl check。")
    return DONE
