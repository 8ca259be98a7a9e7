"""`perfxl check`: every finding on workbooks; with `--fix`, a new workbook with the safe repairs made."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.checks.arrange import arrange
from perfxl.cli import findings_text
from perfxl.cli.commands import common
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.exit_status import WrongCommand
from perfxl.pipeline.workbook_file import examine_file, status, summary
from perfxl.storage.files import write


def words(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="填报表", type=Path, nargs="+")
    parser.add_argument("--fix", action="store_true", help="把能自动改正的改好，存成 -o 指定的新填报表")
    parser.add_argument("-o", dest="output", metavar="新文件.xlsx", type=Path, help="改好的新填报表")
    parser.add_argument("--plan", metavar="批复的填报表", type=Path, help="同时与批复的绩效目标比较")
    common.profile_option(parser)
    common.json_option(parser)


def run(options: Namespace) -> int:
    if options.fix or options.output is not None:
        return _fix(options)
    results = [(path, common.examine(path, options)) for path in options.files]
    if options.plan is not None:
        home = common.home(options)
        results = [(path, _compared(found, path, options.plan, home)) for path, found in results]
    if options.json:
        summaries = [summary(path, examination) for path, examination in results]
        print(json.dumps(summaries if len(summaries) > 1 else summaries[0], ensure_ascii=False, indent=2))
    else:
        for path, examination in results:
            print(common.text(path, examination))
    return max(status(examination) for _, examination in results)


def _compared(examination: Examination, path: Path, plan: Path, home: Path) -> Examination:
    """Return `examination`, of the workbook at `path`, with what differs from the approved workbook `plan` (S16)."""
    from perfxl.checks.evaluation.approved_plan import differences

    approved = examine_file(plan, home)
    if approved.record is None:
        raise WrongCommand(f"读不出批复的填报表“{plan.name}”：{approved.findings[0].message}")
    if examination.record is None:
        return examination
    sheets = list(dict.fromkeys(finding.sheet for finding in examination.findings))
    sheets += [place.sheet for place in examination.record.places.values() if place.sheet not in sheets]
    found = arrange((), differences(examination.record, approved.record), examination.record, str(path), sheets)
    return examination._replace(findings=(*examination.findings, *found))


def _fix(options: Namespace) -> int:
    """Write a new workbook with the safe repairs made; the one that was checked stays as it is."""
    path, output = options.files[0], options.output
    if not options.fix or output is None:
        raise WrongCommand("自动改正要同时写 --fix 和 -o 新文件.xlsx；原来的文件不会改动。")
    if len(options.files) > 1:
        raise WrongCommand("自动改正一次只能处理一份填报表。")
    common.require_another(output, path)
    from perfxl.pipeline.repair import mended

    examination = common.examine(path, options)
    mending = mended(examination, common.macros(output))
    if mending is not None:
        write(output, mending.workbook)
    left = mending.left if mending else examination
    if options.json:
        repairs = [change.as_json() for change in mending.changes] if mending else []
        rest = {"errors": left.errors, "warnings": left.warnings}
        workbook = str(output) if mending else None
        told = {**summary(path, examination), "workbook": workbook, "repairs": repairs, "remaining": rest}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    elif mending is None:
        print(common.text(path, examination))
        print("没有可以自动改正的地方，没有生成新的填报表。")
    else:
        print(findings_text.changes(str(output), examination.findings, mending))
    return status(left)
