"""Brackets, punctuation, blanks and full stops in Chinese prose, each with the mended text (rules L03–L06)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

_HAN = "[\u4e00-\u9fff]"  # a class by itself, for Python compiles one range much faster than a range and more


class Spot(NamedTuple):
    """A place in a text: what stands there and what should."""

    start: int
    length: int
    wrong: str
    right: str


class Repair(NamedTuple):
    """A text mended, and every spot where it was; `wrong` and `right` are equal where only a reader can mend it."""

    repaired: str
    spots: tuple[Spot, ...]


class ListItem(NamedTuple):
    """An item of a list that lacks its final punctuation, and the mended item."""

    number: int
    repaired: str


# L03: the year of a file number stands in 〔 〕 (Party and government document format, GB/T 9704—2012 §7.2.5). Not a
# court's （2021）京01民初1号, where more than a number stands between bracket and 号.
FILE_NUMBER = re.compile(
    r"(?P<open>[\[【(（［〖{﹝〔])\s*(?P<year>(?:19|20)[0-9]{2})\s*(?P<close>[\]】)）］〗}﹞〕])"
    r"(?=\s*第?\s*[0-9]+\s*号(?![楼院线路井泵门库车机地码]))"
)


def file_numbers(text: str) -> Repair | None:
    """Return `text` with the years of its file numbers in 〔 〕, or None where they are so already (rule L03)."""
    if "号" not in text:
        return None
    return _mended(text, _spots(text, FILE_NUMBER, lambda found: f"〔{found['year']}〕"))


# L04: half-width punctuation behind a Chinese character and before another, an opening mark, a figure or the end.
# Behind 95% or a closing mark it must have Chinese or the end on the other side.
_WIDE = dict(zip(",;:?!.", "，；：？！。", strict=True))
_MARK = re.compile(
    rf"(?:(?<={_HAN})[,;:?!](?=[ ]*(?:{_HAN}|[“‘《〈（(【「0-9A-Z≥≤<>]|$))"
    rf"|(?<=[%％”’》）)】〕」])[,;?!](?=[ ]*(?:{_HAN}|[“‘《（【]|$)))(?P<blank>[ ]*)"
    rf"|(?<={_HAN})\.$",
    re.MULTILINE,
)
_ANY_HAN = re.compile(_HAN)
_HAN_OR_PERCENT = re.compile(f"{_HAN}|[%％]")
_HAN_AT_END = re.compile(f"{_HAN}$")
_ONE_HAN_AT_END = re.compile(f"(?<!{_HAN}){_HAN}$")
_ONE_HAN = re.compile(f"{_HAN}(?!{_HAN})")
# A pair of brackets with Chinese or a percent sign inside, behind Chinese.
_BRACKETS = re.compile(rf"(?:(?<={_HAN})|(?<=[”》]))\((?P<inside>[^()（）\n]*)\)")
SIGNS_OF_HALF_WIDTH = (
    re.compile("[,;:?!(.](?<=[\u4e00-\u9fff%％”’》）)】〕」].)"),
    re.compile("[，；：、。](?<=，，|；；|：：|、、|。。)"),
)
"""One of them finds something in every text in which `punctuation` does."""
_REPEATED = re.compile(r"(?P<mark>[，；：、])(?P=mark)+|。{2,}")


def punctuation(text: str) -> Repair | None:
    """Return `text` with full-width punctuation between Chinese characters, or None where it is so (rule L04).

    Times (8:30), proportions (1:2), addresses and numbering (1, 2) keep their marks.
    """
    if not any(sign.search(text) for sign in SIGNS_OF_HALF_WIDTH):
        return None
    spots = _spots(text, _MARK, lambda found: _WIDE[found[0].strip()])
    for found in _BRACKETS.finditer(text):
        if _HAN_OR_PERCENT.search(found["inside"]):
            spots += [Spot(found.start(), 1, "(", "（"), Spot(found.end() - 1, 1, ")", "）")]
    spots += _spots(text, _REPEATED, lambda found: "……" if found[0].startswith("。。。") else found[0][0])
    return _mended(text, spots)


_ANY_QUOTE = re.compile('[“”"]')
_IN_QUOTES = re.compile('“[^“”"\n]*”')


def signs_of_quotes(text: str) -> list[re.Pattern[str]]:
    """Return patterns of which one finds something in every line of `text` in which `quotes` does."""
    return [_ANY_QUOTE] if _ANY_QUOTE.search(_IN_QUOTES.sub("", text)) else []


def quotes(text: str) -> Repair | None:
    """Return `text` with its double quotation marks in pairs, or None where they are (rule L04).

    An even number of marks is made to open and close in turn; of an odd number the last is only pointed at. Marks
    inside marks are left alone, and so are straight ones where there is no Chinese, for those are inches or code.
    """
    if not _ANY_QUOTE.search(text):
        return None
    straight = _ANY_HAN.search(text) is not None
    marks = [place.start() for place in _ANY_QUOTE.finditer(text) if straight or place[0] != '"']
    written = "".join(text[place] for place in marks)
    if _nested(written):
        return None
    if len(marks) % 2:
        if written.strip('"') == "" and written:
            return None  # 24" is a size
        at = _unpaired(text, marks)
        return Repair(text, (Spot(at, 1, text[at], text[at]),))
    pairs = [Spot(place, 1, text[place], "“”"[turn % 2]) for turn, place in enumerate(marks)]
    return _mended(text, [spot for spot in pairs if spot.wrong != spot.right])


_BLANK = r" \u00a0\u3000"
BLANKS = re.compile(rf"[{_BLANK}\t](?:(?<=\t)|(?=[{_BLANK}\t]|$))", re.MULTILINE)
"""Finds something in every text in which `spacing` does."""
_TRAILING = re.compile(rf"[{_BLANK}\t]+$", re.MULTILINE)
_SEVERAL = re.compile(rf"(?<=\S)(?:[{_BLANK}]{{2,}}|[{_BLANK}]*\t[{_BLANK}\t]*)(?=\S)")


def spacing(text: str) -> Repair | None:
    """Return `text` without blanks and tabs at line ends and without doubled ones, or None (rule L05).

    A blank that begins a line is an indent and stays, and so does a single blank. Between Chinese characters several
    blanks are litter of a line break and go; a name spaced out (张　　博) keeps one.
    """
    if not BLANKS.search(text):
        return None
    spots = _spots(text, _TRAILING, lambda _: "")
    return _mended(text, spots + _spots(text, _SEVERAL, lambda found: _one_blank(text, found)))


def final_punctuation(items: Sequence[str]) -> tuple[ListItem, ...]:
    """Return the items that lack the final punctuation which the others have, mended (rule L06).

    The mark is that of most others, but 。 for the last; at least half of the items must have one. A last item which
    ends in ； or a comma gets 。 as well. Blank items are passed over.
    """
    places = [index for index, item in enumerate(items) if item.strip()]
    ends = {index: _final(items[index]) for index in places}
    ended = [ends[index] for index in places if ends[index]]
    if len(places) < 2 or len(ended) * 2 < len(places):
        return ()
    inner = [ends[index] for index in places[:-1] if ends[index]]
    usual = "；" if sum(mark in "；;" for mark in inner) * 2 > len(inner) else "。"
    found = []
    for index in places:
        body, last = items[index].rstrip(), index == places[-1]
        if not ends[index]:
            found.append(ListItem(index, body + ("。" if last else usual)))
        elif last and ends[index] in "；;，,、":
            found.append(ListItem(index, body[:-1] + "。"))
    return tuple(found)


def _final(item: str) -> str:
    # 。” and 。） end a sentence too.
    bare = item.rstrip().rstrip("”’）)》」")
    return bare[-1:] if bare[-1:] in tuple("。；;.！!？?：:，,、…") else ""


def _one_blank(text: str, found: re.Match[str]) -> str:
    before, behind = text[: found.start()], text[found.end() :]
    if not (_HAN_AT_END.search(before) and _ANY_HAN.match(behind)):
        return " "
    # 张　　博: single characters spaced out on purpose.
    alone = _ONE_HAN_AT_END.search(before) and _ONE_HAN.match(behind)
    return found[0][0].replace("\t", " ") if alone else ""


def _nested(marks: str) -> bool:
    """Return whether the marks are in pairs as they stand, inner pairs allowed."""
    depth = 0
    for mark in marks:
        depth += {"“": 1, "”": -1}.get(mark, -9)
        if depth < 0:
            return False
    return depth == 0


def _unpaired(text: str, marks: Sequence[int]) -> int:
    """Return the first mark that does not open or close in turn, or the last."""
    for turn, place in enumerate(marks):
        if text[place] != "“”"[turn % 2]:
            return place if turn == 0 or text[place] != "“" else marks[turn - 1]
    return marks[-1]


def _spots(text: str, pattern: re.Pattern[str], right: Callable[[re.Match[str]], str]) -> list[Spot]:
    found = [Spot(place.start(), len(place[0]), place[0], right(place)) for place in pattern.finditer(text)]
    return [spot for spot in found if spot.wrong != spot.right]


def _mended(text: str, spots: Iterable[Spot]) -> Repair | None:
    """Return the text with every spot mended, or None where there is none; of two that overlap the first stands."""
    kept: list[Spot] = []
    pieces = []
    at = 0
    for spot in sorted(spots, key=lambda spot: spot.start):
        if spot.start >= at:
            pieces += [text[at : spot.start], spot.right]
            at = spot.start + spot.length
            kept.append(spot)
    return Repair("".join(pieces) + text[at:], tuple(kept)) if kept else None
