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
    new = actions.add_parser("new", help="由一份空白的 Word 表开始画表样", add_help=False)
    new.add_argument("-h", "--help", action="help", help="显示这份说明")
    new.add_argument("form", metavar="空白表.docx", type=Path, help="里面的表格画成表样，空格子成为栏目")
    new.add_argument("-o", dest="output", metavar="表样.xlsx", type=Path, help="保存为（默认在旁边）")
    new.set_defaults(act=_new)
    preview = actions.add_parser("preview", help="用编的内容填好填报表，看看检查结果和 Word 文档", add_help=False)
    preview.add_argument("-h", "--help", action="help", help="显示这份说明")
    preview.add_argument("name", metavar="文种")
    preview.add_argument(
        "-o", dest="output", metavar="文件夹", type=Path, help="放在哪个文件夹（默认是“文种名称预览”）"
    )
    preview.add_argument("--pdf", action="store_true", help="同时生成 PDF（需要 LibreOffice 或 Word）")
    preview.set_defaults(act=_preview, profile="")
    for name, act, told in (
        ("build", _build, "把画好的表样做成文种：结构、空白填报表、第一份 Word 模板"),
        ("template", _template, "由画好的表样只做一份新的 Word 模板"),
    ):
        action = actions.add_parser(name, help=told, add_help=False)
        action.add_argument("-h", "--help", action="help", help="显示这份说明")
        action.add_argument("drawing", metavar="表样.xlsx", type=Path, help="画好的工作簿，有一张工作表叫“栏目”")
        where = "文种放在哪个文件夹（默认是旁边的“文种”）" if name == "build" else "保存为（默认在旁边）"
        action.add_argument("-o", dest="output", metavar="位置", type=Path, help=where)
        action.set_defaults(act=act)


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


def _new(options: Namespace) -> int:
    from perfxl.authoring.word_form import first_drawing

    output = _place(options, options.form, ".xlsx", "表样")
    write(output, first_drawing(_drawn(options.form), options.form.name))
    print(f"已生成：{output}")
    print("请打开它，核对栏目的名称和类型、必填和检查，再运行：perfxl type build " + str(output))
    return DONE


def _build(options: Namespace) -> int:
    from perfxl.authoring.building import built, report_type_of, type_id_of
    from perfxl.storage.files import make_folder
    from perfxl.workbook.form import form

    data = _drawn(options.drawing)
    place: Path = options.output or options.drawing.parent / catalog.TYPES_FOLDER
    schema_path = place / "schemas" / f"{type_id_of(data, options.drawing)}.schema.json"
    before = json.loads(schema_path.read_text("utf-8")) if schema_path.is_file() else None
    made = built(data, options.drawing, before)
    report_type = report_type_of(made.schema, place, made.type_id)
    blank = form.write(report_type, None)
    for folder in (place, place / "schemas", place / "templates"):
        make_folder(folder)
    word = place / "templates" / f"{made.type_id}.docx"
    files = [(schema_path, made.schema.encode()), (place / "templates" / f"{made.type_id}.xlsx", blank)]
    if not word.exists():
        files.append((word, made.word_template))
    for path, content in files:
        write(path, content)
        print(f"已生成：{path}")
    if (word, made.word_template) not in files:
        print(
            f"Word 模板已经有了，没有动它：{word}（要一份新的：perfxl type template {options.drawing} -o 新模板.docx）"
        )
    notes = inspection.inspected(place, made.type_id)
    for note in notes:
        print(f"{'错误' if note.grave else '提示'} {note}")
    if any(note.grave for note in notes):
        return WRONG_COMMAND
    print(f"文种“{report_type.title}”可以用了：perfxl --types {place} new {made.type_id} -o 填报表.xlsx")
    return DONE


def _template(options: Namespace) -> int:
    from perfxl.authoring.building import built

    output = _place(options, options.drawing, ".docx", "Word 模板")
    write(output, built(_drawn(options.drawing), options.drawing).word_template)
    print(f"已生成：{output}")
    return DONE


def _place(options: Namespace, source: Path, suffix: str, what: str) -> Path:
    """Return where a file goes: where it was asked for, or beside `source` if none is there. Raises `WrongCommand`."""
    output: Path = options.output or source.with_suffix(suffix)
    if output.suffix.lower() != suffix:
        raise WrongCommand(f"{what}的文件名应以 {suffix} 结尾，现在是“{output.name}”。")
    if options.output is None and output.exists():
        raise WrongCommand(f"已经有“{output.name}”，没有动它。请用 -o 写另一个文件名。")
    return output


def _drawn(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongCommand(f"读不到“{path}”。") from error


def _preview(options: Namespace) -> int:
    """Fill a form with invented data, check it, and write form and document."""
    from perfxl.authoring.invented import invented
    from perfxl.document.printing.printer import Press
    from perfxl.pipeline.produce import produce
    from perfxl.storage.files import make_folder
    from perfxl.workbook.form import form

    options.type = options.name
    report_type = common.report_type(options)
    folder: Path = options.output or Path(f"{report_type.title}预览")
    make_folder(folder)
    book = folder / f"{report_type.title}.xlsx"
    write(book, form.write(report_type, invented(report_type)))
    print(f"已生成：{book}（内容是编的）")
    examination = common.examine(book, options)
    print(common.text(book, examination))
    product = produce(examination, draft=True, contents=False)
    if product.document is None:
        return WRONG_COMMAND
    with Press() as printer:
        finished = printer.finish(product.document, contents="off", pdf=options.pdf)
    write(book.with_suffix(".docx"), finished.document)
    print(f"已生成：{book.with_suffix('.docx')}")
    if finished.pdf is not None:
        write(book.with_suffix(".pdf"), finished.pdf)
        print(f"已生成：{book.with_suffix('.pdf')}")
    if finished.trouble:
        print(finished.trouble)
    return DONE
