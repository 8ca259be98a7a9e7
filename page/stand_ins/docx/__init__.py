"""Names that docxtpl imports and that reading a template never uses: python-docx needs lxml."""

Document = None
