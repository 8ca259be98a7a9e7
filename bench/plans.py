"""Plans as units hand them in, made from the examples: no two alike, with the defects that the originals have.

Units differ in their names and places, in which projects they have and in what order, in amounts and targets, and in
how they put things. Short texts are the same in many of them, because people copy those; nearly every long one differs.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

import clone  # noqa: F401 - the way to this perfxl
from care import mended, punctuated

from perfxl.checks.plan.identity import check_character
from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads
from perfxl.report_type.model import ReportType

PROJECTS = 10
YEAR = 2026
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_PLACES = {
    "130102": "石家庄市长安区", "130105": "石家庄市新华区", "130121": "石家庄市井陉县", "130202": "唐山市路南区",
    "130203": "唐山市路北区", "130205": "唐山市开平区", "130208": "唐山市丰润区", "130302": "秦皇岛市海港区",
    "130303": "秦皇岛市山海关区", "130306": "秦皇岛市抚宁区", "130402": "邯郸市邯山区", "130403": "邯郸市丛台区",
    "130503": "邢台市信都区", "130535": "邢台市临西县", "130602": "保定市竞秀区", "130606": "保定市莲池区",
    "130702": "张家口市桥东区", "130802": "承德市双桥区", "130903": "沧州市运河区", "131002": "廊坊市安次区",
    "131003": "廊坊市广阳区", "131102": "衡水市桃城区",
}  # fmt: skip
_OFFICES = {
    "工商业联合会": "工商联", "科学技术协会": "科协", "残疾人联合会": "残联", "文学艺术界联合会": "文联",
    "归国华侨联合会": "侨联", "妇女联合会": "妇联", "红十字会": "红会", "社会科学界联合会": "社科联",
    "供销合作社联合社": "供销社", "计划生育协会": "计生协", "青年联合会": "青联", "国际商会": "商会",
}  # fmt: skip
# Ways of saying the same thing, as they stand beside each other in the originals.
_PHRASES = (
    ("完善", "健全"), ("加强", "强化"), ("积极", "主动"), ("确保", "保证"), ("按要求", "按规定"), ("做好", "抓好"),
    ("深入", "扎实"), ("努力", "全力"), ("推动", "促进"), ("提高", "提升"), ("帮助", "协助"), ("广泛", "大力"),
    ("制定", "拟定"), ("引导", "带动"), ("培育", "培养"), ("贯彻", "落实"), ("规范", "严格"), ("充分", "切实"),
    ("主要用于", "用于"), ("有针对性地", "有重点地"), ("开展", "组织"), ("年初", "年度"), ("保障", "保证"),
    ("及时采取措施", "立即采取措施"), ("财务资产", "财务和资产"), ("问题", "不足"), ("审批程序", "审批手续"),
    ("领导", "带领"), ("水平", "能力"), ("经济社会", "社会经济"), ("交流会", "座谈会"), ("宣传", "宣讲"),
    ("比例情况", "比例"), ("反映", "体现"), ("情况", "状况"), ("数量", "总数"), ("实际", "当年实际"),
    ("人员", "同志"), ("有关", "相关"), ("服务", "帮扶"), ("满意程度", "满意度"), ("单位", "部门"), ("企业", "公司"),
    ("所属", "下属"), ("活动", "行动"), ("计划量", "计划数"), ("比率", "比重"), ("费用支出", "费用"),
)  # fmt: skip
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_GIVEN = "伟芳秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国玉红梅文辉力永健世广志义兴良海山仁波宁贵福生龙元全胜学祥"
# What a unit says of its own affairs; most long texts have it somewhere, and hardly two have the same.
_OWN = ("，由{}牵头", "，由{}负责", "（联系人{}）", "，报{}审定")
_LONG = 14
_ALTERNATIVES = {one: other for pair in _PHRASES for one, other in (pair, pair[::-1])}
_PHRASE = re.compile("|".join(sorted(_ALTERNATIVES, key=len, reverse=True)))
_COUNT = re.compile(r"(?<=不少于)\d+|(?<=不低于)\d+")
_NUMBERED = re.compile(r"\s*\d+\s*[.、．]\s*")
_FIXED = frozenset(("document_type", "currency_unit", "region_code", "dimension", "category", "sign", "measure_unit"))
_SHARES = (80, 85, 90, 92, 95, 98)


def plan_type() -> ReportType:
    """Return the report type that has projects."""
    home = catalog.home()
    found = (catalog.load(home, one) for one in catalog.available(home))
    return next(one for one in found if any(sheet.each == "projects" for sheet in one.sheets))


def plans(count: int, seed: int = 6) -> Iterator[dict[str, Any]]:
    """Yield the data of `count` plans of ten projects; the same ones for the same seed."""
    chance = random.Random(seed)
    examples = _examples()
    for number in range(count):
        yield _plan(examples, number, chance)


def _examples() -> list[dict[str, Any]]:
    """Return the examples that are plans, all of them as of one year."""
    report_type, found = plan_type(), []
    for path in sorted((catalog.home() / "examples").glob("*.json")):
        known = json.loads(path.read_text("utf-8"))
        if known.get("document_type") == report_type.id and "fiscal_year" in known:
            example = loads(path.read_bytes(), report_type)
            found.append(_dated(example, YEAR - int(example["fiscal_year"])))
    return found


def _dated(example: dict[str, Any], later: int) -> dict[str, Any]:
    def change(text: str) -> str:
        return re.sub(r"20[12]\d(?= ?年)", lambda year: str(int(year[0]) + later), text)

    return {**_texts(example, change), "fiscal_year": YEAR}


def _texts(values: Any, change: Callable[[str], str]) -> Any:
    if isinstance(values, Mapping):
        return {key: value if key in _FIXED else _texts(value, change) for key, value in values.items()}
    if isinstance(values, list):
        return [_texts(value, change) for value in values]
    return change(values) if isinstance(values, str) else values


class _Voice:
    """How one unit puts things: the same text always in the same way, because people copy their own texts as well."""

    def __init__(self, chance: random.Random, names: Mapping[str, str]) -> None:
        self._chance = chance
        self._names = names
        self._name = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
        self._said: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text not in self._said:
            named = self._name.sub(lambda found: self._names[found[0]], text) if self._names else text
            counted = _COUNT.sub(lambda found: str(max(1, int(found[0]) + self._chance.randint(-2, 6))), named)
            self._said[text] = self._owned(_PHRASE.sub(self._phrase, counted))
        return self._said[text]

    def _owned(self, text: str) -> str:
        """Return a text with somebody's name at the end of one of its clauses, if it is long."""
        if len(text) < _LONG or self._chance.random() < 0.15:
            return text
        ends = [found.start() for found in re.finditer("[，。；]|$", text) if found.start() > _LONG // 2]
        at, chance = self._chance.choice(ends), self._chance
        who = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
        return text[:at] + chance.choice(_OWN).format(who) + text[at:]

    def _phrase(self, found: re.Match[str]) -> str:
        return _ALTERNATIVES[found[0]] if self._chance.random() < 0.5 else found[0]


def _plan(examples: list[dict[str, Any]], number: int, chance: random.Random) -> dict[str, Any]:
    region, place = chance.choice(list(_PLACES.items()))
    office, short = chance.choice(list(_OFFICES.items()))
    example = chance.choice(examples)
    city, area = place[: place.index("市") + 1], place[place.index("市") + 1 :]
    voice = _Voice(chance, _names(city, area, office, short))
    pool = [project for one in examples for project in one["projects"]]
    plan = deepcopy(example)
    plan = _texts(plan | {"projects": []}, voice)
    if chance.random() < 0.8:
        plan = _texts(plan, punctuated)
    plan["safeguard_measures"] = _reordered(plan["safeguard_measures"], chance)
    chance.shuffle(plan["activity_goals"])
    plan |= {"region_code": region, "region_name": f"河北省{place}"}
    plan |= {"unit_code": f"{100001 + number}", "unit_name": f"{place}{office}（第{number + 1}号）本级"}
    chosen = chance.sample(pool, PROJECTS)
    plan["projects"] = mended([_project(one, region, voice, chance) for one in chosen], chance)
    return plan


def _names(city: str, area: str, office: str, short: str) -> dict[str, str]:
    names = {"工商业联合会": office, "工商联": short}
    names |= dict.fromkeys(("秦皇岛市", "唐山市", "邢台市"), city)
    names |= dict.fromkeys(("北戴河区", "临西县"), area)
    return names | dict.fromkeys(("唐山", "北戴河", "临西"), area[:-1])


def _reordered(lines: list[str], chance: random.Random) -> list[str]:
    """Return most of the numbered lines in another order; the numbers go on as they were."""
    heads = [found[0] if (found := _NUMBERED.match(line)) else "" for line in lines]
    bodies = [line[len(head) :] for line, head in zip(lines, heads, strict=True)]
    chance.shuffle(bodies)
    most = chance.randint(-(-2 * len(lines) // 3), len(lines))
    return [head + body for head, body in zip(heads[:most], bodies[:most], strict=True)]


def _project(original: Mapping[str, Any], region: str, voice: _Voice, chance: random.Random) -> dict[str, Any]:
    project = deepcopy(dict(original))
    before = Decimal(project["budget_amount"])
    after = max(Decimal("0.1"), (before * Decimal(chance.uniform(0.4, 2.5))).quantize(Decimal("0.1")))
    quoted = re.compile(rf"(?<![\d.]){before.normalize():f}(?:\.0+)?(?=万元)")
    project = _texts(project, lambda text: voice(quoted.sub(f"{after:f}", text)))
    project["budget_amount"] = after
    project["fiscal_funds"] = after - Decimal(project.get("other_funds") or 0)
    project["project_code"] = _code(f"{region}{YEAR % 100}P", chance)
    for line in project["indicators"]:
        line["target"] = _target(line, before, after, chance)
    return project


def _code(head: str, chance: random.Random) -> str:
    code = head + "".join(chance.choice(_LETTERS) for _ in range(20 - len(head)))
    return code + check_character(code)


def _target(line: Mapping[str, Any], before: Decimal, after: Decimal, chance: random.Random) -> Any:
    target, unit = line.get("target"), line.get("measure_unit")
    if not isinstance(target, int | Decimal):
        return target
    for factor, money in ((1, "万元"), (10_000, "元")):
        if unit == money and target == before * factor:
            return after * factor
    if unit == "%":
        return target if target == 100 else chance.choice(_SHARES)
    return max(1, round(int(target) * chance.uniform(0.6, 2))) if target >= 1 else target


def reworded(plan: Mapping[str, Any], number: int, seed: int = 6) -> dict[str, Any]:
    """Return a plan like another one in numbers and structure, of another unit that puts things in other words."""
    chance = random.Random(f"{seed} {number}")
    told: dict[str, Any] = _texts(plan, _Voice(chance, {}))
    told |= {"unit_code": f"{100001 + number}", "region_name": plan["region_name"]}
    told |= {"unit_name": re.sub(r"第\d+号", f"第{number + 1}号", plan["unit_name"])}
    for project, original in zip(told["projects"], plan["projects"], strict=True):
        project["project_code"] = _code(original["project_code"][:9], chance)
    return told
