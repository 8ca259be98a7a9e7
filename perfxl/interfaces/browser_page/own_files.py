"""Report types and rules of an office's own, as files that people drop on the page: for this session, and no longer.

Each time some come, a folder of report types is laid out anew in the page's session: what comes with perfxl, what came
before, and what comes now. What cannot be used is told in a sentence and stays out; it stops nothing else.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from perfxl.interfaces.browser_page.request import Request, Tell
from perfxl.model.faults import AuthorFault
from perfxl.report_type import catalog, profile
from perfxl.report_type.profile import ProfileFault
from perfxl.storage.zip_archive import Damaged, ZipArchive, ZipEntry

_SCHEMA = ".schema.json"
_KINDS = {".docx": "templates", ".xlsx": "templates"}
_SHIPPED = ("schemas", "templates", "profiles")
_MOST_BYTES = 64 * 2**20  # of an archive, unpacked: some types with letterheads have a few MiB
_ONLY_NOW = "只在这次打开的页面里用，关掉页面就没有了。"
_UTF8_NAME = 0x800  # a flag of an entry of a zip archive


class Unusable(Exception):
    """A file of an office's own cannot be used; the message is a sentence."""


class _Type(NamedTuple):
    """A report type among the files: its id, and its files by the names that they have in a folder of types."""

    id: str
    files: Mapping[str, bytes]


def added(request: Request, _home: Path, _tell: Tell) -> dict[str, Any]:
    """Return what can be chosen now, what is said of each type and profile among the files, and which files they were.

    Of a folder (`folder`), rules count only where they lie with a type or in a folder `profiles`.
    """
    said: list[dict[str, Any]] = []
    files = dict(_files(request.inputs, said))
    types = list(_types(files))
    used = {name for name in files if _belongs(name, files)}
    rules = {name: files[name] for name in files if _is_rules(name, files, request.says("is_folder"))}
    chosen = ""
    for one in types:
        _tried(said, f"文种“{one.id}”", lambda one=one: _add_type(request, one))
    for name, content in rules.items():
        stem = PurePosixPath(name).stem
        if _tried(said, f"规则配置“{stem}”", lambda stem=stem, content=content: _add_rules(request, stem, content)):
            chosen = stem
    taken = {name.split("//", 1)[0] for name in (*used, *rules)} | {one["file"] for one in said if "file" in one}
    return {**offered(request.home), "said": said, "chosen": chosen, "taken": sorted(taken)}


def offered(home: Path) -> dict[str, Any]:
    """Return the report types and profiles of `home` that people may choose from."""
    return {
        "types": [{"id": each.id, "title": each.title} for each in catalog.every(home)],
        "profiles": [{"id": name, "title": profile.load(home, name).title} for name in profile.available(home)],
    }


