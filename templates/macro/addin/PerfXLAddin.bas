Attribute VB_Name = "PerfXLAddin"
Option Explicit

' The ribbon of the add-in. Its buttons do with the workbook in front what the buttons of a form with macros do, and
' one thing more: open the document that was made last.

Private Const NAME_TYPE As String = "perfxl.type"

' ---- What the ribbon calls ----

Public Sub RibbonCheck(control As Object)
    If IsForm() Then CheckWorkbook
End Sub

Public Sub RibbonReport(control As Object)
    If IsForm() Then GenerateWordReport
End Sub

Public Sub RibbonOpen(control As Object)
    If IsForm() Then OpenReport
End Sub

Public Sub RibbonMend(control As Object)
    If IsForm() Then MendWorkbook
End Sub

Public Sub RibbonTakeBack(control As Object)
    If IsForm() Then TakeBackChanges
End Sub

Public Sub RibbonAdd(control As Object)
    If IsForm() Then AddItem
End Sub

' Returns whether the workbook in front is a form, and says so where it is not.
Private Function IsForm() As Boolean
    Dim declared As String
    On Error Resume Next
    declared = Form().Names(NAME_TYPE).RefersTo
    On Error GoTo 0
    IsForm = (declared <> "")
    If Not IsForm Then Complain Phrase("no_form"), ""
End Function

' ---- The document ----

' Opens the document beside the form.
Public Sub OpenReport()
    Dim report As String
    Dim trouble As String
    report = FormPath()
    report = Left(report, InStrRev(report, ".")) & "docx"
    trouble = "no_report"
    If Exists(report) Then trouble = OpenFile(report)
    If trouble <> "" Then Complain Phrase(trouble), ""
End Sub
