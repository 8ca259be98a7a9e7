"""Forms as other places publish them: their frames and labels, with invented content, and what each value is.

Each is a type, the paragraphs and tables of the document, and by path the values that belong into the form.
"""

from decimal import Decimal


def rows(text):
    """Lines of cells between bars."""
    return [
        [cell.strip().replace("／", "\n") for cell in line.strip().strip("|").split("|")]
        for line in text.strip().split("\n")
    ]


def indicators(item, *lines, first=("dimension", "category", "name")):
    """Expected values of the indicators of an item, a line each; `.` stands for nothing."""
    keys = first
    return {
        f"projects[{item}].indicators[{number}].{key}": value
        for number, line in enumerate(lines)
        for key, value in zip(keys, line, strict=True)
        if value != "."
    }


D = Decimal
GOAL = ("dimension", "category", "name", "sign", "target", "measure_unit")
SCORED = ("dimension", "category", "name", "sign", "target", "measure_unit", "actual", "weight", "score")

DOCUMENTS = {}

# 财政部 2018 and after: the whole period to the left, the year to the right.
DOCUMENTS["central form of two periods"] = (
    "performance_plan",
    [
        "附件2",
        "项目支出绩效目标申报表",
        "（2022年度）",
        rows("""
        | 项目名称 | 农村公路养护 | < | < | < | < | < | < |
        | 主管部门及代码 | 某县交通运输局 208 | < | < | 实施单位 | 某县公路段 | < | < |
        | 项目属性 | 延续项目 | < | < | 项目期 | 3年 | < | < |
        | 项目资金（万元） | 中期资金总额： | < | 300 | 年度资金总额： | < | < | 100 |
        | ^ | 其中：财政拨款 | < | 270 | 其中：财政拨款 | < | < | 90 |
        | ^ | 其他资金 | < | 30 | 其他资金 | < | < | 10 |
        | 总体目标 | 中期目标（2022年—2024年） | < | < | 年度目标 | < | < | < |
        | ^ | 目标1：三年完成养护300公里。 | < | < | 目标1：完成养护100公里。／目标2：保障安全畅通。 | < | < | < |
        | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值 |
        | ^ | 产出指标 | 数量指标 | 养护里程 | ≥300公里 | 数量指标 | 养护里程 | ≥100公里 |
        | ^ | ^ | 质量指标 | 验收合格率 | ≥95% | 质量指标 | 验收合格率 | ≥95% |
        | ^ | ^ | 时效指标 | 完成时间 | 2024年12月 | 时效指标 | 完成时间 | 2022年12月底前 |
        | ^ | ^ | 成本指标 | 养护成本 | ≤1万元/公里 | 成本指标 | 养护成本 | ≤1万元/公里 |
        | ^ | 效益指标 | 社会效益指标 | 通行时间 | 有所缩短 | 社会效益指标 | 通行时间 | 有所缩短 |
        | ^ | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 服务对象满意度指标 | 群众满意度 | ≥90% |
        """),
    ],
    {
        "fiscal_year": 2022,
        "projects[0].project_name": "农村公路养护",
        "projects[0].budget_amount": 100,
        "projects[0].fiscal_funds": 90,
        "projects[0].other_funds": 10,
        "projects[0].performance_goals[0]": "目标1：完成养护100公里。",
        "projects[0].performance_goals[1]": "目标2：保障安全畅通。",
        "unit_name": "某县公路段",
        **indicators(
            0,
            ("产出指标", "数量指标", "养护里程", "≥", 100, "公里"),
            ("产出指标", "质量指标", "验收合格率", "≥", 95, "%"),
            ("产出指标", "时效指标", "完成时间", ".", "2022年12月底前", "."),
            ("产出指标", "成本指标", "养护成本", "≤", 1, "万元/公里"),
            ("效益指标", "社会效益指标", "通行时间", ".", "有所缩短", "."),
            ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", 90, "%"),
            first=GOAL,
        ),
    },
)

