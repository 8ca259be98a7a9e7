"""Words written twice by mistake (rule L01)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, filterfalse
from typing import NamedTuple

from perfxl.checks.language.character_pairs import stretches
from perfxl.checks.language.common_words import common_words
from perfxl.checks.language.lexicon import Lexicon, lexicon
from perfxl.checks.language.personal_names import SURNAMES

# Said twice for "a little" (研究研究) or for weight (非常非常).
_MEANT_TWICE = frozenset(
    ("研究", "讨论", "商量", "考虑", "了解", "学习", "休息", "锻炼", "打扫", "收拾", "琢磨", "体验")
)
_MEANT_TWICE |= frozenset(
    ("感受", "介绍", "商议", "合计", "打听", "整理", "活动", "非常", "很多", "许多", "彼此", "多少")
)
_MEANT_TWICE |= frozenset(("如何", "意思", "比较", "总结", "提醒", "鼓励", "鉴定", "照顾", "那么", "这么"))
_COUNTING = frozenset("一二三四五六七八九十百千万亿两几")
# Endings that make a longer word of the second one: 企业企业家, 会议会议费, 宣传宣传部.
_ENDINGS = frozenset("部奖校斯处局科室中委会员者费率度性化型类网站点厅院所馆队办家长师库量额值期线区")
_WORD_TWICE = re.compile("([\u4e00-\u9fff]{2,14})\\1")
# Function words, which are never doubled; the others may meet (在在建, 对对口, 以以奖代补) too easily.
_CHARACTER_TWICE = re.compile("([\u4e00-\u9fff])(?=\\1)")
_ENDS = re.compile("[^\u4e00-\u9fff]")
_AROUND = 9  # characters on either side
_EACH = frozenset("丛棵路群架段垄条件个张片块层座排串队组批家户人次场代辈处样种作")  # each of them, when said twice
_STUTTERED = 10.0  # nats by which a text gets likelier without one of the two
_LETTERS = "的和与及在是为被并"
_LETTER_TWICE = re.compile(f"([{_LETTERS}])\\1")
# Verbs whose first character is typed twice: 提提高, 开开展.
_VERBS = (
    "提高|提升|加强|加快|加大|开展|完成|完善|推进|推动|促进|保障|确保|实施|落实|健全|进行|强化|优化|深化|发挥|提供|举办|召开|参加|参与"
    "|协助|支持|服务|宣传|培训|调研|审核|检查|监督|管理"
)
# The beginning of either, to look for in a long text.
_VERB_STUTTERED = re.compile("|".join(f"{verb[0]}(?={verb})" for verb in _VERBS.split("|")))


_nothing_twice: set[str] = set()
"""Stretches of the texts before, which have many in common."""
_MOST = 12_000


class Doubled(NamedTuple):
    """Words written twice: where, the words as they stand, and once."""

    start: int
    length: int
    wrong: str
    right: str


def signs_of_doubling(text: str) -> set[str]:
    """Return the stretches of Chinese characters of which every text that `doubled` finds something in has one."""
    fresh = [*filterfalse(_nothing_twice.__contains__, stretches(text))]
    if not fresh:
        return set()
    lines = "\n".join(("", *fresh, ""))
    ends = [*accumulate(len(stretch) + 1 for stretch in fresh)]  # of a cell of one character there are 30,000 places
    signs = {fresh[number] for number in {bisect_right(ends, place) for place in _twice(lines)} if number < len(fresh)}
    for twice in _CHARACTER_TWICE.finditer(lines):
        stretch = fresh[bisect_right(ends, twice.start())]
        at = twice.start() - lines.rindex("\n", 0, twice.start()) - 1
        if twice[1] in _LETTERS or _VERB_STUTTERED.match(stretch, at) or _stutters(stretch, at):
            signs.add(stretch)
    if len(_nothing_twice) > _MOST:
        _nothing_twice.clear()
    _nothing_twice.update(stretch for stretch in fresh if stretch not in signs)
    return signs


def _twice(lines: str) -> Iterator[int]:
    """Yield where two to fourteen characters may stand twice over, among other places.

    A pattern tries every length at every place; here the lines, as one large number, are laid over themselves.
    """
    data = lines.encode("utf-16-le")
    number = int.from_bytes(data, "little")
    for length in range(2, 15):
        differences = (number ^ number >> 16 * length).to_bytes(len(data), "little")
        nothing = bytes(2 * length)
        at = differences.find(nothing)
        while at >= 0:
            yield at // 2
            at = differences.find(nothing, at + 1)


@lru_cache(maxsize=512)
def doubled(text: str) -> tuple[Doubled, ...]:
    """Return the words written twice by mistake in `text`, in order: 意见意见, 进行进行, 的的, 提提高.

    Doubling that belongs to the language is left alone (天天, 高高兴兴, 研究研究, 一步一步), and so is a word beside a
    longer one that begins or ends with it (会员企业企业家, 县政府政府采购, 目的的).
    """
    words = lexicon()
    found = []
    for match in _WORD_TWICE.finditer(text):
        if _by_mistake(words, match[1], text[match.end() : match.end() + 4]):
            found.append(Doubled(match.start(), len(match[0]), match[0], match[1]))
    for match in _LETTER_TWICE.finditer(text):
        if not _meets(words, text, match.start()):
            found.append(Doubled(match.start(), 2, match[1] * 2, match[1]))
    for match in _VERB_STUTTERED.finditer(text):
        at = match.start()
        token = next(token for token in words.tokens(text[max(0, at - 8) : at + 3]) if token.end > min(at, 8))
        if token.end == token.start + 1:
            found.append(Doubled(at, 3, text[at : at + 3], text[at + 1 : at + 3]))
    taken = [range(twice.start, twice.start + twice.length) for twice in found]
    for match in _CHARACTER_TWICE.finditer(text):
        if not any(match.start() in one for one in taken) and _stutters(text, match.start()):
            found.append(Doubled(match.start(), 2, match[1] * 2, match[1]))
    return tuple(sorted(found, key=lambda twice: twice.start))


def _stutters(text: str, at: int) -> bool:
    """Return whether one of two equal characters belongs to nothing: 改造造农村, but not 天天 and 人民民主."""
    if text[at : at + 2] in lexicon().known or text[at] in _COUNTING or common_words().cost(text[at : at + 2]):
        return False
    before, behind = text[at - 1 : at], text[at + 2 : at + 4]
    # 一段段, 山山岭岭, 消防局局长, and three of one.
    if before in ("一", text[at]) or behind[:1] in ("长", text[at]) or len(set(behind)) == 1 < len(behind):
        return False
    if text[at] in _ENDINGS and common_words().cost(text[at + 1 : at + 3]):
        return False  # 研究馆馆员
    if text[at] in _EACH or (at > 1 and before == text[at - 2]):
        return False
    if before in SURNAMES and text[at - 2 : at] not in lexicon().inner:
        return False  # 张伟伟
    first = max((end for end in _ENDS.finditer(text, 0, at)), key=lambda end: end.end(), default=None)
    begin = max(at - _AROUND, first.end() if first else 0)
    last = _ENDS.search(text, at)
    end = min(at + _AROUND, last.start() if last else len(text))
    words = common_words()
    return words.oddness(text[begin:end]) - words.oddness(text[begin:at] + text[at + 1 : end]) >= _STUTTERED


def _by_mistake(words: Lexicon, once: str, behind: str) -> bool:
    if once in _MEANT_TWICE or once[0] in _COUNTING or len(set(once)) == 1:
        return False
    if len(once) == 2 and once not in words.known:
        return False
    longer = (once + behind[:more] for more in range(1, len(behind) + 1))
    return behind[:1] not in _ENDINGS and not any(word in words.known and word not in words.groups for word in longer)


def _meets(words: Lexicon, text: str, at: int) -> bool:
    """Return whether two words meet at a doubled character: 目的的, 关键是是否, 高高兴兴."""
    before, after = text[max(0, at - 1) : at + 1], text[at + 1 : at + 3]
    pairs = text[at : at + 4], text[max(0, at - 2) : at + 2]
    in_pairs = any(len(four) == 4 and four[0] == four[1] and four[2] == four[3] for four in pairs)
    return in_pairs or before in words.known or after in words.known
