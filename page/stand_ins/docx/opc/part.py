"""See `docx`."""

XmlPart = None
