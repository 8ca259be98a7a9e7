"""What the tests of the document stage share: the real template and schema, and a small plan to spoil."""

from __future__ import annotations

import copy
import json
import random
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from perfxl.document.render import render
from perfxl.document.template.context import context

ROOT = Path(__file__).resolve().parents[2]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

INDICATOR = {
    "dimension": "产出指标", "category": "数量指标", "name": "培训人数", "description": "全年参加培训的人数",
    "sign": "≥", "target": Decimal(45), "measure_unit": "人", "target_basis": "年度培训计划",
}  # fmt: skip
PROJECT = {
    "project_code": "13020025P00000010003T", "project_name": "骨干培训", "budget_amount": Decimal("40"),
    "fiscal_funds": Decimal("38.5"), "other_funds": Decimal("1.5"), "use_of_funds": "用于培训的场地、师资和资料。",
    "expenditure_schedule": {"by_mar": Decimal(10), "by_jun": Decimal("25.5"), "by_dec": Decimal(100)},
    "performance_goals": ["1.做好培训。", "2.用好经费。"], "indicators": [INDICATOR],
}  # fmt: skip
PLAN = {
    "document_type": "performance_plan", "fiscal_year": 2025, "unit_code": "402001", "unit_name": "某市某局本级",
    "prepared_by": "某市某局", "reviewed_by": "某市财政局", "overall_goal": ["第一段。", "第二段。"],
    "activity_goals": [
        {"title": "1、做好培训工作", "performance_goal": "提高能力。", "indicators": "1、完成率100%；\n2、满意度95%。"}
    ],
    "safeguard_measures": ["1.完善制度。", "2.加强管理。"], "projects": [PROJECT],
}  # fmt: skip


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def template():
    return (ROOT / "templates" / "performance_plan.docx").read_bytes()


@pytest.fixture(scope="session")
def schema():
    return json.loads((ROOT / "schemas" / "performance_plan.schema.json").read_bytes(), parse_float=Decimal)


@pytest.fixture
def plan():
    """A complete plan, free to be changed."""
    return copy.deepcopy(PLAN)


@pytest.fixture
def indicator():
    """Makes an indicator that differs from an ordinary one where said."""
    return lambda **changes: {**INDICATOR, **changes}


@pytest.fixture
def document(template, schema):
    """Makes the document of a plan."""
    return lambda values: render(template, context(values, schema))


@pytest.fixture(scope="session")
def wordy(root):
    """Makes a plan of many projects and long texts, by chance, from the sentences of the examples."""
    examples = [
        json.loads(path.read_bytes(), parse_float=Decimal) for path in sorted((root / "examples").glob("*2*.json"))
    ]
    plans = [values for values in examples if values["document_type"] == "performance_plan"]
    prose = "".join(
        "".join(
            [*values["overall_goal"], *values["safeguard_measures"], *(p["use_of_funds"] for p in values["projects"])]
        )
        for values in plans
    )

    def make(seed: int, projects: int) -> dict:
        chance = random.Random(seed)

        def text(shortest: int, longest: int) -> str:
            at = chance.randrange(len(prose) - longest)
            return " ".join(prose[at : at + chance.randint(shortest, longest)].split()) or "无"

        def indicator(category: int) -> dict:
            kinds = ("数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标", "服务对象满意度指标")
            first = "产出指标" if category < 4 else "效益指标" if category < 5 else "满意度指标"
            changes = {"name": text(3, 25), "description": text(5, 80), "target_basis": text(3, 40)}
            return {**INDICATOR, "dimension": first, "category": kinds[category], **changes}

        def project() -> dict:
            kinds = sorted(chance.randrange(6) for _ in range(chance.randint(4, 20)))
            return {
                **PROJECT, "project_name": text(4, 40), "use_of_funds": text(10, chance.choice((60, 200, 1500))),
                "performance_goals": [text(10, 120) for _ in range(chance.randint(1, 6))],
                "indicators": [indicator(kind) for kind in kinds],
            }  # fmt: skip

        return {
            **PLAN, "overall_goal": [text(20, 600) for _ in range(chance.randint(1, 5))],
            "activity_goals": [
                {"title": text(5, 40), "performance_goal": text(10, 150), "indicators": f"{text(5, 40)}\n{text(5, 40)}"}
                for _ in range(chance.randint(1, 7))
            ],
            "safeguard_measures": [text(10, 200) for _ in range(chance.randint(1, 25))],
            "projects": [project() for _ in range(projects)],
        }  # fmt: skip

    return make


@pytest.fixture(params=["tangshan-gongshanglian-2025", "beidaihe-zhengxie-2021", "linxi-gongshanglian-2023"])
def example(request):
    return json.loads((ROOT / "examples" / f"{request.param}.json").read_bytes(), parse_float=Decimal)


class Docx:
    """A finished document, opened with lxml."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.body = etree.fromstring(self.parts["word/document.xml"])

    def part(self, name: str):
        return etree.fromstring(self.parts[name])

    def paragraphs(self, root=None) -> list[str]:
        return [shown(paragraph) for paragraph in (self.body if root is None else root).iter(W + "p")]

    def tables(self) -> list[list[list[str]]]:
        """Every table as rows of cells, the paragraphs of a cell joined by |."""
        return [
            [["|".join(map(shown, cell.iter(W + "p"))) for cell in row.iter(W + "tc")] for row in table.iter(W + "tr")]
            for table in self.body.iter(W + "tbl")
        ]

    def merges(self, column: int) -> list[str]:
        """How each row of the last table takes part in a vertical merge: restart, continue or nothing."""
        found = []
        for row in list(self.body.iter(W + "tbl"))[-1].iter(W + "tr"):
            merge = list(row.iter(W + "tc"))[column].find(f"{W}tcPr/{W}vMerge")
            found.append("" if merge is None else merge.get(W + "val"))
        return found[1:]


def shown(paragraph) -> str:
    signs = {W + "tab": "\t", W + "br": "\n"}
    return "".join(
        e.text or "" if e.tag == W + "t" else signs.get(e.tag, "") for e in paragraph.iter() if e.text or e.tag in signs
    )


@pytest.fixture
def opened():
    return Docx


@pytest.fixture
def word():
    """Makes a template of one's own: the given XML as body, in a package with as little as Word accepts."""

    def make(body: str, **parts: str) -> bytes:
        kinds = "".join(
            f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
            for name, kind in (
                ("word/document.xml", "wordprocessingml.document.main"),
                ("word/footnotes.xml", "wordprocessingml.footnotes"),
            )
        )
        target = BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            types = "http://schemas.openxmlformats.org/package/2006/content-types"
            archive.writestr("[Content_Types].xml", f'<Types xmlns="{types}">{kinds}</Types>')
            archive.writestr(
                "word/document.xml", f'<w:document xmlns:w="{W[1:-1]}"><w:body>{body}</w:body></w:document>'
            )
            for name, xml in parts.items():
                archive.writestr(f"word/{name}.xml", xml)
        return target.getvalue()

    return make
