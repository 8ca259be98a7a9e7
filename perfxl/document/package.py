"""The zip archive that a .docx is: read whole, written so that the same parts always give the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

_CONTENT_TYPES = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip entry can bear
_LEVEL = 6
MAX_BYTES = 64 * 2**20  # a template with letterheads unpacks to a few MiB


def read_parts(package: bytes) -> dict[str, bytes]:
    """Return the parts of a .docx by name, in the order of the archive.

    Raises `ValueError` where it is no .docx, names a part twice or outside itself, or unpacks to over 64 MiB.
    """
    try:
        with zipfile.ZipFile(BytesIO(package)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            names = [entry.filename for entry in entries]
            if _CONTENT_TYPES not in names:
                raise ValueError("not a .docx: no content types")
            if len(set(names)) < len(names) or any(".." in name.split("/") for name in names):
                raise ValueError("a part is named twice or outside the archive")
            if sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise ValueError("too large when unpacked")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as fault:
        # RuntimeError is what zipfile raises of an encrypted entry, NotImplementedError of an exotic compression.
        raise ValueError(f"not a readable .docx: {fault}") from fault


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return the archive of `parts`: content types first, as readers expect, the others in the given order.

    Dates, attributes and the originating system are fixed, so that the bytes follow from the parts alone.
    """
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name in sorted(parts, key=lambda name: name != _CONTENT_TYPES):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0
            entry.external_attr = 0
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return target.getvalue()
