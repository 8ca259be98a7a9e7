"""Styles and fonts of the Word templates, for each of the looks in `word_layouts`.

Line distances are exact, because “single” depends on the font that a machine happens to have, and the pages would break
elsewhere.
"""

from __future__ import annotations

from word_layouts import Layout

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)

SONG, LATIN = "宋体", "Times New Roman"
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


_NO_INDENT = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_LEFT, _CENTRE, _RIGHT = (f'<w:jc w:val="{side}"/>' for side in ("left", "center", "right"))
_KEEP = "<w:keepNext/><w:keepLines/>"


def _level(number: int) -> str:
    return f'<w:outlineLvl w:val="{number - 1}"/>'


def _indent(layout: Layout) -> str:
    return f'<w:ind w:firstLineChars="200" w:firstLine="{layout.size * 20}"/>'


def _title(layout: Layout, half_points: int) -> str:
    return _fonts(layout.titles) + ("<w:b/><w:bCs/>" if layout.bold_titles else "") + _size(half_points)


def _built_in(layout: Layout) -> str:
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(layout.body, LATIN)}{_size(layout.size)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr>{_spacing(layout.line)}<w:jc w:val="both"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        # Word puts this style on the entries of 目录 whenever it updates them; its own is blue and underlined.
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/><w:unhideWhenUsed/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
    )


def _cover(layout: Layout) -> str:
    return (
        _style(
            "Title", "Title", following="BodyText",
            paragraph=_spacing(1000, after=3900) + _CENTRE, run=_title(layout, 60),
        )
        + _style(
            "CoverUnit", "封面单位",
            paragraph=_spacing(800, before=2400, after=400) + _CENTRE, run=_title(layout, 44),
        )
        + _style("CoverLine", "封面落款", paragraph=_spacing(640) + _CENTRE, run=_fonts(layout.subheadings) + _size(32))
    )  # fmt: skip


def _contents(layout: Layout) -> str:
    """目录 and its entries. A long name goes on under itself.

    No indent on the right, though it would keep the numbers in a column of their own: LibreOffice 7.4 then prints none.
    """
    em, line = layout.size * 10, layout.line - 19
    tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{layout.text_width}"/></w:tabs>'

    def entry(level: int, run: str = "") -> str:
        hanging = 2 * em if level else 0
        indent = f'<w:ind w:left="{em * level + hanging}" w:hanging="{hanging}"/>'
        return _style(
            f"TOC{level + 1}", f"toc {level + 1}", following="BodyText", quick=False,
            paragraph=tab + _spacing(line) + indent + _LEFT, run=run,
        )  # fmt: skip

    return (
        _style(
            "TOCHeading", "TOC Heading", following="BodyText",
            paragraph="<w:pageBreakBefore/>" + _spacing(900, before=200, after=300) + _CENTRE, run=_title(layout, 44),
        )
        + entry(0, _fonts(layout.headings)) + entry(1) + entry(2)
        + _style("TOCEnd", "目录末尾", paragraph=_spacing(20), run=_size(2), quick=False)
    )  # fmt: skip


def _text(layout: Layout) -> str:
    indent = _indent(layout)
    closer = f'<w:spacing w:val="{layout.closer}"/>' if layout.closer else ""
    return (
        _style("BodyText", "Body Text", paragraph=indent, run=closer)
        + _style(
            "Heading1", "heading 1", following="PartTitle",
            paragraph=_KEEP + "<w:pageBreakBefore/>" + _spacing(900, before=4200, after=400) + _CENTRE + _level(1),
            run=_title(layout, 52),
        )
        + _style(
            "PartTitle", "部分名称", following="BodyText",
            paragraph=_spacing(900) + _CENTRE, run=_title(layout, 44),
        )
        + _style(
            "Heading2", "heading 2", following="BodyText",
            paragraph=_KEEP + indent + _LEFT + _level(2), run=_fonts(layout.headings),
        )
        + _style(
            "Heading3", "heading 3", following="BodyText",
            paragraph=_KEEP + indent + _LEFT + _level(3), run=_fonts(layout.subheadings),
        )
        + _style(
            "ProjectTitle", "项目表标题", base="Heading2", following="TableText",
            paragraph="<w:pageBreakBefore/>" + _spacing(layout.line, after=120) + _NO_INDENT + _CENTRE,
        )
    )  # fmt: skip


def _tables(layout: Layout) -> str:
    return (
        _style(
            "TableText", "表格文字",
            paragraph='<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>' + _spacing(TABLE_LINE) + _LEFT,
            run=_size(21),
        )
        + _style("TableCentred", "表格居中", base="TableText", paragraph=_CENTRE)
        + _style("TableRight", "表格居右", base="TableText", paragraph=_RIGHT)
        + _style("TableHead", "表格栏目", base="TableCentred", run=_fonts(layout.headings))
        + _style("TableGap", "两表之间", base="TableText", paragraph="<w:keepNext/>" + _spacing(200), quick=False)
        + _style("DocumentEnd", "文末", paragraph=_spacing(20), run=_size(2), quick=False)
        + _style("TemplateTag", "模板标记", base="TableText", run='<w:color w:val="808080"/>', quick=False)
    )  # fmt: skip


def _margins(layout: Layout) -> str:
    # 四号 digits of 宋体 between dashes, one character in from the outer edge (GB/T 9704—2012).
    right = '<w:ind w:rightChars="100" w:right="280"/>' + _RIGHT
    left = '<w:ind w:leftChars="100" w:left="280" w:rightChars="0" w:right="0"/>' + _LEFT
    return (
        _style(
            "Header", "header", quick=False,
            paragraph=_spacing(400) + _CENTRE,
            run=_fonts(layout.headings) + '<w:spacing w:val="160"/>' + _size(28),
        )
        + _style(
            "Footer", "footer", quick=False,
            paragraph=_spacing(320) + (right if layout.outside else _CENTRE),
            run=_fonts(SONG) + _size(28 if layout.outside else 21),
        )
        + _style("FooterEven", "偶数页页脚", base="Footer", quick=False, paragraph=left if layout.outside else "")
    )  # fmt: skip


def styles(layout: Layout) -> str:
    """Return `word/styles.xml` of a look."""
    kinds = (_built_in, _cover, _contents, _text, _tables, _margins)
    return f"<w:styles {NAMESPACES}>{''.join(kind(layout) for kind in kinds)}</w:styles>"


# What stands in for a font that is absent: 仿宋_GB2312, 楷体_GB2312 and 小标宋 are rare outside government offices.
_STAND_INS = {
    "仿宋_GB2312": ("仿宋,FangSong,华文仿宋,STFangsong", "modern"),
    "黑体": ("SimHei,Noto Sans CJK SC", "modern"),
    "楷体_GB2312": ("楷体,KaiTi,华文楷体,STKaiti", "modern"),
    "楷体": ("KaiTi,楷体_GB2312,华文楷体,STKaiti", "modern"),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S,小标宋,宋体,SimSun", "auto"),
    SONG: ("SimSun,Noto Serif CJK SC", "auto"),
    LATIN: ("Times,Liberation Serif", "roman"),
}


def font_table(layout: Layout) -> str:
    """Return `word/fontTable.xml` of a look."""
    names = (layout.body, layout.headings, layout.subheadings, layout.titles, SONG, LATIN)
    return f"<w:fonts {NAMESPACES}>{''.join(map(_font, dict.fromkeys(names)))}</w:fonts>"


def _font(name: str) -> str:
    others, family = _STAND_INS[name]
    return (
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="{"00" if name == LATIN else "86"}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
    )
