"""What jsonschema and referencing use of rpds, for an interpreter without a wheel of it: maps that never change.

Each change copies; the maps that a schema needs are small.
"""


class HashTrieMap(dict):
    """A mapping of which every change is a new one."""

    @classmethod
    def convert(cls, value):
        return value if isinstance(value, cls) else cls(value)

    def insert(self, key, value):
        return type(self)({**self, key: value})

    def remove(self, key):
        kept = dict(self)
        del kept[key]
        return type(self)(kept)

    def discard(self, key):
        return self.remove(key) if key in self else self

    def update(self, *others, **more):
        changed = dict(self)
        for other in others:
            changed.update(other)
        return type(self)({**changed, **more})

    def __hash__(self):
        return hash(frozenset(self.items()))


class HashTrieSet(frozenset):
    """A set of which every change is a new one."""

    def insert(self, value):
        return type(self)(self | {value})

    def remove(self, value):
        if value not in self:
            raise KeyError(value)
        return type(self)(self - {value})

    def discard(self, value):
        return type(self)(self - {value})

    def update(self, *others):
        return type(self)(self.union(*others))


class List(tuple):
    """A list that grows at its front, a new one each time."""

    def __new__(cls, *items):
        only = items[0] if len(items) == 1 and not isinstance(items[0], str) else items
        return super().__new__(cls, only)

    @property
    def first(self):
        return self[0]

    @property
    def rest(self):
        return type(self)(self[1:])

    def push_front(self, value):
        return type(self)((value, *self))

    def drop_first(self):
        return self.rest
