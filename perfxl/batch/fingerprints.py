"""What besides the workbook decides what comes of it: schema, template, profile, program and options, as digests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path

from perfxl import __version__
from perfxl.batch.ledger import Recipe
from perfxl.batch.serialization import digest
from perfxl.pipeline.workbook_file import profile_for
from perfxl.report_type import catalog
from perfxl.report_type.profile import ProfileFault
from perfxl.storage import cache

_SOURCES = (".py", ".json", ".txt")
_DATA = frozenset(("schemas", "templates", "profiles", "examples"))


class Recipes:
    """The recipes of one run; each file is read once."""

    def __init__(self, home: Path, asked: str, draft: bool, contents: bool) -> None:
        self._home, self._asked = home, asked
        # Whose numbers 目录 shows is no matter of the recipe: better ones than were asked for are well.
        self._options = f"draft={draft:d} profile={asked} contents={contents:d}"
        self._types: dict[str, tuple[bytes, bytes]] = {}
        self._profiles: dict[str, bytes] = {}
        self._known: dict[tuple[str, str], Recipe] = {}

    def of(self, type_id: str, profile_name: str) -> Recipe:
        """Return the recipe of a workbook of which the type and the profile that it names are known."""
        key = (type_id, profile_name)
        if key not in self._known:
            self._known[key] = self._recipe(type_id, profile_name)
        return self._known[key]

    def _recipe(self, type_id: str, profile_name: str) -> Recipe:
        if type_id not in self._types:
            self._types[type_id] = self._type(type_id)
        if profile_name not in self._profiles:
            self._profiles[profile_name] = self._profile(profile_name)
        return Recipe(*self._types[type_id], self._profiles[profile_name], program(), self._options)

    def _type(self, type_id: str) -> tuple[bytes, bytes]:
        if not type_id:
            # What is no report today may be one when there is a new type.
            return digest(" ".join(catalog.available(self._home)).encode()), b""
        # A type may have templates of several looks.
        places = catalog.places(self._home)
        templates = [path for place in places for path in sorted((place / "templates").glob(f"{type_id}*.docx"))]
        schemas = [place / "schemas" / f"{type_id}.schema.json" for place in places]
        return _together(schemas), _together(templates)

    def _profile(self, name: str) -> bytes:
        """Return the digest of the profile of that name. Where nothing it is made of has changed, none is read."""
        key = digest(repr((self._asked, name)).encode("utf-8", "surrogateescape") + program())
        key += _together([*self._shelves, Path(self._asked)])
        found = cache.kept("profile", key)
        if found is None:
            try:
                found = digest(repr(profile_for(None, self._home, self._asked, name)).encode())
            except ProfileFault as fault:
                if not name:
                    raise
                return digest(str(fault).encode("utf-8", "surrogateescape"))
            cache.keep("profile", key, found)
        return found

    @cached_property
    def _shelves(self) -> list[Path]:
        """The profiles that are there by their names."""
        return [path for home in catalog.places(self._home) for path in sorted((home / "profiles").glob("*.json"))]


@lru_cache(maxsize=1)
def program() -> bytes:
    """Return the digest of the program. Where no file has another size or date, none is read."""
    package = Path(catalog.__file__).parents[1]
    sources = sorted(_sources(str(package)))
    dates = [(path, known.st_size, known.st_mtime_ns) for path, known in sources]
    key = digest(f"{__version__} {dates}".encode("utf-8", "surrogateescape"))
    found = cache.kept("program", key)
    if found is None:
        found = digest(__version__.encode() + _together(Path(path) for path, _ in sources))
        cache.keep("program", key, found)
    return found


def _sources(folder: str, inner: bool = False) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files that a program consists of, with what the directory says of them."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                # In a wheel the data stand inside the package, and have digests of their own.
                if inner or entry.name not in _DATA:
                    yield from _sources(entry.path, inner=True)
            elif entry.name.endswith(_SOURCES):
                yield entry.path, entry.stat()


def _together(paths: Iterable[Path]) -> bytes:
    """Return the digest of files: of their names, and of what is in them."""
    found = hashlib.sha256()
    for path in paths:
        if path.is_file():
            content = path.read_bytes()
            found.update(f"{path.name} {len(content)}\n".encode() + content)
    return found.digest()
