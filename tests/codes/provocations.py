"""For every code of the catalogue the smallest fault that provokes it, by the door through which it comes."""

import json
from copy import deepcopy
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import evaluations
import openpyxl
import plans
from docx import Document
from evaluations import indicator, line
from openpyxl.styles import Font

from perfxl.document.printing import libreoffice
from perfxl.document_import import file_kinds
from perfxl.document_import.exports.mapping import understood
from perfxl.pipeline.document_intake import examine_document
from perfxl.pipeline.export_intake import take_in_exports
from perfxl.pipeline.workbook_file import examine_file
from perfxl.report_type.profile import Cap
from perfxl.workbook.reading.file_kind import MAX_XML_BYTES

HOME = plans.HOME
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ROWS = plans.valid_plan()["projects"][0]["indicators"]
OTHER_ROWS = plans.valid_plan()["projects"][1]["indicators"]


def project(**values):
    """Changes to the first project."""
    return {f"projects[0].{key}": value for key, value in values.items()}


def schedule(**values):
    return {f"projects[0].expenditure_schedule.{key}": value for key, value in values.items()}


def row(number, **values):
    """Changes to an indicator of the first project."""
    return {f"projects[0].indicators[{number}].{key}": value for key, value in values.items()}


def each_row(**values):
    return {path: value for number in range(len(ROWS)) for path, value in row(number, **values).items()}


