"""The `perfxl` command: the only module that prints. Words for people go to standard error when JSON is asked for."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from perfxl import __version__, carrying, catalog, doors, reading
from perfxl.batch import words
from perfxl.checks.finding import Finding, catalogue
from perfxl.data import DataFault, dumps, loads
from perfxl.desk import (
    DONE,
    OUR_FAULT,
    WRONG_COMMAND,
    WRONG_SURROUNDINGS,
    WrongCommand,
    examine_file,
    fault_sentence,
    status,
)
from perfxl.desk import summary as workbook_summary
from perfxl.files import Surroundings, make_folder, write
from perfxl.pipeline import Examination, document, mended
from perfxl.profile import ProfileFault

if TYPE_CHECKING:  # most commands have no use for it, and it takes its time to load
    from perfxl.press import Finished, Press
    from perfxl.workbook.buttons import Macros


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongCommand(f"命令写得不对（{_in_chinese(message)}）。\n{self.format_usage().strip()}")


def _in_chinese(message: str) -> str:
    for english, chinese in (
        ("the following arguments are required: ", "缺少："),
        ("unrecognized arguments: ", "不认识："),
        ("invalid choice: ", "没有这一项："),
        ("expected one argument", "后面要有一个值"),
        ("invalid int value: ", "应是整数："),
        ("argument ", ""),
        ("choose from ", "可选："),
    ):
        message = message.replace(english, chinese)
    return message


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    0 done, warnings allowed; 1 errors in what was filled in; 2 the command's own words; 3 the surroundings; 4 ours.
    """
    for stream in (sys.stdout, sys.stderr):
        # Without a console (pythonw) there are no streams.
        if stream is not None and not stream.isatty() and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        options = _parser().parse_args(arguments)
        outcome = int(options.run(options))
        if sys.stdout is not None:
            # Here rather than at exit, where nobody could say that the reader of our output has left.
            sys.stdout.flush()
        return outcome
    except (WrongCommand, DataFault, ProfileFault) as trouble:
        print(trouble, file=sys.stderr)
        return WRONG_COMMAND
    except Surroundings as trouble:
        print(trouble, file=sys.stderr)
        return WRONG_SURROUNDINGS
    except BrokenPipeError:
        # Whoever read our output (head, a pager) has left; a second error while flushing would only add noise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return WRONG_SURROUNDINGS
    except Exception as fault:  # noqa: BLE001 - the last door: whatever is left is a fault of ours, and is told as one
        if os.environ.get("PERFXL_DEBUG"):
            traceback.print_exc()
        print(fault_sentence(fault), file=sys.stderr)
        return OUR_FAULT


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="perfxl", description="从绩效填报表（Excel）到检查意见和 Word 文档。", add_help=False)
    _help(parser)
    parser.add_argument("--version", action="version", version=f"perfxl {__version__}", help="显示版本")
    parser.add_argument("--types", metavar="文件夹", type=Path, help="文种所在的文件夹（默认用自带的文种）")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Parser)

    new = _command(commands, "new", _new, "生成空白填报表")
    new.add_argument("type", metavar="文种")
    new.add_argument("-o", dest="output", metavar="文件", type=Path, help="保存为（默认用文种的名称）")
    new.add_argument("--projects", metavar="个数", type=int, default=3, help="项目工作表的个数（默认3）")
    new.add_argument("--year", metavar="年度", type=int, help="预算年度")

    check = _command(commands, "check", _check, "检查填报表，列出每一处问题")
    check.add_argument("files", metavar="填报表", type=Path, nargs="+")
    check.add_argument("--fix", action="store_true", help="把能自动改正的改好，存成 -o 指定的新填报表")
    check.add_argument("-o", dest="output", metavar="新文件.xlsx", type=Path, help="改好的新填报表")
    check.add_argument("--plan", metavar="批复的填报表", type=Path, help="同时与批复的绩效目标比较")
    _profile_option(check)
    check.add_argument("--json", action="store_true", help="输出 JSON")

    report = _command(commands, "report", _report, "检查并生成 Word 文档")
    report.add_argument("files", metavar="填报表", type=Path, nargs="+")
    report.add_argument(
        "-o", dest="output", metavar="文件.docx", type=Path, help="保存为（默认在填报表旁边）；几份填报表时是文件夹"
    )
    report.add_argument("--draft", action="store_true", help="有错误也生成，页眉印“草稿”")
    _print_options(report, "auto")
    _profile_option(report)
    report.add_argument("--json", action="store_true", help="输出 JSON")

    batch = _command(commands, "batch", _batch, "把一个文件夹里的填报表全部生成，只做有变化的")
    words.add(batch)
    _print_options(batch, "estimate")
    _profile_option(batch)

    data = _command(commands, "data", _data, "把填报表的内容输出为 JSON")
    data.add_argument("file", metavar="填报表", type=Path)

    fill = _command(commands, "fill", _fill, "用 JSON 数据生成填好的填报表")
    fill.add_argument("type", metavar="文种")
    fill.add_argument("data", metavar="数据.json", help="“-”表示标准输入")
    fill.add_argument("-o", dest="output", metavar="文件", type=Path, required=True, help="保存为")

    carrying.add(commands, _command, lambda job, options: int(job(options, _home(options), _tell)))
    doors.add(commands, _command, lambda job, options: int(job(options, _home(options), _tell)))

    types = _command(commands, "types", _types, "列出文种")
    types.add_argument("--json", action="store_true", help="输出 JSON")

    doctor = _command(commands, "doctor", _doctor, "看看这台机器：办公软件、字体、写入权限")
    doctor.add_argument("--json", action="store_true", help="输出 JSON")

    explain = _command(commands, "explain", _explain, "解释一个问题代码")
    explain.add_argument("code", metavar="代码", type=str.upper)
    explain.add_argument("--json", action="store_true", help="输出 JSON")
    return parser


