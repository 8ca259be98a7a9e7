"""Where the program starts: `perfxl`, and `python -m perfxl`."""

import gc
import sys


def main() -> int:
    """Run the program without looking for garbage while it loads and when it ends: that takes a fifth of a click."""
    gc.disable()
    from perfxl.pipeline import accelerators

    accelerators.prepare()
    from perfxl.cli.main import main as run

    gc.freeze()
    gc.enable()
    try:
        return run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
