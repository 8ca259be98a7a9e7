"""Of what kind the values of a ledger are: queries for a row that is none of ours, whoever has written it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.batch.states import STATES


def _unsound(table: str, blobs: Sequence[str] = (), whole: Sequence[str] = (), texts: Sequence[str] = ()) -> str:
    """Return the query for a row of `table` in which one of the columns is of another kind. NULL is of every kind."""
    kinds = (("blob", blobs), ("integer", whole), ("text", texts))
    said = [f"typeof({name}) NOT IN ('{kind}', 'null')" for kind, names in kinds for name in names]
    return f"SELECT 1 FROM {table} WHERE {' OR '.join(said)}"


_STATES = ", ".join(f"'{state}'" for state in STATES)
_AMOUNT = "money IS NOT NULL AND (money GLOB '*[^-0-9.]*' OR money NOT GLOB '*[0-9]*' OR money GLOB '?*-*'"
_AMOUNT += " OR money GLOB '*.*.*' OR length(money) > 60)"

UNSOUND: Mapping[str, str] = {
    "workbook": _unsound(
        "workbook",
        ("path", "input", "schema", "template", "profile", "program", "document", "output", "intended"),
        ("gone", "size", "mtime", "errors", "warnings", "infos", "output_size", "output_mtime", "items"),
        ("type", "profile_name", "rules", "options", "state", "first", "part", "unit_code", "unit_name", "year"),
    )
    + f" OR path IS NULL OR document IS NULL OR state NOT IN ({_STATES}) OR state IS NULL OR gone NOT IN (0, 1)"
    + " OR type IS NULL OR errors IS NULL OR warnings IS NULL OR infos IS NULL OR first IS NULL"
    + f" OR typeof(money) NOT IN ('text', 'null') OR ({_AMOUNT}) LIMIT 1",
    "content": _unsound("content", ("findings", "data", "rows")) + " LIMIT 1",
    "notice": _unsound("notice", ("path",), (), ("code", "finding"))
    + " OR path IS NULL OR NOT coalesce(json_valid(finding), 0)"
    + " OR coalesce(json_extract(finding, '$.severity'), '') NOT IN ('error', 'warning', 'info')"
    + " OR coalesce(json_type(finding, '$.message'), '') != 'text' LIMIT 1",
    "pdf": _unsound("pdf", ("document", "output", "printed", "intended"), ("output_size", "output_mtime"), ("part",))
    + " OR document IS NULL LIMIT 1",
    "told": _unsound("told", ("path", "input"), ("errors", "warnings"), ("unit", "state"))
    + f" OR path IS NULL OR state NOT IN ({_STATES}) OR errors IS NULL OR warnings IS NULL LIMIT 1",
    "change": _unsound("change", ("path",), (), ("kind", "unit", "said")) + " OR path IS NULL LIMIT 1",
    "side": _unsound("side", ("path", "output", "made_of", "owner")) + " OR path IS NULL LIMIT 1",
    "item": _unsound("item", ("likeness",), ("workbook", "lines"), ("code", "name", "sheet", "cell", "lines_cell"))
    + " LIMIT 1",
}
"""What is to be found nowhere, by table."""
