"""Rules on what is written as a target (family K): sign, number, unit, date and words.

Where several fields are run together in a cell (K05), the rules on how a target is written add nothing to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from perfxl.checks.plan.free_texts import has
from perfxl.checks.targets.indicator_rows import IndicatorRow, bare, each, of_kind, split_target, unit_in_name
from perfxl.checks.targets.quantities import plain
from perfxl.computation.target_cells import contradiction
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.model.signs import is_word
from perfxl.report_type.profile import Profile

_ADVERSE = re.compile(
    r"投诉|事故|违[规法约]|差错|死亡|伤亡|超标|误差|偏差|失误|信访|上访|发案|案发|能耗|排放|流失|逾期|返工|故障|空置|退回|拒绝|超支"
    r"|发生率|患病|发病|不合格|不满意|漏报|错误|损[失耗]|负债|欠[费薪]|延误|等待|响应|办理时[限长]|用时|耗时"
)
_LASTING = re.compile(r"(?:工作日|自然日|日|天|小时|分钟|秒|周|个月|月|年|季度)$")
_GROWING = re.compile(r"增|升|提高|上涨|较上|比上|同比|环比|倍|拨备|杠杆|产销|流动")


def targets_are_not_run_together(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K05, with the likely reading, at a target in which several fields are run together (≥9595及以上)."""
    for row in of_kind(plan, "concatenation"):
        if contradiction(row.values):
            continue  # V14
        meant = row.target.repaired
        advice = f"建议改为“{meant}”；符号、数字和单位分三格填。" if meant else "请把符号、数字和单位分三格重新填写。"
        repair = split_target(meant) if meant else None
        yield Remark("K05", row.at("target"), {"value": row.printed, "advice": advice}, repair=repair)


_BARE_FACTORS = frozenset(("万", "亿", "千万", "百万"))
# Measures without a unit.
_NO_UNIT = re.compile(r"指数|系数|容积率|[Pp][Hh]值?|比值|比例|系列|版本")