def _help(parser: argparse.ArgumentParser) -> None:
    parser._positionals.title = "要写的"
    parser._optionals.title = "可写的"
    parser.add_argument("-h", "--help", action="help", help="显示这份说明")


def _print_options(parser: argparse.ArgumentParser, contents: str) -> None:
    parser.add_argument("--pdf", action="store_true", help="同时生成 PDF（需要 LibreOffice 或 Word）")
    about = f"目录：off 不要，estimate 页码用估算的，auto 页码由 LibreOffice 或 Word 排出（默认 {contents}）"
    parser.add_argument("--contents", choices=("off", "estimate", "auto"), default=contents, help=about)


def _profile_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="配置", help="按哪个规则配置检查：名称，或者配置文件")


def _command(commands: Any, name: str, run: Any, about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about, add_help=False)
    _help(parser)
    parser.set_defaults(run=run)
    return parser


def _home(options: argparse.Namespace) -> Path:
    return options.types or catalog.home()


def _type(options: argparse.Namespace) -> catalog.ReportType:
    home = _home(options)
    known = catalog.available(home)
    if options.type not in known:
        raise WrongCommand(f"没有文种“{options.type}”，现有：{'、'.join(known)}。")
    return catalog.load(home, options.type)


def _examine(path: Path, options: argparse.Namespace) -> Examination:
    return examine_file(path, _home(options), getattr(options, "profile", None) or "")


def _text(path: Path, examination: Examination) -> str:
    terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size().columns if terminal else 0
    return reading.text(str(path), examination, colour=terminal and "NO_COLOR" not in os.environ, width=columns)


def _check(options: argparse.Namespace) -> int:
    if options.fix or options.output is not None:
        return _fix(options)
    results = [(path, _examine(path, options)) for path in options.files]
    if options.plan is not None:
        home = _home(options)
        results = [(path, carrying.compared(found, path, options.plan, home)) for path, found in results]
    if options.json:
        summaries = [workbook_summary(path, examination) for path, examination in results]
        print(json.dumps(summaries if len(summaries) > 1 else summaries[0], ensure_ascii=False, indent=2))
    else:
        for path, examination in results:
            print(_text(path, examination))
    return max(status(examination) for _, examination in results)


def _fix(options: argparse.Namespace) -> int:
    """Write a new workbook with the safe repairs made; the one that was checked stays as it is."""
    path, output = options.files[0], options.output
    if not options.fix or output is None:
        raise WrongCommand("自动改正要同时写 --fix 和 -o 新文件.xlsx；原来的文件不会改动。")
    if len(options.files) > 1:
        raise WrongCommand("自动改正一次只能处理一份填报表。")
    if _workbook_path(output).exists() and path.exists() and output.samefile(path):
        raise WrongCommand("新文件不能就是原来的文件，请换一个文件名。")
    examination = _examine(path, options)
    mending = mended(examination, _macros(output))
    if mending is not None:
        write(output, mending.workbook)
    left = mending.left if mending else examination
    if options.json:
        repairs = [change.as_json() for change in mending.changes] if mending else []
        rest = {"errors": left.errors, "warnings": left.warnings}
        workbook = str(output) if mending else None
        summary = {**workbook_summary(path, examination), "workbook": workbook, "repairs": repairs, "remaining": rest}
        print(json.dumps(summary, ensure_ascii=False, indent=2))
    elif mending is None:
        print(_text(path, examination))
        print("没有可以自动改正的地方，没有生成新的填报表。")
    else:
        print(reading.changes(str(output), examination.findings, mending))
    return status(left)


def _report(options: argparse.Namespace) -> int:
    several = len(options.files) > 1
    folder: Path | None = options.output if several else None
    if folder is not None:
        make_folder(folder)
    summaries, statuses = [], []
    from perfxl.press import Press

    with Press(warm=several) as printer:
        for path in options.files:
            beside = path.with_suffix(".docx")
            output = (folder / beside.name if folder else beside) if several else (options.output or beside)
            summary, outcome = _one_report(path, output, options, printer)
            summaries.append(summary)
            statuses.append(outcome)
    if options.json:
        print(json.dumps(summaries if several else summaries[0], ensure_ascii=False, indent=2))
    return max(statuses)


