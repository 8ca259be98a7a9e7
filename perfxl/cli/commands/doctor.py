"""`perfxl doctor`: what this machine has and lacks."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.cli.commands import common
from perfxl.interfaces import machine_check
from perfxl.pipeline.exit_status import DONE


def words(parser: ArgumentParser) -> None:
    common.json_option(parser)


def run(options: Namespace) -> int:
    found = machine_check.symptoms(Path.cwd(), sorted((common.home(options) / "templates").glob("*.docx")))
    if options.json:
        rows = [{"name": each.name, "well": each.well, "sentence": each.sentence} for each in found]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print(machine_check.text(found))
    return DONE
