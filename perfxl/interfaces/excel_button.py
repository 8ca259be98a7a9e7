"""The other end of the buttons in the form: `perfxl click`, which the macro starts and people never type.

The macro knows only ASCII and may not hold rules, so everything that people read is decided here and comes back in a
small text file: one line a fact, words separated by tabs, `\\uXXXX` for every other character.

    perfxl 1                                    the protocol
    status    done | findings | trouble
    message   what the box says
    document  path of the Word document         empty where none was written
    shown     0 | 1                             1: the findings are already on the sheets
    go        sheet, cell                       where the cursor belongs; empty: leave it
    finding   sheet, cell, severity, what, how, code    a cell to paint; `mended` counts as a severity
    row       sheet, ranges, what, how          a line of the list: the same slip in several cells is one
    change    sheet, cell, kind, value          what to put into a cell: n a number, t a text, b nothing
    end                                         nothing was cut off

While the work lasts, `FILE.alive` is written every half second, with words on how far the work is where there are any,
and the macro removes it as often: so it can tell a program at work from one that was killed. Paths arrive with `~XXXX`
for every character but letters, digits and `./:_-`; the command lines of Windows hold neither quotes nor characters of
other languages safely.
"""

import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.model.finding import Finding, counted
from perfxl.model.finding_groups import Slip, slips
from perfxl.pipeline.examine import Examination
from perfxl.pipeline.exit_status import fault_sentence
from perfxl.storage.files import Surroundings, open_in_program, write

if TYPE_CHECKING:
    from perfxl.pipeline.cell_repairs import CellRepair
    from perfxl.workbook.macros.running_excel import Screen

PROTOCOL = "perfxl 1"

_WHERE = "有问题的格子已标出颜色，“检查”表里逐条列出了怎么改。"
_LINKS = 4  # ranges to which a line of the list links
_BEAT = 0.5
_WITH_EXCEL = ("win32", "darwin")
_FOREIGN = re.compile(r"[^ -\[\]-~]+")
_ESCAPE = re.compile("~([0-9A-Fa-f]{4})")


class Answer(NamedTuple):
    """What the macro is told. `go` is the sheet and the cell for the cursor, `shown` whether the sheets show it all."""

    status: str
    message: str
    document: Path | None = None
    findings: tuple[Finding, ...] = ()
    go: tuple[str, str] | None = None
    shown: bool = False
    changes: "tuple[CellRepair, ...]" = ()


def run(workbook: Path, result: Path, examine: Callable[..., Examination], *, check: bool, fix: bool = False) -> None:
    """Do what a button asks for and leave the answer in `result`. Raises `Surroundings` where it cannot.

    With `fix` the answer says what to put into which cells, which the macro does.

    Where the running Excel can be reached, what is typed in it counts and the findings are shown in it; where it
    cannot, what is saved counts and the macro shows them. This is the one place that decides.
    """
    with alive(result):
        screen = _screen(workbook)
        typed = screen.copy() if screen else None
        if typed is not None:
            examine = partial(examine, data=typed)
        if fix:
            found = repairs(workbook, examine)
        elif screen is None or typed is None:
            found = answer(workbook, examine, check=check)
        else:
            found = _shown(screen, answer(workbook, examine, check=check))
    write(result, lines(found).encode("ascii"))


def _screen(workbook: Path) -> "Screen | None":
    """Return the workbook as it is open in Excel, or None. Programs other than Excel are not worth the time to ask."""
    if "xlwings" not in sys.modules:
        if sys.platform not in _WITH_EXCEL:
            return None
        from importlib.util import find_spec

        if find_spec("xlwings") is None:
            return None
    from perfxl.workbook.macros.running_excel import attach

    return attach(workbook)


def _shown(screen: "Screen", found: Answer) -> Answer:
    """Return the answer with what became of showing it. A trouble is left to the macro, which has the words for it."""
    if found.status == "trouble":
        return found
    from perfxl.workbook.macros.running_excel import ScreenLine

    marks: dict[str, str] = {}
    for finding in found.findings:
        if finding.cell:
            marks[finding.sheet] = marks.get(finding.sheet, "") + f"{_SIGNS[finding.severity]}{finding.cell},"
    listed = [ScreenLine(slip.sheet, slip.ranges, slip.what, slip.hint) for slip in listing(found.findings)]
    shown = screen.show(listed, marks, found.go, urgent=found.status != "done")
    return found._replace(shown=shown)


_SIGNS = {"error": "!", "warning": "?", "info": "~"}


def answer(workbook: Path, examine: Callable[[Path], Examination], *, check: bool) -> Answer:
    """Return what came of the saved `workbook`; unless it is a `check`, the Word document is written beside it.

    Never raises: what goes wrong here is a sentence, because nobody sees this program's own output.
    """
    found = Answer("trouble", "")
    try:
        examination = examine(workbook)
        found = _checked(examination.findings)
        if examination.errors or check:
            found = _offering(found, examination)
        return found if check or found.status != "done" else _written(workbook, examination, found)
    except Surroundings as trouble:
        return found._replace(status="trouble", message=str(trouble), go=None)
    except Exception as fault:  # noqa: BLE001 - the last door: whatever is left is a fault of ours, and is told as one
        return found._replace(status="trouble", message=fault_sentence(fault), go=None)


def _checked(findings: Sequence[Finding]) -> Answer:
    """Return the answer to a check: the cursor goes to the first error, or to the first finding where there is none."""
    placed = [finding for finding in findings if finding.sheet and finding.cell]
    wrong = [finding for finding in placed if finding.severity == "error"]
    first = next(iter(wrong or placed), None)
    go = (first.sheet, first.cell) if first else None
    if not findings:
        return Answer("done", "检查完毕，没有发现问题。")
    if any(finding.severity == "error" for finding in findings):
        message = f"发现{counted(findings)}，请先改正错误。\n{_WHERE}"
        return Answer("findings", message, findings=tuple(findings), go=go)
    message = f"检查完毕，没有错误，另有{counted(findings)}，请核对。\n{_WHERE}"
    return Answer("done", message, findings=tuple(findings), go=go)


