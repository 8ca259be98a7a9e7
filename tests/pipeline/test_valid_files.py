"""Every Office file that a command writes is valid against ECMA-376, by the rules of the Open XML SDK.

openxml-audit has the schemas and the semantic rules of that SDK in Python. Word calls files damaged that break them,
where LibreOffice shows no more than a wrong border.
"""

import json
import shutil
import zipfile

import plans
from openxml_audit import FileFormat, OpenXmlValidator

from perfxl.cli.main import main

HOME = plans.HOME
EXAMPLES = HOME / "examples"
PLAN = EXAMPLES / "beidaihe-gongshanglian-2021.xlsx"
OTHER = EXAMPLES / "linxi-gongshanglian-2023.xlsx"
# What the validator calls a fault and the standard does not: a theme and a table of fonts are parts that documents may
# do without (part 1, 11.3.5 and 14.2.7 permit them); a style that is not defined is ignored (17.3.2.29); the properties
# of a custom part, which its relationships lead to, it knows by one name alone.
NEEDLESS = (
    "relationships/theme' is missing",
    "relationships/fontTable' is missing",
    "Style 'CommentReference' referenced but not defined",
    "/customXml/perfxlProps.xml: customXml item missing relationships",
)
OFFICE = (".docx", ".xlsx", ".xlsm", ".xltx", ".xlam")


def faults(path):
    found = OpenXmlValidator(FileFormat.MICROSOFT_365).validate(str(path))
    told = [" ".join(str(each).split()) for each in found.errors]
    return [each for each in told if not any(needless in each for needless in NEEDLESS)]


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in OFFICE)


def run(*words, status=0):
    assert main([str(word) for word in words]) == status, words


def fill(data, path):
    path.with_suffix(".json").write_text(json.dumps(data, ensure_ascii=False, default=str), "utf-8")
    run("fill", "performance_plan", path.with_suffix(".json"), "-o", path)


def test_forms_are_valid(tmp_path):
    for title in ("performance_plan", "self_evaluation"):
        for ending in (".xlsx", ".xlsm"):
            run("new", title, "-o", tmp_path / f"{title}{ending}", "--year", 2025)
    fill(plans.valid_plan(), tmp_path / "filled.xlsx")
    run("carry", PLAN, "-o", tmp_path / "next.xlsx")
    run("carry", PLAN, "-o", tmp_path / "year.xlsm", "--year", 2022)
    run("console", "-o", tmp_path / "console.xlsm")
    shutil.copy(HOME / "templates" / "perfxl.xlam", tmp_path)
    assert len(files(tmp_path)) == 9
    assert {path.name: faults(path) for path in files(tmp_path) if faults(path)} == {}


def test_documents_are_valid(tmp_path):
    for number, example in enumerate(sorted(EXAMPLES.glob("*.xlsx"))):
        main(["report", str(example), "-o", str(tmp_path / f"{number}.docx"), "--contents", "estimate"])
        main(
            ["report", str(example), "-o", str(tmp_path / f"{number}-draft.docx"), "--contents", "estimate", "--draft"]
        )
    hostile = plans.valid_plan()
    hostile["overall_goal"] = ["<w:p> & ]]> “局”", "一\x0b二\x00三", "=1+1", "_x0041_"]
    fill(hostile, tmp_path / "hostile.xlsx")
    main(["report", str(tmp_path / "hostile.xlsx"), "--contents", "estimate", "--draft"])
    drafts = [path for path in files(tmp_path) if path.stem.endswith("-draft")]
    assert len(drafts) == len(list(EXAMPLES.glob("*.xlsx")))
    assert len(files(tmp_path)) > len(drafts) + 2
    assert {path.name: faults(path) for path in files(tmp_path) if faults(path)} == {}


def test_what_is_made_of_several_files_is_valid(tmp_path, capsys):
    changed = plans.valid_plan()
    fill(changed, tmp_path / "old.xlsx")
    changed["overall_goal"][0] += "另加一句，说明有关情况。"
    changed["projects"][0]["budget_amount"] = "41,5"
    changed["projects"].append(changed["projects"][1] | {"project_name": "另一个项目"})
    fill(changed, tmp_path / "new.xlsx")
    run("compare", tmp_path / "old.xlsx", tmp_path / "new.xlsx", "-o", tmp_path / "changes.xlsx")
    run("compare", tmp_path / "old.xlsx", tmp_path / "new.xlsx", "-o", tmp_path / "changes.docx")
    main(["check", str(tmp_path / "new.xlsx"), "--fix", "-o", str(tmp_path / "fixed.xlsx")])
    main(["check", str(EXAMPLES / f"{PLAN.stem}.docx"), "--comments", "-o", str(tmp_path / "comments.docx")])
    main(["import", str(EXAMPLES / f"{PLAN.stem}.docx"), "-o", str(tmp_path / "imported.xlsx")])
    (tmp_path / "in").mkdir()
    for example in (PLAN, OTHER):
        shutil.copy(example.with_suffix(".docx"), tmp_path / "in")
    run("volume", tmp_path / "in", "-o", tmp_path / "volume.docx")
    made = {path.name for path in files(tmp_path)}
    assert {"changes.xlsx", "changes.docx", "fixed.xlsx", "comments.docx", "imported.xlsx", "volume.docx"} <= made
    assert {path.name: faults(path) for path in files(tmp_path) if faults(path)} == {}


def test_what_a_batch_writes_is_valid(tmp_path):
    source, output = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    shutil.copy(PLAN, source)
    wrong = plans.valid_plan()
    wrong["unit_code"], wrong["projects"][0]["budget_amount"] = "321009", "多少"
    fill(wrong, tmp_path / "wrong.xlsx")
    shutil.copy(tmp_path / "wrong.xlsx", source)
    main(["batch", str(source), "-o", str(output), "--jobs", "1"])
    wrong["projects"][0]["budget_amount"] = "若干"
    fill(wrong, source / "wrong.xlsx")
    (source / "wrong.json").unlink()
    main(["batch", str(source), "-o", str(output), "--jobs", "1"])
    assert len(files(output)) >= 4
    assert {str(path.relative_to(output)): faults(path) for path in files(output) if faults(path)} == {}


def test_what_is_not_valid_is_found(tmp_path):
    document = EXAMPLES / f"{PLAN.stem}.docx"
    broken = tmp_path / "broken.docx"
    with zipfile.ZipFile(document) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<w:tblGrid>", b"<w:tr/><w:tblGrid>"))
    assert not faults(document)
    assert faults(broken)
