"""Writes the Word templates of a 绩效自评: `templates/self_evaluation.docx` and `self_evaluation.plain.docx`.

    python tools/make_evaluation_template.py [FOLDER]

The report has the outline that is typed; behind a section stands what it inserts, and in front of all sections what
none of them does. Each project's 自评表 follows, in the layout of the form of 财预〔2020〕10号. Looks, styles and the
other parts of the file are those of the plan's template (`make_word_template.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from make_word_template import (
    NAMESPACES,
    Columns,
    cell,
    core,
    narrow_head,
    paragraph,
    part,
    parts,
    row,
    section,
    table,
    tag,
    write_looks,
)
from word_layouts import Layout

# 绩效指标 | 一级 | 二级 | 三级 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
FORM = (540, 1156, 1370, 1068, 1050, 1050, 540, 700, 1370)
# 项目资金 | 来源（其中：当年财政拨款 on a line） | 年初、全年预算数，全年执行数 (11 digits) | 分值 | 执行率 | 得分
FUNDS = (540, 2050, 1350, 1350, 1350, 540, 860, 804)
COLUMNS = Columns(FORM, FUNDS)
_FIVE = 5
LOW = 360  # rows of the form are lower than others, so that a form of nine indicators fits on a page
_TITLE = "{{ fiscal_year }}年度"


def head(width: int, text: str, span: int = 1, merge: str = "") -> str:
    return cell(width, paragraph("TableHead", text), span=span, merge=merge)


def spanning(first: int, last: int, style: str, text: str) -> str:
    """A cell over the columns of the form from `first` to `last`, counted from 1."""
    span = sum(COLUMNS.spans(FORM)[first - 1 : last])
    return cell(sum(FORM[first - 1 : last]), paragraph(style, text), span=span)


def column_head(number: int, title: str) -> str:
    """The head of a column of the form; of five characters there are two on the first line, not four."""
    narrower = 110 if len(title) == _FIVE else 0
    return cell(FORM[number - 1], narrow_head(title, narrower), span=COLUMNS.spans(FORM)[number - 1])


def funds(*shown: tuple[str, str]) -> list[str]:
    """The cells of a row of the funds behind its first one: style and text."""
    divided = zip(FUNDS[1:], COLUMNS.spans(FUNDS)[1:], shown, strict=True)
    return [cell(width, paragraph(*each), span=span) for width, span, each in divided]


def continued() -> str:
    """The first cell of a row that goes on with the one above."""
    return cell(FORM[0], paragraph("TableHead", ""), merge="continue")


def begun(text: str) -> str:
    """The first cell of a row with which others go on."""
    return head(FORM[0], text, merge="restart")


def low(*cells: str, height: int = LOW) -> str:
    return row(*cells, height=height)


def whole_row(text: str) -> str:
    """A row that is a tag and nothing else."""
    return row(cell(sum(FORM), tag(text), span=len(COLUMNS.grid)))


def first_rows() -> list[str]:
    """Name and units, and the funds with their scores, which stand in the row of the total."""
    titles = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    kind = '{% if project.scope == "部门整体支出" %}部门名称{% else %}项目名称{% endif %}'
    name = "{{ project.project_name or unit_name }}"
    once = "{{% if loop.first %}}{{{{ project.{} }}}}{{% else %}}—{{% endif %}}"
    values = (
        ("TableRight", "{{ line.initial_budget }}"),
        ("TableRight", "{{ line.revised_budget }}"),
        ("TableRight", "{{ line.actual_expenditure }}"),
        ("TableCentred", once.format("execution_weight")),
        ("TableCentred", "{{ line.execution_rate }}"),
        ("TableCentred", once.format("execution_score")),
    )
    return [
        low(spanning(1, 2, "TableHead", kind), spanning(3, 9, "TableText", name)),
        low(
            spanning(1, 2, "TableHead", "主管部门"),
            spanning(3, 5, "TableText", "{{ project.supervising_department | lines }}"),
            spanning(6, 7, "TableHead", "实施单位"),
            spanning(8, 9, "TableText", "{{ project.implementing_unit | lines }}"),
        ),
        low(
            begun("项目资金（{{ currency_unit }}）"),
            *funds(*(("TableHead", title) for title in ("", *titles))),
        ),
        whole_row("{%tr for line in project.funding_lines %}"),
        low(
            continued(),
            *funds(("TableText", "{{ line.source | lines }}"), *values),
        ),
        whole_row("{%tr endfor %}"),
    ]


def goal_rows() -> list[str]:
    return [
        low(
            begun("年度总体目标"),
            spanning(2, 5, "TableHead", "预期目标"),
            spanning(6, 9, "TableHead", "实际完成情况"),
        ),
        low(
            continued(),
            spanning(2, 5, "TableText", "{{ project.expected_goal | lines }}"),
            spanning(6, 9, "TableText", "{{ project.actual_achievement | lines }}"),
            height=800,
        ),
    ]


def indicator_rows() -> list[str]:
    """One row an indicator, equal 一级 and 二级 merged, and the total."""
    titles = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
    # The unit is typed once, with the target; it belongs behind an actual value that is a number.
    unit = '{% if row.actual and row.actual[-1:] in "0123456789" %}{{ row.measure_unit }}{% endif %}'
    actual = "{% if row.actual %}{{ row.actual }}" + unit + "{% else %}{{ row.grade }}{% endif %}"
    values = (
        ("TableCentred", "{% merge row.starts.dimension %}{{ row.dimension }}"),
        ("TableCentred", "{% merge row.starts.category %}{{ row.category }}"),
        ("TableText", "{{ row.name | lines }}"),
        ("TableCentred", "{{ (row.sign ~ row.target ~ row.measure_unit) | lines }}"),
        ("TableCentred", actual),
        ("TableCentred", "{{ row.weight }}"),
        ("TableCentred", "{{ row.score }}"),
        ("TableText", "{{ row.variance_explanation | lines }}"),
    )
    return [
        low(begun("绩效指标"), *(column_head(n, title) for n, title in enumerate(titles, 2))),
        whole_row('{%tr for row in project.indicators | spans("dimension", "category") %}'),
        low(
            continued(),
            *(spanning(n, n, style, text) for n, (style, text) in enumerate(values, 2)),
        ),
        whole_row("{%tr endfor %}"),
        low(
            spanning(1, 6, "TableHead", "总分"),
            spanning(7, 7, "TableCentred", "{{ project.total_weight }}"),
            spanning(8, 8, "TableCentred", "{{ project.total_score }}"),
            spanning(9, 9, "TableCentred", "{% if project.rating %}等级：{{ project.rating }}{% endif %}"),
        ),
    ]


def form() -> str:
    """A project's 自评表, on a page of its own."""
    name = "{% if project.project_name %}{{ project.project_name }}{% else %}{{ project.scope }}{% endif %}"
    return "".join(
        (
            paragraph("ProjectTitle", name + "绩效自评表"),
            paragraph("TableCentred", "（" + _TITLE + "）"),
            table(
                COLUMNS.grid,
                *first_rows(),
                *goal_rows(),
                *indicator_rows(),
                caption="项目支出绩效自评表",
                description="项目的资金执行情况、年度总体目标的完成情况、各项绩效指标的完成值和得分",
                around=40,
            ),
        )
    )


