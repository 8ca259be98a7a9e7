"""Documents back into data: Word, WPS, RTF and PDF documents, and exports of other systems, read into a record.

What decides where a text belongs is data: labels, headings and sentences that the schema of a report type lists
(`x-read`). Nothing here knows a report type or a field.
"""
