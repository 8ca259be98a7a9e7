"""`perfxl data`: what a workbook holds, as JSON."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl import reading
from perfxl.commands import common
from perfxl.data import dumps
from perfxl.desk import DONE, examine_file, status


def words(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="填报表", type=Path)


def run(options: Namespace) -> int:
    examination = examine_file(options.file, common.home(options))
    if examination.record is None:
        print(reading.text(str(options.file), examination, colour=sys.stderr.isatty()), file=sys.stderr)
        return status(examination)
    print(dumps(examination.record.values))
    return DONE
