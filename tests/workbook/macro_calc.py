"""LibreOffice running the macros of workbooks, seen from a test: see `macro_office.py` for the steps."""

import json
import os
import subprocess
import sys
from pathlib import Path

from perfxl.report_type import catalog

SYSTEM_PYTHON = "/usr/bin/python3"
WORKING = f'PYTHONPATH="{catalog.home()}" exec "{sys.executable}" -m perfxl "$@"'


class Office:
    """LibreOffice with the macro script, and a program for the macro that tests may change."""

    def __init__(self, folder, *words, **environment):
        self.folder = folder
        self.runner = folder / "the program"
        surroundings = {"PERFXL_QUIET": "1", "PERFXL_RUNNER": str(self.runner), "LC_ALL": "C.UTF-8", **environment}
        script = Path(__file__).with_name("macro_office.py")
        self.script = subprocess.Popen(
            [SYSTEM_PYTHON, str(script), str(folder / "profile"), *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **surroundings},
        )  # fmt: skip

    def program(self, commands):
        self.runner.unlink(missing_ok=True)
        if commands:
            self.runner.write_text(f"#!/bin/sh\n{commands}\n")
            self.runner.chmod(0o755)

    def run(self, path, *steps, **more):
        self.script.stdin.write(json.dumps({"workbook": str(path), "steps": steps, **more}) + "\n")
        self.script.stdin.flush()
        answer = self.script.stdout.readline()
        assert answer, "the script ended"
        return json.loads(answer)

    def close(self):
        self.script.stdin.close()
        self.script.wait(60)
        self.script.stdout.close()
