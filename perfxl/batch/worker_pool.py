"""Worker processes, each with a pipe of its own.

A pool of the standard library is lost as a whole when one worker dies, and its workers outlive a killed parent. Here
it is known which workbook a dead worker had in hand, and a worker whose parent is gone finds its pipe closed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any

from perfxl.batch.outcome import Failed, Outcome, Settings, Task
from perfxl.storage.files import Surroundings

# What the first document would load; each worker has it from the beginning.
_NEEDED = (
    "perfxl.pipeline.prepared",
    "perfxl.batch.worker_pool",
    "perfxl.batch.worker",
)
_CHUNK = 6
_AHEAD = 2  # chunks that a worker has in hand: one at work, one waiting
_PATIENCE = 120.0  # seconds for one chunk; a form takes hundredths
_PRESS_PATIENCE = 600.0  # for one document that is printed; a hanging office is given up sooner, several times over
_EACH = 60.0  # for every other one that is printed together with it
_FAREWELL = 15.0  # seconds in which a worker has ended its office program
_LAST_BREATH = 1.0  # seconds between the end of a worker's pipe and its own
_TRIES = 2  # a worker may have died of something else than the workbook it had in hand
_STARTS = 4  # workers that die before they can begin, with no work done between them, until the next is not tried
_EXIT_UNKNOWN = 255  # what `multiprocessing` makes of a worker whose fork server has died
_READY = ""
_DEAD = "进程异常退出"
_KILLED = f"{_DEAD}（被系统结束，可能是内存不够）"
_NO_WORKERS = (
    "启动不了工作进程（{}），没有做完。请关掉一些程序，或者用 --jobs 1。已经做好的都已保存，再运行一次就接着做其余的。"
)


def serve(connection: Connection, settings: Settings) -> None:
    """Say that work can begin, or why not; then answer chunks of tasks until the pipe is closed: a worker's life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides
    with suppress(EOFError, OSError):
        try:
            from perfxl.batch.worker import Worker  # the process that keeps the ledger has no need of it

            worker = Worker(settings)
        except Exception as fault:  # noqa: BLE001 - nothing but the pipe takes it to where somebody is told of it
            connection.send(f"{type(fault).__name__}: {fault}")
            return
        if settings.presses:
            signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())  # or the office program would outlive us
        try:
            connection.send(_READY)
            while True:
                connection.send(worker.made(connection.recv()))
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            worker.close()


