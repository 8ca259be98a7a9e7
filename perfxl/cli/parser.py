"""The words of the commands as people write them."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from perfxl import __version__
from perfxl.pipeline.exit_status import WrongCommand

COMMANDS = {
    "new": "生成空白填报表",
    "check": "检查填报表，列出每一处问题",
    "report": "检查并生成 Word 文档",
    "batch": "把一个文件夹里的填报表全部生成，只做有变化的",
    "import": "把 Word、WPS、PDF 的绩效文本、自评报告读进填报表",
    "data": "把填报表的内容输出为 JSON",
    "fill": "用 JSON 数据生成填好的填报表",
    "compare": "比较两份填报表或 Word 文档，列出每一处修改",
    "volume": "把各单位的 Word 文档合订成一份汇编，一个目录",
    "verify": "核对文档：是不是还和生成时一样，是不是用这份填报表做的",
    "carry": "用这份填报表开始下一步：自评，或者下一年的填报表",
    "watch": "看着一个文件夹，里面每存一份填报表，旁边就生成文档和检查意见",
    "drop": "检查拖来的填报表，在旁边生成文档和检查意见，并打开看",
    "icon": "做一个图标，把填报表拖到上面就生成文档",
    "addin": "取出 Excel 加载项 perfxl.xlam（不带宏的填报表用它）",
    "console": "取出批量控制台：不用命令，点按钮批量生成的工作簿",
    "trust": "信任填报表旁边的 perfxl 文件夹，让按钮可以运行它",
    "types": "列出文种",
    "type": "自己做文种：由画好的表样生成，检查结构和模板",
    "doctor": "看看这台机器：办公软件、字体、写入权限",
    "explain": "解释一个问题代码",
}
"""What the help says of each command; the module of that name in `perfxl.commands` does it."""


_MODULES = {"import": "import_"}  # words of Python, which no module may have for its name
WORKBOOKS = (".xlsx", ".xlsm")


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **words: Any) -> None:
        super().__init__(formatter_class=_Formatter, **words)

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


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser for `words`. Of the commands only those named in them are loaded, for that takes its time."""
    whole = _Parser(prog="perfxl", description="从绩效填报表（Excel）到检查意见和 Word 文档。", add_help=False)
    _help(whole)
    whole.add_argument("--version", action="version", version=f"perfxl {__version__}", help="显示版本")
    whole.add_argument("--types", metavar="文件夹", type=Path, help="文种所在的文件夹（默认用自带的文种）")
    commands = whole.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Parser)
    command = _command(words)
    if command and command not in COMMANDS:
        raise WrongCommand(_no_such_command(command))
    named = [command] if command else []
    for name in named or COMMANDS:
        one = commands.add_parser(name, help=COMMANDS[name], description=COMMANDS[name], add_help=False)
        if name in named:
            _help(one)
            module = import_module(f"perfxl.cli.commands.{_MODULES.get(name, name)}")
            module.words(one)
            one.set_defaults(run=module.run)
    return whole


def _command(words: Sequence[str]) -> str:
    """Return the first word that is neither an option nor what `--types` names: the command, if it is one."""
    plain = [word for before, word in zip(("", *words), words, strict=False) if before != "--types" and word[:1] != "-"]
    return plain[0] if plain else ""


def _no_such_command(word: str) -> str:
    likely = difflib.get_close_matches(word, COMMANDS, 1)
    asked = f"，是不是“{likely[0]}”？" if likely else "。"
    return f"没有“{word}”这个命令{asked}\n现有：{'、'.join(COMMANDS)}；perfxl --help 有说明。"


def types_first(words: Sequence[str]) -> Sequence[str]:
    """Return the words with `--types` before the command, where it belongs but people do not look for it.

    Raises `WrongCommand` where no folder follows it.
    """
    rest, found = [], []
    waiting = False
    for word in words:
        if waiting:
            found.append(word)
            waiting = False
        elif word == "--types":
            waiting = True
        elif word.startswith("--types="):
            found.append(word.partition("=")[2])
        else:
            rest.append(word)
    if waiting:
        raise WrongCommand("--types 后面要写文种所在的文件夹，如：perfxl --types 文件夹 types")
    return [*(part for folder in found[-1:] for part in ("--types", folder)), *rest]


def with_command(words: Sequence[str]) -> Sequence[str]:
    """Return the words of a command: a workbook alone is to be checked, and nothing at all asks for help."""
    if not words:
        return ["--help"]
    at = 2 if words[0] == "--types" else 0
    if words[at:] and words[at].lower().endswith(WORKBOOKS):
        return [*words[:at], "check", *words[at:]]
    return words


def _help(parser: argparse.ArgumentParser) -> None:
    parser._positionals.title = "要写的"
    parser._optionals.title = "可写的"
    parser.add_argument("-h", "--help", action="help", help="显示这份说明")
