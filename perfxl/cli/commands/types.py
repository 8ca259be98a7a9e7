"""`perfxl types`: the report types there are."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace

from perfxl.cli.commands import common
from perfxl.pipeline.exit_status import DONE
from perfxl.report_type import catalog


def words(parser: ArgumentParser) -> None:
    common.json_option(parser)


def run(options: Namespace) -> int:
    home = common.home(options)
    known = catalog.every(home)
    if options.json:
        rows = [{"id": known_type.id, "title": known_type.title, "version": known_type.version} for known_type in known]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for known_type in known:
            print(f"{known_type.id}\t{known_type.title}（第{known_type.version}版）")
        for type_id, fault in catalog.broken(home):
            print(
                f"{type_id}\t不能用，请运行 perfxl type check {type_id}：{str(fault).splitlines()[0]}", file=sys.stderr
            )
    return DONE
