"""Edits a workbook in LibreOffice as a clerk would; run by the system's Python, which has `uno`.

`python3 office_edit.py PIPE` reads one JSON object a line from standard input, {"source", "target", "steps"}, and
answers each with a line: `ok` or the error. A step is [action, …]: see `ACTIONS`. With {"source", "target", "command"}
it is a Word document on which the office program carries out a command.
"""

import json
import sys
import time

sys.path += ["/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program"]

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

DISPATCHER = []


def value(name, content):
    return PropertyValue(Name=name, Value=content)


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
        else:
            services = context.ServiceManager
            DISPATCHER.append(services.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context))
            return services.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise SystemExit("soffice did not answer within a minute")


def sheet(book, name):
    return book.Sheets.getByName(name)


def unprotected(book, name):
    sheet(book, name).unprotect("")
    return sheet(book, name)


def insert_rows(book, name, before, count):
    unprotected(book, name).Rows.insertByIndex(before - 1, count)


def delete_rows(book, name, first, count):
    unprotected(book, name).Rows.removeByIndex(first - 1, count)


def insert_columns(book, name, before, count):
    unprotected(book, name).Columns.insertByIndex(before - 1, count)


def put(book, name, cell, content):
    target = sheet(book, name).getCellRangeByName(cell)
    if isinstance(content, str) and not content.startswith("="):
        target.String = content
    elif isinstance(content, str):
        target.Formula = content
    else:
        target.Value = content


def enter(book, name, cell, typed):
    """Type into a cell as people do: the program makes of it what it makes of anything typed, 96% a number."""
    unprotected(book, name).getCellRangeByName(cell).FormulaLocal = typed


ACTIONS = {
    "put": put,
    "enter": enter,
    "insert_rows": insert_rows,
    "delete_rows": delete_rows,
    "insert_columns": insert_columns,
    "copy_sheet": lambda book, name, new, at: book.Sheets.copyByName(name, new, at),
    "move_sheet": lambda book, name, at: book.Sheets.moveByName(name, at),
    "rename_sheet": lambda book, name, new: setattr(sheet(book, name), "Name", new),
    "remove_sheet": lambda book, name: book.Sheets.removeByName(name),
}


def decide(desktop, source, target, command):
    """Open a Word document, let the office program carry out a command on it and save it as .docx."""
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(source), "_blank", 0, (value("Hidden", True),))
    try:
        DISPATCHER[0].executeDispatch(document.CurrentController.Frame, command, "", 0, ())
        document.storeToURL(uno.systemPathToFileUrl(target), (value("FilterName", "MS Word 2007 XML"),))
    finally:
        document.close(True)


def loaded(desktop, path):
    return desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (value("Hidden", True),))


def edit(desktop, source, target, steps):
    book = loaded(desktop, source)
    try:
        for action, *words in steps:
            if action == "over_the_old_format":
                book.storeToURL(uno.systemPathToFileUrl(target + ".xls"), (value("FilterName", "MS Excel 97"),))
                book.close(True)
                book = loaded(desktop, target + ".xls")
            else:
                ACTIONS[action](book, *words)
        book.calculateAll()
        book.storeToURL(uno.systemPathToFileUrl(target), (value("FilterName", "Calc MS Excel 2007 XML"),))
    finally:
        book.close(True)


def main():
    desktop = connect(sys.argv[1])
    for line in sys.stdin:
        task = json.loads(line)
        try:
            if "command" in task:
                decide(desktop, task["source"], task["target"], task["command"])
            else:
                edit(desktop, task["source"], task["target"], task["steps"])
        except Exception as error:  # the answer is the error's text; the test that asked fails with it
            print(repr(error).replace("\n", " "), flush=True)
        else:
            print("ok", flush=True)


main()
