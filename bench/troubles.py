"""A folder as the worst of counties sends it in: broken, encrypted, huge, locked, linked, doubled, vanishing files."""

from __future__ import annotations

import random
import subprocess
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from books import fill

_HUGE = 2**33  # bytes, with nothing in them on the disk


def fill_with_troubles(folder: Path, count: int) -> tuple[list[str], list[str], list[Path]]:
    """Put `count` files into `folder`; return the good ones, the bad ones, and those good ones that are to vanish."""
    chance = random.Random(13)
    fill(folder, count - count // 3)
    good = sorted(folder.rglob("*.xlsx"))
    kinds = _kinds(folder, good, chance)
    bad = []
    for number in range(count // 3):
        kind = list(kinds)[number % len(kinds)]
        path = folder / f"{number % 7:03}" / f"{kind} {number}.xlsx"
        path.parent.mkdir(exist_ok=True)
        kinds[kind](path)
        bad.append(path)
    doubled = [path.with_name(path.name.upper()) for path in good[::40]]
    for one, other in zip(good[::40], doubled, strict=True):
        other.write_bytes(one.read_bytes())
        (one.with_name(f"~${one.name}")).write_bytes(b"\x05nobody")  # as Excel leaves one beside an open workbook
    vanishing = good[-max(1, len(good) // 25) :]
    kept = [*good[: -len(vanishing)], *doubled]
    return [_below(path, folder) for path in kept], [_below(path, folder) for path in bad], vanishing


def _below(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _kinds(folder: Path, good: Sequence[Path], chance: random.Random) -> Mapping[str, Callable[[Path], object]]:
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
    bomb, many = _bomb(), _many_parts()

    def cut(path: Path) -> None:
        data = chance.choice(good).read_bytes()
        path.write_bytes(data[: chance.randrange(100, len(data) - 1000)])

    def huge(path: Path) -> None:
        with path.open("wb") as stream:
            stream.truncate(_HUGE)

    def locked(path: Path) -> None:
        path.write_bytes(encrypted)
        path.chmod(0)

    return {
        "cut": cut,
        "encrypted": lambda path: path.write_bytes(encrypted),
        "huge": huge,
        "bomb": lambda path: path.write_bytes(bomb),
        "parts": lambda path: path.write_bytes(many),
        "locked": locked,
        "link": lambda path: path.symlink_to(good[0]),
        "loop": lambda path: path.symlink_to(path),
        "away": lambda path: path.symlink_to(folder.parent),
        "empty": lambda path: path.write_bytes(b""),
        "text": lambda path: path.write_bytes("单位编码,控制数\n402001,1\n".encode("gb18030")),
        "picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(900)),
    }


def _bomb() -> bytes:
    """Return a small archive that unpacks to 2 GB of XML."""
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(200):
                part.write(b"<row/>" * 1_750_000)
    return inner.getvalue()


def _many_parts() -> bytes:
    """Return an archive of very many parts."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(60_000):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", "")
    return target.getvalue()


def vanish(files: Sequence[Path], output: Path, run: subprocess.Popen[bytes]) -> list[str]:
    """Remove files as soon as the run has made its first document; return those that it cannot have made."""
    while run.poll() is None and not any(output.rglob("*.docx")):
        time.sleep(0.01)
    gone = []
    for path in files:
        inside = f"{path.parent.name}/{path.name}"
        if not (output / inside).with_suffix(".docx").exists():
            path.unlink()
            gone.append(inside)
    return gone
