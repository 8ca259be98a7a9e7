"""The line of flow: workbook → cells → record → findings → document.

Bytes in, frozen data out: paths and printing are for the callers.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from perfxl import catalog, checks, profile
from perfxl.catalog import ReportType
from perfxl.checks.finding import Finding, catalogue, spoken
from perfxl.extraction import extract
from perfxl.profile import Profile, ProfileFault
from perfxl.record import Record, leaves, names_only
from perfxl.remark import Remark
from perfxl.structure import remarks_on_type
from perfxl.workbook.cells import Cells
from perfxl.workbook.reader import read

ProfileNamed = Callable[[str], Profile]
"""Gives the profile that an office names in its workbook; the name is empty where it names none."""


class Examination(NamedTuple):
    """What came of a workbook. `record` and `report_type` are None where it could not be read as a report at all."""

    findings: tuple[Finding, ...]
    report_type: ReportType | None = None
    record: Record | None = None
    profile: Profile | None = None

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        return sum(finding.severity == "warning" for finding in self.findings)


def examine(data: bytes, file: str, home: Path, profile_named: ProfileNamed | None = None) -> Examination:
    """Return the record of the workbook `data` and every finding on it.

    `file` is the name that findings carry; `home` the folder of the report types. `profile_named` finds the office's
    rules, by default those of that name in `home`; where there are none of that name, a finding says so and the default
    rules apply. Raises `TypeFault` where a type is not as it must be, `ProfileFault` where the default rules are not.
    """
    cells = read(data)
    if isinstance(cells, Remark):
        return Examination((spoken(cells, file, None),))
    if profile_named is None:
        return _examine_cells(cells, file, home, lambda name: load_profile(home, name or profile.DEFAULT))
    return _examine_cells(cells, file, home, profile_named)


def load_profile(home: Path, wanted: str | Path) -> Profile:
    """Return a profile of which every rule is one that the catalogue knows. Raises `ProfileFault`."""
    found = profile.load(home, wanted)
    if unknown := [code for code in found.rules if code not in catalogue()]:
        raise ProfileFault(f"规则配置“{found.id}”的 rules 里没有这些规则：{'、'.join(unknown)}。")
    return found


def _examine_cells(cells: Cells, file: str, home: Path, profile_named: ProfileNamed) -> Examination:
    known = catalog.available(home)
    report_type = catalog.load(home, cells.type_id) if cells.type_id in known else None
    titles = {each.id: each.title for each in ([report_type] if report_type else catalog.every(home))}
    doubt = remarks_on_type(cells, titles, report_type.version if report_type else None)
    if report_type is None or (doubt is not None and doubt.code == "T03"):
        return Examination((spoken(doubt, file, None),) if doubt else ())
    record, remarks = extract(cells, report_type)
    rules, unknown = _rules(record, home, profile_named)
    reading = (*((doubt,) if doubt else ()), *remarks, *unknown)
    record = checks.completed(record, report_type, rules)
    sheets = [sheet.title for sheet in cells.sheets]
    findings = checks.check(record, report_type, rules, reading=reading, file=file, sheets=sheets)
    return Examination(tuple(findings), report_type, record, rules)


def _rules(record: Record, home: Path, profile_named: ProfileNamed) -> tuple[Profile, tuple[Remark, ...]]:
    """Return the office's rules, or the default ones and what is the matter with those it names."""
    name = str(record.values.get("profile", "")).strip()
    try:
        return profile_named(name), ()
    except ProfileFault as fault:
        if not name:
            raise
        remark = Remark("V09", ("profile",), {"value": name, "problem": str(fault)})
        return load_profile(home, profile.DEFAULT), (remark,)


def document(
    record: Record, report_type: ReportType, *, draft: bool = False, contents: bool = True, layout: str = ""
) -> tuple[bytes, Sequence[Finding]]:
    """Return the Word document of `record`, and a finding for every text of it that the document fails to show.

    The numbers of its 目录 are estimated; without `contents` it has none. `layout` is the look that a profile asks for,
    for types that have a template of that look. A document that comes with findings must not be handed out. Raises
    `TemplateFault` where the template is damaged.
    """
    from perfxl.document.audit import missing
    from perfxl.document.context import context
    from perfxl.document.render import render

    texts = context(record.shown, report_type.schema)
    own = report_type.word_template.with_suffix(f".{layout}.docx")
    template = own if layout and own.is_file() else report_type.word_template
    result = render(template.read_bytes(), {**texts, "draft": draft}, contents=contents, arranged=True)
    lost = missing(result, texts, report_type.schema)
    if lost:
        # Defaults that nobody typed (the currency unit of a plan without projects) need not be there.
        typed = {path for path, _ in leaves(record.values)}
        lost = [path for path in lost if path in typed]
    return result, [
        spoken(Remark("T15", path, {"value": _at(texts, path), "label": names_only(path)[-1]}), "", record.place(path))
        for path in lost
    ]


def _at(texts: object, path: Sequence[str | int]) -> object:
    for step in path:
        texts = texts[step]  # type: ignore[index]  # the path was found in these very texts
    return texts