def listed(
    widths: Sequence[int], loop: str, columns: Sequence[tuple[str, str, str]], *last: str, said: tuple[str, str]
) -> str:
    """A table with a row an item: `columns` are title, style and text. `last` are the cells of a row behind them."""
    return table(
        widths,
        row(*(head(w, title) for w, (title, _, _) in zip(widths, columns, strict=True)), header=True),
        row(cell(sum(widths), tag("{%tr for " + loop + " %}"), span=len(widths))),
        row(*(cell(w, paragraph(style, text)) for w, (_, style, text) in zip(widths, columns, strict=True))),
        row(cell(sum(widths), tag("{%tr endfor %}"), span=len(widths))),
        *([row(*last)] if last else []),
        caption=said[0],
        description=said[1],
    )


def organisation() -> str:
    columns = (
        ("单位名称", "TableText", "{{ unit.unit_name | lines }}"),
        ("单位性质", "TableCentred", "{{ unit.unit_nature }}"),
        ("单位规格", "TableCentred", "{{ unit.unit_rank }}"),
        ("经费保障形式", "TableCentred", "{{ unit.funding_mode }}"),
    )
    return listed(
        (3844, 1700, 1500, 1800),
        "unit in organisation_table",
        columns,
        said=("机构设置", "各单位的名称、性质、规格和经费保障形式"),
    )


def scores() -> str:
    columns = (
        ("序号", "TableCentred", "{{ loop.index }}"),
        ("项目名称", "TableText", "{{ line.project_name | lines }}"),
        ("得分", "TableCentred", "{{ line.score }}"),
        ("等级", "TableCentred", "{{ line.rating }}"),
    )
    total = (
        cell(6444, paragraph("TableHead", "综合"), span=2),
        cell(1200, paragraph("TableCentred", "{{ total_score }}")),
        cell(1200, paragraph("TableCentred", "{{ rating }}")),
    )
    return listed(
        (800, 5644, 1200, 1200),
        "line in project_scores",
        columns,
        *total,
        said=("项目评分", "各项目的得分和等级，末行是综合得分"),
    )


def revenue() -> str:
    values = ("total", "last_year_total", "change", "change_rate")
    titles = ("本年收支总计", "上年收支总计", "比上年增减", "增减率")
    return table(
        [2211] * 4,
        row(*(head(2211, title) for title in titles)),
        row(*(cell(2211, paragraph("TableCentred", f"{{{{ revenue_expenditure.{value} }}}}")) for value in values)),
        caption="收支总计",
        description="本年和上年收支总计、比上年增减和增减率",
    )


