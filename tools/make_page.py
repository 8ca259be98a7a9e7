"""Makes 绩效文本.html: the whole of perfxl as one page that runs in a browser, offline. The same input, the same bytes.

    python -m tools.make_page [TARGET] [--bare]

Needs Node and npm, and once the registries, for what `page/package-lock.json` and `page/wheels.txt` pin with hashes.
Python is CPython in WebAssembly (npm pyodide). It is started once here, in Node; its memory with everything imported
travels in the page, packed as its difference from the memory that the interpreter lays down by itself. `--bare` makes
a page that starts the interpreter and nothing else, for `bench/page.py`.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import html
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import zstandard

from tools import page_parts
from tools.page_parts import PAGE

TARGET = "绩效文本.html"
MOST_BYTES = 12_000_000
_PACKED = PAGE / "packed"
_KEPT = (".pyc", ".lzma")  # of what Python leaves for the page
_LEVEL, _WINDOW = 22, 27  # zstd's best, over everything
LIBRARY = "/perfxl/library"
_HARMLESS = bytes.maketrans(b"<&", b",.")  # of base 85, for what means something in a page

# Python's environment, the same when its memory is kept and in the page: without docstrings and columns of tracebacks.
ENVIRONMENT = {
    "HOME": "/work",
    "PERFXL_CACHE": "/nowhere/at/all",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONINSPECT": "",
    "PYTHONNODEBUGRANGES": "1",
    "PYTHONOPTIMIZE": "2",
}
_SCRIPT = re.compile(r"</(script)", re.IGNORECASE)
_EXPORT_RUNTIME = "export default _createPyodideModule"
_EXPORT_LOADER = re.compile(r"export\{(\w+) as loadPyodide,\w+ as version\};?")
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S*")


def page(*, bare: bool = False) -> bytes:
    """Return the page. Raises `SystemExit` with a sentence where something that it needs is not as it is pinned."""
    assets = contents(bare=bare)
    packed = {name: as_text(_packed(content)) for name, content in assets.items()}
    return filled(assets, packed, bare=bare)


def as_text(packed: bytes) -> str:
    """Return bytes as characters that may stand in a script, five for four; the page's worker undoes it."""
    return base64.b85encode(packed).translate(_HARMLESS).decode()


def from_text(text: str) -> bytes:
    """Return the bytes that `as_text` has written."""
    return base64.b85decode(text.translate({new: old for old, new in enumerate(_HARMLESS) if old != new}))


def _packed(content: bytes) -> bytes:
    """Return `content` packed. That takes long, and the interpreter is the same every time, so results are kept."""
    words = f"{zstandard.ZSTD_VERSION} {_LEVEL} {_WINDOW} ".encode()
    kept = _PACKED / hashlib.sha256(words + content).hexdigest()
    if kept.is_file():
        return kept.read_bytes()
    parameters = zstandard.ZstdCompressionParameters.from_level(_LEVEL, window_log=_WINDOW)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compress(content)
    _PACKED.mkdir(exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}")
    part.write_bytes(packed)
    part.replace(kept)
    return packed


def contents(*, bare: bool = False) -> dict[str, bytes]:
    """Return what travels packed: the interpreter, its scripts, files, and its memory, or its library where `bare`."""
    runtime = page_parts.node_modules() / "pyodide"
    wasm = (runtime / "pyodide.asm.wasm").read_bytes()
    assets = {"wasm": wasm, "script": _runtime_script(runtime)}
    if bare:
        return {**assets, "files": b"[]\n", "library": (runtime / "python_stdlib.zip").read_bytes()}
    with tempfile.TemporaryDirectory() as name:
        files, snapshot = _kept(Path(name), runtime)
    return {**assets, "files": files, "snapshot": difference(snapshot, wasm)}


# --- Python's memory ---


