"""Whether a formula of a form can be one at all: Excel offers to repair a file with one that cannot, and drops it."""

from __future__ import annotations

import re

from perfxl.model.author_note import likely

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<text>"(?:[^"]|"")*")
      | (?P<place>\{=?[^\W\d][^{}",;]*\}(?:\[\]|\[\#\])?|\{[^\W\d][^{}",;]*(?:\[\]|\[\#\])\})
      | (?P<array>\{(?:"[^"]*"|[-\d.,;\s])*\})
      | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?%?)
      | (?P<call>[A-Za-z_][\w.]*\()
      | (?P<reference>(?:'(?:[^']|'')+'!|[^\W\d][\w.]*!)?\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?)
      | (?P<word>[^\W\d][\w.]*)
      | (?P<operator><=|>=|<>|[-+*/^&=<>:%])
      | (?P<comma>,)
      | (?P<open>\()
      | (?P<close>\))""",
    re.VERBOSE,
)
_FUNCTIONS = frozenset(
    """
    ASC CELL
    ABS ADDRESS AND AVERAGE AVERAGEIF CEILING CHAR CHOOSE CODE COLUMN COLUMNS CONCATENATE COUNT COUNTA COUNTBLANK
    COUNTIF COUNTIFS DATE DATEDIF DATEVALUE DAY DAYS EDATE EOMONTH EXACT FALSE FIND FLOOR HLOOKUP IF IFERROR INDEX
    INDIRECT INT ISBLANK ISERROR ISNA ISNUMBER ISTEXT LARGE LEFT LEN LOOKUP LOWER MATCH MAX MEDIAN MID MIN MOD
    MONTH N NA NETWORKDAYS NOT NOW OFFSET OR POWER PRODUCT PROPER RANK REPLACE REPT RIGHT ROUND ROUNDDOWN ROUNDUP
    ROW ROWS SEARCH SIGN SMALL SQRT SUBSTITUTE SUM SUMIF SUMIFS SUMPRODUCT T TEXT TODAY TRIM TRUE TRUNC UPPER
    VALUE VLOOKUP WEEKDAY YEAR
    """.split()  # noqa: SIM905 - one a line would be a page
)
_FULL_WIDTH = {
    "，": ",",
    "（": "(",
    "）": ")",
    "“": '"',
    "”": '"',
    "＝": "=",
    "＋": "+",
    "：": ":",
    "；": ",",
    "｛": "{",
    "｝": "}",
}


def problem(formula: str) -> tuple[str, str] | None:
    """Return what is wrong with a formula and what to do, or None. `{names}` in it stand for cells."""
    outside = re.sub(r'"(?:[^"]|"")*"', "", formula)
    for sign, plain in _FULL_WIDTH.items():
        if sign in outside:
            return f"公式里有中文的“{sign}”", f"请改成英文的“{plain}”"
    at, depth, wanted = 0, 0, True  # `wanted`: a value has to come next
    calls: list[bool] = []
    while at < len(formula):
        token = _TOKEN.match(formula, at)
        if token is None:
            sign = formula[at]
            return (
                f"公式里的“{sign}”看不懂",
                "引号要成对" if sign == '"' else "花括号里写栏目名称" if sign in "{}" else "请核对公式",
            )
        at, kind, text = token.end(), str(token.lastgroup), token[0]
        if kind == "space":
            continue
        trouble = None
        if kind in ("text", "place", "array", "number", "reference", "word"):
            trouble, wanted = _value(kind, text, wanted), False
        elif kind in ("call", "open"):
            if not wanted:
                trouble = f"“{text}”前面少了运算符", "请核对公式"
            elif kind == "call" and text[:-1].upper() not in _FUNCTIONS:
                trouble = f"没有函数“{text[:-1]}”", likely(text[:-1].upper(), sorted(_FUNCTIONS))
            depth, wanted = depth + 1, True
            calls.append(kind == "call")
        elif kind == "operator":
            if wanted and text not in "+-":
                trouble = f"“{text}”前面少了一个值", "请核对公式"
            wanted = text != "%"
        elif kind == "comma":
            if not calls or not calls[-1]:
                trouble = "逗号不在函数的括号里", "请核对括号"
            wanted = True
        elif not calls:
            trouble = "多了一个“)”", "括号要成对"
        else:
            empty_call = calls.pop() and formula[: token.start()].rstrip()[-1:] in ("(", ",")
            if wanted and not empty_call:
                trouble = "“)”前面少了一个值", "请核对公式"
            depth, wanted = depth - 1, False
        if trouble:
            return trouble
    if depth:
        return "括号不成对，少了“)”", "括号要成对"
    return ("公式没有写完", "请核对公式") if wanted else None


def _value(kind: str, text: str, wanted: bool) -> tuple[str, str] | None:
    if not wanted:
        return f"“{text}”前面少了运算符", "请核对公式"
    if kind == "word" and text.upper() not in ("TRUE", "FALSE"):
        return f"公式里的“{text}”不是栏目", f"栏目要写在花括号里：{{{text}}}；文字要写在英文引号里"
    return None
