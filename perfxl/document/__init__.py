"""From a record's values and a Word template to a finished document.

`template` turns values into text and understands the tags of the Word template, `render` prints the one through the
other, `contents` writes 目录 and estimates its page numbers, `package` is the file itself, and `audit` reads the
finished document with other eyes and says which text did not arrive. `printing` gets page numbers and the PDF from an
office program.
"""
