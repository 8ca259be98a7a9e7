"""`perfxl type`: for whoever makes report types of their own."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from perfxl.authoring import inspection
from perfxl.cli.commands import common
from perfxl.model.author_note import AuthorNote
from perfxl.pipeline.exit_status import DONE, WRONG_COMMAND, WrongCommand
from perfxl.report_type import catalog
from perfxl.storage.files import write


def words(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="做什么", metavar="做什么", required=True)
    check = actions.add_parser(
        "check", help="检查文种：结构、填报表、Word 模板、规则配置，一次列出所有问题", add_help=False
    )
    check.add_argument("-h", "--help", action="help", help="显示这份说明")
    check.add_argument("names", metavar="文种", nargs="*", help="名称或者文件夹（默认是所有自己的文种）")
    check.add_argument(
        "--comments", metavar="文件夹", type=Path, help="把模板的问题作为批注写进 Word 模板的副本，放在这个文件夹里"
    )
    common.json_option(check)
    check.set_defaults(act=_check)


def run(options: Namespace) -> int:
    return int(options.act(options))


def _check(options: Namespace) -> int:
    notes: list[AuthorNote] = []
    looked = 0
    for home, type_id in _asked(options):
        found = inspection.inspected(home, type_id)
        notes += found
        looked += 1
        if options.comments is not None:
            _comment(home, type_id, found, options.comments)
    notes = list(dict.fromkeys(notes))
    grave = [note for note in notes if note.grave]
    if options.json:
        print(json.dumps([_as_json(note) for note in notes], ensure_ascii=False, indent=2))
    else:
        for note in notes:
            print(f"{'错误' if note.grave else '提示'} {note}")
        print(_summed_up(looked, len(grave), len(notes) - len(grave)))
    return WRONG_COMMAND if grave else DONE


def _summed_up(looked: int, grave: int, hints: int) -> str:
    more = f"，另有提示 {hints} 处" if hints else ""
    return f"检查了 {looked} 个文种，错误 {grave} 处{more}。" if grave else f"检查了 {looked} 个文种，没有错误{more}。"


def _as_json(note: AuthorNote) -> dict[str, object]:
    return {
        "file": note.file,
        "place": note.place,
        "problem": note.problem,
        "cure": note.cure,
        "severity": "error" if note.grave else "info",
    }


def _asked(options: Namespace) -> list[tuple[Path, str]]:
    """Return the types to be checked, each with the folder from which it is looked for. Raises `WrongCommand`."""
    home = common.home(options)
    if not options.names:
        own = [
            (home, type_id)
            for place in catalog.places(home)
            if place != catalog.home()
            for type_id in catalog.held(place)
        ]
        if not own:
            raise WrongCommand(_nothing_own(catalog.places(home)))
        return list(dict.fromkeys(own))
    found: list[tuple[Path, str]] = []
    for name in options.names:
        path = Path(name)
        if path.is_dir():
            place = path.parent if path.name in ("schemas", "templates") else path
            held = catalog.held(place)
            if not held:
                raise WrongCommand(_nothing_own([place]))
            found += [(place, type_id) for type_id in held]
        elif path.suffix in (".json", ".docx", ".xlsx") and path.is_file():
            found.append((path.resolve().parent.parent, path.name.partition(".")[0]))
        else:
            found.append((home, common.type_id_named(home, name)))
    for place, type_id in found:
        if type_id not in catalog.available(place):
            raise WrongCommand(f"没有文种“{type_id}”，现有：{'、'.join(catalog.available(place))}。")
    return found


def _nothing_own(places: Sequence[Path]) -> str:
    """Return the sentence for folders without a type, with what in them may have been meant for one."""
    for place in places:
        if stray := inspection.stray_files(place):
            return "\n".join(map(str, stray))
    where = "、".join(f"“{place}”" for place in places if place != catalog.home())
    looked = f"（看了{where}）" if where else ""
    return f"没有自己的文种{looked}。请写 perfxl --types 文件夹 type check，文件夹里要有 schemas 和 templates。"


def _comment(home: Path, type_id: str, notes: Sequence[AuthorNote], folder: Path) -> None:
    """Write the notes on the Word templates of a type as comments into copies of them."""
    from perfxl.document_import.word_comments import commented
    from perfxl.storage.files import make_folder

    shelf = catalog.place_of(home, type_id) / "templates"
    for name in dict.fromkeys(note.file for note in notes if note.file.endswith(".docx")):
        if not (shelf / name).is_file():
            continue
        own = [note for note in notes if note.file == name]
        placed: dict[int, list[str]] = {}
        for note in own:
            inside = note.paragraph is not None and note.paragraph[0].startswith("word/document")
            number = note.paragraph[1] if inside and note.paragraph else 0
            placed.setdefault(number, []).append(note.said if inside else f"{note.place}：{note.said}".lstrip("："))
        make_folder(folder)
        target = folder / f"{Path(name).stem}（批注）.docx"
        write(target, commented((shelf / name).read_bytes(), placed))
        print(f"已生成：{target}")