# Changes to the valid plan.
PLANS = {
    "V01": {"fiscal_year": "二〇二五"},
    "V02": row(0, name="培训农民人数及其他" * 5),
    "V03": {"currency_unit": "亿元"},
    "V04": {"fiscal_year": 1999},
    "V05": {"region_code": "13053"},
    "V06": {f"projects[0].performance_goals[{n}]": f"{n + 1}.做好第{n}期培训。" for n in range(2, 7)},
    "V14": row(0, target="≤240"),
    "D01": {"unit_name": None},
    "D02": {"overall_goal[2]": "三、工作保障措施"},
    "D03": {"safeguard_measures[2]": "4、加强跟踪问效。每季度检查一次进度，发现偏差及时纠正。"},
    "D04": {"unit_code": "32100"},
    "D05": project(project_code="13053525P00000110001"),
    "D06": project(project_code="13053524P00000110001Y"),
    "D07": project(project_code="13053525P00000110001X"),
    "D08": {"projects[1].project_code": "13053525P00000110001Y"},
    "D09": {"overall_goal[1]": "全年培训农民240人，抽检农产品800批次，推动唐山市农业发展。"},
    "D10": project(use_of_funds="用于支付2024年授课费、场地费、教材费和学员食宿费。"),
    "D11": project(use_of_funds="用于××××。"),
    "D12": {"safeguard_measures[3]": "4、加强组织领导。成立工作专班，明确各股室职责和完成时限。"},
    "M01": project(fiscal_funds=35),
    "M02": project(budget_amount="36万"),
    "M03": project(budget_amount=0, fiscal_funds=0),
    "M04": schedule(by_mar="四分之一"),
    "M05": schedule(by_jun=5),
    "M06": schedule(by_dec=90),
    "M07": schedule(by_mar=0, by_jun=0, by_oct=0),
    "M08": project(use_of_funds="预算安排资金35万元，用于支付授课费、场地费、教材费和学员食宿费。"),
    "M09": project(use_of_funds="用于高素质农民培训经费"),
    "M11": row(3, name="培训总成本", description="培训的全部支出", target=360000, measure_unit="元"),
    "M12": project(use_of_funds="授课费12万元，教材费9万元。"),
    "M13": project(use_of_funds="培训240人，每人1000元。"),
    "K01": {"projects[0].indicators[6]": None},
    "K02": {"projects[0].indicators[1]": None},
    "K03": row(0, category="社会效益指标"),
    "K04": row(0, target_basis=None),
    "K05": row(0, sign=None, measure_unit=None, target="≥240人240人"),
    "K06": row(0, measure_unit=None),
    "K07": row(0, sign=None),
    "K08": row(0, sign=None, measure_unit=None, target="≧240人"),
    "K09": row(1, target=295),
    "K10": row(2, target=45961),
    "K11": row(0, target=95, measure_unit="%"),
    "K12": row(4, dimension="产出指标", category="时效指标"),
    "K13": row(3, sign="≥"),
    "K14": row(3, name="培训总成本", description="培训的全部支出", target=90, measure_unit="万元"),
    "K15": row(3, target=3000),
    "K16": row(0, name="农民实训基地建设", description="农民实训基地建设"),
    "K17": row(4, sign=None, measure_unit=None, target="有所提升"),
    "K18": each_row(sign="≥", target=100, measure_unit="%"),
    "K19": row(0, name="培训农民人数、举办期数"),
    "K20": {"projects[1].indicators": deepcopy(ROWS)},
    "K21": row(4, name="培训农民人数"),
    "K22": row(6, target=70),
    "K23": row(2, target="2026年10月31日"),
    "K24": {"activity_goals[0].indicators": "举办论坛不少于2次。"},
    "K25": row(1, name="培训合格率（%）"),
    "K26": row(1, sign=">"),
    "K27": each_row(target_basis="工作计划"),
    "K28": row(4, name="安全事故起数", description="按年终统计核定", sign="≥", target=3, measure_unit="起"),
    "K29": row(4, name="作物成活率", description="按年终统计核定", sign="≥", target=95, measure_unit="人"),
    "K30": row(4, name="作物成活率", description="按年终统计核定", sign="≥", target="0.95", measure_unit="%"),
    "K31": row(0, target="人", measure_unit="240"),
    "K32": row(1, sign=None, target="2025年10月20日", measure_unit=None),
    "K33": row(4, name="重大事故起数", description="按年终统计核定", sign="≥", target=0, measure_unit="起"),
    "K34": row(6, target=80, target_basis="2024年满意度91.5%"),
    "K35": row(
        5,
        dimension="产出指标",
        category="时效指标",
        name="开班时间",
        target="2025年12月5日",
        sign=None,
        measure_unit=None,
    ),
    "K36": row(6, description="2024年满意度91.5%", target_basis="表示满意的人占受访人数的比例"),
    "K37": {"projects[0].indicators[7]": {**ROWS[0], "name": "培训农民数量", "description": "参加培训的农民"}},
    "K38": {"projects[0].indicators[7]": OTHER_ROWS[0]},
    "K39": {"projects[0].performance_goals[0]": "1.培训农民2400人。"},
    "K40": {"projects[0].performance_goals[1]": "2.编印技术手册3000册。"},
    "K41": {"projects[0].performance_goals[0]": "1.培训农民240人，其中女100人、男120人。"},
    "L01": {"overall_goal[1]": "全年培训培训农民240人，抽检农产品800批次，培训和检测任务在12月底前全部完成。"},
    "L02": {"safeguard_measures[1]": "2、加强资金管理。专款专用，按进度支付，接受审记和财政监督。"},
    "L03": row(0, target_basis="临农发[2024]12号"),
    "L04": project(use_of_funds="用于支付授课费,场地费、教材费和学员食宿费。"),
    "L05": project(use_of_funds="用于支付授课费、场地费、  教材费和学员食宿费。 "),
    "L06": {"safeguard_measures[1]": "2、加强资金管理。专款专用，按进度支付，接受审计和财政监督"},
    "L07": project(use_of_funds="\u3000\u3000用于支付授课费、场地费、教材费和学员食宿费。"),
}

_FULL = {**evaluations.VALID["projects"][0], "project_name": "甲"}
_FULL["funding_lines"] = [{"source": "年度资金总额", "initial_budget": 1, "actual_expenditure": 1}]
_FULL["indicators"] = [
    {**_FULL["indicators"][0], "dimension": dimension, "weight": weight}
    for dimension, weight in (("产出指标", 50), ("效益指标", 30), ("满意度指标", 10))
]
_WHOLE = {**evaluations.VALID, **evaluations.REPORT}

# Changes to the valid self-evaluation.
EVALUATIONS = {
    "S01": {**indicator(0, weight=30), "projects[0].execution_weight": 10},
    "S02": {**indicator(0, weight=10), **indicator(5, weight=20)},
    "S03": line(0, execution_rate=100),
    "S04": line(0, revised_budget=0),
    "S05": {**line(0, actual_expenditure=55), **line(1, actual_expenditure=43)},
    "S06": {"projects[0].execution_score": 10},
    "S07": indicator(2, score=11),
    "S08": indicator(1, score=10),
    "S09": indicator(4, score=23),
    "S10": indicator(1, variance_explanation=None),
    "S11": indicator(0, actual=130),
    "S12": indicator(0, actual=None),
    "S13": {"projects[0].total_score": 98},
    "S14": {"projects[0].rating": "良"},
    "S15": {"projects": [_FULL, {**_FULL, "project_name": "乙"}]},
    "M10": line(0, initial_budget=0),
}

