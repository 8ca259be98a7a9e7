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
    parser.add_argument("-o", dest="output", metavar="新文件", type=Path, help="改好的新填报表，或者带批注的新文档")
    parser.add_argument(
        "--comments", action="store_true", help="（Word 文档）把意见写成批注，存成 -o 指定的新文档，原来的文档不动"
    )
    parser.add_argument("--plan", metavar="批复的填报表", type=Path, help="同时与批复的绩效目标比较")
    common.profile_option(parser)
    common.json_option(parser)


def run(options: Namespace) -> int:
    if options.comments:
        return _comment(options)
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


def _comment(options: Namespace) -> int:
    """Write a copy of a Word document with the findings as comments."""
    from perfxl.document_import.blocks import Unreadable
    from perfxl.model.finding import spoken
    from perfxl.model.remark import Remark
    from perfxl.pipeline.document_file import examine_document_file
    from perfxl.pipeline.document_intake import with_comments

    path, output = options.files[0], options.output
    if output is None or output.suffix.lower() != ".docx" or options.fix:
        raise WrongCommand("写成批注要同时写 --comments 和 -o 新文档.docx；原来的文档不会改动。")
    if len(options.files) > 1 or not common.is_document(path):
        raise WrongCommand("--comments 一次写一份 Word 文档；填报表的意见直接看检查结果。")
    if output.exists() and path.exists() and output.samefile(path):
        raise WrongCommand("新文档不能就是原来的文档，请换一个文件名。")
    examination, intake = examine_document_file(path, common.home(options), options.profile)
    written = False
    if intake.reading is not None and not intake.word:
        raise WrongCommand("PDF 里写不了批注，请用 Word 文档。")
    if intake.reading is not None:
        try:
            write(output, with_comments(examination, intake))
            written = True
        except Unreadable as trouble:
            said = spoken(Remark(trouble.code, words=trouble.words), str(path), None)
            examination = examination._replace(findings=(*examination.findings, said))
    if options.json:
        told = {**summary(path, examination), "document": str(output) if written else None}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(common.text(path, examination))
        print(f"已生成带批注的文档：{output}" if written else "没有生成带批注的文档。")
    return status(examination)


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
