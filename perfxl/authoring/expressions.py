"""What the tags of a template ask for, against what the schema has: names, lists, texts, sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from perfxl.document.template.sandbox import environment, in_body
from perfxl.model.author_note import likely

_ENVIRONMENT = environment(in_body)
_LOOP = ("index", "index0", "first", "last", "length", "revindex", "revindex0", "depth", "previtem", "nextitem")
_ENDED = ("lines", "labelled")
FILTERS = tuple(_ENVIRONMENT.filters)


@dataclass(frozen=True)
class Kind:
    """What an expression gives: `text`, `number`, `truth`, `list`, `object` or, where nobody can tell, `any`.

    `node` is its schema; `starts` the columns of which `spans` has counted the merged cells, None where it has not.
    """

    name: str
    node: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""
    starts: tuple[str, ...] | None = None


ANY, NUMBER, TRUTH = Kind("any"), Kind("number"), Kind("truth")
TEXT = Kind("text")
Scope = Mapping[str, Kind]


def kind_of(node: Mapping[str, Any], said: str) -> Kind:
    """Return what a template sees of a node of the schema."""
    if "properties" in node:
        return Kind("object", node, said)
    if node.get("type") == "array":
        return Kind("list", node, said)
    return Kind("text", node, said)


class Reader:
    """Reads expressions. `used` gathers the nodes of the schema that are printed or asked for, by identity."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root: dict[str, Kind] = {key: kind_of(node, key) for key, node in root["properties"].items()}
        self.root["draft"] = TRUTH
        self.used: set[int] = set()
        self._problems: list[tuple[str, str]] = []

    def printed(self, text: str, scope: Scope) -> list[tuple[str, str]]:
        """Return what is wrong with `{{ text }}`."""
        self._problems = []
        tree = self._parsed("{{ " + text + " }}")
        if tree is None:
            return self._problems
        output = tree.body[0] if tree.body else None
        if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
            return [(f"“{{{{ {text.strip()} }}}}”看不懂", "大括号里写一个栏目名称")]
        expression = output.nodes[0]
        kind = self._kind(expression, scope)
        ended = isinstance(expression, nodes.Filter) and expression.name in _ENDED
        if kind.name == "list" and not ended:
            columns = kind.node.get("items", {}).get("properties")
            cure = (
                f"请用循环：{{% for 行 in {kind.said or text.strip()} %}}"
                if columns
                else "后面请加“| lines”，一条印一段"
            )
            self._say(f"“{text.strip()}”是列表，不能直接印", cure)
        elif kind.name == "object":
            members = list(kind.node["properties"])
            self._say(f"“{text.strip()}”是一组栏目，不能直接印", f"请写其中的一栏，如“{text.strip()}.{members[0]}”")
        return self._problems

    def looped(self, target: str, text: str, scope: Scope) -> tuple[dict[str, Kind], list[tuple[str, str]]]:
        """Return the scope inside `{% for target in text %}`, and what is wrong with it."""
        self._problems = []
        if not target.isidentifier():
            self._say(f"循环的名称“{target}”写得不对", "请写成“{% for 行 in 列表 %}”")
            target = ""
        expression = self._expression(text)
        inside: dict[str, Kind] = {**scope, "loop": Kind("object", {"properties": {key: {} for key in _LOOP}}, "loop")}
        each = ANY
        if expression is not None:
            kind = self._kind(expression, scope)
            if kind.name == "list":
                each = kind_of(kind.node.get("items", {}), target)
                each = Kind(each.name, each.node, target, kind.starts)
            elif kind.name in ("text", "number", "truth", "object"):
                what = {"text": "文字", "number": "数", "truth": "是否", "object": "一组栏目"}[kind.name]
                self._say(f"“{text.strip()}”是{what}，不能循环", self._lists(scope))
        if target:
            inside[target] = each
        return inside, self._problems

    def tested(self, text: str, scope: Scope) -> list[tuple[str, str]]:
        """Return what is wrong with a condition, or with the number of rows of a merged cell."""
        self._problems = []
        expression = self._expression(text)
        if expression is not None:
            self._kind(expression, scope)
        return self._problems

    def assigned(self, text: str, scope: Scope) -> tuple[Kind, list[tuple[str, str]]]:
        """Return what `{% set name = text %}` gives, and what is wrong with it."""
        self._problems = []
        expression = self._expression(text)
        return (self._kind(expression, scope) if expression is not None else ANY), self._problems

    def _lists(self, scope: Scope) -> str:
        lists = [name for name, kind in scope.items() if kind.name == "list"]
        return f"可以循环的是：{'、'.join(lists)}" if lists else ""

    def _say(self, problem: str, cure: str = "") -> None:
        self._problems.append((problem, cure))

    def _parsed(self, source: str) -> nodes.Template | None:
        try:
            return _ENVIRONMENT.parse(source)
        except TemplateSyntaxError:
            shown = source.strip("{}% ")
            self._say(f"“{shown}”的写法不对", "名称之间用点，文字放在英文引号里，竖线后面写过滤器")
            return None

    def _expression(self, text: str) -> nodes.Expr | None:
        tree = self._parsed("{{ " + text + " }}")
        if tree is None or not tree.body or not isinstance(tree.body[0], nodes.Output):
            return None
        found = tree.body[0].nodes[0]
        return found if isinstance(found, nodes.Expr) else None

    def _kind(self, node: nodes.Expr, scope: Scope) -> Kind:
        """Return what an expression gives, and say what is wrong with it on the way."""
        if isinstance(node, nodes.Name):
            return self._name(node.name, scope)
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            return self._member(node, scope)
        if isinstance(node, nodes.Filter):
            return self._filtered(node, scope)
        if isinstance(node, nodes.Const):
            return TRUTH if isinstance(node.value, bool) else NUMBER if isinstance(node.value, int | float) else TEXT
        if isinstance(node, nodes.Compare):
            self._compared(node, scope)
            return TRUTH
        if isinstance(node, nodes.Add | nodes.Sub | nodes.Mul | nodes.Div | nodes.FloorDiv | nodes.Mod | nodes.Pow):
            self._computed(node, scope)
            return NUMBER
        if isinstance(node, nodes.Call):
            self._say("模板里不能调用函数", "请用过滤器：{{ 栏目 | 过滤器 }}")
            return ANY
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Expr):
                self._kind(child, scope)
        if isinstance(node, nodes.Concat):
            return TEXT
        return TRUTH if isinstance(node, nodes.And | nodes.Or | nodes.Not | nodes.Test) else ANY

    def _name(self, name: str, scope: Scope) -> Kind:
        kind = scope.get(name)
        if kind is None:
            self._say(f"没有栏目“{name}”", self._alike(name, scope))
            return ANY
        self._use(kind)
        return kind

    def _use(self, kind: Kind) -> None:
        self.used.add(id(kind.node))
        if kind.name == "list" and "properties" not in kind.node.get("items", {}):
            self.used.add(id(kind.node.get("items")))

    def _alike(self, name: str, scope: Scope) -> str:
        by_label = {str(kind.node.get("x-label", "")): key for key, kind in scope.items()}
        if name in by_label and name:
            return f"是不是“{by_label[name]}”？"
        # What only an item of a list has is asked for inside the loop over it.
        for key, kind in scope.items():
            members = (kind.node.get("items", {}) if kind.name == "list" else kind.node).get("properties", {})
            if name in members and key != "loop":
                return (
                    f"在循环里写“行.{name}”：{{% for 行 in {key} %}}"
                    if kind.name == "list"
                    else f"是不是“{key}.{name}”？"
                )
        return likely(name, scope)

    def _member(self, node: nodes.Getattr | nodes.Getitem, scope: Scope) -> Kind:
        around = self._kind(node.node, scope)
        if isinstance(node, nodes.Getattr):
            name: Any = node.attr
        else:
            name = node.arg.value if isinstance(node.arg, nodes.Const) else None
        if around.name == "object" and isinstance(name, str):
            members = around.node["properties"]
            if around.starts is not None and name == "starts":
                return Kind("object", {"properties": {key: {} for key in around.starts}}, "starts")
            if name == "starts" and "starts" not in members:
                self._say(
                    f"“{around.said}.starts”要先在循环里写 spans",
                    '请写成“{%tr for 行 in 列表 | spans("要合并的列") %}”',
                )
                return ANY
            if name not in members:
                labels = {str(member.get("x-label", "")): key for key, member in members.items()}
                where = "没有栏目" if around.said != "starts" else "spans 里没有写列"
                self._say(
                    f"“{around.said}”里{where}“{name}”",
                    f"是不是“{labels[name]}”？" if name in labels else likely(name, members),
                )
                return ANY
            if around.said in ("loop", "starts"):
                return NUMBER
            kind = kind_of(members[name], f"{around.said}.{name}")
            self._use(kind)
            return kind
        if (
            around.name == "list"
            and isinstance(name, str)
            and name in around.node.get("items", {}).get("properties", {})
        ):
            self._say(
                f"“{around.said}”是列表，不能直接写“.{name}”",
                f"请用循环：{{% for 行 in {around.said} %}}，里面写“行.{name}”",
            )
        elif around.name == "text" and isinstance(node, nodes.Getattr):
            self._say(f"“{around.said or '文字'}”是一格文字，后面不能写“.{name}”", "请去掉点和后面的名称")
        elif around.name == "list" and isinstance(name, int):
            return kind_of(around.node.get("items", {}), around.said)
        return ANY

    def _filtered(self, node: nodes.Filter, scope: Scope) -> Kind:
        inner = self._kind(node.node, scope) if node.node is not None else ANY
        arguments = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
        if node.name not in FILTERS:
            self._say(f"没有过滤器“{node.name}”", likely(node.name, FILTERS))
            return ANY
        if node.name in ("spans", "chart"):
            return self._of_rows(node.name, inner, [str(each) for each in arguments])
        if node.name == "labelled" and len(node.args) != 1:
            self._say("labelled 后面的括号里要写一个标签", '如 labelled("绩效目标：")')
        if node.name in _ENDED:
            items = inner.node.get("items", {})
            if inner.name == "object" or (inner.name == "list" and "properties" in items):
                self._say(f"“{inner.said}”不是文字，不能用 {node.name}", "请用循环")
            return Kind("list", {"items": {"type": "string"}}, inner.said)
        if node.name in ("first", "last") and inner.name == "list":
            return kind_of(inner.node.get("items", {}), inner.said)
        if node.name == "length":
            return NUMBER
        if node.name == "合计":
            self._of_rows(node.name, inner, [str(each) for each in arguments])
        if node.name in ("join", *_TEXT_FILTERS):
            return TEXT
        return inner

    def _of_rows(self, name: str, inner: Kind, columns: Sequence[str]) -> Kind:
        members = inner.node.get("items", {}).get("properties", {})
        if inner.name not in ("list", "any"):
            self._say(f"“{inner.said}”不是列表，不能用 {name}", "")
            return ANY
        if name == "chart":
            columns = columns[1:]
        for column in columns if inner.name == "list" else ():
            if column not in members:
                self._say(f"{name} 里的“{column}”不是“{inner.said}”的列", likely(column, members))
            elif name == "spans" and not {"enum", "examples"} & members[column].keys():
                cure = "请给这一列写选项（enum 或 examples），或者不合并"
                self._say(f"合并的列“{column}”没有选项：合并后一个词印几次，程序无法核对", cure)
        return Kind("list", inner.node, inner.said, tuple(columns)) if name == "spans" else ANY

    def _compared(self, node: nodes.Compare, scope: Scope) -> None:
        left = self._kind(node.expr, scope)
        for operand in node.ops:
            right = self._kind(operand.expr, scope)
            kinds = {left.name, right.name}
            if operand.op in ("gt", "gteq", "lt", "lteq") and "text" in kinds:
                self._say("模板里的栏目是印出来的文字，不能比大小", "请在表里加一个自动计算的“是/否”栏目，再判断它")
            elif operand.op in ("eq", "ne") and kinds == {"text", "number"}:
                self._say("文字和数不会相等", "请把数放在引号里")
            elif operand.op in ("eq", "ne"):
                for one, other, expression in ((left, right, operand.expr), (right, left, node.expr)):
                    choices = one.node.get("enum")
                    if choices and isinstance(expression, nodes.Const) and other is TEXT:
                        value = expression.value
                        if value != "" and value not in choices:
                            self._say(f"“{one.said}”没有选项“{value}”", likely(str(value), choices))

    def _computed(self, node: nodes.BinExpr, scope: Scope) -> None:
        kinds = [self._kind(node.left, scope), self._kind(node.right, scope)]
        if any(kind.name in ("text", "list", "object") for kind in kinds):
            self._say(
                "模板里的栏目是印出来的文字，不能计算（2 和 4 会成为 24）",
                "请在表里加一个自动计算的栏目；连接文字用“~”",
            )


_TEXT_FILTERS = tuple(name for name in FILTERS if not name.isascii())


def unused(root: Mapping[str, Any], used: set[int]) -> Iterator[tuple[str, str]]:
    """Yield path and label of each field that a template neither prints nor asks for."""

    def walk(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for key, member in node["properties"].items():
            if "const" in member or member.get("x-printed") is False:
                continue
            inner = member["items"] if member.get("type") == "array" else member
            if "properties" in inner:
                yield from walk(inner, (*path, key))
            elif id(member) not in used and id(inner) not in used:
                yield ".".join((*path, key)), str(member.get("x-label", key))

    return walk(root, ())
