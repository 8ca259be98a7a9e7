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
from perfxl.pipeline.comparison import verification, verified_file
from perfxl.pipeline.comparison.verification import Difference
from perfxl.pipeline.comparison.verified_file import VerifiedFile
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.exit_status import DONE, WRONG_INPUT, WrongCommand
from perfxl.pipeline.produce import produce

_MOST = 30  # differences on the screen; --json has them all


def words(parser: ArgumentParser) -> None:
    parser.add_argument("document", metavar="文档", type=Path, help="生成的 Word 文档（.docx）或 PDF")
    parser.add_argument("workbook", metavar="填报表", type=Path, nargs="?", help="看文档是不是用这份填报表做的")
    common.profile_option(parser)
    common.json_option(parser)


class _Verdict(NamedTuple):
    """What came of it. `as_made` is None where that cannot be told, the other two where no workbook is given."""

    file: VerifiedFile
    as_made: bool | None
    same_workbook: bool | None
    same_content: bool | None
    differences: Sequence[Difference]

    @property
    def well(self) -> bool:
        if self.file.asides and self.file.paragraphs is not None:
            return False
        made = self.as_made is True or self.same_content is True
        return made and self.same_content is not False and (self.file.seal is not None or self.same_content is True)


def run(options: Namespace) -> int:
    path: Path = options.document
    if not path.is_file():
        raise WrongCommand(f"文件“{path}”不存在。")
    try:
        file = verified_file.read(path.read_bytes())
    except ValueError as fault:
        raise WrongCommand(f"“{path.name}”不是 Word 文档（.docx）或 PDF，或者已经损坏，不能核对。") from fault
    if file.paragraphs is None and not file.text:
        raise WrongCommand(f"“{path.name}”里没有文字，可能是扫描件，不能核对。")
    if file.paragraphs is None and options.workbook is None:
        raise WrongCommand(f"“{path.name}”是别的程序另存的 PDF，分不出段落，请把填报表也写上，再核对。")
    verdict = _verdict(file, options)
    _tell(options, verdict)
    return DONE if verdict.well else WRONG_INPUT


def _verdict(file: VerifiedFile, options: Namespace) -> _Verdict:
    seal = file.seal
    changed: Sequence[Difference] = ()
    if seal is not None and file.paragraphs is not None and not file.untouched:
        changed = verification.since_made(file.paragraphs, seal)
    as_made = None if seal is None or file.paragraphs is None else not changed
    if options.workbook is None:
        return _Verdict(file, as_made, None, None, changed)
    workbook: Path = options.workbook
    examination = common.examine(workbook, options)
    if examination.record is None:
        finding = next(iter(examination.findings))
        raise WrongCommand(f"填报表“{workbook.name}”：{finding.message}{finding.hint}")
    same = seal is not None and hashlib.sha256(workbook.read_bytes()).hexdigest() == seal.origin.workbook
    if same and as_made:
        # What another template or another program would make of it today is no matter.
        return _Verdict(file, True, True, True, ())
    differences = _differences(file, examination)
    return _Verdict(file, as_made, same, not differences, differences)


def _differences(file: VerifiedFile, examination: Examination) -> list[Difference]:
    assert examination.record is not None
    assert examination.report_type is not None
    product = produce(examination._replace(findings=()))
    if product.document is None:
        raise WrongCommand("填报表里有印不出来的内容，做不成 Word 文档，请先检查它。")
    wanted = origin.paragraphs(product.document)
    places = verification.cells(wanted, examination.record, examination.report_type)
    if not file.pdf:
        assert file.paragraphs is not None
        return verification.against(file.paragraphs, wanted, places)
    wanted = verified_file.seen(wanted)
    if file.paragraphs is None:
        return verification.absent(file.text, wanted, places)
    return verification.against(verified_file.seen(file.paragraphs), wanted, places)


def _tell(options: Namespace, verdict: _Verdict) -> None:
    if options.json:
        print(json.dumps(_as_json(options, verdict), ensure_ascii=False, indent=2))
        return
    for line in _said(options, verdict):
        print(line)


def _as_json(options: Namespace, verdict: _Verdict) -> dict[str, Any]:
    file, seal = verdict.file, verdict.file.seal
    asides = file.asides if file.paragraphs is not None else ()
    return {
        "document": str(options.document),
        "workbook": str(options.workbook) if options.workbook else None,
        "well": verdict.well,
        "origin": seal.origin._asdict() if seal else None,
        "as_made": verdict.as_made,
        "resaved": file.resaved,
        "same_workbook": verdict.same_workbook,
        "same_content": verdict.same_content,
        "differences": [difference.as_json() for difference in verdict.differences],
        "added": [aside._asdict() for aside in asides],
    }


def _said(options: Namespace, verdict: _Verdict) -> Iterator[str]:
    file, name = verdict.file, options.document.name
    yield from _of_origin(file, name, verdict.as_made)
    if options.workbook is not None:
        yield from _of_workbook(options.workbook.name, verdict)
    for difference in verdict.differences[:_MOST]:
        yield f"  {_line(difference, known=options.workbook is not None)}"
    if len(verdict.differences) > _MOST:
        yield f"  ……共 {len(verdict.differences)} 处，全部的请加 --json。"
    if file.paragraphs is None:
        yield "这份 PDF 分不出段落（别的程序另存的），只看了应有的文字在不在；多出来的文字看不出来。"
    elif file.asides:
        yield "× 生成以后页面上另外加了文字："
        yield from (f"  第{aside.page}页：“{_short(aside.text)}”" for aside in file.asides[:_MOST])


def _of_origin(file: VerifiedFile, name: str, as_made: bool | None) -> Iterator[str]:
    if file.seal is None:
        yield f"“{name}”里没有来源信息：不是 perfxl 生成的，或者是旧版本生成的，或者来源信息被删掉了。"
        return
    made = file.seal.origin
    kind = "草稿" if made.draft else "文档"
    yield f"来源：{kind}，文种 {made.type_id}，规则 {made.profile or '（默认）'}，程序 {made.program}。"
    if as_made:
        what = "，图片、批注等可能有改动" if file.pdf else "，版式可能有改动"
        yield f"√ “{name}”的文字和生成时一样" + (f"（文件被重新保存过{what}）。" if file.resaved else "。")
    elif as_made is not None:
        yield f"× “{name}”生成以后文字被改过。"


def _of_workbook(name: str, verdict: _Verdict) -> Iterator[str]:
    if verdict.same_workbook:
        yield f"√ 文档是用填报表“{name}”做的。"
    elif verdict.same_content and verdict.file.seal is None:
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
    if known and difference.number < 0:
        cell = f"（{place.sheet}!{place.cell}）" if place and place.cell else ""
        return f"PDF 里没有找到“{_short(difference.wanted)}”{cell}"
    if not known:
        return f"{where}：现在是“{_short(difference.now)}”" if difference.now else f"{where}后面少了一段"
    if not difference.now:
        return f"{where}后面：文档里没有“{_short(difference.wanted)}”"
    if not difference.wanted:
        return f"{where}：“{_short(difference.now)}”是文档里多出来的"
    return f"{where}：文档里是“{_short(difference.now)}”，应为“{_short(difference.wanted)}”"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]}……"
