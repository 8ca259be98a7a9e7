"""Results beside a workbook, for people without macros: its Word document, and a workbook of findings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from perfxl.model.finding import Finding, counted
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.exit_status import fault_sentence
from perfxl.pipeline.placing import ResultPlace, place
from perfxl.pipeline.produce import TEMPLATE_LACKS, Product, produce
from perfxl.pipeline.workbook_file import examine_file
from perfxl.storage.files import FINDINGS_ENDING, Surroundings, write
from perfxl.workbook.form import findings_workbook


@dataclass(frozen=True)
class Made:
    """What stands beside a workbook now. `document` is None where errors kept it from being written.

    `examination` is what it was made of, None where a fault of ours came in between; `findings` are all there are.
    """

    sentence: str
    opinion: Path
    document: Path | None = None
    examination: Examination | None = None
    findings: tuple[Finding, ...] = ()


def opinion_path(workbook: Path, stem: str) -> Path:
    """Return where the findings on a workbook belong; `stem` is what its results are called."""
    return workbook.with_name(stem + FINDINGS_ENDING)


def is_made(workbook: Path, data: bytes, stem: str) -> bool:
    """Whether the results that stand beside the workbook were made of these very bytes."""
    first = opinion_path(workbook, stem)
    # Where others have a file of that name, or have changed it, ours stands beside it.
    for path in {first, place(first, FINDINGS_ENDING).path}:
        try:
            known = path.read_bytes()
        except OSError:
            continue
        if findings_workbook.source_of(known) == digest(data):
            return True
    return False


def digest(data: bytes) -> str:
    """Return what identifies a file's content."""
    return hashlib.sha256(data).hexdigest()


def make(
    workbook: Path,
    data: bytes,
    home: Path,
    stem: str,
    *,
    draft: bool = False,
    profile: str = "",
    trusted: bool = True,
    examined: Examination | None = None,
) -> Made:
    """Write the results of the workbook, whose bytes are `data`, beside it. Others may put files into its folder where
    that is not `trusted`. Who has `examined` it already, or the Word document that stands in its place, says so.

    Errors keep the Word document from being written, unless it may be a `draft`. Raises `Surroundings` where a file
    cannot be written; the workbook of findings, which says that all is done, comes last.
    """
    wanted = workbook.with_name(stem + ".docx")
    output = place(wanted)
    examination = examined
    try:
        if examination is None:
            examination = examine_file(workbook, home, profile, data, trusted=trusted)
        product = produce(examination, draft=draft)
    except Surroundings:
        raise
    except Exception as fault:  # noqa: BLE001 - the last door: whatever is left is a fault of ours, and is told as one
        product, sentence = Product(None, ()), fault_sentence(fault)
    else:
        sentence = _sentence(product, output, wanted, draft=draft)
    if product.document is not None:
        write(output.path, product.document)
    listed = place(opinion_path(workbook, stem), FINDINGS_ENDING)
    sentence += listed.sentence
    write(listed.path, opinion(workbook.name, sentence, product.findings, data))
    written = None if product.document is None else output.path
    return Made(sentence, listed.path, written, examination, product.findings)


def opinion(name: str, sentence: str, findings: Sequence[Finding], data: bytes) -> bytes:
    """Return the workbook of findings on the workbook `name`, whose bytes are `data`."""
    return findings_workbook.write(name, sentence, [finding.row for finding in findings], digest(data))


def found(findings: Sequence[Finding]) -> str:
    """Return in a sentence how much was found."""
    return f"发现{counted(findings)}。" if findings else "没有发现问题。"


def _sentence(product: Product, output: ResultPlace, wanted: Path, *, draft: bool) -> str:
    told = found(product.findings)
    if product.document is not None:
        kind = "草稿" if draft else " Word 文档"
        return f"{told}已生成{kind}“{output.path.name}”。{output.sentence}"
    old = f"文件夹里的“{wanted.name}”是以前生成的，内容已经旧了。" if wanted.exists() else ""
    why = TEMPLATE_LACKS if product.lost else "请先改正错误。"
    return f"{told}没有生成 Word 文档。{why}{old}"