def _kept(work: Path, runtime: Path) -> tuple[bytes, bytes]:
    """Return the files that Python may still ask for, and its memory."""
    sources = dict(page_parts.library(LIBRARY))
    compiled, _ = _residue(work, runtime, sources)
    data = {
        name: content
        for name, content in sources.items()
        if not name.endswith(".py") and f"{name}.lzma" not in compiled
    }
    begin = (PAGE / "begin.py").read_text("utf-8")
    _run(work, runtime, pack(sources), begin, work / "nothing", work / "snapshot")
    return pack({**data, **compiled}), (work / "snapshot").read_bytes()


def _residue(work: Path, runtime: Path, sources: Mapping[str, bytes]) -> tuple[dict[str, bytes], set[str]]:
    """Return what Python may still import, compiled, and the names of what it has imported already."""
    program = "".join((PAGE / name).read_text("utf-8") for name in ("begin.py", "residue.py"))
    out = work / "residue"
    _run(work, runtime, pack(sources), program, out)
    compiled = {
        f"{LIBRARY}/{path.relative_to(out).as_posix()}": path.read_bytes()
        for path in out.rglob("*.*")
        if path.suffix in _KEPT
    }
    return compiled, set(json.loads((out / "modules.json").read_bytes()))


def files_and_modules() -> tuple[set[str], set[str]]:
    """Return the names of the compiled files in the page, and of the modules that are in its memory."""
    with tempfile.TemporaryDirectory() as name:
        sources = dict(page_parts.library(LIBRARY))
        compiled, early = _residue(Path(name), page_parts.node_modules() / "pyodide", sources)
    return set(compiled), early


def _run(work: Path, runtime: Path, files: bytes, program: str, out: Path, snapshot: Path | None = None) -> None:
    (work / "files").write_bytes(files)
    (work / "environment.json").write_text(json.dumps(ENVIRONMENT))
    (work / "program.py").write_text(program, "utf-8")
    given = [work / "files", runtime / "python_stdlib.zip", work / "environment.json", work / "program.py", out]
    words = ["node", str(PAGE / "run_python.mjs"), *map(str, given), *([str(snapshot)] if snapshot else [])]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"Python in Node failed:\n{done.stderr[-3000:]}")


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return files as one: a line of JSON with names and sizes, then their bytes."""
    ordered = sorted(files.items())
    listed = [[name, len(content)] for name, content in ordered]
    return json.dumps(listed, separators=(",", ":")).encode() + b"\n" + b"".join(content for _, content in ordered)


def difference(snapshot: bytes, wasm: bytes) -> bytes:
    """Return a snapshot as its difference from the memory that the program `wasm` lays down when it starts."""
    changed = bytearray(snapshot)
    heap = int.from_bytes(snapshot[4:8], "little")  # where the memory begins, after pyodide's own header
    for start, content in segments(wasm):
        place = slice(heap + start, heap + start + len(content))
        both = int.from_bytes(changed[place], "little") ^ int.from_bytes(content, "little")
        changed[place] = both.to_bytes(len(content), "little")
    return bytes(changed)


def segments(wasm: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the active data segments of a WebAssembly module, with their addresses (core specification 2.0, 5.5.14)."""
    at = 8
    while at < len(wasm):
        section, (length, start) = wasm[at], _number(wasm, at + 1)
        at = start + length
        if section != 11:
            continue
        count, here = _number(wasm, start)
        for _ in range(count):
            if wasm[here] != 0 or wasm[here + 1] != 0x41:
                raise SystemExit("a data segment of another kind: the page would not put it back")
            address, here = _number(wasm, here + 2)
            size, here = _number(wasm, here + 1)
            yield address, wasm[here : here + size]
            here += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number in LEB128 and where what follows it begins. Addresses below 2 GiB have no sign to care for."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at


# --- the page ---


