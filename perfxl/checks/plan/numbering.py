"""The rule on numbering (D03): lists whose numbers skip, repeat or change their style.

What stands at the beginning of a line is read as a number only with its mark (1、 1. （一） 一、); lists may stand
within one another. A number that most of its list writes otherwise has a safe repair; a gap has none, because the
number may be wrong, or an item missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perfxl.checks.plan import free_texts
from perfxl.checks.targets.quantities import numeral
from perfxl.model.numbers import whole_of
from perfxl.model.record import FieldPath, Record
from perfxl.model.remark import Remark
from perfxl.report_type.profile import Profile

_NUMERALS = "一二三四五六七八九十"
_LEAD = re.compile(
    rf"(?P<before>\s*)(?P<open>[（(])?(?P<number>\d{{1,2}}|[{_NUMERALS}]{{1,3}})(?P<gap>[^\S\n]*)"
    r"(?P<mark>(?(open)[）)][、.．]?|(?:[、．)）]|\.)))"
)
_POINT = re.compile(r"\s*(?P<number>\d{1,2})\.\d")
_ONE_BY_ONE = re.compile(rf"(?:^|(?<=[，。；：、\n]))([{_NUMERALS}]{{1,3}})是(?!否)")


class Style(NamedTuple):
    """How a number is written: 1、 or （一） or 1．, and whether blanks stand before its mark."""

    chinese: bool
    opening: str
    gap: str
    mark: str

    def write(self, number: int) -> str:
        """Return `number` as this style has it."""
        return f"{self.opening}{_chinese(number) if self.chinese else number}{self.gap}{self.mark}"


class NumberedItem:
    """A numbered line: which line of which value it is, its number, and the characters that make it."""

    __slots__ = ("line", "number", "path", "style", "text", "typed")

    def __init__(self, path: FieldPath, line: int, number: int, style: Style, typed: str, text: str) -> None:
        self.path = path
        self.line = line
        self.number = number
        self.style = style
        self.typed = typed
        self.text = text


class _Level:
    """One list as it is being read."""

    def __init__(self, inner: bool) -> None:
        self.items: list[NumberedItem] = []
        self.inner = inner

    @property
    def last(self) -> NumberedItem:
        return self.items[-1]


def numbers_run_on(plan: Record, _profile: Profile) -> Iterator[Remark]:
    """Yield D03 at every item that is written otherwise than its list, and where the numbers skip or repeat."""
    for label, texts in _lists(plan):
        numbers = list(_numbers(texts))
        if len(texts) == 1 and numbers and _value(numbers[0][2]["number"]) != 1:
            continue  # a text that goes on with a list
        if not _is_in_order(numbers):
            yield from _out_of_order(texts, [_item(*number) for number in numbers], label)
        yield from _counted_in_words(texts, label)


def _out_of_order(
    texts: Sequence[tuple[FieldPath, str]], items: Sequence[NumberedItem], label: str
) -> Iterator[Remark]:
    troubles: list[NumberedItem] = []
    alone = _out_of_turn(items)
    levels = _levels([item for item in items if item is not alone], troubles)
    troubles += [alone] if alone else []
    buried = {item.path for level in levels for item in _buried(level)}
    values = dict(texts)
    for level in levels:
        yield from _mixed(level, label, values)
    for item in troubles:
        words = {
            "label": label,
            "sample": item.typed,
            "problem": "不连续",
            "advice": "请核对有没有漏掉或重复的条目。",
        }
        if not any(before in buried for before in _around(item.path)):
            yield Remark("D03", item.path, words)
    for path in buried:
        words = {
            "label": label,
            "sample": "后一条接在前一条后面",
            "problem": "不连续",
            "advice": "请把后一条另起一行。",
        }
        yield Remark("D03", path, words)


def _out_of_turn(items: Sequence[NumberedItem]) -> NumberedItem | None:
    """Return the only item of a list in one style whose number is not its place, where all others have theirs."""
    if len(items) < 3 or len({_kind(item) for item in items}) > 1:
        return None
    wrong = [item for place, item in enumerate(items, 1) if item.number != place]
    return wrong[0] if len(wrong) == 1 and wrong[0] is not items[-1] else None


def _value(typed: str) -> int:
    return whole_of(typed) or numeral(typed) or 0


def _lists(plan: Record) -> Iterator[tuple[str, list[tuple[FieldPath, str]]]]:
    """Yield every list of texts that may be numbered, with its name; a text alone may have one in its lines."""
    yield from free_texts.lists(plan)
    yield from ((label, [text]) for label, text in free_texts.single(plan, "\n", "一是"))


def _numbers(texts: Iterable[tuple[FieldPath, str]]) -> Iterator[tuple[FieldPath, int, re.Match[str]]]:
    """Yield every number at the beginning of a line: the path of its text, which line it is, and what was found."""
    lines = [(path, at, line) for path, text in texts for at, line in enumerate(text.split("\n"))]
    for number, (path, at, line) in enumerate(lines):
        match = _LEAD.match(line)
        if match and (not (point := _POINT.match(line)) or _is_numbered(point, number, [line for *_, line in lines])):
            yield path, at, match


def _is_numbered(point: re.Match[str], at: int, lines: Sequence[str]) -> bool:
    """Return whether `1.235个村` is line 1 of a list, and not more than one: its neighbours are lines 0 and 2 of it."""
    number = int(point["number"])
    beside = ((number - 1, lines[at - 1 : at] if at else []), (number + 1, lines[at + 1 : at + 2]))
    return any(
        (match := _LEAD.match(line)) and _value(match["number"]) == other for other, some in beside for line in some
    )


def _is_in_order(numbers: Sequence[tuple[FieldPath, int, re.Match[str]]]) -> bool:
    """Return whether the numbers run on from 1 in one style, as most do, or there are none."""
    usual = None
    for at, (_, _, found) in enumerate(numbers, 1):
        _, opening, typed, gap, mark = found.groups()
        style = (typed.isdigit(), opening, gap, mark)
        usual = usual or style
        if style != usual or _value(typed) != at:
            return False
    return True


def _item(path: FieldPath, line: int, found: re.Match[str]) -> NumberedItem:
    typed = found["number"]
    style = Style(not typed.isdigit(), found["open"] or "", found["gap"], found["mark"])
    return NumberedItem(path, line, _value(typed), style, found.string[found.end("before") : found.end()], found.string)


def _levels(items: Iterable[NumberedItem], troubles: list[NumberedItem]) -> list[_Level]:
    """Return the lists that the items make, and add to `troubles` the items that do not follow the one before."""
    every: list[_Level] = []
    stack: list[_Level] = []
    for item in items:
        at = _continued(stack, item)
        if at is None and item.number != 1:
            at = next((n for n in reversed(range(len(stack))) if _kind(stack[n].last) == _kind(item)), None)
            troubles += [item]
        if at is None:
            stack.append(_Level(any(_kind(level.last) == _kind(item) for level in stack)))
            every.append(stack[-1])
        else:
            del stack[at + 1 :]
        stack[-1].items.append(item)
    # A list within one of the same kind that never gets to 2 is no list: its 1 stands there twice.
    troubles += [level.last for level in every if level.inner and len(level.items) == 1]
    return every


def _continued(stack: list[_Level], item: NumberedItem) -> int | None:
    """Return which open list the item goes on with: one of its own kind, or else one that lacks just this number."""
    following = [n for n in reversed(range(len(stack))) if stack[n].last.number + 1 == item.number]
    same = [n for n in following if _kind(stack[n].last) == _kind(item)]
    if same or any(_kind(level.last) == _kind(item) for level in stack):
        return next(iter(same), None)
    return next(iter(following), None)


def _kind(item: NumberedItem) -> tuple[bool, bool]:
    return item.style.chinese, item.style.opening + item.style.mark[:1] in ("（）", "()", "（)", "(）", ")", "）")


def _mixed(level: _Level, label: str, values: dict[FieldPath, str]) -> Iterator[Remark]:
    """Yield D03, with the text mended, at each item that is written otherwise than most of its list."""
    usual = Counter(item.style for item in level.items).most_common(1)[0][0]
    odd = [item for item in level.items if item.style != usual]
    for item in odd:
        advice = f"请统一写成“{usual.write(1)}”。"
        words = {"label": label, "sample": odd[0].typed, "problem": "格式不一致", "advice": advice}
        lines = values[item.path].split("\n")
        lines[item.line] = item.text.replace(item.typed, usual.write(item.number), 1)
        values[item.path] = "\n".join(lines)
        yield Remark("D03", item.path, words, repair=values[item.path])


def _buried(level: _Level) -> Iterator[NumberedItem]:
    """Yield the items in whose text the next number stands, not at the beginning of a line."""
    for item, following in zip(level.items, level.items[1:], strict=False):
        if following.number == item.number + 2 and _holds(item.text, item.style, item.number + 1):
            yield item


def _holds(text: str, style: Style, number: int) -> bool:
    """Return whether `number` stands in `text`, written so, but for blanks before its mark."""
    begin = style.write(number).removesuffix(style.mark)
    at = text.find(begin)
    while at >= 0:
        before, after = text[:at][-1:], text[at + len(begin) :]
        if not before.isdecimal() and before != "." and after.lstrip().startswith(style.mark):
            return True
        at = text.find(begin, at + 1)
    return False


def _around(path: FieldPath) -> Iterator[FieldPath]:
    """Yield the path of an item and that of the one before it."""
    yield path
    if isinstance(path[-1], int):
        yield (*path[:-1], path[-1] - 1)


def _counted_in_words(texts: Iterable[tuple[FieldPath, str]], label: str) -> Iterator[Remark]:
    """Yield D03 at a paragraph that counts 一是、二是 and leaves one out."""
    for path, text in texts:
        if "一是" not in text:
            continue
        counted = [numeral(word) for word in _ONE_BY_ONE.findall(text)]
        if counted and counted[0] == 1 and len(counted) > 1 and counted != list(range(1, len(counted) + 1)):
            sample = "、".join(f"{word}是" for word in _ONE_BY_ONE.findall(text))
            words = {"label": label, "sample": sample, "problem": "不连续", "advice": "请核对有没有漏掉或重复的条目。"}
            yield Remark("D03", path, words)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _NUMERALS[ones - 1]
    return ("" if tens == 1 else _NUMERALS[tens - 1]) + "十" + (_NUMERALS[ones - 1] if ones else "")


RULES = (numbers_run_on,)
