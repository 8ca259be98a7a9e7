"""`perfxl compare`: what changed from one version to another."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.cli.commands import common
from perfxl.pipeline.comparison import change_text
from perfxl.pipeline.comparison.changes import Change
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.exit_status import DONE, WRONG_INPUT, WrongCommand
from perfxl.pipeline.produce import produce
from perfxl.pipeline.workbook_file import status
from perfxl.storage.files import write

_WORD = ".docx"
_OUTPUTS = (".xlsx", _WORD)


def words(parser: ArgumentParser) -> None:
    parser.add_argument("old", metavar="旧", type=Path, help="原来的填报表（或 Word 文档）")
    parser.add_argument("new", metavar="新", type=Path, help="现在的填报表（或 Word 文档）")
    parser.add_argument(
        "-o", dest="output", metavar="文件", type=Path,
        help="保存为：.xlsx 是修改对照表，.docx 是带修订的 Word 文档，可以逐处接受或拒绝",
    )  # fmt: skip
    common.profile_option(parser)
    common.json_option(parser)


class _Version(NamedTuple):
    """One side of the comparison: a Word document, or a workbook and what came of it."""

    path: Path
    word: bytes = b""
    examination: Examination | None = None


def run(options: Namespace) -> int:
    output: Path | None = options.output
    if output is not None and output.suffix.lower() not in _OUTPUTS:
        raise WrongCommand(f"结果的文件名应以 .xlsx 或 .docx 结尾，现在是“{output.name}”。")
    kinds = {path.suffix.lower() == _WORD for path in (options.old, options.new)}
    if len(kinds) > 1:
        raise WrongCommand("请比较两份填报表，或者两份 Word 文档；一份填报表和一份 Word 文档请用 perfxl verify 核对。")
    old, new = (_version(path, options) for path in (options.old, options.new))
    for version in (old, new):
        if version.examination is not None and version.examination.record is None:
            for finding in version.examination.findings:
                print(f"{version.path}：{finding.message}{finding.hint}")
            return status(version.examination) or WRONG_INPUT
    found = _changes(old, new)
    if output is not None:
        write(output, _result(output, old, new, found))
    _tell(options, old, new, found)
    return DONE


def _version(path: Path, options: Namespace) -> _Version:
    if path.suffix.lower() != _WORD:
        return _Version(path, examination=common.examine(path, options))
    if not path.is_file():
        raise WrongCommand(f"文件“{path}”不存在。")
    return _Version(path, word=path.read_bytes())


def _changes(old: _Version, new: _Version) -> list[Change]:
    before, after = old.examination, new.examination
    if before is None or after is None:
        from perfxl.pipeline.comparison.word_changes import word_changes

        try:
            return word_changes(old.word, new.word)
        except ValueError as fault:
            raise WrongCommand("其中一份不是 Word 文档（.docx），不能比较。") from fault
    assert before.record is not None
    assert after.record is not None
    assert before.report_type is not None
    if before.report_type is not after.report_type:
        titles = [one.report_type.title if one.report_type else "" for one in (before, after)]
        raise WrongCommand(f"两份填报表的文种不同（{'、'.join(titles)}），不能逐项比较。")
    from perfxl.pipeline.comparison.changes import changes

    return changes(before.record, after.record, before.report_type)


def _result(output: Path, old: _Version, new: _Version, found: Sequence[Change]) -> bytes:
    if output.suffix.lower() == _WORD:
        from perfxl.pipeline.comparison.tracked_changes import tracked

        return tracked(_word(old), _word(new))
    from perfxl.pipeline.comparison import workbook

    return workbook.write(old.path.name, new.path.name, found)


def _word(version: _Version) -> bytes:
    """Return the document of a version, errors or not: what is compared is what was filled in."""
    examination = version.examination
    if examination is None:
        return version.word
    product = produce(examination._replace(findings=()))
    if product.document is None:
        raise WrongCommand(f"“{version.path.name}”里有印不出来的内容，做不成 Word 文档，请先检查它。")
    return product.document


def _tell(options: Namespace, old: _Version, new: _Version, found: Sequence[Change]) -> None:
    if options.json:
        told: dict[str, Any] = {
            "old": str(old.path),
            "new": str(new.path),
            "changes": [change.as_json() for change in found],
            "output": str(options.output) if options.output else None,
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    print(f"{old.path} → {new.path}")
    print(change_text.verdict(found))
    for line in change_text.lines(found):
        print(line)
    if options.output:
        print(f"\n已生成：{options.output}")
