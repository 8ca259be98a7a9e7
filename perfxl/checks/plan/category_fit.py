"""Rules on whether an indicator is in its place (family K): whether name and target suit the second level."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.checks.targets.indicator_rows import IndicatorRow, bare, each
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

# A name that counts; 指数, 系数 and 倍数 do not.
_COUNTS = re.compile(
    r"(?:(?<![指系倍分函基岁])数|数量|[人次户家个件篇场期批户]数|人次|面积|里程|长度|金额|总额|支出额|时间|时长|天数)$"
)
_LAST_OF_COUNTS = tuple("数量次积程度额间长")
_OF_MONEY = re.compile(r"(?:金额|总额|费用|支出|单价)$")
_OF_CHANGE = re.compile(r"增|升|提高|降|减|上年|去年|同期|占比|比例")


def _counts(name: str) -> bool:
    return name.endswith(_LAST_OF_COUNTS) and _COUNTS.search(name) is not None


def counts_are_not_shares(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K11 at a percentage where something is counted: among 数量指标, or under a name such as 提交提案数.

    A run-together target counts as what it probably means.
    """
    for row in each(plan):
        if row.target.unit != "%" or row.target.number is None or _OF_CHANGE.search(row.target.text):
            continue
        name = bare(row.name.splitlines()[0] if row.name else "")
        counted = _counts(name) or (row.is_cost and _OF_MONEY.search(name))
        if "时效" in row.category or not ("数量" in row.category or counted):
            continue
        value = row.target.repaired or row.printed
        if counted:
            problem, advice = "从名称看应当是一个数", "请填数量和计量单位；如果要的是比例，请把名称改成“……率”。"
        else:
            problem, advice = "放在数量指标里", "请改成数量（如次数、人数、件数），或者移到质量、时效指标。"
        yield Remark("K11", row.at("target"), {"name": row.name, "value": value, "problem": problem, "advice": advice})


def indicators_suit_their_categories(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield K12 at the second level where name and target show that the indicator belongs to another one.

    The confusions that reviewers see every year: quality is a count, timeliness neither a date nor a share of what was
    in time, completed work as a benefit, an ecological benefit without ecology, satisfaction among the benefits.
    """
    for row in each(plan):
        problem = next((own for word, own in _PROBLEMS.items() if word in row.category), _benefit)
        if found := problem(row):
            words = {"name": row.name, "category": row.category, "problem": found[0], "advice": found[1]}
            yield Remark("K12", row.at("category"), words)


_PERSONS_AND_THINGS = re.compile(
    r"万?(?:人次?|名|位|[户家个次场期班篇份件册本部套台辆项条处座所批]次?|公里|千米|米|平方米|亩|公顷|吨|棵|株)$"
)
_OF_QUALITY = re.compile(
    r"质量|合格|优|达标|获奖|奖|认定|采纳|通过|发表|刊登|引用|专利|投诉|差错|事故|问题|缺陷|整改|等级|标准|级|强度|精度|厚度|事件|违|安全|误差"
)


def _quality(row: IndicatorRow) -> tuple[str, str] | None:
    target = row.target
    if target.kind != "quantity" or not target.number:
        return None
    if target.sign in ("≤", "<") or not _PERSONS_AND_THINGS.fullmatch(target.unit):
        return None
    if _counts(row.bare_name) and not _OF_QUALITY.search(row.name):
        return "它数的是多少，不是做得好不好", "建议改到“数量指标”；质量指标可以写合格率、达标率。"
    return None


_OF_TIME = re.compile(
    r"及时|按时|按计划|准[时点]|正点|按期|如期|适时|即时|延时|滞后|时效|时限|限时|时间|进度|期限|周期|时长|工期|速度|频[次率]|响应|延误|逾期|超期|当[年月日天]|年[内底度]|提前|节点"
    r"|时候|季度|每[年月周日]|[0-9一二三四五六七八九十]+[月日]|截[至止]|开始|持续|快|效率|提速"
)
_SHARE_IN_TIME = re.compile(
    r"及时|按时|按计划|准[时点]|正点|按期|如期|适时|即时|时效|时限|限时|限期|进度|期限|逾期|延误|延时|超期|当[年月日天]|提前|节点|周期|时间.{0,8}率|效率|[0-9]+(?:秒|分钟|小时|日|天)"
)
_MEASURE_OF_TIME = re.compile(r"(?:工作日|自然日|日|天|小时|分钟|秒|周|月|年|季度?)|/")


def _timeliness(row: IndicatorRow) -> tuple[str, str] | None:
    target = row.target
    if target.kind in ("blank", "date", "period", "serial") or not row.printed:
        return None
    about = row.name + row.description
    advice = "建议填完成时间（如“12月底前完成”）或者及时率；否则改到“质量指标”。"
    if row.is_share:
        # The name alone may say 时间 of something that is no share at all: 会议时间 ≥95%.
        if _SHARE_IN_TIME.search(about):
            return None
        timed = _OF_TIME.search(row.name)
        return "指标值是百分比，看不出时间" if timed else "它既不是时间，也不是及时率", advice
    if target.number is not None and _MEASURE_OF_TIME.search(target.unit):
        return None
    if _OF_TIME.search(about + row.printed):
        return None
    return "它既不是时间，也不是及时率", advice


_WORK_DONE = re.compile(
    r"(?:年度|日常|各项|重点|本职|业务|机关|综合|专项|有关|相关)*(?:工作|任务|计划|项目|会议|活动|资金|预算|目标)+(?:任务)?(?:完成|执行|实现|支出)率"
)
_ECOLOGY = re.compile(
    r"生态|环境|环保|绿|污|排|节[能水电约地材]|能[耗源]|耗|水|气|土|垃圾|废|噪|碳|资源|植被|林|湿地|保护|卫生|扬尘|粉尘|无纸|循环|物种|草|"
    r"清洁|河|湖|海|山|电|油|化肥|农药|秸秆|地膜|厕|公厕|景观|市容|村容|人居|可再生|动物|野生|矿|沙|防洪|灌溉|气候|降解|辐射|消毒|病虫|低效"
)


def _benefit(row: IndicatorRow) -> tuple[str, str] | None:
    if "效益" not in row.category and "可持续" not in row.category:
        return None
    name = row.bare_name
    if _WORK_DONE.fullmatch(name):
        return "工作做完了多少是产出，不是效益", "建议改到产出指标；效益要写带来了什么好处。"
    if name.endswith(("满意度", "满意率")) and not name.endswith(("不满意度", "不满意率")):
        return "满意度不是效益", "建议改到“服务对象满意度指标”。"
    if "生态效益" in row.category and not _ECOLOGY.search(row.name + row.description + row.printed):
        return "与生态环境无关", "建议改到“社会效益指标”；没有生态效益的可以不填这一行。"
    return None


# By what the name of the second level has in it: offices call it 质量指标, 产出质量 or 质量.
_PROBLEMS = {"质量": _quality, "时效": _timeliness}

RULES = (counts_are_not_shares, indicators_suit_their_categories)
