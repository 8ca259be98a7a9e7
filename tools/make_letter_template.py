"""Writes the Word template of the letter with which a form goes back to its unit: `templates/退回意见.docx`.

    python tools/make_letter_template.py [FOLDER]

Looks, styles and the other parts of the file are those of the plan's template (`make_word_template.py`). An office that
wants another letter changes a copy of it in Word or WPS.
"""

from __future__ import annotations

import sys
from pathlib import Path

from make_word_template import NAMESPACES, TARGET, cell, core, paragraph, part, parts, row, section, table, tag
from word_layouts import STANDARD, Layout

from perfxl.storage.zip_archive import write_parts

NAME = "退回意见.docx"
_GRID = (640, 760, 1760, 3100, 2584)  # 序号 | 程度 | 位置 | 问题 | 怎么改
_HEADERS = ("序号", "程度", "位置", "问题", "怎么改")
_FIELDS = ("number", "severity", "place", "problem | lines", "cure | lines")
_STYLES = ("TableCentred", "TableCentred", "TableText", "TableText", "TableText")


def findings() -> str:
    head = row(
        *(cell(width, paragraph("TableHead", text)) for width, text in zip(_GRID, _HEADERS, strict=True)), header=True
    )
    loop, end = (
        row(cell(sum(_GRID), tag(text), span=len(_GRID)))
        for text in ("{%tr for finding in findings %}", "{%tr endfor %}")
    )
    line = row(
        *(
            cell(width, paragraph(style, "{{ finding." + field + " }}"))
            for width, style, field in zip(_GRID, _STYLES, _FIELDS, strict=True)
        )
    )
    return table(_GRID, head, loop, line, end, caption="需要修改的地方", description="位置、问题和改法，一行一处")


def body() -> str:
    return "".join(
        (
            paragraph("PartTitle", "退回修改意见"),
            paragraph("BodyText", ""),
            paragraph("Normal", "{{ unit_name }}："),
            paragraph("BodyText", "你单位报送的“{{ file }}”收到，经检查，{{ verdict }}"),
            paragraph(
                "BodyText",
                "请按下表改正或者核对，在原来的填报表里改好，重新报送。每一处的格子和办法，见附件“{{ attachment }}”。",
            ),
            paragraph("TableGap", ""),
            findings(),
            paragraph("BodyText", ""),
            paragraph("BodyText", "附件：{{ attachment }}"),
            paragraph("BodyText", ""),
            paragraph("TableRight", "年　　月　　日"),
        )
    )


def letter_parts(layout: Layout) -> dict[str, bytes]:
    """Return every part of the template by name."""
    numbered = section(layout).replace("<w:titlePg/>", "")
    return {
        **parts(layout),
        "word/document.xml": part(f"<w:document {NAMESPACES}><w:body>{body()}{numbered}</w:body></w:document>"),
        "docProps/core.xml": core("{{ unit_name }}退回修改意见"),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(write_parts(letter_parts(STANDARD)))
    print(folder / NAME)
