"""What besides the workbook decides what comes of it: schema, template, profile, program and options, as digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from perfxl import __version__, catalog
from perfxl.batch.ledger import Recipe
from perfxl.batch.work import digest
from perfxl.desk import profile_for
from perfxl.profile import ProfileFault

_SOURCES = (".py", ".json", ".txt")
_DATA = frozenset(("schemas", "templates", "profiles", "examples"))


class Recipes:
    """The recipes of one run; each file is read once."""

    def __init__(self, folder: Path, home: Path, asked: str, draft: bool, contents: bool) -> None:
        self._folder, self._home, self._asked = folder, home, asked
        # Whose numbers 目录 shows is no matter of the recipe: better ones than were asked for are well.
        self._options = f"draft={draft:d} profile={asked} contents={contents:d}"
        self._types: dict[str, tuple[bytes, bytes]] = {}
        self._profiles: dict[tuple[str, str], bytes] = {}

    def of(self, type_id: str, path: str, profile_name: str) -> Recipe:
        """Return the recipe of the workbook at `path`, of which the type and the profile that it names are known."""
        if type_id not in self._types:
            self._types[type_id] = self._type(type_id)
        # A named profile may stand beside the workbook.
        key = (path.rpartition("/")[0] if profile_name and not self._asked else "", profile_name)
        if key not in self._profiles:
            self._profiles[key] = self._profile(path, profile_name)
        return Recipe(*self._types[type_id], self._profiles[key], self._program, self._options)

    def _type(self, type_id: str) -> tuple[bytes, bytes]:
        if not type_id:
            # What is no report today may be one when there is a new type.
            return digest(" ".join(catalog.available(self._home)).encode()), b""
        # A type may have templates of several looks.
        templates = sorted((self._home / "templates").glob(f"{type_id}*.docx"))
        return _together([self._home / "schemas" / f"{type_id}.schema.json"]), _together(templates)

    def _profile(self, path: str, name: str) -> bytes:
        try:
            return digest(repr(profile_for(self._folder / path, self._home, self._asked, name)).encode())
        except ProfileFault as fault:
            if not name:
                raise
            return digest(str(fault).encode("utf-8", "surrogateescape"))

    @cached_property
    def _program(self) -> bytes:
        package = Path(catalog.__file__).parent
        sources = (path for path in package.rglob("*") if path.suffix in _SOURCES)
        # In a wheel the data stand inside the package, and have digests of their own.
        own = [path for path in sources if not _DATA.intersection(path.relative_to(package).parts)]
        return digest(__version__.encode() + _together(sorted(own)))


def _together(paths: Iterable[Path]) -> bytes:
    """Return the digest of files: of their names, and of what is in them."""
    found = hashlib.sha256()
    for path in paths:
        if path.is_file():
            content = path.read_bytes()
            found.update(f"{path.name} {len(content)}\n".encode() + content)
    return found.digest()