# Before 2015, and in some counties to this day: long-term indicators above those of the year.
DOCUMENTS["old form with indicators of two periods"] = (
    "performance_plan",
    [
        "财政支出项目绩效目标申报表",
        "( 2016 年度)",
        "填报单位(盖章)：某县城市管理局",
        rows("""
        | 项目名称 | 垃圾清运 | < | 项目属性 | 新增项目 □ 延续项目 √ | < |
        | 主管部门 | 某县城市管理局 | < | 主管部门编码 | 118 | < |
        | 项目实施单位 | 某县环卫所 | < | 联系电话 | 0312-0000000 | < |
        | 项目资金申请（万元） | 资金总额： | 86.5 | < | < | < |
        | ^ | 财政拨款： | 80 | < | < | < |
        | ^ | 其他： | 6.5 | < | < | < |
        | 项目概况 | 县城及周边垃圾清运。 | < | < | < | < |
        | 项目绩效目标 | 长期目标 | < | < | 年度目标 | < |
        | ^ | 环境整洁。 | < | < | 县城垃圾日产日清。 | < |
        | 长期绩效指标 | 一级指标 | 二级指标 | 指标内容 | 指标值 | 备注 |
        | ^ | 产出指标 | 数量指标 | 清运总量 | ≥30000吨 |  |
        | ^ | 效益指标 | 社会效益指标 | 环境面貌 | 明显改善 |  |
        | 年度绩效指标 | 一级指标 | 二级指标 | 指标内容 | 指标值 | 备注 |
        | ^ | 产出指标 | 数量指标 | 清运垃圾量 | ≥10000吨 |  |
        | ^ | ^ | 质量指标 | 日产日清率 | 100% |  |
        | ^ | 效益指标 | 社会效益指标 | 投诉下降率 | ≥10% |  |
        | ^ | 服务对象满意度指标 | 具体指标 | 居民满意度 | ≥85% |  |
        | 其他说明的问题 | 无 | < | < | < | < |
        """),
        "填报人：      单位负责人：      填报日期：",
    ],
    {
        "fiscal_year": 2016,
        "projects[0].project_name": "垃圾清运",
        "projects[0].budget_amount": D("86.5"),
        "projects[0].fiscal_funds": 80,
        "projects[0].other_funds": D("6.5"),
        "projects[0].performance_goals[0]": "县城垃圾日产日清。",
        "unit_name": "某县城市管理局",
        **indicators(
            0,
            ("产出指标", "数量指标", "清运垃圾量", "≥", 10000, "吨"),
            ("产出指标", "质量指标", "日产日清率", ".", 100, "%"),
            ("效益指标", "社会效益指标", "投诉下降率", "≥", 10, "%"),
            (".", "具体指标", "居民满意度", "≥", 85, "%"),
            first=GOAL,
        ),
    },
)

# Hunan, with units typed as people type them.
DOCUMENTS["form of a year with an audit of the finance office"] = (
    "performance_plan",
    [
        "2023年项目支出绩效目标申报表",
        rows("""
        | 填报单位：(盖章)某市环境卫生管理处 | < | < | < | 单位：万元 | < |
        | 项目支出名称 | 雾炮车服务 | < | 预算部门 | 某市环境卫生管理处 | < |
        | 年度本级／预算金额 | 250万 | < | 该项目支出上级资金 | 0 | < |
        | 项目支出实施期 | 2023.07-2024.01 | < | < | < | < |
        | 实施期绩效目标 | 空气质量达到优良 | < | < | < | < |
        | 本年度绩效目标 | 采购雾炮车服务，空气质量达到优良 | < | < | < | < |
        | 本年度／绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值及单位 | 绩效标准 |
        | ^ | 产出指标 | 数量指标 | 配备车辆数 | 10辆 | 计划标准 |
        | ^ | ^ | ^ | 风炮射程 | ≥80M | 计划标准 |
        | ^ | ^ | 质量指标 | 空气质量 | 优良 | 计划标准 |
        | ^ | ^ | 时效指标 | 服务周期 | 2023.07-2024.01 | 计划标准 |
        | ^ | ^ | 成本指标 | 控制在预算成本内 | 250万 | 计划标准 |
        | ^ | 效益指标 | 经济效益指标 |  |  |  |
        | ^ | ^ | 社会效益指标 | 市民满意程度 | ≥85% | 计划标准 |
        | ^ | ^ | 社会公众或服务对象满意度指标 | 市民满意度 | ≥90% | 计划标准 |
        | 财政部门审核意见 |  | < | < | < | < |
        """),
        "填表人：某某 联系电话：00000000 填报日期： 单位负责人签字：",
    ],
    {
        "fiscal_year": 2023,
        "unit_name": "某市环境卫生管理处",
        "currency_unit": "万元",
        "projects[0].project_name": "雾炮车服务",
        "projects[0].budget_amount": "250万",
        "projects[0].performance_goals[0]": "采购雾炮车服务，空气质量达到优良",
        **indicators(
            0,
            ("产出指标", "数量指标", "配备车辆数", ".", 10, "辆"),
            ("产出指标", "数量指标", "风炮射程", "≥", 80, "M"),
            ("产出指标", "质量指标", "空气质量", ".", "优良", "."),
            ("产出指标", "时效指标", "服务周期", ".", "2023.07-2024.01", "."),
            ("产出指标", "成本指标", "控制在预算成本内", ".", 250, "万"),
            ("效益指标", "经济效益指标", ".", ".", ".", "."),
            ("效益指标", "社会效益指标", "市民满意程度", "≥", 85, "%"),
            ("效益指标", "社会公众或服务对象满意度指标", "市民满意度", "≥", 90, "%"),
            first=GOAL,
        ),
    },
)

