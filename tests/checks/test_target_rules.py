"""Family K: what a target says, whether it suits its indicator, and whether costs agree with the budget."""

import pytest
from plans import changed, filled, findings, found, record_of

QUANTITY, QUALITY, TIME, COST, SOCIAL, LASTING, SATISFACTION = range(7)


def row(number, target, unit=None, sign=None, **fields):
    """Changes to one indicator of the first project, its target among them; number 0 is row 23 of the sheet."""
    values = {"target": target, "measure_unit": unit, "sign": sign, **fields}
    data = changed({})["projects"][0]["indicators"][number]
    gone = [key for key, value in values.items() if value is None and key not in data]
    return {f"projects[0].indicators[{number}].{key}": value for key, value in values.items() if key not in gone}


def repairs(record, code):
    return [one.repair for one in findings(record, code)]


def cells(record, code):
    return [cell for _, cell in found(record, code)]


def test_findings_are_the_same_through_the_workbook(book):
    changes = {**row(QUALITY, "≥9595及以上"), **row(TIME, "46022"), **row(SATISFACTION, "有所提升")}
    assert found(book(changes), "K") == found(filled(changes), "K")
    assert found(book(changes), "K") == [("K05", "项目1!F24"), ("K10", "项目1!F25"), ("K17", "项目1!F29")]


# K05 run together


