"""The rows of the sheet 栏目 as members of a schema: 类型, 必填, 选项, 范围, 检查 in an author's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from perfxl.model.author_note import AuthorNote, likely

HEADINGS: Mapping[str, str] = {
    "名称": "画好的表里写成 {{名称}} 的那个名称；列表的列写“列表.列”",
    "类型": "文字、多行、整数、小数、金额、百分比、日期、是否、编码；列表、每项一张；不写就是文字",
    "必填": "是，或者空白",
    "单位": "万元、%、人……",
    "选项": "用顿号隔开，只能选；最后写“等”就还可以另填",
    "范围": "数：0-100、≥0、≤5；文字：60字、10-60字；编码：18位、6位数字；列表：1-20",
    "公式": "自动计算，栏目名写在花括号里：{数量}*{单价}",
    "提示": "点到格子时显示的话",
    "检查": "=甲+乙、=合计(明细.金额)、不大于 乙、不早于 乙、不同于 乙、不重复、类别是其他时必填；"
    "几条用分号隔开，后面写（提醒）就不算错误",
    "合并": "是：文档里相邻的相同内容合并成一格（列表里有选项的列）",
    "印出": "否：文档里不印",
    "说明": "给维护文种的人看",
}
"""The columns of 栏目, with what is written in each."""

TYPES: Mapping[str, Mapping[str, Any]] = {
    "文字": {"type": "string"},
    "多行": {"type": "string", "x-lines": 3},
    "整数": {"type": "integer"},
    "小数": {"type": "number"},
    "金额": {"type": "number", "x-format": "money"},
    "百分比": {"type": "number", "x-format": "percent"},
    "日期": {"type": "string", "x-format": "date"},
    "是否": {"type": "string", "enum": ["是", "否"], "x-format": "check"},
    "编码": {"type": "string", "x-format": "code"},
}
LIST, EACH = "列表", "每项一张"
_NUMBERS = ("integer", "number")
_NUMBER = r"-?\d+(?:\.\d+)?"
_MILD = re.compile(r"[（(]提醒[）)]$")


def key_of(name: str) -> str:
    """Return a name as schema, form and template know it: without signs, blanks and capitals."""
    parts = (re.sub(r"[^a-z0-9_\u4e00-\u9fff]", "", part.casefold()) for part in name.split("."))
    return ".".join(f"f{part}" if part[:1].isdigit() or part[:1] == "_" else part for part in parts)


class FieldRows:
    """What 栏目 says, by the key of each field; `notes` is what cannot be understood."""

    def __init__(self, rows: tuple[tuple[int, Mapping[str, str]], ...], headings: tuple[str, ...], file: str) -> None:
        self._file = file
        self.notes: list[AuthorNote] = []
        self.nodes: dict[str, dict[str, Any]] = {}
        self.kinds: dict[str, str] = {}
        self.required: set[str] = set()
        self.merged: list[str] = []
        self.rows: dict[str, tuple[int, int]] = {}
        self._checks: list[tuple[int, str, str]] = []
        for heading in headings:
            if heading not in HEADINGS:
                self._say(0, f"没有“{heading}”这一列", likely(heading, HEADINGS))
        for number, said in rows:
            self._row(number, said)

    def _say(self, number: int, problem: str, cure: str = "") -> None:
        self.notes.append(AuthorNote(self._file, f"栏目 第{number}行" if number else "栏目", problem, cure))

    def _row(self, number: int, said: Mapping[str, str]) -> None:
        name = said.get("名称", "")
        key = key_of(name)
        if not key or "" in key.split("."):
            self._say(number, f"“{name}”不能做名称" if name else "没有写名称", "名称里要有汉字或字母")
            return
        if key in self.kinds:
            self._say(number, f"“{name}”写了两次", "请只留一行，或者换一个名称")
            return
        kind = said.get("类型", "文字")
        if kind not in (*TYPES, LIST, EACH):
            self._say(number, f"没有类型“{kind}”", likely(kind, (*TYPES, LIST, EACH)))
            kind = "文字"
        self.kinds[key] = kind
        if _yes(said.get("必填", "")):
            self.required.add(key)
        if kind in (LIST, EACH):
            self._list(number, key, name, said)
            return
        node: dict[str, Any] = {**TYPES[kind], "x-label": name.rpartition(".")[2]}
        for heading, word in (("单位", "x-unit"), ("提示", "x-prompt"), ("说明", "description")):
            if heading in said:
                node[word] = said[heading]
        if "选项" in said and kind != "是否":
            self._choices(number, node, said["选项"], kind)
        if "范围" in said:
            self._range(number, node, said["范围"], kind)
        if "公式" in said:
            node["x-formula"] = re.sub(
                r"\{([^{}]+)\}", lambda found: f"{{{key_of(found[1])}}}", said["公式"].lstrip("=")
            )
        if _yes(said.get("合并", "")):
            self.merged.append(key)
        if said.get("印出") == "否":
            node["x-printed"] = False
        for part in re.split("[;；\n]", said.get("检查", "")):
            if part.strip():
                self._checks.append((number, key, part.strip()))
        self.nodes[key] = node

    def _list(self, number: int, key: str, name: str, said: Mapping[str, str]) -> None:
        node: dict[str, Any] = {"type": "array", "x-label": name.rpartition(".")[2]}
        found = re.fullmatch(r"(?:(\d+)\s*[-~～—至到])?\s*(\d+)\s*[条行项]?", said.get("范围", ""))
        if "范围" in said and found is None:
            self._say(number, f"列表的范围“{said['范围']}”看不懂", "请写成“1-20”")
        low, high = (int(found[1] or 0), int(found[2])) if found else (0, 0)
        self.rows[key] = (low, high)
        if low > 1:
            node["minItems"] = low
        if high:
            node["maxItems"] = high
        self.nodes[key] = node

    def _choices(self, number: int, node: dict[str, Any], text: str, kind: str) -> None:
        if node["type"] in _NUMBERS:
            self._say(number, f"“{kind}”没有选项", "请把类型改成文字")
            return
        parts = [part.strip() for part in re.split("[、,，;；/\n]", text) if part.strip()]
        is_open = parts[-1:] == ["等"] or text.rstrip().endswith(("等", "……"))
        if is_open:
            parts = [part.removesuffix("等").removesuffix("……") for part in parts if part not in ("等", "……")]
        node["examples" if is_open else "enum"] = list(dict.fromkeys(part for part in parts if part))

    def _range(self, number: int, node: dict[str, Any], text: str, kind: str) -> None:
        plain = text.replace("＞", ">").replace("＝", "=").replace("％", "%").replace("%", "").replace(" ", "")
        if node["type"] in _NUMBERS:
            if found := re.fullmatch(rf"({_NUMBER})[-~～—至到]({_NUMBER})", plain):
                node["minimum"], node["maximum"] = _number(found[1]), _number(found[2])
            elif found := re.fullmatch(rf"(?:≥|>=|不小于)({_NUMBER})|({_NUMBER})(?:以上|起)", plain):
                node["minimum"] = _number(found[1] or found[2])
            elif found := re.fullmatch(rf"(?:≤|<=|不大于)({_NUMBER})|({_NUMBER})以内", plain):
                node["maximum"] = _number(found[1] or found[2])
            else:
                self._say(number, f"范围“{text}”看不懂", "请写成“0-100”“≥0”或“≤5”")
        elif found := re.fullmatch(r"(\d+)位(数字)?", plain):
            signs = "0-9" if found[2] else "0-9A-Za-z"
            node["pattern"] = f"^[{signs}]{{{found[1]}}}$"
            node["x-shape"] = f"{found[1]}位{'数字' if found[2] else '字母或数字'}"
        elif found := re.fullmatch(r"(?:(\d+)[-~～—至到])?(?:≤|<=|不超过)?(\d+)字?(?:以内)?", plain):
            if found[1]:
                node["minLength"] = int(found[1])
            node["maxLength"] = int(found[2])
        else:
            self._say(number, f"“{kind}”的范围“{text}”看不懂", "文字请写成“60字”“10-60字”，编码请写成“18位”“6位数字”")

    def checks(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the stated checks, each with the key of the list it belongs to, empty for the whole; notes grow."""
        for number, key, text in self._checks:
            check = self._check(number, key, _MILD.sub("", text).strip())
            if check is None:
                continue
            if _MILD.search(text):
                check["gravity"] = "warning"
            base = key.rpartition(".")[0]
            others = check.get("of", check.get("when", ()))
            names = [check["field"], *([others] if isinstance(others, str) else others)]
            # A check over the rows of a list belongs to what is around the list.
            while base and not all(name.startswith(base + ".") for name in names):
                base = base.rpartition(".")[0]
            short = {name: name.removeprefix(base + ".") if base else name for name in names}
            for word in ("field", "of", "when"):
                if word in check:
                    value = check[word]
                    check[word] = short[value] if isinstance(value, str) else [short[each] for each in value]
            yield base, check

    def _check(self, number: int, key: str, text: str) -> dict[str, Any] | None:
        base = key.rpartition(".")[0]
        plain = text.replace("＝", "=").replace("＋", "+").replace("（", "(").replace("）", ")").replace("≤", "不大于")
        if plain in ("不重复", "不能重复"):
            return {"check": "unique", "field": key}
        if found := re.fullmatch(r"(?:=|等于)\s*(?:合计|SUM)\s*\((.+)\)", plain, re.IGNORECASE):
            return self._with(number, "total", key, [found[1]], base)
        if found := re.fullmatch(r"(?:=|等于)\s*(.+)", plain):
            return self._with(number, "sum", key, found[1].split("+"), base)
        for word, kind in (
            ("不大于", "at_most"),
            ("不超过", "at_most"),
            ("不早于", "not_before"),
            ("不同于", "differs"),
        ):
            if plain.startswith(word):
                return self._with(number, kind, key, [plain.removeprefix(word)], base)
        if found := re.fullmatch(r"(.+?)(?:是|为|=)(.+?)时?必填", plain):
            check = self._with(number, "required", key, [found[1]], base)
            values = [part.strip("“”\"' ") for part in re.split("[、,，或]", found[2])]
            return check and {**check, "is": values}
        if found := re.fullmatch(r"(?:有|填了)?(.+?)(?:有内容)?时必填", plain):
            return self._with(number, "required", key, [found[1]], base)
        self._say(number, f"检查“{text}”看不懂", "可以写的见“检查”一列的说明，如“=甲+乙”“不大于 乙”“不早于 乙”“不重复”")
        return None

    def _with(self, number: int, kind: str, key: str, names: list[str], base: str) -> dict[str, Any] | None:
        """Return a check against other fields, which are named as they are or as beside this one."""
        found = []
        for name in names:
            other = key_of(name.strip().strip("{}"))
            beside = f"{base}.{other}" if base else other
            known = beside if beside in self.nodes else other if other in self.nodes else ""
            if not known:
                self._say(number, f"检查里的“{name.strip()}”不是栏目", likely(other, self.nodes))
                return None
            found.append(known)
        if kind == "required":
            return {"check": kind, "field": key, "when": found[0]}
        return {"check": kind, "field": key, "of": found if kind == "sum" else found[0]}


def _yes(text: str) -> bool:
    return text in ("是", "√", "✓", "必填", "1", "Y", "y", "True", "TRUE")


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
