"""What may stand in a cell, up to what nobody would type: a grammar of values, and forms with them in their cells.

The cells are changed in the file itself, so that it goes through every door as a clerk's own does.
"""

import re
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from perfxl.model.addresses import Range
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog

HOME = catalog.home()
LONGEST = 32_767  # characters in a cell

_LONG_DIGITS = [
    "9" * 28,
    "9" * 31,
    "1" * 40,
    "7" * 4301,
    "0" * 400,
    "1" + "0" * 5000,
    "一" * 3000,
    "万" * 300,
    "亿" * 50,
]
_DIGITS = "0 1 5 12 100 2025 20226 999999999999999 1000000000000000 00007 １２ ٣٤ ५ ² ㊿ ⅷ 零 两 廿 半 百分之一百"
_NUMBERS = ", . - + 1, ,1 1,,2 1.2.3 --1 1E+999999999 1e-999999999 1E400 NaN -inf Infinity 0x10 1_000 ∞ =1/0 -0 .5 5."
_DATES = (
    "2025年2月30日 0年1月1日 9999年12月31日 20226年13月 10000年 2025-02-29 12月底前 13月 第五季度"
    " 2025.1.1 45657 2958465 2958466 2025年12月99日 全年 每月0日 00:00 99:99 二〇二五年十三月 2025年1月—99月"
)
_SIGNS = "≥ ≤ = > < 定性 ≧ 大于等于 不低于 <=> ≠ 约 ± ≥≤ =="
_UNITS = "人 % ‰ 万元 元 亿元 个 次/年 元/人·天 平方米 / %/% 年 月 日 km²"
_WORDS = (
    "完成 完成率达到 不超过 及以上 以内 控制在 共 其中： （ ） “ ” 、 ； 。 第 一是 1. (1) ① _x0041_ _x0000_ {%tr"
    " <w:p/> &amp; ]]> 𠮷 🏛 é =1+1 ' \" | \\ \\n 10002025P00XXXXX0003T 402001 合计 #DIV/0!"
)
_BLANKS = ["\n", "\t", "\r", " ", "\u3000", "\u200b", "\u202e", "\ufeff", "\x07", "\x1f", "{{ x }}"]


def _of(*texts):
    return st.sampled_from([word for text in texts for word in (text.split() if isinstance(text, str) else text)])


DIGITS = _of(_DIGITS, _LONG_DIGITS)
_BETWEEN = _of(". , ， ． / E+ e- : ~ - － 至 × %. ^")
NUMBERS = st.one_of(DIGITS, _of(_NUMBERS), st.tuples(DIGITS, _BETWEEN, DIGITS).map("".join))
DATES = st.one_of(
    _of(_DATES), st.tuples(DIGITS, st.just("年"), DIGITS, st.just("月"), DIGITS, st.just("日")).map("".join)
)
SIGNS, UNITS, WORDS = _of(_SIGNS), _of(_UNITS, ["人" * 200]), _of(_WORDS, _BLANKS)
PIECES = st.one_of(NUMBERS, DATES, SIGNS, UNITS, WORDS)
SOUP = st.lists(PIECES, min_size=1, max_size=12).map("".join)
LONG = st.tuples(st.one_of(PIECES, _of("1, 1- （1 ， 第一 ")), st.integers(2, LONGEST)).map(
    lambda found: found[0] * found[1]
)
TYPED = st.one_of(PIECES, SOUP, SOUP, LONG).map(lambda text: text[:LONGEST])
STORED = st.one_of(
    st.sampled_from(
        [0, -5, 10_000, 20_226, 1e308, -1e308, 5e-324, 1e15, 1e16, 0.1 + 0.2, 2**53 + 1, 45_657, 2_958_466]
    ),
    st.sampled_from([-1, 1e-7, 99.999999999999, 0.5, 1, 100.0000001, 25.619999999999997]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**18), 10**18),
    st.booleans(),
)
CONTENTS = st.one_of(TYPED, TYPED, STORED)


class FormInParts:
    """A filled form of which single cells are to say something else."""

    def __init__(self, form):
        with zipfile.ZipFile(BytesIO(form)) as archive:
            self._parts = {name: archive.read(name).decode() for name in archive.namelist()}
        record = examine(form, "x.xlsx", HOME).record
        titles = re.findall(r'<sheet name="([^"]*)"', self._parts["xl/workbook.xml"])
        sheets = {title: f"xl/worksheets/sheet{number}.xml" for number, title in enumerate(titles, 1)}
        self.cells = {
            path: (sheets[place.sheet], str(Range.parse(place.cell)).partition(":")[0])
            for path, place in record.places.items()
            if place.cell and path
        }
        self.paths = sorted(self.cells, key=repr)

    def saying(self, contents):
        """Return the form with other contents in the cells of some values, by the paths of these."""
        parts = dict(self._parts)
        for path, content in contents.items():
            sheet, at = self.cells[path]
            found = re.search(rf'<c r="{at}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', parts[sheet])
            before, after = parts[sheet][: found.start()], parts[sheet][found.end() :]
            parts[sheet] = before + _cell(f'<c r="{at}"{found[1] or ""}', content) + after
        target = BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name, part in parts.items():
                archive.writestr(zipfile.ZipInfo(name), part)
        return target.getvalue()


def _cell(opening, content):
    if isinstance(content, bool):
        return f'{opening} t="b"><v>{content:d}</v></c>'
    if isinstance(content, str):
        # What XML cannot hold, Excel writes with an escape.
        text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", lambda found: f"_x{ord(found[0]):04X}_", content)
        return f'{opening} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    return f"{opening}><v>{content!r}</v></c>"
