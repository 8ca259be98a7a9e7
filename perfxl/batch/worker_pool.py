"""Worker processes, each with a pipe of its own.

A pool of the standard library is lost as a whole when one worker dies, and its workers outlive a killed parent. Here
it is known which workbook a dead worker had in hand, and a worker whose parent is gone finds its pipe closed.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any

from perfxl.batch.outcome import Failed, Outcome, Settings, Task

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
_FAREWELL = 15.0  # seconds in which a worker has ended its office program


def serve(connection: Connection, settings: Settings) -> None:
    """Answer chunks of tasks until the pipe is closed: the life of a worker."""
    from perfxl.batch.worker import Worker  # the process that keeps the ledger has no need of it

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides
    worker = Worker(settings)
    if settings.presses:
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())  # or the office program would outlive us
    try:
        while True:
            chunk = connection.recv()
            connection.send(worker.made(chunk))
    except (EOFError, OSError):
        return
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        worker.close()


def _context() -> Any:
    """Return how processes are started: where the system can do that, from one that has loaded what all need."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_NEEDED))
    return context


class _Hand:
    """A worker process and the chunks it has in hand."""

    def __init__(self, settings: Settings) -> None:
        context = _context()
        self.connection, other = context.Pipe()
        self.process: Any = context.Process(target=serve, args=(other, settings), daemon=True)
        self.process.start()
        other.close()
        self.chunks: deque[Sequence[Task]] = deque()
        self.since = time.monotonic()
        self._presses = settings.presses

    def give(self, chunk: Sequence[Task]) -> None:
        if not self.chunks:
            self.since = time.monotonic()
        self.chunks.append(chunk)
        self.connection.send(chunk)

    def take(self) -> list[Outcome]:
        outcomes: list[Outcome] = self.connection.recv()
        self.chunks.popleft()
        self.since = time.monotonic()
        return outcomes

    def dismiss(self) -> None:
        """Tell the worker to go, if it has something to put in order before."""
        if self._presses and not self.connection.closed:
            self.connection.close()
            if self.chunks:
                self.process.terminate()

    def end(self) -> None:
        self.dismiss()
        if self._presses:
            self.process.join(_FAREWELL)
        self.connection.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class Pool:
    """Several workers. Memory is bounded: only what they have in hand is taken from the tasks."""

    def __init__(self, jobs: int, settings: Settings, failed: Failed) -> None:
        self._settings = settings
        self._failed = failed
        self._hands = [_Hand(settings) for _ in range(jobs)]
        self._suspects: deque[Task] = deque()
        # One that is printed takes as long as a hundred others.
        self._chunk = 1 if settings.presses else _CHUNK
        self._patience = _PRESS_PATIENCE if settings.presses else _PATIENCE

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[list[Outcome]]:
        """Yield what came of the tasks, some at a time, in the order in which they are done."""
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
            for number, hand in enumerate(self._hands):
                yield from self._looked_after(number, hand)

    def _looked_after(self, number: int, hand: _Hand) -> Iterator[list[Outcome]]:
        if not hand.chunks:
            return
        try:
            if hand.connection.poll():
                yield hand.take()
                return
        except (EOFError, OSError):
            yield from self._buried(number, hand, "进程异常退出")
            return
        if time.monotonic() - hand.since > self._patience:
            yield from self._buried(number, hand, f"超过{self._patience:.0f}秒没有做完")

    def _buried(self, number: int, hand: _Hand, why: str) -> Iterator[list[Outcome]]:
        """Replace a dead worker. A task that it had alone is the culprit; those of a chunk are tried one by one."""
        chunks = list(hand.chunks)
        hand.end()
        self._hands[number] = _Hand(self._settings)
        for chunk in chunks:
            if len(chunk) == 1 and chunk is chunks[0]:
                yield [self._failed(chunk[0], why)]
            else:
                self._suspects.extend(chunk)

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
        self._chunk = 1 if settings.presses else _CHUNK

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[list[Outcome]]:
        """Yield what came of the tasks, some at a time."""
        while chunk := list(islice(tasks, self._chunk)):
            yield self._worker.made(chunk)

    def close(self) -> None:
        """End the office program, if there was need for one."""
        self._worker.close()