def numbers_have_units(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K06 at a number without unit, 万 alone being none. One that stands in the name (人数（人）) will do."""
    if not has(plan, "projects", "indicators", "measure_unit"):
        return
    for row in each(plan):
        if _lacks_unit(row):
            yield Remark("K06", row.at("target"), {"value": row.printed, "advice": _unit_advice(row)})


def _lacks_unit(row: IndicatorRow) -> bool:
    target = row.target
    # 250万 of a cost are surely 元 (K08); of anything else nobody knows.
    if target.unit and (target.unit_typed not in _BARE_FACTORS or row.is_cost):
        return False
    if target.kind not in ("quantity", "serial", "money") or target.text or _is_serial(row) or unit_in_name(row.name):
        return False
    return bool(target.unit) or not _NO_UNIT.search(row.name)


def _unit_advice(row: IndicatorRow) -> str:
    target = row.target
    if row.values.get("sign") == "定性":
        return "这一行选了“定性”，指标值却是数字：请改选符号并填写单位，或者改写文字。"
    if target.number is not None and 0 < target.number <= 1 and row.bare_name.endswith(("率", "度")):
        return f"如果是百分比，请填“{target.sign or '≥'}{(target.number * 100).normalize():f}%”。"
    return "请在“计量单位”里填写 %、次、人、万元等。"


def numbers_have_signs(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K07 at a number with neither sign nor words that say the same; what a cost needs is surely ≤."""
    for row in each(plan) if has(plan, "projects", "indicators", "sign") else ():
        target = row.target
        if target.sign or target.text or not target.unit or target.kind not in ("quantity", "percent", "money"):
            continue
        if target.upper is not None or _doubted_share(row) or _lacks_unit(row) or _BOUND_BEHIND.search(target.unit):
            continue
        saving = _SAVING.search(row.name + row.description)
        sign, repair = _sign_for(row), None
        if row.is_cost and not saving:
            repair = {**split_target(target.written), "sign": "≤"}
        words = {"value": row.printed, "advice": f"{sign}{target.written}"}
        yield Remark("K07", row.at("target"), words, repair=repair)


_BOUND_BEHIND = re.compile(r"以[上下内]$")  # 1500元/人以内
_SAVING = re.compile(r"节约|节支|节省|降低|下降|减少|压减|结余|回收")


def _sign_for(row: IndicatorRow) -> str:
    about, number, unit = row.name + row.description, row.target.number, row.target.unit
    if row.is_cost:
        return "≥" if _SAVING.search(about) else "≤"
    if number == 0 or (unit == "%" and number == 100):
        return "="
    timed = "时效" in row.category and _LASTING.search(unit) is not None
    return "≤" if timed or _ADVERSE.search(row.name) else "≥"


_PROPER = frozenset("≥≤=><%")
_WIDE = re.compile(r"[０-９％﹪＞＜＝﹥﹤﹦．]+")


def signs_are_the_usual_ones(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K08, with the target in clean notation, at a look-alike of a sign or unit (≧90百分比)."""
    for row in each(plan):
        target = row.target
        if target.number is None or target.kind in ("concatenation", "serial"):
            continue
        if target.sign == target.sign_typed and target.unit == target.unit_typed and not _WIDE.search(row.printed):
            continue
        wide = [(typed, plain(typed)) for typed in _WIDE.findall(row.printed)]
        alike = [
            (typed, proper) for typed, proper in target.look_alikes if proper in _PROPER or _lacks_yuan(row, typed)
        ]
        if pairs := [*alike, *wide]:
            typed, proper = pairs[0]
            words = {"typed": typed, "proper": proper, "value": row.printed}
            yield Remark("K08", row.at("target"), words, repair=split_target(target.written))


def _lacks_yuan(row: IndicatorRow, unit: str) -> bool:
    return row.is_cost and unit in _BARE_FACTORS


def shares_are_not_above_a_hundred(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K09 at a percentage above 100, where nothing grows: perhaps a 2 was typed for ≥ (290%).

    Satisfaction above 100 % is for K22, unless it begins with that 2.
    """
    for row in of_kind(plan, "percent"):
        if not _doubted_share(row) or (row.is_satisfaction and not row.target.repaired):
            continue
        meant = row.target.repaired
        advice = f"是不是“{meant}”？“≥”容易误录成“2”。" if meant else "请核对是不是多录了数字。"
        yield Remark("K09", row.at("target"), {"value": row.printed, "advice": advice})


def _doubted_share(row: IndicatorRow) -> bool:
    target = row.target
    if target.kind != "percent" or target.number is None or target.number <= 100 or target.upper is not None:
        return False
    if target.repaired:
        return True
    return target.sign not in ("≤", "<") and not _GROWING.search(row.name + row.description + target.text)


def dates_are_not_serials(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K10 at a number of five digits, 40000 to 55000, where a date belongs: Excel's serial of the day."""
    for row in of_kind(plan, "serial"):
        if _is_serial(row):
            words = {"label": "指标值", "value": row.printed, "date": row.target.repaired}
            yield Remark("K10", row.at("target"), words)


def _is_serial(row: IndicatorRow) -> bool:
    return row.target.kind == "serial" and ("时效" in row.category or _OF_A_DATE.search(row.name) is not None)


_OF_A_DATE = re.compile(r"时间|时限|日期|期限")
_QUESTION = re.compile(r"是否|能否|可否|有无|是不是|[?？]|吗$")
_YES_OR_NO = re.compile(r"是否|能否|可否|有无|是不是")
# What somebody can find to be so or not so.
_JUDGED = re.compile(
    r"[0-9０-９零]|完成|合格|达标|达到|优(?![化势先])|(?<=.)通过|通过(?:评审|验收|认证|审核|鉴定)|验收|无(?!障碍)|未发生|不发生|[一二三四五国省市县AB]级|等级|标准|全覆盖|建成|印发"
    r"|出台|上线|投入使用|投用|交付|符合|按[时期]|及时|如期|准时|年底|月底|全部|优良|开通|建立"
)
_AIM = re.compile(
    r"^(?:[提增]升|提高|改善|增强|加强|促进|助力|推动|有效|较好)|(?:提升|提高|改善|增强|加强|促进|助力)$"
    r"|^(?:进一步|不断|持续|逐步|有所|稳步|大幅度?|明显|显著)[\u4e00-\u9fff]{2}$"
)
_NO_ANSWER = frozenset(
    ("是", "否", "有", "好", "高", "强", "较高", "较强", "明显", "显著", "满意", "有提升", "有提高", "及时")
)
_BY_DOING = re.compile(r"通过.{4,}(?:提升|提高|改善|增强|加强|促进)")


def words_can_be_judged(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K17 at a target in words that is a question or that nobody can find met or missed (有所提升).

    Goals must be 细化量化 (财预〔2015〕88号). Words that can be judged (验收合格, 12月底前完成, 达到二级标准) pass.
    Where the name is a question, a share is no answer to it (是否控制在预算内 ≥95%).
    """
    for row in each(plan):
        if row.target.kind == "qualitative" and _is_vague(row, profile.words.vague):
            yield Remark("K17", row.at("target"), {"value": row.printed, "advice": _judgeable(row, row.printed)})
        elif row.target.unit == "%" and row.target.number is not None and _YES_OR_NO.search(row.name):
            yield Remark("K17", row.at("name"), {"value": row.name, "advice": _judgeable(row, row.name)})


@lru_cache(maxsize=16)
def _any_long(vague: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in vague if len(word) > 2) or "(?!)")


def _is_vague(row: IndicatorRow, vague: tuple[str, ...]) -> bool:
    words = bare(row.printed)
    if _QUESTION.search(row.printed) or words in vague or words in _NO_ANSWER:
        return True
    if _JUDGED.search(words) or words == row.bare_name:
        return False
    return any(pattern.search(words) for pattern in (_any_long(vague), _AIM, _BY_DOING))


_WHETHER = re.compile(r"^(.*)是否(?:能够|能)?(.{2,14})$")
_EXAMPLES = {
    "数量指标": "≥10次",
    "质量指标": "验收合格",
    "时效指标": "12月底前完成",
    "社会效益指标": "受益群众≥500人",
    "可持续影响指标": "管理制度已建立",
}


def _judgeable(row: IndicatorRow, text: str) -> str:
    """Return an example of what would do in place of `text`."""
    if match := _WHETHER.search(bare(text)):
        return match[1] + match[2]
    return "≥90%" if row.is_satisfaction else _EXAMPLES.get(row.category, "比上年提高5%")


def satisfaction_is_within_reason(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield K22 at a degree of satisfaction that is very low, above 100 %, or bounded from above."""
    low, high = profile.limits.satisfaction_minimum, profile.limits.satisfaction_maximum
    for row in of_kind(plan, "percent"):
        target = row.target
        if not row.is_satisfaction and not row.bare_name.endswith(("满意度", "满意率")):
            continue
        if "不满意" in row.name or "投诉" in row.name or target.number is None or target.repaired or target.text:
            continue
        last = target.number if target.upper is None else target.upper
        if target.number < low or last > high or target.sign in ("≤", "<"):
            yield Remark("K22", row.at("target"), {"value": row.printed, "low": _plainly(low), "high": _plainly(high)})


def _plainly(number: Decimal) -> str:
    return f"{number:f}"


def dates_are_within_the_year(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K23 at a date by which the work is to be done that lies after the fiscal year."""
    year = plan.values.get("fiscal_year")
    for row in each(plan):
        ends = row.target.ends
        if not isinstance(year, int) or ends is None or ends.year <= year or row.target.kind == "serial":
            continue
        if "时效" in row.category or "完成时间" in row.name or "完成时限" in row.name:
            yield Remark("K23", row.at("target"), {"value": row.printed, "year": year})


def bounds_hold_what_they_bound(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K26 at > and < where just reaching the target is meant to be enough: >90%, <1.5万元 of a budget of 1.5.

    More than nothing (>0) is what it says, and so are limits that must be kept below (超标率<2%).
    """
    for row in each(plan):
        target = row.target
        if target.sign not in (">", "<") or row.run_together or target.number is None or is_word(target.sign_typed):
            continue
        timed = "时效" in row.category and _LASTING.search(target.unit)
        if target.sign == ">" and target.number == 0:
            continue
        if target.sign == ">" or row.is_cost or target.kind == "money" or timed:
            proper = {">": "≥", "<": "≤"}[target.sign]
            # Only where the sign has its own cell can it be changed by itself.
            repair = {"sign": proper} if row.values.get("sign") == target.sign else None
            if repair is None and not target.text and target.upper is None:
                repair = split_target(proper + target.written.removeprefix(target.sign))
            yield Remark("K26", row.at("target"), {"value": row.printed, "proper": proper}, repair=repair)


RULES = (
    targets_are_not_run_together,
    numbers_have_units,
    numbers_have_signs,
    signs_are_the_usual_ones,
    shares_are_not_above_a_hundred,
    dates_are_not_serials,
    words_can_be_judged,
    satisfaction_is_within_reason,
    dates_are_within_the_year,
    bounds_hold_what_they_bound,
)
