"""The clone that this folder belongs to: its perfxl is the one that is measured, installed or not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(ROOT))


def environment() -> dict[str, str]:
    """Return the environment of a process that runs this clone's perfxl."""
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *([known] if known else [])])}
