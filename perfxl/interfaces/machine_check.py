"""What of this machine matters to perfxl: office programs, fonts, write rights."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfxl.document.printing.fonts import Absence, absences, installed_fonts, said
from perfxl.document.printing.libreoffice import program
from perfxl.document.printing.ms_word import available


@dataclass(frozen=True)
class Symptom:
    """One thing looked at: `name` for programs, a Chinese sentence, and whether all is well with it."""

    name: str
    sentence: str
    well: bool


def symptoms(folder: Path, templates: Iterable[Path]) -> list[Symptom]:
    """Return what was found: the office programs, the fonts that `templates` ask for, write rights of `folder`."""
    return [_office(), _fonts(templates), _rights(folder)]


def _office() -> Symptom:
    found = [name for name, there in (("Word", available()), ("LibreOffice", program() is not None)) if there]
    if found:
        return Symptom("office", f"办公软件：找到 {'、'.join(found)}，目录页码和 PDF 由它排出。", True)
    return Symptom("office", "办公软件：没有找到 LibreOffice 或 Word，目录页码只能估算，不能生成 PDF。", False)


def _fonts(templates: Iterable[Path]) -> Symptom:
    installed = installed_fonts()
    if not installed:
        return Symptom("fonts", "字体：查不到本机有哪些字体。", False)
    missing: dict[str, Absence] = {}
    for template in templates:
        for absence in absences(template.read_bytes(), installed):
            missing.setdefault(absence.name, absence)
    if missing:
        return Symptom("fonts", f"字体：缺少{said(list(missing.values()))}，版面会略有出入。", False)
    return Symptom("fonts", "字体：模板用到的字体都有。", True)


def _rights(folder: Path) -> Symptom:
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=".perfxl-")
        os.close(handle)
        Path(name).unlink()
    except OSError:
        return Symptom("rights", f"文件夹：“{folder}”不能写入，请换一个文件夹。", False)
    return Symptom("rights", f"文件夹：“{folder}”可以写入。", True)


def text(found: Sequence[Symptom]) -> str:
    """Return the findings as lines for people."""
    return "\n".join(f"{'正常' if symptom.well else '注意'}  {symptom.sentence}" for symptom in found)
