"""Cells into a record: where each field stands, what its cell means, whether the form is still intact."""
