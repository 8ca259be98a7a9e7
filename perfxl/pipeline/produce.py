"""The second half of the flow: an examined workbook → its Word document.

Every door (command, batch, button, watched folder) makes documents here, so that a draft means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from perfxl.document.audit import missing
from perfxl.document.origin import Origin, sealed
from perfxl.document.template.context import context
from perfxl.model.finding import Finding, spoken
from perfxl.model.record import leaves, names_only
from perfxl.model.remark import Remark
from perfxl.pipeline import accelerators, own_types
from perfxl.pipeline.examine import Examination

_TOLD = 3  # texts that a document lacks: they tell whoever mends the template enough
TEMPLATE_LACKS = "Word 模板印不出上面列出的内容。填报表不用改，请把它发给维护 Word 模板的人。"
"""What people are told where a document was kept back because it would lack what they typed."""


class Product(NamedTuple):
    """What an examination led to. `document` is None where errors, or texts that it would lack, kept it back.

    `findings` are those of the examination, and one for every text that the document failed to show.
    """

    document: bytes | None
    findings: tuple[Finding, ...]
    lost: bool = False


def produce(examination: Examination, *, draft: bool = False, contents: bool = True) -> Product:
    """Return the Word document of an examined workbook, with estimated page numbers.

    Errors keep it back unless it may be a `draft`, which has 草稿 in its page header, errors or not.
    Without `contents` it has no 目录. Where the workbook is known, the document carries what it was made from. One that
    would lack a text that was typed is kept back in any case. Raises `TemplateFault` where the template is damaged.
    """
    record, report_type = examination.record, examination.report_type
    if record is None or report_type is None or (examination.errors and not draft):
        return Product(None, examination.findings)
    layout = examination.profile.layout if examination.profile else ""
    template = own_types.template(report_type, layout)
    texts = context(record.shown, report_type.schema)
    result = rendered(template, {**texts, "draft": draft}, contents=contents)
    lost = missing(result, texts, report_type.schema)
    if lost:
        # Defaults that nobody typed (the currency unit of a plan without projects) need not be there.
        typed = {path for path, _ in leaves(record.values)}
        lost = [path for path in lost if path in typed]
    findings = [
        spoken(Remark("T15", path, {"value": _at(texts, path), "label": names_only(path)[-1]}), "", record.place(path))
        for path in lost[:_TOLD]
    ]
    if len(lost) > _TOLD:
        words = {"value": f"另有 {len(lost) - _TOLD} 处", "label": ""}
        findings.append(spoken(Remark("T15", (), words), "", None))
    if examination.source and not lost:
        rules = examination.profile.name if examination.profile else ""
        result = sealed(result, Origin(examination.source, report_type.id, rules, draft))
    return Product(None if lost else result, (*examination.findings, *findings), bool(lost))


def rendered(template: bytes, texts: Mapping[str, Any], *, contents: bool = True) -> bytes:
    """Return the document of arranged texts: by the template's program where there is one, else by docxtpl and jinja2.

    Raises `TemplateFault` where the template is damaged.
    """
    texts = {"draft": False, **texts}
    result = accelerators.render(template, texts, contents=contents)
    if result is not None:
        return result
    from perfxl.document.render import render

    return render(template, texts, contents=contents, arranged=True)


def _at(texts: object, path: Sequence[str | int]) -> object:
    for step in path:
        texts = texts[step]  # type: ignore[index]  # the path was found in these very texts
    return texts
