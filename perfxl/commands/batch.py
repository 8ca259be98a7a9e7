"""`perfxl batch`: every workbook below a folder."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from perfxl.batch import telling
from perfxl.batch import words as own
from perfxl.commands import common


def words(parser: ArgumentParser) -> None:
    own.add(parser)
    common.print_options(parser, "estimate")
    common.profile_option(parser)


def run(options: Namespace) -> int:
    return telling.batch(options, common.home(options), print)
