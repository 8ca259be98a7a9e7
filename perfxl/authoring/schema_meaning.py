"""What of a schema contradicts itself although each of its words is right: names, addresses, bounds, patterns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from perfxl import checks
from perfxl.authoring.formula_text import problem
from perfxl.model.author_note import AuthorNote, likely
from perfxl.model.finding import catalogue
from perfxl.report_type.model import ReportType
from perfxl.report_type.schema_file import place_of

_NAME_IN_FORMULA = re.compile(r"\{([^\W\d][^{}=,;]*)\}")
_STEP_IN_FORMULA = re.compile(r"\{=([^{}]+?)\}")
_RESERVED = frozenset(
    ("draft", "loop", "line", "starts", "self", "super", "varargs", "kwargs", "caller", "context", "true", "false")
)
_RESERVED |= frozenset(("none", "and", "or", "not", "in", "is", "if", "else", "for", "with", "findings", "perfxl"))
Path = tuple[str | int, ...]


class Reader:
    """Goes through a schema and gathers notes on it; `types` are all types there are, by id."""

    def __init__(self, schema: Mapping[str, Any], file: str, types: Mapping[str, ReportType]) -> None:
        self._schema, self._file, self._types = schema, file, types
        self._fields = dict(_fields(schema, ()))
        self.notes: list[AuthorNote] = []

    def _say(self, path: Path, problem_: str, cure: str = "") -> None:
        self.notes.append(AuthorNote(self._file, place_of(self._schema, path), problem_, cure))

    def read(self) -> list[AuthorNote]:
        """Return what contradicts itself."""
        self._families()
        self._sheets()
        self._node(self._schema, (), {})
        self._addresses(self._schema, (), "")
        return self.notes

    def _addresses(self, node: Mapping[str, Any], path: Path, around: str) -> None:
        """Say which addresses are not of the kind that their place asks for: on a sheet, on each sheet, in a column."""
        each = {sheet["each"]: sheet["name"] for sheet in self._schema["x-sheets"] if sheet.get("each")}
        titles = [sheet["name"] for sheet in self._schema["x-sheets"] if not sheet.get("each")]
        for name, member in node.get("properties", {}).items():
            here = (*path, "properties", name)
            if member.get("type") == "array" and "x-at" not in member:
                inside = each.get(name, "") if not path else ""
                # Lists that a family of rules computes stand nowhere in the form.
                if not inside and not self._schema.get("x-rules"):
                    self._say(
                        here, "这个列表没有写在哪里", "请写“x-at”“x-rows”“x-rows-shown”，或者在 x-sheets 里用“each”"
                    )
                self._addresses(member["items"], (*here, "items"), inside or "-")
                continue
            if "x-at" in member:
                self._address((*here, "x-at"), str(member["x-at"]), around, titles)
            if member.get("type") == "array":
                for column, leaf in member["items"].get("properties", {}).items():
                    at = str(leaf.get("x-at", ""))
                    if at and not re.fullmatch("[A-Z]{1,2}(:[A-Z]{1,2})?", at):
                        self._say(
                            (*here, "items", "properties", column, "x-at"), f"“{at}”不是列号", "列表的列只写列号，像“B”"
                        )
            elif "properties" in member:
                self._addresses(member, here, around)

    def _address(self, path: Path, at: str, around: str, titles: Sequence[str]) -> None:
        sheet, mark, rest = at.rpartition("!")
        if re.fullmatch("[A-Z]{1,2}", rest):
            self._say(path, f"“{at}”只有列号", "请写清楚是哪一格，像“C4”")
        elif around and mark:
            self._say(path, f"“{at}”不用写工作表", f"每项一张的表只写“{rest}”")
        elif not around and not mark:
            self._say(path, f"“{at}”没有写在哪张工作表", f"请写“{titles[0] if titles else '工作表'}!{at}”")
        elif mark and sheet not in titles:
            self._say(path, f"没有工作表“{sheet}”", likely(sheet, titles))

    def _families(self) -> None:
        for index, family in enumerate(self._schema.get("x-rules", ())):
            if family not in checks.FAMILIES:
                self._say(("x-rules", index), f"没有检查规则“{family}”", likely(family, checks.FAMILIES))

    def _sheets(self) -> None:
        sheets = self._schema["x-sheets"]
        names = [sheet["name"] for sheet in sheets]
        for index, sheet in enumerate(sheets):
            if names.index(sheet["name"]) < index:
                self._say(("x-sheets", index), f"工作表“{sheet['name']}”写了两次", "请换一个名称")
            each = sheet.get("each")
            arrays = [key for key, node in self._schema["properties"].items() if node.get("type") == "array"]
            if each and (each not in arrays or self._schema["properties"][each]["items"].get("type") != "object"):
                self._say(("x-sheets", index, "each"), f"没有列表“{each}”", likely(each, arrays))
            for number, caption in enumerate(sheet.get("captions", ())):
                if caption["text"].startswith("="):
                    self._formula(("x-sheets", index, "captions", number, "text"), caption["text"][1:])

    def _node(self, node: Mapping[str, Any], path: Path, siblings: Mapping[str, Any]) -> None:
        kind = node.get("type")
        if "properties" in node:
            self._object(node, path)
        elif kind == "array":
            self._array(node, path, siblings)
        else:
            self._leaf(node, path, siblings)
        self._codes(node, path)
        self._origin(node, path)

    def _object(self, node: Mapping[str, Any], path: Path) -> None:
        members = node["properties"]
        for index, name in enumerate(node.get("required", ())):
            if name not in members:
                self._say((*path, "required", index), f"没有栏目“{name}”", likely(name, members))
        for index, check in enumerate(node.get("x-live", ())):
            here = (*path, "x-live", index)
            if _found(members, check["field"].split(".")) is None:
                self._say((*here, "field"), f"没有栏目“{check['field']}”", likely(check["field"], members))
            self._formula((*here, "wrong"), check["wrong"])
        for index, check in enumerate(node.get("x-checks", ())):
            self._check(check, (*path, "x-checks", index), members)
        self._conditions(node, path, members)
        for name, member in members.items():
            here = (*path, "properties", name)
            if name in _RESERVED:
                self._say(here, f"“{name}”是程序自己用的名称", "请换一个名称")
            self._node(member, here, members)

    def _check(self, check: Mapping[str, Any], path: Path, members: Mapping[str, Any]) -> None:
        """Say which fields of a stated check there are not, and what it lacks."""
        kind, others = check["check"], check.get("of", check.get("when", check.get("by", ())))
        names = [others] if isinstance(others, str) else list(others)
        dotted = [name for name, _ in _fields({"properties": members}, ())]
        for word, name in (("field", check["field"]), *(("of", name) for name in names)):
            if name not in dotted:
                self._say((*path, word), f"没有栏目“{name}”", likely(name, dotted))
        wanted = {"required": "when", "one_of": "by"}.get(kind, "" if kind == "unique" else "of")
        if wanted and wanted not in check:
            self._say(path, f"“{kind}”要写“{wanted}”", "写上和哪一栏比较")
        if kind == "one_of" and "values" not in check:
            self._say(path, "“one_of”要写“values”", "写上每个值可以配什么")
        numbers = {
            "sum": [check["field"], *names],
            "total": [check["field"], *names],
            "at_most": [check["field"], *names],
        }
        for name in numbers.get(kind, ()):
            node = dict(_fields({"properties": members}, ())).get(name)
            if node is not None and not {"number", "integer"} & set(_kinds(node)):
                self._say(path, f"“{name}”是文字，不能用“{kind}”", "请把它的类型改成数")

    def _conditions(self, node: Mapping[str, Any], path: Path, members: Mapping[str, Any]) -> None:
        for word in ("if", "then", "else"):
            rule = node.get(word, {})
            for name in (*rule.get("required", ()), *rule.get("properties", ())):
                if name not in members:
                    self._say((*path, word), f"没有栏目“{name}”", likely(name, members))
        for name, needed in node.get("dependentRequired", {}).items():
            for one in (name, *needed):
                if one not in members:
                    self._say((*path, "dependentRequired"), f"没有栏目“{one}”", likely(one, members))

    def _array(self, node: Mapping[str, Any], path: Path, siblings: Mapping[str, Any]) -> None:
        items = node["items"]
        columns = items.get("properties", {})
        if node.get("minItems", 0) > node.get("maxItems", node.get("minItems", 0)):
            self._say((*path, "minItems"), f"最少{node['minItems']}条，最多却是{node['maxItems']}条", "请改其中一个")
        if node.get("x-rows-shown", 0) > node.get("x-rows", node.get("x-rows-shown", 0)):
            self._say((*path, "x-rows-shown"), "先显示的行比备好的行还多", "请改其中一个")
        for index, row in enumerate(node.get("default", ())):
            for key, value in row.items():
                if key not in columns:
                    self._say((*path, "default", index), f"没有列“{key}”", likely(key, columns))
                elif "enum" in columns[key] and value not in columns[key]["enum"]:
                    self._say(
                        (*path, "default", index), f"“{value}”不在选项里", likely(str(value), columns[key]["enum"])
                    )
        for name in columns:
            if "x-at" not in columns[name] and "x-at" in node and columns[name].get("type") not in ("array", "object"):
                self._say((*path, "items", "properties", name), "没有写在哪一列", '请写“x-at”，如 "x-at": "B"')
        self._node(items, (*path, "items"), siblings)

    def _leaf(self, node: Mapping[str, Any], path: Path, siblings: Mapping[str, Any]) -> None:
        for low, high, word in (("minimum", "maximum", "最小"), ("minLength", "maxLength", "最短")):
            if low in node and high in node and node[low] > node[high]:
                self._say((*path, low), f"{word}的{node[low]}比“{high}”的{node[high]}还大", "请改其中一个")
        self._pattern(node, path)
        if "enum" in node and "default" in node and node["default"] not in node["enum"]:
            self._say((*path, "default"), f"“{node['default']}”不在选项里", likely(str(node["default"]), node["enum"]))
        texts = "string" in _kinds(node)
        for word in ("enum", "examples", "pattern", "minLength", "maxLength"):
            if word in node and not texts and "type" in node:
                self._say((*path, word), f"“{word}”只用于文字栏目，这一栏是数", "请改类型，或者删掉它")
        for word in ("minimum", "maximum", "multipleOf"):
            if word in node and not {"number", "integer"} & set(_kinds(node)):
                self._say((*path, word), f"“{word}”只用于数，这一栏是文字", "请改类型，或者删掉它")
        follows = node.get("x-follows")
        if follows:
            self._follows(follows, path, siblings)
        steps = node.get("x-steps", {})
        for name, formula in (("x-formula", node.get("x-formula")), *steps.items()):
            if formula:
                here = (*path, "x-formula") if name == "x-formula" else (*path, "x-steps", name)
                self._formula(here, formula, steps)
        share = node.get("x-share", "=")
        if not share.startswith("=") and share not in siblings:
            self._say((*path, "x-share"), f"没有列“{share}”", likely(share, siblings))

    def _pattern(self, node: Mapping[str, Any], path: Path) -> None:
        pattern = node.get("pattern")
        if not isinstance(pattern, str):
            return
        if re.fullmatch(r"/.*/[a-z]*", pattern):
            self._say((*path, "pattern"), f"“{pattern}”是 JavaScript 的写法", "请去掉两头的 /")
            return
        try:
            found = re.compile(pattern)
        except re.error as error:
            cure = "\\p{…} 请写成 [\\u4e00-\\u9fff]" if "\\p" in pattern else "(?<名称>…) 请写成 (?P<名称>…)"
            other = cure if "\\p" in pattern or re.search(r"\(\?<[A-Za-z]", pattern) else "请核对括号和反斜杠"
            self._say((*path, "pattern"), f"“{pattern}”不是正则表达式（第{(error.pos or 0) + 1}个字处）", other)
            return
        wrong = [text for text in node.get("enum", node.get("examples", ())) if not found.search(text)]
        if wrong:
            self._say((*path, "pattern"), f"自己的选项“{wrong[0]}”不合这个写法", "请改其中一个")

    def _follows(self, follows: Mapping[str, Any], path: Path, siblings: Mapping[str, Any]) -> None:
        here = (*path, "x-follows")
        leader = siblings.get(follows["field"])
        if leader is None:
            self._say((*here, "field"), f"没有栏目“{follows['field']}”", likely(follows["field"], siblings))
            return
        known = leader.get("enum")
        if known is None:
            return
        for value, keys in follows["groups"].items():
            for key in keys:
                if key not in known:
                    self._say((*here, "groups", value), f"“{key}”不在“{follows['field']}”的选项里", likely(key, known))

    def _codes(self, node: Mapping[str, Any], path: Path) -> None:
        for word, code in node.get("x-codes", {}).items():
            if code not in catalogue():
                self._say((*path, "x-codes", word), f"没有问题代码“{code}”", "现有的代码见 docs/codes.md")

    def _origin(self, node: Mapping[str, Any], path: Path) -> None:
        for type_id, origin in node.get("x-from", {}).items():
            here = (*path, "x-from", type_id)
            source = self._types.get(type_id)
            if source is None:
                self._say(here, f"没有文种“{type_id}”", likely(type_id, self._types))
            elif isinstance(origin, str) and not origin.startswith("=") and not _leads(source.schema, origin):
                self._say(
                    here,
                    f"“{source.title}”里没有“{origin}”",
                    likely(origin, (name for name, _ in _fields(source.schema, ()))),
                )

    def _formula(self, path: Path, formula: str, steps: Collection[str] = ()) -> None:
        if trouble := problem(formula):
            self._say(path, *trouble)
        for name in _NAME_IN_FORMULA.findall(re.sub(r'"(?:[^"]|"")*"', "", formula)):
            plain = name.removesuffix("[]").removesuffix("[#]")
            if plain not in self._fields:
                self._say(path, f"公式里的“{{{name}}}”不是栏目", likely(plain, self._fields))
        for name in _STEP_IN_FORMULA.findall(formula):
            if name not in steps:
                self._say(path, f"公式里的“{{={name}}}”不是中间结果", likely(name, steps))


def _kinds(node: Mapping[str, Any]) -> tuple[str, ...]:
    kind = node.get("type", ())
    return (kind,) if isinstance(kind, str) else tuple(kind)


def _fields(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every field with its dotted name."""
    for name, member in node.get("properties", {}).items():
        inner = member.get("items", member) if member.get("type") == "array" else member
        if "properties" in inner:
            yield from _fields(inner, (*path, name))
        else:
            yield ".".join((*path, name)), member


def _found(members: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any] | None:
    node: Mapping[str, Any] | None = {"properties": members}
    for name in names:
        node = node.get("properties", {}).get(name) if node else None
    return node


def _leads(schema: Mapping[str, Any], dotted: str) -> bool:
    node: Mapping[str, Any] = schema
    for name in dotted.split("."):
        node = node.get("items", node) if node.get("type") == "array" else node
        if name not in node.get("properties", {}):
            return False
        node = node["properties"][name]
    return True
