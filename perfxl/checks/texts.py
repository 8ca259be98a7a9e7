"""The texts of a plan that people wrote freely, as rules on words look at them."""

from __future__ import annotations

from weakref import ref

from perfxl.record import Path, Record, leaves

Text = tuple[Path, str]

_PROSE = frozenset(
    (
        *("overall_goal", "title", "performance_goal", "indicators", "safeguard_measures"),
        *("use_of_funds", "performance_goals", "name", "description", "target", "target_basis"),
    )
)
_NAMES = frozenset(("project_name",))


def texts(plan: Record) -> list[Text]:
    """Return every free text with its path, in the order of the data, names of projects left out."""
    return [text for text in texts_and_names(plan) if field_of(text[0]) not in _NAMES]


def texts_and_names(plan: Record) -> list[Text]:
    """Return every free text and every name of a project with its path, in the order of the data."""
    # Eight rules ask for the texts of one record after the other; finding them is half of their work.
    if not _latest or _latest[0][0]() is not plan:
        every = ((path, text) for path, text in leaves(plan.values) if isinstance(text, str))
        _latest[:] = [(ref(plan), [text for text in every if field_of(text[0]) in _PROSE | _NAMES])]
    return _latest[0][1]


def field_of(path: Path) -> str:
    """Return the name of the field that a path leads to, also for an item of a list."""
    return str(path[-1] if isinstance(path[-1], str) else path[-2])


_latest: list[tuple[ref[Record], list[Text]]] = []
