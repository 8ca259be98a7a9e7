"""Office programs: page numbers and PDF."""
