"""The fast reader of workbooks, and the parts of the file that it understands."""
