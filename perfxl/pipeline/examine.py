"""The first half of the flow: workbook → cells → record → findings.

Bytes in, frozen data out: paths and printing are for the callers.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from perfxl import checks
from perfxl.computation.derived_values import completed
from perfxl.extraction.extract import extract
from perfxl.extraction.form_integrity import remarks_on_type, resembles
from perfxl.model.finding import Finding, catalogue, spoken
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.pipeline import accelerators, own_types
from perfxl.report_type import catalog, profile
from perfxl.report_type.model import ReportType
from perfxl.report_type.office_levels import with_levels
from perfxl.report_type.profile import BroughtProfile, Profile, ProfileFault
from perfxl.workbook.cells import Cells

ProfileNamed = Callable[[str], Profile]
"""Gives the profile that an office names in its workbook; the name is empty where it names none."""


class Examination(NamedTuple):
    """What came of a workbook. `record` and `report_type` are None where it could not be read as a report at all.

    `source` is the SHA-256 of the workbook, in hexadecimal digits. `stray` is true of a workbook that is no form of any
    kind, not even a damaged one.
    """

    findings: tuple[Finding, ...]
    report_type: ReportType | None = None
    record: Record | None = None
    profile: Profile | None = None
    source: str = ""
    stray: bool = False

    @property
    def errors(self) -> int:
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        return sum(finding.severity == "warning" for finding in self.findings)


def examine(
    data: bytes, file: str, home: Path, profile_named: ProfileNamed | None = None, *, beside: Path | None = None
) -> Examination:
    """Return the record of the workbook `data` and every finding on it.

    `file` is the name that findings carry; `home` the folder of the report types. `profile_named` finds the office's
    rules, by default those of that name in `home`; where there are none of that name, a finding says so and the default
    rules apply. A type that is known nowhere else may come from the folder `beside` the workbook, which a finding
    tells: it never takes the place of one that is known. Raises `TypeFault` where a type is not as it must be,
    `ProfileFault` where the default rules are not.
    """
    cells = _read(data)
    if isinstance(cells, Remark):
        return Examination((spoken(cells, file, None),))
    if profile_named is None:
        profile_named = lambda name: load_profile(home, name or profile.DEFAULT)  # noqa: E731
    came = _examine_cells(cells, file, home, profile_named, beside)
    return came._replace(source=hashlib.sha256(data).hexdigest())


def _read(data: bytes) -> Cells | Remark:
    """Return the cells of a workbook: by the fast reader where it is sure to see all, else by openpyxl."""
    cells = accelerators.read(data)
    if cells is not None:
        return cells
    from perfxl.workbook.reading.reader import read

    return read(data)


def load_profile(home: Path, wanted: str | Path) -> Profile:
    """Return a profile of which every rule is one that the catalogue knows. Raises `ProfileFault`."""
    found = profile.load(home, wanted)
    if unknown := [code for code in found.rules if code not in catalogue()]:
        raise ProfileFault(f"规则配置“{found.id}”的 rules 里没有这些规则：{'、'.join(unknown)}。")
    return found


def _examine_cells(
    cells: Cells, file: str, home: Path, profile_named: ProfileNamed, beside: Path | None
) -> Examination:
    known = catalog.available(home)
    brought: tuple[Remark, ...] = ()
    if cells.type_id not in known and beside is not None and cells.type_id in catalog.held(beside):
        home, known = beside, catalog.available(beside)
        brought = (Remark("V24", words={"type": cells.type_id, "folder": beside.name}),)
    report_type = own_types.load(home, cells.type_id) if cells.type_id in known else None
    titles = {each.id: each.title for each in ([report_type] if report_type else catalog.every(home))}
    doubt = remarks_on_type(cells, titles, report_type.version if report_type else None)
    if report_type is None or (doubt is not None and doubt.code == "T03"):
        stray = not cells.type_id and not resembles(cells, catalog.every(home))
        return Examination((spoken(doubt, file, None),) if doubt else (), stray=stray)
    record, remarks = extract(cells, report_type)
    rules, unknown = _rules(record, home, profile_named)
    if (of_the_office := with_levels(report_type, rules)) is not report_type:
        # What may be chosen is another, and so is what a cell with a choice is understood as.
        report_type = of_the_office
        record, remarks = extract(cells, report_type)
    reading = (*((doubt,) if doubt else ()), *brought, *remarks, *unknown)
    record = completed(record, report_type, rules)
    sheets = [sheet.title for sheet in cells.sheets]
    conforming = accelerators.conforms(report_type.schema, record.values)
    findings = checks.check(
        record,
        report_type,
        rules,
        reading=reading,
        file=file,
        sheets=sheets,
        conforming=conforming,
        version=cells.version,
    )
    return Examination(tuple(findings), report_type, record, rules)


def _rules(record: Record, home: Path, profile_named: ProfileNamed) -> tuple[Profile, tuple[Remark, ...]]:
    """Return the office's rules, or the default ones and what is the matter with those it names."""
    name = str(record.values.get("profile", "")).strip()
    try:
        found = profile_named(name)
        return found, (_brought_along(found),) if isinstance(found, BroughtProfile) else ()
    except ProfileFault as fault:
        if not name:
            raise
        remark = Remark("V09", ("profile",), {"value": name, "problem": str(fault)})
        return load_profile(home, profile.DEFAULT), (remark,)


def _brought_along(rules: Profile) -> Remark:
    """Return what has to be known of rules that came with a workbook: that they did, and what they switch off."""
    off = [code for code, severity in rules.rules.items() if severity == "off"]
    words = {"value": rules.id, "name": f"{rules.id}.json", "off": f"，关掉了 {'、'.join(off)}" if off else ""}
    return Remark("V20", ("profile",), words)
