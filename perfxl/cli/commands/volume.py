"""`perfxl volume`: the documents of many units as one."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from perfxl.batch.volume import write_volume
from perfxl.cli.commands import common
from perfxl.document.printing.printer import AUTO, ESTIMATE
from perfxl.document.volume.binding import LEVELS
from perfxl.pipeline.exit_status import DONE, WRONG_COMMAND, WRONG_SURROUNDINGS, WrongCommand


def words(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="文件夹", type=Path, help="各单位的 Word 文档所在的文件夹（含子文件夹）")
    parser.add_argument("-o", dest="output", metavar="汇编.docx", type=Path, required=True, help="保存为")
    parser.add_argument(
        "--order", metavar="次序", type=Path, help="单位的次序：一行一个编码或名称（.xlsx、.csv、.txt）"
    )
    parser.add_argument("--title", metavar="题目", default="", help="封面的题目（默认由各文档的题目得出）")
    parser.add_argument(
        "--levels", metavar="层数", type=int, choices=(1, 2, 3), default=LEVELS, help="目录列几层（默认3）"
    )
    parser.add_argument("--force", action="store_true", help="同名的文档不是本程序生成的、或者被人改过，也覆盖")
    common.print_options(parser, "auto")
    common.json_option(parser)


def run(options: Namespace) -> int:
    folder, output = options.folder, options.output
    if output.suffix.lower() != ".docx":
        raise WrongCommand(f"汇编的文件名应以 .docx 结尾，现在是“{output.name}”。")
    if not folder.is_dir():
        raise WrongCommand(f"文件夹“{folder}”不存在。")
    volume = write_volume(
        folder, output, order=options.order, title=options.title, levels=options.levels,
        contents=AUTO if options.contents != ESTIMATE else ESTIMATE, pdf=options.pdf, force=options.force,
    )  # fmt: skip
    if options.json:
        told = {
            "document": str(volume.document),
            "pdf": str(volume.pdf) if volume.pdf else None,
            "contents": volume.source or None,
            "documents": list(volume.titles),
            "notes": list(volume.notes),
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"已生成：{volume.document}（{len(volume.titles)} 份）")
        if volume.pdf is not None:
            print(f"已生成：{volume.pdf}")
        for note in volume.notes:
            print(note)
    if volume.trouble:
        print(volume.trouble, file=sys.stderr)
        return WRONG_SURROUNDINGS
    return DONE if volume.complete else WRONG_COMMAND
