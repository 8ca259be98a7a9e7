"""The locked form: a schema, and data, into a workbook."""
