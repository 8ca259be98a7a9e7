"""Rules on where and when a text belongs (family D): words of another place, years of another plan.

Plans are written from last year's, and from those of other units; what was overlooked in copying gives it away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from perfxl.checks.quantities import plain
from perfxl.checks.texts import field_of, texts
from perfxl.profile import Profile
from perfxl.record import Record
from perfxl.remark import Remark

Level = Literal["province", "city", "district", "county", "county_city"]

# GB/T 2260: the last two digits are 01–20 for districts, 21–70 for counties, 81–99 for cities of a county's rank;
# 71–80 are left to development zones, which go by any name.
_RANKS: tuple[tuple[range, Level], ...] = (
    (range(1, 21), "district"), (range(21, 71), "county"), (range(81, 100), "county_city"),
)  # fmt: skip
_AUTONOMOUS = ("15", "45", "54", "64", "65")  # whose people say 全区 of the region as a whole

_HERE = {
    "市": r"(?:我|本)市(?!场|政|民|值|面)",
    "区": r"(?:(?<!自)我|(?<![基样标版文])本|(?<![安完])全)区(?!域|间|别|分)",
    "县": r"(?:我|(?<!基)本|全)县",
}
_ORGANS = {
    "区": r"(?:^|(?<=[，。；、：“（(\s向与为在由按照经和及请对同受报省]))区(?:委|政府|人大|政协)",
    "县": r"(?<![各市区])县(?:委|政府|人大|政协)",
}
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
_BASELINE = re.compile(r"(?:自|从|较|比|与|同比|于|截至|截止|到|至|经|依据|根据|按照?|参照|上年度?|去年|对)[（(]?$")
_AHEAD = re.compile(r"(?:到|至|为|迎接|谋划|编制|制定|申报|启动|储备|对接)$")
_BASIS_OF_A_YEAR = re.compile(r"(?:计划|安排|要点|预算)")
_FARTHEST = 2  # years ahead; what is further away is a vision (2035年), not a slip


def place_words_are_of_this_place(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield D09 at a text with words that no unit of this level uses of itself, or with the name of another place."""
    unit = str(plan.values.get("unit_name", ""))
    here = unit + str(plan.values.get("region_name", ""))
    patterns = _patterns(plan, here)
    names = _names_elsewhere(here, profile)
    hint = _hint(names)
    for path, text in texts(plan):
        # Most texts name no place at all, and one search says so.
        if not hint.search(text):
            continue
        found = [match[0] for pattern in patterns for match in pattern.finditer(text)]
        found += _named(text, names, field_of(path) == "target_basis")
        if found:
            words = {"words": "”“".join(dict.fromkeys(found)), "unit": unit or "本单位"}
            yield Remark("D09", path, words)


def _patterns(plan: Record, here: str) -> list[re.Pattern[str]]:
    code = region_of(plan)
    level = _level(code)
    if level is None:
        return []
    # A development zone of a county says 我区 with right, and so does a unit of an autonomous region.
    foreign = [char for char in _FOREIGN[level] if char not in here and not (char == "区" and code[:2] in _AUTONOMOUS)]
    patterns = [_HERE[char] for char in foreign]
    if level in ("district", "county", "county_city"):
        patterns += [_ORGANS[char] for char in foreign]
        return [*map(re.compile, patterns), _PROVINCE]
    return [re.compile(pattern) for pattern in patterns]


def region_of(plan: Record) -> str:
    """Return the six digits of the region: as typed, or those with which most project codes begin, or ''."""
    typed = str(plan.values.get("region_code", ""))
    if re.fullmatch(r"\d{6}", typed):
        return typed
    codes = [str(code)[:6] for _, code in plan.items("projects", "project_code") if re.match(r"\d{6}", str(code))]
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


def _names_elsewhere(here: str, profile: Profile) -> tuple[str, ...]:
    """Return the places of the profile that are neither this one, nor around it, nor in it; none if it is unknown."""
    own: set[str] = set()
    for city, counties in profile.places.items():
        within = {name for name in counties if name in here}
        if within or city in here:
            own |= within | {city}
            own |= set() if within else set(counties)
    if not own:
        return ()
    every = {name for city, counties in profile.places.items() for name in (city, *counties)}
    return tuple(sorted(every - own))


def _named(text: str, names: tuple[str, ...], basis: bool) -> Iterator[str]:
    """Yield the names of other places that are spoken of as one's own, or whose rules are given as a basis."""
    if not names or not _any_of(names).search(text):
        return
    for name in names:
        at = text.find(name)
        if at < 0:
            continue
        if basis or (_SUBJECT.search(text[:at]) and not _ELSEWHERE.match(text[at + len(name) :])):
            yield name


@lru_cache(maxsize=64)
def _hint(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return what every word of place has one of: what the patterns name, or the end of a name."""
    return re.compile("[" + re.escape("".join(sorted({"省", "市", "区", "县", *(name[-1] for name in names)}))) + "]")


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, names)))


def years_are_of_this_plan(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield D10 at a text that plans for another year.

    Left aside: spans, years in the names and numbers of documents, years looked back on (较2022年增长) or settled in
    the year after (2022年度决算), and far horizons. A year in the name of a project is said once, at the name.
    """
    del profile
    fiscal = plan.values.get("fiscal_year")
    if not isinstance(fiscal, int):
        return
    named = {path[1]: set(_years(str(name))) for path, name in plan.items("projects", "project_name")}
    for path, name in plan.items("projects", "project_name"):
        for year in _other_years(str(name), fiscal):
            yield Remark("D10", path, {"year": year, "fiscal": fiscal})
    for path, text in texts(plan):
        key = field_of(path)
        known = named.get(path[1], set()) if path[0] == "projects" else set()
        for year in _other_years(text, fiscal, basis=key == "target_basis", past_only=key == "target"):
            if year not in known:
                yield Remark("D10", path, {"year": year, "fiscal": fiscal})


def _years(text: str) -> Iterator[int]:
    if "年" not in text:
        return
    for found in _YEAR.finditer(plain(text)):
        yield int(found[1].translate(_NUMERALS))


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
            slip = past_only or basis or not (_LATER.match(after) or _BASELINE.search(before))
        else:
            slip = not past_only and year - fiscal <= _FARTHEST and not _AHEAD.search(before)
        if slip and year not in years:
            years.append(year)
    return years


RULES = (place_words_are_of_this_place, years_are_of_this_plan)
