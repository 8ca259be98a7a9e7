"""How far a batch has come, as one line that changes on a terminal and as a few lines elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

_TERMINAL, _FILE = 0.2, 10.0  # seconds between two lines


class Progress:
    """Tells a stream how many workbooks are done, how many a second, and how long the others will take."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._terminal = stream is not None and stream.isatty()
        self._began = self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Say that `done` of `total` are done, unless something was said just now."""
        now = time.monotonic()
        if done == 0:
            self._began = self._said = now
        last = done == total
        if self._stream is None or not (last or now - self._said >= (_TERMINAL if self._terminal else _FILE)):
            return
        self._said = now
        try:
            self._tell(self._stream, sentence(done, total, now - self._began), last)
        except OSError:
            self._stream = None  # nobody reads it any more, which is no reason to stop

    def _tell(self, stream: TextIO, text: str, last: bool) -> None:
        if self._terminal:
            stream.write(f"\r\x1b[K{text}" + ("\n" if last else ""))
        else:
            stream.write(f"{text}\n")
        stream.flush()


def sentence(done: int, total: int, seconds: float) -> str:
    """Return `第 30/120 份，每秒 41 份，还要 3 秒`."""
    rate = done / seconds if seconds > 0 else 0.0
    said = (
        f"已处理 {done}/{total} 份，每秒 {rate:.0f} 份"
        if rate >= 10
        else f"已处理 {done}/{total} 份，每秒 {rate:.1f} 份"
    )
    if done == total or rate == 0:
        return said
    left = round((total - done) / rate)
    return f"{said}，还要 {left} 秒" if left < 120 else f"{said}，还要 {round(left / 60)} 分钟"