# Sichuan: all projects of a unit in one table, a project over several rows, sign and unit in columns of their own.
DOCUMENTS["every project in one table"] = (
    "performance_plan",
    [
        "部门预算项目绩效目标表（2024年度）",
        "金额单位：万元",
        rows("""
        | 单位名称 | 项目名称 | 预算数 | 年度目标 | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 权重 | 指标方向性 |
        | 301001-某县文化馆 | 51092324R000000000011-公共文化活动 | 12.00 | 组织群众文化活动。 | 产出指标 | 数量指标 | 活动场次 | ≥ | 12 | 场 | 30 | 正向指标 |
        | ^ | ^ | ^ | ^ | ^ | 质量指标 | 活动完成率 | ＝ | 100 | % | 20 | 正向指标 |
        | ^ | ^ | ^ | ^ | 效益指标 | 社会效益指标 | 群众参与 | 定性 | 踊跃 |  | 20 | 正向指标 |
        | ^ | ^ | ^ | ^ | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥ | 90 | % | 10 | 正向指标 |
        | ^ | 51092324T000000000022-非遗保护 | 8.50 | 保护传承项目3个。 | 产出指标 | 数量指标 | 保护项目数 | ≥ | 3 | 个 | 40 | 正向指标 |
        | ^ | ^ | ^ | ^ | 成本指标 | 经济成本指标 | 总成本 | ≤ | 8.5 | 万元 | 20 | 反向指标 |
        """),
    ],
    {
        "fiscal_year": 2024,
        "currency_unit": "万元",
        "unit_code": "301001",
        "unit_name": "某县文化馆",
        "projects[0].project_code": "51092324R000000000011",
        "projects[0].project_name": "公共文化活动",
        "projects[0].budget_amount": 12,
        "projects[0].performance_goals[0]": "组织群众文化活动。",
        "projects[1].project_code": "51092324T000000000022",
        "projects[1].project_name": "非遗保护",
        "projects[1].budget_amount": D("8.5"),
        "projects[1].performance_goals[0]": "保护传承项目3个。",
        **indicators(
            0,
            ("产出指标", "数量指标", "活动场次", "≥", 12, "场"),
            ("产出指标", "质量指标", "活动完成率", "=", 100, "%"),
            ("效益指标", "社会效益指标", "群众参与", "定性", "踊跃", "."),
            ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", 90, "%"),
            first=GOAL,
        ),
        **indicators(
            1,
            ("产出指标", "数量指标", "保护项目数", "≥", 3, "个"),
            ("成本指标", "经济成本指标", "总成本", "≤", D("8.5"), "万元"),
            first=GOAL,
        ),
    },
)

