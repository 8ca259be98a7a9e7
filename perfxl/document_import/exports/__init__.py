"""Exports of other systems: Excel, CSV and JSON files of any columns, read into records by a mapping file."""
