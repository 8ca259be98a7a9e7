"""What a word of the lexicon is, and the characters that make the difference."""

from __future__ import annotations

from typing import NamedTuple

ENTRIES = 0x10000
"""More than there are."""

# Characters that stand alone in prose: function words, numerals, counters, places and times. Being no part of a known
# word says nothing about them, while any other character that stands alone is odd.
FREE = frozenset(
    "的地得了着过和与及或并而且但若如则因由于以为把将被让使令给叫向往从自至到在对按依据凭就也都还又再才只仅不没未无非是有能可会"
    "应须需要来去上下左右中内外里前后间东西南北时日月年周季天今每各该本此其某我你他她它们这那者所等之个位名人次件项条款家户村镇乡"
    "县市区省国校台套辆张册份篇场期批届类种级层章节页元角万亿千百十零一二三四五六七八九〇两几多少数第初末约近超达共总全均皆已曾刚"
    "便即很更最较大小高低新老好另别同单副做用经后加设建占比率型式费款员性化式度量额物品组局部处制"
)
# Characters mixed up by their looks rather than their sound.
_LOOK_ALIKE = (
    "拔拨 候侯 贷货 搏博 暑署 辩辨 缀辍 微徽 幕募 募慕 撤撒 拆折 析折 崇祟 己已 末未 汛讯 竣峻"
    " 抡抢 概慨 蹋塌 诊珍 凭赁 恃持 因困"
)
ALIKE: dict[str, str] = {}
"""For each of them, the others."""
for _pair in _LOOK_ALIKE.split():
    for _one, _other in (tuple(_pair), tuple(_pair[::-1])):
        ALIKE[_one] = ALIKE.get(_one, "") + _other
LONGEST_LOOK = 4
"""How long a word is, at most, in which such characters are looked for."""


class LexiconEntry(NamedTuple):
    """A word that a slip may have been meant to be, and how the slip would sound.

    `key` is the sound as input methods blur it, `exact` with zh and z, ing and in told apart. `settled`: a group of
    words that leaves no other reading. `wrong`: only this writing is the slip. `gap`: `wrong` is the word without its
    character at this place, 0 where none is missing.
    """

    word: str
    key: str
    exact: str
    wrong: str = ""
    settled: int = 0
    gap: int = 0


def is_chinese(char: str) -> bool:
    """Return whether `char` is a Chinese character."""
    return "\u4e00" <= char <= "\u9fff" or char == "〇"
