# ruff: noqa: E501 - a case is a line
"""What authors of forms get wrong: each is a sentence with file, place and cure, and none is a fault of the program."""

import json
import shutil
from pathlib import Path

import pytest
from package_parts import packed, parts

from perfxl.cli.main import main

NOTES = Path(__file__).resolve().parent.parent / "types"
DATA = {"topic": "议题甲", "decisions": [{"kind": "同意", "text": "先做", "cost": 2}, {"text": "再看", "cost": 4}]}
SCHEMA = "meeting_notes.schema.json"
TEMPLATE = "meeting_notes.docx"


@pytest.fixture
def own(tmp_path):
    """A type of one's own, without a fault."""
    for name in ("schemas", "templates"):
        shutil.copytree(NOTES / name, tmp_path / "own" / name)
    return tmp_path / "own"


def checked(folder, capsys, *, status=2) -> str:
    assert main(["--types", str(folder), "type", "check"]) == status
    told = capsys.readouterr()
    assert "程序出错" not in told.out + told.err
    return told.out + told.err


def schema_with(folder, change):
    path = folder / "schemas" / SCHEMA
    schema = json.loads(path.read_text("utf-8"))
    change(schema)
    path.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")


def member(schema, *names):
    node = schema
    for name in names:
        node = (node["items"] if node.get("type") == "array" else node)["properties"][name]
    return node


def put(*names, **words):
    return lambda schema: member(schema, *names).update({key.replace("_", "-", 1): word for key, word in words.items()})


def test_a_type_without_a_fault_passes(own, capsys):
    assert "没有错误" in checked(own, capsys, status=0)


