"""Opens a link as LibreOffice does when somebody clicks it; run by the system's Python, which has `uno`.

`python3 follow_link.py PIPE URL` prints the sheet and the cell at which the cursor then stands.
"""

import sys

sys.path += ["/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program"]

import uno
from com.sun.star.beans import PropertyValue


def main():
    pipe, url = sys.argv[1:]
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    book = desktop.loadComponentFromURL(url, "_blank", 0, (PropertyValue(Name="ReadOnly", Value=True),))
    try:
        place = book.CurrentController.Selection.RangeAddress
        sheet = book.Sheets.getByIndex(place.Sheet)
        column = sheet.Columns.getByIndex(place.StartColumn).Name
        sys.stdout.write(f"{sheet.Name}!{column}{place.StartRow + 1}\n")
    finally:
        book.close(True)


main()
