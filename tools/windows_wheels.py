"""The packages of perfxl for Windows: which there are, pinned with their hashes.

pip decides by the machine it runs on which packages of another are needed (`sys_platform == "win32"`), so that the way
through the requirements is gone here, with the words of Windows.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.page_parts import ROOT, own_wheel

PINS = ROOT / "windows" / "wheels.txt"
EXTRAS = ("excel", "watch")
_WHEELS = ROOT / "windows" / "wheels"
_HEAD = "# Packages of the folder for Windows, for Python "
_LAUNCHERS = "distlib"  # of which the starters are made; it is no package of the folder


def environment(version: str) -> dict[str, str]:
    """Return what markers of requirements ask for, as it is on 64-bit Windows with a version of Python."""
    return {
        "implementation_name": "cpython",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "platform_system": "Windows",
        "python_full_version": f"{version}.0",
        "python_version": version,
        "sys_platform": "win32",
    }


def requirements(wheel: Path, version: str, extras: tuple[str, ...] = ()) -> Iterator[Requirement]:
    """Yield what a wheel needs on Windows."""
    with ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        told = Parser().parsestr(archive.read(name).decode())
    for line in told.get_all("Requires-Dist") or ():
        needed = Requirement(line)
        words = environment(version)
        if needed.marker is None or any(needed.marker.evaluate({**words, "extra": extra}) for extra in ("", *extras)):
            yield needed


def pinned(version: str) -> list[Path]:
    """Return the wheels that are pinned, by name. Raises `SystemExit` where they are for another Python, or others."""
    lines = PINS.read_text("utf-8").splitlines()
    if lines[0] != _HEAD + version:
        raise SystemExit(
            f"{PINS.name} is for another Python than {version}: python -m tools.make_windows --pin {version}"
        )
    wanted = {line.split("sha256:")[1].strip() for line in lines if "sha256:" in line}
    if not wanted <= _there().keys():
        _download(version, "--require-hashes", "-r", str(PINS))
    there = _there()
    if not wanted <= there.keys():
        raise SystemExit(f"the wheels in {_WHEELS} are not those that {PINS.name} pins")
    return sorted(there[checksum] for checksum in wanted)


def _there() -> dict[str, Path]:
    _WHEELS.mkdir(exist_ok=True)
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(_WHEELS.glob("*.whl"))}


def _download(version: str, *words: str, into: Path = _WHEELS) -> None:
    plain = version.replace(".", "")
    platform = ["--platform", "win_amd64", "--python-version", version, "--implementation", "cp"]
    abis = [word for abi in (f"cp{plain}", "abi3", "none") for word in ("--abi", abi)]
    command = ["download", "-q", "--no-deps", "--only-binary=:all:", *platform, *abis, "-d", str(into), *words]
    subprocess.run([sys.executable, "-m", "pip", *command], check=True)


def pin(version: str) -> None:
    """Write the list anew: the newest wheels that fit one another, for a version of Python."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        waiting = [Requirement(_LAUNCHERS), *requirements(own_wheel(place), version, EXTRAS)]
        known: dict[str, Path] = {}
        while waiting:
            needed = waiting.pop()
            title = canonicalize_name(needed.name)
            if title in known:
                if needed.specifier and not needed.specifier.contains(known[title].name.split("-")[1]):
                    raise SystemExit(f"{known[title].name} does not fit {needed}")
                continue
            folder = place / title
            _download(version, f"{needed.name}{needed.specifier}", into=folder)
            (known[title],) = folder.glob("*.whl")
            waiting += requirements(known[title], version, tuple(needed.extras))
        lines = [_HEAD + version]
        for title, wheel in sorted(known.items()):
            checksum = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"{title}=={wheel.name.split('-')[1]} --hash=sha256:{checksum}")
    PINS.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{PINS}  {len(known)} wheels")
