"""A screen and a mouse for tests that click."""

import os
import shutil
import subprocess
from contextlib import contextmanager

import pytest

_TOOLS = ("soffice", "Xvfb", "xdotool", "import", "convert")


@contextmanager
def screen():
    """Start a screen of its own and give the value of DISPLAY for it."""
    if missing := [tool for tool in _TOOLS if shutil.which(tool) is None]:
        pytest.skip(f"a click needs a screen and a mouse; not installed here: {', '.join(missing)}; CI installs them")
    read, write = os.pipe()
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1100x24"]
    program = subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        display = f":{numbers.readline().strip()}"
    try:
        yield display
    finally:
        program.terminate()
        program.wait(30)
