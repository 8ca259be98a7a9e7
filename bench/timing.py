"""Contenders taking turns on the same inputs, each a warmed process of its own, and what comes of it in words."""

from __future__ import annotations

import multiprocessing
import statistics
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import Any

Maker = Callable[[], Callable[[Any], object]]
"""Gives what does the work, in the process that does it; another process must be able to import it."""


class _Contender:
    """One that works in a process of its own, so that no other's leftovers are in its way."""

    def __init__(self, maker: Maker) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(maker, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> _Contender:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self._process.join()

    def seconds(self, one: object) -> float:
        """Return what it takes for an input. Raises `EOFError` where it has failed; its process says why."""
        self._line.send(one)
        taken: float = self._line.recv()
        return taken


def _work(maker: Maker, line: Connection) -> None:
    warnings.simplefilter("ignore")
    work = maker()
    while True:
        try:
            one = line.recv()
        except EOFError:
            return
        start = time.perf_counter()
        work(one)
        line.send(time.perf_counter() - start)


def measure(contenders: Mapping[str, Maker], inputs: Sequence[Any], rounds: int) -> dict[str, list[float]]:
    """Return the seconds that each contender takes for each input in its best round, after one that warms up."""
    best = {name: [float("inf")] * len(inputs) for name in contenders}
    with ExitStack() as stack:
        running = {name: stack.enter_context(_Contender(maker)) for name, maker in contenders.items()}
        for turn in range(rounds + 1):
            for number, one in enumerate(inputs):
                for name, contender in running.items():
                    taken = contender.seconds(one)
                    if turn:
                        best[name][number] = min(best[name][number], taken)
    return best


def report(title: str, best: Mapping[str, Sequence[float]], ours: str) -> None:
    """Print what each contender takes, and how many times as fast the one called `ours` is."""
    print(f"\n{title}")
    mine = statistics.mean(best[ours])
    for name, times in best.items():
        mean = statistics.mean(times)
        print(f"  {name:22} {1000 * mean:8.2f} ms   {1 / mean:7.1f} a second   perfxl is {mean / mine:5.1f} × as fast")
