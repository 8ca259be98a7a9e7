"""The parts of a .docx: read whole and held against what an archive of parts may be."""

from __future__ import annotations

from perfxl.storage.zip_archive import CONTENT_TYPES, Damaged, ZipArchive

DOCUMENT = "word/document.xml"
CORE_PROPERTIES = "docProps/core.xml"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'  # with which every part of ours begins
MAX_BYTES = 64 * 2**20  # a template with letterheads unpacks to a few MiB


def read_parts(package: bytes) -> dict[str, bytes]:
    """Return the parts of a .docx by name, in the order of the archive.

    Raises `ValueError` where it is no .docx, names a part twice or outside itself, or unpacks to over 64 MiB.
    """
    try:
        archive = ZipArchive(package)
        entries = [entry for entry in archive.entries if not entry.name.endswith("/")]
        names = [entry.name for entry in entries]
        if CONTENT_TYPES not in names:
            raise ValueError("not a .docx: no content types")
        if len(set(names)) < len(names) or any(".." in name.split("/") for name in names):
            raise ValueError("a part is named twice or outside the archive")
        if sum(entry.size for entry in entries) > MAX_BYTES:
            raise ValueError("too large when unpacked")
        return {name: archive.part(name) for name in names}
    except Damaged as fault:
        raise ValueError(f"not a readable .docx: {fault}") from fault
