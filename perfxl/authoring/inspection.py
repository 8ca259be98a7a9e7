"""Looks a type over: schema ↔ form ↔ template ↔ profile, all faults at once."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from perfxl import __version__
from perfxl.authoring.form_faults import form_notes, layout_notes
from perfxl.authoring.schema_meaning import Reader
from perfxl.authoring.template_faults import template_notes
from perfxl.document.template.fault import TemplateFault
from perfxl.model.author_note import AuthorNote
from perfxl.model.finding import catalogue
from perfxl.report_type import catalog, profile, schema_file
from perfxl.report_type.model import ReportType, TypeFault
from perfxl.report_type.profile import ProfileFault
from perfxl.report_type.schema_validator import Validator
from perfxl.storage import cache
from perfxl.workbook.cells import Cells
from perfxl.workbook.reading.reader import read

_ROUNDS = 6
_SCHEMA = ".schema.json"


def inspected(home: Path, type_id: str) -> list[AuthorNote]:
    """Return everything that is wrong with a type of one's own, in its schema, form, templates and profiles."""
    place = catalog.place_of(home, type_id)
    report_type, notes = _schema_notes(home, place, type_id)
    if report_type is None:
        return notes
    workbook = place / "templates" / f"{type_id}.xlsx"
    if workbook.is_file():
        cells = read(workbook.read_bytes())
        notes += form_notes(report_type, cells if isinstance(cells, Cells) else None, workbook.name)
    notes += _looks(place, type_id, report_type.schema)
    notes += profile_notes(place)
    notes += _misnamed(place)
    return list(dict.fromkeys(notes))


def _looks(place: Path, type_id: str, schema: Mapping[str, Any]) -> list[AuthorNote]:
    """Return what is wrong with the Word templates of a type in one place, or that there is none."""
    shelf = place / "templates"
    looks = sorted(path for path in shelf.glob(f"{type_id}.*docx") if not path.name.startswith("~$"))
    main = shelf / f"{type_id}.docx"
    found = template_notes(main, schema) if main not in looks else []
    found += [
        note
        for look in looks
        if look.suffix == ".docx" and look.stem.split(".")[0] == type_id
        for note in template_notes(look, schema)
    ]
    if (shelf / f"~${main.name[2:]}").is_file() or (shelf / f"~${main.name}").is_file():
        found.append(AuthorNote(main.name, "", "正在 Word 里打开着", "检查的是上次保存的内容，请先保存", grave=False))
    return found


def templates_inspected(place: Path, report_type: ReportType) -> list[AuthorNote]:
    """Return what is wrong with an office's own Word templates of a type that stands elsewhere."""
    shelf = place / "templates"
    looks = sorted(shelf.glob(f"{report_type.id}*.docx"))
    return [note for look in looks for note in template_notes(look, report_type.schema)]


def _schema_notes(home: Path, place: Path, type_id: str) -> tuple[ReportType | None, list[AuthorNote]]:
    """Return the type as far as it can be understood, and what is wrong with its schema."""
    path = place / "schemas" / (type_id + _SCHEMA)
    try:
        schema, notes = schema_file.read(path)
    except TypeFault as fault:
        return None, list(fault.notes)
    refused = catalog.conform(schema, path.name, type_id)
    notes += refused
    mended = _mended(schema) if refused else schema
    if mended is None:
        return None, notes
    types = {each.id: each for each in catalog.every(home)}
    meaning = Reader(mended, path.name, types).read()
    notes += meaning
    try:
        report_type = catalog.described(mended, catalog.places(home), place, type_id)
    except (KeyError, ValueError, TypeError) as fault:
        if not notes:
            notes.append(AuthorNote(path.name, "", f"前后不一致（{fault}）", "请核对"))
        return None, notes
    return report_type, notes + layout_notes(report_type, path.name) if not meaning else notes


