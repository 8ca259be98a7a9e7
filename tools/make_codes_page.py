"""Writes docs/codes.md, the page of every finding, from the catalogue: `python -m tools.make_codes_page`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from perfxl.cli.findings_text import blanked
from perfxl.model.finding import SEVERITIES, catalogue

PAGE = Path(__file__).resolve().parent.parent / "docs" / "codes.md"

FAMILIES = {
    "F": "文件打不开",
    "T": "填报表的结构",
    "V": "填写的格式",
    "D": "各部分是否完整、对得上",
    "M": "金额和支出计划",
    "K": "绩效指标",
    "L": "文字",
    "S": "绩效自评",
    "W": "读入文档",
    "B": "批量生成",
    "X": "各单位之间",
}


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 检查意见一览"
    yield ""
    yield "<!-- 由 tools/make_codes_page.py 从 perfxl/model/catalogue.json 生成，请不要直接修改。 -->"
    yield ""
    yield "错误要改正后才能生成正式的 Word 文档；警告和提示请核对，确认无误的可以不改。"
    yield "在命令行里，`perfxl explain 代码` 显示其中一条。"
    yield "V、D、M、K、L、S 开头的可以在规则配置（`profiles/`）的 `rules` 里关闭或改变轻重。"
    for letter, group in groupby(catalogue().values(), key=lambda entry: entry.code[0]):
        yield ""
        yield f"## {letter} {FAMILIES[letter]}"
        for entry in group:
            yield ""
            yield f"### {entry.code} {entry.title}（{SEVERITIES[entry.severity]}）"
            yield ""
            yield f"- 提示：{blanked(entry.message)}"
            yield f"- 原因：{entry.cause}"
            yield f"- 改法：{blanked(entry.cure or entry.hint)}"
            yield f"- 举例：{entry.example}"
            if entry.source:
                yield f"- 依据：{entry.source}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(PAGE)
