"""The looks of the Word templates, as numbers: what differs between them and nothing else.

`STANDARD` is GB/T 9704—2012: body text 三号 (16 pt) 仿宋, 22 lines of 28 characters to the type area of 225 by 156 mm,
headings in 黑体 and 楷体, titles in 小标宋, page numbers outside. `PLAIN` is that of the published documents: body text
四号, 33 characters to a line of 165 mm, fonts that every machine with Windows has, page numbers in the middle. Tables
are in 五号 (10.5 pt) in both, as the published documents seem to be.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Lengths are in twentieths of a point, sizes of type in half points."""

    suffix: str  # of the template's name
    body: str
    headings: str
    subheadings: str
    titles: str
    size: int
    line: int
    closer: int  # what is added between two characters of body text
    top: int
    bottom: int
    left: int
    right: int
    header: int
    footer: int
    outside: bool  # page numbers on the outer side, between dashes; else in the middle, bare
    bold_titles: bool
    indicator_grid: tuple[int, ...]

    @property
    def text_width(self) -> int:
        return 11906 - self.left - self.right


STANDARD = Layout(
    suffix="",
    body="仿宋_GB2312",
    headings="黑体",
    subheadings="楷体_GB2312",
    titles="方正小标宋简体",
    size=32,
    line=579,  # 225 mm / 22 lines
    # A quarter of a point closer makes 28 characters a line, as the standard has it. With 27, LibreOffice 7.4 loses a
    # comma that hangs over the end of a paragraph's first line: it is in the .docx and not in the PDF.
    closer=-5,
    # 37, 35, 28 and 26 mm; the page number begins 7 mm below the type area.
    top=2098,
    bottom=1984,
    left=1588,
    right=1474,
    header=1134,
    footer=1270,
    outside=True,
    bold_titles=False,
    # Characters: 5 : 7 : 5 : 10 : 5 : 5. The published documents have 5 : 5 : 5 : 11 : 5 : 5, which cuts the last
    # character off 社会效益指标; with seven it fits, and so does 可持续影响指标.
    indicator_grid=(1156, 1580, 1280, 2300, 1250, 1278),
)

PLAIN = Layout(
    suffix=".plain",
    body="宋体",
    headings="黑体",
    subheadings="楷体",
    titles="宋体",
    size=28,
    line=520,
    closer=0,
    top=1440,
    bottom=1440,
    left=1276,
    right=1276,
    header=851,
    footer=992,
    outside=False,
    bold_titles=True,
    indicator_grid=(1156, 1580, 1480, 2384, 1270, 1484),
)

LAYOUTS = (STANDARD, PLAIN)
