"""Chromium for tests: the page is opened from the disk, and a watch sees every connection that anybody asks for."""

import json
import shutil
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

_DRIVER = Path(__file__).with_name("browser.mjs")


class Watch:
    """A proxy that lets nothing through and remembers who wanted what."""

    def __init__(self):
        self.wanted = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with suppress(OSError):
            while True:
                visitor, _ = self._door.accept()
                with visitor:
                    visitor.settimeout(5)
                    with suppress(OSError):
                        self.wanted.append(visitor.recv(300).decode("latin-1").split("\r\n")[0])

    def close(self):
        self._door.close()


class Browser:
    """A browser with one tab. What it is told to do is in `browser.mjs`."""

    def __init__(self, modules):
        self.watch = Watch()
        program = shutil.which("chromium")
        assert program
        self._process = subprocess.Popen(
            ["node", str(_DRIVER), str(modules), program, self.watch.address],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __getattr__(self, action):
        def do(**words):
            self._process.stdin.write(json.dumps({"do": action, **words}) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
            assert "fault" not in answer, answer
            return answer["value"]

        return do

    @property
    def memory(self):
        """The memory of all processes of the browser, in MiB."""
        return sum(_resident(pid) for pid in _below(self._process.pid)) / 2**20

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        self.watch.close()


def _below(pid):
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield int(child)
        yield from _below(int(child))


def _resident(pid):
    """Bytes in memory that are not shared with other processes, and a share of those that are."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
