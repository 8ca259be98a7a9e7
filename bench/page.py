"""How soon the page is ready, against the bare interpreter in the same browser: python -m bench.page [TURNS]

Both are opened from the disk in Chromium, by turns. The page may take one and a half times as long; it takes less,
because its memory travels ready-made.
"""

import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tools import make_page, page_parts

sys.path.append(str(page_parts.ROOT / "tests" / "page"))

from browser import Browser

ALLOWED = 1.5


def seconds(browser: Browser, page: Path) -> float:
    """Return how long it takes from opening a page until its interpreter answers."""
    began = time.perf_counter()
    browser.open(file=str(page))
    browser.wait(selector="body[data-ready=yes]", state="attached", seconds=120)
    return time.perf_counter() - began


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder, closing(Browser(page_parts.node_modules())) as browser:
        pages = {"page": Path(folder) / "page.html", "bare interpreter": Path(folder) / "bare.html"}
        for name, path in pages.items():
            path.write_bytes(make_page.page(bare=name != "page"))
        taken: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(turns):
            for name, path in pages.items():
                taken[name].append(seconds(browser, path))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        print(f"{name:20} {median:6.2f} s  ({min(taken[name]):.2f} to {max(taken[name]):.2f})")
    ratio = medians["page"] / medians["bare interpreter"]
    print(f"{'ratio':20} {ratio:6.2f}    (allowed: {ALLOWED})")


if __name__ == "__main__":
    main()
