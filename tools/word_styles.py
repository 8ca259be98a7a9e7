"""Styles and fonts of the Word templates: what every document looks like, stated once.

Sizes are those of GB/T 9704—2012: body text 三号 (16 pt) 仿宋, 22 lines of 28 characters to the type area of 225 by
156 mm, headings in 黑体 and 楷体, titles in 小标宋. Tables are in 五号 (10.5 pt), as the published documents seem to
be. Line distances are exact, because “single” depends on the font that a machine happens to have, and the pages would
break elsewhere.
"""

from __future__ import annotations

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)

BODY, HEADINGS, SUBHEADINGS, TITLES, SONG = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
LATIN = "Times New Roman"

LINE = 579  # 225 mm / 22 lines, in twentieths of a point
TABLE_LINE = 280


def _fonts(east_asian: str, latin: str = "") -> str:
    latin = latin or east_asian  # in headings a digit in another font would stand out
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east_asian}" w:cs="{latin}"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _spacing(line: int, before: int = 0, after: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="exact"/>'


def _style(
    style_id: str, name: str, *, paragraph: str = "", run: str = "", base: str = "Normal", following: str = "",
    quick: bool = True,
) -> str:  # fmt: skip
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="{base}"/>'
        + (f'<w:next w:val="{following}"/>' if following else "")
        + ("<w:qFormat/>" if quick else "")
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )


_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_NO_INDENT = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_LEFT, _CENTRE, _RIGHT = (f'<w:jc w:val="{side}"/>' for side in ("left", "center", "right"))
_KEEP = "<w:keepNext/><w:keepLines/>"


def _level(number: int) -> str:
    return f'<w:outlineLvl w:val="{number - 1}"/>'


_DEFAULTS = (
    f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(BODY, LATIN)}{_size(32)}"
    '<w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    "<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>"
)

_BUILT_IN = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    f'<w:pPr>{_spacing(LINE)}<w:jc w:val="both"/></w:pPr></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
)

# A quarter of a point closer makes 28 characters a line, as the standard has it. With 27, LibreOffice 7.4 loses a comma
# that hangs over the end of a paragraph's first line: it is in the .docx and not in the PDF.
_CLOSER = '<w:spacing w:val="-5"/>'

_TEXT = (
    _style("BodyText", "Body Text", paragraph=_INDENT, run=_CLOSER),
    _style(
        "Title", "Title", following="BodyText",
        paragraph=_spacing(1000, after=3900) + _CENTRE, run=_fonts(TITLES) + _size(60),
    ),
    _style(
        "CoverUnit", "封面单位",
        paragraph=_spacing(800, before=2400, after=400) + _CENTRE, run=_fonts(TITLES) + _size(44),
    ),
    _style("CoverLine", "封面落款", paragraph=_spacing(640) + _CENTRE, run=_fonts(SUBHEADINGS)),
    _style(
        "Heading1", "heading 1", following="PartTitle",
        paragraph=_KEEP + "<w:pageBreakBefore/>" + _spacing(900, before=4200, after=400) + _CENTRE + _level(1),
        run=_fonts(TITLES) + _size(52),
    ),
    _style(
        "PartTitle", "部分名称", following="BodyText",
        paragraph=_spacing(900) + _CENTRE, run=_fonts(TITLES) + _size(44),
    ),
    _style(
        "Heading2", "heading 2", following="BodyText",
        paragraph=_KEEP + _INDENT + _LEFT + _level(2), run=_fonts(HEADINGS),
    ),
    _style(
        "Heading3", "heading 3", following="BodyText",
        paragraph=_KEEP + _INDENT + _LEFT + _level(3), run=_fonts(SUBHEADINGS),
    ),
    _style(
        "ProjectTitle", "项目表标题", base="Heading2", following="TableText",
        paragraph="<w:pageBreakBefore/>" + _spacing(LINE, after=120) + _NO_INDENT + _CENTRE,
    ),
)  # fmt: skip

_TABLES = (
    _style(
        "TableText", "表格文字",
        paragraph='<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>' + _spacing(TABLE_LINE) + _LEFT, run=_size(21),
    ),
    _style("TableCentred", "表格居中", base="TableText", paragraph=_CENTRE),
    _style("TableRight", "表格居右", base="TableText", paragraph=_RIGHT),
    _style("TableHead", "表格栏目", base="TableCentred", run=_fonts(HEADINGS)),
    _style("TableGap", "两表之间", base="TableText", paragraph="<w:keepNext/>" + _spacing(200), quick=False),
    _style("DocumentEnd", "文末", paragraph=_spacing(20), run=_size(2), quick=False),
    _style("TemplateTag", "模板标记", base="TableText", run='<w:color w:val="808080"/>', quick=False),
)  # fmt: skip

_MARGINS = (
    _style(
        "Header", "header", quick=False,
        paragraph=_spacing(400) + _CENTRE, run=_fonts(HEADINGS) + '<w:spacing w:val="160"/>' + _size(28),
    ),
    # 四号 digits of 宋体 between dashes, one character in from the outer edge (GB/T 9704—2012).
    _style(
        "Footer", "footer", quick=False,
        paragraph=_spacing(320) + '<w:ind w:rightChars="100" w:right="280"/>' + _RIGHT,
        run=_fonts(SONG) + _size(28),
    ),
    _style(
        "FooterEven", "偶数页页脚", base="Footer", quick=False,
        paragraph='<w:ind w:leftChars="100" w:left="280" w:rightChars="0" w:right="0"/>' + _LEFT,
    ),
)  # fmt: skip

STYLES = f"<w:styles {NAMESPACES}>{_DEFAULTS}{_BUILT_IN}{''.join((*_TEXT, *_TABLES, *_MARGINS))}</w:styles>"


def _font(name: str, other_names: str, family: str, charset: str = "86") -> str:
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{other_names}"/><w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
    )


# 仿宋_GB2312, 楷体_GB2312 and 小标宋 are absent outside government offices: these say what stands in for them.
FONT_TABLE = (
    f"<w:fonts {NAMESPACES}>"
    + _font(BODY, "仿宋,FangSong,华文仿宋,STFangsong", "modern")
    + _font(HEADINGS, "SimHei,Noto Sans CJK SC", "modern")
    + _font(SUBHEADINGS, "楷体,KaiTi,华文楷体,STKaiti", "modern")
    + _font(TITLES, "FZXiaoBiaoSong-B05S,小标宋,宋体,SimSun", "auto")
    + _font(SONG, "SimSun,Noto Serif CJK SC", "auto")
    + _font(LATIN, "Times,Liberation Serif", "roman", "00")
    + "</w:fonts>"
)
