"""See `docx`."""

parse_xml = None