def _files(folder: Path, said: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """Yield the files by their paths; those in an archive as `ARCHIVE//PATH`, if there are types or rules in it."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() == ".zip":
            try:
                inside = dict(_unpacked(path))
            except Unusable as fault:
                said.append({"text": f"“{path.name}”：{fault}", "wrong": True, "file": name})
                continue
            yield from ((f"{name}//{inner}", content) for inner, content in inside.items())
        elif path.suffix.lower() in (".json", *_KINDS) and path.is_file():
            yield name, path.read_bytes()


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what may belong to types in an archive, nothing where it holds no JSON. Raises `Unusable`."""
    try:
        archive = ZipArchive(path.read_bytes())
        if not any(entry.name.lower().endswith(".json") for entry in archive.entries):
            return
        if sum(entry.size for entry in archive.entries) > _MOST_BYTES:
            raise Unusable("解开来太大，不像是文种。")
        for entry in archive.entries:
            if PurePosixPath(entry.name).suffix.lower() in (".json", *_KINDS):
                yield _name(entry), archive.part(entry.name)
    except Damaged as fault:
        raise Unusable("压缩包打不开：可能没有下载完整，或者设了密码。") from fault


def _name(entry: ZipEntry) -> str:
    """Return the name of an entry. Windows writes Chinese names in its own encoding and does not say so."""
    if entry.flags & _UTF8_NAME:
        return entry.name
    try:
        return entry.name.encode("cp437").decode("gbk")
    except UnicodeError:
        return entry.name


def _types(files: Mapping[str, bytes]) -> Iterator[_Type]:
    for name in files:
        if name.endswith(_SCHEMA) and PurePosixPath(name).name not in ("dialect.schema.json", "profile.schema.json"):
            type_id = PurePosixPath(name).name.removesuffix(_SCHEMA)
            root = _root(name)
            beside = {
                f"{_KINDS[path.suffix.lower()]}/{path.name}": files[other]
                for other in files
                if (path := PurePosixPath(other)).suffix.lower() in _KINDS and _is_of(path, type_id, root)
            }
            yield _Type(type_id, {f"schemas/{type_id}{_SCHEMA}": files[name], **beside})


def _root(schema: str) -> PurePosixPath:
    """Return the folder of types in which a schema lies: in its folder `schemas`, or right there."""
    folder = PurePosixPath(schema).parent
    return folder.parent if folder.name == "schemas" else folder


def _is_of(path: PurePosixPath, type_id: str, root: PurePosixPath) -> bool:
    """Whether a workbook or a Word template is one of the type's: by its name, in the same folder of types."""
    return path.name.split(".")[0] == type_id and path.is_relative_to(root)


def _belongs(name: str, files: Mapping[str, bytes]) -> bool:
    if name.endswith(_SCHEMA):
        return True
    path = PurePosixPath(name)
    schemas = (other for other in files if other.endswith(_SCHEMA))
    return path.suffix.lower() in _KINDS and any(
        _is_of(path, PurePosixPath(other).name.removesuffix(_SCHEMA), _root(other)) for other in schemas
    )


def _is_rules(name: str, files: Mapping[str, bytes], is_folder: bool) -> bool:
    path = PurePosixPath(name)
    if path.suffix.lower() != ".json" or name.endswith(_SCHEMA):
        return False
    roots = {_root(other) for other in files if other.endswith(_SCHEMA)}
    with_type = any(path.parent in (root, root / "profiles") for root in roots)
    return with_type or path.parent.name == "profiles" or ("//" not in name and not is_folder)


def _tried(said: list[dict[str, Any]], what: str, add: Any) -> bool:
    """Add something, and say what came of it."""
    try:
        said.append({"text": f"{add()}{_ONLY_NOW}", "wrong": False})
    except (Unusable, AuthorFault, ProfileFault) as fault:
        said.append({"text": f"{what}用不了：{fault}", "wrong": True})
    except Exception as fault:  # noqa: BLE001 - the last door: whoever made the file learns what Python says of it
        said.append({"text": f"{what}用不了：{type(fault).__name__}：{fault}", "wrong": True})
    else:
        return True
    return False


def _add_type(request: Request, one: _Type) -> str:
    from perfxl.document.template.word_template import compiled

    folder = _laid_out(request, one.files)
    try:
        title = catalog.load(folder, one.id).title
        template = one.files.get(f"templates/{one.id}.docx")
        if template is None:
            raise Unusable(f"缺少 Word 模板“{one.id}.docx”，请和结构文件放在一起。")
        compiled(template)
    except Exception:
        shutil.rmtree(folder)
        raise
    return f"已加入文种“{title}”，"


def _add_rules(request: Request, stem: str, content: bytes) -> str:
    folder = _laid_out(request, {f"profiles/{stem}.json": content})
    try:
        title = profile.load(folder, stem).title
    except Exception:
        shutil.rmtree(folder)
        raise
    return f"已加入规则“{title}”（{stem}.json），"


def _laid_out(request: Request, files: Mapping[str, bytes]) -> Path:
    """Return a new folder of types in the session: those of now, and `files`."""
    now = request.home
    folder = request.new_home()
    for name in _SHIPPED:
        shutil.copytree(now / name, folder / name)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
