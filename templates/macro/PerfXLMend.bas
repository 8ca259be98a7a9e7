Attribute VB_Name = "PerfXLMend"
Option Explicit

' Repairs in the cells themselves: what the program offers is put into unlocked cells, what stood there before is kept on
' the sheet of findings, and it can be put back.

Private Const NAME_BEFORE As String = "findings.before"   ' sheet, cell, kind, before, after: a row for each change

' Makes the changes that the program answered: sheet, cell, kind, value. A locked cell is never written to.
Public Sub MakeChanges(changes As Collection)
    Dim entry As Variant
    Dim memory As Object
    Dim target As Object
    Dim row As Long
    Set memory = Named(Form(), NAME_BEFORE)
    If memory Is Nothing Then Exit Sub
    memory.ClearContents
    For Each entry In changes
        Set target = Form().Worksheets(Unescaped(CStr(entry(1)))).Range(entry(2)).Cells(1, 1)
        If Not target.Locked And row < memory.Rows.Count Then
            row = row + 1
            memory.Cells(row, 1).Value = target.Worksheet.Name
            memory.Cells(row, 2).Value = CStr(entry(2))
            KeepContent memory, row, target
            PutContent target, CStr(entry(3)), Unescaped(CStr(entry(4)))
            memory.Cells(row, 5).Value = ContentOf(target)
        End If
    Next
End Sub

' Puts back what stood in the cells before, where nobody has written anything else since.
Public Sub TakeBackChanges()
    Dim memory As Object
    Dim target As Object
    Dim row As Long
    Dim count As Long
    Dim trouble As String
    On Error GoTo Failed
    Set memory = Named(Form(), NAME_BEFORE)
    If Not memory Is Nothing Then
        For row = 1 To memory.Rows.Count
            If memory.Cells(row, 1).Value = "" Then Exit For
            Set target = Form().Worksheets(CStr(memory.Cells(row, 1).Value)).Range(CStr(memory.Cells(row, 2).Value)).Cells(1, 1)
            If ContentOf(target) = CStr(memory.Cells(row, 5).Value) And Not target.Locked Then
                PutContent target, CStr(memory.Cells(row, 3).Value), CStr(memory.Cells(row, 4).Value)
                count = count + 1
            End If
        Next
        If row > 1 Then memory.ClearContents
    End If
    If count = 0 Then
        Complain Phrase("nothing_to_take_back"), ""
    Else
        ClearFindings
        Tell Replace(Phrase("taken_back"), "{count}", CStr(count)), "", 64
    End If
    Exit Sub
Failed:
    trouble = Fault(Err.Number, Err.Description)
    Complain trouble, ""
End Sub

' Keeps the content of a cell: f for a formula, n for a number, t for a text, b for nothing.
Private Sub KeepContent(memory As Object, row As Long, target As Object)
    Dim held As Variant
    held = target.Value
    If target.HasFormula Then
        memory.Cells(row, 3).Value = "f"
        memory.Cells(row, 4).Value = target.Formula
    ElseIf ContentOf(target) = "" Then
        memory.Cells(row, 3).Value = "b"
    Else
        memory.Cells(row, 3).Value = IIf(VarType(held) = 8, "t", "n")
        memory.Cells(row, 4).Value = ContentOf(target)
    End If
End Sub

Private Sub PutContent(target As Object, kind As String, text As String)
    If kind = "b" Then
        target.MergeArea.ClearContents
    ElseIf kind = "f" Then
        target.Formula = text
    ElseIf kind = "n" Then
        target.Value = Val(text)
    ElseIf target.NumberFormat = "@" Then
        target.Value = text
    Else
        PutText target, text
    End If
End Sub
