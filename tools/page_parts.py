"""What `tools.make_page` puts together: packages pinned with their hashes, perfxl itself, and their licences."""

from __future__ import annotations

import hashlib
import html
import json
import marshal
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import perfxl
from perfxl.fast.template import program
from perfxl.fast.template.compilation import compilation

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "page"
STAND_INS = PAGE / "stand_ins"  # for packages that there are none of in a browser
_WHEELS = PAGE / "wheels"
_PINS = PAGE / "wheels.txt"

# The same wheels wherever the page is made; what they hold for a processor is left out.
_PLATFORM = (
    "--platform",
    "manylinux2014_x86_64",
    "--python-version",
    "311",
    "--implementation",
    "cp",
    "--abi",
    "cp311",
)
# Of a wheel: what the page has no use for.
_LEFT_OUT = (
    ".xlam",
    ".xlsm",
    ".xlsx",
    ".so",
    ".pyi",
    "/examples/",
    ".dist-info/",
    "/py.typed",
    "_speedups",
    "/tests/",
    "/benchmarks/",
    *(f"/docxtpl/{name}.py" for name in ("__main__", "inline_image", "listing", "richtext", "subdoc")),
)


def version() -> str:
    """Return the version of the program that is in the page."""
    return perfxl.__version__


def node_modules() -> Path:
    """Return where npm has put what `package-lock.json` pins, whose hashes npm has checked."""
    target = PAGE / "node_modules"
    done = target / ".package-lock.json"
    if not done.is_file() or _outdated(done):
        if shutil.which("npm") is None:
            raise SystemExit("npm is not installed here; the page is made of packages from npm")
        subprocess.run(["npm", "ci", "--silent"], cwd=PAGE, check=True)
    return target


def _outdated(installed: Path) -> bool:
    wanted = json.loads((PAGE / "package-lock.json").read_bytes())["packages"]
    there = json.loads(installed.read_bytes())["packages"]
    return any(there.get(name, {}).get("integrity") != entry.get("integrity") for name, entry in wanted.items() if name)


def wheels(pins: Path = _PINS) -> list[Path]:
    """Return the wheels that `pins` lists; pip checks their hashes when it fetches them, and we each time."""
    _WHEELS.mkdir(exist_ok=True)
    pinned = {line.split("sha256:")[1].strip() for line in pins.read_text("utf-8").splitlines() if "sha256:" in line}
    found = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(_WHEELS.glob("*.whl"))}
    if not pinned <= found.keys():
        words = ["download", "-q", "--no-deps", "--only-binary=:all:", *_PLATFORM, "--require-hashes"]
        words += ["-d", _WHEELS, "-r", pins]
        subprocess.run([sys.executable, "-m", "pip", *map(str, words)], check=True)
        found = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(_WHEELS.glob("*.whl"))}
    if not pinned <= found.keys():
        raise SystemExit(f"the wheels in {_WHEELS} are not those that {pins} pins")
    return [path for checksum, path in found.items() if checksum in pinned]


def own_wheel(folder: Path) -> Path:
    """Return a wheel of this source tree, made in `folder`."""
    from hatchling.builders.wheel import WheelBuilder

    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


def programs() -> Iterator[tuple[str, bytes]]:
    """Yield the programs of all Word templates, with their names as `program` looks for them."""
    for template in sorted((ROOT / "templates").glob("*.docx")):
        content = template.read_bytes()
        kept = compilation(content, portable=True)
        if kept is None:
            raise SystemExit(f"{template.name} is no program, and the page has nothing else to print it with")
        yield program.ready_made(content).relative_to(ROOT).as_posix(), marshal.dumps(kept, 4)


def library(root: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of perfxl and of what it needs, below `root`."""
    with tempfile.TemporaryDirectory() as folder:
        for wheel in (own_wheel(Path(folder)), *wheels()):
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    if not name.endswith("/") and not any(part in f"/{name}" for part in _LEFT_OUT):
                        yield f"{root}/{name}", archive.read(name)
    for path in sorted(STAND_INS.rglob("*.py")):
        yield f"{root}/{path.relative_to(STAND_INS).as_posix()}", path.read_bytes()
    for name, content in programs():
        yield f"{root}/{name}", content


def about(node: Path) -> str:
    """Return what the page says of itself, with the licences of what is inside."""
    text = (PAGE / "about.html").read_text("utf-8")
    entries = "\n".join(_licence(title, text) for title, text in licences(node))
    return text.replace("{{licences}}", entries)


def licences(node: Path) -> Iterator[tuple[str, str]]:
    """Yield what is in the page, by name and version, with the text of its licence."""
    yield f"perfxl {version()}（MIT）", (ROOT / "LICENSE").read_text("utf-8")
    runtime = json.loads((node / "pyodide/pyodide-lock.json").read_bytes())["info"]
    yield f"CPython {runtime['python']}（PSF-2.0）", (PAGE / "licences/PSF-2.0.txt").read_text("utf-8")
    for name in ("pyodide", "zstddec", "docx-preview", "jszip", "pako"):
        described = json.loads((node / name / "package.json").read_bytes())
        title = f"{name} {described['version']}（{described['license']}）"
        own = sorted(path for path in (node / name).glob("LICEN[CS]E*"))
        own = own or [PAGE / "licences" / f"{described['license']}.txt"]
        yield title, own[0].read_text("utf-8")
    for wheel in wheels():
        yield _licence_of_wheel(wheel)
    words = (ROOT / "perfxl/checks/language/common_words.txt").read_text("utf-8").partition("\n[")[0]
    yield "jieba 的词频、pycorrector 的形近字（MIT，Apache-2.0）", words.replace("# ", "").replace("#", "")


def _licence_of_wheel(wheel: Path) -> tuple[str, str]:
    name, number = wheel.name.split("-")[:2]
    with zipfile.ZipFile(wheel) as archive:
        inside = [one for one in archive.namelist() if ".dist-info/" in one and not one.endswith("/")]
        texts = [archive.read(one).decode() for one in sorted(inside) if "licen" in one.lower()]
        said = archive.read(next(one for one in inside if one.endswith("/METADATA"))).decode()
    if not texts:  # the wheel names a licence and leaves its text out
        known = re.search(r"^License: (\S+)$", said, re.MULTILINE)
        if known is None:
            raise SystemExit(f"{wheel.name} brings no licence")
        text = (PAGE / "licences" / f"{known[1]}.txt").read_text("utf-8")
        return f"{name} {number}（{known[1]}）", text
    return f"{name} {number}", "\n\n".join(texts)


def _licence(title: str, text: str) -> str:
    return (
        f'<details><summary>{html.escape(title)}</summary><pre tabindex="0">{html.escape(text.strip())}</pre></details>'
    )