# Gansu.
DOCUMENTS["form of a province with project names of two levels"] = (
    "performance_plan",
    [
        "省级部门预算项目支出绩效目标表",
        "（2023年度）",
        rows("""
        | 一级项目名称 | 文化事业发展 | < | < |
        | 二级项目名称 | 博物馆免费开放 | < | < |
        | 项目类型 | 新增项目 | 主管部门 | 某市文化和旅游局 |
        | 项目开始日期 | 2023-01-01 | 项目完成日期 | 2023-12-31 |
        | 项目总投资 | 20万元 | 其他资金 | 0 |
        | 预算申报数 | 20万元 | 资金性质 | 一般公共预算 |
        | 年度绩效目标 | 提高免费开放服务水平 | < | < |
        | 一级指标 | 二级指标 | 三级指标 | 指标目标值 |
        | 产出指标 | 数量指标 | 免费开放天数 | ≥300天 |
        | ^ | 质量指标 | 考核指标完成率 | =100百分比 |
        | 成本指标 | 经济成本指标 | 资金使用率 | =100百分比 |
        | 效益指标 | 社会效益指标 | 接待观众人数 | ≥30000人次 |
        | 满意度指标 | 服务对象满意度 | 服务对象满意度% | ≥99百分比 |
        """),
    ],
    {
        "fiscal_year": 2023,
        "projects[0].project_name": "博物馆免费开放",
        "projects[0].budget_amount": 20,
        "projects[0].other_funds": 0,
        "projects[0].performance_goals[0]": "提高免费开放服务水平",
        **indicators(
            0,
            ("产出指标", "数量指标", "免费开放天数", "≥", 300, "天"),
            ("产出指标", "质量指标", "考核指标完成率", "=", 100, "百分比"),
            ("成本指标", "经济成本指标", "资金使用率", "=", 100, "百分比"),
            ("效益指标", "社会效益指标", "接待观众人数", "≥", 30000, "人次"),
            ("满意度指标", "服务对象满意度", "服务对象满意度%", "≥", 99, "百分比"),
            first=GOAL,
        ),
    },
)

# A department as a whole.
DOCUMENTS["goals of a department"] = (
    "performance_plan",
    [
        "部门整体支出绩效目标表",
        "（2022年度）",
        rows("""
        | 部门名称 | 某县教育局 | < | < | < | < |
        | 年度主要任务 | 任务名称 | 主要内容 | 总额 | 财政拨款 | 其他资金 |
        | ^ | 任务1：改善办学条件 | 改造校舍5所 | 500 | 500 | 0 |
        | ^ | 任务2：学生资助 | 资助困难学生800名 | 120 | 100 | 20 |
        | ^ | 金额合计 | < | 620 | 600 | 20 |
        | 年度总体目标 | 目标1：办学条件明显改善。／目标2：应助尽助。 | < | < | < | < |
        | 年度绩效指标 | 一级指标 | 二级指标 | 三级指标 | < | 指标值 |
        | ^ | 产出指标 | 数量指标 | 改造校舍数 | < | ≥5所 |
        | ^ | ^ | ^ | 资助学生数 | < | ≥800名 |
        | ^ | 满意度指标 | 服务对象满意度指标 | 师生满意度 | < | ≥90% |
        """),
    ],
    {
        "fiscal_year": 2022,
        "unit_name": "某县教育局",
        "overall_goal[0]": "目标1：办学条件明显改善。",
        "overall_goal[1]": "目标2：应助尽助。",
        "activity_goals[0].title": "任务1：改善办学条件",
        "activity_goals[0].performance_goal": "改造校舍5所",
        "activity_goals[1].title": "任务2：学生资助",
        "activity_goals[1].performance_goal": "资助困难学生800名",
        **indicators(
            0,
            ("产出指标", "数量指标", "改造校舍数", "≥", 5, "所"),
            ("产出指标", "数量指标", "资助学生数", "≥", 800, "名"),
            ("满意度指标", "服务对象满意度指标", "师生满意度", "≥", 90, "%"),
            first=GOAL,
        ),
    },
)

