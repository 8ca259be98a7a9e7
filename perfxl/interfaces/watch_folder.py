"""A watched folder: every workbook that is saved there gets its results beside it, once.

Events only say that it is time to look; what counts is what stands in the folder. So an event that is lost (a network
share sends none at all, a full queue drops some) costs time and nothing else. What is done is not kept here but in the
folder: a workbook of findings says which bytes it was made of, so a watcher that is started again, or a share that
comes back after a failure, brings nothing to be done a second time.

A workbook is read when it has not changed for a moment and its archive is whole, and it is looked at again whether it
changed while it was read. Where it cannot be read, or its results cannot be written because somebody has them open,
its turn comes again until it succeeds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from perfxl.interfaces.results_beside import Made, is_made
from perfxl.storage.files import MAX_FILE, Surroundings, is_own, is_table
from perfxl.storage.zip_archive import Damaged, ZipArchive

SETTLED = 1.0  # seconds without a change after which a workbook may be read
PATIENCE = 30.0  # seconds without a change after which a damaged workbook is taken as it is
RETRY = 3.0  # seconds between attempts where something is in the way
LOOK_AGAIN = 60.0  # seconds after which the folder is looked at even if nothing was heard
_TICK = 0.25
_MOST_UNPACKED, _MOST_ENTRIES = 2**26, 5000  # bytes and parts of an archive that is unpacked to see whether it is whole

Stamp = tuple[int, int]
Make = Callable[[Path, bytes, str], Made]


@dataclass
class _Waiting:
    """A workbook whose turn is still to come: how the directory describes it, and since when."""

    stamp: Stamp
    since: float
    not_before: float
    told: str = ""


@dataclass(frozen=True)
class WatchEvent:
    """Something that happened to a workbook: what people are told, and what was made, where it is done."""

    workbook: Path
    sentence: str
    made: Made | None = None


class Watch:
    """The workbooks of a folder and of those below it. `make` writes the results beside a workbook."""

    def __init__(self, folder: Path, make: Make, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._make, self._clock = folder, make, clock
        self._done: dict[Path, Stamp] = {}
        self._waiting: dict[Path, _Waiting] = {}
        self._stems: dict[Path, str] = {}

    @property
    def idle(self) -> bool:
        """Whether there is no workbook whose turn is still to come."""
        return not self._waiting

    def look(self) -> None:
        """Look at the whole folder. Where that is impossible, what is known stays as it is."""
        try:
            found = dict(_workbooks(self._folder))
        except OSError:
            return
        self._stems = _stems(found)
        for known in (self._done, self._waiting):
            for path in known.keys() - found.keys():
                del known[path]
        for path, stamp in found.items():
            self._note(path, stamp)

    def _note(self, path: Path, stamp: Stamp) -> None:
        waiting = self._waiting.get(path)
        if waiting is None and self._done.get(path) != stamp:
            now = self._clock()
            self._waiting[path] = _Waiting(stamp, now, now + SETTLED)
        elif waiting is not None and waiting.stamp != stamp:
            waiting.stamp, waiting.since = stamp, self._clock()
            waiting.not_before = waiting.since + SETTLED

    def turn(self) -> Iterator[WatchEvent]:
        """Give every workbook its turn that may be read by now, and yield what came of it."""
        for path in [path for path, waiting in self._waiting.items() if waiting.not_before <= self._clock()]:
            # Others may have taken a while; meanwhile this one may be written to, or gone.
            waiting = self._waiting[path]
            try:
                self._note(path, _stamp(path))
                data = _read(path, waiting.stamp) if waiting.not_before <= self._clock() else None
            except FileNotFoundError:
                del self._waiting[path]
            except OSError:
                yield from self._later(path, "读不到文件，可能正被占用，稍后再试。")
            else:
                yield from self._try(path, data, waiting)

    def _try(self, path: Path, data: bytes | None, waiting: _Waiting) -> Iterator[WatchEvent]:
        if data is None or (not is_whole(data) and self._clock() < waiting.since + PATIENCE):
            waiting.not_before = self._clock() + SETTLED
        elif is_made(path, data, self._stems[path]):
            self._finish(path)
        else:
            try:
                made = self._make(path, data, self._stems[path])
            except Surroundings as trouble:
                yield from self._later(path, f"{trouble}（稍后自动再试）")
            else:
                self._finish(path)
                yield WatchEvent(path, made.sentence, made)

    def _finish(self, path: Path) -> None:
        self._done[path] = self._waiting.pop(path).stamp

    def _later(self, path: Path, why: str) -> Iterator[WatchEvent]:
        """Put a workbook off, and tell why unless that was told before."""
        waiting = self._waiting[path]
        waiting.not_before = self._clock() + RETRY
        if waiting.told != why:
            waiting.told = why
            yield WatchEvent(path, why)


def _workbooks(folder: Path) -> Iterator[tuple[Path, Stamp]]:
    """Yield every workbook of the folder and below it, but no hidden files and no locks. Links are not followed."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.is_symlink():
            continue
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            try:
                yield from _workbooks(path)
            except OSError:
                continue
        elif is_table(entry.name) and not is_own(entry.name):
            try:
                stamp = _stamp(path)
            except OSError:
                continue  # it has gone in the meantime
            yield path, stamp


