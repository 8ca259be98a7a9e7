"""From a record's values and a Word template to a finished document.

`context` turns values into text, `render` prints the text through the template, `audit` reads the finished document
with other eyes and says which text did not arrive. `contents` writes 目录, `estimate` guesses its page numbers, and
`printing` gets them from an office program (`office`, `word`), which makes the PDF as well.
"""
