"""How cells look: fonts, colours, borders, number formats, and how high a text stands."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from perfxl.report_type.model import Field

Style = Mapping[str, Any]

# Both fonts are on every Chinese Windows and come with WPS. The charset keeps other systems from a Latin substitute.
FONT: Mapping[str, Any] = {"font_name": "宋体", "font_size": 11, "font_charset": 134}
_BLACK = {"font_name": "黑体", "font_charset": 134}
_LINE = {"border": 1, "border_color": "#808080"}

INPUT_COLOUR = "#FFFBE6"
MISSING_COLOUR = "#FFE14D"  # a deeper yellow than that of inputs: to be filled in and still blank
WARNING_COLOUR = "#FFC08A"
HINT_COLOUR = "#CFE2F3"
MENDED_COLOUR = "#D5E8D4"
COMPUTED_COLOUR = "#EEF5E9"
WRONG_COLOUR = "#FFB3AD"
DONE_COLOUR = "#E2F0D9"

_KINDS: dict[str, dict[str, Any]] = {
    "title": {**_BLACK, "font_size": 18, "align": "center", "shrink": True},
    "section": {**_BLACK, "font_size": 12, "align": "left"},
    "header": {**_LINE, **_BLACK, "font_size": 11, "align": "center", "text_wrap": True, "bg_color": "#E7EDF4"},
    "label": {**_LINE, **_BLACK, "font_size": 11, "align": "center", "text_wrap": True, "bg_color": "#F3F5F8"},
    "note": {**_LINE, "font_size": 10, "font_color": "#595959", "align": "left", "text_wrap": True, "indent": 1},
    "prose": {"align": "left", "text_wrap": True},
    "plain": {"align": "left"},
    "plain-right": {"align": "right"},
    "status": {**_LINE, "font_size": 10, "align": "left", "text_wrap": True, "indent": 1},
    "number": {**_LINE, "align": "center", "font_color": "#808080", "bg_color": "#F3F5F8"},
    "input": {**_LINE, "locked": False, "text_wrap": True, "bg_color": INPUT_COLOUR, "align": "left", "indent": 1},
    "cell": {**_LINE, "align": "left", "text_wrap": True, "indent": 1},
    "cell-centre": {**_LINE, "align": "center", "text_wrap": True},
    "finding": {"locked": False, "align": "left", "valign": "top", "text_wrap": True},
    "finding-link": {"locked": False, "align": "center", "valign": "top", "font_color": "#0563C1", "underline": 1},
    "spacer": {},
}

# `#,##0.00####` shows two decimals and whatever more was typed, so that a third decimal cannot hide.
# `0.##%` would print a bare point after whole numbers.
_NUMBER_FORMATS = {"money": "#,##0.00####", "percent": "0.00%", "code": "@", "date": "yyyy-mm-dd", "check": "@"}
_ALIGNMENTS = {"money": "right", "percent": "center", "date": "center", "check": "center"}


def style(kind: str, **changes: Any) -> Style:
    """Return the properties of the style `kind`, changed in those given."""
    return {**FONT, "valign": "vcenter", **_KINDS[kind], **changes}


def input_style(field: Field) -> Style:
    """Return the style of an input: unlocked, coloured, with the number format that its values need.

    What the sheet computes is unlocked as well, so that a value that was typed in place of a formula can be mended.
    """
    if field.derived:
        return {**_shape(field), "bg_color": COMPUTED_COLOUR}
    return _shape(field)


def locked_style(field: Field) -> Style:
    """Return the style of an input whose value came from elsewhere and stays as it is."""
    return {**_shape(field), "bg_color": "#F3F5F8", "locked": True}


def _shape(field: Field) -> Style:
    if field.format:
        align = _ALIGNMENTS.get(field.format, "left")
        return style("input", num_format=_NUMBER_FORMATS[field.format], align=align, indent=_indent(align))
    if "enum" in field.schema and not field.formula:
        # As text, so that choosing `=` or `>` from the list is never taken for the beginning of a formula; but a
        # formula in a cell of text is shown instead of computed.
        return style("input", num_format="@", align="center", indent=0)
    if field.types == ("integer",):
        return style("input", num_format="0")
    # What may be a number or a text stands in the middle, which suits both.
    align = "left" if field.types == ("string",) else "center" if "string" in field.types else "right"
    return style("input", align=align, indent=_indent(align))


def _indent(align: str) -> int:
    return 0 if align == "center" else 1


def height(text: str, width: float, look: Style) -> float:
    """Return how many points a text of the style `look` needs when it is wrapped in a column of `width` characters.

    Estimated generously: Excel, WPS and LibreOffice break lines differently, and a line too many does no harm.
    Excel allows at most 409 points.
    """
    return min(_HIGHEST, _points(text, width, look))


def fitted(text: object, width: float, look: Style) -> Style:
    """Return a style in which all of a text is to be seen: smaller where the highest row has no room for it."""
    if not isinstance(text, str):
        return look
    sizes = (look["font_size"], *_SMALLER)
    found = ({**look, "font_size": size} for size in sizes)
    return next((each for each in found if _points(text, width, each) <= _HIGHEST), {**look, "font_size": sizes[-1]})


_HIGHEST = 409.0  # points
_SMALLER = (10, 9, 8, 7)


def _points(text: str, width: float, look: Style) -> float:
    size = float(look["font_size"])
    room = max(2.0, (width - 1 - 1.5 * float(look.get("indent", 0))) * float(FONT["font_size"]) / size)
    lines = sum(max(1, math.ceil(_columns(line) / room)) for line in text.split("\n"))
    return math.ceil(lines * size * 1.36 + 8)


def _columns(text: str) -> int:
    """Return the width of a text where a Chinese character counts 2."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