# Anhui: self-evaluation of a project as 财预〔2020〕10号 has it, with points behind the first level.
DOCUMENTS["self-evaluation with points in brackets"] = (
    "self_evaluation",
    [
        "附件：",
        "项目支出绩效自评表",
        "(2022年度)",
        rows("""
        | 项目名称 | 委托业务项目 | < | < | < | < | < | < | < |
        | 主管部门 | 219-某市某区棠溪镇人民政府 | < | < | 实施单位 | 219001-某市某区棠溪镇人民政府 | < | < | < |
        | 项目资金／(万元) |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | < | 得分 |
        | ^ | 年度资金总额： | 90 | 89.974 | 89.974 | 10 | 100.00% | < | 10 |
        | ^ | 其中：本年财政拨款 | 90 | 89.974 | 89.974 | — | — | < | — |
        | ^ | 上年结转资金 |  |  |  | — | — | < | — |
        | ^ | 其他资金 |  |  |  | — | — | < | — |
        | 年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | < |
        | ^ | 完成预算编制和审计。 | < | < | < | 已完成编制和审计。 | < | < | < |
        | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
        | ^ | 产出指标(50分) | 数量指标 | 委托业务数量 | ≥50个 | 50 | 20 | 20 |  |
        | ^ | ^ | 质量指标 | 报告合格率 | ≥100百分比 | 100 | 10 | 10 |  |
        | ^ | ^ | ^ | 经费支出合规性 | 严格执行制度 | 达成预期指标 | 10 | 10 |  |
        | ^ | ^ | 成本指标 | 项目总成本 | ≤90万元 | 89.97 | 10 | 10 |  |
        | ^ | 效益指标(30分) | 社会效益指标 | 市场公平 | 效果明显 | 达成预期指标 | 30 | 28 | 宣传不够 |
        | ^ | 满意度指标(10分) | 满意度指标 | 公众满意度 | ≥95% | 96% | 10 | 10 |  |
        | 总分 | < | < | < | < | < | 100 | 98 |  |
        """),
    ],
    {
        "fiscal_year": 2022,
        "projects[0].project_name": "委托业务项目",
        "projects[0].supervising_department": "219-某市某区棠溪镇人民政府",
        "projects[0].implementing_unit": "219001-某市某区棠溪镇人民政府",
        "projects[0].funding_lines[0].source": "年度资金总额：",
        "projects[0].funding_lines[0].initial_budget": 90,
        "projects[0].funding_lines[0].revised_budget": D("89.974"),
        "projects[0].funding_lines[0].actual_expenditure": D("89.974"),
        "projects[0].funding_lines[0].execution_rate": 100,
        "projects[0].funding_lines[1].source": "其中：本年财政拨款",
        "projects[0].funding_lines[1].actual_expenditure": D("89.974"),
        "projects[0].funding_lines[3].source": "其他资金",
        "projects[0].execution_weight": 10,
        "projects[0].execution_score": 10,
        "projects[0].expected_goal": "完成预算编制和审计。",
        "projects[0].actual_achievement": "已完成编制和审计。",
        "projects[0].total_weight": 100,
        "projects[0].total_score": 98,
        "projects[0].indicators[4].variance_explanation": "宣传不够",
        **indicators(
            0,
            ("产出指标", "数量指标", "委托业务数量", "≥", 50, "个", 50, 20, 20),
            ("产出指标", "质量指标", "报告合格率", "≥", 100, "百分比", 100, 10, 10),
            ("产出指标", "质量指标", "经费支出合规性", ".", "严格执行制度", ".", "达成预期指标", 10, 10),
            ("产出指标", "成本指标", "项目总成本", "≤", 90, "万元", D("89.97"), 10, 10),
            ("效益指标", "社会效益指标", "市场公平", ".", "效果明显", ".", "达成预期指标", 30, 28),
            ("满意度指标", "满意度指标", "公众满意度", "≥", 95, "%", 96, 10, 10),
            first=SCORED,
        ),
    },
)