def team() -> str:
    return (
        tag("{%p for member in evaluation_team %}")
        + paragraph("BodyText", "{{ member.name }}　{{ member.post }}　{{ member.signature }}")
        + tag("{%p endfor %}")
    )


def inserts() -> dict[str, tuple[str, str]]:
    """What a section may insert: when there is something to print, and what."""
    gap = paragraph("TableGap", "")
    return {
        "部门职责": ("duties", paragraph("BodyText", "{{ duties | lines }}")),
        "机构设置表": ("organisation_table", gap + organisation() + gap),
        "人员情况": ("staff_text", paragraph("BodyText", "{{ staff_text | lines }}")),
        "固定资产": ("assets_text", paragraph("BodyText", "{{ assets_text | lines }}")),
        "收支情况": ("revenue_text", paragraph("BodyText", "{{ revenue_text | lines }}")),
        "收支对比表": ("revenue_expenditure.total", gap + revenue() + gap),
        "项目评分表": ("project_scores", gap + scores() + gap),
        "评价组名单": ("evaluation_team", team()),
    }


_BEFORE = ("部门职责", "机构设置表", "人员情况", "固定资产", "收支情况")  # printed even where no section inserts them


def report() -> str:
    chosen = inserts()
    heading = "{{ each.number }}{{ each.heading }}"
    blocks = [
        tag('{%p set inserted = sections | join(",", attribute="insert") %}'),
        tag("{%p if sections %}"),
        paragraph("PartTitle", "{{ title | lines }}"),
        paragraph("BodyText", ""),
        tag("{%p endif %}"),
        tag("{%p if preface %}"),
        paragraph("BodyText", "{{ preface | lines }}"),
        tag("{%p endif %}"),
    ]
    for name in _BEFORE:
        there, block = chosen[name]
        blocks += [tag(f'{{%p if {there} and "{name}" not in inserted %}}'), block, tag("{%p endif %}")]
    blocks += [
        tag("{%p for each in sections %}"),
        tag("{%p if each.number or each.heading %}"),
        tag('{%p if each.level == "1" %}'),
        paragraph("Heading2", heading),
        tag('{%p elif each.level == "2" %}'),
        paragraph("Heading3", heading),
        tag("{%p else %}"),
        paragraph("BodyText", heading),
        tag("{%p endif %}"),
        tag("{%p endif %}"),
        tag("{%p if each.text %}"),
        paragraph("BodyText", "{{ each.text | lines }}"),
        tag("{%p endif %}"),
    ]
    for name, (there, block) in chosen.items():
        blocks += [tag(f'{{%p if each.insert == "{name}" and {there} %}}'), block, tag("{%p endif %}")]
    blocks += [
        tag("{%p endfor %}"),
        tag('{%p if evaluation_team and "评价组名单" not in inserted %}'),
        paragraph("BodyText", "评价工作组名单："),
        team(),
        tag("{%p endif %}"),
        tag("{%p if report_date %}"),
        paragraph("BodyText", "{{ unit_name }}", '<w:spacing w:before="600"/><w:jc w:val="right"/>'),
        paragraph("BodyText", "{{ report_date }}", '<w:jc w:val="right"/>'),
        tag("{%p endif %}"),
    ]
    return "".join(blocks)


def pictures() -> str:
    """The charts, which are there for whoever asks for them."""
    return "".join(
        (
            tag("{%p if score_chart and execution_chart %}"),
            paragraph("ProjectTitle", "得分和预算执行情况"),
            paragraph("TableCentred", '{{ score_chart | chart("各类指标得分率", "label", "share") }}'),
            paragraph("TableCentred", '{{ execution_chart | chart("各项目预算执行率", "label", "share") }}'),
            tag("{%p endif %}"),
        )
    )


def body() -> str:
    return "".join(
        (
            report(),
            tag("{%p if project_scores | length > 1 and not sections %}"),
            paragraph("ProjectTitle", "绩效自评结果汇总表"),
            paragraph("TableCentred", "（" + _TITLE + "）"),
            scores(),
            tag("{%p endif %}"),
            pictures(),
            tag("{%p for project in projects %}"),
            form(),
            tag("{%p endfor %}"),
            # Word wants a paragraph after a table; as low as this it never makes a page of its own.
            paragraph("DocumentEnd", ""),
        )
    )


def evaluation_parts(layout: Layout) -> dict[str, bytes]:
    """Return every part of the template by name."""
    # No cover, so the first page has its number as well.
    numbered = section(layout).replace("<w:titlePg/>", "")
    return {
        **parts(layout),
        "word/document.xml": part(f"<w:document {NAMESPACES}><w:body>{body()}{numbered}</w:body></w:document>"),
        "docProps/core.xml": core("{{ unit_name }}{{ fiscal_year }}年度绩效自评"),
    }


if __name__ == "__main__":
    write_looks("self_evaluation", evaluation_parts)
