"""Rules on where and when a text belongs (family D): words of another place, years of another plan.

Plans are written from last year's, and from those of other units; what was overlooked in copying gives it away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

from perfxl.checks.plan.free_texts import field_of, prose, role
from perfxl.checks.targets.quantities import plain
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

Level = Literal["province", "city", "district", "county", "county_city"]

# GB/T 2260: the last two digits are 01–20 for districts, 21–70 for counties, 81–99 for cities of a county's rank;
# 71–80 are left to development zones, which go by any name.
_RANKS: tuple[tuple[range, Level], ...] = (
    (range(1, 21), "district"), (range(21, 71), "county"), (range(81, 100), "county_city"),
)  # fmt: skip
_SIX_DIGITS = re.compile(r"\d{6}")
_AUTONOMOUS = ("15", "45", "54", "64", "65")  # whose people say 全区 of the region as a whole

_HERE = {
    "市": re.compile(r"(?:我|本)市(?!场|政|民|值|面)"),
    "区": re.compile(r"(?:(?<!自)我|(?<![基样标版文])本|(?<![安完])全)区(?!域|间|别|分)"),
    "县": re.compile(r"(?:我|(?<!基)本|全)县"),
}
_ORGANS = {
    "区": re.compile(r"(?:^|(?<=[，。；、：“（(\s向与为在由按照经和及请对同受报省]))区(?:委|政府|人大|政协)"),
    "县": re.compile(r"(?<![各市区])县(?:委|政府|人大|政协)"),
}
# What every word that these find has in it.
_OURS = frozenset(("我市", "本市", "我区", "本区", "全区", "我县", "本县", "全县"))
_ORGAN = frozenset(char + organ for char in "省区县" for organ in "委政人")
_FOREIGN: Mapping[Level, tuple[str, ...]] = {
    "province": ("市", "区", "县"),
    "city": ("区", "县"),
    "district": ("县",),
    "county": ("区",),
    "county_city": ("区", "县"),
}
# Organs of the province as somebody one deals with every day; below a city nobody does. To carry out what the province
# has decided, or to apply for its money, is everybody's business.
_PROVINCE = re.compile(r"(?<=[向与同给为])省(?:政协|政府|委(?!巡)|人大)(?![^，。；]*(?:争取|申报|申请|上报|汇报))")

_SUBJECT = re.compile(
    r"(?:^|[，。；：！？\n]|促进|推动|推进|助力|为|全面|加快|建设|打造|宣传|树立|提升|提振|支持|服务)$"
)
_ELSEWHERE = re.compile(r"等|、|和|与|及|籍|考察|学习|的?(?:经验|做法)|招商|举办|召开")

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d|二[〇零○][〇零○一二三][〇零○一二三四五六七八九])\s*年")
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_NAMED = re.compile(
    r"《[^》]*》|[〔\[【（(]\s*(?:19|20)\d\d\s*年?\s*[〕\]】）)]\s*第?\s*\d+\s*号?|[^，。；]*(?:通知|意见|办法|纪要|批复)"
)
_SPAN = re.compile(
    r"(?:19|20)\d\d\s*(?:年度?)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:\s*[-~—–至到/、和与]+\s*|[-—–~]+)(?:19|20)?\d\d\s*(?:年|学年|年度)?"
)
# Behind a past year: what is done in the year after it, or what once was.
_LATER = re.compile(
    r"度?(?:[^，。；\n]{0,12}?(?:决算|自评|评价|考核|考评|审计|结转|结余|汇算|年报|年检|总结|述职|表彰奖励|质保|尾款|欠|清算|补发|兑现"
    r"|报告|同期|共|相比|实际|完成数|统计|数据|基数|已|基础上)|以来|以前|起|初?成立|建成|投用|批准|修订|印发|出台|版|底(?!前)|末(?!前))"
)
_BASELINE = re.compile(
    r"(?:自|从|由|较|比|与|同比|[高低多少优劣]于|超过?|不低于|不高于|不少于|不超过|在|以|占|除以|÷|截至|截止|经|依据|根据|按照?|参照|上年度?|去年|对|延续|沿用)[（(]?$"
)
# Up to the end of a past year something is only said to have been done (截至2024年底已建成), never to be planned.
_UP_TO = re.compile(r"(?:到|至|于)[（(]?$")
_DONE = re.compile(r"已|累计|现有|共有|拥有|达到?了|建成了|完成了|全[县市区]共")
_OF_IT = re.compile(
    r"的?(?:水平|同期|基数|实绩|实际|平均|完成|[0-9])|底?的[0-9]|的[^，。；]{0,10}[0-9]"
)  # 不高于2025年的7起
_AHEAD = re.compile(r"(?:到|至|为|迎接|谋划|编制|制定|申报|启动|储备|对接)$")
_BASIS_OF_A_YEAR = re.compile(r"(?:计划|安排|要点|预算)")
_FARTHEST = 2  # years ahead; what is further away is a vision (2035年), not a slip


def place_words_are_of_this_place(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield D09 at a text with words that no unit of this level uses of itself, or with the name of another place."""
    free = prose(plan)
    places, names = _words_of_place(free.together, profile)
    if not places:
        return
    unit = str(plan.values.get("unit_name", ""))
    here = unit + str(plan.values.get("region_name", ""))
    foreign = _foreign(plan, here)
    elsewhere = sorted(names & _names_elsewhere(here, profile)) if names else []
    for path, text in free.at(places):
        found = [match[0] for pattern in foreign for match in pattern.finditer(text)]
        found += _spoken_of(text, elsewhere, field_of(path) == "target_basis")
        if found:
            words = {"words": "”“".join(dict.fromkeys(found)), "unit": unit or "本单位"}
            yield Remark("D09", path, words)


