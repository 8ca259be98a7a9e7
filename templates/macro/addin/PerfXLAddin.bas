Attribute VB_Name = "PerfXLAddin"
Option Explicit

' The ribbon of the add-in. Its buttons do with the workbook in front what the buttons of a form with macros do, and
' two things more: open the document that was made last, and add a sheet for one more item (a project).
'
' No rule of the form is known here: a sheet for an item is one to which names of inputs belong, as the form says.

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

' ---- One more item ----

' Copies the sheet in front, or the last one for an item where that is none; empties the copy and goes to its first input.
' The copy has all that the sheet has: names, lists, checks, protection.
Public Sub AddItem()
    Dim source As Object
    Dim made As Object
    On Error GoTo Failed
    Set source = ItemSheet()
    If source Is Nothing Then
        Complain Phrase("no_item"), ""
        Exit Sub
    End If
    source.Copy , source
    Set made = Form().Sheets(source.Index + 1)
    made.Name = NextName(source.Name)
    EmptyInputs made
    made.Activate
    GoToFirst made
    Exit Sub
Failed:
    Complain Fault(Err.Number, Err.Description), ""
End Sub

' Returns the sheet to copy, or Nothing.
Private Function ItemSheet() As Object
    Dim sheet As Object
    If UBound(InputsOf(Form().ActiveSheet)) >= 0 Then
        Set ItemSheet = Form().ActiveSheet
        Exit Function
    End If
    For Each sheet In Form().Worksheets
        If UBound(InputsOf(sheet)) >= 0 Then Set ItemSheet = sheet
    Next
End Function

' Returns the addresses of the inputs whose names belong to the sheet. Names of the program and of Excel are none.
Private Function InputsOf(sheet As Object) As Variant
    Dim entry As Object
    Dim parts As Variant
    Dim name As String
    Dim found As String
    On Error Resume Next
    For Each entry In sheet.Names
        parts = Split(entry.Name, "!")
        name = parts(UBound(parts))
        If InStr(name, ".") > 0 And Left(name, 7) <> "perfxl." And Left(name, 9) <> "findings." And Left(name, 6) <> "_xlnm." Then
            parts = Split(entry.RefersTo, "!")
            found = found & IIf(found = "", "", vbTab) & parts(UBound(parts))
        End If
    Next
    InputsOf = Split(found, vbTab)
End Function

' Returns the name of the sheet with the next number that no sheet has.
Private Function NextName(name As String) As String
    Dim stem As String
    Dim number As Long
    stem = name
    Do While Len(stem) > 1 And InStr("0123456789", Right(stem, 1)) > 0
        stem = Left(stem, Len(stem) - 1)
    Loop
    number = 1
    Do While HasSheet(stem & number)
        number = number + 1
    Loop
    NextName = stem & number
End Function

Private Function HasSheet(name As String) As Boolean
    Dim sheet As Object
    For Each sheet In Form().Sheets
        If LCase(sheet.Name) = LCase(name) Then HasSheet = True
    Next
End Function

' Empties the inputs. They are unlocked: nothing is ever unprotected.
Private Sub EmptyInputs(sheet As Object)
    Dim address As Variant
    For Each address In InputsOf(sheet)
        EmptyInput sheet.Range(address)
    Next
End Sub

' Empties the cells of an input. Where others of them follow from a formula, one that was typed over gets it back.
Private Sub EmptyInput(cells As Object)
    Dim cell As Object
    Dim follows As String
    For Each cell In cells.Cells
        If cell.HasFormula And follows = "" Then follows = cell.FormulaR1C1
    Next
    For Each cell In cells.Cells
        If Not cell.Locked And Not cell.HasFormula Then
            If follows <> "" Then
                cell.FormulaR1C1 = follows
            ElseIf cell.Formula <> "" Then
                cell.MergeArea.ClearContents
            End If
        End If
    Next
End Sub

' Puts the cursor on the uppermost input, the leftmost of them in its row.
Private Sub GoToFirst(sheet As Object)
    Dim address As Variant
    Dim cell As Object
    Dim first As Object
    For Each address In InputsOf(sheet)
        Set cell = sheet.Range(address).Cells(1, 1)
        If first Is Nothing Then
            Set first = cell
        ElseIf cell.Row < first.Row Or (cell.Row = first.Row And cell.Column < first.Column) Then
            Set first = cell
        End If
    Next
    If Not first Is Nothing Then first.Select
End Sub
