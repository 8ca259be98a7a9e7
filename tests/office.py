"""LibreOffice for tests: one running program a session, edits and conversions through it."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_EDIT = Path(__file__).parent / "office_edit.py"


class Office:
    """A running LibreOffice with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.profile = (folder / "profile").as_uri()
        pipe = f"perfxl{os.getpid()}"
        program = shutil.which("soffice")
        assert program
        self.program = subprocess.Popen(
            [program, f"-env:UserInstallation={self.profile}", "--headless", "--norestore", "--nologo",
             f"--accept=pipe,name={pipe};urp;"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self.script = subprocess.Popen(
            ["/usr/bin/python3", str(_EDIT), pipe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.count = 0

    def edited(self, workbook: bytes, steps: Sequence[Sequence[Any]] = ()) -> bytes:
        """Return the workbook after LibreOffice opened it, took the steps and saved it as .xlsx."""
        self.count += 1
        source, target = self.folder / f"{self.count}.xlsx", self.folder / f"{self.count}-saved.xlsx"
        source.write_bytes(workbook)
        return self._done({"source": str(source), "target": str(target), "steps": steps})

    def decided(self, document: bytes, command: str) -> bytes:
        """Return the .docx after LibreOffice opened it, carried out a command such as `.uno:AcceptAllTrackedChanges`
        and saved it."""
        self.count += 1
        source, target = self.folder / f"{self.count}.docx", self.folder / f"{self.count}-saved.docx"
        source.write_bytes(document)
        return self._done({"source": str(source), "target": str(target), "command": command})

    def _done(self, task: dict[str, Any]) -> bytes:
        assert self.script.stdin
        assert self.script.stdout
        self.script.stdin.write(json.dumps(task) + "\n")
        self.script.stdin.flush()
        answer = self.script.stdout.readline().strip()
        assert answer == "ok", answer
        return Path(task["target"]).read_bytes()

    def close(self) -> None:
        assert self.script.stdin
        self.script.stdin.close()
        self.script.wait(30)
        assert self.script.stdout
        self.script.stdout.close()
        os.killpg(self.program.pid, 15)
        self.program.wait(30)
