"""Versions of a plan with known changes: what an officer would say is different, worked out while it is made so."""

import copy
import random

import plans
from products import document


def word(data):
    """The Word document of a plan's data."""
    return document(plans.record_of(data), plans.PLAN)[0]


def longer(data, rng):
    """The plan with more projects and rows, so that there is something to move and to take away."""
    for number in range(rng.randint(1, 3)):
        project = copy.deepcopy(data["projects"][number % 2])
        project["project_name"] = f"{'甲乙丙'[number]}类{project['project_name']}"
        project["project_code"] = project["project_code"][:-3] + f"{number}ZZ"
        data["projects"].append(project)
    return data


def varied(seed):
    """Two versions of a plan, and the changes from one to the other as (kind, item, label)."""
    rng = random.Random(seed)
    old = longer(plans.valid_plan(), rng)
    new = copy.deepcopy(old)
    expected = set()
    for change in rng.sample(CHANGES, rng.randint(1, 4)):
        expected |= change(new, rng)
    return old, new, expected


def amount(data, rng):
    project = data["projects"][0]
    project["budget_amount"] += rng.randint(1, 99)
    return {("changed", item(project), "预算数")}


def cleared(data, rng):
    project = data["projects"][1]
    del project["fiscal_funds"]
    return {("removed", item(project), "其中：财政资金")}


def target(data, rng):
    project = data["projects"][1]
    row = rng.choice(project["indicators"][:3])
    row["target"] = f"{row['target']}{rng.randint(2, 9)}"
    return {("changed", item(project), f"绩效指标“{row['name']}”的指标值")}


def row_gone(data, rng):
    project = data["projects"][0]
    row = project["indicators"].pop(rng.randrange(len(project["indicators"])))
    return {("removed", item(project), f"绩效指标“{row['name']}”")}


def row_come(data, rng):
    project = data["projects"][1]
    row = {**project["indicators"][0], "name": "回访覆盖面", "description": "接受电话回访的比重", "target": 77}
    project["indicators"].append(row)
    return {("added", item(project), "绩效指标“回访覆盖面”")}


def paragraph(data, rng):
    at = rng.randint(0, len(data["safeguard_measures"]))
    data["safeguard_measures"].insert(at, "另行聘请审计机构，逐季核验资金去向。")
    return {("added", "", f"工作保障措施第{at + 1}段")}


def use(data, rng):
    project = data["projects"][1]
    project["use_of_funds"] += "\n另付场地租金。"
    return {("changed", item(project), "资金用途")}


def project_gone(data, rng):
    project = data["projects"].pop(2)
    return {("removed", "", item(project))}


def project_come(data, rng):
    project = {
        "project_name": "水利设施维护", "project_code": "13020025P00YYYYY0009Q", "budget_amount": 8, "fiscal_funds": 8,
        "use_of_funds": "清淤、修补渠道。", "performance_goals": ["保证灌溉。"], "indicators": [],
    }  # fmt: skip
    data["projects"].append(project)
    return {("added", "", item(project))}


def item(project):
    return f"预算项目“{project['project_name']}”"


def rewritten():
    """Two versions that differ in nearly everything a person can do: the first project gone, rows and kinds changed."""
    old = longer(plans.valid_plan(), random.Random(3))
    new = copy.deepcopy(old)
    gone, *kept = new["projects"]
    new["projects"] = kept[::-1]
    for project in kept:
        project["budget_amount"] = (project.get("budget_amount") or 0) + 1
        project["performance_goals"] = ["全改了。", *project["performance_goals"][1:]]
    rows = new["projects"][0]["indicators"]
    rows.insert(1, {**rows[0], "name": "新增的指标", "description": "别的说法"})
    for row in rows[:3]:
        row["category"] = "质量指标"
    new["projects"][-1]["indicators"] = gone["indicators"][:1]
    new["overall_goal"] = [*new["overall_goal"][::-1], "又一段话，新加的。"]
    new["activity_goals"].pop(0)
    new["safeguard_measures"] = new["safeguard_measures"][2:]
    return old, new


# Each works on another part of the plan, so that they do not get into each other's way.
CHANGES = [amount, cleared, target, row_gone, row_come, paragraph, use, project_gone, project_come]
