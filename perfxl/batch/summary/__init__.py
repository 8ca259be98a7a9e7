"""The summary of a batch: workbook, page and data."""
