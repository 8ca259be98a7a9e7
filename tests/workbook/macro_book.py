"""The form of a report type with its macros, as `.xlsm`."""

from perfxl.report_type import catalog
from perfxl.workbook.form import form
from perfxl.workbook.macros import form_buttons

HOME = catalog.home()


def write(values, type_id="performance_plan"):
    """Return the form, blank or filled."""
    return form.write(catalog.load(HOME, type_id), values, macros=form_buttons.load(HOME))
