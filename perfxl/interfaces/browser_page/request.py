"""A request of the page, and how files are named in an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from perfxl.pipeline.exit_status import WrongCommand

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
    def draft(self) -> bool:
        """Whether documents may be made in spite of errors."""
        return bool(self._words.get("draft"))

    @property
    def profile(self) -> str:
        """The rules that are asked for: a name, the path of a file that came along, or nothing."""
        named = self.text("profile")
        beside = self._folder / "rules" / named
        return str(beside) if named and beside.is_file() else named

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
