"""`perfxl verify`: whether a document is still as it was made, and made from this workbook."""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.cli.commands import common
from perfxl.document import origin
from perfxl.document.origin import Seal
from perfxl.pipeline.comparison import verification
from perfxl.pipeline.comparison.verification import Difference
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.exit_status import DONE, WRONG_INPUT, WrongCommand
from perfxl.pipeline.produce import produce

_MOST = 30  # differences on the screen; --json has them all


def words(parser: ArgumentParser) -> None:
    parser.add_argument("document", metavar="文档.docx", type=Path)
    parser.add_argument("workbook", metavar="填报表", type=Path, nargs="?", help="看文档是不是用这份填报表做的")
    common.profile_option(parser)
    common.json_option(parser)


class _Verdict(NamedTuple):
    """What came of it. `same_workbook` and `same_content` are None where no workbook is given."""

    seal: Seal | None
    as_made: bool
    resaved: bool
    same_workbook: bool | None
    same_content: bool | None
    differences: Sequence[Difference]

    @property
    def well(self) -> bool:
        made = self.as_made or self.same_content is True
        return made and self.same_content is not False and (self.seal is not None or self.same_content is True)


def run(options: Namespace) -> int:
    path: Path = options.document
    if not path.is_file():
        raise WrongCommand(f"文件“{path}”不存在。")
    data = path.read_bytes()
    try:
        seal, said = origin.seal_of(data), origin.paragraphs(data)
    except ValueError as fault:
        raise WrongCommand(f"“{path.name}”不是 Word 文档（.docx），不能核对。") from fault
    changed = verification.since_made(said, seal) if seal else []
    resaved = seal is not None and origin.parts_mark(data) != seal.parts
    if options.workbook is None:
        verdict = _Verdict(seal, seal is not None and not changed, resaved, None, None, changed)
    else:
        verdict = _with_workbook(said, seal, changed, resaved, options)
    _tell(options, verdict)
    return DONE if verdict.well else WRONG_INPUT


def _with_workbook(
    said: Sequence[str], seal: Seal | None, changed: Sequence[Difference], resaved: bool, options: Namespace
) -> _Verdict:
    workbook: Path = options.workbook
    examination = common.examine(workbook, options)
    if examination.record is None:
        finding = next(iter(examination.findings))
        raise WrongCommand(f"填报表“{workbook.name}”：{finding.message}{finding.hint}")
    same = seal is not None and hashlib.sha256(workbook.read_bytes()).hexdigest() == seal.origin.workbook
    if same and not changed:
        # What another template or another program would make of it today is no matter.
        return _Verdict(seal, True, resaved, True, True, ())
    differences = _differences(said, examination)
    return _Verdict(seal, seal is not None and not changed, resaved, same, not differences, differences)


def _differences(said: Sequence[str], examination: Examination) -> list[Difference]:
    assert examination.record is not None
    assert examination.report_type is not None
    product = produce(examination._replace(findings=()))
    if product.document is None:
        raise WrongCommand("填报表里有印不出来的内容，做不成 Word 文档，请先检查它。")
    wanted = origin.paragraphs(product.document)
    places = verification.cells(wanted, examination.record, examination.report_type)
    return verification.against(said, wanted, places)


def _tell(options: Namespace, verdict: _Verdict) -> None:
    if options.json:
        print(json.dumps(_as_json(options, verdict), ensure_ascii=False, indent=2))
        return
    for line in _said(options, verdict):
        print(line)


def _as_json(options: Namespace, verdict: _Verdict) -> dict[str, Any]:
    seal = verdict.seal
    return {
        "document": str(options.document),
        "workbook": str(options.workbook) if options.workbook else None,
        "well": verdict.well,
        "origin": seal.origin._asdict() if seal else None,
        "as_made": verdict.as_made if seal else None,
        "resaved": verdict.resaved,
        "same_workbook": verdict.same_workbook,
        "same_content": verdict.same_content,
        "differences": [difference.as_json() for difference in verdict.differences],
    }


def _said(options: Namespace, verdict: _Verdict) -> Iterator[str]:
    seal, name = verdict.seal, options.document.name
    if seal is None:
        yield f"“{name}”里没有来源信息：不是 perfxl 生成的，或者是旧版本生成的，或者来源信息被删掉了。"
    else:
        made = seal.origin
        kind = "草稿" if made.draft else "文档"
        yield f"来源：{kind}，文种 {made.type_id}，规则 {made.profile or '（默认）'}，程序 {made.program}。"
        if verdict.as_made:
            again = "（文件被重新保存过，版式可能有改动）" if verdict.resaved else ""
            yield f"√ “{name}”的文字和生成时一样{again}。"
        else:
            yield f"× “{name}”生成以后文字被改过。"
    if options.workbook is not None:
        yield from _of_workbook(options.workbook.name, verdict)
    for difference in verdict.differences[:_MOST]:
        yield f"  {_line(difference, known=options.workbook is not None)}"
    if len(verdict.differences) > _MOST:
        yield f"  ……共 {len(verdict.differences)} 处，全部的请加 --json。"


def _of_workbook(name: str, verdict: _Verdict) -> Iterator[str]:
    if verdict.same_workbook:
        yield f"√ 文档是用填报表“{name}”做的。"
    elif verdict.same_content and verdict.seal is None:
        yield f"√ 文档的文字和填报表“{name}”一致。"
    elif verdict.same_content:
        yield f"√ 文档的文字和填报表“{name}”一致（填报表在生成以后重新保存过，或者是另一份内容相同的）。"
    else:
        yield f"× 文档不是用现在的填报表“{name}”做的，内容不同。"
    if verdict.same_workbook and verdict.differences:
        yield "下面是文档里被改过的地方："
    elif verdict.differences:
        yield "下面是不同的地方："


def _line(difference: Difference, *, known: bool) -> str:
    place = difference.place
    where = f"第{difference.number}段" + (f"（{place.sheet}!{place.cell}）" if place and place.cell else "")
    if not known:
        return f"{where}：现在是“{_short(difference.now)}”" if difference.now else f"{where}后面少了一段"
    if not difference.now:
        return f"{where}后面：文档里没有“{_short(difference.wanted)}”"
    if not difference.wanted:
        return f"{where}：“{_short(difference.now)}”是文档里多出来的"
    return f"{where}：文档里是“{_short(difference.now)}”，应为“{_short(difference.wanted)}”"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]}……"