@pytest.mark.parametrize(
    ("target", "unit", "sign", "repair"),
    [
        ("≥9595及以上", None, None, {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("9595及以上", None, "≥", {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("≥0.95大于等于95%", None, None, {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("≥95%", "%", "≥", {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("９５％及以上", None, "≥", {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("10次", "次", "≥", {"sign": "≥", "target": "10", "measure_unit": "次"}),
        ("≥≤95%", None, None, None),
    ],
)
def test_a_target_run_together_is_one_finding_with_the_likely_reading(target, unit, sign, repair):
    record = filled(row(QUALITY, target, unit, sign))
    assert found(record, "K") == [("K05", "项目1!F24")]
    assert repairs(record, "K05") == [repair]


@pytest.mark.parametrize(("target", "unit"), [(2020, "人"), (5050, "人"), ("95%及以上", None), ("1-2", "次")])
def test_a_number_that_only_looks_doubled_passes(target, unit):
    assert found(filled(row(SOCIAL, target, unit, None if unit is None else "≥")), "K05") == []


def test_rules_on_meaning_go_by_the_likely_reading():
    assert found(filled(row(QUANTITY, "≥9595及以上")), "K") == [
        ("K05", "项目1!F23"),
        ("K11", "项目1!F23"),
    ]
    assert found(filled(row(COST, "≥9595及以上", name="成本控制率")), "K") == [
        ("K05", "项目1!F26"),
        ("K13", "项目1!F26"),
    ]


# K06 units


@pytest.mark.parametrize("target", [95, "≥95", "1-2", 1, 46022])
def test_a_number_without_a_unit_is_an_error(target):
    assert found(filled(row(QUALITY, target, None, None if target == "≥95" else "≥")), "K") == [("K06", "项目1!F24")]


def test_ten_thousand_alone_is_no_unit_but_of_a_cost():
    assert found(filled(row(SOCIAL, "≥250万")), "K") == [("K06", "项目1!F27")]
    assert found(filled(row(SOCIAL, "250万")), "K") == [("K06", "项目1!F27")]
    record = filled(row(COST, "≤36万", name="培训总成本", description="全部支出"))
    assert found(record, "K") == [("K08", "项目1!F26")]
    assert repairs(record, "K08") == [{"sign": "≤", "target": "36", "measure_unit": "万元"}]


def test_a_share_as_a_fraction_is_told_how_to_write_it():
    record = filled(row(QUALITY, 0.95, None, "≥"))
    assert [one.hint for one in findings(record, "K06")] == ["如果是百分比，请填“≥95%”。"]
    record = filled(row(QUALITY, 95, None, "定性"))
    assert "选了“定性”" in findings(record, "K06")[0].hint


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (95, "合格率（%）"),
        (0.56, "灌溉水有效利用系数"),
        ("6-9", "出水pH值"),
        ("2025年", "完成年度"),
        ("优良", "合格率"),
    ],
)
def test_a_unit_in_the_name_will_do_and_some_measures_have_none(target, name):
    assert found(filled(row(QUALITY, target, name=name)), "K06") == []


# K07 signs


@pytest.mark.parametrize(
    ("number", "target", "unit", "advice", "repair"),
    [
        (QUALITY, 100, "%", "=100%", None),
        (QUALITY, "90%", None, "≥90%", None),
        (SOCIAL, 45, "户", "≥45户", None),
        (SOCIAL, 0, "起", "=0起", None),
        (TIME, 5, "个工作日", "≤5个工作日", None),
        (COST, 36, "万元", "≤36万元", {"sign": "≤", "target": "36", "measure_unit": "万元"}),
        (COST, "360000元", None, "≤360000元", {"sign": "≤", "target": "360000", "measure_unit": "元"}),
    ],
)
def test_a_number_without_a_sign_gets_the_likely_one(number, target, unit, advice, repair):
    record = filled(row(number, target, unit))
    assert cells(record, "K07") == [f"项目1!F{23 + number}"]
    assert [one.hint for one in findings(record, "K07")] == [f"建议写成“{advice}”。"]
    assert repairs(record, "K07") == [repair]


def test_a_saving_is_not_bounded_above_and_a_bad_thing_is():
    record = filled(row(COST, 5, "%", name="成本节约率"))
    assert [(one.hint, one.repair) for one in findings(record, "K07")] == [("建议写成“≥5%”。", None)]
    assert [one.hint for one in findings(filled(row(QUALITY, 2, "%", name="投诉率")), "K07")] == ["建议写成“≤2%”。"]


@pytest.mark.parametrize(
    ("target", "unit"),
    [
        ("不少于45户", None),
        ("45户以上", None),
        ("1500元/户以内", None),
        ("每季度1次", None),
        ("较上年增长5%", None),
        ("1-2", "次"),
        ("95", None),
        ("优", None),
    ],
)
def test_words_that_say_the_same_as_a_sign_will_do(target, unit):
    assert found(filled(row(SOCIAL, target, unit)), "K07") == []


# K08 look-alikes


@pytest.mark.parametrize(
    ("target", "unit", "repair"),
    [
        ("≧95%", None, {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("》=95%", None, {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("\\geq95%", None, {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("≥95百分比", None, {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("≥９５％", None, {"sign": "≥", "target": "95", "measure_unit": "%"}),
        ("满意度≧95%", None, {"sign": "", "target": "满意度≥95%", "measure_unit": ""}),
    ],
)
def test_a_look_alike_sign_or_unit_is_mended(target, unit, repair):
    record = filled(row(QUALITY, target, unit))
    assert found(record, "K") == [("K08", "项目1!F24")]
    assert repairs(record, "K08") == [repair]


@pytest.mark.parametrize("target", ["≥95%", "不低于95%", "95%～95%", "《会议费管理办法》", "≥优良", "95%以上"])
def test_proper_signs_and_words_pass(target):
    assert found(filled(row(QUALITY, target)), "K08") == []


# K09 above a hundred


def test_a_share_above_a_hundred_is_doubted():
    record = filled(row(QUALITY, "290%"))
    assert found(record, "K") == [("K09", "项目1!F24")]
    assert "≥90%" in findings(record, "K09")[0].hint
    assert cells(filled(row(QUALITY, "≥120%")), "K09") == ["项目1!F24"]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("≥100%", "合格率"),
        ("≤105%", "成本控制率"),
        ("≥120%", "收入增长率"),
        ("比上年增长120%", "农户收入"),
        ("290人", "合格人数"),
    ],
)
def test_a_hundred_and_what_may_grow_pass(target, name):
    assert found(filled(row(QUALITY, target, name=name)), "K09") == []


# K10 date serials


def test_a_date_serial_is_told_as_the_day_it_is():
    record = filled(row(TIME, 46022))
    assert found(record, "K") == [("K10", "项目1!F25")]
    assert "2025年12月31日" in findings(record, "K10")[0].hint
    assert cells(filled(row(SOCIAL, "46,022", name="完成时间")), "K10") == ["项目1!F27"]


@pytest.mark.parametrize("target", [39999, 55001.5, "2025年12月31日", "46022元"])
def test_other_numbers_and_dates_are_no_serials(target):
    assert found(filled(row(TIME, target)), "K10") == []


# K11 counts and shares


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (QUANTITY, "培训完成率"),
        (QUANTITY, "培训人数"),
        (SOCIAL, "带动农户数"),
        (QUALITY, "成果采纳数"),
        (COST, "人均支出金额"),
    ],
)
def test_a_share_where_something_is_counted_is_pointed_out(number, name):
    record = filled(row(number, 95, "%", "≤" if number == COST else "≥", name=name))
    assert found(record, "K11") == [("K11", f"项目1!F{23 + number}")]


@pytest.mark.parametrize(
    ("number", "name", "target"),
    [
        (QUALITY, "培训合格率", "≥95%"),
        (SOCIAL, "群众满意指数", "≥95%"),
        (QUANTITY, "培训农民人数", "比上年增长5%"),
        (QUANTITY, "培训农民人数", "≥240人"),
        (SOCIAL, "困难户占比", "≤5%"),
    ],
)
def test_shares_where_shares_belong_pass(number, name, target):
    assert found(filled(row(number, target, name=name)), "K11") == []


# K12 the wrong place


@pytest.mark.parametrize(
    ("number", "category", "name", "target"),
    [
        (QUALITY, "质量指标", "业务指导企业数", "≥20家"),
        (TIME, "时效指标", "工作完成情况", "≥95%"),
        (TIME, "时效指标", "会议时间", "≥95%"),
        (TIME, "时效指标", "培训期数", "≥4期"),
        (TIME, "时效指标", "培训质量", "优良"),
        (SOCIAL, "经济效益指标", "工作完成率", "≥95%"),
        (SOCIAL, "社会效益指标", "学员满意度", "≥95%"),
        (SOCIAL, "生态效益指标", "保障社会发展", "≥95%"),
    ],
)
def test_an_indicator_in_the_wrong_place_is_reported_at_its_second_level(number, category, name, target):
    text = row(number, target, category=category, name=name, description="全年的有关情况")
    assert found(filled(text), "K12") == [("K12", f"项目1!B{23 + number}")]


@pytest.mark.parametrize(
    ("number", "category", "name", "target"),
    [
        (QUALITY, "质量指标", "论文发表数", "≥20篇"),
        (QUALITY, "质量指标", "安全事故起数", "=0起"),
        (QUALITY, "质量指标", "考核平均成绩", "≥80分"),
        (TIME, "时效指标", "资金支付及时率", "≥95%"),
        (TIME, "时效指标", "公交准点率", "≥95%"),
        (TIME, "时效指标", "巡查频次", "≥4次/月"),
        (TIME, "时效指标", "支付情况", "按时支付"),
        (TIME, "时效指标", "验收", "2025年12月底前"),
        (TIME, "时效指标", "故障修复", "≤24小时"),
        (SOCIAL, "社会效益指标", "减排任务完成率", "≥95%"),
        (SOCIAL, "生态效益指标", "垃圾分类覆盖率", "≥95%"),
        (SOCIAL, "社会效益指标", "不满意率", "≤5%"),
    ],
)
def test_an_indicator_in_its_place_passes(number, category, name, target):
    text = row(number, target, category=category, name=name, description="全年的有关情况")
    assert found(filled(text), "K12") == []


# K13 costs


@pytest.mark.parametrize("target", ["≥95%", ">36万元", "不少于36万元", "≥1500元/人"])
def test_a_cost_bounded_below_is_pointed_out(target):
    assert found(filled(row(COST, target, name="培训成本")), "K13") == [("K13", "项目1!F26")]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("≤36万元", "培训成本"),
        ("=36万元", "培训成本"),
        ("≥5%", "成本节约率"),
        ("≥600元", "人均补助标准"),
        ("不超过36万元", "培训成本"),
    ],
)
def test_costs_bounded_above_and_savings_pass(target, name):
    assert found(filled(row(COST, target, name=name)), "K13") == []


# K14 costs and the budget (36万元)


@pytest.mark.parametrize(
    ("target", "name", "relation"),
    [
        ("≤36.01万元", "培训成本", "大于"),
        ("≤360100元", "培训成本", "大于"),
        ("≤360000万元", "培训成本", "大于"),
        ("≤36元", "培训成本", "远小于"),
        ("≤18万元", "项目总成本", "远小于"),
        ("≤3.6万元", "项目总成本", "远小于"),
    ],
)
def test_a_cost_of_the_whole_that_is_not_the_budget_is_pointed_out(target, name, relation):
    record = filled(row(COST, target, name=name, description="全年的全部支出"))
    assert found(record, "K14") == [("K14", "项目1!F26")]
    assert f"{relation}预算数36.00万元" in findings(record, "K14")[0].message


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("≤36万元", "项目总成本"),
        ("≤360000元", "项目总成本"),
        ("≤0.0036亿元", "项目总成本"),
        ("≤18.01万元", "项目总成本"),
        ("≤3.6万元", "教材印刷费"),
        ("≤1500元/人", "培训成本"),
        ("≤100万元", "人均产值成本"),
        ("≤500万元", "工程总投资"),
        ("≥2万元", "成本节约额"),
        ("≤95%", "项目总成本"),
        ("控制在预算内", "项目总成本"),
    ],
)
def test_costs_that_agree_and_prices_and_parts_pass(target, name):
    assert found(filled(row(COST, target, name=name, description="全年的支出")), "K14") == []


@pytest.mark.parametrize(("target", "told"), [("≤36万元", []), ("≤360000元", []), ("≤37万元", ["项目1!F26"])])
def test_a_budget_in_yuan_is_compared_in_yuan(target, told):
    yuan = {f"projects[{n}].{key}": 360000 for n in (0, 1) for key in ("budget_amount", "fiscal_funds")}
    cost = {**row(COST, target, name="项目总成本", description="全部"), "projects[1].indicators[3].target": 36}
    assert cells(filled({"currency_unit": "元", **yuan, **cost}), "K14") == told


def test_there_is_nothing_to_compare_without_a_budget():
    nothing = {"projects[0].budget_amount": 0, "projects[0].fiscal_funds": 0}
    assert found(filled({**nothing, **row(COST, "≤36万元", name="项目总成本")}), "K14", "K15") == []
    assert (
        found(filled({"projects[0].budget_amount": "三十六万", **row(COST, "≤3万元", name="总成本")}), "K14", "K15")
        == []
    )


# K15 price times quantity: 1500元/人 × 240人 = 36万元


@pytest.mark.parametrize(
    ("target", "unit"), [(450, "元"), (450, "元/人"), (749, "元"), (1580, "元"), (0.45, "万元"), ("≤450元/人", None)]
)
def test_a_price_that_does_not_make_the_budget_is_pointed_out(target, unit):
    record = filled(row(COST, target, unit, None if unit is None else "≤"))
    assert found(record, "K15") == [("K15", "项目1!F26")]


def test_the_sum_is_shown_with_its_factors():
    message = findings(filled(row(COST, 450, "元", "≤")), "K15")[0].message
    assert message == "按“450元×240人”测算为10.8万元，预算数是36.00万元。"


@pytest.mark.parametrize(
    ("target", "unit", "name"),
    [
        (1500, "元", "人均培训成本"),
        (750, "元", "人均培训成本"),
        (1570, "元", "人均培训成本"),
        (100, "元/人/天", "人均培训成本"),
        (100, "元", "人均每天培训支出"),
        (100, "元", "人均取暖补助"),
        (100, "元/亩", "亩均成本"),
        (95, "%", "人均成本控制率"),
    ],
)
def test_prices_that_make_the_budget_or_are_of_something_else_pass(target, unit, name):
    assert found(filled(row(COST, target, unit, "≤", name=name, description="有关支出")), "K15") == []


# K17 words


@pytest.mark.parametrize(
    "target",
    [
        "有所提升",
        "是否带动农户",
        "能否带动农户？",
        "进一步提升服务水平",
        "显著改善农村人居环境",
        "带动能力持续增强",
        "通过培训活动提升农民素质和水平",
        "长期",
        "较好",
        "是",
        "有效带动",
        "对农户发展助力",
    ],
)
def test_words_that_nobody_can_judge_are_reported(target):
    assert found(filled(row(SOCIAL, target, sign="定性")), "K") == [("K17", "项目1!F27")]


@pytest.mark.parametrize(
    "target",
    [
        "优良",
        "验收合格",
        "达到国家二级标准",
        "12月底前完成",
        "零投诉",
        "全覆盖",
        "永久",
        "提高服务质量，投诉不超过3起",
        "按时发放",
    ],
)
def test_words_that_can_be_judged_pass(target):
    assert found(filled(row(SOCIAL, target, sign="定性")), "K17") == []


def test_a_question_gets_its_answer_as_advice_and_a_share_is_none():
    assert "例如“实现绿色办公”" in findings(filled(row(SOCIAL, "是否实现绿色办公")), "K17")[0].hint
    asked = row(COST, 95, "%", "≤", name="支出是否控制在预算内")
    assert found(filled(asked), "K17") == [("K17", "项目1!C26")]


# K22 satisfaction


@pytest.mark.parametrize("target", ["≥79%", "≥0.9%", "≤90%", "≥101%", "≥70百分比"])
def test_a_degree_of_satisfaction_out_of_bounds_is_doubted(target):
    assert found(filled(row(SATISFACTION, target)), "K22") == [("K22", "项目1!F29")]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("≥80%", "学员满意度"),
        ("=100%", "学员满意度"),
        ("≥8分", "学员满意度"),
        ("≤5%", "学员投诉率"),
        ("满意", "学员满意度"),
    ],
)
def test_reasonable_satisfaction_passes(target, name):
    assert found(filled(row(SATISFACTION, target, name=name)), "K22") == []


def test_a_two_typed_for_a_sign_is_told_once():
    assert found(filled(row(SATISFACTION, "290%")), "K") == [("K09", "项目1!F29")]


# K23 dates


@pytest.mark.parametrize("target", ["2026年1月1日", "2026年6月底前", "2025年3月至2026年3月", "≤2026.06.30"])
def test_a_date_after_the_year_is_an_error(target):
    assert found(filled(row(TIME, target)), "K") == [("K23", "项目1!F25")]


@pytest.mark.parametrize("target", ["2025年12月31日", "12月底前", "2025年全年", "第四季度", "2025.01-2025.12"])
def test_a_date_within_the_year_passes(target):
    assert found(filled(row(TIME, target)), "K") == []


def test_a_vision_of_later_years_is_no_date_of_completion():
    assert found(filled(row(LASTING, "2030年前达到国家标准", name="治理目标")), "K23") == []


# K26 strict bounds


@pytest.mark.parametrize(
    ("number", "target", "unit", "proper"),
    [
        (QUALITY, ">90%", None, "≥"),
        (SOCIAL, "＞300户", None, "≥"),
        (COST, "<36万元", None, "≤"),
        (TIME, "<5天", None, "≤"),
    ],
)
def test_a_bound_that_leaves_out_the_target_itself_is_pointed_out(number, target, unit, proper):
    record = filled(row(number, target, unit))
    assert cells(record, "K26") == [f"项目1!F{23 + number}"]
    assert f"“{proper}”" in findings(record, "K26")[0].hint


@pytest.mark.parametrize(
    ("number", "target"),
    [(QUALITY, "≥90%"), (SOCIAL, ">0"), (QUALITY, "<2%"), (SOCIAL, "超过300户"), (QUALITY, ">9595及以上")],
)
def test_bounds_that_mean_what_they_say_pass(number, target):
    assert found(filled(row(number, target)), "K26") == []


def test_every_row_of_every_project_is_looked_at():
    data = changed({})
    for project in data["projects"]:
        for one in project["indicators"]:
            one.pop("sign", None)
            one.pop("measure_unit", None)
            one["target"] = "有所提升"
    assert len(findings(record_of(data), "K17")) == 14
