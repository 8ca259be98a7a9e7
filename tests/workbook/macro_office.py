"""Runs the macros of a workbook in LibreOffice, for tests. Started with the Python that has `uno`.

    /usr/bin/python3 macro_office.py PROFILE [window]

Reads tasks as JSON, one a line, from standard input and answers each with one line of JSON.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.util import CloseVetoException

# High security: macros run from trusted folders alone, as they should where clerks work.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="SecureURL" oor:op="fuse">
<value><it>{trusted}</it></value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse">
<value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop>
</item>
</oor:items>
"""


def property_value(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


class Office:
    """A LibreOffice of its own, without a window unless asked for."""

    def __init__(self, profile, window):
        profile = Path(profile)
        (profile / "user").mkdir(parents=True)
        settings = _SETTINGS.format(trusted=profile.parent.as_uri())
        (profile / "user" / "registrymodifications.xcu").write_text(settings, "utf-8")
        pipe = f"perfxl-macro-{os.getpid()}"
        os.environ["PERFXL_TEST_PIPE"] = pipe  # for a program that the macro starts
        self.steps = {}
        looks = ["--nodefault"] if window else ["--headless"]
        self.window = window
        self.words = [
            "soffice", f"-env:UserInstallation={profile.as_uri()}", "--norestore", "--nologo", *looks,
            f"--accept=pipe,name={pipe};urp;",
        ]  # fmt: skip
        self._start()
        self.desktop = self._connect(pipe)

    def _start(self):
        none = subprocess.DEVNULL
        self.program = subprocess.Popen(self.words, stdin=none, stdout=none, stderr=none, start_new_session=True)

    def _connect(self, pipe):
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        for _ in range(600):
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            except Exception as error:  # noqa: BLE001 - not there yet
                trouble = error
                time.sleep(0.1)
                # With a window and a fresh profile, LibreOffice 7.4 now and then ends at once, with status 0.
                if self.program.poll() is not None:
                    self._start()
        raise SystemExit(f"LibreOffice did not start: {trouble!r}, exit status {self.program.poll()}")

    def close(self):
        try:
            self.desktop.terminate()
            self.program.wait(20)
        except Exception:  # noqa: BLE001 - it may have gone already
            os.killpg(self.program.pid, 9)

    def run(self, task):
        """Open the workbook of the task, take its steps and return what there is to see then."""
        # 4: always execute without asking; 9: as the security settings say.
        mode = property_value("MacroExecutionMode", 9 if self.window else 4)
        hidden = property_value("Hidden", not self.window)
        url = uno.systemPathToFileUrl(task["workbook"])
        # A document made from a template has no place yet.
        template = property_value("AsTemplate", task.get("template", False))
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, (mode, hidden, template))
        if self.window:
            document.CurrentController.setActiveSheet(document.Sheets.getByName(task["sheet"]))
            document.CurrentController.Frame.ContainerWindow.setPosSize(0, 0, 1500, 1000, 15)
            time.sleep(2)
        before = contents(document)
        seen = []
        for kind, *words in task["steps"]:
            if kind == "set":
                put(document, *words)
                before = contents(document)
            elif kind == "macro":
                module = words[1] if len(words) > 1 else "PerfXL"
                address = f"vnd.sun.star.script:VBAProject.{module}.{words[0]}?language=Basic&location=document"
                document.ScriptProvider.getScript(address).invoke((), (), ())
            elif kind == "click":
                click(document, *words)
            elif kind == "press":
                press(document, *words)
            elif kind == "screenshot":
                subprocess.run(["import", "-window", "root", words[0]], check=True)
            elif kind == "store":
                form = property_value("FilterName", "Calc MS Excel 2007 XML")
                document.storeToURL(uno.systemPathToFileUrl(words[0]), (form,))
            elif kind == "show":
                document.CurrentController.setActiveSheet(document.Sheets.getByName(words[0]))
                time.sleep(1)
            elif kind == "answer":
                answer_box(*words)
            elif kind == "wait":
                wait_for(*words)
            elif kind == "look":
                seen.append(described(document, before))
            else:
                self.steps[kind](*words)
        document.setModified(False)
        close(document)
        return seen


def close(document):
    """Close the document, which it refuses while a macro is running."""
    for _ in range(60):
        try:
            document.close(True)
        except CloseVetoException:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the document does not close")


def put(document, sheet, cell, value):
    """Type into a cell."""
    target = document.Sheets.getByName(sheet).getCellRangeByName(cell)
    if isinstance(value, str):
        target.String = value
    else:
        target.Value = value


