"""`perfxl data`: what a workbook holds, as JSON."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.cli import findings_text
from perfxl.cli.commands import common
from perfxl.pipeline.exit_status import DONE
from perfxl.pipeline.workbook_file import status
from perfxl.report_type.json_data import dumps


def words(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="填报表", type=Path)
    parser.set_defaults(profile="")


def run(options: Namespace) -> int:
    examination = common.examine(options.file, options)
    if examination.record is None:
        print(findings_text.text(str(options.file), examination, colour=sys.stderr.isatty()), file=sys.stderr)
        return status(examination)
    print(dumps(examination.record.values))
    return DONE
