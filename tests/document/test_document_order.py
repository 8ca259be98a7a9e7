"""Word is strict where LibreOffice is not: elements stand in the order of ECMA-376 part 1 (wml.xsd)."""

from __future__ import annotations

import pytest
from lxml import etree

from perfxl.document.render import render
from perfxl.document.template.context import context

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

BORDERS = "top left start bottom right end insideH insideV tl2br tr2bl"
RUN = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish"
    " webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang"
    " eastAsianLayout specVanish oMath"
)
PARAGRAPH = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
    " snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
    " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
)
ORDERS = {
    "pPr": PARAGRAPH,
    "rPr": RUN,
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd"
        " tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription"
    ),
    "tblBorders": BORDERS,
    "tcBorders": BORDERS,
    "tblCellMar": "top left start bottom right end",
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType"
        " cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings"
    ),
    "style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked"
        " personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr"
    ),
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "font": "altName panose1 charset family notTrueType pitch sig embedRegular embedBold embedItalic embedBoldItalic",
    "settings": (
        "writeProtection view zoom removePersonalInformation embedTrueTypeFonts embedSystemFonts saveSubsetFonts"
        " mirrorMargins hideSpellingErrors hideGrammaticalErrors proofState attachedTemplate documentProtection"
        " defaultTabStop autoHyphenation evenAndOddHeaders drawingGridHorizontalSpacing drawingGridVerticalSpacing"
        " characterSpacingControl footnotePr endnotePr compat rsids themeFontLang clrSchemeMapping decimalSymbol"
        " listSeparator"
    ),
    "sdt": "sdtPr sdtEndPr sdtContent",
    "sdtContent": "p|tbl",
    "hyperlink": "r",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "tc": "tcPr p|tbl",
    "r": "rPr t|tab|br|fldChar|instrText",
    "p": "pPr r|fldSimple|hyperlink|bookmarkStart|bookmarkEnd",
    "body": "p|tbl|sdt sectPr",
}


def disorder(root) -> list[tuple[str, list[str]]]:
    """Return each element whose children are unknown to the standard or out of its order."""
    found = []
    for name, order in ORDERS.items():
        place = {child: number for number, group in enumerate(order.split()) for child in group.split("|")}
        if name == "sectPr":
            place["footerReference"] = place["headerReference"]  # a choice of both, in any order
        for element in root.iter(W + name):
            children = [etree.QName(child).localname for child in element]
            numbers = [place.get(child, -1) for child in children]
            if -1 in numbers or numbers != sorted(numbers):
                found.append((name, children))
    return found


def word_parts(made) -> dict[str, bytes]:
    return {name: made.part(name) for name in made.parts if name.startswith("word/") and name.endswith(".xml")}


def test_the_template_is_in_the_order_of_the_standard(template, opened):
    assert {name: disorder(part) for name, part in word_parts(opened(template)).items() if disorder(part)} == {}


@pytest.mark.parametrize("draft", [False, True])
def test_documents_are_in_the_order_of_the_standard(template, schema, example, opened, draft):
    made = opened(render(template, {**context(example, schema), "draft": draft}))
    assert {name: disorder(part) for name, part in word_parts(made).items() if disorder(part)} == {}
    assert any(made.merges(0))


def test_the_check_sees_disorder():
    properties = f'<w:tcPr xmlns:w="{W[1:-1]}"><w:vAlign/><w:vMerge/></w:tcPr>'
    assert disorder(etree.fromstring(properties)) == [("tcPr", ["vAlign", "vMerge"])]


def test_a_properties_element_holds_every_child_once(template, opened):
    for part in word_parts(opened(template)).values():
        for name in ("pPr", "rPr", "tcPr", "tblPr"):
            for element in part.iter(W + name):
                children = [child.tag for child in element]
                assert len(set(children)) == len(children)
