"""How much of a workbook is read: what no form and no clerk could need is refused before a parser unfolds it.

An element of XML takes four bytes in a file and some three hundred in memory, and an archive packs a thousand of them
into one byte. So elements are counted, and lengths measured, in the bytes of each part; both readers spend from such a
budget, and so refuse the same. A form of 60 projects has 65,000 elements.
"""

from __future__ import annotations

MAX_ELEMENTS = 500_000  # of all the parts that are read; the careful reader takes 15 µs for each
MAX_IN_TREE = 150_000  # of a part that is a tree in memory as a whole, or of a row
MAX_ATTRIBUTES = 4 * MAX_ELEMENTS
MAX_STRETCH = 400_000  # bytes from one tag to the next; a text of Excel's 32,767 characters, all escaped, has 229,369
_ENOUGH_TO_LOOK = MAX_STRETCH  # bytes, in which there are 100,000 elements at most
MAX_SHEETS = 1_000  # a form with 300 projects has 305
MAX_MERGES = 5_000
MAX_MERGED = 3_000_000  # cells looked at because they may be hidden by merged ones
MAX_FORMULA = 8_192  # characters: Excel's limit
MAX_FORMAT = 255  # characters: what Excel's dialog takes
_OF_SHEETS, _OF_STRINGS = "worksheet", "sharedstrings"
_KINDS = (
    (_OF_SHEETS, "格子和行（连同空的）"),
    (_OF_STRINGS, "段文字"),
    ("styles", "格式"),
    ("workbook", "名称和工作表"),
)


class Excess(Exception):
    """Raised where a workbook holds more of something than is read; the message says in Chinese what."""


class Budget:
    """What the parts of one workbook may still hold."""

    def __init__(self) -> None:
        self._elements = MAX_ELEMENTS
        self._spent = 0  # bytes of parts that were not looked at

    def spend(self, name: str, part: bytes) -> bytes:
        """Return a part that is about to be parsed. Raises `Excess` where it holds too much."""
        if len(part) < _ENOUGH_TO_LOOK and self._spent < _ENOUGH_TO_LOOK:
            self._spent += len(part)
            return part  # most are too short for anything
        elements = part.count(b"<") - part.count(b"</")
        self._elements -= elements
        if self._elements < 0:
            raise Excess(_told(name, elements))
        if part.count(b"=") > MAX_ATTRIBUTES:
            raise Excess(f"有{part.count(b'='):,}个属性")
        if elements > MAX_IN_TREE:
            _check_rows(name, part, elements)
        if (longest := max(map(len, part.split(b"<")))) > MAX_STRETCH:
            raise Excess(f"有一处内容长达{longest:,}个字节（Excel 的一个格子最多 32,767 个字）")
        return part


def _check_rows(name: str, part: bytes, elements: int) -> None:
    if _OF_SHEETS not in name.lower() and _OF_STRINGS not in name.lower():
        raise Excess(_told(name, elements))
    # Rows and strings are forgotten one by one; prefixes of names do not matter here.
    ending = b"row>" if _OF_SHEETS in name.lower() else b"si>"
    if (most := max(piece.count(b"<") for piece in part.split(ending))) > MAX_IN_TREE:
        raise Excess(f"有一处连着{most:,}个格子、行或者别的内容")


def _told(name: str, elements: int) -> str:
    kind = next((kind for sign, kind in _KINDS if sign in name.lower()), "项内容")
    return f"有{elements:,}个{kind}"


def check_formula(formula: str) -> None:
    """Raise `Excess` where a formula is longer than Excel takes."""
    if len(formula) > MAX_FORMULA:
        raise Excess(f"有一个公式长达{len(formula):,}个字符（Excel 最多 {MAX_FORMULA:,} 个）")


def check_format(code: str) -> None:
    """Raise `Excess` where the code of a number format is longer than Excel takes."""
    if len(code) > MAX_FORMAT:
        raise Excess(f"有一个数字格式长达{len(code):,}个字符（Excel 最多 {MAX_FORMAT} 个）")


def check_sheets(number: int) -> None:
    """Raise `Excess` where a workbook has more sheets than are read."""
    if number > MAX_SHEETS:
        raise Excess(f"有{number:,}张工作表")


def check_merges(number: int) -> None:
    """Raise `Excess` where there are more merged ranges on a sheet than are read."""
    if number > MAX_MERGES:
        raise Excess(f"有{number:,}处合并单元格")