def _offering(found: Answer, examination: Examination) -> Answer:
    """Return the answer with how many places the program can mend by itself, where there are any."""
    from perfxl.pipeline.cell_repairs import cell_repairs

    number = len(cell_repairs(examination)[0])
    if not number:
        return found
    return found._replace(message=f"{found.message}\n其中 {number} 处程序有把握，点“改正”可以直接改好。")


def repairs(workbook: Path, examine: Callable[[Path], Examination]) -> Answer:
    """Return what to put into which cells, and what is left to do then. Never raises, as `answer`."""
    from perfxl.pipeline.cell_repairs import cell_repairs

    try:
        changes, left = cell_repairs(examine(workbook))
    except Surroundings as trouble:
        return Answer("trouble", str(trouble))
    except Exception as fault:  # noqa: BLE001 - the last door, as in `answer`
        return Answer("trouble", fault_sentence(fault))
    rest = _checked(left)
    if not changes:
        told = f"没有程序有把握改正的地方。{f'现在有{counted(left)}，请看“检查”表。' if left else ''}"
        return rest._replace(message=told)
    told = f"改正了 {len(changes)} 处。" + (f"还有{counted(left)}。" if left else "没有别的问题了。")
    more = "原来的内容在“检查”表里逐条列出，不合适就点“撤销改正”。请看一遍再保存。"
    return rest._replace(message=f"{told}\n{more}", changes=changes)


def _written(workbook: Path, examination: Examination, checked: Answer) -> Answer:
    """Return the answer once the document is written. The cursor stays where it is, since nothing has to be done."""
    from perfxl.pipeline.placing import place  # a check makes no document
    from perfxl.pipeline.produce import TEMPLATE_LACKS, produce

    product = produce(examination)
    if product.document is None:
        answer = _checked(product.findings)
        return answer._replace(message=f"没有生成 Word 报告。{TEMPLATE_LACKS}") if product.lost else answer
    output = place(workbook.with_suffix(".docx"))
    write(output.path, product.document)
    message = f"已生成 Word 报告：\n{output.path}"
    if output.sentence:
        message += f"\n\n{output.sentence}"
    if checked.findings:
        message += f"\n\n另有{counted(checked.findings)}，请核对。{_WHERE}"
    return checked._replace(message=message, document=output.path, go=None)


def lines(found: Answer) -> str:
    """Return the answer as the text of the file."""
    rows: list[Sequence[str]] = [
        ("status", found.status),
        ("message", found.message),
        ("document", str(found.document or "")),
        ("shown", str(int(found.shown))),
        ("go", *(found.go or ("", ""))),
    ]
    for change in found.changes:
        rows.append(("change", change.sheet, change.cell, change.kind, change.value))
        rows.append(("finding", change.sheet, change.cell, "mended", change.told, "", ""))
        rows.append(("row", change.sheet, change.cell, change.told, "不合适就点“撤销改正”。"))
    for finding in found.findings:
        where = finding.sheet, finding.cell
        rows.append(("finding", *where, finding.severity, finding.headed, finding.hint, finding.code))
    rows += [("row", slip.sheet, " ".join(slip.ranges), slip.what, slip.hint) for slip in listing(found.findings)]
    return text(rows)


def listing(findings: Sequence[Finding]) -> Iterator[Slip]:
    """Yield the lines of the list: a slip in more cells than a line has links for goes on in the next."""
    for slip in slips(findings):
        yield slip._replace(ranges=slip.ranges[:_LINKS])
        for first in range(_LINKS, len(slip.ranges), _LINKS):
            same = f"{slip.what.partition('：')[0]}：（同上）"
            yield Slip(slip.sheet, slip.ranges[first : first + _LINKS], same, "")


def text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of words as the text of the file: ASCII, lines ending in CRLF, without which VBA reads one line."""
    return "".join("\t".join(map(escaped, row)) + "\r\n" for row in ((PROTOCOL,), *rows, ("end",)))


def escaped(text: str) -> str:
    """Return `text` in plain ASCII, with `\\uXXXX` for every other UTF-16 unit and for the backslash itself."""
    return _FOREIGN.sub(_units, text)


def _units(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-16-be", "surrogatepass")
    return "\\u" + raw.hex("-", 2).upper().replace("-", "\\u")


def unescaped(text: str) -> str:
    """Return the path that the macro wrote with `~XXXX`."""
    units = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@contextmanager
def alive(result: Path, said: Callable[[], str] = str) -> Iterator[None]:
    """Write the file beside `result` again and again in the meantime, whoever removes it.

    `said` gives the words on how far the work is.
    """
    mark = result.with_name(result.name + ".alive")
    done = threading.Event()

    def beat() -> None:
        while not done.is_set():
            # The macro may be removing it at this very moment.
            with suppress(OSError):
                mark.write_text(escaped(said()), "ascii")
            done.wait(_BEAT)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        with suppress(OSError):
            mark.unlink(missing_ok=True)


def show(path: Path) -> None:
    """Open a Word document or a summary in the program that people have for it.

    Raises `Surroundings` where there is none, or where the file is another one.
    """
    from perfxl.batch.discovery import SUMMARY

    if (path.suffix.lower() != ".docx" and path.name != SUMMARY[0]) or not path.is_file():
        raise Surroundings(f"找不到“{path.name}”。")
    try:
        open_in_program(path)
    except OSError as error:
        raise Surroundings(f"打不开“{path}”，请在文件夹里双击它。") from error
