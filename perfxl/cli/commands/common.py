"""What several commands ask for and do."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.pipeline import own_types
from perfxl.pipeline.exit_status import WrongCommand
from perfxl.pipeline.workbook_file import examine_file
from perfxl.report_type import catalog
from perfxl.report_type.model import ReportType

if TYPE_CHECKING:  # only who examines or writes a workbook needs them
    from perfxl.pipeline.examine import Examination
    from perfxl.workbook.macros.form_buttons import Macros


def home(options: Namespace) -> Path:
    """Return the folder of the report types. Raises `WrongCommand` where there is none of that name."""
    if options.types is None:
        return catalog.home()
    folder: Path = options.types
    if not folder.is_dir():
        raise WrongCommand(f"没有文件夹“{folder}”（--types 后面写文种所在的文件夹，里面有 schemas 和 templates）。")
    return folder


def type_id_named(folder: Path, wanted: str) -> str:
    """Return the id of the type that is called `wanted`, by its id or its title. Raises `WrongCommand`."""
    if wanted in catalog.available(folder):
        return wanted
    titles = {each.title: each.id for each in catalog.every(folder)}
    if wanted not in titles:
        from perfxl.model.author_note import likely

        broken = "".join(f"\n“{type_id}”不能用，请运行 perfxl type check" for type_id, _ in catalog.broken(folder))
        names = "、".join(f"{type_id}（{title}）" for title, type_id in titles.items())
        asked = likely(wanted, [*titles, *titles.values()])
        asked = asked if asked.startswith("是不是") else ""
        raise WrongCommand(f"没有文种“{wanted}”，{asked}现有：{names}。{broken}")
    return titles[wanted]


def report_type(options: Namespace) -> ReportType:
    """Return the type that is asked for. Raises `WrongCommand` where there is none of that name, and `TypeFault`."""
    folder = home(options)
    return own_types.load(folder, type_id_named(folder, options.type))


def profile_option(parser: ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="配置", default="", help="按哪个规则配置检查：名称，或者配置文件")


def print_options(parser: ArgumentParser, contents: str) -> None:
    """Add what decides on 目录 and PDF; `contents` is the way of numbering that holds if nobody asks for another."""
    parser.add_argument("--pdf", action="store_true", help="同时生成 PDF（需要 LibreOffice 或 Word）")
    about = f"目录：off 不要，estimate 页码用估算的，auto 页码由 LibreOffice 或 Word 排出（默认 {contents}）"
    parser.add_argument("--contents", choices=("off", "estimate", "auto"), default=contents, help=about)


def html_option(parser: ArgumentParser) -> None:
    parser.add_argument("--html", action="store_true", help="同时生成网页片段（.html），可以放进单位的网站")


def json_option(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def examine(path: Path, options: Namespace) -> Examination:
    """Return what came of the workbook or the document at `path`, by the profile that is asked for."""
    if is_document(path):
        from perfxl.pipeline.document_file import examine_document_file

        return examine_document_file(path, home(options), options.profile)[0]
    return examine_file(path, home(options), options.profile)


def is_document(path: Path) -> bool:
    """Whether people take the file for a Word document or a PDF, by its name."""
    from perfxl.document_import.file_kinds import SUFFIXES

    return path.suffix.lower() in SUFFIXES


def text(path: Path, examination: Examination) -> str:
    """Return the findings on a workbook, as wide and as colourful as the terminal allows."""
    import shutil

    from perfxl.cli import findings_text

    terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size().columns if terminal else 0
    return findings_text.text(str(path), examination, colour=terminal and "NO_COLOR" not in os.environ, width=columns)


def workbook_path(output: Path) -> Path:
    """Return `output` if a workbook may have that name; raises `WrongCommand` if not."""
    if output.suffix.lower() not in (".xlsx", ".xlsm"):
        raise WrongCommand(f"填报表的文件名应以 .xlsx 或 .xlsm（带按钮）结尾，现在是“{output.name}”。")
    return output


def require_another(output: Path, source: Path) -> None:
    """Raise `WrongCommand` unless a workbook may have the name `output`, and it is not `source` itself."""
    if workbook_path(output).exists() and source.exists() and output.samefile(source):
        raise WrongCommand("新文件不能就是原来的文件，请换一个文件名。")


def macros(output: Path) -> Macros | None:
    """Return the macros for a workbook that may hold them."""
    from perfxl.workbook.macros.form_buttons import load

    return load(catalog.home()) if output.suffix.lower() == ".xlsm" else None
