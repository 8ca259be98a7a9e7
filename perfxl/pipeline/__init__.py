"""The line of flow, workbook to findings to document, as every command and button runs it."""
