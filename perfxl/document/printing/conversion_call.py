"""One call of LibreOffice for several documents: what it is given, and what has come of it so far.

LibreOffice takes the files of a call in their order, so that the next one has begun once its predecessor is done.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

RESULTS = "results"


class Call:
    """Documents in a folder of their own, and the process that has them converted."""

    def __init__(self, folder: Path, documents: Sequence[bytes]) -> None:
        """Write the documents. Raises `OSError`."""
        self.documents = list(documents)
        self.folder = folder
        self.results = folder / RESULTS
        self.results.mkdir(parents=True)
        self.sources = [folder / f"{number}.docx" for number in range(len(self.documents))]
        for source, document in zip(self.sources, self.documents, strict=True):
            source.write_bytes(document)
        self.process: subprocess.Popen[bytes] | None = None

    def size(self) -> int:
        """Return how much has been written, which grows as long as something is done."""
        total = 0
        for path in self.results.glob("*.pdf"):
            try:
                total += path.stat().st_size
            except OSError:  # it is just being moved into its place
                continue
        return total

    def result(self, number: int, *, last: bool) -> bytes | None:
        """Return the PDF of a document, None where there is none, or not yet a whole one.

        One that is being written is only whole once the next one has begun or, with `last`, the call has ended.
        """
        later = any((self.results / f"{after}.pdf").exists() for after in range(number + 1, len(self.documents)))
        if not (later or last):
            return None
        try:
            pdf = (self.results / f"{number}.pdf").read_bytes()
        except OSError:
            return None
        return pdf if pdf.startswith(b"%PDF-") and b"%%EOF" in pdf[-1024:] else None

    def close(self) -> None:
        """Remove the files."""
        shutil.rmtree(self.folder, ignore_errors=True)
