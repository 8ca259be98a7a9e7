"""The markup of a template, followed along its branches: whether whatever it prints is a sound document.

A template of which every branch and every repetition opens and closes its own elements gives well-formed XML for any
data, as long as data are printed as text. That is found out here once, when the template is compiled, so that finished
documents need not be parsed again. On the way the markup is cut into units, paragraphs outside of tables and rows, by
which page numbers are estimated and 目录 is filled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from perfxl.fast.template.toc_in_pieces import END, FRAME, MARK, OTHER, PARAGRAPH, ROW

_ATTRIBUTES = r'(?:\s+[\w:.-]+="[^"<]*")*'
_TOKEN = re.compile(
    rf"<(?P<close>/?)(?P<name>[\w:.-]+){_ATTRIBUTES}\s*(?P<empty>/?)>|(?P<text>[^<]+)"
    r"|(?P<aside><!--(?:(?!--).)*-->|<\?(?:(?!\?>).)*\?>)",
    re.DOTALL,
)
_PARTIAL = re.compile(rf'<[\w:.-]+{_ATTRIBUTES}\s+[\w:.-]+="[^"<]*\Z')
_IN_ATTRIBUTE = re.compile(r'[^<>&"]*')
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)|\]\]>")
_MARKS = "<?perfxl-contents-"


class Unproven(Exception):
    """The template may print what is no sound document, or does what nobody has thought of here."""


@dataclass
class _Element:
    name: str
    # Of a cell, what its last element may be; of a table, whether it has a row whatever the data are.
    last: frozenset[str] = frozenset({""})
    has_row: bool = False


@dataclass
class State:
    """Where in the markup one is: the open elements, and the beginning of a tag that is not yet closed."""

    open: list[_Element] = field(default_factory=list)
    partial: str = ""
    block: int = 0  # how many elements were open when the paragraph or table began that is a block by itself

    def copy(self) -> State:
        return State([_Element(each.name, each.last, each.has_row) for each in self.open], self.partial, self.block)


class Walk:
    """Follows the markup of a part. Raises `Unproven` as soon as it is not sure.

    `units` is false where the part holds blocks within blocks, which only the finished text shows rightly.
    """

    def __init__(self) -> None:
        self.state = State()
        self.units = True
        self._roots = 0
        self._floor = 0  # how many elements were open when the innermost loop began

    def text(self, markup: str) -> list[tuple[str, int | None]]:
        """Return `markup` in pieces, each with the kind of the unit that ends behind it, or None."""
        before = len(self.state.partial)
        whole, self.state.partial = self.state.partial + markup, ""
        cuts: list[tuple[int, int]] = []
        at = 0
        while at < len(whole):
            token = _TOKEN.match(whole, at)
            if token is None:
                if not _PARTIAL.match(whole, at):
                    raise Unproven("a tag that is not whole")
                self.state.partial = whole[at:]
                break
            cuts += self._token(token)
            at = token.end()
        pieces: list[tuple[str, int | None]] = []
        done = before
        for place, kind in cuts:
            if place < before:
                raise Unproven("a unit ends before a tag that is not whole")
            pieces.append((whole[done:place], kind))
            done = place
        pieces.append((whole[done:], None))
        return [(piece, kind) for piece, kind in pieces if piece or kind is not None]

    def printed(self) -> None:
        """Say that a text of the data is printed here."""
        if self.state.partial or not self.state.open or self.state.open[-1].name != "w:t":
            raise Unproven("data outside of w:t")

    def enter(self) -> State:
        """Return the state in which branches begin, for `leave`; each takes a copy of it as its own."""
        if not self.state.open:
            raise Unproven("a root that may be missing")
        return self.state

    def enter_loop(self) -> tuple[State, int]:
        """Say that what comes is repeated, and return what `leave_loop` wants to know."""
        before, outer = self.enter(), self._floor
        self.state, self._floor = before.copy(), len(before.open)
        return before, outer

    def leave_loop(self, entered: tuple[State, int], *, once: bool) -> None:
        """Go on behind a loop; `once` says that it goes round at least once."""
        before, self._floor = entered
        self.leave(before, self.state, *(() if once else (before.copy(),)))

    def leave(self, before: State, *ends: State) -> None:
        """Go on where branches meet that began at `before` and end at `ends`."""
        names = [each.name for each in before.open]
        for end in ends:
            if [each.name for each in end.open] != names or (end.partial, end.block) != (before.partial, before.block):
                raise Unproven("a branch that does not close what it opens")
        for index, each in enumerate(before.open):
            each.last = frozenset().union(*(end.open[index].last for end in ends))
            each.has_row = all(end.open[index].has_row for end in ends)
        self.state = before

    def in_attribute(self, markup: str) -> bool:
        """Return whether `markup` stands within the value of an attribute and stays there."""
        return bool(self.state.partial) and _IN_ATTRIBUTE.fullmatch(markup) is not None

    def finish(self) -> None:
        """Say that the part ends here."""
        if self.state.partial or self.state.open or self._roots != 1:
            raise Unproven("not one whole element")

    def _token(self, token: re.Match[str]) -> list[tuple[int, int]]:
        """Take one token in and return where units end: (place, kind)."""
        opened = self.state.open
        if not token["aside"] and _BARE.search(token.group()):
            raise Unproven("text that is no XML")
        if token["text"] is not None:
            if not (opened or token.group().isspace()):
                raise Unproven("text beside the root")
            return []
        if token["aside"]:
            return self._aside(token)
        name = token["name"]
        if token["close"]:
            return self._closed(token, name)
        cuts = self._begun(token, name)
        if not opened:
            self._roots += 1
        opened.append(_Element(name))
        if token["empty"]:
            cuts += self._closed(token, name)
        return cuts

    def _aside(self, token: re.Match[str]) -> list[tuple[int, int]]:
        opened = self.state.open
        if not opened:
            raise Unproven("something beside the root")
        opened[-1].last = frozenset({"aside"})
        if not token.group().startswith(_MARKS):
            return []
        if self.state.block:
            self.units = False
            return []
        return [(token.start(), OTHER), (token.end(), MARK)]

    def _begun(self, token: re.Match[str], name: str) -> list[tuple[int, int]]:
        depth = len(self.state.open)
        if not self.state.block:
            if name not in ("w:p", "w:tbl") or token["empty"]:
                return []  # an empty element is no block to the layout
            self.state.block = depth + 1
            return [(token.start(), OTHER)]
        outer = self.state.open[self.state.block - 1].name
        if name == "w:tbl" or (outer == "w:p" and name in ("w:p", "w:tr")):
            self.units = False
        if name == "w:tr" and depth == self.state.block:
            return [(token.start(), FRAME)]
        return []

    def _closed(self, token: re.Match[str], name: str) -> list[tuple[int, int]]:
        opened = self.state.open
        if not opened or opened[-1].name != name:
            raise Unproven("an element that is closed by another")
        element = opened.pop()
        if len(opened) < self._floor:  # it may be another one when the loop goes round again
            raise Unproven("a loop that closes what it did not open")
        if name == "w:tc" and element.last != {"w:p"}:
            raise Unproven("a cell that may end in something else than a paragraph")
        if name == "w:tbl" and not element.has_row:
            raise Unproven("a table that may have no row")
        if opened:
            opened[-1].last = frozenset({name})
            opened[-1].has_row |= name == "w:tr"
        depth = len(opened)
        if not self.state.block or depth >= self.state.block + 1 or (depth == self.state.block and name != "w:tr"):
            return []
        if depth == self.state.block:
            return [(token.end(), ROW)]
        self.state.block = 0
        return [(token.end(), PARAGRAPH if name == "w:p" else END)]
