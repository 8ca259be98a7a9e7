"""The documents of a batch as pieces of web pages, beside them."""

from __future__ import annotations

import os
from pathlib import Path

from perfxl import __version__
from perfxl.batch.ledger import Ledger
from perfxl.batch.serialization import digest, shown
from perfxl.batch.side_files import SideFiles

_HERE = "."  # beside the documents
_QUERY = """
    SELECT path, document, output FROM workbook
    WHERE gone = 0 AND output IS NOT NULL AND path > ? ORDER BY path LIMIT ?"""


def write_pages(ledger: Ledger, output: Path) -> list[str]:
    """Bring the fragments of all documents of ours up to date; return sentences on what was in the way."""
    from perfxl.document.html_fragment import fragment

    files = SideFiles(ledger, output, _HERE)
    for row in ledger.portions(_QUERY):
        document = os.fsdecode(row["document"])
        path = f"{document.removesuffix('.docx')}.html"
        made_of = digest(__version__.encode() + bytes(row["output"]))
        if files.current(path, made_of):
            continue
        try:
            data = (output / document).read_bytes()
        except OSError:
            continue  # it has been taken away; the next run makes it again
        if digest(data) == row["output"]:  # what somebody has changed is not ours to publish
            files.put(path, fragment(data), made_of, row["path"])
    kept = [shown(path.removeprefix(f"{_HERE}/")) for path in files.kept]
    said = [f"“{path}”被人改过，没有更新；不要那份修改的，删除它再运行一次。" for path in kept]
    return [*said, *files.troubles]
