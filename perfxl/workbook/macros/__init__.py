"""Macros of the form: buttons, the VBA project, and the running Excel."""