def _runtime_script(runtime: Path) -> bytes:
    """Return pyodide's two modules as one script that a worker can load, which leaves its functions in `self`."""
    program = (runtime / "pyodide.asm.mjs").read_text("utf-8").replace("import.meta.url", '"perfxl:/pyodide.asm.mjs"')
    loader = (runtime / "pyodide.mjs").read_text("utf-8").replace("import.meta.url", '"perfxl:/pyodide.mjs"')
    if program.count(_EXPORT_RUNTIME) != 1 or len(_EXPORT_LOADER.findall(loader)) != 1:
        raise SystemExit("pyodide's modules are not as they were: look at _runtime_script")
    program = program.replace(_EXPORT_RUNTIME, "self._createPyodideModule = _createPyodideModule")
    loader = _SOURCE_MAP.sub("", _EXPORT_LOADER.sub(r"self.loadPyodide = \1;", loader))
    return f"{program};\n(() => {{{loader}}})();\n".encode()


def filled(assets: Mapping[str, bytes], packed: Mapping[str, str], *, bare: bool = False) -> bytes:
    """Return the page with `assets` in it, which are there `packed`."""
    node = page_parts.node_modules()
    described = {
        "packed": packed,
        "sizes": {name: len(content) for name, content in assets.items()},
        "env": ENVIRONMENT,
        "lock": _lock(node / "pyodide"),
        "bare": bare,
    }
    scripts = {
        "old": _text("old.js"),
        "page": _text("page.js"),
    }
    libraries = [
        (node / path).read_text("utf-8")
        for path in ("jszip/dist/jszip.min.js", "docx-preview/dist/docx-preview.min.js")
    ]
    libraries = [_SOURCE_MAP.sub("", script) for script in libraries]
    hashes = [_hash(script) for script in (*scripts.values(), *libraries)]
    whole = _text("index.html")
    words = {
        "policy": policy(hashes),
        "style": _text("style.css"),
        "about": page_parts.about(node),
        "version": page_parts.version(),
        "worker": _SCRIPT.sub(r"<\\/\1", _decoder(node) + _text("worker.js")),
        "assets": json.dumps(described, sort_keys=True),
        "libraries": "\n".join(f"<script>{script}</script>" for script in libraries),
        **scripts,
    }
    for script in (*scripts.values(), *libraries):
        if _SCRIPT.search(script):
            raise SystemExit("a script holds what would end it")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: words[found[1]], whole).encode()


def policy(hashes: Iterable[str]) -> str:
    """Return the Content-Security-Policy of the page: its own scripts, and nothing from anywhere.

    `blob:` is for the worker and for the interpreter that the worker unpacks; styles are free because the preview of
    documents writes some. Nothing that could send a request is allowed.
    """
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join([*hashes, "'wasm-unsafe-eval'", "blob:"]),
        "worker-src": "blob:",
        "style-src": "'unsafe-inline'",
        "img-src": "data: blob:",
        "font-src": "data: blob:",
        "connect-src": "'none'",
        "form-action": "'none'",
        "base-uri": "'none'",
    }
    return html.escape("; ".join(f"{name} {value}" for name, value in allowed.items()), quote=True).replace(
        "&#x27;", "'"
    )


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _decoder(node: Path) -> str:
    """Return the decoder of zstd as part of the worker's script."""
    text = (node / "zstddec/dist/zstddec.mjs").read_text("utf-8")
    if text.count("export { ZSTDDecoder };") != 1:
        raise SystemExit("zstddec's module is not as it was: look at _decoder")
    return text.replace("export { ZSTDDecoder };", "")


def _lock(runtime: Path) -> str:
    """Return the list of packages that pyodide asks for: none."""
    known = json.loads((runtime / "pyodide-lock.json").read_bytes())
    return json.dumps({"info": known["info"], "packages": {}}, sort_keys=True)


def _text(name: str) -> str:
    return (PAGE / name).read_text("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="?", type=Path, default=Path(TARGET))
    parser.add_argument("--bare", action="store_true")
    options = parser.parse_args()
    made = page(bare=options.bare)
    if len(made) > MOST_BYTES and not options.bare:
        raise SystemExit(f"the page has {len(made)} bytes, more than {MOST_BYTES}")
    options.target.write_bytes(made)
    print(f"{options.target}  {len(made) / 1e6:.1f} MB  sha256 {hashlib.sha256(made).hexdigest()}", file=sys.stdout)


if __name__ == "__main__":
    main()
