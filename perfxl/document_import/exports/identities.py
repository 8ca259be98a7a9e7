"""Which rows are about the same thing: by its codes and names, the surest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Identities:
    """Things that have been seen, by what names them. `fields` are what may name one, the surest first."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = fields
        self._known: list[dict[str, str]] = []
        self._first: dict[tuple[str, str], int] = {}  # the first of each code or name
        self._bare: dict[tuple[str, str], int] = {}  # the first of a name for which nothing surer is known

    def __len__(self) -> int:
        return len(self._known)

    def find(self, names: Mapping[str, str]) -> int | None:
        """Return the number of what is named so, or None where it is new.

        A code decides; a name does where there is no code, in the row or with what is known.
        """
        given = [field for field in self._fields if names.get(field)]
        for place, field in enumerate(given):
            found = (self._bare if place else self._first).get((field, names[field]))
            if found is not None:
                return found
        return None

    def add(self, names: Mapping[str, str]) -> int:
        """Return the number of a new thing, from 0."""
        self._known.append({})
        self.learn(len(self._known) - 1, names)
        return len(self._known) - 1

    def learn(self, number: int, names: Mapping[str, str]) -> None:
        """Note what else a thing is called."""
        known = self._known[number]
        fresh = {field: names[field] for field in self._fields if names.get(field) and field not in known}
        if not fresh:
            return
        for place, field in enumerate(self._fields):
            if field in known and any(surer in fresh for surer in self._fields[:place]):
                key = (field, known[field])
                if self._bare.get(key) == number:
                    del self._bare[key]
        known.update(fresh)
        for field, text in fresh.items():
            self._first.setdefault((field, text), number)
            if not any(surer in known for surer in self._fields[: self._fields.index(field)]):
                self._bare.setdefault((field, text), number)

    def names(self, number: int) -> Mapping[str, str]:
        """Return what a thing is called."""
        return self._known[number]
