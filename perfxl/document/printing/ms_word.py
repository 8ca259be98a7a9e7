"""Microsoft Word as a printer, on Windows: what clerks have, and what their readers open documents with.

The contract is that of `printing.Printer`, and Word has to be spoken to through COM (pywin32, which `perfxl[excel]`
brings). Word may stand still behind a dialogue that nobody sees, so it runs in a process of its own that is ended when
time is up; `python -m perfxl.document.printing.ms_word IN.docx OUT.pdf` is that process and prints the pages as JSON.
Written after Microsoft's documentation; no test reaches Word itself.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from perfxl.document.printing.page_numbers import Print, PrintFault

_SECONDS = 180.0
_NO_ALERTS = 0  # wdAlertsNone
_MACROS_OFF = 3  # msoAutomationSecurityForceDisable
_PAGE = 1  # wdActiveEndAdjustedPageNumber: what the page's own footer says
_AS_PDF = 17  # wdExportFormatPDF
_HEADINGS = 1  # wdExportCreateHeadingBookmarks
_LEAVE = 0  # wdDoNotSaveChanges
_PREFIX = "_Toc"


def available() -> bool:
    """Return whether Word is on this machine and can be spoken to."""
    if sys.platform != "win32" or importlib.util.find_spec("win32com") is None:
        return False
    import winreg

    try:
        winreg.CloseKey(winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, r"Word.Application\CLSID"))
    except OSError:
        return False
    return True


class Word:
    """Word, started for each document and ended after it."""

    source = "word"

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds

    def printed(self, document: bytes) -> Print:
        """Return the PDF of a .docx and the pages of its bookmarks. Raises `PrintFault`."""
        with tempfile.TemporaryDirectory(prefix="perfxl-word-", ignore_cleanup_errors=True) as folder:
            source, target = Path(folder) / "document.docx", Path(folder) / "document.pdf"
            source.write_bytes(document)
            command = [sys.executable, "-m", "perfxl.document.printing.ms_word", str(source), str(target)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
                try:
                    answer, _ = process.communicate(timeout=self._seconds)
                except subprocess.TimeoutExpired as late:
                    process.kill()
                    _end_word(process.communicate()[0])
                    raise PrintFault(f"Word 在{self._seconds:g}秒内没有完成排版") from late
            try:
                pages = json.loads(answer.decode().splitlines()[-1])["pages"]
                return Print(target.read_bytes(), {str(mark): int(page) for mark, page in pages.items()})
            except (OSError, ValueError, KeyError, IndexError, AttributeError) as fault:
                raise PrintFault("Word 没有完成排版") from fault


def _end_word(answer: bytes) -> None:
    """End the Word that was started, whose number stands in the first line; another Word may be somebody's work."""
    with suppress(ValueError, IndexError, KeyError, OSError):
        number = int(json.loads(answer.decode().splitlines()[0])["process"])
        subprocess.run(["taskkill", "/PID", str(number), "/F"], capture_output=True, check=False)


def lay_out(application: Any, source: str, target: str) -> dict[str, int]:
    """Let `application`, a Word, print the document `source` to the PDF `target`; return the pages of its bookmarks."""
    application.Visible = False
    application.DisplayAlerts = _NO_ALERTS
    application.AutomationSecurity = _MACROS_OFF
    document = application.Documents.Open(source, False, True, False)  # no dialogue, read-only, no recent file
    try:
        document.Repaginate()
        document.Bookmarks.ShowHidden = True  # names that begin with _ are hidden
        pages = {
            str(mark.Name): int(mark.Range.Information(_PAGE))
            for mark in document.Bookmarks
            if str(mark.Name).startswith(_PREFIX)
        }
        document.ExportAsFixedFormat(
            OutputFileName=target, ExportFormat=_AS_PDF, CreateBookmarks=_HEADINGS, IncludeDocProps=True,
            DocStructureTags=True, BitmapMissingFonts=True, UseISO19005_1=True,
        )  # fmt: skip
    finally:
        document.Close(_LEAVE)
    return pages


def _main(source: str, target: str) -> None:
    import win32com.client
    import win32process

    application = win32com.client.DispatchEx("Word.Application")  # always a Word of our own
    try:
        # Before the document is opened, which is where dialogues come up: only a window tells the process.
        empty = application.Documents.Add()
        _tell(process=win32process.GetWindowThreadProcessId(empty.ActiveWindow.Hwnd)[1])
        empty.Close(_LEAVE)
        _tell(pages=lay_out(application, source, target))
    finally:
        application.Quit(_LEAVE)


def _tell(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _main(*sys.argv[1:])
