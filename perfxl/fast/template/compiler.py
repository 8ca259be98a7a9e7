"""Templates as plain Python: what jinja2 understands of a part, written as one function that does nothing else.

jinja2's parser reads the template, and its tree is turned into a few lines of code for the words that our templates
use; whatever else a template does raises `Unproven`, and jinja2 itself goes on printing it. The code looks names up in
plain dicts and has no notion of what is missing or of the wrong kind: it raises, and jinja2 does the work again and
says what is wrong. So nothing here may ever print what jinja2 would print otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from jinja2 import Environment, nodes

from perfxl.document.template.unique_ids import REPEATABLE
from perfxl.fast.template.markup_proof import Unproven, Walk
from perfxl.fast.template.toc_in_pieces import FRAME, OTHER

_INT, _TEXT, _ANY, _MARKUP, _TRUTH = "int", "text", "any", "markup", "truth"
_COMPARISONS = {
    "eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in",
}  # fmt: skip
_LOOP = {
    "index": "{i}",
    "index0": "({i} - 1)",
    "first": "({i} == 1)",
    "last": "({i} == len({s}))",
    "length": "len({s})",
}
_AT_LEAST_ONE = ("lines", "labelled")  # they never give an empty list
_CALLED = {"lines": 0, "labelled": 1, "chart": 3}  # filters of ours by the number of their arguments
_RESERVED = frozenset({"loop", "self", "super", "varargs", "kwargs", "caller"})

Code = tuple[str, str]  # an expression and what it gives


class PartCode:
    """The code of one part. `source` defines `write(c, out, ends, raw)`.

    It adds to `out`, by turns, markup as bytes and the text of the data that follows it; to `ends` the kind of each
    unit and the length of `out` behind it; to `raw` the places of drawings among `out` and their markup. `c` is the
    context, which it may change. Where `units` is false the units say nothing. `charts` is true where it may draw some,
    and `constant` where it prints the same for all data.
    """

    def __init__(self, source: str, env: Environment, *, plain: bool) -> None:
        """Raises `Unproven`. `plain` is a part that holds no markup: a title."""
        self._lines = ["def write(c, out, ends, raw):", "    pass"]
        self._depth = 1
        self._markup: list[str] = []
        self._walk = None if plain else Walk()
        self._numbers = count(1)
        self._scopes: list[dict[str, str]] = []
        self._loops: list[dict[str, str]] = []
        self._read: set[str] = set()
        self._set: set[str] = set()
        self.charts = False
        tree = env.parse(source)
        self._body(tree.body, top=True)
        self._flush()
        if self._walk is not None:
            self._walk.finish()
            self._line(f"ends += ({OTHER}, len(out))")
        outputs = (each for node in tree.body for each in (node.nodes if isinstance(node, nodes.Output) else (node,)))
        self.constant = all(isinstance(each, nodes.TemplateData) for each in outputs)
        self.source = "\n".join(self._lines) + "\n"
        self.units = self._walk is not None and self._walk.units

    def _line(self, code: str) -> None:
        self._lines.append("    " * self._depth + code)

    def _flush(self) -> None:
        """Write the markup that is waiting, with an empty text behind it."""
        if self._markup:
            self._pair("''")

    def _unit(self, kind: int) -> None:
        # What stands between blocks may as well go with the next of them.
        if self._markup or kind not in (OTHER, FRAME):
            self._flush()
            self._line(f"ends += ({kind}, len(out))")

    def _pair(self, text: str) -> None:
        pair = f"{''.join(self._markup).encode()!r}, {text})"
        before = f"{'    ' * self._depth}out += ("
        if self._lines[-1].startswith(before):
            self._lines[-1] = f"{self._lines[-1][:-1]}, {pair}"
        else:
            self._lines.append(before + pair)
        self._markup.clear()

    def _body(self, body: Sequence[nodes.Node], *, top: bool = False) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                self._output(node)
            elif isinstance(node, nodes.If):
                self._if(node)
            elif isinstance(node, nodes.For):
                self._for(node)
            elif isinstance(node, nodes.Assign) and top:
                self._assign(node)
            else:
                raise Unproven(type(node).__name__)

    def _output(self, node: nodes.Output) -> None:
        for each in node.nodes:
            if isinstance(each, nodes.TemplateData):
                self._data(each.data)
                continue
            if self._walk is not None:
                self._walk.printed()
            code, kind = self._expression(each)
            if kind == _MARKUP and self._walk is not None:
                self.charts = True
                self._line(f"drawing = {code}")  # before the markup, so that nothing is half done
                self._pair("''")
                self._line("raw += (len(out) - 1, drawing)")
            elif kind in (_TEXT, _ANY, _INT):
                self._pair(f"str({code})" if kind == _INT else code)
            else:
                raise Unproven(f"printing what is {kind}")

    def _data(self, data: str) -> None:
        if self._loops and REPEATABLE.search(data):
            raise Unproven("an id that a loop repeats")
        if self._walk is None:
            if "&" in data or "<" in data:
                raise Unproven("markup in a title")
            self._markup.append(data)
            return
        if self._walk.in_attribute(data):
            self._walk.text(data)
            self._markup.append(data)
            return
        for piece, kind in self._walk.text(data):
            if piece:
                self._markup.append(piece)
            if kind is not None:
                self._unit(kind)

    def _branch(self, body: Sequence[nodes.Node]) -> None:
        self._depth += 1
        lines = len(self._lines)
        self._body(body)
        self._flush()
        if len(self._lines) == lines:
            self._line("pass")
        self._depth -= 1

    def _if(self, node: nodes.If) -> None:
        walk = self._walk
        if walk is not None and walk.state.partial:
            self._choice_in_attribute(node)
            return
        arms = [(f"if {self._test(node.test)}:", node.body)]
        arms += [(f"elif {self._test(arm.test)}:", arm.body) for arm in node.elif_]
        arms += [("else:", node.else_)] if node.else_ else []
        self._flush()
        before = walk.enter() if walk is not None else None
        ends = [before.copy()] if before is not None and not node.else_ else []
        for line, body in arms:
            self._line(line)
            if walk is not None and before is not None:
                walk.state = before.copy()
            self._branch(body)
            if walk is not None:
                ends.append(walk.state)
        if walk is not None and before is not None:
            walk.leave(before, *ends)

    def _choice_in_attribute(self, node: nodes.If) -> None:
        """Choose between words within the value of an attribute."""
        walk = self._walk
        assert walk is not None
        partial = walk.state.partial
        test = self._test(node.test)
        self._flush()
        if node.elif_:
            raise Unproven("more than one choice in an attribute")
        for word, body in ((f"if {test}:", node.body), ("else:", node.else_)):
            texts = [each for output in body if isinstance(output, nodes.Output) for each in output.nodes]
            if not all(isinstance(each, nodes.TemplateData) and walk.in_attribute(each.data) for each in texts):
                raise Unproven("more than words in an attribute")
            if any(not isinstance(output, nodes.Output) for output in body):
                raise Unproven("more than words in an attribute")
            if body:
                self._line(word)
                self._branch(body)
                walk.state.partial = partial

    def _for(self, node: nodes.For) -> None:
        if node.else_ or node.test or node.recursive or not isinstance(node.target, nodes.Name):
            raise Unproven("a loop with more to it")
        walk = self._walk
        if node.target.name in _RESERVED or (walk is not None and walk.state.partial):
            raise Unproven("a loop by another name, or in an attribute")
        items, _ = self._expression(node.iter)
        self._flush()
        number = next(self._numbers)
        names = {"s": f"s{number}", "i": f"i{number}"}
        head = len(self._lines)
        self._line(f"s{number} = {items}")
        self._line(f"for i{number}, v{number} in enumerate(s{number}, 1):")
        self._scopes.append({node.target.name: f"v{number}"})
        self._loops.append(names)
        entered = walk.enter_loop() if walk is not None else None
        self._branch(node.body)
        self._scopes.pop()
        self._loops.pop()
        if not any(name in line for line in self._lines[head + 2 :] for name in names.values()):
            self._lines[head : head + 2] = [f"{'    ' * self._depth}for v{number} in {items}:"]
        if walk is not None and entered is not None:
            walk.leave_loop(entered, once=isinstance(node.iter, nodes.Filter) and node.iter.name in _AT_LEAST_ONE)

    def _assign(self, node: nodes.Assign) -> None:
        if not isinstance(node.target, nodes.Name) or {node.target.name} & (self._read | self._set | _RESERVED):
            raise Unproven("a name that is set again")
        code, kind = self._expression(node.node)
        if kind == _MARKUP:
            raise Unproven("a drawing as a value")
        self._set.add(node.target.name)
        self._flush()
        self._line(f"c[{node.target.name!r}] = {code}")

    def _test(self, node: nodes.Node) -> str:
        code, kind = self._expression(node)
        if kind == _MARKUP:
            raise Unproven("a drawing as a condition")
        return code

    def _expression(self, node: nodes.Node) -> Code:
        read = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if read is None:
            raise Unproven(type(node).__name__)
        code: Code = read(node)
        return code

    def _whole(self, node: nodes.Node) -> str:
        """Return the code of what members are taken of."""
        code, kind = self._expression(node)
        if kind != _ANY:
            raise Unproven(f"a member of what is {kind}")
        return code

    def _value(self, node: nodes.Node) -> str:
        code, kind = self._expression(node)
        if kind == _MARKUP:
            raise Unproven("a drawing as a value")
        return code

    def _read_const(self, node: nodes.Const) -> Code:
        if isinstance(node.value, bool) or node.value is None:
            return repr(node.value), _TRUTH
        if isinstance(node.value, int):
            return repr(node.value), _INT
        if isinstance(node.value, str):
            return repr(node.value), _TEXT
        raise Unproven("a constant of another kind")

    def _read_name(self, node: nodes.Name) -> Code:
        for scope in reversed(self._scopes):
            if node.name in scope:
                return scope[node.name], _ANY
        if node.name in _RESERVED:
            raise Unproven(node.name)
        self._read.add(node.name)
        return f"c[{node.name!r}]", _ANY

    def _read_getattr(self, node: nodes.Getattr) -> Code:
        if isinstance(node.node, nodes.Name) and node.node.name == "loop" and self._loops:
            if node.attr not in _LOOP:
                raise Unproven(f"loop.{node.attr}")
            code = _LOOP[node.attr].format_map(self._loops[-1])
            return code, _TRUTH if node.attr in ("first", "last") else _INT
        return f"{self._whole(node.node)}[{node.attr!r}]", _ANY

    def _read_getitem(self, node: nodes.Getitem) -> Code:
        if isinstance(node.arg, nodes.Slice):
            ends = (node.arg.start, node.arg.stop, node.arg.step)
            return f"{self._whole(node.node)}[{':'.join(self._value(end) if end else '' for end in ends)}]", _ANY
        if isinstance(node.arg, nodes.Const) and type(node.arg.value) in (str, int):
            return f"{self._whole(node.node)}[{node.arg.value!r}]", _ANY
        raise Unproven("a member that is computed")

    def _read_compare(self, node: nodes.Compare) -> Code:
        parts = [self._value(node.expr)]
        for operand in node.ops:
            parts += (_COMPARISONS[operand.op], self._value(operand.expr))
        return f"({' '.join(parts)})", _TRUTH

    def _read_and(self, node: nodes.And) -> Code:
        return f"({self._value(node.left)} and {self._value(node.right)})", _ANY

    def _read_or(self, node: nodes.Or) -> Code:
        return f"({self._value(node.left)} or {self._value(node.right)})", _ANY

    def _read_not(self, node: nodes.Not) -> Code:
        return f"(not {self._value(node.node)})", _TRUTH

    def _read_condexpr(self, node: nodes.CondExpr) -> Code:
        if node.expr2 is None:
            raise Unproven("a choice of one")
        return f"({self._value(node.expr1)} if {self._test(node.test)} else {self._value(node.expr2)})", _ANY

    def _read_add(self, node: nodes.Add) -> Code:
        return self._sum(node, "+")

    def _read_sub(self, node: nodes.Sub) -> Code:
        return self._sum(node, "-")

    def _read_mod(self, node: nodes.Mod) -> Code:
        return self._sum(node, "%")

    def _sum(self, node: nodes.BinExpr, sign: str) -> Code:
        (left, first), (right, second) = self._expression(node.left), self._expression(node.right)
        if (first, second) != (_INT, _INT):
            raise Unproven(f"{sign} of what may be no number")
        return f"({left} {sign} {right})", _INT

    def _read_neg(self, node: nodes.Neg) -> Code:
        code, kind = self._expression(node.node)
        if kind != _INT:
            raise Unproven("- of what may be no number")
        return f"(-{code})", _INT

    def _read_concat(self, node: nodes.Concat) -> Code:
        parts = []
        for each in node.nodes:
            code, kind = self._expression(each)
            if kind not in (_TEXT, _ANY, _INT):
                raise Unproven(f"a text with what is {kind}")
            parts.append(f"str({code})" if kind == _INT else code)
        return f"''.join(({', '.join(parts)},))", _TEXT

    def _read_filter(self, node: nodes.Filter) -> Code:
        if node.node is None or node.dyn_args or node.dyn_kwargs:
            raise Unproven("a filter of another kind")
        value, arguments = self._value(node.node), [self._value(each) for each in node.args]
        words: dict[str, nodes.Expr] = {str(each.key): each.value for each in node.kwargs}
        if node.name == "join":
            return self._joined(value, arguments, words)
        if words:
            raise Unproven(f"{node.name} with words")
        if _CALLED.get(node.name) == len(arguments) or (node.name == "spans" and arguments):
            code = f"{node.name}({', '.join((value, *arguments))})"
            return code, _MARKUP if node.name == "chart" else _ANY
        if node.name == "length" and not arguments:
            return f"len({value})", _INT
        if node.name in ("first", "last") and not arguments:
            return f"{value}[{0 if node.name == 'first' else -1}]", _ANY
        raise Unproven(node.name)

    def _joined(self, value: str, arguments: Sequence[str], words: dict[str, nodes.Expr]) -> Code:
        """Return the code of `join`, by a separator or none, of the texts or of an attribute of each."""
        attribute = words.pop("attribute", None)
        if words or len(arguments) > 1:
            raise Unproven("join with words")
        separator = arguments[0] if arguments else "''"
        if attribute is None:
            return f"{separator}.join({value})", _TEXT
        if not isinstance(attribute, nodes.Const) or not str(attribute.value).isidentifier():
            raise Unproven("join of what is deeper")
        return f"{separator}.join([each[{attribute.value!r}] for each in {value}])", _TEXT
