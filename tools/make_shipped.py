"""Writes the workbooks that are shipped: a blank form of each type, and the examples from their data.

Run `python -m tools.make_shipped` after a change to a schema or to the form; a test holds that they are fresh.
"""

import json

from perfxl.report_type import catalog
from perfxl.report_type.json_data import loads
from perfxl.workbook.form.form import write

ROOT = catalog.home()


def main() -> None:
    for type_id in catalog.available(ROOT):
        report_type = catalog.load(ROOT, type_id)
        report_type.workbook.write_bytes(write(report_type, None, copies=3))
    for data in sorted((ROOT / "examples").glob("*.json")):
        report_type = catalog.load(ROOT, json.loads(data.read_text("utf-8"))["document_type"])
        data.with_suffix(".xlsx").write_bytes(write(report_type, loads(data.read_bytes(), report_type)))


if __name__ == "__main__":
    main()
