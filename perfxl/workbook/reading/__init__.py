"""Workbook files into cells, by openpyxl."""
