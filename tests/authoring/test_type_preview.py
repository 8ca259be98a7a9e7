"""A type is seen filled in before anybody has filled in anything."""

from pathlib import Path

import pytest
from test_type_build import drawn

from perfxl.authoring.invented import invented
from perfxl.cli.main import main
from perfxl.pipeline.examine import examine
from perfxl.report_type import catalog
from perfxl.workbook.form.form import write


def test_a_preview_has_a_filled_form_without_errors_and_its_document(tmp_path, capsys):
    main(["type", "build", str(drawn(tmp_path))])
    own, out = str(tmp_path / "文种"), tmp_path / "预览"
    assert main(["--types", own, "type", "preview", "设备验收单", "-o", str(out)]) == 0, capsys.readouterr()
    assert sorted(path.name for path in out.iterdir()) == ["设备验收单.docx", "设备验收单.xlsx"]
    assert "没有发现问题" in capsys.readouterr().out
    assert main(["check", str(out / "设备验收单.xlsx"), "--types", own]) == 0


@pytest.mark.parametrize("kind", ["all fields", "again"])
def test_invented_data_fill_every_field_and_are_always_the_same(kind, tmp_path):
    main(["type", "build", str(drawn(tmp_path))])
    report_type = catalog.load(tmp_path / "文种", "设备验收单")
    values = invented(report_type)
    if kind == "again":
        assert invented(report_type) == values
        return
    assert values.keys() == report_type.schema["properties"].keys()
    found = examine(write(report_type, values), "", Path(tmp_path / "文种"))
    assert [finding.code for finding in found.findings] == []
