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
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from types import TracebackType

from perfxl.document.printing import libreoffice_profile as profiles
from perfxl.document.printing.conversion_call import Call
from perfxl.document.printing.page_numbers import Print, PrintFault

_SECONDS = 120.0  # for one conversion; a plan of 60 projects takes 2
_START_SECONDS = 60.0
_PROFILE = "profile"
_TICK = 0.04  # seconds between looks at what has been converted
_FIRST, _PORTION = 2, 8  # documents in a call: few at first, so that LibreOffice soon has something to do
_ENOUGH = 3  # failures in a row
GIVEN_UP = "办公软件接连几次没有排出页面，其余的这次没有再试"
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
PDF_FILTER = "pdf:writer_pdf_Export:" + json.dumps(_OPTIONS, separators=(",", ":"))
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
        self._from_cache = False
        self._running: subprocess.Popen[bytes] | None = None
        self._guard: _Guard | None = None
        self._calls = 0
        self._faults = 0  # in a row
        self._clients: set[subprocess.Popen[bytes]] = set()

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
            try:
                pdf = self._converted(document)
            except PrintFault:
                self._begin_anew()
                raise
        return Print(pdf, pages(pdf))

    def printing(self, documents: Iterable[bytes]) -> Iterator[Print | PrintFault]:
        """Yield what came of each document, in their order: the paper, or why there is none after two attempts.

        They are taken from the iterable while those before are converted, some in a call, two calls at a time, so that
        neither this program nor LibreOffice waits for the other. One that hangs or takes LibreOffice down is found and
        tried once more by itself; the others go on.
        """
        source = iter(documents)
        calls: deque[Call] = deque()
        try:
            while self._faults < _ENOUGH:
                source = yield from self._filled(calls, source)
                if not calls:
                    return
                source = chain((yield from self._outcomes(calls)), source)
            # A program that fails and fails is asked no more: each attempt may have taken minutes.
            yield from (PrintFault(GIVEN_UP) for _ in chain(*(call.documents for call in calls), source))
        finally:
            for call in calls:
                self._dropped(call)

    def _filled(self, calls: deque[Call], source: Iterator[bytes]) -> Generator[PrintFault, None, Iterator[bytes]]:
        """Let as many calls begin as may run at a time, and return the documents that are left.

        Yields the fault of a document with which no call can begin.
        """
        while len(calls) < (2 if self._running is not None else 1):
            portion = list(islice(source, _PORTION if self._settled else _FIRST))
            if not portion:
                break
            try:
                calls.append(self._called(portion))
            except PrintFault as fault:
                if calls:
                    return chain(portion, source)
                self._faults += 1
                yield fault
                return chain(portion[1:], source)
        return source

    def _called(self, documents: Sequence[bytes]) -> Call:
        """Have LibreOffice begin with some documents. Raises `PrintFault`."""
        folder = self._own_folder()
        if self._warm and self._settled:
            self._start()
        self._calls += 1
        try:
            call = Call(folder / f"call-{self._calls}", documents)
        except OSError as fault:
            raise PrintFault(f"临时文件夹不能写入（{fault.strerror}）") from fault
        call.process = self._launched(
            "--convert-to", PDF_FILTER, "--outdir", str(call.results), *map(str, call.sources)
        )
        return call

    def _dropped(self, call: Call) -> None:
        if call.process is not None:
            _ended(call.process)
            self._clients.discard(call.process)
        call.close()

    def _outcomes(self, calls: deque[Call]) -> Generator[Print | PrintFault, None, list[bytes]]:
        """Yield what comes of the first call, up to a document that fails again by itself.

        Returns the documents that have to be called anew: those behind it, and of the other calls, which are gone then.
        """
        from perfxl.document.printing.pdf import pages

        call = calls[0]
        number, count = 0, len(call.documents)
        ended = False
        seen, limit = -1, time.monotonic() + self._seconds
        while number < count:
            pdf = call.result(number, last=ended)
            if pdf is not None:
                self._faults = 0
                yield Print(pdf, pages(pdf))
                number += 1
            elif ended:
                break
            else:
                if (size := call.size()) != seen:
                    seen, limit = size, time.monotonic() + self._seconds
                # Asking the process to be waited for would wake up a thousand times a second.
                time.sleep(_TICK)
                ended = call.process is None or call.process.poll() is not None
                if not ended and time.monotonic() > limit:
                    # It hangs on the document behind the last one that is whole.
                    if call.process is not None:
                        _ended(call.process)
                    ended = True
        if number == count:
            self._dropped(calls.popleft())
            self._settle()
            return []
        again = [*call.documents[number:], *chain(*(other.documents for other in list(calls)[1:]))]
        while calls:
            self._dropped(calls.popleft())
        result = self._alone(again[0])
        self._faults = self._faults + 1 if isinstance(result, PrintFault) else 0
        yield result
        return again[1:]

    def _alone(self, document: bytes) -> Print | PrintFault:
        """Return what comes of a document by itself, in a new program, after it has failed among others."""
        from perfxl.document.printing.pdf import pages

        self._stop()
        try:
            pdf = self._converted(document)
        except PrintFault as fault:
            self._begin_anew()
            return fault
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
        pdf = self._outcome(document, "document.docx", ".pdf", PDF_FILTER)
        if not pdf.startswith(b"%PDF-") or b"%%EOF" not in pdf[-1024:]:
            raise PrintFault("LibreOffice 转换出的 PDF 不完整")
        self._settle()
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
            if sys.platform != "win32":
                self._guard = _Guard(self._folder)
            self._settled = self._from_cache = profiles.restore(self._folder / _PROFILE, self._soffice)
        return self._folder

    def _begin_anew(self) -> None:
        """End the program and forget its profile, which may be what is wrong."""
        self._stop()
        if self._folder is not None:
            shutil.rmtree(self._folder / _PROFILE, ignore_errors=True)
        if self._from_cache:
            profiles.forget(self._soffice)
        self._settled = self._from_cache = False

    def _settle(self) -> None:
        """Remember that the profile has been used with success, and keep one as it is after its first use."""
        if not self._settled:
            self._settled = True
            if self._folder is not None:
                profiles.keep(self._folder / _PROFILE, self._soffice)

    def _start(self) -> None:
        """See that the program runs. It is ready for others once it has locked its profile."""
        if self._running is not None and self._running.poll() is None:
            return
        self._stop()
        lock = self._own_folder() / _PROFILE / ".lock"
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
        profile = (folder / _PROFILE).as_uri()
        quiet = ("--headless", "--norestore", "--nologo")
        command = [str(self._soffice), f"-env:UserInstallation={profile}", *quiet, *words]
        try:
            started = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True, cwd=folder,
            )  # fmt: skip
        except OSError as fault:
            raise PrintFault(f"LibreOffice 没有启动起来（{fault.strerror}）") from fault
        self._clients = {client for client in self._clients if client.poll() is None} | {started}
        if self._guard is not None:
            programs = {*self._clients, *((self._running,) if self._running is not None else ())}
            self._guard.watch(sorted(one.pid for one in programs))
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