def _context() -> Any:
    """Return how processes are started: where the system can do that, from one that has loaded what all need."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_NEEDED))
    # One that is killed is started again, and we have no use for what it would tell.
    warnings.filterwarnings("ignore", "resource_tracker: process died", UserWarning)
    return context


class _Hand:
    """A worker process and the chunks it has in hand. It is `ready` when it has said that work can begin."""

    def __init__(self, settings: Settings) -> None:
        """Start the process. Raises `OSError` or `EOFError` where the system makes none."""
        context = _context()
        self.connection, other = context.Pipe()
        self.process: Any = context.Process(target=serve, args=(other, settings), daemon=True)
        try:
            self.process.start()
        except BaseException:
            self.connection.close()
            raise
        finally:
            other.close()
        self.chunks: deque[Sequence[Task]] = deque()
        self.since = time.monotonic()
        self.ready = False
        self._presses = settings.presses

    def give(self, chunk: Sequence[Task]) -> None:
        if not self.chunks:
            self.since = time.monotonic()
        self.chunks.append(chunk)
        # That the worker is dead is found out where its answers are read: the last of them may still be there.
        with suppress(OSError):
            self.connection.send(chunk)

    def take(self) -> list[Outcome] | None:
        """Return what came of a chunk, or None where the worker said that it is ready.

        Raises `EOFError` or `OSError` where it is dead, `Surroundings` with its reason where it cannot begin.
        """
        said: list[Outcome] | str = self.connection.recv()
        self.since = time.monotonic()
        if isinstance(said, str):
            if said != _READY:
                raise Surroundings(said)
            self.ready = True
            return None
        self.chunks.popleft()
        return said

    def dismiss(self) -> None:
        """Tell the worker to go, if it has something to put in order before."""
        if self._presses and not self.connection.closed:
            self.connection.close()
            if self.chunks:
                self.process.terminate()

    def end(self, *, hangs: bool = False) -> str:
        """End the worker and return how it died, if it did so by itself."""
        self.dismiss()
        if self._presses:
            self.process.join(_FAREWELL)
        self.connection.close()
        if not hangs:
            self.process.join(_LAST_BREATH)
        self.process.kill()
        self.process.join()
        code = self.process.exitcode
        if hangs and code == _EXIT_UNKNOWN:
            # Its fork server is gone, so that nobody knows whether it lives; one that hangs does.
            with suppress(OSError):
                os.kill(self.process.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        self.process.close()
        return _KILLED if code == -9 and not hangs else _DEAD


class Pool:
    """Several workers. Memory is bounded: only what they have in hand is taken from the tasks.

    A worker that dies, whenever that is, is replaced. The tasks it was at are tried once more, each alone, and those
    with which another one dies are given back as failed; tasks that only waited for it are given to others.
    """

    def __init__(self, jobs: int, settings: Settings, failed: Failed) -> None:
        """Start the workers. Raises `Surroundings` where not a single one can be started."""
        self._settings = settings
        self._failed = failed
        self._hands: list[_Hand] = []
        self._suspects: deque[Task] = deque()
        self._deaths: Counter[str] = Counter()
        self._stillborn = 0
        self._chunk = settings.together if settings.presses else _CHUNK
        # One that is printed takes as long as a hundred others.
        self._patience = _PRESS_PATIENCE + _EACH * settings.together if settings.presses else _PATIENCE
        for _ in range(jobs):
            self._hire()

    def _hire(self, why: str = _DEAD) -> None:
        """Start one more worker, unless so many came to nothing that the system seems to have no room for it.

        Raises `Surroundings` with what became of the last one where that leaves nobody.
        """
        while self._stillborn < _STARTS:
            try:
                self._hands.append(_Hand(self._settings))
            except (OSError, EOFError) as fault:
                self._stillborn += 1
                why = os.strerror(fault.errno) if isinstance(fault, OSError) and fault.errno else _DEAD
            else:
                return
        if not self._hands:
            raise Surroundings(_NO_WORKERS.format(why))

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[list[Outcome]]:
        """Yield what came of the tasks, some at a time, in the order in which they are done.

        Raises `Surroundings` where the last worker has died and no other can be started.
        """
        exhausted = False
        while True:
            for hand in self._hands:
                while not exhausted and len(hand.chunks) < _AHEAD and not self._suspects:
                    chunk = list(islice(tasks, self._chunk))
                    exhausted = not chunk
                    if chunk:
                        hand.give(chunk)
                if not hand.chunks and self._suspects:
                    hand.give([self._suspects.popleft()])
            busy = [hand for hand in self._hands if hand.chunks]
            if not busy:
                return
            wait([hand.connection for hand in busy], timeout=1.0)
            for hand in busy:
                yield from self._looked_after(hand)

    def _looked_after(self, hand: _Hand) -> Iterator[list[Outcome]]:
        try:
            if hand.connection.poll():
                outcomes = hand.take()
                if outcomes is not None:
                    self._stillborn = 0
                    yield outcomes
                return
        except Surroundings as reason:
            yield from self._buried(hand, str(reason))
        except (EOFError, OSError):
            yield from self._buried(hand)
        else:
            if time.monotonic() - hand.since > self._patience:
                yield from self._buried(hand, f"超过{self._patience:.0f}秒没有做完", hangs=True)

    def _buried(self, hand: _Hand, why: str = "", *, hangs: bool = False) -> Iterator[list[Outcome]]:
        """Replace a dead worker. The tasks it was at are tried once more, one by one, and then given back as failed."""
        how = hand.end(hangs=hangs)
        self._hands.remove(hand)
        at_work = hand.chunks.popleft() if hand.ready else ()
        self._stillborn += not hand.ready
        for task in at_work:
            self._deaths[task.path] += 1
            if self._deaths[task.path] < _TRIES:
                self._suspects.append(task)
            else:
                yield [self._failed(task, f"试了{_TRIES}次，{why or how}")]
        self._suspects.extend(task for chunk in hand.chunks for task in chunk)
        self._hire(why or how)

    def close(self) -> None:
        """End the workers, whatever they have in hand."""
        for hand in self._hands:
            hand.dismiss()
        for hand in self._hands:
            hand.end()


class Alone:
    """The same work in this very process."""

    def __init__(self, settings: Settings) -> None:
        from perfxl.batch.worker import Worker

        self._worker = Worker(settings)
        self._chunk = settings.together if settings.presses else _CHUNK

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[list[Outcome]]:
        """Yield what came of the tasks, some at a time."""
        while chunk := list(islice(tasks, self._chunk)):
            yield self._worker.made(chunk)

    def close(self) -> None:
        """End the office program, if there was need for one."""
        self._worker.close()