# Changes to the valid report on a self-evaluation.
REPORTS = {
    "S17": {"sections[1].text": "全年共实施2个项目：培训经费。"},
    "S18": {"revenue_expenditure.change": 10.01},
    "S19": {
        "sections[1].text": "共实施1个项目：培训经费。指标难以用数据衡量。",
        "projects": None,
        "project_scores": [{"project_name": "培训经费", "score": 100}],
    },
    "S21": {"report_date": None},
}

# Changes to a well-made self-evaluation of a whole department.
DEPARTMENTS = {
    "S22": {"projects[0].indicators[3].actual": "9月30日"},
    "S23": {
        "projects[1].actual_achievement": "资助家庭经济困难学生1165人，其中小学712人、初中553人，春秋两季均按时发放。"
    },
    "S24": {"sections[3].text": "综合得分88分，各项目得分如下："},
}
_DEPARTMENT = HOME / "tests" / "corpus" / "judgement" / "evaluations" / "education.json"

DATA = frozenset([*PLANS, *EVALUATIONS, *REPORTS, *DEPARTMENTS, "S20"])


def told_of(code):
    """Return the findings of a plan, an evaluation or a report in which something provokes `code`."""
    if code in PLANS:
        return plans.findings(plans.filled(PLANS[code]))
    if code == "S20":
        scoring = evaluations.RULES.scoring._replace(caps=(Cap(Decimal(95), Decimal(90)),))
        return evaluations.findings({}, rules=evaluations.RULES._replace(scoring=scoring))
    if code in EVALUATIONS:
        return evaluations.findings(EVALUATIONS[code])
    if code in DEPARTMENTS:
        return evaluations.findings(DEPARTMENTS[code], json.loads(_DEPARTMENT.read_text("utf-8")))
    return evaluations.findings(REPORTS[code], _WHOLE)


def _put(sheet, address, content, number_format="General"):
    def edit(book):
        book[sheet][address].value = content
        book[sheet][address].number_format = number_format

    return edit


def _copied(book):
    copy = book.create_sheet("粘贴")
    for cells in book["项目1"].iter_rows():
        copy.append([cell.value for cell in cells])


# What people do to a workbook in Excel, all to one.
EDITS = {
    "T04": lambda book: book["项目1"].defined_names.pop("projects.project_name"),
    "T05": _put("项目1", "B5", "预算（元）"),
    "T06": _put("项目1", "K5", "记得问财政局"),
    "T07": _copied,
    "T08": _put("项目1", "C5", "=1+1"),
    "T09": _put("项目1", "E5", "#DIV/0!"),
    "T13": _put("项目1", "B4", 130535250000000000000.0),
    "T14": lambda book: book.create_sheet("草稿").append(["x"]),
    "T16": lambda book: setattr(book["基本信息"], "sheet_state", "hidden"),
    "T17": lambda book: setattr(book["项目1"].row_dimensions[24], "hidden", True),
    "T18": _put("项目1", "H23", '=DISPIMG("ID_6F0A",1)'),
    "T19": lambda book: setattr(book["项目1"]["B6"], "font", Font(strike=True)),
    "T20": lambda book: book["项目1"].merge_cells("C28:D28"),
    "T21": lambda book: book["项目1"].merge_cells("H28:H29"),
    "T22": lambda book: setattr(
        book["项目1"].defined_names["projects.indicators.measure_unit"], "value", "'项目1'!$G$24:$G$63"
    ),
    "V07": _put("基本信息", "C4", "2025年"),
    "V08": _put("基本信息", "C8", "某市_x0007_某局"),
    "V09": _put("基本信息", "C12", "没有的规则"),
    "V10": _put("项目1", "F24", 45722, 'm"月"d"日"'),
    "V11": _put("项目1", "H25", 123456789012),
    "V12": _put("项目1", "H26", 5, ";;;"),
    "V13": _put("项目1", "H27", -1, "yyyy/m/d"),
}


def edited(tmp_path):
    """Return the findings of a workbook to which everything in `EDITS` was done."""
    path = tmp_path / "填报表.xlsx"
    book = openpyxl.load_workbook(BytesIO(plans.book({"projects[1]": None})))
    for edit in EDITS.values():
        edit(book)
    book.save(path)
    return examine_file(path, HOME).findings


