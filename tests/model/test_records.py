"""Records, paths and places: what leads to a value, and to the cell around it where it has none."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import pytest

from perfxl.model.record import Place, Record, leaves, names_only, path_text

VALUES = {
    "year": 2025,
    "goals": ["一", "二"],
    "projects": [{"name": "甲", "rows": [{"n": 1}, {"n": 2}]}, {"rows": [{"n": 3}]}, {}],
    "schedule": {"by_mar": Decimal(10)},
}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("year",), "year"),
        (("goals", 1), "goals[1]"),
        (("projects", 0, "rows", 12, "n"), "projects[0].rows[12].n"),
    ],
)
def test_a_path_is_printed_with_points_and_brackets(path, text):
    assert path_text(path) == text
    assert names_only(path) == tuple(step for step in path if isinstance(step, str))


@pytest.mark.parametrize("values", [VALUES, MappingProxyType(VALUES)], ids=["dict", "mapping"])
def test_leaves_are_all_values_in_the_order_of_the_data(values):
    assert isinstance(values, Mapping)
    assert list(leaves(values)) == [
        (("year",), 2025),
        (("goals", 0), "一"),
        (("goals", 1), "二"),
        (("projects", 0, "name"), "甲"),
        (("projects", 0, "rows", 0, "n"), 1),
        (("projects", 0, "rows", 1, "n"), 2),
        (("projects", 1, "rows", 0, "n"), 3),
        (("schedule", "by_mar"), 10),
    ]
    assert list(leaves("x", ("a",))) == [(("a",), "x")]
    assert list(leaves([[], {}])) == []


def test_items_are_found_by_their_names_alone_and_again():
    record = Record(VALUES)
    for _ in range(2):
        assert list(record.items("projects", "rows", "n")) == [
            (("projects", 0, "rows", 0, "n"), 1),
            (("projects", 0, "rows", 1, "n"), 2),
            (("projects", 1, "rows", 0, "n"), 3),
        ]
    assert [path for path, _ in record.items("projects")] == [("projects", 0), ("projects", 1), ("projects", 2)]
    assert list(record.items("projects", "name")) == [(("projects", 0, "name"), "甲")]
    assert list(record.items("goals")) == [(("goals", 0), "一"), (("goals", 1), "二")]
    assert list(record.items("nothing")) == []


def test_a_place_is_that_of_the_value_or_of_the_nearest_thing_around_it():
    places = {
        ("projects",): Place("项目1"),
        ("projects", 1): Place("项目2"),
        ("projects", 1, "rows"): Place("项目2", "B23"),
    }
    record = Record(VALUES, places)
    assert record.place(("projects", 1, "rows", 0, "n")) == Place("项目2", "B23")
    assert record.place(("projects", 1, "name")) == Place("项目2")
    assert record.place(("projects", 0, "name")) == Place("项目1")
    assert record.place(("year",)) is None
    assert record.place(()) is None


def test_what_is_printed_has_what_follows_from_the_values():
    assert Record(VALUES).shown is VALUES
    more = {**VALUES, "title": "x"}
    assert Record(VALUES, completed=more).shown is more
    assert Record(VALUES, completed={}).shown == {}