# Sichuan: self-evaluation, exported by the system of the province.
DOCUMENTS["self-evaluation of a provincial system"] = (
    "self_evaluation",
    [
        "报表编号：510000_0013zp",
        "部门预算项目支出绩效自评表（2023年度）",
        rows("""
        | 项目名称 | < | 51092324T000000000001-安可替代 | < | < | < | < | < | < | < | < |
        | 主管部门 | < | 某县司法局部门 | < | < | < | 实施单位／（盖章） | < | 某县司法局 | < | < |
        | 项目基本情况 | 1.项目年度目标完成情况 | < | 项目年度目标 | < | < | < | 年度目标完成情况 | < | < | < |
        | ^ | ^ | < | 购买设备并支付。 | < | < | < | 完成 | < | < | < |
        | ^ | 2.项目实施内容及过程概述 | < | 购买13台电脑。 | < | < | < | < | < | < | < |
        | 预算执行情况(10分) | 年度预算数(万元) | < | 年初预算 | 调整后预算数 | 预算执行数 | < | 预算执行率 | 权重 | 得分 | 原因 |
        | ^ | 总额 | < | 0.00 | 3.36 | 3.36 | < | 100.00% | 10 | 10 | 1.预算执行率=预算执行数/调整后预算数 |
        | ^ | 其中：财政资金 | < | 0.00 | 3.36 | 3.36 | < | 100.00% | / | / | ^ |
        | ^ | 财政专户管理资金 | < | 0.00 | 0.00 | 0.00 | < | 0.00% | / | / | ^ |
        | ^ | 单位资金 | < | 0.00 | 0.00 | 0.00 | < | 0.00% | / | / | ^ |
        | ^ | 其他资金 | < |  |  |  | < |  | / | / | ^ |
        | 绩效指标(90分) | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 | 未完成原因分析 |
        | ^ | 产出指标 | 质量指标 | 按要求支付 | ＝ | 100 | % | 100 | 60 | 60 |  |
        | ^ | 效益指标 | 社会效益指标 | 安全水平 | 定性 | 提升 |  | 提升 | 22.5 | 20 | 尚在推广 |
        | ^ | 满意度指标 | 满意度指标 | 使用者满意度 | ≥ | 90 | % | 92 | 7.5 | 7.5 |  |
        | 合计 | < | < | < | < | < | < | < | 100 | 97.5 |  |
        | 评价结论 | < | 按规定支付。 | < | < | < | < | < | < | < | < |
        | 存在问题 | < | 无 | < | < | < | < | < | < | < | < |
        | 改进措施 | < | 无 | < | < | < | < | < | < | < | < |
        | 项目负责人：某某 | < | < | < | < | 财务负责人：某某 | < | < | < | < | < |
        """),
    ],
    {
        "fiscal_year": 2023,
        "projects[0].project_name": "51092324T000000000001-安可替代",
        "projects[0].supervising_department": "某县司法局部门",
        "projects[0].implementing_unit": "某县司法局",
        "projects[0].expected_goal": "购买设备并支付。",
        "projects[0].actual_achievement": "完成",
        "projects[0].funding_lines[0].source": "总额",
        "projects[0].funding_lines[0].initial_budget": 0,
        "projects[0].funding_lines[0].revised_budget": D("3.36"),
        "projects[0].funding_lines[0].actual_expenditure": D("3.36"),
        "projects[0].funding_lines[0].execution_rate": 100,
        "projects[0].funding_lines[1].source": "其中：财政资金",
        "projects[0].funding_lines[2].source": "财政专户管理资金",
        "projects[0].funding_lines[3].source": "单位资金",
        "projects[0].funding_lines[4].source": "其他资金",
        "projects[0].execution_weight": 10,
        "projects[0].execution_score": 10,
        "projects[0].total_weight": 100,
        "projects[0].total_score": D("97.5"),
        "projects[0].indicators[1].variance_explanation": "尚在推广",
        **indicators(
            0,
            ("产出指标", "质量指标", "按要求支付", "=", 100, "%", 100, 60, 60),
            ("效益指标", "社会效益指标", "安全水平", "定性", "提升", ".", "提升", D("22.5"), 20),
            ("满意度指标", "满意度指标", "使用者满意度", "≥", 90, "%", 92, D("7.5"), D("7.5")),
            first=SCORED,
        ),
    },
)

