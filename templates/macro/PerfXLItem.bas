Attribute VB_Name = "PerfXLItem"
Option Explicit

' One more item (a project): a copy of a sheet of its kind, emptied, and told on the sheet of findings.
'
' No rule of the form is known here: a sheet for an item is one to which names of inputs belong, as the form says.

Private Const NAME_ADDED As String = "findings.added"   ' sheet, link, what is to do, title, how much: a row for each

' Copies the last sheet for an item and puts the copy behind it; empties the copy and goes to its first input. The copy
' has all that the sheet has: names, lists, checks, protection.
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
    ClearMarks made
    ListAdded made
    made.Activate
    GoToFirst made
    Exit Sub
Failed:
    Complain Fault(Err.Number, Err.Description), ""
End Sub

' Returns the sheet to copy, or Nothing.
Private Function ItemSheet() As Object
    Dim sheet As Object
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

' Writes the new sheet into the first row of the overview that is free: formulas, which follow it when it is renamed.
Private Sub ListAdded(made As Object)
    Dim list As Object
    Dim row As Long
    Set list = Named(Form(), NAME_ADDED)
    If list Is Nothing Then Exit Sub
    For row = 1 To list.Rows.Count
        If list.Cells(row, 1).Formula = "" Then
            PutText list.Cells(row, 1), made.Name
            list.Cells(row, 2).Formula = LinkTo(made.Name, "A1", Phrase("go_there"))
            list.Cells(row, 3).Formula = "=IFERROR(""""&" & PlaceOf(made, "findings.status") & ","""")"
            list.Cells(row, 4).Formula = "=IFERROR(""""&" & PlaceOf(made, "findings.title") & ",""" & Phrase("removed") & """)"
            list.Cells(row, 5).Formula = "=IFERROR(0+" & PlaceOf(made, "findings.todo") & ",0)"
            list.Rows(row).EntireRow.Hidden = False
            Exit Sub
        End If
    Next
End Sub

' Returns the cell that a name means on a sheet, as a formula on another sheet calls it.
Private Function PlaceOf(sheet As Object, name As String) As String
    Dim parts As Variant
    PlaceOf = """"""
    On Error Resume Next
    parts = Split(sheet.Names(name).RefersTo, "!")
    PlaceOf = "'" & Replace(sheet.Name, "'", "''") & "'!" & parts(UBound(parts))
End Function
