"""From a record's values and a Word template to a finished document.

`context` turns values into text, `render` prints the text through the template, `audit` reads the finished document
with other eyes and says which text did not arrive.

A template is read by `template` with docxtpl, jinja2 and lxml. `lean` makes plain code of it, once `markup` has proved
that the code gives sound documents; `program` keeps that between runs. Where it cannot be proved, jinja2 prints.

目录 is written by `contents`, after what `field` has found in the template. `estimate` guesses its page numbers, with
`shapes`, `lines` and `rows`; `units` does both at once for documents that a program prints. `printing` gets them
from an office program (`office`, `word`), which makes the PDF as well.
"""
