"""`perfxl click`: for the buttons of the form and of the console alone, so no help lists it.

click FILE --result FILE [--check | --fix]
click FILE --result FILE --console WORD ...
click --open FILE
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from perfxl.interfaces import excel_button
from perfxl.pipeline.exit_status import DONE, WrongCommand
from perfxl.pipeline.workbook_file import examine_file
from perfxl.report_type import catalog

_RESULT, _CONSOLE = "--result", "--console"


def run(words: Sequence[str]) -> int:
    """Do what a button asks for in these words and return the exit status. Raises `WrongCommand`, `Surroundings`."""
    rest = list(words)
    console_words = _behind(rest, _CONSOLE)
    results = _behind(rest, _RESULT)
    files = [word for word in (*rest, *results[1:]) if not word.startswith("--")]
    if len(files) != 1 or not (results or "--open" in words):
        raise WrongCommand("这个命令由填报表里的按钮使用。要检查填报表，请用 perfxl check。")
    path = Path(excel_button.unescaped(files[0]))
    if not results:
        excel_button.show(path)
        return DONE
    result = Path(excel_button.unescaped(results[0]))
    if _CONSOLE in words:
        from perfxl.interfaces import batch_console

        batch_console.run(path, result, console_words, catalog.home())
    else:
        examine = partial(examine_file, home=catalog.home())
        excel_button.run(path, result, examine, check="--check" in words, fix="--fix" in words)
    return DONE


def _behind(words: list[str], option: str) -> list[str]:
    """Take `option` and all that follows it out of `words`, and return what follows."""
    at = words.index(option) if option in words else len(words)
    behind = words[at + 1 :]
    del words[at:]
    return behind