def click(document, sheet_name, caption, wanted):
    """Click the button with the mouse, and wait for the file that is wanted, or for findings where it is empty."""
    press(document, sheet_name, caption)
    deadline = time.time() + 60
    while time.time() < deadline and not (Path(wanted).exists() if wanted else listed(document)):
        time.sleep(0.1)
    # The file or the first finding is not the last thing that the macro does.
    known = None
    while time.time() < deadline and (now := contents(document)) != known:
        known = now
        time.sleep(2)


def press(document, sheet_name, caption):
    """Click the button with the mouse."""
    controller = document.CurrentController
    sheet = document.Sheets.getByName(sheet_name)
    page = sheet.DrawPage
    controls = [page.getByIndex(index).Control for index in range(page.Count)]
    model = next(control for control in controls if control.Label == caption)
    place = controller.getControl(model).AccessibleContext
    corner, size = place.getLocationOnScreen(), place.getSize()
    x, y = corner.X + size.Width // 2, corner.Y + size.Height // 2
    subprocess.run(["xdotool", "mousemove", str(x), str(y), "sleep", "0.3", "click", "1"], check=True)


def answer_box(title, text=""):
    """Press Return in a box, typing a text before. There is no window manager, so it is given the keyboard first."""
    found = ["xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowfocus", "--sync", "sleep", "1"]
    typed = ["key", "ctrl+a", "type", "--delay", "30", text] if text else []
    subprocess.run([*found, *typed], check=True)
    subprocess.run(["xdotool", "sleep", "0.5", "key", "Return", "sleep", "1"], check=True)


def wait_for(wanted):
    """Wait until there is a file."""
    deadline = time.time() + 60
    while time.time() < deadline and not Path(wanted).exists():
        time.sleep(0.1)


def contents(document):
    """Return the contents of every cell: formulas, and texts as they were typed."""
    found = {}
    for sheet in document.Sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        cursor.gotoStartOfUsedArea(True)
        first = cursor.RangeAddress
        for row, line in enumerate(cursor.FormulaArray, first.StartRow):
            for column, text in enumerate(line, first.StartColumn):
                if text:
                    found[sheet.Name, column, row] = text
    return found


def listed(document):
    """Return the rows of the list of findings, or of the table of results, that are not blank, as they are shown."""
    name = "findings" if document.NamedRanges.hasByName("findings") else "told.results"
    cells = document.NamedRanges.getByName(name).ReferredCells
    # Every cell that is asked for what it shows is a journey of its own.
    filled = [row for row, contents in enumerate(cells.FormulaArray) if any(contents)]
    return [[cells.getCellByPosition(column, row).String for column in range(cells.Columns.Count)] for row in filled]


def told(document):
    """Return what stands in the first cells of the names told.*, as it is shown."""
    names = [name for name in document.NamedRanges.ElementNames if name.startswith("told.")]
    cells = {name: document.NamedRanges.getByName(name).ReferredCells for name in names}
    return {name.partition(".")[2]: found.getCellByPosition(0, 0).String for name, found in cells.items()}


def described(document, before):
    """Return what there is to see: findings, marks, cursor, what changed and whether it was locked."""
    after = contents(document)
    changed = {}
    for key in sorted(set(before) | set(after)):
        if before.get(key) != after.get(key):
            sheet, column, row = key
            cell = document.Sheets.getByName(sheet).getCellByPosition(column, row)
            changed[cell.AbsoluteName.replace("$", "")] = cell.CellProtection.IsLocked
    marks = {}
    for sheet in document.Sheets:
        if sheet.NamedRanges.hasByName("findings.here"):
            cells = sheet.NamedRanges.getByName("findings.here").ReferredCells
            marks[sheet.Name] = cells.getCellByPosition(0, 0).String
    return {
        "findings": listed(document),
        "told": told(document),
        "marks": {name: text for name, text in marks.items() if text},
        "selection": document.CurrentSelection.AbsoluteName.replace("$", ""),
        "changed": changed,
        "protected": [sheet.Name for sheet in document.Sheets if sheet.isProtected()],
        "sheets": list(document.Sheets.ElementNames),
        "modules": modules(document),
    }


def modules(document):
    library = document.BasicLibraries.getByName("VBAProject")
    return {name: library.getByName(name) for name in library.ElementNames}


def serve(office):
    """Answer the tasks from standard input."""
    try:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(office.run(json.loads(line))) + "\n")
            sys.stdout.flush()
    finally:
        office.close()


if __name__ == "__main__":
    serve(Office(sys.argv[1], "window" in sys.argv[2:]))
