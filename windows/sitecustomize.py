"""What this Python does first: what perfxl keeps between runs stays in its own folder."""

import os
import sys
from pathlib import Path

os.environ.setdefault("PERFXL_CACHE", str(Path(sys.prefix) / "cache"))
