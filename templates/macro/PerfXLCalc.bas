Attribute VB_Name = "PerfXLCalc"

' What LibreOffice needs and Excel does not. There is no Option Explicit here: ThisComponent exists in LibreOffice alone,
' and Excel takes it for a variable that nobody has set.

' Returns whether LibreOffice runs this macro.
Public Function InCalc() As Boolean
    InCalc = Not IsEmpty(ThisComponent)
End Function

' Saves the form without a question. Workbook.Save would ask whether to keep the format of Excel, and do nothing where
' nobody can answer; SaveAs would silently write an .xls.
Public Sub StoreInCalc()
    On Error Resume Next
    ThisComponent.store
End Sub

' Opens a file as a click on it would. Workbook.FollowHyperlink does not exist here; GetProcessServiceManager exists here
' alone, and Excel takes it for a variable that nobody has set.
Public Sub OpenInCalc(path As String)
    Dim opener
    Dim files
    Set opener = GetProcessServiceManager.createInstance("com.sun.star.system.SystemShellExecute")
    Set files = GetProcessServiceManager.createInstance("com.sun.star.ucb.FileContentProvider")
    opener.execute files.getFileURLFromSystemPath("", path), "", 0
End Sub
