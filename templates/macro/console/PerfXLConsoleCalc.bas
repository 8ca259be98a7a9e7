Attribute VB_Name = "PerfXLConsoleCalc"

' What LibreOffice needs and Excel does not. There is no Option Explicit here: GetProcessServiceManager exists in
' LibreOffice alone, and Excel takes it for a variable that nobody has set.

' Returns the folder that somebody picks, nothing where they think better of it, or the other word where there is no
' dialog.
Public Function PickInCalc(otherwise)
    Dim box
    Dim files
    PickInCalc = otherwise
    On Error Resume Next
    Set box = GetProcessServiceManager.createInstance("com.sun.star.ui.dialogs.FolderPicker")
    Set files = GetProcessServiceManager.createInstance("com.sun.star.ucb.FileContentProvider")
    PickInCalc = ""
    If box.execute() = 1 Then PickInCalc = files.getSystemPathFromFileURL(box.getDirectory())
End Function
