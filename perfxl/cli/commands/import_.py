"""`perfxl import`: documents that units sent as Word or PDF, and exports of other systems, read into workbooks."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.cli.commands import common
from perfxl.pipeline.exit_status import DONE, WRONG_COMMAND, WRONG_INPUT, WRONG_SURROUNDINGS, WrongCommand
from perfxl.storage.files import make_folder, write

if TYPE_CHECKING:
    from perfxl.pipeline.document_intake import Intake

_LEFT_SHOWN = 20


def words(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files",
        metavar="文档",
        type=Path,
        nargs="+",
        help="Word、WPS、RTF 文档，或者有文字的 PDF；有 --map 时是导出的表",
    )
    parser.add_argument(
        "-o", dest="output", metavar="文件", type=Path, required=True, help="保存为填报表；几份文档时是文件夹"
    )
    parser.add_argument("--type", metavar="文种", default="", help="文种，不写就由文档的内容决定")
    parser.add_argument("--year", metavar="年度", type=int, help="年度，不写就由文档的标题、项目编码决定")
    about = "读别的系统导出的 .xlsx、.csv、.json：这个 JSON 文件说明哪一列是哪个栏目"
    parser.add_argument("--map", metavar="映射", type=Path, help=about)
    common.json_option(parser)


def run(options: Namespace) -> int:
    if options.year is not None and not 2000 <= options.year <= 2099:
        raise WrongCommand(f"年度应是2000到2099之间的四位数字，现在是“{options.year}”。")
    if options.map:
        return _run_exports(options)
    type_id = common.report_type(options).id if options.type else ""
    told, outcomes = [], []
    targets = _targets(options)
    for path, output in targets:
        said, outcome = _one(path, output, type_id, options)
        told.append(said)
        outcomes.append(outcome)
    if options.json:
        print(json.dumps(told if len(targets) > 1 else told[0], ensure_ascii=False, indent=2))
    return max(outcomes)


def _targets(options: Namespace) -> list[tuple[Path, Path]]:
    """Return each document with the workbook that is made of it; two of one name get their whole names."""
    output: Path = options.output
    if len(options.files) == 1 and output.suffix.lower() in (".xlsx", ".xlsm") and not output.is_dir():
        common.require_another(output, options.files[0])
        return [(options.files[0], output)]
    if output.suffix.lower() in (".xlsx", ".xlsm"):
        raise WrongCommand(f"有{len(options.files)}份文档，-o 后面应是文件夹，现在是“{output.name}”。")
    make_folder(output)
    stems = [path.stem.casefold() for path in options.files]
    named: list[tuple[Path, Path]] = []
    used: set[str] = set()
    for path in options.files:
        stem = path.stem if stems.count(path.stem.casefold()) == 1 else path.name
        name, number = stem, 2
        while name.casefold() in used:
            name, number = f"{stem}({number})", number + 1
        used.add(name.casefold())
        named.append((path, output / f"{name}.xlsx"))
    return named


def _one(path: Path, output: Path, type_id: str, options: Namespace) -> tuple[dict[str, Any], int]:
    """Return the report on one document as JSON has it, and its exit status."""
    from perfxl.pipeline.document_file import read_document
    from perfxl.pipeline.document_intake import take_in

    data = read_document(path)
    if isinstance(data, bytes):
        intake = take_in(
            data, str(path), common.home(options), type_id=type_id, year=options.year, macros=common.macros(output)
        )
    else:
        from perfxl.pipeline.document_intake import Intake

        intake = Intake((data,))
    if intake.reading is None:
        return _summary(path, None, intake), _told(path, intake, options)
    write(output, intake.workbook)
    if not options.json:
        _print(path, output, intake)
    return _summary(path, output, intake), DONE


def _told(path: Path, intake: Intake, options: Namespace) -> int:
    """Say why nothing came of a file, and return the exit status."""
    finding = intake.findings[0]
    if not options.json:
        print(f"{path}\n  {finding.message}\n  → {finding.hint}")
    outcome = {"F01": WRONG_COMMAND, "F06": WRONG_SURROUNDINGS, "W05": WRONG_SURROUNDINGS}
    return outcome.get(finding.code, WRONG_INPUT)


def _run_exports(options: Namespace) -> int:
    """Read all files together, and write a workbook for every unit and year."""
    from perfxl.pipeline.document_file import read_document
    from perfxl.pipeline.document_intake import Intake
    from perfxl.pipeline.export_intake import load_mapping, take_in_exports

    if options.type:
        raise WrongCommand("文种写在映射文件的 document_type 里，不用写 --type。")
    mapping = load_mapping(options.map, common.home(options))
    files: list[tuple[str, bytes]] = []
    for path in options.files:
        data = read_document(path)
        if not isinstance(data, bytes):
            intake = Intake((data,))
            if options.json:
                print(json.dumps(_summary(path, None, intake), ensure_ascii=False, indent=2))
            return _told(path, intake, options)
        files.append((str(path), data))
    output: Path = options.output
    one = output.suffix.lower() in (".xlsx", ".xlsm") and not output.is_dir()
    for path in options.files if one else ():
        common.require_another(output, path)
    found = take_in_exports(
        files, mapping, common.home(options), year=options.year, macros=common.macros(output) if one else None
    )
    if found.trouble is not None:
        if options.json:
            print(json.dumps(_summary(Path(found.file), None, found.trouble), ensure_ascii=False, indent=2))
        return _told(Path(found.file), found.trouble, options)
    if one and len(found.workbooks) > 1:
        names = "、".join(name for name, _ in found.workbooks[:5])
        raise WrongCommand(
            f"导出的表里有{len(found.workbooks)}份填报表（{names}），-o 后面应是文件夹，现在是“{output.name}”。"
        )
    if not one:
        make_folder(output)
    told = []
    for name, intake in found.workbooks:
        target = output if one else output / f"{name}.xlsx"
        write(target, intake.workbook)
        source = options.files[0] if len(options.files) == 1 else Path("、".join(path.name for path in options.files))
        if not options.json:
            _print(source, target, intake)
        told.append(_summary(source, target, intake))
    if options.json:
        print(json.dumps(told if len(told) > 1 else told[0], ensure_ascii=False, indent=2))
    return DONE


def _print(path: Path, output: Path, intake: Intake) -> None:
    from perfxl.pipeline.document_intake import summary_of

    assert intake.reading is not None
    reading = intake.reading
    print(f"{path}\n  文种：{reading.report_type.title}")
    if reading.year_field and (year := intake.values.get(reading.year_field)):
        supposed = f"（按{intake.year_guessed}推定，不对就用 --year 写明）" if intake.year_guessed else ""
        print(f"  年度：{year}{supposed}")
    print(f"  {summary_of(reading.account, reading.left)}")
    for each in reading.left[:_LEFT_SHOWN]:
        text = " ".join(each.text.split())
        print(f"    {each.place.sheet} {each.place.cell}  {text[:60]}{'……' if len(text) > 60 else ''}")
    if len(reading.left) > _LEFT_SHOWN:
        print(f"    还有 {len(reading.left) - _LEFT_SHOWN} 处，见工作表“没有归入的内容”。")
    print(f"已生成：{output}")
    sys.stdout.flush()


def _summary(path: Path, output: Path | None, intake: Intake) -> dict[str, Any]:
    reading = intake.reading
    told: dict[str, Any] = {
        "file": str(path),
        "document_type": reading.report_type.id if reading else None,
        "workbook": str(output) if output else None,
        "findings": [finding.as_json() for finding in intake.findings],
    }
    if reading is not None:
        account = reading.account
        told |= {
            "fiscal_year": intake.values.get(reading.year_field) if reading.year_field else None,
            "characters": account.characters,
            "placed": round(account.placed, 1) if account.left == 0 else min(round(account.placed, 1), 99.9),
            "left": [
                {"text": each.text, "sheet": each.place.sheet, "cell": each.place.cell, "page": each.piece.page or None}
                for each in reading.left
            ],
        }
    return told
