"""`perfxl drop`: the other end of the icon onto which workbooks are dragged."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from perfxl.cli.commands import common
from perfxl.interfaces import desktop_icon


def words(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="填报表", type=Path, nargs="*")
    parser.add_argument("--quiet", action="store_true", help="不打开，不等按键")


def run(options: Namespace) -> int:
    tell = partial(print, flush=True)  # whoever has dragged a workbook sits before it and waits
    return desktop_icon.run(options.files or desktop_icon.dropped(), common.home(options), tell, quiet=options.quiet)