# Self-evaluation with other words, the points before the values, no labels merged.
DOCUMENTS["self-evaluation with other words"] = (
    "self_evaluation",
    [
        "2021年度项目支出绩效目标自评表",
        "填报单位：某县水利局                    单位：万元",
        rows("""
        | 项目（政策）名称 | 河道治理 | < | < | < | < | < |
        | 预算主管部门 | 某县水利局 | < | < | 项目实施单位 | 某县河道管理所 | < |
        | 资金情况（万元） |  | 年初预算数（A） | 预算数（B） | 执行数（C） | 预算执行率（C/B） | 得分 |
        |  | 资金总额 | 200 | 210 | 205.80 | 98% | 9.8 |
        |  | 财政拨款 | 200 | 210 | 205.80 | 98% |  |
        | 年初设定目标 | 治理河道3公里 | < | 全年实际完成情况 | 治理河道3.1公里 | < | < |
        | 一级指标 | 二级指标 | 指标名称 | 权重 | 目标值 | 完成值 | 自评得分 |
        | 产出指标 | 数量指标 | 治理长度 | 50 | ≥3公里 | 3.1公里 | 50 |
        | 效益指标 | 生态效益指标 | 水质达标率 | 30 | ≥90% | 88% | 29.33 |
        | 满意度指标 | 服务对象满意度指标 | 群众满意度 | 10 | ≥90% | 93% | 10 |
        | 合计 | < | < | 100 |  |  | 99.13 |
        """),
    ],
    {
        "fiscal_year": 2021,
        "unit_name": "某县水利局",
        "currency_unit": "万元",
        "projects[0].project_name": "河道治理",
        "projects[0].supervising_department": "某县水利局",
        "projects[0].implementing_unit": "某县河道管理所",
        "projects[0].funding_lines[0].source": "资金总额",
        "projects[0].funding_lines[0].initial_budget": 200,
        "projects[0].funding_lines[0].revised_budget": 210,
        "projects[0].funding_lines[0].actual_expenditure": D("205.80"),
        "projects[0].funding_lines[0].execution_rate": 98,
        "projects[0].funding_lines[1].source": "财政拨款",
        "projects[0].execution_score": D("9.8"),
        "projects[0].expected_goal": "治理河道3公里",
        "projects[0].actual_achievement": "治理河道3.1公里",
        "projects[0].total_weight": 100,
        "projects[0].total_score": D("99.13"),
        **indicators(
            0,
            ("产出指标", "数量指标", "治理长度", "≥", 3, "公里", D("3.1"), 50, 50),
            ("效益指标", "生态效益指标", "水质达标率", "≥", 90, "%", 88, 30, D("29.33")),
            ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", 90, "%", 93, 10, 10),
            first=SCORED,
        ),
    },
)

# A report in prose, with a cover.
DOCUMENTS["report with a cover"] = (
    "self_evaluation",
    [
        "某市2018年度部门整体支出",
        "绩效评价自评报告",
        "部门(单位)名称：某市城市管理监督指挥中心",
        "预 算 编 码： 906017",
        "评价方式：部门(单位)绩效自评",
        "报告日期：2019年06月18日",
        "一、部门基本情况",
        "（一）部门职责",
        "负责全市数字化城市管理监督、指挥、调度和协调工作。",
        "（二）人员情况",
        "2018年底，实有在职人员21人，退休人员3人。",
        "二、部门整体支出管理及使用情况",
        "1、基本支出情况",
        "全年基本支出300万元，主要用于人员经费。",
        "三、自评结论",
        "经自评，综合得分95分，等级为“优”。",
        "四、存在的主要问题",
        "预算编制不够细化。",
        "五、改进措施和建议",
        "细化预算编制。",
    ],
    {
        "fiscal_year": 2018,
        "unit_name": "某市城市管理监督指挥中心",
        "unit_code": "906017",
        "report_date": "2019年06月18日",
        "duties": "负责全市数字化城市管理监督、指挥、调度和协调工作。",
        "staff_on_duty": 21,
        "retirees": 3,
        "sections[0].number": "一、",
        "sections[0].heading": "部门基本情况",
        "sections[1].number": "（一）",
        "sections[1].heading": "部门职责",
        "sections[2].heading": "人员情况",
        "sections[3].heading": "部门整体支出管理及使用情况",
        "sections[4].number": "1、",
        "sections[4].heading": "基本支出情况",
        "sections[4].text": "全年基本支出300万元，主要用于人员经费。",
        "sections[5].heading": "自评结论",
        "sections[5].text": "经自评，综合得分95分，等级为“优”。",
        "total_score": 95,
        "rating": "优",
        "sections[6].text": "预算编制不够细化。",
        "sections[7].heading": "改进措施和建议",
        "sections[7].text": "细化预算编制。",
    },
)

