"""Rows of a list that the form computes: its own formulas are no rows of their own, somebody's are."""

import pytest
from excel_parts import Raw, edited

from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog

HOME = catalog.home()
REPORT = (HOME / "examples" / "yuanshi-gongshanglian-2022-self-evaluation.xlsx").read_bytes()


def scores(*cells):
    record = examine(edited(REPORT, *cells), "自评.xlsx", HOME).record
    return [(line.get("project_name"), line.get("score")) for line in record.values["project_scores"]]


@pytest.mark.parametrize("row", [8, 12])
def test_a_row_of_somebodys_own_formulas_is_read(row):
    typed = scores()
    changed = scores(
        Raw(f"汇总!B{row}", "党建活动经费", formula='"党建"&"活动经费"', type="str"),
        Raw(f"汇总!C{row}", "99", formula="95+4"),
    )
    expected = list(typed)
    expected[row - 8] = ("党建活动经费", 99)
    assert changed == expected


def test_a_blank_result_is_no_row():
    typed = scores()
    changed = scores(Raw("汇总!B8", "", formula='""', type="str"), Raw("汇总!C8", "", formula='""', type="str"))
    assert changed == typed[1:]
