"""Small wrong changes to Python source, each of which a test should notice: what `tools/mutants.py` puts in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_COMPARISONS = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
}  # fmt: skip
_SUMS = {ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*")}
_SWAPS = {
    "min": "max", "max": "min", "any": "all", "all": "any", "startswith": "endswith", "endswith": "startswith",
    "search": "match", "fullmatch": "match", "find": "rfind", "partition": "rpartition", "rpartition": "partition",
}  # fmt: skip
_BARE = {"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "normalize", "copy", "resolve"}
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


class Mutation(NamedTuple):
    """One change: the bytes from `start` to `end` become `text`. `what` says it in a line for people."""

    line: int
    start: int
    end: int
    text: bytes
    what: str

    def made(self, source: bytes) -> bytes:
        """Return the changed source."""
        return source[: self.start] + self.text + source[self.end :]


def mutations(source: bytes) -> list[Mutation]:
    """Return every change that is known for `source`, in the order of the text; each compiles."""
    found = sorted(set(_Finder(source).every()), key=lambda one: (one.start, one.end, one.text))
    return [one for one in found if _compiles(one.made(source))]


def _compiles(source: bytes) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


class _Finder:
    def __init__(self, source: bytes) -> None:
        self._source = source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._tree = ast.parse(source)

    def every(self) -> Iterator[Mutation]:
        for node in _meaningful(self._tree):
            match node:
                case ast.Compare():
                    yield from self._comparison(node)
                case ast.BoolOp():
                    yield from self._condition(node)
                case ast.UnaryOp(op=ast.Not()):
                    yield self._put(node, self._text(node.operand), "not taken away")
                case ast.BinOp() if type(node.op) in _SUMS:
                    if not isinstance(node.left, ast.Constant) or not isinstance(node.left.value, str):
                        yield from self._between(node.left, node.right, *_SUMS[type(node.op)])
                case ast.Constant():
                    yield from self._constant(node)
                case ast.If() | ast.While() | ast.IfExp():
                    yield self._put(node.test, b"False", "condition never holds")
                    if not isinstance(node, ast.While):
                        yield self._put(node.test, b"True", "condition always holds")
                case ast.Call():
                    yield from self._call(node)
                case ast.Tuple() | ast.List() | ast.Set() | ast.Dict():
                    yield from self._members(node)
                case ast.comprehension():
                    for test in node.ifs:
                        yield self._put(test, b"True", "filter taken away")
                case ast.stmt():
                    yield from self._statement(node)

    def _comparison(self, node: ast.Compare) -> Iterator[Mutation]:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            yield from self._between(left, right, *_COMPARISONS[type(operator)])
            left = right

    def _condition(self, node: ast.BoolOp) -> Iterator[Mutation]:
        words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        yield from self._between(node.values[0], node.values[1], *words)
        for number, value in enumerate(node.values):
            rest = [self._text(other) for at, other in enumerate(node.values) if at != number]
            yield self._put(node, b"(" + f" {words[0]} ".encode().join(rest) + b")", f"without {self._short(value)}")

    def _constant(self, node: ast.Constant) -> Iterator[Mutation]:
        value = node.value
        if isinstance(value, bool):
            yield self._put(node, str(not value).encode())
        elif isinstance(value, int | float):
            yield self._put(node, repr(value + 1).encode())
            if value > 1:
                yield self._put(node, repr(value - 1).encode())
        elif isinstance(value, str) and _DECIMAL.fullmatch(value):
            yield self._put(node, repr(f"{float(value) * 2 or 1:g}").encode())
        elif isinstance(value, str):
            yield from self._text_constant(node)

    def _text_constant(self, node: ast.Constant) -> Iterator[Mutation]:
        """Take away one word of an alternation, or what makes a part of a regular expression optional."""
        start, end = self._span(node)
        raw = self._source[start:end].decode()
        prefix = raw[: len(raw) - len(raw.lstrip("rRbBfFuU"))]
        if "r" not in prefix.lower() or raw.endswith('"""'):
            return
        for found in re.finditer(r"(?<=[|(:!=\"])(?:[^\W_]|\\[dsw.])+\|", raw):
            yield self._cut(start, raw, found.start(), found.end(), b"")
        for found in re.finditer(r"(?<=[\])\w])[?*](?=[^?+])", raw):
            if raw[found.start() - 1] != "(":
                yield self._cut(start, raw, found.start(), found.end(), b"")
        for found in re.finditer(r"[+](?=[^?+\]])", raw):
            yield self._cut(start, raw, found.start(), found.end(), b"")

    def _cut(self, start: int, raw: str, first: int, last: int, text: bytes) -> Mutation:
        here = start + len(raw[:first].encode())
        words = f"regular expression without {raw[first:last]} after {raw[max(0, first - 12) : first]}"
        return self._mutation(here, here + len(raw[first:last].encode()), text, words)

    def _call(self, node: ast.Call) -> Iterator[Mutation]:
        name = node.func
        if isinstance(name, ast.Attribute):
            end = self._span(name)[1]
            if name.attr in _SWAPS:
                yield self._mutation(end - len(name.attr), end, _SWAPS[name.attr].encode())
            if name.attr in _BARE and not node.args and not node.keywords:
                yield self._put(node, self._text(name.value), f"without .{name.attr}()")
        elif isinstance(name, ast.Name):
            if name.id in _SWAPS:
                yield self._put(name, _SWAPS[name.id].encode())
            if name.id in ("sorted", "reversed", "abs") and node.args:
                yield self._put(name, b"list" if name.id != "abs" else b"", f"without {name.id}")
        for number, keyword in enumerate(node.keywords):
            if keyword.arg and keyword.arg not in ("encoding", "maxsize", "check"):
                start = self._span(keyword)[0]
                end = self._span(node.keywords[number + 1])[0] if number + 1 < len(node.keywords) else None
                end = self._span(keyword)[1] if end is None else end
                yield self._mutation(start, end, b"", f"without {keyword.arg}=")

    def _members(self, node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> Iterator[Mutation]:
        """Leave out one member of those that are written out, the last one aside."""
        if isinstance(node, ast.Dict):
            parts: Sequence[ast.expr | None] = node.keys
        else:
            parts = node.elts if not isinstance(getattr(node, "ctx", None), ast.Store) else ()
        if len(parts) < 3 or any(part is None or isinstance(part, ast.Starred) for part in parts):
            return
        for first, following in pairwise(part for part in parts if part is not None):
            start, end = self._span(first)[0], self._span(following)[0]
            yield self._mutation(start, end, b"", f"member {self._short(first)} left out")

    def _statement(self, node: ast.stmt) -> Iterator[Mutation]:
        match node:
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield self._put(value, b"None", "returns None")
            case ast.Continue():
                yield self._put(node, b"break")
            case ast.Break():
                yield self._put(node, b"continue")
            case ast.Expr(value=ast.Constant()):
                return
            case ast.Expr() | ast.AugAssign() | ast.Delete() | ast.Raise() | ast.Return():
                yield self._put(node, b"pass", f"left out: {self._short(node)}")
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
                yield self._put(node, b"pass", f"left out: {self._short(node)}")

    def _between(self, left: ast.expr, right: ast.expr, old: str, new: str) -> Iterator[Mutation]:
        start, end = self._span(left)[1], self._span(right)[0]
        words = re.escape(old.encode()).replace(rb"\ ", rb"\s+")
        found = list(re.finditer(words, self._source[start:end]))
        if len(found) == 1:
            yield self._mutation(start + found[0].start(), start + found[0].end(), new.encode())

    def _span(self, node: ast.AST) -> tuple[int, int]:
        first, last = self._lines[node.lineno - 1], self._lines[node.end_lineno - 1]  # type: ignore[attr-defined]
        return first + node.col_offset, last + node.end_col_offset  # type: ignore[attr-defined]

    def _text(self, node: ast.AST) -> bytes:
        start, end = self._span(node)
        return self._source[start:end]

    def _short(self, node: ast.AST) -> str:
        return " ".join(self._text(node).decode().split())[:60]

    def _put(self, node: ast.AST, text: bytes, what: str = "") -> Mutation:
        return self._mutation(*self._span(node), text, what)

    def _mutation(self, start: int, end: int, text: bytes, what: str = "") -> Mutation:
        line = self._source.count(b"\n", 0, start) + 1
        old = " ".join(self._source[start:end].decode().split())[:60]
        return Mutation(line, start, end, text, what or f"{old} -> {text.decode()}")


def _meaningful(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes in which a change matters: no types, docstrings, assertions, decorators or texts of faults."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_comment", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Assert | ast.Import | ast.ImportFrom):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.Assign) and any("__slots__" in ast.dump(one) for one in child.targets):
                continue
            if isinstance(child, ast.JoinedStr):  # positions inside are not reliable before Python 3.12
                continue
            if not isinstance(child, ast.expr_context | ast.operator | ast.cmpop | ast.boolop):
                yield child
            yield from _meaningful(child)
