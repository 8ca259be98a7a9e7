"""Which fonts a document asks for and this machine does not have."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

from perfxl.document.package.docx_zip import read_parts

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WESTERN = "00"  # the character set; LibreOffice and Word have stand-ins of the same widths for Western fonts

# The same font, as Windows in other languages calls it.
_ALSO = {
    "宋体": "SimSun", "黑体": "SimHei", "楷体": "KaiTi", "仿宋": "FangSong", "仿宋_GB2312": "FangSong_GB2312",
    "楷体_GB2312": "KaiTi_GB2312", "方正小标宋简体": "FZXiaoBiaoSong-B05S",
}  # fmt: skip


@dataclass(frozen=True)
class Absence:
    """A font that is asked for and absent, and the one of its stand-ins that is there, or nothing."""

    name: str
    stand_in: str


def absences(document: bytes, installed: Collection[str]) -> list[Absence]:
    """Return the Chinese fonts that a .docx names and that are not `installed`, in the order of its font table."""
    table = read_parts(document).get("word/fontTable.xml")
    found: list[Absence] = []
    for font in ElementTree.fromstring(table) if table else ():
        name, charset = font.get(_W + "name", ""), font.find(_W + "charset")
        if (charset is not None and charset.get(_W + "val") == _WESTERN) or _present(name, installed):
            continue
        others = font.find(_W + "altName")
        names = others.get(_W + "val", "").split(",") if others is not None else []
        found.append(Absence(name, next((other for other in names if _present(other, installed)), "")))
    return found


def said(missing: Collection[Absence]) -> str:
    """Return the absences as the words of a sentence: 仿宋_GB2312（用仿宋代替）、黑体."""
    return "、".join(font.name + (f"（用{font.stand_in}代替）" if font.stand_in else "") for font in missing)


@cache
def installed_fonts() -> frozenset[str]:
    """Return the names of the fonts of this machine; empty where they cannot be found out."""
    if sys.platform == "win32":
        return _registered()
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    try:
        result = subprocess.run([program, ":", "family"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    text = result.stdout.decode("utf-8", "replace").replace("\\", "")
    return frozenset(name.strip() for line in text.splitlines() for name in line.split(","))


def _present(name: str, installed: Collection[str]) -> bool:
    return name in installed or _ALSO.get(name, name) in installed


def _registered() -> frozenset[str]:
    """Return what Windows has registered, for all users and for this one: “宋体 & 新宋体 (TrueType)”."""
    names: set[str] = set()
    if sys.platform == "win32":
        import winreg

        for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            try:
                with winreg.OpenKey(root, r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts") as key:
                    for index in range(winreg.QueryInfoKey(key)[1]):
                        title = winreg.EnumValue(key, index)[0].rpartition(" (")[0]
                        names.update(name.strip() for name in title.split("&"))
            except OSError:
                continue
    return frozenset(names)
