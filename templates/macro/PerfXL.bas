Attribute VB_Name = "PerfXL"
Option Explicit

' The buttons of the form: save the workbook, have the perfxl program check it or write the Word document, show what it
' answers. No rule of the form is known here; what the answer holds is said in perfxl/interfaces/excel_button.py.

Private Const NAME_FINDINGS As String = "findings"     ' sheet, cell, what, how: a row for each finding
Private Const NAME_MARKS As String = "findings.here"   ' on every sheet: the cells to paint, as !D6,!F17,?H3,
Private Const SECONDS_TO_SAVE As Double = 10

' What the program answered.
Private status As String
Private message As String
Private document As String
Private shown As Boolean
Private goSheet As String
Private goCell As String
Private findings As Collection

Public Sub GenerateWordReport()
    PressButton ""
End Sub

Public Sub CheckWorkbook()
    PressButton " --check"
End Sub

' ---- The run ----

Private Sub PressButton(options As String)
    Dim trouble As String
    Dim answers As Collection
    On Error GoTo Failed
    ListenToEscape
    Set answers = New Collection
    Set findings = New Collection
    ClearFindings
    trouble = SaveForm()
    If trouble = "" Then trouble = AskProgram(options, 0, answers)
    If trouble = "" Then TakeAnswer answers
    If trouble = "" And Not shown Then ShowFindings
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
    Next
End Sub

' ---- Findings on the sheets ----

' Empties the cells that findings are written to. They are unlocked: nothing is ever unprotected.
Private Sub ClearFindings()
    Dim sheet As Object
    Dim marks As Object
    Dim list As Object
    Set list = Named(Form(), NAME_FINDINGS)
    If Not list Is Nothing Then
        ' Clearing nothing would still mark the workbook as changed.
        If Application.WorksheetFunction.CountA(list) > 0 Then list.ClearContents
    End If
    For Each sheet In Form().Worksheets
        Set marks = MarksOf(sheet)
        If Not marks Is Nothing Then
            If marks.Value <> "" Then marks.ClearContents
        End If
    Next
End Sub

' Lists every finding, marks its cell for painting, and puts the cursor where the program says.
Private Sub ShowFindings()
    Dim list As Object
    Dim finding As Variant
    Dim row As Long
    Set list = Named(Form(), NAME_FINDINGS)
    ' The first row is left to the sentence that says what went wrong, see Complain.
    If status = "trouble" Then row = 1
    For Each finding In findings
        row = row + 1
        If Not list Is Nothing Then ListFinding list, row, finding
    Next
    MarkCells
    If goSheet <> "" Then
        Form().Worksheets(goSheet).Activate
        Form().Worksheets(goSheet).Range(goCell).Select
    ElseIf status <> "done" And Not list Is Nothing Then
        list.Worksheet.Activate
        list.Cells(1, 1).Select
    End If
End Sub

Private Sub ListFinding(list As Object, row As Long, finding As Variant)
    Dim sheet As String
    Dim cell As String
    If row > list.Rows.Count Then
        ' The cells themselves are painted all the same.
        PutText list.Cells(list.Rows.Count, 1), ""
        PutText list.Cells(list.Rows.Count, 2), ""
        PutText list.Cells(list.Rows.Count, 3), Replace(Phrase("more"), "{count}", CStr(findings.Count))
        PutText list.Cells(list.Rows.Count, 4), ""
        Exit Sub
    End If
    sheet = Unescaped(CStr(finding(1)))
    cell = finding(2)
    PutText list.Cells(row, 1), sheet
    If sheet <> "" And cell <> "" Then
        list.Cells(row, 2).Formula = "=HYPERLINK(""#'" & Replace(Replace(sheet, "'", "''"), """", """""") & "'!" & cell & """,""" & cell & """)"
    End If
    PutText list.Cells(row, 3), Unescaped(CStr(finding(4)))
    PutText list.Cells(row, 4), Unescaped(CStr(finding(5)))
End Sub

' Writes the wrong cells of each sheet into its unlocked cell findings.here, on which its conditional formats depend.
Private Sub MarkCells()
    Dim sheet As Object
    Dim marks As Object
    Dim finding As Variant
    Dim text As String
    For Each sheet In Form().Worksheets
        Set marks = MarksOf(sheet)
        If Not marks Is Nothing Then
            text = ""
            For Each finding In findings
                If finding(2) <> "" And Unescaped(CStr(finding(1))) = sheet.Name Then
                    text = text & IIf(finding(3) = "error", "!", "?") & finding(2) & ","
                End If
            Next
            If text <> "" Then marks.Value = text
        End If
    Next
End Sub

' Returns the cell of a sheet that says what to paint, or Nothing. LibreOffice knows no RefersToRange for a name that
' belongs to one sheet.
Private Function MarksOf(sheet As Object) As Object
    Dim parts As Variant
    On Error Resume Next
    parts = Split(sheet.Names(NAME_MARKS).RefersTo, "!")
    Set MarksOf = sheet.Range(parts(UBound(parts)))
End Function

' ---- What people see ----

' Says what went wrong, and leaves it on the sheet of findings, so that it can still be read afterwards. Offers to open
' a file that helps, where one is given.
Public Sub Complain(sentence As String, help As String)
    Dim list As Object
    Set list = Named(Form(), NAME_FINDINGS)
    If Not list Is Nothing Then
        If list.Cells(1, 3).Value = "" Then PutText list.Cells(1, 3), sentence
    End If
    Tell sentence, help, 48
End Sub

