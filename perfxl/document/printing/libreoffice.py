"""LibreOffice as a printer: documents in, PDF out, bounded in time.

A second `soffice` with the same profile hands its command to the one that runs and waits for it. So one program kept
running with an empty document open, and a short-lived one for every conversion, make a warm office without UNO, without
the system's Python and without a port: 0.25 s instead of 1.5 (7.4.7, a ten-project document). Without the running one,
the same command works alone, only slower.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from perfxl.document.printing.page_numbers import Print, PrintFault

_SECONDS = 120.0  # for one conversion; a plan of 60 projects takes 2
_START_SECONDS = 60.0
_PLACES = (
    "/usr/bin/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
# PDF/A-2b embeds every font and allows no password; destinations carry the names of our bookmarks.
_OPTIONS = {
    "SelectPdfVersion": {"type": "long", "value": "2"},
    "ExportBookmarks": {"type": "boolean", "value": "true"},
    "ExportBookmarksToPDFDestination": {"type": "boolean", "value": "true"},
}
_FILTER = "pdf:writer_pdf_Export:" + json.dumps(_OPTIONS, separators=(",", ":"))
_WORD_FILTER = "docx:MS Word 2007 XML"


def program() -> Path | None:
    """Return LibreOffice's command, or None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    places = ([found] if found else []) + list(_PLACES)
    return next((Path(place) for place in places if Path(place).is_file()), None)


class Office:
    """LibreOffice with a profile of its own, so that it never meets one that somebody works in.

    With `warm`, the program stays between documents, for batches; it is started again when it died or hung. Not for
    several threads: give every worker its own.
    """

    source = "libreoffice"

    def __init__(self, soffice: Path, *, warm: bool = False, seconds: float = _SECONDS) -> None:
        self._soffice = soffice
        self._warm = warm
        self._seconds = seconds
        self._folder: Path | None = None
        self._settled = False  # the first run in a new profile starts the program twice, so it runs alone
        self._running: subprocess.Popen[bytes] | None = None
        self._guard: _Guard | None = None

    def __enter__(self) -> Office:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def printed(self, document: bytes) -> Print:
        """Return the PDF of a .docx and the pages of its bookmarks. Raises `PrintFault` after the second attempt."""
        from perfxl.document.printing.pdf import pages  # 0.1 s that only printing is worth

        try:
            pdf = self._converted(document)
        except PrintFault:
            self._stop()
            pdf = self._converted(document)
        return Print(pdf, pages(pdf))

    def close(self) -> None:
        """End the program and remove its profile."""
        self._stop()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        if self._guard is not None:
            self._guard.close()
            self._guard = None

    def word_document(self, document: bytes, kind: str) -> bytes:
        """Return a document of another kind (`doc`, `rtf`, `odt` …) as a .docx. Raises `PrintFault`.

        There is no second attempt: a file that LibreOffice hangs on would take twice the time.
        """
        return self._outcome(document, f"document.{kind}", ".docx", _WORD_FILTER)

    def _converted(self, document: bytes) -> bytes:
        pdf = self._outcome(document, "document.docx", ".pdf", _FILTER)
        if not pdf.startswith(b"%PDF-") or b"%%EOF" not in pdf[-1024:]:
            raise PrintFault("LibreOffice 转换出的 PDF 不完整")
        self._settled = True
        return pdf

    def _outcome(self, document: bytes, name: str, end: str, way: str) -> bytes:
        """Return what LibreOffice makes of `document`: a file of the same name with another end."""
        try:
            folder = self._own_folder()
            source = folder / name
            # What is converted into its own kind would take the place of the source.
            outdir = folder / "result"
            outdir.mkdir(exist_ok=True)
            target = outdir / f"{source.stem}{end}"
            target.unlink(missing_ok=True)
            source.write_bytes(document)
        except OSError as fault:
            raise PrintFault(f"临时文件夹不能写入（{fault.strerror}）") from fault
        if self._warm and self._settled:
            self._start()
        client = self._launched("--convert-to", way, "--outdir", str(outdir), str(source))
        try:
            client.wait(self._seconds)
        except subprocess.TimeoutExpired as late:
            raise PrintFault(f"LibreOffice 在{self._seconds:g}秒内没有完成转换") from late
        finally:
            _ended(client)
        try:
            return target.read_bytes()
        except OSError as absent:
            raise PrintFault(f"LibreOffice 没有转换出{'文档' if way is _WORD_FILTER else ' PDF'}") from absent

    def _own_folder(self) -> Path:
        """Return the folder of the profile and the files that are converted."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="perfxl-office-"))
            self._settled = False
            if sys.platform != "win32":
                self._guard = _Guard(self._folder)
        return self._folder

    def _start(self) -> None:
        """See that the program runs. It is ready for others once it has locked its profile."""
        if self._running is not None and self._running.poll() is None:
            return
        self._stop()
        lock = self._own_folder() / "profile" / ".lock"
        lock.unlink(missing_ok=True)
        # Without an open document it would end after the first conversion.
        self._running = self._launched("private:factory/swriter")
        limit = time.monotonic() + _START_SECONDS
        while not lock.exists():
            if self._running.poll() is not None or time.monotonic() > limit:
                raise PrintFault("LibreOffice 没有启动起来")
            time.sleep(0.05)

    def _stop(self) -> None:
        if self._running is not None:
            _ended(self._running)
            self._running = None

    def _launched(self, *words: str) -> subprocess.Popen[bytes]:
        folder = self._own_folder()
        profile = (folder / "profile").as_uri()
        quiet = ("--headless", "--norestore", "--nologo")
        command = [str(self._soffice), f"-env:UserInstallation={profile}", *quiet, *words]
        try:
            started = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True, cwd=folder,
            )  # fmt: skip
        except OSError as fault:
            raise PrintFault(f"LibreOffice 没有启动起来（{fault.strerror}）") from fault
        if self._guard is not None:
            self._guard.watch([one.pid for one in (self._running, started) if one is not None])
        return started


class _Guard:
    """A small process that outlives us where we are killed, and then ends the program and removes its profile.

    It waits for the end of a pipe, which the system closes however a process ends. LibreOffice would not notice: what
    is started is a starter, so that a signal at the death of its parent does not reach the program itself.
    """

    _SCRIPT = (
        'while read -r line; do groups=$line; done; for group in $groups; do kill -9 "-$group"; done; rm -rf -- "$1"'
    )

    def __init__(self, folder: Path) -> None:
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", self._SCRIPT, "perfxl", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def watch(self, groups: Sequence[int]) -> None:
        """Say which groups of processes are running now."""
        assert self._shell.stdin is not None
        # Without its guard the program works as well.
        with suppress(OSError):
            self._shell.stdin.write(f"{' '.join(map(str, groups))}\n".encode())
            self._shell.stdin.flush()

    def close(self) -> None:
        """Say that nothing is running any more."""
        self.watch([])
        with suppress(OSError, subprocess.TimeoutExpired):
            self._shell.communicate(timeout=10)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """End a program and everything it has started."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(["taskkill", "/PID", str(process.pid), "/T", "/F"], capture_output=True, check=False)
    else:
        # The one that was started is a mere starter; the group outlives it.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
