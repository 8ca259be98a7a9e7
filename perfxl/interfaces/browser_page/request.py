"""A request of the page, and how files are named in an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from perfxl.pipeline.exit_status import WrongCommand
from perfxl.report_type import catalog

Tell = Callable[[str], object] | None
"""Takes how far the work is, as JSON; None where nobody asks."""


class Request:
    """What the page asks for: words by name, and a folder with the workbooks it is about."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words
        self._folder = Path(words["folder"])

    @property
    def inputs(self) -> Path:
        """The folder of the workbooks."""
        return self._folder / "in"

    @property
    def output(self) -> Path:
        """The folder for results."""
        return self._folder / "out"

    @property
    def home(self) -> Path:
        """The folder of the report types: perfxl's own, or the last one that the page's session has laid out."""
        return max(self._homes(), key=lambda path: int(path.name), default=catalog.home())

    def new_home(self) -> Path:
        """Return the next folder of report types of the session, which is not there yet."""
        return Path(self._words["session"]) / str(1 + max((int(path.name) for path in self._homes()), default=0))

    def _homes(self) -> list[Path]:
        session = Path(self._words.get("session") or self._folder / "session")
        return [path for path in session.iterdir() if path.name.isdigit()] if session.is_dir() else []

    @property
    def draft(self) -> bool:
        """Whether documents may be made in spite of errors."""
        return bool(self._words.get("draft"))

    @property
    def profile(self) -> str:
        """The name of the rules that are asked for, or nothing."""
        return self.text("profile")

    @property
    def unreadable(self) -> Mapping[str, int]:
        """The files that the browser could not hand over, with their bytes."""
        known: Mapping[str, int] = self._words.get("unreadable") or {}
        return known

    def workbook(self) -> Path:
        """Return the one workbook that a request is about. It is not there where the browser could not read it."""
        names = [*self.unreadable, *sorted(path.name for path in self.inputs.iterdir())]
        if not names:
            raise WrongCommand("请选一份填报表。")
        return self.inputs / names[0]

    def text(self, name: str) -> str:
        """Return a word, empty where it is not said."""
        return str(self._words.get(name) or "")

    def says(self, name: str) -> bool:
        """Whether a choice is made."""
        return bool(self._words.get(name))

    def number(self, name: str, allowed: range, label: str) -> int:
        """Return a number. Raises `WrongCommand`, which calls it `label`, where it is none or not allowed."""
        try:
            number = int(self.text(name))
        except ValueError:
            number = allowed.start - 1
        if number not in allowed:
            raise WrongCommand(f"{label}应在{allowed[0]}到{allowed[-1]}之间。")
        return number


def made(kind: str, path: Path, label: str) -> dict[str, str]:
    """Return a file for the page: what it is, where it lies, what its button says and what it is called."""
    return {"kind": kind, "path": str(path), "label": label, "name": path.name}
