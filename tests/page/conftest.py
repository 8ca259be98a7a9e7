"""The page is made once for all tests, and opened in one browser."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browser import Browser

from tools import page_parts

ROOT = Path(__file__).resolve().parents[2]
_PROGRAMS = ("node", "npm", "chromium")


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    """The page, made of this source tree; tests that run side by side wait for the one that makes it."""
    if missing := [program for program in _PROGRAMS if shutil.which(program) is None]:
        pytest.skip(f"the page is made and opened with {', '.join(missing)}, not installed here; CI installs them")
    shared = Path(tmp_path_factory.getbasetemp())
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made = shared / "绩效文本.html"
    with (shared / "page.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_file():
            words = [sys.executable, "-m", "tools.make_page", str(made)]
            done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture(scope="session")
def browser(html):
    found = Browser(page_parts.node_modules())
    yield found
    found.close()


@pytest.fixture
def opened(browser, html):
    """The page in a fresh tab, ready."""
    browser.open(file=str(html))
    browser.wait(selector="body[data-ready=yes]", state="attached")
    return browser
