Attribute VB_Name = "PerfXL"
Option Explicit

' The buttons of the form: save the workbook, have the perfxl program check it, mend it or write the Word document, show
' what it answers. No rule of the form is known here; what the answer holds is said in perfxl/interfaces/excel_button.py.

Private Const NAME_FINDINGS As String = "findings"     ' sheet, cells, what, how, more cells: a row for each slip
Private Const NAME_SAID As String = "findings.said"    ' what the check said in a sentence
Private Const NAME_MARKS As String = "findings.here"   ' on every sheet: the cells to paint, as !D6,?F17,~H3,
Private Const NAME_THEN As String = "findings.then"    ' on every sheet: what those cells held, as |D6:4:text|
Private Const THEN_LENGTH As Long = 20
Private Const SECONDS_TO_SAVE As Double = 10

' What the program answered.
Private status As String
Private message As String
Private document As String
Private shown As Boolean
Private goSheet As String
Private goCell As String
Private findings As Collection
Private listing As Collection
Private changes As Collection

Public Sub GenerateWordReport()
    PressButton ""
End Sub

Public Sub CheckWorkbook()
    PressButton " --check"
End Sub

Public Sub MendWorkbook()
    PressButton " --fix"
End Sub

' ---- The run ----

Private Sub PressButton(options As String)
    Dim trouble As String
    Dim answers As Collection
    On Error GoTo Failed
    ListenToEscape
    Set answers = New Collection
    Set findings = New Collection
    Set listing = New Collection
    Set changes = New Collection
    ClearFindings
    trouble = SaveForm()
    If trouble = "" Then trouble = AskProgram(options, 0, answers)
    If trouble = "" Then TakeAnswer answers
    If trouble = "" And changes.Count > 0 Then MakeChanges changes
    If trouble = "" Then ShowFindings
    EndStatusLine
    If trouble <> "" Then
        Complain Explained(trouble), PageFor(trouble)
    ElseIf status = "trouble" Then
        Complain message, ""
    Else
        trouble = Tell(message, document, IIf(findings.Count > 0, 48, 64))
        If trouble <> "" Then Complain Phrase(trouble), ""
    End If
    Exit Sub
Failed:
    trouble = Fault(Err.Number, Err.Description)
    EndStatusLine
    Complain trouble, ""
End Sub

' Saves the form where it is. Returns the key of a text where that is not possible.
Private Function SaveForm() As String
    Dim began As Double
    If Form().Path = "" Then
        SaveForm = "unsaved"
    ElseIf InStr(Form().Path, "://") > 0 Then
        SaveForm = "cloud"
    ElseIf Not Form().Saved Then
        SetStatusLine Phrase("saving")
        If InCalc() Then
            StoreInCalc
        ElseIf Not IsReadOnly() Then
            Form().Save
        End If
        began = Timer
        Do While Not Form().Saved
            If SecondsSince(began) > SECONDS_TO_SAVE Or IsReadOnly() Then
                SaveForm = "not_saved"
                Exit Function
            End If
            DoEvents
        Loop
    End If
End Function

' Excel would answer Save with a question about another name. LibreOffice does not know the property.
Private Function IsReadOnly() As Boolean
    On Error Resume Next
    IsReadOnly = Form().ReadOnly
End Function

' ---- The answer ----

' Takes the answer into the variables above.
Private Sub TakeAnswer(answers As Collection)
    Dim words As Variant
    status = Answered(answers, "status")
    message = Answered(answers, "message")
    document = Answered(answers, "document")
    shown = (Answered(answers, "shown") = "1")
    goSheet = Answered(answers, "go")
    For Each words In answers
        If words(0) = "go" Then goCell = words(2)
        If words(0) = "finding" Then findings.Add words
        If words(0) = "row" Then listing.Add words
        If words(0) = "change" Then changes.Add words
    Next
End Sub

' ---- Findings on the sheets ----

' Empties the cells that findings are written to. They are unlocked: nothing is ever unprotected.
Public Sub ClearFindings()
    Dim sheet As Object
    Dim list As Object
    Set list = Named(Form(), NAME_FINDINGS)
    If Not list Is Nothing Then
        ' Clearing nothing would still mark the workbook as changed.
        If Application.WorksheetFunction.CountA(list) > 0 Then
            list.ClearContents
            HideRows list, 1
        End If
    End If
    PutInto Named(Form(), NAME_SAID), ""
    For Each sheet In Form().Worksheets
        ClearMarks sheet
    Next
End Sub

' Takes the colours of the last check from a sheet.
Public Sub ClearMarks(sheet As Object)
    PutInto CellOf(sheet, NAME_MARKS), ""
    PutInto CellOf(sheet, NAME_THEN), ""
End Sub

' Writes a text into a cell, if there is one, and if it holds another.
Private Sub PutInto(cell As Object, text As String)
    If cell Is Nothing Then Exit Sub
    If cell.Cells(1, 1).Value = text Then Exit Sub
    If text = "" Then
        cell.ClearContents
    Else
        cell.Cells(1, 1).Value = text
    End If
End Sub

' Lists what was found, marks the cells for painting, and puts the cursor where the program says. What the program has
' shown by itself stays as it is.
Private Sub ShowFindings()
    Dim list As Object
    Dim entry As Variant
    Dim row As Long
    Set list = Named(Form(), NAME_FINDINGS)
    ' The first row is left to the sentence that says what went wrong, see Complain.
    If status = "trouble" Then row = 1
    For Each entry In listing
        row = row + 1
        If Not list Is Nothing And Not shown Then ListSlip list, row, entry
    Next
    If Not list Is Nothing Then ShowRows list, row
    If row > 0 Then PutInto Named(Form(), NAME_SAID), CStr(Split(message, vbLf)(0))
    If Not shown Then MarkCells
    RememberCells
    If shown Then Exit Sub
    If goSheet <> "" Then
        Form().Worksheets(goSheet).Activate
        Form().Worksheets(goSheet).Range(goCell).Select
    ElseIf status <> "done" And Not list Is Nothing Then
        list.Worksheet.Activate
        list.Cells(1, 1).Select
    End If
