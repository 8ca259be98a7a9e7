"""Writes the table of keys in docs/profiles.md, from the schema of profiles: `python -m tools.make_profiles_page`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "profiles.md"
BEGIN, END = "<!-- 下面的表由 tools/make_profiles_page.py 生成，请不要直接修改。 -->", "<!-- 表到这里为止。 -->"
_KINDS = {"number": "数", "integer": "整数", "string": "文字", "array": "列表", "object": "一组“名称: 值”"}
_LONGEST = 60  # characters of a default


def page() -> str:
    """Return the page with a fresh table."""
    text = PAGE.read_text("utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def table() -> str:
    """Return a table with a row for each key of a profile: what it is, what may stand there, what the default has."""
    schema = json.loads((ROOT / "profiles" / "profile.schema.json").read_bytes())
    default = json.loads((ROOT / "profiles" / "hebei.json").read_bytes())
    rows = ["| 项 | 含义 | 可以写 | 河北省（默认） |", "|---|---|---|---|"]
    return "\n".join([*rows, *_rows((), schema["properties"], default)])


def _rows(path: tuple[str, ...], members: Mapping[str, Any], default: Mapping[str, Any]) -> Iterator[str]:
    for key, node in members.items():
        here, value = (*path, key), default.get(key)
        inner = node.get("properties")
        said = "见下面各行" if inner else _kind(node)
        yield f"| `{'.'.join(here)}` | {node['description']} | {said} | {'' if inner else _shown(value)} |"
        if inner:
            yield from _rows(here, inner, value or {})


def _kind(node: Mapping[str, Any]) -> str:
    if "enum" in node:
        return "、".join(f"`{one}`" for one in node["enum"])
    kind = _KINDS["array" if "$ref" in node else node["type"]]
    bounds = [f"{word}{node[key]}" for key, word in (("minimum", "不小于"), ("maximum", "不大于")) if key in node]
    return "，".join([kind, *bounds])


def _shown(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= _LONGEST:
        return f"`{text}`"
    return f"{len(value)} 个，见 `profiles/hebei.json`"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(PAGE)
