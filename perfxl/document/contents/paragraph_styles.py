"""How high the lines of a paragraph are and how wide: its properties, as styles and paragraphs give them.

Lengths are in twentieths of a point (twips), as in the file. What is not here has no bearing on where pages break in
documents with exact line distances, or is too rare to be worth its time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # only who compiles a template has a tree
    from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset({"0", "false", "off"})
_BODY_TEXT = 9  # the outline level of what is no heading
_SINGLE = 1.3  # height of a line of Chinese type at single spacing, in sizes

Properties = Iterable[tuple[str, Mapping[str, str]]]
"""Elements by name with their attributes by name, all without their prefix, which is Word's."""


class ParagraphShape(NamedTuple):
    """What of a paragraph's properties decides where it stands."""

    line: int = 240
    exact: bool = False  # `line` is a height; else it counts in 240ths of the type's own
    least: bool = False
    before: int = 0
    after: int = 0
    left: int = 0
    right: int = 0
    first: int = 0
    size: int = 210
    closer: int = 0
    break_before: bool = False
    keep_next: bool = False
    keep_lines: bool = False
    widow: bool = True
    centred: bool = False
    heading: bool = False  # it has an outline level

    @property
    def height(self) -> int:
        """The height of a line."""
        if self.exact:
            return self.line
        own = int(self.size * _SINGLE)
        return max(self.line, own) if self.least else own * self.line // 240


class ParagraphShapes:
    """The shapes of the paragraphs of a document by the ids of its styles; `default` is the id of those that say none.

    `plain` is the shape of paragraphs whose style nobody knows.
    """

    def __init__(self, plain: ParagraphShape, default: str, styles: Mapping[str, ParagraphShape]) -> None:
        self.plain, self.default, self.styles = plain, default, styles

    def of(self, properties: str) -> ParagraphShape:
        """Return the shape of a paragraph by what stands within its `w:pPr`."""
        said = children(properties)
        style = next((words.get("val", "") for name, words in said if name == "pStyle"), self.default)
        return laid_over(self.styles.get(style, self.plain), said, ())


_TAG = re.compile(r"<(/?)(?:([\w.-]+):)?([\w.-]+)((?:\s+[\w:.-]+=\"[^\"]*\")*)\s*(/?)>")
_ATTRIBUTE = re.compile(r'\sw:([\w.-]+)="([^"]*)"')
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


def children(xml: str) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of Word's own in a piece of XML, without those within them."""
    found: list[tuple[str, dict[str, str]]] = []
    depth = 0
    for close, prefix, name, words, empty in _TAG.findall(xml):
        if close:
            depth -= 1
            continue
        if depth == 0 and prefix == "w":
            found.append((name, {key: _plain(value) for key, value in _ATTRIBUTE.findall(words)}))
        depth += not empty
    return found


def _plain(value: str) -> str:
    if "&" in value:
        for written, sign in _ENTITIES:
            value = value.replace(written, sign)
    return value


def shapes(styles: etree._Element | None) -> ParagraphShapes:
    """Return the shapes that a parsed `word/styles.xml` gives, where there is one."""
    if styles is None:
        return ParagraphShapes(ParagraphShape(), "", {})
    plain, default = ParagraphShape(), ""
    defaults = styles.find(_W + "docDefaults")
    if defaults is not None:
        paragraph = defaults.find(f"{_W}pPrDefault/{_W}pPr")
        plain = laid_over(plain, _read(paragraph), _read(defaults.find(f"{_W}rPrDefault/{_W}rPr")))
    known: dict[str, etree._Element] = {}
    for style in styles.iter(_W + "style"):
        style_id = style.get(_W + "styleId", "")
        known[style_id] = style
        if style.get(_W + "type") == "paragraph" and style.get(_W + "default") in ("1", "true"):
            default = style_id
    found: dict[str, ParagraphShape] = {}
    for style_id in known:
        _of_style(style_id, known, found, plain, 0)
    return ParagraphShapes(plain, default, found)


def _of_style(
    style_id: str,
    known: Mapping[str, etree._Element],
    found: dict[str, ParagraphShape],
    plain: ParagraphShape,
    depth: int,
) -> ParagraphShape:
    if style_id in found:
        return found[style_id]
    style = known.get(style_id)
    if style is None or depth > len(known):
        return plain
    base = style.find(_W + "basedOn")
    below = _of_style(base.get(_W + "val", ""), known, found, plain, depth + 1) if base is not None else plain
    found[style_id] = laid_over(below, _read(style.find(_W + "pPr")), _read(style.find(_W + "rPr")))
    return found[style_id]


def _read(properties: etree._Element | None) -> list[tuple[str, dict[str, str]]]:
    return [
        (
            element.tag.removeprefix(_W),
            {str(key)[len(_W) :]: str(word) for key, word in element.attrib.items() if str(key).startswith(_W)},
        )
        for element in (properties if properties is not None else ())
        if isinstance(element.tag, str) and element.tag.startswith(_W)
    ]


def laid_over(shape: ParagraphShape, paragraph: Properties, run: Properties) -> ParagraphShape:
    """Return `shape` with what the properties of a paragraph and of its type say instead."""
    said: dict[str, int | bool] = {}
    for name, words in run:
        if name == "sz":
            said["size"] = 10 * number(words, "val")
        elif name == "spacing":
            said["closer"] = number(words, "val")
    for name, words in paragraph:
        flag = _FLAGS.get(name)
        if flag:
            said[flag] = words.get("val", "1") not in _OFF
        elif name == "spacing":
            said |= {key: number(words, key) for key in ("before", "after", "line") if key in words}
            rule = words.get("lineRule")
            if rule or "line" in said:
                said["exact"], said["least"] = rule == "exact", rule == "atLeast"
        elif name == "jc":
            said["centred"] = words.get("val") == "center"
        elif name == "outlineLvl":
            said["heading"] = number(words, "val") < _BODY_TEXT
        elif name == "ind":
            said |= _indents(words, int(said.get("size", shape.size)))
    return shape._replace(**said) if said else shape  # type: ignore[arg-type]  # every field is one of the two


_FLAGS = {
    "pageBreakBefore": "break_before", "keepNext": "keep_next", "keepLines": "keep_lines", "widowControl": "widow",
}  # fmt: skip


def _indents(words: Mapping[str, str], size: int) -> dict[str, int]:
    """Return the indents. Those in hundredths of a character go before those in twips, unless they are 0."""
    found: dict[str, int] = {}
    for name, key, sign in (
        ("left", "left", 1), ("start", "left", 1), ("right", "right", 1), ("end", "right", 1),
        ("firstLine", "first", 1), ("hanging", "first", -1),
    ):  # fmt: skip
        if words.get(f"{name}Chars") not in (None, "0"):
            found[key] = sign * number(words, f"{name}Chars") * size // 100
        elif name in words:
            found[key] = sign * number(words, name)
    return found


def number(words: Mapping[str, str], name: str) -> int:
    """Return an attribute as a whole number, 0 where it is absent or none: some programs write 12.5 and 50%."""
    try:
        return int(float(words.get(name, "0")))
    except ValueError:
        return 0
