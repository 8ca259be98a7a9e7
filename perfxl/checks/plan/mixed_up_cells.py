"""Rules on cells of an indicator that were taken for one another (family K): number and unit, description and basis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.checks.targets.indicator_rows import each
from perfxl.checks.targets.quantities import countable, unit_after
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_NUMBER = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")


def numbers_and_units_are_in_their_cells(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K31 where the number stands in the cell of the unit and the unit in that of the target."""
    for row in each(plan):
        unit, target = str(row.values.get("measure_unit", "")).strip(), row.values.get("target")
        if not unit or not isinstance(target, str) or not _NUMBER.fullmatch(unit):
            continue
        if target.strip() and (countable(target.strip()) or not unit_after(target.strip()).rest):
            yield Remark("K31", row.at("target"), {"value": target.strip(), "unit": unit})


# Where a target comes from: a document by its name or number, a year with its value, a list that is kept.
_SOURCE = re.compile(
    r"[〔《]|(?:19|20)\d\d年|近[一两三五十\d]+年|上年|[〕\]]\d+号"
    r"|(?:方案|规划|计划|规定|办法|通知|台账|合同|批复|要求|文件|评审|概算|清单|责任书|记录|系统|统计|数据|结果|中标价|协议|条例|标准)$"
)
# How it is measured: a share of something, one divided by another, the things that count.
_MEASURE = re.compile(
    r"占.{1,20}(?:比例|比重|百分比|的?比)$|(?:比例|占比|比重|之比|平均数|总数|总和)$|除以|与.{1,16}之比|÷|/.{1,12}[×*]?100%"
    r"|的(?:[^，。；的]{1,8})(?:人数|人次|数量|次数|面积|长度|里程|时间|日期|天数|金额|支出|户数|件数)$|满意的[^，。；]{0,8}$|[从自].{1,16}[到至].{1,16}的?时间"
)


def descriptions_and_bases_are_in_their_cells(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K36 where the description names a source, and the basis says how to measure."""
    for row in each(plan):
        description, basis = row.description, row.basis
        if not description or not basis or not _MEASURE.search(basis) or not _SOURCE.search(description):
            continue
        if not _MEASURE.search(description) and not _SOURCE.search(basis):
            yield Remark("K36", row.at("description"), {"description": description, "basis": basis})


RULES = (numbers_and_units_are_in_their_cells, descriptions_and_bases_are_in_their_cells)
