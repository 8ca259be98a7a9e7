"""Writes NOTICE: what perfxl is made with, of whom, and under which licence, from the metadata of what is installed.

    python tools/make_notice.py           writes NOTICE
    python tools/make_notice.py --check   says whether it is as it would be written, and ends with 1 where not

All that `pip install perfxl` brings along is listed, also through others, and what its extras bring. Versions are left
out, as a newer one of a library is no other licence; a licence that changes is a change of this file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
NOTICE = ROOT / "NOTICE"
_EXTRAS = ("excel", "watch", "cluster")
_HEAD = """perfxl
Copyright (c) its authors. Licensed under the MIT License (see LICENSE).

perfxl runs with the libraries below. None of their code is in this repository or in perfxl's wheel; pip installs each
from its own package, with its own licence file. Written by tools/make_notice.py.
"""
_LGPL = """\
docxtpl is under the GNU Lesser General Public License 2.1. perfxl imports it unchanged, so it can be replaced.
Who hands out perfxl together with docxtpl, as in the folder for Windows, has to (LGPL 2.1, sections 1, 4 and 6):
  - leave the copyright notices and the text of the licence with it (docxtpl-*.dist-info/licenses or LICENSE.txt),
  - say that docxtpl is used and that the LGPL covers it, as this file does: so keep this file in the folder,
  - give its source, or an offer of it: the wheel holds the whole source as .py files, which counts as such,
  - leave it a folder of files that can be replaced by a changed version, not frozen into one program.
The page in a browser does not hold docxtpl: its templates were made into programs before.
"""
_SHORT = (
    ("lesser general public license", "LGPL"), ("mozilla public license 2.0", "MPL-2.0"), ("apache", "Apache-2.0"),
    ("mit license", "MIT"), ("bsd", "BSD"), ("python software foundation", "PSF-2.0"), ("isc", "ISC"),
)  # fmt: skip
# What metadata of these say in no words that a machine knows, as read in their own licence files.
_SAID = {"docxtpl": "LGPL-2.1-only"}


def main() -> int:
    text = notice()
    if "--check" in sys.argv:
        return int(not NOTICE.is_file() or NOTICE.read_text("utf-8") != text)
    NOTICE.write_text(text, "utf-8")
    print(NOTICE)
    return 0


def notice() -> str:
    """Return the text of NOTICE. Raises `LookupError` where a licence is not known."""
    needed = _all_needed("perfxl", ())
    extra = {name: found for name, found in _all_needed("perfxl", _EXTRAS).items() if name not in needed}
    return "\n".join(
        (_HEAD, "Always installed", "", *_lines(needed), "", "With the extras excel, watch and cluster", "",
         *_lines(extra), "", "What a bundled distribution must carry", "", _LGPL)
    )  # fmt: skip


def _all_needed(name: str, extras: Iterable[str]) -> dict[str, Distribution]:
    """Return all that a package needs, and what these need, by name; what another system needs is left out."""
    found: dict[str, Distribution] = {}
    todo = [(name, tuple(extras))]
    while todo:
        package, wanted = todo.pop()
        for needed in _needs(distribution(package), wanted):
            plain = re.sub(r"[-_.]+", "-", needed.name).lower()
            if plain in found:
                continue
            try:
                found[plain] = distribution(needed.name)
            except PackageNotFoundError:
                continue  # of another system, or asked for by an extra that is not installed
            todo.append((needed.name, tuple(needed.extras)))
    return found


def _needs(package: Distribution, extras: tuple[str, ...]) -> Iterator[Requirement]:
    for text in package.requires or ():
        needed = Requirement(text)
        # That something is for another system alone makes its licence no other.
        marker = str(needed.marker or "")
        if "extra ==" not in marker or any(f'extra == "{extra}"' in marker for extra in extras):
            yield needed


def _lines(packages: dict[str, Distribution]) -> Iterator[str]:
    for name, package in sorted(packages.items()):
        home = package.metadata.get("Home-page") or _url(package)
        yield f"  {name:28} {licence(name, package):24} {home}".rstrip()


def _url(package: Distribution) -> str:
    urls = dict(each.split(", ", 1) for each in package.metadata.get_all("Project-URL") or ())
    plain = {key.lower(): url for key, url in urls.items()}
    return next(
        (plain[key] for key in ("homepage", "repository", "source", "source code", "github") if key in plain), ""
    )


def licence(name: str, package: Distribution) -> str:
    """Return the licence of a package as its metadata say it. Raises `LookupError` where they do not."""
    said = _SAID.get(name) or package.metadata.get("License-Expression")
    if said:
        return str(said)
    classifiers = package.metadata.get_all("Classifier") or ()
    texts = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    texts += (package.metadata.get("License") or "").splitlines()[:1]
    for text in texts:
        if short := next((short for words, short in _SHORT if words in text.lower()), ""):
            return short
        if text and len(text) < 30:
            return text
    raise LookupError(f"{name} does not say its licence: {texts}")


if __name__ == "__main__":
    sys.exit(main())
