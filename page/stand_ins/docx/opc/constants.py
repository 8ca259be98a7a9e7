"""See `docx`."""

RELATIONSHIP_TYPE = None
