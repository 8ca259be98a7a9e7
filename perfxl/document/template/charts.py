"""Bar charts of Word's own, drawn from the texts of a document: `{{ rows | chart("title", "label", "value") }}`.

The filter writes the whole chart where the tag stands, inside its drawing, because a filter knows of no package. When
the part is rendered, `lifted` moves each chart to a part of its own and leaves the reference that Word expects. There
is no embedded workbook: the values are in the chart (ECMA-376 part 1, 21.2), which is all that is needed to show it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

_CONTENT_TYPES = "[Content_Types].xml"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_RELATIONSHIPS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Centimetres. A row has room for a label of two lines of 9 pt; the room on the right is for the value of a full bar.
_WIDTH, _VALUES, _TITLE, _ROW, _BELOW = (Decimal(each) for each in ("15", "1.9", "1", "0.8", "0.2"))
_CHARACTER, _AROUND = Decimal("0.33"), Decimal("0.5")
_MOST_ROWS = 6  # to a chart, which is 6 cm high then; the rest goes into charts that follow
# Characters of a label. LibreOffice 7.4 breaks no label and squeezes the chart instead, so the breaks are ours.
_LINE_LENGTH, _LONGEST = 16, 32
_LINE_END = Markup("&#10;")  # a bare one would become Word's own
_EMU = 360_000  # to a centimetre

_NUMBER = re.compile(r"(-?[0-9]+(?:\.([0-9]+))?)(%?)")
_WRITTEN = re.compile(r"<c:chartSpace .*?</c:chartSpace>", re.DOTALL)
_MARK = "<c:chartSpace "
_DRAWING_ID = re.compile(rb'<wp:docPr\b[^>]*?\bid="([0-9]+)"')
_NEW_ID = 'docPr id="new"'  # as the filter writes it; Word wants the ids of all drawings to differ

_TAG = re.compile(r"{{(?:(?!}}).)*\|\s*chart\s*\(", re.DOTALL)
_OPENING = re.compile(r"<w:p(?: [^>]*)?>")
_PROPERTIES = re.compile(r"<w:pPr\s*/>|<w:pPr>(.*?)</w:pPr>", re.DOTALL)
_SPACING = re.compile(r"<w:spacing(?=[ /])([^>]*?)/>")
_LINE = re.compile(r' w:line(?:Rule)?="[^"]*"')
# What stands behind w:spacing in w:pPr (ECMA-376 part 1, 17.3.1.26).
_BEHIND_SPACING = re.compile(
    r"<w:(?:ind|contextualSpacing|mirrorIndents|suppressOverlap|jc|textDirection|textAlignment|textboxTightWrap"
    r"|outlineLvl|divId|cnfStyle|rPr|sectPr|pPrChange)(?=[ />])|$"
)

# Every font and colour is said, so that it looks the same whatever the theme; the blue is a middling grey on paper.
_FONT = '<a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/><a:cs typeface="Times New Roman"/>'
_BLACK = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
_LETTERS = f'<a:defRPr sz="900" b="0">{_BLACK}{_FONT}</a:defRPr>'
_TEXT = f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{_LETTERS}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
_NOTHING = "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
_AXES = '<c:axId val="1001"/><c:axId val="1002"/>'
_SHOWN = '<c:showLegendKey val="0"/>' + "".join(
    f'<c:show{what} val="{int(what == "Val")}"/>' for what in ("Val", "CatName", "SerName", "Percent", "BubbleSize")
)

_TITLE_LETTERS = f'<a:rPr lang="zh-CN" sz="1050" b="0">{_BLACK}{_FONT.replace("宋体", "黑体")}</a:rPr>'
_HEADING = (
    '<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1050" b="0"/></a:pPr>'
    f"<a:r>{_TITLE_LETTERS}<a:t>{{title}}</a:t></a:r>"
    '</a:p></c:rich></c:tx><c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/>'
)
_SERIES = (
    '<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>Sheet1!$B$1</c:f><c:strCache><c:ptCount val="1"/>'
    '<c:pt idx="0"><c:v>{title}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    '<c:spPr><a:solidFill><a:srgbClr val="5B7FA6"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
    '<c:invertIfNegative val="0"/>'
    f'<c:dLbls><c:numFmt formatCode="{{style}}" sourceLinked="0"/>{_NOTHING}{_TEXT}<c:dLblPos val="outEnd"/>{_SHOWN}'
    "</c:dLbls>"
    '<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val="{count}"/>{labels}</c:strCache>'
    "</c:strRef></c:cat>"
    "<c:val><c:numRef><c:f>Sheet1!$B$2:$B${last}</c:f><c:numCache><c:formatCode>{style}</c:formatCode>"
    '<c:ptCount val="{count}"/>{values}</c:numCache></c:numRef></c:val></c:ser>'
)
_PLOT = (
    '<c:plotArea><c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    '<c:x val="{x}"/><c:y val="{y}"/><c:w val="{w}"/><c:h val="{h}"/></c:manualLayout></c:layout>'
    f'<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>{_SERIES}'
    f'<c:gapWidth val="60"/>{_AXES}</c:barChart>'
    # Turned round, so that the first row is on top; labels stay on the left where a bar goes below nothing.
    '<c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
    '<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
    '<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln w="9525"><a:solidFill>'
    f'<a:srgbClr val="808080"/></a:solidFill></a:ln></c:spPr>{_TEXT}<c:crossAx val="1002"/>'
    '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
    '<c:noMultiLvlLbl val="1"/></c:catAx>'
    '<c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/><c:max val="{most}"/><c:min val="{least}"/>'
    '</c:scaling><c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="General" sourceLinked="0"/>'
    '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/><c:crossAx val="1001"/>'
    f'<c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>{_NOTHING}</c:plotArea>'
)
_SPACE = Markup(
    f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_DRAWING}"><c:date1904 val="0"/><c:lang val="zh-CN"/>'
    f'<c:roundedCorners val="0"/><c:chart>{_HEADING}{_PLOT}<c:plotVisOnly val="1"/>'
    f'<c:dispBlanksAs val="gap"/></c:chart>{_NOTHING}{_TEXT}</c:chartSpace>'
)
_POINT = Markup('<c:pt idx="{}"><c:v>{}</c:v></c:pt>')
# The tag stands inside w:t, which a drawing may not.
_INLINE = Markup(
    '</w:t><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:' + _NEW_ID + ' name="{title}" descr="{said}"/>'
    f'<wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_DRAWING}"><a:graphicData uri="{_CHART}">{{space}}'
    '</a:graphicData></a:graphic></wp:inline></w:drawing><w:t xml:space="preserve">'
)
_REFERENCE = f'<c:chart xmlns:c="{_CHART}" xmlns:r="{_OFFICE}" r:id="{{}}"/>'


@dataclass(frozen=True)
class _Bar:
    """A row as the chart shows it; `number` and its `decimals` are None where the value is no number."""

    label: str
    text: str
    number: str | None
    decimals: int | None


def chart(rows: Sequence[Mapping[str, Any]], title: str, label: str, value: str) -> Markup:
    """Return drawings of bars, one for each of `rows`, the first on top: nothing where there are no rows.

    `label` and `value` name two columns. A value is drawn as the number that its text says, with `%` or without; where
    it says none, or the first number of the column is of the other kind, there is no bar, and the text stands with the
    label. Percentages have a scale of at least 100. More than six rows are shared out over several drawings of one
    scale. Raises `ValueError` where a row has no such column.
    """
    bars, percent = _bars([(_one_line(row, label), _one_line(row, value)) for row in rows])
    title = " ".join(title.split())
    drawn = [Decimal(bar.number) for bar in bars if bar.number is not None]
    most = max([*drawn, Decimal(100 if percent else 0)]) or Decimal(1)
    longest = max((min(len(bar.label), _LINE_LENGTH) for bar in bars), default=0)
    labels = _AROUND + _CHARACTER * longest
    scale = {
        "most": most,
        "least": min([*drawn, Decimal(0)]),
        "style": _style(bars, percent),
        "x": _share(labels, _WIDTH),
        "w": _share(_WIDTH - labels - _VALUES, _WIDTH),
    }
    pieces = -(-len(bars) // _MOST_ROWS)
    size = -(-len(bars) // pieces) if pieces else 1
    shared = [bars[start : start + size] for start in range(0, len(bars), size)]
    return Markup("").join(
        _drawing(piece, f"{title}（续）" if number else title, scale) for number, piece in enumerate(shared)
    )


def roomy(paragraph: str) -> str:
    """Return a paragraph of a template, with a line as high as its chart where it has one.

    Word shows no more of a drawing than the line distance, where that is exact, as it is in official documents.
    """
    if not _TAG.search(paragraph):
        return paragraph
    found, opening = _PROPERTIES.search(paragraph), _OPENING.match(paragraph)
    start, end = found.span() if found else (opening.end() if opening else 0,) * 2
    inside = (found.group(1) or "") if found else ""
    behind = _BEHIND_SPACING.search(inside)
    split = behind.start() if behind else len(inside)
    before = inside[:split]
    spacing = _SPACING.search(before)
    kept = _LINE.sub("", spacing.group(1)).rstrip() if spacing else ""
    high = f'<w:spacing{kept} w:line="240" w:lineRule="auto"/>'
    return f"{paragraph[:start]}<w:pPr>{_SPACING.sub('', before)}{high}{inside[split:]}</w:pPr>{paragraph[end:]}"


def lifted(xml: str, name: str, parts: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """Return the XML of the part `name` with its charts moved to parts of their own, and the parts with those.

    Where there is no chart, both are as they were. Names and ids are the next that are free, in the order of the text.
    Raises `ValueError` where the lists of the package end in something else than their root.
    """
    if _MARK not in xml:
        return xml, parts
    changed = dict(parts)
    folder, base = posixpath.split(name)
    relationships = f"{folder}/_rels/{base}.rels"
    ids = [int(each) for part in (*parts.values(), xml.encode()) for each in _DRAWING_ID.findall(part)]
    next_id = max(ids, default=0) + 1
    pieces: list[str] = []
    done, number = 0, 0
    for number_here, written in enumerate(_WRITTEN.finditer(xml)):
        number = next(n for n in range(number + 1, 10**6) if f"{folder}/charts/chart{n}.xml" not in parts)
        target = f"charts/chart{number}.xml"
        before = xml[done : written.start()].replace(_NEW_ID, f'docPr id="{next_id + number_here}"')
        pieces += (before, _REFERENCE.format(f"rIdChart{number}"))
        done = written.end()
        changed[f"{folder}/{target}"] = (_DECLARATION + written.group()).encode()
        kind = f'Override PartName="/{folder}/{target}" ContentType="{_CONTENT_TYPE}"'
        changed[_CONTENT_TYPES] = _listed(changed[_CONTENT_TYPES], kind)
        relationship = f'Relationship Id="rIdChart{number}" Type="{_OFFICE}/chart" Target="{target}"'
        changed[relationships] = _listed(changed.get(relationships, _NO_RELATIONSHIPS), relationship)
    return "".join((*pieces, xml[done:])), changed


def _bars(rows: Sequence[tuple[str, str]]) -> tuple[list[_Bar], bool]:
    """Return the bars, and whether they are percentages, which the first number decides."""
    found = [_NUMBER.fullmatch(text) for _, text in rows]
    sign = next((match.group(3) for match in found if match), "")
    bars = []
    for (label, text), match in zip(rows, found, strict=True):
        if match and match.group(3) == sign:
            bars.append(_Bar(label, text, match.group(1), len(match.group(2) or "")))
        else:
            bars.append(_Bar(f"{label}（{text}）" if text else label, "", None, None))
    return bars, sign == "%"


def _style(bars: Sequence[_Bar], percent: bool) -> str:
    """Return the number format in which every value reads as its text; `%` in quotes multiplies nothing."""
    decimals = {bar.decimals for bar in bars if bar.decimals is not None}
    same = decimals.pop() if len(decimals) == 1 else None
    plain = "General" if same is None else f"0.{'0' * same}".rstrip(".")
    return plain + ('"%"' if percent else "")


def _drawing(bars: Sequence[_Bar], title: str, scale: Mapping[str, Any]) -> Markup:
    height = _TITLE + _ROW * len(bars) + _BELOW
    space = _SPACE.format(
        title=title,
        last=len(bars) + 1,
        count=len(bars),
        labels=_points([_broken(bar.label) for bar in bars]),
        values=_points([bar.number for bar in bars]),
        y=_share(_TITLE, height),
        h=_share(_ROW * len(bars), height),
        **scale,
    )
    return _INLINE.format(
        width=int(_WIDTH * _EMU),
        height=int(height * _EMU),
        title=title,
        said=f"{title}：{'；'.join(f'{bar.label} {bar.text}'.strip() for bar in bars)}",
        space=space,
    )


def _points(texts: Sequence[str | None]) -> Markup:
    return Markup("").join(_POINT.format(index, text) for index, text in enumerate(texts) if text is not None)


def _one_line(row: Mapping[str, Any], column: str) -> str:
    if column not in row:
        raise ValueError(f"图里要画的数据没有“{column}”")
    return " ".join(str(row[column]).split())


def _broken(label: str) -> Markup:
    """Return the label in at most two lines; what is longer ends in …, and stands in full in the drawing's text."""
    short = label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
    return _LINE_END.join(short[start : start + _LINE_LENGTH] for start in range(0, len(short), _LINE_LENGTH))


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole:.4f}"


def _listed(part: bytes, entry: str) -> bytes:
    """Return a list of the package (content types, relationships) with one more entry, in the prefix of its root."""
    text = part.decode("utf-8-sig")
    ending = re.search(r"(?:</((?:\w+:)?)(\w+)\s*>|<((?:\w+:)?)(\w+)(\s[^<>]*)/>)\s*$", text)
    if ending is None:
        raise ValueError("文件的部件目录不完整")
    if ending.group(2):
        prefix, opening, closing = ending.group(1), "", ending.group()
    else:
        prefix = ending.group(3)
        root = f"{prefix}{ending.group(4)}"
        opening, closing = f"<{root}{ending.group(5)}>", f"</{root}>"
    return f"{text[: ending.start()]}{opening}<{prefix}{entry}/>{closing}".encode()
