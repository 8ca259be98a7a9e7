"""Whether two sets of words speak of the same thing, and two units count the same things."""

from __future__ import annotations

import re
from functools import lru_cache

# What says nothing of the work: verbs of doing, words of counting. One literal after the other, for a set of characters
# among them would make the search try each at each place.
_FILLING = re.compile(
    r"不[少低超][于过]|年度内?|全年|本年|当年|年内|完成|开展|组织|举办|召开|提交|进行|实施|做好|各类|各项|有关|相关|工作|任务|情况|达到|实现|数量|次数|人数"
    r"|家数|户数|人次|场次|批次|总[数量]|总额|里程|面积|及时|参与|的|了|与|及|和|等|率|数|度|量|内"
)
# Units that people use for the same things.
_ALIKE = (
    frozenset(("人", "名", "位", "人次", "个", "户", "家")),
    frozenset(("次", "场", "期", "场次", "班次", "班", "批次", "批", "个")),
    frozenset(("篇", "份", "个", "件", "条", "项", "部", "本", "册")),
    frozenset(("公里", "千米", "米")),
    frozenset(("台", "套", "台套", "辆", "件", "个", "处", "座", "所", "点", "张")),
    frozenset(("亩", "公顷", "平方米", "平方公里")),
)


@lru_cache(maxsize=1024)
def core(stem: str) -> str:
    """Return what words are about: a blank stands for each that says nothing of the work."""
    return _FILLING.sub(" ", stem)


@lru_cache(maxsize=8192)
def pairs_of(words: str) -> frozenset[str]:
    """Return the pairs of characters side by side in the words that `core` leaves."""
    return frozenset([pair for at in range(len(words) - 1) if " " not in (pair := words[at : at + 2])])


@lru_cache(maxsize=1024)
def comparable_units(one: str, other: str) -> bool:
    return one == other or not other or any(one in units and other in units for units in _ALIKE)
