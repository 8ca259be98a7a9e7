"""The same tasks on several machines: Dask hands them to its workers, which see the same folders on a shared drive.

Only this process keeps the ledger and puts documents into their places, so results and safety are those of one machine.
A task may be done twice, because the worker that had it in hand has died: it writes among the parts alone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from perfxl.batch.fingerprints import program
from perfxl.batch.outcome import Failed, Outcome, Settings, Task
from perfxl.report_type import catalog
from perfxl.storage.files import Surroundings

if TYPE_CHECKING:
    from perfxl.batch.worker import Worker

_CHUNK = 8
_AHEAD = 2  # chunks for each thread of a worker: one at work, one waiting
_CONNECTING = 15.0  # seconds
_PATIENCE = 120.0  # seconds without any answer, or without any worker
_PRESS_PATIENCE = 600.0
_UNKNOWN = '没有安装多台机器一起做所需要的程序，请先运行：pip install "perfxl[cluster]"'
_LOST = "和调度器“{}”的连接断了，没有做完。已经做好的都已保存，再运行一次就接着做其余的。"


class Cluster:
    """The workers of a Dask scheduler. Memory is bounded: only what they have in hand is taken from the tasks."""

    def __init__(self, address: str, settings: Settings, failed: Failed) -> None:
        """Connect. Raises `Surroundings` where there is no Dask, no scheduler, or no worker."""
        try:
            import distributed
        except ImportError as absent:
            raise Surroundings(_UNKNOWN) from absent
        _quieten()
        self._dask: Any = distributed
        self._address, self._failed = address, failed
        whole = (settings.folder.resolve(), settings.parts.resolve())
        self._settings = settings._replace(folder=whole[0], parts=whole[1])
        self._own_types = settings.home == catalog.home()
        self._patience = _PRESS_PATIENCE if settings.presses else _PATIENCE
        self._hands: dict[Any, Sequence[Task]] = {}
        self._suspects: deque[Task] = deque()
        try:
            self._client: Any = self._dask.Client(address, timeout=_CONNECTING)
        except TypeError as fault:  # what Dask raises where a tls:// address is given and no certificate
            raise Surroundings(
                f"连调度器“{address}”要用证书，请先设好 DASK_DISTRIBUTED__COMM__TLS__ 的三个环境变量。"
            ) from fault
        except (OSError, ValueError, TimeoutError) as fault:
            raise Surroundings(f"连不上调度器“{address}”。请核对地址，看它是不是正在运行。") from fault
        if not self._threads():
            self._client.close()
            raise Surroundings(f"调度器“{address}”上没有工作进程，请先在各台机器上运行 dask worker {address}。")

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[list[Outcome]]:
        """Yield what came of the tasks, some at a time, in the order in which they are done.

        Raises `Surroundings` where the scheduler or all workers are gone, and where a worker cannot do the work at all.
        """
        answered = time.monotonic()
        exhausted = False
        while True:
            try:
                wanted = max(1, _AHEAD * self._threads())
                while len(self._hands) < wanted and not exhausted:
                    chunk = list(islice(tasks, self._settings.together if self._settings.presses else _CHUNK))
                    exhausted = not chunk
                    if chunk:
                        self._give(chunk)
                while self._suspects and len(self._hands) < wanted:
                    self._give([self._suspects.popleft()])
                if not self._hands:
                    return
                done = self._done()
            except (OSError, CancelledError) as lost:
                raise Surroundings(_LOST.format(self._address)) from lost
            for future in done:
                answered = time.monotonic()
                yield from self._taken(future)
            if time.monotonic() - answered > self._patience:
                raise Surroundings(f"调度器“{self._address}”的工作进程{self._patience:.0f}秒没有回答，没有做完。")

    def _give(self, chunk: Sequence[Task]) -> None:
        words = (self._settings, self._own_types, program(), chunk)
        self._hands[self._client.submit(made, *words, pure=False)] = chunk

    def _done(self) -> list[Any]:
        """Return the futures that have come to an end, after a second at most."""
        try:
            self._dask.wait(list(self._hands), timeout=1.0, return_when="FIRST_COMPLETED")
        except TimeoutError:
            if self._client.status != "running":
                raise OSError(self._client.status) from None
        return [future for future in self._hands if future.done()]

    def _taken(self, future: Any) -> Iterator[list[Outcome]]:
        """Yield what came of a chunk. A task that has taken down one worker after another stands alone."""
        chunk = self._hands.pop(future)
        try:
            yield future.result()
        except self._dask.KilledWorker:
            if len(chunk) == 1:
                yield [self._failed(chunk[0], "进程异常退出")]
            else:
                self._suspects.extend(chunk)
        except (OSError, CancelledError) as lost:
            raise Surroundings(_LOST.format(self._address)) from lost
        finally:
            future.release()

    def close(self) -> None:
        """Take back what is not done, and let go of the scheduler; its workers stay for others."""
        # Where the scheduler is gone, so is what was to be done there.
        with suppress(OSError, CancelledError):
            self._client.cancel(list(self._hands))
        self._client.close()


def _quieten() -> None:
    """Keep Dask from telling what goes on among the machines, which we do, in sentences."""
    for name in ("asyncio", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def made(settings: Settings, own_types: bool, expected: bytes, tasks: Sequence[Task]) -> list[Outcome]:
    """Return what came of some workbooks: what the worker of another machine does.

    With `own_types` the report types are those that come with the program, wherever that is installed there. Raises
    `Surroundings` where the worker's program is another one than `expected`, or does not see the folders.
    """
    machine = f"工作进程（{_machine()}）"
    if program() != expected:
        raise Surroundings(f"{machine}的 perfxl 和这里的不是同一个版本，请更新后再试。")
    for folder in (settings.folder, settings.parts):
        if not folder.is_dir():
            raise Surroundings(f"{machine}看不到“{folder}”。各台机器要在同样的路径上看到报送和输出文件夹。")
    if own_types:
        settings = settings._replace(home=catalog.home())
    return _worker(settings, threading.get_ident()).made(tasks)


@lru_cache(maxsize=64)
def _worker(settings: Settings, _thread: int) -> Worker:
    """Return the worker of a thread; an office program is none for two."""
    from perfxl.batch.worker import Worker

    return Worker(settings)


def _machine() -> str:
    import socket

    return socket.gethostname()
