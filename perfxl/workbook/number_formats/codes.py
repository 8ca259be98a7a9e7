"""Number format codes, taken apart: sections, each with its condition, and what stands in them.

The grammar is that of ECMA-376 part 1, 18.8.31, with what Chinese Excel adds: `aaaa`, `上午/下午`, `[DBNum1]`, `!`
before a character to be shown as it is, `G/通用格式` for General.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal[
    "literal", "pad", "digit", "point", "comma", "percent", "exponent", "slash", "text", "general", "date", "elapsed",
    "fraction of a second", "noon",
]  # fmt: skip
Shape = Literal["general", "number", "scientific", "fraction", "date", "text", "words"]


class FormatToken(NamedTuple):
    """A piece of a section: its kind, and its characters without what quotes them."""

    kind: Kind
    text: str


class Condition(NamedTuple):
    """A section's own condition, such as `[>=100]`."""

    sign: str
    operand: Decimal

    def holds(self, number: Decimal) -> bool:
        """Whether `number` belongs in the section."""
        equal, less = number == self.operand, number < self.operand
        return {
            "=": equal, "<>": not equal, "<": less, "<=": less or equal, ">": not (less or equal), ">=": not less,
        }[self.sign]  # fmt: skip

    @property
    def only_negative(self) -> bool:
        """Whether no number but negative ones belong in the section, which then says itself that they are."""
        return (self.sign == "<" and self.operand <= 0) or (self.sign in ("<=", "=") and self.operand < 0)


class Section(NamedTuple):
    """One of the parts between semicolons.

    `numerals` is the number of `[DBNum1]`, `[DBNum2]` or `[DBNum3]`, 0 for plain digits; `is_chinese` whether names of
    days and months are Chinese (`[$-804]`). `shape` is what the section makes of a number.
    """

    tokens: tuple[FormatToken, ...]
    shape: Shape
    condition: Condition | None = None
    numerals: int = 0
    is_chinese: bool = False


