"""Custom properties of a .docx: what the document says of itself to programs (文件—信息—属性—自定义)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

PART = "docProps/custom.xml"

_TYPES, _RELATIONSHIPS = "[Content_Types].xml", "_rels/.rels"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_EMPTY = f'<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VALUES}"/>'.encode()
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the format of all user-defined properties ([MS-OSHARED] 2.3.3.2.3)
_NONE = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_FIRST_ID = 2  # 0 and 1 are reserved


def with_property(parts: Mapping[str, bytes], name: str, value: str) -> dict[str, bytes]:
    """Return the parts of a .docx with the text property `name` set, beside those that are there."""
    changed = dict(parts)
    if PART in parts:
        root = _parsed(parts[PART])
    else:
        root = _parsed(_EMPTY)
        changed[_TYPES] = _registered(parts[_TYPES], "Override", PartName=f"/{PART}", ContentType=_CONTENT_TYPE)
        relationship = {"Id": "rIdCustom", "Type": _RELATIONSHIP, "Target": PART}
        changed[_RELATIONSHIPS] = _registered(parts.get(_RELATIONSHIPS, _NONE), "Relationship", **relationship)
    for element in list(root):
        if element.get("name") == name:
            root.remove(element)
    ids = [int(element.get("pid", "0")) for element in root]
    element = etree.SubElement(root, f"{{{_PROPERTIES}}}property")
    for key, word in (("fmtid", _FORMAT), ("pid", str(max([*ids, _FIRST_ID - 1]) + 1)), ("name", name)):
        element.set(key, word)
    etree.SubElement(element, f"{{{_VALUES}}}lpwstr").text = value
    changed[PART] = _written(root)
    return changed


def read_property(parts: Mapping[str, bytes], name: str) -> str:
    """Return the text of the property `name`, empty where there is none."""
    if PART not in parts:
        return ""
    for element in _parsed(parts[PART]):
        if element.get("name") == name:
            return "".join(str(text) for text in element.itertext())
    return ""


def _registered(part: bytes, tag: str, **attributes: str) -> bytes:
    root = _parsed(part)
    element = etree.SubElement(root, f"{{{etree.QName(root).namespace}}}{tag}")
    for key, value in attributes.items():
        element.set(key, value)
    return _written(root)


def _parsed(part: bytes) -> etree._Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