def _words_of_place(whole: str, profile: Profile) -> tuple[list[int], set[str]]:
    """Return where words stand that may be of another place, 我县 or 区政府 or a name of the profile; and these."""
    hint, every = _gazetteer(tuple(profile.places.items()))
    places, names = [], set()
    for found in hint.finditer(whole):
        at = found.end()
        pair = whole[at - 2 : at]
        there = [name for name in every[pair] if whole.endswith(name, 0, at)] if pair in every else []
        if there or pair in _OURS or whole[at - 1 : at + 1] in _ORGAN:
            places.append(at - 1)
            names.update(there)
    return places, names


@lru_cache(maxsize=16)
def _gazetteer(places: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[re.Pattern[str], Mapping[str, list[str]]]:
    """Return the pattern of the last characters that name a place, and the names of the profile by their last two."""
    names: dict[str, list[str]] = {}
    for name in {name for city, counties in places for name in (city, *counties)}:
        names.setdefault(name[-2:], []).append(name)
    last = re.escape("".join(sorted({*"省市区县", *(ending[-1:] for ending in names)})))
    return re.compile(f"[{last}]"), names


def _foreign(plan: Record, here: str) -> list[re.Pattern[str]]:
    """Return the patterns of the words that no unit of this level uses of itself."""
    code = region_of(plan)
    level = _level(code)
    if level is None:
        return []
    # A development zone of a county says 我区 with right, and so does a unit of an autonomous region.
    foreign = [char for char in _FOREIGN[level] if char not in here and not (char == "区" and code[:2] in _AUTONOMOUS)]
    found = [_HERE[char] for char in foreign]
    if level in ("district", "county", "county_city"):
        found += [_ORGANS[char] for char in foreign] + [_PROVINCE]
    return found


def region_of(plan: Record) -> str:
    """Return the six digits of the region: as typed, or those with which most project codes begin, or ''."""
    typed = str(plan.values.get("region_code", ""))
    if _SIX_DIGITS.fullmatch(typed):
        return typed
    codes = [str(code)[:6] for _, code in plan.items("projects", "project_code") if _SIX_DIGITS.match(str(code))]
    common = Counter(codes).most_common(1)
    return common[0][0] if common and common[0][1] * 2 > len(codes) else ""


def _level(code: str) -> Level | None:
    if not code:
        return None
    if code.endswith("0000"):
        return "province"
    if code.endswith("00"):
        return "city"
    return next((level for ranks, level in _RANKS if int(code[4:]) in ranks), None)


def _names_elsewhere(here: str, profile: Profile) -> frozenset[str]:
    """Return the places of the profile that are neither this one, nor around it, nor in it; none if it is unknown."""
    own: set[str] = set()
    for city, counties in profile.places.items():
        within = {name for name in counties if name in here}
        if within or city in here:
            own |= within | {city}
            own |= set() if within else set(counties)
    if not own:
        return frozenset()
    return frozenset(name for city, counties in profile.places.items() for name in (city, *counties)) - own


def _spoken_of(text: str, names: Iterable[str], basis: bool) -> Iterator[str]:
    """Yield the names of other places that are spoken of as one's own, or whose rules are given as a basis."""
    for name in names:
        at = text.find(name)
        if at < 0:
            continue
        if basis or (_SUBJECT.search(text[:at]) and not _ELSEWHERE.match(text[at + len(name) :])):
            yield name


def years_are_of_this_plan(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D10 at a text that plans for another year.

    Left aside: spans, years in the names and numbers of documents, years looked back on (较2022年增长) or settled in
    the year after (2022年度决算), and far horizons. A year in the name of a project is said once, at the name.
    """
    fiscal = plan.values.get("fiscal_year")
    if not isinstance(fiscal, int):
        return
    for path, name in plan.items("projects", "project_name"):
        for year in _other_years(str(name), fiscal):
            yield Remark("D10", path, {"year": year, "fiscal": fiscal})
    for path, text in prose(plan).where(_another_year(fiscal)):
        key = field_of(path)
        known = _years(plan.values["projects"][path[1]].get("project_name", "")) if path[0] == "projects" else ()
        if role(plan, path) == "report":
            others = [int(found[1]) for found in _EVALUATED.finditer(plain(text)) if int(found[1]) != fiscal]
        else:
            others = _other_years(text, fiscal, basis=key == "target_basis", past_only=key == "target")
        for year in others:
            if year not in known:
                yield Remark("D10", path, {"year": year, "fiscal": fiscal})


@lru_cache(maxsize=16)
def _another_year(fiscal: int) -> re.Pattern[str]:
    """Return the pattern of years in any notation, but for the plan's own in the usual one."""
    # A set of characters comes first, for that is fast.
    own = rf"(?!{re.escape(str(fiscal)[1:])}\s*年)"
    return re.compile(rf"[12１２二]{own}[90９０〇零○][\d〇零○一二三][\d〇零○一二三四五六七八九]\s*年")


# Of which year a report is, it says so: 2024年度部门整体支出绩效自评.
_EVALUATED = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*年度?(?:(?:我|本)(?:单位|部门|局))?(?:部门|单位|项目)?(?:整体|项目|预算)?(?:支出)?(?:财政支出)?绩效(?:自评|评价)"
)


def _years(name: Any) -> set[int]:
    return {int(found[1].translate(_NUMERALS)) for found in _YEAR.finditer(plain(str(name)))}


def _other_years(text: str, fiscal: int, *, basis: bool = False, past_only: bool = False) -> list[int]:
    """Return the years, each once, that a text plans for, other than the fiscal year."""
    if "年" not in text:
        return []
    text = plain(text)
    aside = [found.span() for pattern in (_NAMED, _SPAN) for found in pattern.finditer(text)]
    years = []
    for found in _YEAR.finditer(text):
        year = int(found[1].translate(_NUMERALS))
        if year == fiscal or any(start <= found.start() < end for start, end in aside):
            continue
        before, after = text[: found.start()].rstrip(), text[found.end() :].lstrip()
        if basis and not _BASIS_OF_A_YEAR.search(after[:10]):
            continue
        if year < fiscal:
            # A basis and a target have no sentence around them that could look back.
            slip = basis or not _looks_back(before, after, in_a_sentence=not past_only)
        else:
            slip = not past_only and year - fiscal <= _FARTHEST and not _AHEAD.search(before)
        if slip and year not in years:
            years.append(year)
    return years


def _looks_back(before: str, after: str, *, in_a_sentence: bool) -> bool:
    """Return whether words around a past year compare with it or tell what was; a target has no sentence around it."""
    if _BASELINE.search(before):
        return not after.startswith(("底前", "末前", "前"))
    if not in_a_sentence:
        return False
    if _UP_TO.search(before):
        return _DONE.search(_END_OF_SENTENCE.split(after)[0]) is not None
    return _LATER.match(after) is not None or (_OF_IT.match(after) is not None and _COMPARES.search(before) is not None)


_END_OF_SENTENCE = re.compile(r"[。；;！？\n]")
_COMPARES = re.compile(r"(?:比|较|由|从|[高低]于|超过?|增|减|升|降)[^，。；]{0,6}$")

RULES = (place_words_are_of_this_place, years_are_of_this_plan)