def _mended(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a schema without what the dialect refuses, so that the rest can be looked over too; None if too bad."""
    rest: dict[str, Any] = copy.deepcopy(dict(schema))
    dialect = Validator(catalog.dialect())
    for _ in range(_ROUNDS):
        faults = list(dialect.faults(rest))
        if not faults:
            return rest
        for fault in faults:
            _take_out(rest, fault.keyword, fault.path, fault.said)
    return None


def _take_out(schema: dict[str, Any], keyword: str, path: Sequence[str | int], said: str) -> None:
    around: Any = schema
    for step in path[:-1] if keyword != "additionalProperties" else path:
        try:
            around = around[step]
        except (KeyError, IndexError, TypeError):
            return
    if keyword == "additionalProperties" and isinstance(around, dict):
        for key in [key for key in around if f"'{key}'" in said]:
            del around[key]
    elif path and isinstance(around, dict):
        around.pop(path[-1], None)


def profile_notes(place: Path) -> list[AuthorNote]:
    """Return what is wrong with the profiles that stand in one place."""
    found = []
    for path in sorted((place / "profiles").glob("*.json")) if place != catalog.home() else ():
        if path.name.endswith(_SCHEMA):
            continue
        try:
            rules = profile.load(place, path)
        except ProfileFault as fault:
            found.append(AuthorNote(path.name, "", str(fault).replace("\n", " ")))
            continue
        unknown = [code for code in rules.rules if code not in catalogue()]
        if unknown:
            found.append(
                AuthorNote(path.name, "“rules”", f"没有这些规则：{'、'.join(unknown)}", "现有的代码见 docs/codes.md")
            )
    return found


def _misnamed(place: Path) -> Iterable[AuthorNote]:
    """Yield the files that their names hide from the program."""
    for path in sorted((place / "schemas").glob("*.schema.json.*")):
        yield AuthorNote(
            path.name,
            "",
            "文件名多了一截，程序看不到它",
            f"请改名为“{path.name.partition('.schema.json')[0]}.schema.json”",
            grave=False,
        )


def stray_files(place: Path) -> list[AuthorNote]:
    """Return what stands in a folder of types and is none because of its name."""
    return [*_misnamed(place)]


def require_sound(home: Path, type_id: str) -> None:
    """Raise `TypeFault` where schema or form of a type of one's own contradict themselves.

    A type that was found to be sound is looked over again once one of its files or the program is another.
    """
    place = catalog.place_of(home, type_id)
    if place == catalog.home():
        return
    path = place / "schemas" / (type_id + _SCHEMA)
    key = _key(path.read_bytes(), " ".join(catalog.available(home)).encode())
    name = f"type-{hashlib.sha256(str(path.resolve()).encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"
    if cache.kept(name, key) is not None:
        return
    _, notes = _schema_notes(home, place, type_id)
    if grave := [note for note in notes if note.grave]:
        raise TypeFault.of(grave)
    cache.keep(name, key, b"sound")


def require_template(report_type: ReportType, template: Path, data: bytes) -> None:
    """Raise `TemplateFault` where a Word template of a type of one's own would print what is not meant.

    Of a type that comes with the program, only that the tags are right is asked: a look of one's own may leave out what
    nobody there fills in, and what is filled in and not printed is found in any case.
    """
    home = catalog.home()
    if template.parent.parent == home:
        return
    own_type = report_type.workbook.parent.parent != home
    key = _key(data, json.dumps(report_type.schema, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass"))
    name = f"look-{hashlib.sha256(str(template.resolve()).encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"
    if cache.kept(name, key) is not None:
        return
    notes = [note for note in template_notes(template, report_type.schema) if note.grave]
    if not own_type:
        notes = [note for note in notes if note.paragraph is not None or not note.place.startswith("栏目")]
    if notes:
        raise TemplateFault.of(notes)
    cache.keep(name, key, b"sound")


def _key(*parts: bytes) -> bytes:
    found = hashlib.sha256(__version__.encode())
    for part in parts:
        found.update(hashlib.sha256(part).digest())
    return found.digest()
