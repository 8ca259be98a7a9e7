"""Random data of plans and self-evaluations: what a clerk may type, odd characters and blanks included."""

from decimal import Decimal

_SYLLABLES = (
    "工作经费业务活动会议培训宣传调研服务企业发展建设管理保障提升完成组织开展落实推进机关干部群众民营经济政策咨询平台项目资金"
    "使用规范及时全面有效持续改善环境"
)
_ODD = (
    "2025年", "A", "（试行）", "“", "”", "·", "—", "1.5", "100%", "3", "：", "《通知》", "-", "+", "&", "<b>", "％",
    "（", "）", "①", "㎡", "  ", " ", "。", "绩效目标", "指标", "合计", "项目", "单位：", "附件1", "其他", "无",
)  # fmt: skip
LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标",),
}
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_NUMBERS = ("1", "45", "90", "100", "3.5", "1200", "0", "99.9", "22.5")


class Author:
    """Makes data with a source of randomness."""

    def __init__(self, random):
        self._random = random

    def chance(self, share):
        return self._random.random() < share

    def pick(self, choices):
        return self._random.choice(choices)

    def count(self, low, high):
        return self._random.randint(low, high)

    def name(self, low, high):
        parts = (self.pick(_SYLLABLES) if self.chance(0.85) else self.pick(_ODD) for _ in range(self.count(low, high)))
        # A name that begins with a sign of its own could be the end of the number before it.
        return self.pick(_SYLLABLES) + self.pick(_SYLLABLES) + "".join(parts).rstrip()

    def prose(self, low=8, high=40):
        text = self.name(low, high)
        if self.chance(0.4):
            text += "，" + self.name(4, 20)
        if self.chance(0.3):
            text += str(self.count(1, 99)) + self.pick("次人个项场")
        return text + self.pick(("。", "", "；"))

    def amount(self):
        return Decimal(self.count(0, 10 ** self.count(2, 6))) / 100

    def code(self, year):
        return f"130304{year % 100}" + "".join(self.pick(_CODE) for _ in range(13))

    def target(self):
        if self.chance(0.6):
            unit = self.pick(("%", "人", "次", "万元", "元", "篇", "个", "天", "平方米", "人次"))
            return {"sign": self.pick("≥≤=><"), "target": Decimal(self.pick(_NUMBERS)), "measure_unit": unit}
        if self.chance(0.3):
            return {"target": Decimal(self.count(1, 100)), "measure_unit": "次"}
        return {"target": self.pick(("有所提升", "2025年12月31日前", "优", "逐步提高", "12月底前完成", "9月前"))}

    def indicators(self):
        found = [
            {"dimension": dimension, "category": category, "name": self.name(2, 10), **self.target()}
            for dimension, categories in LEVELS.items()
            for category in categories
            for _ in range(self.pick((0, 1, 1, 2)))
        ]
        return found or [{"dimension": "产出指标", "category": "数量指标", "name": self.name(2, 6), **self.target()}]


def plan(random):
    """The data of a plan."""
    say = Author(random)
    year = say.count(2020, 2027)
    data = {
        "document_type": "performance_plan",
        "fiscal_year": year,
        "unit_code": say.pick(("714001", "131", "402001")),
        "unit_name": say.name(2, 8) + say.pick(("局", "委员会", "办公室(本级)", "中心", "联合会本级")),
        "currency_unit": say.pick(("万元", "万元", "元")),
        "overall_goal": [say.prose(20, 120) for _ in range(say.count(1, 4))],
        "activity_goals": [
            {
                "title": (f"{number}、" if say.chance(0.8) else "") + say.name(4, 18),
                "performance_goal": say.prose(10, 80),
                "indicators": "\n".join(say.prose(6, 30) for _ in range(say.pick((1, 1, 2)))),
            }
            for number in range(1, say.count(2, 6))
        ],
        "safeguard_measures": [
            (f"{number}、" if say.chance(0.8) else "") + say.prose(10, 100) for number in range(1, say.count(2, 6))
        ],
        "projects": [_plan_project(say, year) for _ in range(say.count(1, 4))],
    }
    if say.chance(0.3):
        data["prepared_by"] = say.name(2, 8)
    return data


