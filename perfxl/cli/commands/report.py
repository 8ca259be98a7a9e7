"""`perfxl report`: checks workbooks and writes their Word documents."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from perfxl.cli.commands import common
from perfxl.document.printing.printer import Finished, Press
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.exit_status import DONE, OUR_FAULT, WRONG_SURROUNDINGS, WrongCommand
from perfxl.pipeline.produce import TEMPLATE_LACKS, Product, produce
from perfxl.pipeline.workbook_file import status, summary
from perfxl.storage.files import make_folder, write


def words(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="填报表", type=Path, nargs="+")
    parser.add_argument(
        "-o", dest="output", metavar="文件.docx", type=Path, help="保存为（默认在填报表旁边）；几份填报表时是文件夹"
    )
    parser.add_argument("--draft", action="store_true", help="有错误也生成，页眉印“草稿”")
    common.print_options(parser, "auto")
    common.profile_option(parser)
    common.json_option(parser)


def run(options: Namespace) -> int:
    several = len(options.files) > 1
    folder: Path | None = options.output if several else None
    if folder is not None:
        make_folder(folder)
    summaries, statuses = [], []
    with Press(warm=several) as printer:
        for path in options.files:
            beside = path.with_suffix(".docx")
            output = (folder / beside.name if folder else beside) if several else (options.output or beside)
            told, outcome = _one(path, output, options, printer)
            summaries.append(told)
            statuses.append(outcome)
    if options.json:
        print(json.dumps(summaries if several else summaries[0], ensure_ascii=False, indent=2))
    return max(statuses)


def _one(path: Path, output: Path, options: Namespace, printer: Press) -> tuple[dict[str, Any], int]:
    """Return the report on one workbook as JSON has it, and its exit status."""
    if output.suffix.lower() != ".docx":
        raise WrongCommand(f"Word 文档的文件名应以 .docx 结尾，现在是“{output.name}”。")
    if common.is_document(path) and path.exists() and output.exists() and output.samefile(path):
        raise WrongCommand(f"新文档不能就是原来的文档，请用 -o 写明另一个文件名：“{path.name}”。")
    examination = common.examine(path, options)
    product = produce(examination, draft=options.draft, contents=options.contents != "off")
    finished: Finished | None = None
    if product.document is not None:
        finished = printer.finish(product.document, contents=options.contents, pdf=options.pdf)
        write(output, finished.document)
        if finished.pdf is not None:
            write(output.with_suffix(".pdf"), finished.pdf)
    examination = Examination(product.findings, examination.report_type, examination.record)
    if not options.json:
        print(common.text(path, examination))
        print(f"已生成：{output}" if finished else _kept_back(product))
        if finished and finished.pdf is not None:
            print(f"已生成：{output.with_suffix('.pdf')}")
        for note in finished.notes if finished else ():
            print(note)
    if finished and finished.trouble:
        print(finished.trouble, file=sys.stderr)
    told = {**summary(path, examination), "document": str(output) if finished else None}
    if finished:
        told["pdf"] = str(output.with_suffix(".pdf")) if finished.pdf is not None else None
        told["contents"] = finished.source or None
        told["notes"] = list(finished.notes)
        return told, WRONG_SURROUNDINGS if finished.trouble else DONE
    return told, OUR_FAULT if product.lost else status(examination)


def _kept_back(product: Product) -> str:
    if product.lost:
        return f"没有生成 Word 文档：{TEMPLATE_LACKS}"
    return "没有生成 Word 文档：请先改正上面的错误（或加 --draft 生成草稿）。"
