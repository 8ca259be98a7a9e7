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

# Inputs. Nobody's batch stops after a few: while others have the processor, its caches are filled with what is theirs,
# and the first three workbooks after a pause take a fifth longer.
_TURN = 15

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


def measure(contenders: Mapping[str, Maker], inputs: Sequence[Any]) -> dict[str, list[float]]:
    """Return the seconds that each contender takes for each input but the first quarter, with which it warms up.

    No input comes twice, since what is remembered of the first time would flatter the second. They take turns with a
    few inputs each, so that what else goes on in the machine meets all alike.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    with ExitStack() as stack:
        running = {name: stack.enter_context(_Contender(maker)) for name, maker in contenders.items()}
        for start in range(0, len(inputs), _TURN):
            for name, contender in running.items():
                times[name] += [contender.seconds(one) for one in inputs[start : start + _TURN]]
    return {name: warmed(taken) for name, taken in times.items()}


def warmed(times: list[float]) -> list[float]:
    """Return the times of what came after warming up."""
    return times[len(times) // 4 :]


def report(title: str, times: Mapping[str, Sequence[float]], ours: str) -> None:
    """Print what each contender takes in the middle, and how many times as fast the one called `ours` is."""
    print(f"\n{title}")
    mine = statistics.median(times[ours])
    for name, taken in times.items():
        middle = statistics.median(taken)
        each = f"{1000 * middle:8.2f} ms   {1 / middle:7.1f} a second"
        print(f"  {name:22} {each}   perfxl is {middle / mine:5.1f} × as fast")
