"""Page numbers from the best source of this machine, and PDF: what office programs do for finished documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType

from perfxl.document.origin import seal_text
from perfxl.document.printing.fonts import absences, installed_fonts, said
from perfxl.document.printing.libreoffice import Office, program
from perfxl.document.printing.ms_word import Word, available
from perfxl.document.printing.page_numbers import (
    Print,
    Printed,
    Printer,
    PrintFault,
    numbered,
    paged,
    renumbered_again,
    source_of,
)
from perfxl.document.printing.pdf_mark import marked
from perfxl.document.printing.pdf_seal import sealed

OFF, ESTIMATE, AUTO = MODES = ("off", "estimate", "auto")
"""How 目录 gets its numbers: not at all (there is no 目录), estimated, or from the best source there is."""

NONE = "本机没有找到 LibreOffice 或 Word"
_SECONDS = 120.0  # for one conversion by LibreOffice
_SOURCES = (ESTIMATE, Office.source, Word.source)  # the best one last


@dataclass(frozen=True)
class Finished:
    """A document ready to be handed out. `notes` are Chinese sentences for whoever asked for it.

    `trouble` says why there is no PDF although one was asked for.
    """

    document: bytes
    source: str
    pdf: bytes | None = None
    notes: tuple[str, ...] = ()
    trouble: str = ""


def best() -> str:
    """Return the best source of page numbers on this machine."""
    if available():
        return Word.source
    return Office.source if program() is not None else ESTIMATE


def improves(source: str, on: str) -> bool:
    """Whether numbers from `source` are better than those from `on`; without a 目录, `on` is empty."""
    return on in _SOURCES and _SOURCES.index(source) > _SOURCES.index(on)


def unpressed(document: bytes, why: str, *, pdf: bool) -> Finished:
    """Return `document` as it is, and say `why` no office program did anything for it."""
    source = source_of(document)
    trouble = f"没有生成 PDF：{why}。" if pdf else ""
    return Finished(document, source, trouble=trouble, notes=_estimated(source, why))


class Press:
    """The office program of this machine, started when the first document needs it.

    With `warm` it stays for the next ones; every worker of a batch has its own.
    """

    def __init__(self, *, warm: bool = False, seconds: float = _SECONDS) -> None:
        self._warm = warm
        self._seconds = seconds
        self._office: Office | None = None

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program. The next document starts it again."""
        if self._office is not None:
            self._office.close()
            self._office = None

    def finish(self, document: bytes, *, contents: str = AUTO, pdf: bool = False) -> Finished:
        """Return `document` with its page numbers, and as PDF where that is asked for.

        A document is never lost: where no program is there, or where it fails, the numbers stay as estimated. With a
        PDF the numbers are those of its pages, whatever `contents` says.
        """
        source = source_of(document)
        if not pdf and (contents != AUTO or not source):
            return Finished(document, source)
        printer = self._printer()
        if printer is None:
            return Finished(
                document, source, trouble=f"没有生成 PDF：{NONE}，请安装其中一个。" if pdf else "",
                notes=_estimated(source, NONE),
            )  # fmt: skip
        try:
            result = paged(document, printer, pdf=pdf)
        except PrintFault as fault:
            return unpressed(document, str(fault), pdf=pdf)
        pdf_file = None if result.pdf is None else _handed_out(result.pdf, result.document)
        return Finished(result.document, result.source, pdf_file, _substituted(document))

    def finish_all(self, documents: Iterable[bytes], *, contents: str = AUTO, pdf: bool = False) -> list[Finished]:
        """Return what `finish` gives for each document; they are taken while others are being printed.

        One conversion for each is the rule, a second one only for those that were estimated wrong.
        """
        printer = self._printer()
        if not isinstance(printer, Office):
            return [self.finish(document, contents=contents, pdf=pdf) for document in documents]
        taken: list[bytes] = []
        done: dict[int, Finished] = {}
        places: list[int] = []
        again: list[tuple[int, Printed]] = []

        def wanted() -> Iterator[bytes]:
            for document in documents:
                source = source_of(document)
                taken.append(document)
                if pdf or (contents == AUTO and source):
                    places.append(len(taken) - 1)
                    yield document
                else:
                    done[len(taken) - 1] = Finished(document, source)

        for at, result in enumerate(printer.printing(wanted())):
            first = _first(taken[places[at]], result, pdf=pdf)
            if isinstance(first, Printed):
                again.append((places[at], first))
            else:
                done[places[at]] = first
        for (place, before), result in zip(again, printer.printing(one.document for _, one in again), strict=True):
            done[place] = _second(taken[place], before, result, pdf=pdf)
        return [done[place] for place in range(len(taken))]

    def _printer(self) -> Printer | None:
        if available():
            return Word()
        if self._office is None and (found := program()) is not None:
            self._office = Office(found, warm=self._warm, seconds=self._seconds)
        return self._office


def _first(document: bytes, result: Print | PrintFault, *, pdf: bool) -> Finished | Printed:
    """Return a document after its first printing; as `Printed` where it has to be printed again."""
    try:
        if isinstance(result, PrintFault):
            raise result
        first = numbered(document, result, Office.source, pdf=pdf)
    except PrintFault as fault:
        return unpressed(document, str(fault), pdf=pdf)
    return first if first.again else _finished(document, first, pdf=pdf)


def _second(document: bytes, first: Printed, result: Print | PrintFault, *, pdf: bool) -> Finished:
    try:
        if isinstance(result, PrintFault):
            raise result
        return _finished(document, renumbered_again(first, result), pdf=pdf)
    except PrintFault as fault:
        return unpressed(document, str(fault), pdf=pdf)


def _finished(document: bytes, printed: Printed, *, pdf: bool) -> Finished:
    paper = _handed_out(printed.pdf, printed.document) if pdf else None
    return Finished(printed.document, printed.source, paper, _substituted(document))


def _handed_out(pdf: bytes, document: bytes) -> bytes:
    """Return the PDF of a document as people get it: with where it comes from, and our mark."""
    said = seal_text(document)
    return marked(sealed(pdf, said) if said else pdf)


def _estimated(source: str, why: str) -> tuple[str, ...]:
    if not source:
        return ()
    return (f"目录的页码是估算的（{why}），请在 Word 或 WPS 里右键单击目录，选“更新域”。",)


def _substituted(document: bytes) -> tuple[str, ...]:
    installed = installed_fonts()
    missing = absences(document, installed)
    if not missing or not installed:  # what cannot be found out is not said
        return ()
    return (f"本机没有这些字体：{said(missing)}。页码是按替代字体排出来的，在有这些字体的机器上可能略有出入。",)
