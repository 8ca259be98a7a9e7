"""See `docx`."""
