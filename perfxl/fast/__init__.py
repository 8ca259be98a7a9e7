"""Accelerators: each gives what the plain path gives, or nothing; without this package everything still works."""
