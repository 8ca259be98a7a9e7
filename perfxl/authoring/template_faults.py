"""Everything that is wrong with a Word template, at once, each with its place: what is printed, vanishes or fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfxl.authoring.expressions import Kind, Reader, Scope, unused
from perfxl.authoring.template_text import Paragraph, paragraphs
from perfxl.document.package.docx_zip import CORE_PROPERTIES, read_parts
from perfxl.document.template.fault import TemplateFault
from perfxl.document.template.preparation import prepared
from perfxl.document.template.revisions import COMMENTED, REVISED
from perfxl.document.template.word_template import compiled
from perfxl.model.author_note import AuthorNote, likely

_TAG = re.compile(r"\{\{(?P<out>.*?)\}\}|\{%(?P<do>.*?)%\}|\{#.*?#\}", re.DOTALL)
_BROKEN = re.compile(r"[{｛]\s*[{｛%％#＃][^{}｛｝]*|[^{}｛｝]{0,20}[}｝%％#＃]\s*[}｝]|[{｛]\s*[^\W\d][\w.]*\s*[}｝]")
_PREFIX = re.compile(r"^(p|tr|tc|r)(?=\s)")
_FOR = re.compile(r"for\s+(.+?)\s+in\s+(.+)", re.DOTALL)
_SET = re.compile(r"set\s+([^\W\d]\w*)\s*=\s*(.+)", re.DOTALL)
_WORDS = ("for", "endfor", "if", "elif", "else", "endif", "set", "merge", "raw", "endraw")
_OLD = b"\xd0\xcf\x11\xe0"


@dataclass
class _Block:
    """A `for` or `if` that has not ended yet."""

    word: str
    prefix: str
    at: Paragraph
    scope: Scope


class _Check:
    def __init__(self, schema: Mapping[str, Any], file: str) -> None:
        self._file = file
        self._reader = Reader(schema)
        self._schema = schema
        self._blocks: list[_Block] = []
        self.notes: list[AuthorNote] = []

    def _say(self, at: Paragraph, problem: str, cure: str = "", *, grave: bool = True) -> None:
        self.notes.append(AuthorNote(self._file, at.place, problem, cure, grave, (at.part, at.number)))

    @property
    def _scope(self) -> Scope:
        return self._blocks[-1].scope if self._blocks else self._reader.root

    def part(self, every: Sequence[Paragraph]) -> None:
        """Read the paragraphs of one part, in which every block has to end."""
        rows: dict[int, list[Paragraph]] = {}
        for one in every:
            rows.setdefault(one.row, []).append(one)
        raw = False
        for one in every:
            raw = self._paragraph(one, rows.get(one.row, []) if one.row else [], raw)
        for block in reversed(self._blocks):
            self._say(
                block.at,
                f"“{block.word}”没有结束",
                f"请在后面补上“{{%{block.prefix} end{block.word} %}}”".replace("% ", "% "),
            )
        self._blocks = []

    def _paragraph(self, at: Paragraph, row: Sequence[Paragraph], raw: bool) -> bool:
        rest = _TAG.sub(" ", at.text)
        for tag in _TAG.finditer(at.text):
            if raw and not re.match(r"\s*endraw", tag["do"] or ""):
                continue
            if tag["out"] is not None:
                inner = re.sub(r"^(p|r|tr|tc)\s", "", tag["out"])
                for problem, cure in self._reader.printed(inner, self._scope):
                    self._say(at, problem, cure)
            elif tag["do"] is not None:
                raw = self._statement(tag["do"], at, rest, row)
        if not raw and "raw" not in at.text and not _escaped(at.text) and (broken := _BROKEN.search(rest)):
            cure = "大括号要用半角，两个一组，前后成对，如“{{ 栏目 }}”"
            self._say(at, f"“{broken[0].strip()}”不是完整的标记，会照样印出来", cure)
        return raw

    def _statement(self, text: str, at: Paragraph, rest: str, row: Sequence[Paragraph]) -> bool:
        """Read a tag `{% … %}`; return whether what follows is printed as it stands."""
        if text.startswith("-") or text.endswith("-"):
            self._say(at, "“{%-”会把前面的段落合进来", "请去掉减号")
            text = text.strip("-")
        found = _PREFIX.match(text)
        prefix = found[1] if found else ""
        body = text[len(prefix) :].strip()
        word = re.match(r"[^\W\d]*", body)
        name = word[0] if word else ""
        if prefix in ("p", "tr", "tc"):
            self._alone(prefix, at, rest, row)
        if name == "for":
            self._for(body, prefix, at)
        elif name in ("if", "elif", "else"):
            self._if(name, body, prefix, at)
        elif name in ("endfor", "endif"):
            self._end(name, prefix, at)
        elif name == "set":
            self._set(body, at)
        elif name == "merge":
            for problem, cure in self._reader.tested(body.removeprefix("merge").strip(), self._scope):
                self._say(at, problem, cure)
            if not at.cell:
                self._say(at, "merge 只用在表格的格子里", "请移到表格里，或者删掉")
        elif name in ("vm", "hm"):
            self._say(at, f"“{name}”只按最里面的循环合并", "请改用“{% merge 行.starts.栏目 %}”")
        elif name not in _WORDS:
            self._say(at, f"没有“{name or body}”这种标记", likely(name or body, _WORDS))
        return name == "raw"

    def _alone(self, prefix: str, at: Paragraph, rest: str, row: Sequence[Paragraph]) -> None:
        """Say what would vanish with the paragraph or row of a tag."""
        if prefix == "tr" and not at.row:
            self._say(at, "“{%tr … %}”只用在表格的行里", "这里请写“{%p … %}”")
            return
        others = [one for one in row if one is not at] if prefix == "tr" else []
        if prefix == "tc":
            others = [one for one in row if one is not at and one.cell == at.cell]
        tags = list(_TAG.finditer(at.text))
        texts = [rest.strip(), *(one.text.strip() for one in others)]
        lost = next((text for text in texts if text), "")
        what = {"p": "这一段", "tr": "这一行", "tc": "这一格"}[prefix]
        if lost or len(tags) > 1:
            beside = lost or tags[1][0]
            self._say(
                at,
                f"“{{%{prefix} … %}}”所在的{what}会消失，里面还有“{beside[:20]}”",
                f"标记要独占{what}，请把别的内容移开",
            )

    def _for(self, body: str, prefix: str, at: Paragraph) -> None:
        found = _FOR.fullmatch(body)
        scope: Scope = self._scope
        if found is None:
            self._say(at, "循环的写法不对", "请写成“{% for 行 in 列表 %}”")
        else:
            scope, problems = self._reader.looped(found[1].strip(), found[2], self._scope)
            for problem, cure in problems:
                self._say(at, problem, cure)
        self._blocks.append(_Block("for", prefix, at, scope))

    def _if(self, name: str, body: str, prefix: str, at: Paragraph) -> None:
        if name != "else":
            for problem, cure in self._reader.tested(body.removeprefix(name).strip(), self._scope):
                self._say(at, problem, cure)
        if name == "if":
            self._blocks.append(_Block("if", prefix, at, self._scope))
        elif not self._blocks or (self._blocks[-1].word != "if" and name == "elif"):
            self._say(at, f"“{name}”前面没有“if”", "请补上“{% if … %}”，或者删掉它")

    def _set(self, body: str, at: Paragraph) -> None:
        found = _SET.fullmatch(body)
        if found is None:
            self._say(at, "set 的写法不对", "请写成“{% set 名称 = 栏目 %}”")
            return
        kind, problems = self._reader.assigned(found[2], self._scope)
        for problem, cure in problems:
            self._say(at, problem, cure)
        scope: dict[str, Kind] = {**self._scope, found[1]: kind}
        if self._blocks:
            self._blocks[-1].scope = scope
        else:
            self._reader.root[found[1]] = kind

    def _end(self, name: str, prefix: str, at: Paragraph) -> None:
        word = name.removeprefix("end")
        if not self._blocks:
            self._say(at, f"“{name}”多余，前面没有“{word}”", "请删掉它，或者在前面补上开头")
            return
        block = self._blocks.pop()
        if block.word != word:
            self._say(at, f"这里应是“end{block.word}”，写成了“{name}”", f"和它成对的是{block.at.place}的“{block.word}”")
        if block.prefix != prefix:
            one, other = f"{{%{block.prefix} {block.word} … %}}", f"{{%{prefix} {name} %}}"
            self._say(
                at, f"开头是“{one}”，结尾是“{other}”", f"两头要一样，请写成“{{%{block.prefix} end{block.word} %}}”"
            )
            return
        self._within(block, prefix, at)

    def _within(self, block: _Block, prefix: str, at: Paragraph) -> None:
        """Say where beginning and end of a block lie so far apart that what is between them is no whole thing."""
        begin = block.at
        if prefix == "tr":
            if begin.table != at.table:
                self._say(at, f"“{block.word}”开始和结束不在同一张表里", f"开头在{begin.place}，请把结尾移到同一张表")
            elif begin.row == at.row:
                self._say(at, "行的循环开始和结束写在同一行", "开始、内容、结束各占一行")
        elif prefix == "tc":
            if begin.row != at.row:
                self._say(at, f"“{block.word}”开始和结束不在同一行", f"开头在{begin.place}")
        elif begin.cell != at.cell:
            cure = f"表格行的循环请写成“{{%tr {block.word} … %}}”，单独占一行" if at.cell or begin.cell else ""
            self._say(at, f"“{block.word}”开始和结束不在同一格里", f"开头在{begin.place}。{cure}")

    def unprinted(self) -> None:
        """Say which fields are not printed anywhere."""
        for path, label in unused(self._schema, self._reader.used):
            name = path.rpartition(".")[2]
            tag = f"{'….' if '.' in path else ''}{name}"
            cure = f'请在模板里写“{{{{ {tag} }}}}”，不印的在结构里写 "x-printed": false'
            self.notes.append(AuthorNote(self._file, f"栏目“{label}”（{path}）", "模板里没有印这一栏", cure))


def _escaped(text: str) -> bool:
    return any(sign in text for sign in ("{_{", "}_}", "{_%", "%_}"))


def template_notes(path: Path, schema: Mapping[str, Any], file: str = "") -> list[AuthorNote]:
    """Return everything that is wrong with the Word template at `path` for the data that `schema` describes."""
    file = file or path.name
    if not path.is_file():
        return [_absent(path, file)]
    data = path.read_bytes()
    if data.startswith(_OLD):
        return [
            AuthorNote(
                file, "", "是旧的 Word 格式（.doc），或者加了密码", "请用 Word 或 WPS 另存为“Word 文档（*.docx）”"
            )
        ]
    try:
        raw = read_parts(data)
        parts = prepared(raw)
    except TemplateFault as fault:
        return [AuthorNote(file, "", fault.problem)]
    except ValueError:
        return [AuthorNote(file, "", "不是能读的 Word 文档", "请用 Word 或 WPS 另存为“Word 文档（*.docx）”")]
    check = _Check(schema, file)
    every = list(paragraphs(parts))
    for part in dict.fromkeys(one.part for one in every):
        check.part([one for one in every if one.part == part])
    check.part(list(_title(parts)))
    check.unprinted()
    notes = [*check.notes, *_left_behind(raw, file)]
    if not any(note.grave for note in notes):
        try:
            compiled(data)
        except TemplateFault as fault:
            notes.append(AuthorNote(file, f"“{fault.near}”处" if fault.near else "", fault.problem))
    return notes


def _title(parts: Mapping[str, bytes]) -> Iterator[Paragraph]:
    found = re.search(r"<dc:title>([^<]*)</dc:title>", parts.get(CORE_PROPERTIES, b"").decode("utf-8", "replace"))
    if found:
        yield Paragraph(CORE_PROPERTIES, -1, "文件属性里的标题", found[1])


def _absent(path: Path, file: str) -> AuthorNote:
    beside = path.parent
    for suffix in (".doc", ".dotx", ".docm", ".dot", ".wps", ".rtf"):
        if path.with_suffix(suffix).is_file():
            other = path.with_suffix(suffix).name
            return AuthorNote(
                file, "", f"没有这个 Word 模板，只有“{other}”", f"请把它另存为“Word 文档（*.docx）”，叫“{path.name}”"
            )
    twice = path.with_name(path.name + ".docx")
    if twice.is_file():
        return AuthorNote(file, "", f"没有这个 Word 模板，只有“{twice.name}”", f"请改名为“{path.name}”")
    names = [each.name for each in beside.glob("*.docx") if not each.name.startswith("~$")] if beside.is_dir() else []
    cure = (
        likely(path.name, names) if names else f"请放在“templates”文件夹里；perfxl type template {path.stem} 可以做一份"
    )
    return AuthorNote(file, "", "没有这个 Word 模板", cure)


def _left_behind(raw: Mapping[str, bytes], file: str) -> Iterator[AuthorNote]:
    """Yield what an author or reviewer left in the file, which no document shall carry."""
    words = {name: part for name, part in raw.items() if name.startswith("word/") and name.endswith(".xml")}
    if any(REVISED.search(part) for part in words.values()):
        yield AuthorNote(file, "", "模板里留着修订", "生成时按“全部接受”处理；请打开模板接受或拒绝后再存", grave=False)
    if any(COMMENTED.search(part) for part in words.values()):
        yield AuthorNote(file, "", "模板里留着批注", "批注不会进入文档；看完请删除", grave=False)
