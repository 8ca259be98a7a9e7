"""`perfxl report`: checks workbooks and writes their Word documents."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from perfxl.cli.commands import common
from perfxl.document.html_fragment import fragment
from perfxl.document.printing.printer import Finished, Press
from perfxl.model.finding import counted
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.exit_status import DONE, WRONG_COMMAND, WRONG_SURROUNDINGS, WrongCommand
from perfxl.pipeline.placing import ResultPlace, place
from perfxl.pipeline.produce import TEMPLATE_LACKS, Product, produce
from perfxl.pipeline.workbook_file import status, summary
from perfxl.storage.files import make_folder, write


def words(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="填报表", type=Path, nargs="+")
    parser.add_argument(
        "-o", dest="output", metavar="文件.docx", type=Path, help="保存为（默认在填报表旁边）；几份填报表时是文件夹"
    )
    parser.add_argument("--draft", action="store_true", help="有错误也生成，页眉印“草稿”")
    parser.add_argument("--force", action="store_true", help="同名的文档不是本程序生成的、或者被人改过，也覆盖")
    common.print_options(parser, "auto")
    common.html_option(parser)
    common.profile_option(parser)
    common.json_option(parser)


def run(options: Namespace) -> int:
    several = len(options.files) > 1
    folder: Path | None = options.output if several else None
    if folder is not None:
        make_folder(folder)
    summaries, statuses = [], []
    taken: set[Path] = set()
    with Press(warm=several) as printer:
        for path in options.files:
            beside = path.with_suffix(".docx")
            output = (folder / beside.name if folder else beside) if several else (options.output or beside)
            told, outcome = _one(path, output, options, printer, taken)
            summaries.append(told)
            statuses.append(outcome)
    if options.json:
        print(json.dumps(summaries if several else summaries[0], ensure_ascii=False, indent=2))
    elif several:
        made = sum(told["document"] is not None for told in summaries)
        for note in dict.fromkeys(note for told in summaries for note in told.get("notes", ())):
            print(note)
        print(f"\n共 {len(summaries)} 份，生成了 {made} 份。问题在哪一格、怎么改，请看：perfxl check 填报表")
    return max(statuses)


def _one(path: Path, output: Path, options: Namespace, printer: Press, taken: set[Path]) -> tuple[dict[str, Any], int]:
    """Return the report on one workbook as JSON has it, and its exit status.

    `taken` are the files that this command has written, and those of this workbook are added.
    """
    if output.suffix.lower() != ".docx":
        raise WrongCommand(f"Word 文档的文件名应以 .docx 结尾，现在是“{output.name}”。")
    if common.is_document(path) and path.exists() and output.exists() and output.samefile(path):
        raise WrongCommand(f"新文档不能就是原来的文档，请用 -o 写明另一个文件名：“{path.name}”。")
    examination = common.examine(path, options)
    product = produce(examination, draft=options.draft, contents=options.contents != "off")
    finished: Finished | None = None
    document = pdf = html = None
    if product.document is not None:
        finished = printer.finish(product.document, contents=options.contents, pdf=options.pdf)
        document = _written(output, finished.document, options, taken)
        if finished.pdf is not None:
            pdf = _written(document.path.with_suffix(".pdf"), finished.pdf, options, taken)
        if options.html:
            html = _written(document.path.with_suffix(".html"), fragment(finished.document), options, taken)
    notes = [one.sentence for one in (document, pdf, html) if one and one.sentence]
    notes += finished.notes if finished else ()
    examination = Examination(product.findings, examination.report_type, examination.record)
    if not options.json:
        several = len(options.files) > 1
        found = counted(examination.findings) or "没有发现问题"
        print(f"{path}  {found}" if several else common.text(path, examination))
        print(f"已生成：{document.path}" if document else _kept_back(product))
        for one in (pdf, html):
            if one is not None:
                print(f"已生成：{one.path}")
        for note in () if several else notes:
            print(note)
    if finished and finished.trouble:
        print(finished.trouble, file=sys.stderr)
    told = {**summary(path, examination), "document": str(document.path) if document else None}
    if finished:
        told["pdf"] = str(pdf.path) if pdf else None
        told["html"] = str(html.path) if html else None
        told["contents"] = finished.source or None
        told["notes"] = notes
        return told, WRONG_SURROUNDINGS if finished.trouble else DONE
    return told, WRONG_COMMAND if product.lost else status(examination)


def _written(wanted: Path, data: bytes, options: Namespace, taken: set[Path]) -> ResultPlace:
    """Write a result where it may stand, and return where that is. Raises `Surroundings`."""
    found = place(wanted, taken=taken, force=options.force)
    write(found.path, data)
    taken.add(found.path)
    return found


def _kept_back(product: Product) -> str:
    """Return why there is no document."""
    if product.lost:
        return f"没有生成 Word 文档：{TEMPLATE_LACKS}"
    return "没有生成 Word 文档：请先改正上面的错误（或加 --draft 生成草稿）。"
