"""`python -m perfxl` is the same as the `perfxl` command."""

import sys

from perfxl.cli import main

sys.exit(main())
