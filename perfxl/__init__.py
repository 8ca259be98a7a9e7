"""Turns a clerk's budget performance workbook into findings and a Word document."""

__version__ = "0.1.0"
