"""Makes perfxl-windows.zip: Windows' own Python with perfxl in one folder, for the buttons in Excel.

    python -m tools.make_windows --python python-3.13.1-embed-amd64.zip --sha256 HASH [TARGET]
    python -m tools.make_windows --pin 3.13

The first needs the embeddable package for 64-bit Windows from python.org, which the maintainer brings together with
the hash that stands there; packages are those that `windows/wheels.txt` pins with hashes. The second writes that file
anew for a version of Python. The same files give the same bytes, and nothing in them tells of the machine that made it.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import struct
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tools import page_parts, windows_wheels
from tools.page_parts import ROOT

TARGET = "perfxl-windows.zip"
FOLDER = "perfxl"
WINDOWS = ROOT / "windows"
PACKAGES = "Lib/site-packages"
STARTERS = {"perfxl.exe": ("distlib/t64.exe", "python.exe"), "perfxlw.exe": ("distlib/w64.exe", "pythonw.exe")}

_AMD64 = 0x8664  # IMAGE_FILE_MACHINE_AMD64 of a PE header ([MS-PE], COFF File Header)
_NEW_YEAR = (1980, 1, 1, 0, 0, 0)
_PATHS = re.compile(r"python(\d)(\d+)\._pth")
_MAIN = "import sys\nfrom perfxl.__main__ import main\nsys.exit(main())\n"
# Of wheels: what belongs elsewhere than among the packages, or is for who builds and tests them.
_LEFT_OUT = re.compile(r"\.data/(scripts|data|headers)/|/tests?/|\.pyi$|/py\.typed$|^pythonwin/|/demos/|\.chm$")
_RELOCATED = re.compile(r"^[^/]+\.data/(?:purelib|platlib)/")


def folder(python: bytes) -> dict[str, bytes]:
    """Return the files of the folder by name, with `python` as the embeddable package.

    Raises `SystemExit` with a sentence where something is not for 64-bit Windows or not for this Python.
    """
    runtime = _unpacked(python)
    version, paths = _version(runtime)
    wheels = windows_wheels.pinned(version)
    files = {name: content for name, content in runtime.items() if name != paths}
    # `import site` makes packages with .pth files of their own work (pywin32); a `._pth` keeps all other places out.
    files[paths] = (
        f"python{version.replace('.', '')}.zip\r\n.\r\n{PACKAGES.replace('/', chr(92))}\r\n\r\nimport site\r\n".encode()
    )
    with tempfile.TemporaryDirectory() as place:
        for wheel in (*wheels, page_parts.own_wheel(Path(place))):
            files |= _packages(wheel)
    files |= _starters(wheels)
    for name in ("LICENSE", "NOTICE"):  # the LGPL of docxtpl wants it said
        files[f"{name}.txt"] = (ROOT / name).read_bytes()
    for path in sorted(WINDOWS.iterdir()):
        if path.suffix in (".cmd", ".txt") and path.name != windows_wheels.PINS.name:
            text = path.read_text("utf-8").replace("{version}", page_parts.version()).replace("{python}", version)
            files[path.name] = text.replace("\n", "\r\n").encode("utf-8-sig" if path.suffix == ".txt" else "utf-8")
    files[f"{PACKAGES}/sitecustomize.py"] = (WINDOWS / "sitecustomize.py").read_bytes()
    _inspect(files)
    return files


def _unpacked(python: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(python)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _version(runtime: Mapping[str, bytes]) -> tuple[str, str]:
    """Return the version of Python (`3.13`) and the file that says where it looks for modules."""
    for name in runtime:
        if (found := _PATHS.fullmatch(name)) and {"python.exe", "pythonw.exe"} <= runtime.keys():
            return f"{found[1]}.{found[2]}", name
    raise SystemExit("这不是 python.org 的 Windows embeddable package（python-3.x-embed-amd64.zip）")


def _packages(wheel: Path) -> dict[str, bytes]:
    """Return the files of a wheel where they belong."""
    if wheel.name.startswith("distlib-"):
        return {}
    found = {}
    with ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith("/") and not _LEFT_OUT.search(name):
                found[f"{PACKAGES}/{_RELOCATED.sub('', name)}"] = archive.read(name)
    return found


def _starters(wheels: list[Path]) -> dict[str, bytes]:
    """Return what starts perfxl: distlib's launchers, each with a line on the Python beside it and a script."""
    launchers = next(wheel for wheel in wheels if wheel.name.startswith("distlib-"))
    made = {}
    with ZipFile(launchers) as archive:
        for name, (launcher, interpreter) in STARTERS.items():
            script = _archive({"__main__.py": _MAIN.encode()})
            made[name] = archive.read(launcher) + f'#!"<launcher_dir>\\{interpreter}"\r\n'.encode() + script
    return made


def _inspect(files: Mapping[str, bytes]) -> None:
    """Raise `SystemExit` unless all is for 64-bit Windows and knows nothing of this machine."""
    foreign = [name for name in files if name.endswith((".so", ".dylib"))]
    other = [
        name
        for name, content in files.items()
        if name.endswith((".exe", ".dll", ".pyd")) and machine(content) != _AMD64
    ]
    # distlib and others bring launchers for other processors as data.
    other = [name for name in other if not name.startswith(PACKAGES) or name.endswith(".pyd")]
    ours = [name for name, content in files.items() if str(ROOT).encode() in content]
    if foreign or other or ours:
        raise SystemExit(f"not for 64-bit Windows: {foreign + other}; with a path of this machine: {ours}")


def machine(program: bytes) -> int:
    """Return for which processor a program of Windows is, 0 where it is none."""
    if program[:2] != b"MZ":
        return 0
    (at,) = struct.unpack_from("<I", program, 0x3C)
    if program[at : at + 4] != b"PE\0\0":
        return 0
    (found,) = struct.unpack_from("<H", program, at + 4)
    return int(found)


def _archive(files: Mapping[str, bytes], under: str = "") -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = ZipInfo(under + name, _NEW_YEAR)
            entry.compress_type, entry.external_attr, entry.create_system = ZIP_DEFLATED, 0o644 << 16, 0
            archive.writestr(entry, files[name])
    return target.getvalue()


def archive(python: bytes) -> bytes:
    """Return the zip archive with the folder."""
    return _archive(folder(python), f"{FOLDER}/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", nargs="?", type=Path, default=Path(TARGET))
    parser.add_argument("--python", type=Path, metavar="ZIP")
    parser.add_argument("--sha256", default="", metavar="HASH", help="of that zip, as python.org says it")
    parser.add_argument("--pin", default="", metavar="VERSION", help="write windows/wheels.txt for a version of Python")
    options = parser.parse_args()
    if options.pin:
        windows_wheels.pin(options.pin)
        return
    if options.python is None:
        parser.error("--python is missing")
    python = options.python.read_bytes()
    checksum = hashlib.sha256(python).hexdigest()
    if checksum != options.sha256.lower():
        raise SystemExit(
            f"{options.python.name} has the hash {checksum}, and --sha256 says {options.sha256 or 'nothing'}"
        )
    made = archive(python)
    options.target.write_bytes(made)
    print(f"{options.target}  {len(made) / 1e6:.1f} MB  sha256 {hashlib.sha256(made).hexdigest()}")


if __name__ == "__main__":
    main()