def _stems(found: Iterable[Path]) -> dict[Path, str]:
    """Return what the results of each workbook are called: as itself, with its ending where two would be alike."""
    alike: dict[tuple[Path, str], list[Path]] = {}
    for path in found:
        alike.setdefault((path.parent, path.stem.casefold()), []).append(path)
    return {path: path.stem if len(same) == 1 else path.name for same in alike.values() for path in same}


def _stamp(path: Path) -> Stamp:
    known = path.stat()
    return known.st_size, known.st_mtime_ns


def _read(path: Path, stamp: Stamp) -> bytes | None:
    """Return the bytes of a workbook, or None where it is another one by the end of reading. Raises `OSError`."""
    with path.open("rb") as stream:
        data = stream.read(MAX_FILE + 1)
    return data if _stamp(path) == stamp and len(data) == min(stamp[0], MAX_FILE + 1) else None


def is_whole(data: bytes) -> bool:
    """Whether an archive is there to its end and every part agrees with its checksum.

    The Explorer of Windows gives a copy its full length before it fills it, so the size alone says nothing. One that is
    larger than any form, or whose entries are, is for the reader to refuse, and is not unpacked for this.
    """
    if len(data) > MAX_FILE:
        return True
    try:
        archive = ZipArchive(data)
    except Damaged:
        return False
    unpacked, packed = (sum(getattr(entry, size) for entry in archive.entries) for size in ("size", "packed_size"))
    if unpacked > _MOST_UNPACKED or packed > len(data) or len(archive.entries) > _MOST_ENTRIES:
        return True
    return archive.is_whole()


def wakes(folder: Path, poll: float) -> Iterator[bool]:
    """Yield several times a second, true where it is time to look at the whole folder.

    With `poll`, that is every so many seconds; without, when the system tells of a change. Raises `Surroundings` where
    the system cannot.
    """
    looked = time.monotonic()
    yield True
    for number, heard in enumerate(_ticks() if poll else _heard(folder)):
        # The system listens from the first time on; what was saved while it was being asked to, nobody heard.
        due = number == 0 or time.monotonic() - looked >= (poll or LOOK_AGAIN)
        if heard or due:
            looked = time.monotonic()
        yield heard or due


def _ticks() -> Iterator[bool]:
    while True:
        time.sleep(_TICK)
        yield False


def _heard(folder: Path) -> Iterator[bool]:
    try:
        from watchfiles import watch
    except ImportError as missing:
        sentence = "没有安装 watchfiles。请安装 perfxl[watch]，或者加 --poll，隔几秒看一次文件夹。"
        raise Surroundings(sentence) from missing
    try:
        for changes in watch(
            folder, watch_filter=None, debounce=1000, rust_timeout=int(_TICK * 1000), yield_on_timeout=True
        ):
            yield bool(changes)
    except OSError as error:
        raise Surroundings(f"系统不能监视文件夹“{folder}”（{error}）。请加 --poll，隔几秒看一次。") from error


def results(watch: Watch, woken: Iterable[bool], *, once: bool = False) -> Iterator[WatchEvent]:
    """Yield what happens in a watched folder; with `once`, until nothing is left to be done."""
    for look in woken:
        if look:
            watch.look()
        yield from watch.turn()
        if once and watch.idle:
            return
