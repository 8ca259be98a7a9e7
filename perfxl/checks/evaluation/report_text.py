"""Rules on the report of a self-evaluation: what it must hold, and whether text, tables and figures agree.

S17–S19, S21, and of the general codes D01 and D03 where the report has no content or is numbered wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from perfxl.checks.targets.quantities import numeral
from perfxl.computation.evaluation_figures import number
from perfxl.computation.scoring import is_rounded, rounded
from perfxl.model.numbers import whole_of
from perfxl.model.record import Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_CENT = Decimal("0.005")
_RATE_TOLERANCE = Decimal("0.05")  # percentage points: 16.02 % may be printed as 16 %
_FULL = Decimal(100)
_CHINESE = "一二三四五六七八九十"
_STATED = re.compile(
    r"(?:共|合计|总计)(?:计|有|实施|安排|开展|评价|自评|涉及|设立|设置)*[^，。；、\d]{0,8}?(?P<count>\d+|[一二两三四五六七八九十]+)\s*个项目"
)
_END_OF_CLAUSE = re.compile(r"[，。；\n]")
_PART = re.compile(rf"([{_CHINESE}]+)、")
_DATE_AT_END = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$")
_HARD_TO_MEASURE = re.compile(
    r"(?:难以|无法|不易|不能)(?:用[^，。；]{0,8})?(?:衡量|量化|考核|评价|显示|准确表达|体现)"
    r"|(?:指标|标准)[^，。；]{0,12}不够(?:全面|完整|科学|合理|明确|细化|具体|恰当)|可操作性不强|可衡量性(?:差|不强)"
)


def there_is_something(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D01 where there is no table of an evaluation and no score, and where a form does not say of what it is.

    A report without any score is no self-evaluation (财预〔2020〕10号: 自评表, and what it comes to).
    """
    shown = record.shown
    scored = any(project.get("indicators") for project in shown.get("projects", ()))
    if not scored and not any("score" in line for line in shown.get("project_scores", ())):
        yield Remark("D01", ("projects",), {"label": "自评表"})
    for path, project in record.items("projects"):
        if "project_name" not in project and project.get("scope") != "部门整体支出":
            yield Remark("D01", (*path, "project_name"), {"label": "项目名称"})


def sections_have_content(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D01 at a heading over nothing: no text, nothing inserted, no deeper heading.

    An outline of which nothing was filled in is no report, and is not printed.
    """
    sections = record.shown.get("sections", [])
    for index, section in enumerate(sections):
        heading = f"{section.get('number', '')}{section.get('heading', '')}"
        if not heading or section.get("text") or section.get("insert"):
            continue
        following = sections[index + 1] if index + 1 < len(sections) else {}
        plain = following and not following.get("number") and not following.get("heading")
        if not plain and following.get("level", 0) <= section.get("level", 0):
            yield Remark("D01", ("sections", index, "text"), {"label": heading})


def parts_are_numbered(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D03 at the first 一、二、三、 of the report that is out of turn."""
    expected = 1
    for index, section in enumerate(record.shown.get("sections", ())):
        match = _PART.fullmatch(str(section.get("number", "")).strip())
        if not match:
            continue
        if numeral(match[1]) != expected:
            words = {
                "label": "报告正文",
                "problem": "不连续",
                "sample": f"{section['number']}{section.get('heading', '')}",
            }
            words["advice"] = f"这一部分应是第{expected}部分，请检查是不是重号或者漏号。"
            yield Remark("D03", ("sections", index, "number"), words)
            return
        expected += 1


def projects_agree(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S17 where report, table of scores and forms do not speak of the same projects.

    An error where a stated number or a form contradicts the table; a warning where a project is scored and not
    described by its name although others are.
    """
    scored = [str(line.get("project_name", "")).strip() for line in record.shown.get("project_scores", ())]
    scored = [name for name in scored if name]
    if not scored:
        return
    forms = {str(project.get("project_name", "")).strip() for project in record.values.get("projects", ())}
    if forms and (lacking := [name for name in scored if name not in forms]):
        words = {"problem": f"评分表有{len(scored)}个项目，自评表有{len(forms)}个，缺少：{'、'.join(lacking)}"}
        yield Remark("S17", ("project_scores",), words)
    sections = record.values.get("sections", [])
    for index, section in enumerate(sections):
        for stated in _counts(str(section.get("text", ""))):
            if stated != len(scored):
                words = {"problem": f"正文写{stated}个项目，评分表有{len(scored)}个"}
                yield Remark("S17", ("sections", index, "text"), words)
    told = "\n".join(line for section in sections for line in _lines(section) if "得分" not in line)
    missing = [name for name in scored if name not in told]
    if len(missing) < len(scored) and missing:
        words = {"problem": f"评分表里有、正文没有按这个名称写的项目：{'、'.join(missing)}"}
        yield Remark("S17", ("project_scores",), words, severity="warning")


def _counts(text: str) -> Iterator[int]:
    for found in _STATED.finditer(text):
        clause = _END_OF_CLAUSE.split(text[: found.start()])[-1] + found[0]
        count = whole_of(found["count"]) or numeral(found["count"])
        if count is not None and "重点" not in clause:
            yield int(count)


def _lines(section: Mapping[str, Any]) -> Iterator[str]:
    yield str(section.get("heading", ""))
    yield from str(section.get("text", "")).split("\n")


def revenue_follows(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S18 where change and rate of change do not follow from the totals of this year and the last."""
    typed: Mapping[str, Any] = record.values.get("revenue_expenditure", {})
    total, last, change, share = (
        number(typed.get(key)) for key in ("total", "last_year_total", "change", "change_rate")
    )
    if total is None:
        return
    if last is not None and change is not None and abs(total - last - change) >= _CENT:
        words = {"label": "比上年增减", "right": f"{rounded(total - last)}", "value": change, "formula": "本年－上年"}
        yield Remark("S18", ("revenue_expenditure", "change"), words)
        return
    if last is None and change is not None:
        last = total - change
    right = (total - last) * 100 / last if last else None
    if (
        right is not None
        and share is not None
        and abs(share - right) > _RATE_TOLERANCE
        and not is_rounded(share, right)
    ):
        words = {"label": "增减率", "right": f"{rounded(right)}%", "value": f"{share:f}%", "formula": "增减÷上年"}
        yield Remark("S18", ("revenue_expenditure", "change_rate"), words)


def full_marks_and_doubts(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S19 where the whole has full marks and the report says that its indicators can hardly be measured."""
    if number(record.shown.get("total_score")) != _FULL:
        return
    for index, section in enumerate(record.values.get("sections", ())):
        if match := _HARD_TO_MEASURE.search(str(section.get("text", ""))):
            yield Remark("S19", ("sections", index, "text"), {"typed": match[0]})
            return


def report_is_signed(record: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield S21 where a report lacks the names of those who evaluated, or its date."""
    if not record.shown.get("sections"):
        return
    if not record.values.get("evaluation_team"):
        yield Remark("S21", ("evaluation_team",), {"label": "评价组名单"})
    written = "\n".join(line for section in record.values["sections"][-2:] for line in _lines(section))
    if "report_date" not in record.values and not _DATE_AT_END.search(written):
        yield Remark("S21", ("report_date",), {"label": "日期"})


RULES = (
    there_is_something,
    sections_have_content,
    parts_are_numbered,
    projects_agree,
    revenue_follows,
    full_marks_and_doubts,
    report_is_signed,
)