def _one_report(path: Path, output: Path, options: argparse.Namespace, printer: Press) -> tuple[dict[str, Any], int]:
    if output.suffix.lower() != ".docx":
        raise WrongCommand(f"Word 文档的文件名应以 .docx 结尾，现在是“{output.name}”。")
    examination = _examine(path, options)
    lost: Sequence[Finding] = ()
    written = False
    finished: Finished | None = None
    if examination.record is not None and (options.draft or not examination.errors):
        assert examination.report_type is not None
        look = examination.profile.layout if examination.profile else ""
        with_contents = options.contents != "off"
        result, lost = document(
            examination.record, examination.report_type, draft=options.draft, contents=with_contents, layout=look
        )
        if not lost:
            finished = printer.finish(result, contents=options.contents, pdf=options.pdf)
            write(output, finished.document)
            if finished.pdf is not None:
                write(output.with_suffix(".pdf"), finished.pdf)
            written = True
    examination = Examination((*examination.findings, *lost), examination.report_type, examination.record)
    if not options.json:
        print(_text(path, examination))
        print(f"已生成：{output}" if written else "没有生成 Word 文档：请先改正上面的错误（或加 --draft 生成草稿）。")
        if finished and finished.pdf is not None:
            print(f"已生成：{output.with_suffix('.pdf')}")
        for note in finished.notes if finished else ():
            print(note)
    if finished and finished.trouble:
        print(finished.trouble, file=sys.stderr)
    summary = {**workbook_summary(path, examination), "document": str(output) if written else None}
    if finished:
        summary["pdf"] = str(output.with_suffix(".pdf")) if finished.pdf is not None else None
        summary["contents"] = finished.source or None
        summary["notes"] = list(finished.notes)
        return summary, WRONG_SURROUNDINGS if finished.trouble else DONE
    return summary, OUR_FAULT if lost else status(examination)


def _batch(options: argparse.Namespace) -> int:
    from perfxl.batch import telling

    return telling.batch(options, _home(options), print)


def _tell(sentence: str) -> None:
    # At once, because whoever watches a folder waits for it.
    print(sentence, flush=True)


def _data(options: argparse.Namespace) -> int:
    examination = _examine(options.file, options)
    if examination.record is None:
        print(reading.text(str(options.file), examination, colour=sys.stderr.isatty()), file=sys.stderr)
        return status(examination)
    print(dumps(examination.record.values))
    return DONE


def _workbook_path(output: Path) -> Path:
    if output.suffix.lower() not in (".xlsx", ".xlsm"):
        raise WrongCommand(f"填报表的文件名应以 .xlsx 或 .xlsm（带按钮）结尾，现在是“{output.name}”。")
    return output


def _macros(output: Path) -> Macros | None:
    """Return the macros for a workbook that may hold them."""
    from perfxl.workbook.buttons import load

    return load(catalog.home()) if output.suffix.lower() == ".xlsm" else None


def _new(options: argparse.Namespace) -> int:
    from perfxl.workbook.form import write as form

    report_type = _type(options)
    if not 1 <= options.projects <= 200:
        raise WrongCommand("项目工作表的个数应在1到200之间。")
    output = _workbook_path(options.output or Path(report_type.title + ".xlsx"))
    values = {**report_type.preset, "fiscal_year": options.year} if options.year is not None else None
    write(output, form(report_type, values, copies=options.projects, macros=_macros(output)))
    print(f"已生成：{output}")
    return DONE


def _fill(options: argparse.Namespace) -> int:
    from perfxl.workbook.form import write as form

    report_type = _type(options)
    output = _workbook_path(options.output)
    if options.data == "-":
        text = sys.stdin.buffer.read()
    else:
        try:
            text = Path(options.data).read_bytes()
        except OSError as error:
            raise WrongCommand(f"读不到数据文件“{options.data}”。") from error
    write(output, form(report_type, loads(text, report_type), macros=_macros(output)))
    print(f"已生成：{output}")
    return DONE


def _types(options: argparse.Namespace) -> int:
    home = _home(options)
    known = [catalog.load(home, type_id) for type_id in catalog.available(home)]
    if options.json:
        rows = [{"id": known_type.id, "title": known_type.title, "version": known_type.version} for known_type in known]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for known_type in known:
            print(f"{known_type.id}\t{known_type.title}（第{known_type.version}版）")
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    from perfxl import doctor

    found = doctor.symptoms(Path.cwd(), sorted((_home(options) / "templates").glob("*.docx")))
    if options.json:
        rows = [{"name": each.name, "well": each.well, "sentence": each.sentence} for each in found]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print(doctor.text(found))
    return DONE


def _explain(options: argparse.Namespace) -> int:
    entry = catalogue().get(options.code)
    if entry is None:
        raise WrongCommand(f"没有代码“{options.code}”。")
    if options.json:
        print(json.dumps({name: getattr(entry, name) for name in entry.__slots__}, ensure_ascii=False, indent=2))
    else:
        print(reading.explanation(entry))
    return DONE