class _Closed(type(Path())):
    """The path of a file that may not be read: to root, as whom tests may run, no file can be closed."""

    def open(self, *_, **__):
        raise PermissionError(13, "Permission denied")


def _changed(old, new):
    """Return a workbook of one project in whose parts every `old` is `new`."""
    result = BytesIO()
    with ZipFile(BytesIO(plans.book({"projects[1]": None}))) as source, ZipFile(result, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return result.getvalue()


def _bomb():
    result = BytesIO()
    with ZipFile(result, "w", ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", "<workbook/>")
        target.writestr("xl/worksheets/sheet1.xml", bytes(MAX_XML_BYTES))
    return result.getvalue()


def _with_a_table_beside():
    book = openpyxl.load_workbook(BytesIO(plans.book({"projects[1]": None})))
    for row in range(1, 402):
        book["第一部分"].cell(row, 30, "旁边的表")
    result = BytesIO()
    book.save(result)
    return result.getvalue()


_VERSION = b'<definedName name="perfxl.version">%s<'
FILES = {
    "F02": lambda: b"%PDF-1.7\n",
    "F03": lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
    "F04": lambda: b"PK\x03\x04 and no more",
    "F05": _bomb,
    "F07": lambda: _changed(b"</definedNames>", b"<definedName/>" * 150_001 + b"</definedNames>"),
    "V30": _with_a_table_beside,
    "T01": lambda: _changed(b"performance_plan", b"another_type"),
    "T02": lambda: _changed(_VERSION % b"1", _VERSION % b"0"),
    "T03": lambda: _changed(_VERSION % b"1", _VERSION % b"99"),
    "V20": lambda: plans.book({"projects[1]": None, "profile": "本局"}),
    "F01": None,
    "F06": None,
    "T10": lambda: _changed(b"<v>36</v>", b"<f>[1]Sheet1!A1</f><v>36</v>"),
}


def told_of_a_file(code, tmp_path):
    """Return the findings of a file that provokes `code`, and perhaps others."""
    path = tmp_path / "填报表.xlsx"
    (tmp_path / "本局.json").write_text('{"based_on": "hebei", "rules": {"M03": "off"}}', "utf-8")
    if FILES[code]:
        path.write_bytes(FILES[code]())
    elif code == "F06":
        path.touch()
        path = _Closed(path)
    return examine_file(path, HOME).findings


def _document(*paragraphs, base=None):
    document = Document(None if base is None else str(base))
    for text in paragraphs:
        document.add_paragraph(text)
    result = BytesIO()
    document.save(result)
    return result.getvalue()


_PLAN = HOME / "examples" / "beidaihe-gongshanglian-2021.docx"
_NOWHERE = "这一句哪里也放不下，第{}次。"
DOCUMENTS = {
    "W01": lambda: b"%!PS-Adobe-3.0",
    "W02": lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
    "W03": lambda: _document("第一部分")[:-40],
    "W04": lambda: b"PK" + bytes(1000),
    "W05": lambda: OLE + "WordDocument".encode("utf-16-le"),
    "W06": lambda: OLE + "WordDocument".encode("utf-16-le"),
    "W07": lambda: _document(),
    "W08": lambda: _document("春眠不觉晓"),
    "W09": lambda: _document(_NOWHERE.format(1), base=_PLAN),
    "W10": lambda: _document(*map(_NOWHERE.format, range(600)), base=_PLAN),
}


def told_of_a_document(code, monkeypatch):
    """Return the findings of a document in which something provokes `code`."""
    if code == "W04":
        monkeypatch.setattr(file_kinds, "MAX_BYTES", 999)
    elif code in ("W05", "W06"):
        monkeypatch.setattr(libreoffice, "program", lambda: None if code == "W05" else "/bin/false")
    return examine_document(DOCUMENTS[code](), "文本.docx", HOME)[0].findings


_COLUMNS = b'{"document_type": "performance_plan", "columns": {"a": "unit_name"}}'
EXPORTS = {"W12": b"%PDF-1.7 abc", "W13": "编号,全称\r\n1,甲\r\n".encode()}


def told_of_an_export(code):
    """Return the findings of an export of another system that provokes `code`."""
    return take_in_exports([("导出.csv", EXPORTS[code])], understood(_COLUMNS, HOME), HOME).trouble.findings