def _plan_project(say, year):
    fiscal, other = say.amount(), say.amount()
    project = {
        "project_code": say.code(year),
        "project_name": say.name(2, 18),
        "budget_amount": fiscal + other,
        "fiscal_funds": fiscal,
        "use_of_funds": say.prose(6, 60) + (f"\n{say.prose()}" if say.chance(0.2) else ""),
        "expenditure_schedule": {
            key: Decimal(say.pick(("0", "25", "50", "100", "33.33", "8.5")))
            for key in ("by_mar", "by_jun", "by_oct", "by_dec")
            if say.chance(0.9)
        },
        "performance_goals": [
            say.pick((f"{number}.", f"{number}、", "")) + say.prose() for number in range(1, say.count(2, 5))
        ],
        "indicators": [
            {
                **one,
                "description": say.prose(4, 20),
                "target_basis": say.pick(("年度工作计划", f"《{say.name(2, 8)}》")),
            }
            for one in say.indicators()
        ],
    }
    if say.chance(0.5):
        project["other_funds"] = other
    return project


def evaluation(random):
    """The data of a self-evaluation: a report and its tables."""
    say = Author(random)
    year = say.count(2020, 2027)
    unit = say.name(2, 6) + "局"
    inserts = ("部门职责", "机构设置表", "人员情况", "固定资产", "收支情况")
    sections = [{"number": "一、", "heading": say.name(4, 12)}]
    sections += [
        {"number": f"（{number}）", "heading": insert, "insert": insert}
        for number, insert in zip("一二三四五", inserts, strict=True)
    ]
    for number in "二三四"[: say.count(1, 3)]:
        sections.append({"number": f"{number}、", "heading": say.name(4, 12)})
        if say.chance(0.5):
            sections[-1]["text"] = "\n".join(say.prose(10, 120) for _ in range(say.count(1, 3)))
        sections += [
            {"number": f"（{inner}）", "heading": say.name(4, 12), "text": say.prose(10, 100)}
            for inner in "一二三"[: say.count(0, 3)]
        ]
    sections.append({"number": "五、", "heading": "评价工作组人员名单", "insert": "评价组名单"})
    return {
        "document_type": "self_evaluation",
        "fiscal_year": year,
        "unit_name": unit,
        "unit_short_name": say.pick(("工商联", "文旅局", "政协")),
        "currency_unit": "万元",
        "report_date": f"{year + 1}年{say.count(1, 12)}月{say.count(1, 28)}日",
        "duties": "\n".join(say.prose(20, 100) for _ in range(say.count(1, 2))),
        "staff_on_duty": say.count(1, 99),
        "retirees": say.count(0, 50),
        "fixed_assets": say.amount(),
        "revenue_expenditure": {"total": say.amount() + 1, "reason": say.pick(("增加了办公费", "压减了一般性支出"))},
        "organisation_table": [
            {"unit_name": unit + str(number), "unit_nature": "行政", "unit_rank": "正科级", "funding_mode": "财政拨款"}
            for number in range(say.count(1, 3))
        ],
        "preface": say.prose(30, 150),
        "sections": sections,
        "evaluation_team": [
            {"name": say.pick(("王明", "李小红", "张 伟")), "post": say.pick(("办公室主任", "科员"))}
            for _ in range(say.count(1, 4))
        ],
        "projects": [_evaluated_project(say) for _ in range(say.count(1, 3))],
    }


def _evaluated_project(say):
    budget = say.amount() + 1
    spent = (budget * say.count(50, 100) / 100).quantize(Decimal("0.01"))
    line = {"initial_budget": budget, "revised_budget": budget, "actual_expenditure": spent}
    return {
        "project_name": say.name(2, 14),
        "supervising_department": say.name(2, 6) + "局",
        "implementing_unit": say.name(2, 6) + "局",
        "funding_lines": [
            {"source": "年度资金总额", **line}, {"source": "其中：当年财政拨款", **line},
            {"source": "上年结转资金"}, {"source": "其他资金"},
        ],
        "expected_goal": say.prose(10, 60),
        "actual_achievement": say.prose(10, 60),
        "indicators": [_evaluated(say, one) for one in say.indicators()],
    }  # fmt: skip


def _evaluated(say, indicator):
    weight = Decimal(say.pick(("5", "10", "2.5", "20")))
    found = {**indicator, "weight": weight, "actual": indicator["target"], "score": weight}
    if say.chance(0.2) and isinstance(found["actual"], Decimal):
        found |= {"actual": Decimal(say.count(1, 200)), "score": weight - 1}
    if say.chance(0.3):
        found["variance_explanation"] = say.prose()
    return found
