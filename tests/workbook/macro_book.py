"""The form of a report type with its macros, as `.xlsm`."""

from perfxl import catalog
from perfxl.workbook import buttons, form

HOME = catalog.home()


def write(values, type_id="performance_plan"):
    """Return the form, blank or filled."""
    return form.write(catalog.load(HOME, type_id), values, macros=buttons.load(HOME))