_TOKEN = re.compile(
    r"(?is)\"(?P<quoted>[^\"]*)\"?|[\\!](?P<escaped>.)|[_](?P<pad>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]?"
    r"|(?P<general>G/通用格式|General)|(?P<noon>上午/下午|AM/PM|A/P)|(?P<end>;)|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|e+|g+|b+|aaaa?)|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)"
    r"|(?P<slash>/)|(?P<text>@)|(?P<other>.)"
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*([+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)")
_ELAPSED = re.compile(r"(?i)h+|m+|s+")
_NUMERALS = re.compile(r"(?i)(?:DBNum|NatNum)([0-9]+)")
_PLAIN = re.compile(r"(?:#,##)?0(?:\.(0+#*))?")
_LOCALE = re.compile(r"(?i)[0-9a-f]*804|zh-(?:CN|Hans).*")
# What Windows is set to, which a Chinese Windows sets to this.
_OF_WINDOWS = {
    "f800": 'yyyy"年"m"月"d"日"',
    "x-sysdate": 'yyyy"年"m"月"d"日"',
    "f400": "h:mm:ss",
    "x-systime": "h:mm:ss",
}
_MOST_SECTIONS = 4
_NUMERIC: frozenset[str] = frozenset(("digit", "point", "comma", "percent", "exponent", "slash"))


@lru_cache(maxsize=1024)
def sections(code: str) -> tuple[Section, ...]:
    """Return the sections of a number format code, one at least and four at most. No code is refused."""
    if not code:
        return sections("General")
    found: list[Section] = []
    draft = _Draft()
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "other"
        if kind == "end":
            found.append(draft.section())
            draft = _Draft()
        else:
            draft.add(kind, match[kind])
    found.append(draft.section())
    return tuple(found[:_MOST_SECTIONS])


@lru_cache(maxsize=1024)
def is_date(code: str) -> bool:
    """Whether numbers of this format are shown as dates, times or spans of time."""
    return sections(code)[0].shape == "date"


@lru_cache(maxsize=1024)
def is_span(code: str) -> bool:
    """Whether numbers of this format are shown as spans of time, of more than a day perhaps: `[h]:mm`."""
    return any(token.kind == "elapsed" for token in sections(code)[0].tokens)


@lru_cache(maxsize=1024)
def is_percent(code: str) -> bool:
    """Whether numbers of this format are shown in percent."""
    first = sections(code)[0]
    return first.shape != "date" and any(token.kind == "percent" for token in first.tokens)


@lru_cache(maxsize=1024)
def places(code: str) -> int | None:
    """Return how many decimals a plain format shows (`0`, `#,##0.00##`), None for any other and General."""
    match = _PLAIN.fullmatch(code)
    return None if match is None else len(match[1] or "")


class _Draft:
    """A section in the making."""

    def __init__(self) -> None:
        self.tokens: list[FormatToken] = []
        self.condition: Condition | None = None
        self.numerals = 0
        self.is_chinese = False
        self.of_windows = ""
        self.said = False

    def add(self, kind: str, text: str) -> None:
        if kind == "bracket":
            self._add_bracket(text)
        elif kind in ("quoted", "escaped"):
            self.tokens.append(FormatToken("literal", text))
        elif kind in ("pad", "fill"):
            self.tokens.append(FormatToken("pad", " " if kind == "pad" else ""))
        elif kind == "other":
            self.tokens.append(FormatToken("literal", text))
        elif kind == "date":
            self.tokens.append(FormatToken("date", text.lower()))
        else:
            self.tokens.append(FormatToken(kind, text))  # type: ignore[arg-type]  # the other groups have the names of kinds

    def _add_bracket(self, text: str) -> None:
        self.said = True
        if text.startswith("$"):
            symbol, _, locale = text[1:].partition("-")
            if symbol:
                self.tokens.append(FormatToken("literal", symbol))
            self.is_chinese = self.is_chinese or _LOCALE.fullmatch(locale.split(",")[0]) is not None
            self.of_windows = self.of_windows or _OF_WINDOWS.get(locale.lower(), "")
        elif _ELAPSED.fullmatch(text):
            self.tokens.append(FormatToken("elapsed", text.lower()))
        elif match := _CONDITION.fullmatch(text):
            self.condition = Condition(match[1], Decimal(match[2]))
        elif match := _NUMERALS.fullmatch(text):
            self.numerals = int(match[1])
        # Else it is a colour, which is no character of the text.

    def section(self) -> Section:
        if self.of_windows:
            return sections(self.of_windows)[0]._replace(condition=self.condition)
        # `[Red]` or `[DBNum1]` alone is General; nothing at all between semicolons shows nothing.
        tokens = self.tokens or ([FormatToken("general", "General")] if self.said else [])
        kinds = {token.kind for token in tokens}
        shape: Shape
        if kinds & {"date", "elapsed", "noon"}:
            shape, tokens = "date", _dated(tokens)
        elif "digit" in kinds and "exponent" in kinds:
            shape = "scientific"
        elif "digit" in kinds and _is_fraction(tokens):
            shape = "fraction"
        elif "digit" in kinds or "percent" in kinds:
            shape = "number"
        elif "general" in kinds:
            shape = "general"
        else:
            shape = "text" if "text" in kinds else "words"
        if shape not in ("number", "scientific", "fraction", "date"):
            tokens = [FormatToken("literal", token.text) if token.kind in _NUMERIC else token for token in tokens]
        elif shape == "number":
            tokens = [
                FormatToken("literal", token.text) if token.kind in ("slash", "exponent") else token for token in tokens
            ]
        return Section(tuple(tokens), shape, self.condition, self.numerals, self.is_chinese)


def _is_fraction(tokens: list[FormatToken]) -> bool:
    """Whether a slash stands between places for digits (`# ?/?`, `# ?/8`), not among words (`0人/天`)."""
    at = next((index for index, token in enumerate(tokens) if token.kind == "slash"), 0)
    if not 0 < at < len(tokens) - 1:
        return False
    below = tokens[at + 1]
    return tokens[at - 1].kind == "digit" and (below.kind == "digit" or below.text.isdigit())


def _dated(tokens: list[FormatToken]) -> list[FormatToken]:
    """Return the tokens of a date: `m` told apart from minutes (`n`), fractions of seconds found, the rest literal."""
    found: list[FormatToken] = []
    last, index = "", 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.kind in ("date", "elapsed"):
            text = token.text
            if token.kind == "date" and text[0] == "m" and len(text) <= 2 and _is_minute(last, tokens[index:]):
                text = text.replace("m", "n")
            last = text[0]
            found.append(FormatToken(token.kind, text))
        elif token.kind == "point" and last == "s" and tokens[index : index + 1] == [FormatToken("digit", "0")]:
            zeros = 0
            while index < len(tokens) and tokens[index] == FormatToken("digit", "0"):
                zeros, index = zeros + 1, index + 1
            found.append(FormatToken("fraction of a second", "0" * zeros))
        elif token.kind in _NUMERIC or token.kind == "general":
            found.append(FormatToken("literal", token.text))
        else:
            found.append(token)
    return found


def _is_minute(last: str, rest: list[FormatToken]) -> bool:
    """Whether an `m` stands for minutes: the one after hours, or before seconds."""
    following = next((token.text[0] for token in rest if token.kind in ("date", "elapsed")), "")
    return last == "h" or following == "s"
