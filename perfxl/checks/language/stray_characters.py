"""Slips that leave characters astray: where a text does not fall into words, and would with another character (L02).

Of 物资苍库 the words are 物资 and two characters that belong to nothing; with 仓 for 苍 they are a word of the field.
Only words of the field are proposed, for nearly everything that these texts say is made of them; that a text falls into
words is judged by many more, so that what is rare elsewhere (检定, 闭水试验) is no slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import compress
from operator import ne
from typing import NamedTuple

from perfxl.checks.language.character_pairs import numbers, places, windows
from perfxl.checks.language.common_words import CommonWords, common_words
from perfxl.checks.language.lexicon import lexicon
from perfxl.checks.language.lexicon_entry import FREE
from perfxl.checks.language.personal_names import LENGTH, SURNAMES, is_in_a_name

# How much more likely the text must become, in nats. The better a text falls into words, the more of it is known.
_GAIN = 11.0
_GAIN_OF_A_KNOWN_ONE, _GAIN_OF_ANY = 14.5, 16.5
_GAIN_BY_LOOKS, _GAIN_OF_SHORT_FORMS = 5.0, 6.0  # more than that
# Offices, people, things and times, of which trades make short words of their own: 专账, 股室, 防治适期, 助浴, 强检.
_MAKE_WORDS = frozenset(
    "专县市区乡镇村省校院所站局委办队科室处厂企农林牧渔水电路桥河湖库渠田地房户人员工费款金账表册证卡码点线面期季月年日率量度值数型类级等品件物料"
    "材药肥种苗畜禽蛋奶粮油棉果菜茶草木树花鸟兽鱼虫山沟坡坝堤闸泵井管网杆塔灯车船机台架柜箱桶袋瓶杯盒床桌椅柱墙顶门窗梯屋院园馆厅堂场棚舍圈栏仓窖窑炉"
    "医药护诊病患残幼孤老少童妇婴孕产婚丧葬教学师生考研科技文艺体育武军警民兵法律审检判案税审计财会银保险贷商贸店铺市价票券奖罚补助扶救济赈优抚退役"
    "疫安防消排查巡检测监控测绘标定校准修缮养护洗浴洁餐购行急救转送接收发放储运输送供热气暖冷冰雪雨旱涝风雷震火毒废渣尘噪声光磁波频谱纹印章签约证照牌匾"
    "党团工青妇侨联群组织宣统战纪监政协人大府办志鉴史档馆"
)
_GAIN_OF_OTHERS = 2.5  # more, for words of the field that are too common to be proposed for a likeness alone
_GAIN_OF_A_GROUP = -3.0  # what is written may fall into words as well, but says nothing
# Written either way, as people like.
_PAIRS = "制治 定订 作做 账帐 象像 份分 的地 地得 的得 须需 他它 他她 计记 至致 以已 成呈 化划 辩辨 监检"
_EITHER_WAY = frozenset(two for pair in _PAIRS.split() for two in (pair, pair[::-1]))
_SHORT = 2
_ASTRAY = re.compile(b"\0\0+")
_LINES = re.compile("[^\n]+")
_MOST_ASTRAY = 4


class _Meant(NamedTuple):
    """What a character between two others may stand for, and the common words that it would make with one of them."""

    by_sound: tuple[str, ...]
    by_looks: tuple[str, ...]
    ending: tuple[tuple[str, float], ...]
    beginning: tuple[tuple[str, float], ...]


@lru_cache(maxsize=16_384)
def _meant(before: str, char: str, behind: str) -> _Meant:
    words, field = common_words(), lexicon()
    alike = dict.fromkeys((*words.behind(before, char), *words.before(char, behind)))

    def of_the_field(others: Iterable[str]) -> tuple[str, ...]:
        return tuple(other for other in others if before + other in field.inner or other + behind in field.inner)

    def common(found: Iterable[str]) -> tuple[tuple[str, float], ...]:
        return tuple(
            (word, _GAIN_OF_A_KNOWN_ONE if word in field.known else _GAIN_OF_ANY)
            for word in found
            if words.is_common(word)
        )

    return _Meant(
        of_the_field(alike),
        of_the_field(words.looking(char)),
        common(before + other for other in alike),
        common(other + behind for other in alike),
    )


class Stray(NamedTuple):
    """A supposed slip in a stretch of Chinese characters: where, what stands there, and what may be meant."""

    start: int
    wrong: str
    right: str


def strays(stretches: Iterable[str]) -> Iterator[tuple[str, Stray]]:
    """Yield, of each stretch of Chinese characters in which there are supposed slips, the likeliest one."""
    text = "\n".join(("", "", "", *stretches, "", ""))  # so that there are characters around every one
    reading = _Reading(text, common_words())
    best: dict[int, tuple[float, Stray]] = {}
    for at, wrong, right, least in (*reading.of_strays(), *reading.of_groups()):
        if len(wrong) == _SHORT and _MAKE_WORDS.issuperset(wrong):
            least += _GAIN_OF_SHORT_FORMS
        differing = compress(range(at, at + len(wrong)), map(ne, wrong, right))
        if any(is_in_a_name(text, place, reading.go_together) for place in differing):
            continue
        start = text.rindex("\n", 0, at + 1) + 1
        stretch = text[start : text.index("\n", at)]
        gain = reading.gain(stretch, at - start, wrong, right)
        if gain >= least and (start not in best or gain > best[start][0]):
            best[start] = gain, Stray(at - start, wrong, right)
    for start, (_, stray) in best.items():
        yield text[start : text.index("\n", start)], stray


_Candidate = tuple[int, str, str, float]  # where, what stands there, what may be meant, the least gain


class _Reading:
    """Stretches, each on a line of its own, and of each two characters whether they go together anywhere."""

    def __init__(self, text: str, words: CommonWords) -> None:
        self.text = text
        self.words = words
        even, odd = windows(text)
        self.flags = bytearray(len(even) + len(odd))
        self.flags[0::2] = bytes(map(words.holds.__getitem__, even))
        self.flags[1::2] = bytes(map(words.holds.__getitem__, odd))

    def go_together(self, place: int) -> bool:
        """Return whether the character at a place and the next one go together anywhere."""
        return bool(self.flags[place])

    def of_strays(self) -> Iterator[_Candidate]:
        """Yield words that a character would make with those beside it, if it were another; it goes with neither.

        Where many stand side by side, they are a name or words that nobody knows here.
        """
        for astray in _ASTRAY.finditer(self.flags):
            run = self.text[astray.start() + 1 : astray.end()]
            for part in _LINES.finditer(run):
                odd = "".join(char for char in part[0] if char not in FREE)
                if 0 < len(odd) <= _MOST_ASTRAY and not (len(odd) == LENGTH and odd[0] in SURNAMES):
                    for at in range(part.start(), part.end()):
                        if run[at] not in FREE or self._beside_an_odd_one(astray.start() + 1 + at):
                            yield from self._replaced(astray.start() + 1 + at, _GAIN)

    def _replaced(self, place: int, least: float) -> Iterator[_Candidate]:
        """Yield words with another character at a place; what stands before 州 is a name."""
        text = self.text
        if text[place + 1] == "州":
            return
        meant = _meant(*text[place - 1 : place + 2])
        for others, more in (meant.by_sound, 0.0), (meant.by_looks, _GAIN_BY_LOOKS):
            for other in others:
                for start, end in _WINDOWS:
                    window = text[place + start : place] + other + text[place + 1 : place + end]
                    if len(window) == end - start and window in lexicon().known:
                        rarer = 0.0 if window in lexicon().terms else _GAIN_OF_OTHERS
                        yield place + start, text[place + start : place + end], window, least + more + rarer
        # Any common word will do where both characters are astray, and the gain is large.
        for start, other_place, words in (place - 1, place - 1, meant.ending), (place, place + 1, meant.beginning):
            if words and self._is_stray(other_place):
                yield from ((start, text[start : start + 2], word, gain) for word, gain in words)

    def _is_stray(self, place: int) -> bool:
        return self.text[place] != "\n" and not self.flags[place - 1] and not self.flags[place]

    def _beside_an_odd_one(self, place: int) -> bool:
        """Return whether a character beside one that often stands alone goes with nothing either, though it should."""
        return any(self._is_stray(at) and self.text[at] not in FREE for at in (place - 1, place + 1))

    def of_groups(self) -> Iterator[_Candidate]:
        """Yield word groups that sound like what is written, but for one character: 监督检察 for 监督检查."""
        (groups, begin), known, text = _groups(), lexicon().known, self.text
        sounds = lexicon().exact_sounds(text)
        for at, _ in places(sounds, begin):
            for right, sound in groups.get(sounds[at : at + _LENGTHS[0]], ()):
                length = len(right)
                wrong = text[at : at + length]
                if sounds[at : at + length] != sound or wrong in known or sum(map(ne, wrong, right)) != 1:
                    continue
                place = at + next(index for index in range(length) if wrong[index] != right[index])
                if wrong[place - at] + right[place - at] not in _EITHER_WAY and not self._goes_on(at, length, place):
                    yield at, wrong, right, _GAIN_OF_A_GROUP

    def _goes_on(self, at: int, length: int, place: int) -> bool:
        """Return whether the character at a place is part of a word that does not end where the group does."""
        text, words = self.text, self.words
        ends = [(begin, begin + size) for size in (2, 3, 4) for begin in range(place - size + 1, place + 1)]
        outside = [(begin, end) for begin, end in ends if begin < at or end > at + length]
        return any("\n" not in text[begin:end] and words.cost(text[begin:end]) for begin, end in outside)

    def gain(self, stretch: str, at: int, wrong: str, right: str) -> float:
        """Return how much likelier a stretch becomes with the right word, in nats."""
        first, last = max(0, at - _AROUND), at + len(wrong) + _AROUND
        mended = stretch[first:at] + right + stretch[at + len(wrong) : last]
        return self.words.oddness(stretch[first:last]) - self.words.oddness(mended)


# Where a word begins and ends, seen from the character that is another.
_WINDOWS = tuple((start, start + length) for length in (2, 3, 4) for start in range(1 - length, 1))
_LENGTHS = (4, 5, 6)
_AROUND = 9  # characters on either side


@cache
def _groups() -> tuple[dict[str, list[tuple[str, str]]], frozenset[int]]:
    """Return the word groups of the field, with their sound, by how they begin, and the first two sounds of each.

    Those that sound alike are left out.
    """
    words = lexicon()
    found: dict[str, str] = {}
    twice = set()
    for word in words.terms:
        if len(word) in _LENGTHS:
            sound = words.exact_sounds(word)
            if found.setdefault(sound, word) != word:
                twice.add(sound)
    by_beginning: dict[str, list[tuple[str, str]]] = {}
    for sound, word in found.items():
        if sound not in twice:
            by_beginning.setdefault(sound[: _LENGTHS[0]], []).append((word, sound))
    return by_beginning, frozenset(numbers("".join(sound[:2] for sound in by_beginning)))
