"""Workbooks with the plans in them, as the form writes them and as LibreOffice saves them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from io import BytesIO
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from plans import plan_type, plans, reworded

from perfxl.workbook.form.form import write

_STRINGS = "xl/sharedStrings.xml"
_ITEM = re.compile(r"<si>.*?</si>", re.DOTALL)
_RUN = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
_FULLY = 100  # made value by value; the others are these with all their texts in other words
_LONG_AGO = 1_000_000_000  # so that dates can be trusted


def books(count: int) -> list[bytes]:
    """Return workbooks of `count` plans; where LibreOffice is installed, every second one was saved by it."""
    report_type = plan_type()
    made = [write(report_type, data) for data in plans(count)]
    if saved := saved_by_libreoffice(made[::2]):
        made[::2] = saved
    return made


def saved_by_libreoffice(made: Sequence[bytes]) -> list[bytes]:
    """Return the workbooks as LibreOffice saves them; none where it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "saved").mkdir()
        files = [folder / f"{number}.xlsx" for number in range(len(made))]
        for path, book in zip(files, made, strict=True):
            path.write_bytes(book)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "saved")]
        subprocess.run([*command, *map(str, files)], check=True, capture_output=True)
        return [(folder / "saved" / path.name).read_bytes() for path in files]


def fill(folder: Path, count: int) -> None:
    """Put `count` workbooks into `folder`, a hundred to a folder, no two alike; what is there already stays."""
    if all(_path(folder, number).exists() for number in range(count)):
        return
    first = min(count, _FULLY)
    data, made = list(plans(first)), books(first)
    for number in range(count):
        path = _path(folder, number)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            base = number % first
            path.write_bytes(made[base] if number < first else _reworded(made[base], data[base], number))
            os.utime(path, (_LONG_AGO, _LONG_AGO))


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number // 100:03}" / f"{number:05}.xlsx"


def _reworded(book: bytes, data: Mapping[str, Any], number: int) -> bytes:
    """Return a workbook with the texts of another unit in it: in a hundredth of the time that the form takes."""
    said = dict(_pairs(data, reworded(data, number)))
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            part = source.read(info)
            if info.filename == _STRINGS:
                part = _ITEM.sub(lambda item: _item(item[0], said), part.decode("utf-8")).encode()
            archive.writestr(info, part)
    return target.getvalue()


def _item(item: str, said: Mapping[str, str]) -> str:
    """Return a shared string that says something else, in as many runs as before: LibreOffice cuts at other scripts."""
    runs = [unescape(text) for text in _RUN.findall(item)]
    text = said.get("".join(runs))
    if text is None:
        return item
    cuts = [0, *accumulate(map(len, runs[:-1])), max(len(text), sum(map(len, runs)))]
    slices = iter([escape(text[start:end], quote=False) for start, end in pairwise(cuts)])
    return _RUN.sub(lambda found: found[0].replace(f">{found[1]}<", f">{next(slices)}<"), item)


def _pairs(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """Yield every text with what is said instead."""
    if isinstance(old, Mapping):
        for key, value in old.items():
            yield from _pairs(value, new[key])
    elif isinstance(old, list):
        for one, other in zip(old, new, strict=True):
            yield from _pairs(one, other)
    elif isinstance(old, str) and old != new:
        yield old, new