SCHEMAS = {
    "misspelt keyword": (put("year", minimun=3), ["没有“minimun”这个词", "是不是“minimum”？", "栏目“年度”（year）"]),
    "misspelt x- word": (put("topic", x_line=3), ["没有“x-line”这个词", "是不是“x-lines”？"]),
    "unknown format": (put("decisions", "cost", x_format="mony"), ["“x-format”：不能是“mony”", "是不是“money”？"]),
    "unknown type": (put("topic", type="sting"), ["没有“sting”这种类型", "是不是“string”？"]),
    "required names nothing": (
        lambda schema: schema["required"].append("topik"),
        ["没有栏目“topik”", "是不是“topic”？"],
    ),
    "each names nothing": (
        lambda schema: schema["x-sheets"].append({"name": "项", "each": "decision", "columns": [9]}),
        ["没有列表“decision”", "是不是“decisions”？"],
    ),
    "live names nothing": (
        lambda schema: schema.update({"x-live": [{"field": "yeer", "wrong": "{year}<1", "say": "年"}]}),
        ["没有栏目“yeer”", "是不是“year”？"],
    ),
    "x-from names nothing": (put("topic", x_from={"performance_plan": "unit_nam"}), ["里没有“unit_nam”", "unit_name"]),
    "x-from of no type": (put("topic", x_from={"performance_plans": "x"}), ["没有文种“performance_plans”"]),
    "default of no column": (put("decisions", default=[{"kinds": "同意"}]), ["没有列“kinds”", "是不是“kind”？"]),
    "default that is no choice": (put("decisions", default=[{"kind": "同义"}]), ["“同义”不在选项里", "是不是“同意”？"]),
    "follows nothing": (
        put("decisions", "text", x_follows={"field": "kid", "groups": {}}),
        ["没有栏目“kid”", "是不是“kind”？"],
    ),
    "unknown rules": (lambda schema: schema.update({"x-rules": ["languag"]}), ["没有检查规则“languag”", "language"]),
    "two fields in one cell": (put("year", x_at="纪要!B3"), ["工作表“纪要”的 B3", "占了同一格"]),
    "a field inside the rows of a list": (put("year", x_at="纪要!B9"), ["占了同一格", "列栏目“内容”"]),
    "two columns on one letter": (put("decisions", "cost", x_at="B"), ["占了同一格"]),
    "an address that is none": (put("year", x_at="纪要B4"), ["“纪要B4”的写法不对"]),
    "a label on an input": (put("year", **{"x_label-at": "B3"}), ["“年度”的名称", "占了同一格"]),
    "no such sheet": (put("year", x_at="记要!B4"), ["没有工作表“记要”", "是不是“纪要”？"]),
    "no sheet": (put("year", x_at="B4"), ["没有写在哪张工作表", "纪要!B4"]),
    "a whole address in a column": (put("decisions", "cost", x_at="C7"), ["“C7”不是列号"]),
    "a pattern that is none": (put("topic", pattern="([0-9", x_shape="数"), ["不是正则表达式", "栏目“议题”"]),
    "JavaScript's pattern": (put("topic", pattern="/^[0-9]+$/", x_shape="数"), ["JavaScript 的写法", "去掉两头的 /"]),
    "another dialect's pattern": (put("topic", pattern=r"\p{Han}", x_shape="汉字"), ["u4e00"]),
    "a formula that does not end": (put("year", x_formula="SUM({decisions.cost[]}"), ["括号不成对"]),
    "a formula of no function": (put("year", x_formula="SUMM({decisions.cost[]})"), ["没有函数“SUMM”", "是不是“SUM”？"]),
    "a formula of no field": (put("year", x_formula="{decisions.costs[]}"), ["不是栏目", "是不是“decisions.cost”？"]),
    "a formula of full-width signs": (put("year", x_formula="SUM（{decisions.cost[]}）"), ["中文的“（”"]),
    "bounds the wrong way round": (put("year", maximum=1999), ["比“maximum”的1999还大"]),
    "another id": (lambda schema: schema.update({"$id": "urn:perfxl:notes"}), ["和文件名不同"]),
    "a reserved name": (
        lambda schema: schema["properties"].update(loop={"type": "string", "x-at": "纪要!C4", "x-label": "圈"}),
        ["程序自己用的名称"],
    ),
    "an unknown code": (put("topic", x_codes={"required": "Z99"}), ["没有问题代码“Z99”"]),
    "no address": (
        lambda schema: schema["properties"].update(place={"type": "string", "x-label": "地点"}),
        ["“地点”（place）", "没有写填在哪一格"],
    ),
    "nothing prints it": (
        lambda schema: schema["properties"].update(place={"type": "string", "x-label": "地点", "x-at": "纪要!C4", "x-label-at": ""}),
        ["meeting_notes.docx 栏目“地点”（place）", "模板里没有印这一栏", "{{ place }}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_fault_of_the_schema_is_told_with_its_place_and_cure(case, own, capsys):
    change, expected = SCHEMAS[case]
    schema_with(own, change)
    told = checked(own, capsys)
    assert [part for part in expected if part not in told] == [], told


def test_all_faults_are_told_at_once(own, capsys):
    def change(schema):
        put("year", minimun=3)(schema)
        schema["required"].append("topik")
        schema["properties"]["place"] = {"type": "string", "x-label": "地点", "x-at": "纪要!C4", "x-label-at": ""}

    schema_with(own, change)
    told = checked(own, capsys)
    assert all(part in told for part in ("minimun", "topik", "模板里没有印这一栏")), told


TEXTS = {
    "trailing comma": (lambda text: text.replace('"x-version": 1,', '"x-version": 1,},', 1), ["第5行", SCHEMA]),
    "curly quotes": (lambda text: text.replace('"title"', "“title”"), ["中文引号", "第4行"]),
    "a comment": (lambda text: text.replace('"title"', '// 名称\n"title"'), ["JSON 里不能写注释"]),
    "the same key twice": (
        lambda text: text.replace('"title"', '"title": "一", "title"', 1),
        ["“title”在同一处写了2次"],
    ),
    "nothing": (lambda text: text[:0], ["没有写完"]),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_schema_that_is_no_json_is_told_with_its_line(case, own, capsys):
    change, expected = TEXTS[case]
    path = own / "schemas" / SCHEMA
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    told = checked(own, capsys)
    assert [part for part in expected if part not in told] == [], told


def test_the_encoding_is_told_and_a_mark_of_it_does_no_harm(own, capsys):
    path = own / "schemas" / SCHEMA
    text = path.read_text("utf-8")
    path.write_bytes(text.encode("utf-8-sig"))
    checked(own, capsys, status=0)
    path.write_bytes(text.encode("gbk"))
    assert "不是 UTF-8 编码" in checked(own, capsys)


def test_a_hidden_schema_and_a_missing_folder_are_told(own, capsys):
    (own / "schemas" / SCHEMA).rename(own / "schemas" / f"{SCHEMA}.txt")
    assert f"请改名为“{SCHEMA}”" in checked(own, capsys)
    assert main(["--types", str(own / "none"), "types"]) == 2
    assert "没有文件夹" in capsys.readouterr().err


def test_the_folder_may_be_named_behind_the_command(own, capsys):
    assert main(["type", "check", "--types", str(own)]) == 0
    assert main(["type", "check", "--types"]) == 2
    assert "--types 后面要写" in capsys.readouterr().err


def paragraphs_of(*texts):
    """A Word template of these paragraphs, beside the tags that a sound one has."""
    return "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)


def cell(*texts):
    return f"<w:tc>{paragraphs_of(*texts)}</w:tc>"


def table(*rows):
    return "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl><w:p/>"  # fmt: skip


LOOP = '{%tr for row in decisions | spans("kind") %}'
ROWS = table((LOOP,), ("{% merge row.starts.kind %}{{ row.kind }}", "{{ row.text | lines }}", "{{ row.cost }}"), ("{%tr endfor %}",))  # fmt: skip
HEAD = paragraphs_of("{{ topic }}", "{{ year }}")


def template(folder, body):
    path = folder / "templates" / TEMPLATE

    contents = parts(path.read_bytes())
    xml = contents["word/document.xml"]
    start, end = xml.index(b"<w:body>") + 8, xml.index(b"<w:sectPr" if b"<w:sectPr" in xml else b"</w:body>")
    contents["word/document.xml"] = xml[:start] + body.encode() + xml[end:]
    path.write_bytes(packed(contents))


def test_a_template_of_those_parts_is_sound(own, capsys):
    template(own, HEAD + ROWS)
    checked(own, capsys, status=0)


TEMPLATES = {
    "no such field": (HEAD + paragraphs_of("{{ topik }}") + ROWS, ["正文 第3段", "没有栏目“topik”", "是不是“topic”？"]),
    "by its label": (HEAD + paragraphs_of("{{ 议题 }}") + ROWS, ["没有栏目“议题”", "是不是“topic”？"]),
    "no such column": (
        HEAD + ROWS.replace("row.cost", "row.costs"),
        ["正文 表1 第3行 第3格", "没有栏目“costs”", "是不是“cost”？"],
    ),
    "outside its loop": (HEAD + paragraphs_of("{{ cost }}") + ROWS, ["在循环里写“行.cost”"]),
    "full-width braces": (HEAD + paragraphs_of("｛｛topic｝｝") + ROWS, ["不是完整的标记"]),
    "single braces": (HEAD + paragraphs_of("{topic}") + ROWS, ["“{topic}”不是完整的标记"]),
    "not closed": (HEAD + paragraphs_of("{{ topic }") + ROWS, ["不是完整的标记", "第3段"]),
    "endif for endfor": (HEAD + ROWS.replace("endfor", "endif"), ["这里应是“endfor”，写成了“endif”", "正文 表1 第4行"]),
    "p closed by tr": (HEAD + ROWS.replace("{%tr for", "{%p for"), ["两头要一样", "{%p for … %}"]),
    "no end": (HEAD + ROWS.replace("{%tr endfor %}", ""), ["“for”没有结束", "{%tr endfor %}", "正文 表1 第2行 第1格"]),
    "for in a table without tr": (
        HEAD + ROWS.replace("{%tr ", "{% "),
        ["不在同一格里", "{%tr for … %}"],
    ),
    "text beside p": (
        HEAD + paragraphs_of("{%p if year %}年度：", "{{ year }}", "{%p endif %}") + ROWS,
        ["所在的这一段会消失", "年度：", "正文 第3段"],
    ),
    "text in the row of tr": (HEAD + ROWS.replace(LOOP, f"{LOOP}合计"), ["所在的这一行会消失", "合计"]),
    "a loop over a text": (
        HEAD + paragraphs_of("{%p for x in topic %}", "{%p endfor %}") + ROWS,
        ["是文字，不能循环", "decisions"],
    ),
    "a loop over nothing": (HEAD + ROWS.replace("in decisions", "in decision"), ["没有栏目“decision”", "decisions"]),
    "printing a list": (HEAD + paragraphs_of("{{ decisions }}") + ROWS, ["“decisions”是列表，不能直接印"]),
    "adding texts": (HEAD + paragraphs_of("{{ topic + year }}") + ROWS, ["不能计算"]),
    "comparing texts": (HEAD + paragraphs_of('{% if year > "2024" %}新{% endif %}') + ROWS, ["不能比大小"]),
    "no such filter": (HEAD + paragraphs_of("{{ topic | line }}") + ROWS, ["没有过滤器“line”", "是不是“lines”？"]),
    "spans of no column": (HEAD + ROWS.replace('spans("kind")', 'spans("kinds")'), ["spans 里的“kinds”不是", "kind"]),
    "merging what spans does not": (HEAD + ROWS.replace("starts.kind", "starts.cost"), ["spans 里没有写列“cost”"]),
    "merging without choices": (
        HEAD + ROWS.replace('"kind"', '"kind", "text"'),
        ["合并的列“text”没有选项"],
    ),
    "vm": (HEAD + paragraphs_of("{% vm %}") + ROWS, ["vm"]),
    "a minus": (HEAD + paragraphs_of("{%- if year %}a{% endif %}") + ROWS, ["请去掉减号"]),
    "a word that is none": (
        HEAD + paragraphs_of("{% fro x in decisions %}") + ROWS,
        ["没有“fro”这种标记", "是不是“for”？"],
    ),
    "not printed": (paragraphs_of("{{ topic }}") + ROWS, ["栏目“年度”（year）", "模板里没有印这一栏"]),
    "a call": (HEAD + paragraphs_of("{{ topic.upper() }}") + ROWS, ["第3段"]),
}


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_fault_of_the_template_is_told_with_its_place_and_cure(case, own, capsys):
    body, expected = TEMPLATES[case]
    template(own, body.replace(" > ", " &gt; "))
    told = checked(own, capsys)
    assert [part for part in expected if part not in told] == [], told
    assert TEMPLATE in told


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_template_with_a_fault_makes_no_document_and_blames_no_clerk(case, own, tmp_path, capsys):
    body, _ = TEMPLATES[case]
    template(own, body.replace(" > ", " &gt; "))
    (tmp_path / "d.json").write_text(json.dumps({"year": 2026, **DATA}), "utf-8")
    book = str(tmp_path / "d.xlsx")
    assert main(["--types", str(own), "fill", "meeting_notes", str(tmp_path / "d.json"), "-o", book]) == 0
    capsys.readouterr()
    assert main(["--types", str(own), "report", book]) == 2
    told = capsys.readouterr()
    assert "填报表不用改" in told.err
    assert "程序出错" not in told.out + told.err
    assert not (tmp_path / "d.docx").exists()


def test_a_schema_with_a_fault_is_told_at_every_door(own, tmp_path, capsys):
    (tmp_path / "d.json").write_text(json.dumps(DATA), "utf-8")
    book = str(tmp_path / "d.xlsx")
    assert main(["--types", str(own), "fill", "meeting_notes", str(tmp_path / "d.json"), "-o", book]) == 0
    schema_with(own, lambda schema: schema["required"].append("topik"))
    for words in (("check", book), ("report", book), ("new", "meeting_notes", "-o", str(tmp_path / "n.xlsx"))):
        capsys.readouterr()
        assert main(["--types", str(own), *words]) == 2
        assert "没有栏目“topik”" in capsys.readouterr().err
    plan = str(Path(__file__).resolve().parents[2] / "examples")
    book = next(iter(sorted(Path(plan).rglob("*.xlsx"))))
    assert main(["--types", str(own), "check", str(book)]) in (0, 1), "a broken type stops no other one"


def test_a_template_that_is_not_there_or_no_docx_is_told(own, capsys):
    path = own / "templates" / TEMPLATE
    data = path.read_bytes()
    path.rename(path.with_suffix(".dotx"))
    assert "只有“meeting_notes.dotx”" in checked(own, capsys)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "旧的 Word 格式" in checked(own, capsys)
    path.write_bytes(b"text")
    assert "不是能读的 Word 文档" in checked(own, capsys)
    path.write_bytes(data)
    (own / "templates" / f"~${TEMPLATE[2:]}").write_bytes(b"")
    assert "正在 Word 里打开着" in checked(own, capsys, status=0)


def test_the_faults_of_a_template_stand_in_a_copy_as_comments(own, tmp_path, capsys):
    from docx import Document

    template(own, TEMPLATES["no such field"][0])
    before = (own / "templates" / TEMPLATE).read_bytes()
    out = tmp_path / "批注"
    assert main(["--types", str(own), "type", "check", "--comments", str(out)]) == 2
    copy = Document(str(out / "meeting_notes（批注）.docx"))
    assert any("没有栏目“topik”" in comment.text for comment in copy.comments)
    assert (own / "templates" / TEMPLATE).read_bytes() == before


def test_a_form_of_another_version_and_a_profile_of_no_rule_are_told(own, capsys):
    main(["--types", str(own), "new", "meeting_notes", "-o", str(own / "templates" / "meeting_notes.xlsx")])
    capsys.readouterr()
    checked(own, capsys, status=0)
    schema_with(own, put("topic", x_lines=2))
    checked(own, capsys, status=0)
    (own / "profiles").mkdir()
    (own / "profiles" / "ours.json").write_text('{"title": "本局", "limit": {}}', "utf-8")
    assert "limits" in checked(own, capsys)


def test_the_types_that_come_with_the_program_have_no_fault(capsys):
    for type_id in ("performance_plan", "self_evaluation"):
        assert main(["type", "check", type_id]) == 0, capsys.readouterr().out
