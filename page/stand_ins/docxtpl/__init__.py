"""Of docxtpl what reads a template: the rest needs python-docx, which needs lxml."""

from docxtpl.template import DocxTemplate

__all__ = ["DocxTemplate"]
