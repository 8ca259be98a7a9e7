"""`perfxl batch`: every workbook below a folder."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from perfxl.batch import messages
from perfxl.batch import states as own
from perfxl.cli.commands import common


def words(parser: ArgumentParser) -> None:
    own.add(parser)
    common.print_options(parser, "estimate")
    common.html_option(parser)
    common.profile_option(parser)


def run(options: Namespace) -> int:
    return messages.batch(options, common.home(options), print)
