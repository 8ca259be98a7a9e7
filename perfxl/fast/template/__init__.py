"""Word templates as plain Python, with the proof that what they print is sound."""
