"""Two versions of a report side by side: what changed, field by field, and as a Word document with tracked changes."""