End Sub

' Writes a slip into its row: the sheet, links to its cells, what it is and what to do.
Private Sub ListSlip(list As Object, row As Long, entry As Variant)
    Dim sheet As String
    Dim places As Variant
    Dim index As Long
    Dim column As Long
    If row > list.Rows.Count Then
        ' The cells themselves are painted all the same.
        list.Rows(list.Rows.Count).ClearContents
        PutText list.Cells(list.Rows.Count, 3), Replace(Phrase("more"), "{count}", CStr(findings.Count))
        Exit Sub
    End If
    sheet = Unescaped(CStr(entry(1)))
    places = Split(entry(2), " ")
    PutText list.Cells(row, 1), sheet
    For index = 0 To UBound(places)
        column = IIf(index = 0, 2, index + 4)
        If column <= list.Columns.Count Then list.Cells(row, column).Formula = LinkTo(sheet, CStr(places(index)), CStr(places(index)))
    Next
    PutText list.Cells(row, 3), Unescaped(CStr(entry(3)))
    PutText list.Cells(row, 4), Unescaped(CStr(entry(4)))
End Sub

' Returns the formula of a link to cells, which shows a text.
Public Function LinkTo(sheet As String, cells As String, text As String) As String
    LinkTo = "=HYPERLINK(""#'" & Replace(Replace(sheet, "'", "''"), """", """""") & "'!" & cells & """,""" & text & """)"
End Function

' Shows the first rows of a list and hides the rest. A protected sheet allows it, because rows may be formatted.
Private Sub ShowRows(list As Object, count As Long)
    Dim last As Long
    On Error Resume Next
    last = IIf(count > list.Rows.Count, list.Rows.Count, count)
    If last = 0 Then Exit Sub
    With list.Worksheet.Range(list.Cells(1, 1), list.Cells(last, 1)).EntireRow
        .Hidden = False
        .AutoFit
    End With
    HideRows list, last + 1
End Sub

Private Sub HideRows(list As Object, first As Long)
    On Error Resume Next
    ' A form of earlier versions has its list at the end, and in sight.
    If list.Columns.Count < 5 Or first > list.Rows.Count Then Exit Sub
    list.Worksheet.Range(list.Cells(first, 1), list.Cells(list.Rows.Count, 1)).EntireRow.Hidden = True
End Sub

' Writes the cells of each sheet that have findings into its unlocked cell findings.here, by which they are painted.
Private Sub MarkCells()
    Dim sheet As Object
    Dim finding As Variant
    Dim text As String
    For Each sheet In Form().Worksheets
        text = ""
        For Each finding In findings
            If finding(2) <> "" And Unescaped(CStr(finding(1))) = sheet.Name Then
                text = text & SignOf(CStr(finding(3))) & finding(2) & ","
            End If
        Next
        If text <> "" Then PutInto CellOf(sheet, NAME_MARKS), text
    Next
End Sub

Private Function SignOf(severity As String) As String
    SignOf = "~"
    If severity = "error" Then SignOf = "!"
    If severity = "warning" Then SignOf = "?"
    If severity = "mended" Then SignOf = "+"
End Function

' Writes down what the marked cells hold, so that one that is mended loses its colour at once.
Private Sub RememberCells()
    Dim sheet As Object
    Dim place As Variant
    Dim then_ As Object
    Dim text As String
    For Each sheet In Form().Worksheets
        Set then_ = CellOf(sheet, NAME_THEN)
        If Not then_ Is Nothing Then
            text = ""
            For Each place In Split(CellOf(sheet, NAME_MARKS).Value, ",")
                If place <> "" Then text = text & Remembered(sheet.Range(Mid(place, 2)).Cells(1, 1), Mid(place, 2))
            Next
            ' A cell holds 32,767 characters; without all of them, the colours stay until the next check.
            If text <> "" And Len(text) < 32000 Then PutInto then_, "|" & text
        End If
    Next
End Sub

Private Function Remembered(cell As Object, address As String) As String
    Dim held As String
    held = ContentOf(cell)
    Remembered = address & ":" & Len(held) & ":" & Left(held, THEN_LENGTH) & "|"
End Function

' Returns what a cell holds, as a formula of the sheet would turn it into a text.
Public Function ContentOf(cell As Object) As String
    Dim held As Variant
    On Error Resume Next
    held = cell.Value
    If VarType(held) = 7 Then held = CDbl(held)
    ContentOf = CStr(held)
End Function

' Returns the cell that a name means on a sheet, or Nothing. LibreOffice knows no RefersToRange for a name that belongs
' to one sheet.
Private Function CellOf(sheet As Object, name As String) As Object
    Dim parts As Variant
    On Error Resume Next
    parts = Split(sheet.Names(name).RefersTo, "!")
    Set CellOf = sheet.Range(parts(UBound(parts)))
End Function

' ---- What people see ----

' Says what went wrong, and leaves it on the sheet of findings, so that it can still be read afterwards. Offers to open
' a file that helps, where one is given.
Public Sub Complain(sentence As String, help As String)
    Dim list As Object
    Set list = Named(Form(), NAME_FINDINGS)
    If Not list Is Nothing Then
        If list.Cells(1, 3).Value = "" Then
            PutText list.Cells(1, 3), sentence
            If Application.WorksheetFunction.CountA(list) = 1 Then ShowRows list, 1
        End If
    End If
    Tell sentence, help, 48
End Sub

