"""The .docx file: its parts and properties."""
