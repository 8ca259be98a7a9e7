"""`perfxl explain`: what a code means."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from perfxl.cli import findings_text
from perfxl.cli.commands import common
from perfxl.model.finding import catalogue
from perfxl.pipeline.exit_status import DONE, WrongCommand


def words(parser: ArgumentParser) -> None:
    parser.add_argument("code", metavar="代码", type=str.upper)
    common.json_option(parser)


def run(options: Namespace) -> int:
    entry = catalogue().get(options.code)
    if entry is None:
        raise WrongCommand(f"没有代码“{options.code}”。")
    if options.json:
        print(json.dumps(entry._asdict(), ensure_ascii=False, indent=2))
    else:
        print(findings_text.explanation(entry))
    return DONE
