"""What a Word template may do: print text, choose, repeat, and use the few filters of ours.

A template is edited by people in offices and passed on by mail, so it is treated as foreign code. It calls nothing,
sees no attribute of a Python object, and what a clerk typed is printed character by character, never interpreted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import StrictUndefined, TemplateRuntimeError, Undefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from perfxl.document.template.amounts import in_words, total
from perfxl.document.template.charts import chart
from perfxl.document.template.filters import labelled, lines, spans

_FILTERS = {"lines": lines, "labelled": labelled, "spans": spans, "chart": chart, "大写金额": in_words, "合计": total}
_KEPT_FILTERS = ("default", "first", "join", "last", "length")
_KEPT_TESTS = ("defined", "undefined")

# A tab or a line end inside w:t is white space to Word; they have elements of their own, which split the text.
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


class _Absent(StrictUndefined):
    """A name that the data does not hold: printing or testing it fails, in words for whoever edits the template."""

    @property
    def _undefined_message(self) -> str:
        return self._undefined_hint or f"数据里没有“{self._undefined_name}”"


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(
        {"+", "-", "*", "%", "**"}
    )  # texts that are added are no sum; 'x' * 10**9 and '%999999999d' % 1 fill the memory

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a member of the data by its name; a dict's own methods (`items`, `copy`) are out of reach."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002
        """Return False: a template has nothing to call, filters and tests are not calls."""
        return False

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return what an operator gives of whole numbers, as in `loop.index % 2`; refuse everything else."""
        if operator in "+-" and not (type(left) is int and type(right) is int):
            raise SecurityError("栏目是印出来的文字，不能计算：2 和 4 会成为 24；连接文字用“~”")
        if operator == "**" or not (type(left) is int and type(right) is int):
            raise SecurityError(f"不允许的运算“{operator}”")
        return super().call_binop(context, operator, left, right)


def environment(printed: Callable[[Any], Any]) -> ImmutableSandboxedEnvironment:
    """Return the jinja2 environment in which every printed value passes through `printed`."""
    env = _Sandbox(undefined=_Absent, autoescape=True, finalize=printed)
    env.globals.clear()
    # Among the rest are `safe`, which turns escaping off, `random`, and more that nobody needs.
    env.filters = {**_FILTERS, **{name: env.filters[name] for name in _KEPT_FILTERS}}
    env.tests = {name: env.tests[name] for name in _KEPT_TESTS}
    return env


def in_body(value: Any) -> Markup:
    """Return `value` as it stands inside `w:t`: markup escaped, tabs and line ends as elements.

    Raises `TemplateRuntimeError` for anything that is neither text nor a whole number (`loop.index`).
    """
    text = str(in_property(value))  # as str, because Markup.replace would escape the elements
    if "\t" in text or "\n" in text:
        return Markup(text.replace("\t", _TAB).replace("\n", _BREAK))
    return Markup(text)


def in_property(value: Any) -> Markup:
    """Return `value` escaped for an element that holds plain text, such as a document's title."""
    if isinstance(value, Markup):  # a {% set %} block or a chart; text of the data is never Markup, see `render`
        return value
    if isinstance(value, str) or type(value) is int:
        return escape(value)
    if isinstance(value, Undefined):
        str(value)  # raises, with the name
    raise TemplateRuntimeError(f"只能打印文字，这里是 {type(value).__name__}；列表后面要加“| lines”")
