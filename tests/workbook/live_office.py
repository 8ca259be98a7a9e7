"""`macro_office.py` with one step more, and the button's program with LibreOffice in the place of Excel; for tests.

python live_office.py PROFILE [window]                answers tasks; ["live", workbook, result] does what a click does
python live_office.py click … --result …              is what the macro starts
"""

import os
import sys
import time
from pathlib import Path

# What `uno` needs belongs to the system's Python; both are of one version.
sys.path += ["/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program"]

import macro_office
import uno
import uno_engine

from perfxl.cli.main import main
from perfxl.interfaces import excel_button
from perfxl.storage import files


def desktop(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def escaped(path):
    return "".join(f"~{ord(sign):04X}" if sign not in "/._-" and not sign.isalnum() else sign for sign in path)


def live(workbook, result):
    main(["click", "".join(f"~{ord(sign):04X}" for sign in workbook), "--result", escaped(result)])


def write_twice(path, data):
    """Keep the answer where a test can read it; the macro removes its own as soon as it is there."""
    Path(os.environ["PERFXL_TEST_ANSWER"]).write_bytes(data)
    files.write(path, data)


if sys.argv[1] == "click":
    uno_engine.register(desktop(os.environ["PERFXL_TEST_PIPE"]))
    excel_button.write = write_twice
    raise SystemExit(main(sys.argv[1:]))

office = macro_office.Office(sys.argv[1], "window" in sys.argv[2:])
uno_engine.register(office.desktop)
office.steps = {"live": live, "rest": time.sleep}
macro_office.serve(office)