# Hebei before 2020: goals of duties in a table, targets in four grades.
DOCUMENTS["goals of duties with grades"] = (
    "performance_plan",
    [
        "第一部分 部门整体绩效目标",
        "一、总体绩效目标",
        "保障农村低保金的发放，保障困难群众基本生活。",
        "二、职责分类绩效目标",
        "（一）社会救助",
        "绩效目标：应救尽救。",
        "绩效指标：救助覆盖率达到100%。",
        "三、实现年度发展规划目标的保障措施",
        "（一）加强组织领导。成立领导小组。",
        "（二）完善制度。健全资金管理办法。",
        "第二部分 预算项目绩效目标",
        "1、困难群众救助补助绩效目标表",
        "333某县民政局                                单位：万元",
        rows("""
        | 项目名称 | 困难群众救助补助 | < | < | < | < | < | < |
        | 预算资金 | 500.00 | < | 财政资金 | 500.00 | < | 其他资金 |  |
        | 绩效目标 | 1.保障农村低保金的发放。 | < | < | < | < | < | < |
        | 一级指标 | 绩效指标 | 绩效指标描述 | 绩效指标评价标准 | < | < | < | 评价标准确定依据 |
        | ^ | ^ | ^ | 优 | 良 | 中 | 差 | ^ |
        | 产出指标 | 救助覆盖率 | 是否应救尽救 | 100% | 90% | 85% | 85% | 按临时救助标准 |
        | 效果指标 | 救助对象满意度 | 满意和较满意的比率 | 85% | 80% | 70% | 70% | 问卷调查 |
        """),
    ],
    {
        "overall_goal[0]": "保障农村低保金的发放，保障困难群众基本生活。",
        "activity_goals[0].title": "（一）社会救助",
        "activity_goals[0].performance_goal": "应救尽救。",
        "activity_goals[0].indicators": "救助覆盖率达到100%。",
        "safeguard_measures[0]": "（一）加强组织领导。成立领导小组。",
        "safeguard_measures[1]": "（二）完善制度。健全资金管理办法。",
        "unit_code": "333",
        "unit_name": "某县民政局",
        "projects[0].project_name": "困难群众救助补助",
        "projects[0].budget_amount": 500,
        "projects[0].fiscal_funds": 500,
        "projects[0].performance_goals[0]": "1.保障农村低保金的发放。",
        "projects[0].indicators[0].dimension": "产出指标",
        "projects[0].indicators[0].name": "救助覆盖率",
        "projects[0].indicators[0].description": "是否应救尽救",
        "projects[0].indicators[0].target": 100,
        "projects[0].indicators[0].measure_unit": "%",
        "projects[0].indicators[0].target_basis": "按临时救助标准",
        "projects[0].indicators[1].name": "救助对象满意度",
        "projects[0].indicators[1].target": 85,
    },
)

# Chongqing.
DOCUMENTS["form of approval with points"] = (
    "performance_plan",
    [
        "2023年加工园配套设施建设项目支出绩效目标审批表",
        "（ 2023年度）",
        "预算单位：某县云雾乡人民政府          金额单位：万元",
        rows("""
        | 项目名称 | 加工园配套设施建设 | < | 项目分类 | 资产资源类 | < |
        | 业务主管部门 | 县民宗委 | < | 实施单位 | 云雾乡 | < |
        | 项目总体概况 | 新建晾晒房一座。 | < | < | < | < |
        | 年度主要目标和成果 | 新建晾晒房一座，占地300平方米。 | < | < | < | < |
        | 项目资金 | 项目总预算 | 65 | 财政资金预算分类 | 一般公共预算 | < |
        | ^ | 当年年度预算 | 65 | 其中：财政资金 | 65 | < |
        | ^ | 其中：其它资金 | 0 | 年度预算执行率 | 100% | < |
        | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值 | 指标解释 |
        | 成本指标(0-20)分 | 经济成本指标 | 项目建设成本 | ≤65万元 | 10 | 合同价款 |
        | 产出指标／(40-50)分 | 数量指标 | 新建晾晒房 | ≥300平方米 | 20 | 实际面积 |
        | ^ | 时效指标 | 完工时间 | 2023年12月前 | 20 | 验收时间 |
        | 满意度指标(10)分 | 服务对象满意度指标 | 群众满意度 | ≥95% | 10 | 问卷 |
        """),
    ],
    {
        "fiscal_year": 2023,
        "unit_name": "某县云雾乡人民政府",
        "currency_unit": "万元",
        "projects[0].project_name": "加工园配套设施建设",
        "projects[0].budget_amount": 65,
        "projects[0].fiscal_funds": 65,
        "projects[0].other_funds": 0,
        "projects[0].performance_goals[0]": "新建晾晒房一座，占地300平方米。",
        "projects[0].indicators[0].description": "合同价款",
        **indicators(
            0,
            (".", "经济成本指标", "项目建设成本", "≤", 65, "万元"),
            (".", "数量指标", "新建晾晒房", "≥", 300, "平方米"),
            (".", "时效指标", "完工时间", ".", "2023年12月前", "."),
            (".", "服务对象满意度指标", "群众满意度", "≥", 95, "%"),
            first=GOAL,
        ),
    },
)
