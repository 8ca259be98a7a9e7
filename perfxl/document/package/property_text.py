"""Custom properties of a .docx written as text, for documents that are made without an XML parser."""

from __future__ import annotations

import re
from html import escape

PART = "docProps/custom.xml"
TYPE = (
    f'<Override PartName="/{PART}" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>'
)
LINK = (
    f'<Relationship Id="rIdCustom" Target="{PART}"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"/>'
)
EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"></Properties>'
)
_ENTRY = (
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name="{name}">'
    "<vt:lpwstr>{value}</vt:lpwstr></property>"
)
_PID = re.compile(r'<property [^>]*?pid="(\d{1,9})"')
_END = "</Properties>"


def with_entry(xml: str, name: str, value: str) -> str:
    """Return the part with the text property `name` set. Raises `ValueError` where it is none of ours."""
    if not xml.endswith(_END) or "xmlns:vt=" not in xml:
        raise ValueError("custom properties of another kind")
    others = re.sub(rf'<property [^>]*name="{re.escape(name)}"[^>]*>[^\n]*?</property>', "", xml)
    pid = max(map(int, _PID.findall(others)), default=1) + 1
    return others.removesuffix(_END) + _ENTRY.format(pid=pid, name=name, value=escape(value)) + _END
