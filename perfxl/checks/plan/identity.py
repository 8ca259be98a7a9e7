"""Rules on codes, names and headings (family D): whether the parts of a plan are what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import mul

from perfxl.checks.plan import free_texts
from perfxl.checks.plan.place_and_year import region_of
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_CODE = re.compile(r"[0-9A-Z]{21}")
# 110, 119, 120 and 122 are telephone numbers after which centres are called.
_CODE_IN_NAME = re.compile(r"[\[(（【]?(?!1(?:10|19|20|22)\D)\d{3}(\d{3})?[\])）】\-—]?\D")


def code_apart_from_unit_name(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D04 where the name of the unit begins with a code, as published lists print it."""
    name = plan.values.get("unit_name", "")
    if _CODE_IN_NAME.match(name.strip()):
        yield Remark("D04", ("unit_name",), {"problem": "单位名称里不应带单位编码", "value": name})


def projects_are_distinct(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D08 at the second of two projects with the same code (error) or the same name (warning)."""
    for key, label in (("project_code", "项目编码"), ("project_name", "项目名称")):
        seen: dict[str, FieldPath] = {}
        for path, value in plan.items("projects", key):
            plain = "".join(str(value).split())
            first = seen.setdefault(plain, path)
            if first != path:
                words = {"label": label, "value": value, "first": int(first[1]) + 1, "second": int(path[1]) + 1}
                yield Remark("D08", path, words, severity="error" if key == "project_code" else "warning")


def codes_are_of_this_plan(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D06 at a project code whose region or year is not that of the plan: perhaps last year's code.

    Digits 1–6 are the region, 7–8 the budget year (the codes of the budget management system, 预算管理一体化规范).
    """
    region, fiscal = region_of(plan), plan.values.get("fiscal_year")
    for path, code in plan.items("projects", "project_code"):
        if not _CODE.fullmatch(str(code)) or not code[:8].isdigit():
            continue
        if region and code[:6] != region:
            yield Remark("D06", path, {"part": "行政区划", "found": code[:6], "expected": region})
        if isinstance(fiscal, int) and int(code[6:8]) != fiscal % 100:
            yield Remark("D06", path, {"part": "年度", "found": f"20{code[6:8]}", "expected": fiscal})


_HEBEI_CODE = re.compile(r"13[0-9]{6}[0-9A-Z]{13}")
_CHECK_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CHECK_VALUES = {char: value for value, char in enumerate(_CHECK_ALPHABET)}
_CHECK_WEIGHTS = tuple(pow(3, place, 31) for place in range(20))


def codes_check_out(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield D07 at a Hebei project code whose last character does not follow from the others.

    Alphabet and weights are those of the social credit code (GB 32100: no I, O, S, V, Z; 3^i mod 31), the check is
    30 − Σ mod 31; recovered from published codes of 2023 and 2025, all of which fit. Those of 2021 do not.
    """
    for path, code in plan.items("projects", "project_code"):
        if not _HEBEI_CODE.fullmatch(str(code)):
            continue
        if 2000 + int(code[6:8]) >= profile.limits.check_character_from and code[-1] != check_character(code[:-1]):
            yield Remark("D07", path, {"value": code})


def check_character(digits: str) -> str:
    """Return the last character of a code that begins with `digits`, or '' where one of them is of no code at all."""
    values = [_CHECK_VALUES.get(char, -1) for char in digits]
    if -1 in values:
        return ""
    total = sum(map(mul, values, _CHECK_WEIGHTS))
    return _CHECK_ALPHABET[30 - total % 31]


_HEADINGS = frozenset(
    ("总体绩效目标", "分项绩效目标", "工作保障措施", "部门整体绩效目标", "预算项目绩效目标", "第一部分", "第二部分")
)
_NUMBER = re.compile(
    r"\s*(?:第[一二三]部分(?=.)|[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}[)）、.．]?)?\s*"
)
# Any of them, at least its characters, is in a text that holds one as a line; most plans have none.
_ANY_HEADING = re.compile("|".join(r"[\s：:。]*".join(heading) for heading in sorted(_HEADINGS)))
_FILLING = re.compile(r"[\s：:。]")
_PRINTED = re.compile(r"\s*绩效(目标|指标)\s*[:：]")
_PART = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])\s*(\S.*)")
_SENTENCE = re.compile(r"[。；;，,：:]")
_LONGEST_HEADING = 20
_SECTIONS = frozenset(("overall_goal", "activity_goals", "safeguard_measures"))


def headings_stand_once(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D02 where a text holds a heading that the document prints by itself, or a heading with nothing below it.

    The document prints the headings of sections and the words 绩效目标： and 绩效指标：; typed too, they come twice.
    """
    yield from _printed_headings(plan)
    yield from _empty_headings(plan)
    yield from _repeated_titles(plan)


def _printed_headings(plan: Record) -> Iterator[Remark]:
    typed = [(path, text) for path, text in free_texts.texts(plan) if path[0] in _SECTIONS]
    together = "\n".join([text for _, text in typed])
    if not _ANY_HEADING.search(together) and not any(_PRINTED.match(text) for _, text in typed):
        return
    for path, value in typed:
        for line in value.splitlines():
            bare = _FILLING.sub("", line[_NUMBER.match(line).end() :])  # type: ignore[union-attr]
            if bare in _HEADINGS:
                yield Remark("D02", path, {"heading": line.strip()})
        if path[0] == "activity_goals" and path[-1] != "title" and (match := _PRINTED.match(value)):
            yield Remark("D02", path, {"heading": match[0].strip()})


def _empty_headings(plan: Record) -> Iterator[Remark]:
    """Yield D02 at short numbered lines without text below, in lists where other headings of the kind have some."""
    for key in ("overall_goal", "safeguard_measures"):
        lines = [str(line) for line in plan.values.get(key, ())]
        heads = {at for at, line in enumerate(lines) if _is_heading(line)}
        bare = [at for at in sorted(heads) if at + 1 == len(lines) or _PART.match(lines[at + 1])]
        if len(bare) < len(heads):
            yield from (Remark("D02", (key, at), {"heading": lines[at].strip()}) for at in bare)


def _is_heading(line: str) -> bool:
    match = _PART.fullmatch(line.strip())
    if not match or _FILLING.sub("", match[1]) in _HEADINGS:
        return False
    return len(match[1]) <= _LONGEST_HEADING and not _SENTENCE.search(match[1])


def _repeated_titles(plan: Record) -> Iterator[Remark]:
    seen: set[str] = set()
    for path, title in plan.items("activity_goals", "title"):
        bare = _FILLING.sub("", str(title)[_NUMBER.match(str(title)).end() :])  # type: ignore[union-attr]
        if bare and bare in seen:
            yield Remark("D02", path, {"heading": title})
        seen.add(bare)


_LEFT = (
    re.compile(r"(?<![A-Za-z])(?:[Xx]{2,}|[×╳]{2,}|[*＊]{2,}|[○◯]{2,}|[_＿]{3,})(?![A-Za-z0-9])"),
    re.compile(
        r"[（(【\[](?:请(?:填|在|按|写|输|选|注明|说明|根据|列|对照|结合|如实|逐项|简要|概括|描述|补充)|此处|在此|填写)[^）)】\]]*[）)】\]]|[（(【\[][示样]例[）)】\]]"
    ),
    # How long a text may be is said by the form, not by the text.
    re.compile(
        r"[（(【\[]?[^（(【\[\n，。；]{0,10}(?:\d{2,4}|[一二三四五六七八九]百)\s*字(?:以内|左右|以上|以下|之内)[）)】\]]?"
        r"|[（(【\[][^）)】\]\n]{0,8}(?:不[少超多]于?过?|限|控制在)\s*\d{2,4}\s*字[^）)】\]\n]{0,4}[）)】\]]"
    ),
    re.compile(
        r"^\s*(?:绩效)?(?:指标|目标|任务|措施|项目)\s*[0-9０-９一二三四五六七八九十]{1,2}\s*[:：、.。]?\s*$",
        re.MULTILINE,
    ),
    re.compile(
        r"^\s*(?:[（(]?[0-9一二三四五六七八九十]{1,2}[)）]?\s*[、.．:：]?)?\s*(?:[*＊]|[.．。]{3,}|…+)\s*$",
        re.MULTILINE,
    ),
    # An unfinished list; quoted dots belong to what is quoted.
    re.compile(r"(?:…+|[.．]{3,}|。{3,})(?![^“《]*[”》])"),
)
# What a text must hold for one of these to be found: one search instead of five, for most hold nothing of it. It starts
# with a set of characters, which makes it five times as fast as several patterns.
_MAY_BE_LEFT = re.compile(
    r"[Xx×╳*＊○◯_＿….．。（(【\[指目任措项字](?:"
    r"(?<=[Xx])[Xx]|(?<=[×╳])[×╳]|(?<=[*＊])(?:[*＊]|\s*$)|(?<=[○◯])[○◯]|(?<=[_＿])[_＿]{2}|(?<=…)|(?<=[.．。])[.．。]{2}"
    r"|(?<=[（(【\[])[请此在填示样]|(?<=字)[以左之）)】\]]"
    r"|(?<=[指目任措项])[标务施目]\s*[0-9０-９一二三四五六七八九十]{1,2}\s*[:：、.。]?\s*$)",
    re.MULTILINE,
)


def nothing_of_the_template_is_left(plan: Record, profile: Profile) -> Iterator[Remark]:
    """Yield D11 at a text that still holds what a template or a sample had there: ……, XX, ***, 指标2, （请填写…）."""
    named = _any_of(profile.words.placeholders)
    left: dict[FieldPath, str] = {}
    every = free_texts.every_text(plan)
    for path, value in every.where(_MAY_BE_LEFT):
        for found in filter(None, (pattern.search(value) for pattern in _LEFT)):
            left.setdefault(path, found[0].strip())
    for path, value in every.where(named):
        if value.strip().strip("（）()【】[]：:。0123456789") in profile.words.placeholders:
            left.setdefault(path, value.strip())
    for path, value in left.items():
        yield Remark("D11", path, {"value": value})


@lru_cache(maxsize=16)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)) or "(?!)")


RULES = (
    code_apart_from_unit_name,
    headings_stand_once,
    codes_are_of_this_plan,
    codes_check_out,
    projects_are_distinct,
    nothing_of_the_template_is_left,
)
