Attribute VB_Name = "PerfXLConsole"
Option Explicit

' The buttons of the console: have the perfxl program make the documents of a whole folder, show what became of each.
'
' What is typed stands in the cells of the names asked.*, and goes to the program as it is; what the program answers goes
' into those of the names told.* (see perfxl/interfaces/batch_console.py). The console need not be saved, and is not changed elsewhere.

Private Const ASKED As String = "asked."
Private Const TOLD As String = "told."
Private Const NAME_SENTENCE As String = "told.sentence"
Private Const NAME_SUMMARY As String = "told.summary"
Private Const NAME_RESULTS As String = "told.results"
Private Const SECONDS_IN_ALL As Double = 14400
Private Const NO_DIALOG As String = "?"

' ---- What the buttons do ----

Public Sub ChooseFolder()
    Choose "asked.folder"
End Sub

Public Sub ChooseOutput()
    Choose "asked.output"
End Sub

Public Sub GenerateAll()
    Dim trouble As String
    Dim answers As Collection
    On Error GoTo Failed
    ListenToEscape
    Set answers = New Collection
    ClearAnswer
    trouble = AskProgram(" --console" & Inputs(), SECONDS_IN_ALL, answers)
    If trouble <> "" Then
        EndStatusLine
        Complain Explained(trouble), PageFor(trouble)
    Else
        ShowAnswer answers
    End If
    Exit Sub
Failed:
    trouble = Fault(Err.Number, Err.Description)
    ShowChanges True
    EndStatusLine
    Complain trouble, ""
End Sub

Public Sub OpenSummary()
    Dim summary As String
    Dim trouble As String
    On Error GoTo Failed
    summary = CStr(Named(Form(), NAME_SUMMARY).Cells(1, 1).Value)
    trouble = "no_summary"
    If summary <> "" Then
        If Exists(summary) Then trouble = OpenFile(summary)
    End If
    If trouble <> "" Then Complain Phrase(trouble), ""
    Exit Sub
Failed:
    Complain Fault(Err.Number, Err.Description), ""
End Sub

' ---- Folders ----

' Lets people choose a folder for a cell, or says that it has to be typed.
Private Sub Choose(name As String)
    Dim place As Object
    Dim picked As String
    On Error GoTo Failed
    Set place = Named(Form(), name)
    picked = PickedFolder(CStr(place.Cells(1, 1).Value))
    If picked = NO_DIALOG Then
        place.Worksheet.Activate
        place.Cells(1, 1).Select
        Complain Phrase("no_dialog"), ""
    ElseIf picked <> "" Then
        PutText place.Cells(1, 1), picked
    End If
    Exit Sub
Failed:
    Complain Fault(Err.Number, Err.Description), ""
End Sub

' Returns the folder that somebody picks, nothing where they think better of it, NO_DIALOG where there is no dialog.
Private Function PickedFolder(first As String) As String
    Dim box As Object
    PickedFolder = NO_DIALOG
    If Quiet() Then Exit Function
    On Error Resume Next
    If InCalc() Then
        PickedFolder = PickInCalc(NO_DIALOG)
        Exit Function
    End If
    ' 4: folders. Excel for Macintosh has no such dialog.
    Set box = Application.FileDialog(4)
    If box Is Nothing Then Exit Function
    box.Title = Phrase("choose")
    If first <> "" Then box.InitialFileName = first & Application.PathSeparator
    PickedFolder = ""
    If box.Show = -1 Then PickedFolder = box.SelectedItems(1)
End Function

' ---- What goes to the program ----

' Returns what is typed, as name:value for each cell of a name asked.*
Private Function Inputs() As String
    Dim entry As Object
    For Each entry In Form().Names
        If Left(entry.Name, Len(ASKED)) = ASKED Then
            Inputs = Inputs & " " & Mid(entry.Name, Len(ASKED) + 1) & ":"
            Inputs = Inputs & Escaped(CStr(Named(Form(), entry.Name).Cells(1, 1).Value))
        End If
    Next
End Function

' ---- What comes from the program ----

' Empties the cells of the names told.*
Private Sub ClearAnswer()
    Dim entry As Object
    Dim cells As Object
    For Each entry In Form().Names
        If Left(entry.Name, Len(TOLD)) = TOLD Then
            Set cells = Named(Form(), entry.Name)
            If Application.WorksheetFunction.CountA(cells) > 0 Then cells.ClearContents
        End If
    Next
End Sub

' Writes the answer into the cells, then says what it says.
Private Sub ShowAnswer(answers As Collection)
    Dim words As Variant
    Dim status As String
    Dim message As String
    Dim trouble As String
    Dim results As Object
    Dim row As Long
    Set results = Named(Form(), NAME_RESULTS)
    ShowChanges False
    For Each words In answers
        If words(0) = "put" Then
            PutWord Named(Form(), TOLD & words(1)).Cells(1, 1), CStr(words(2))
        ElseIf words(0) = "row" Then
            row = row + 1
            PutRow results, row, words
        End If
    Next
    ShowChanges True
    EndStatusLine
    status = Answered(answers, "status")
    message = Answered(answers, "message")
    If status = "trouble" Then
        Complain message, ""
    Else
        PutText Named(Form(), NAME_SENTENCE).Cells(1, 1), message
        trouble = Tell(message, Answered(answers, "document"), IIf(status = "done", 64, 48))
        If trouble <> "" Then Complain Phrase(trouble), ""
    End If
End Sub

Private Sub PutRow(results As Object, row As Long, words As Variant)
    Dim column As Long
    For column = 1 To results.Columns.Count
        PutWord results.Cells(row, column), CStr(words(column))
    Next
End Sub

' Writes a word of the program: its first sign says whether it is a formula (=), a number (#) or a text.
Private Sub PutWord(cell As Object, word As String)
    If Left(word, 1) = "=" Then
        cell.Formula = Unescaped(word)
    ElseIf Left(word, 1) = "#" Then
        cell.Value = Val(Mid(word, 2))
    ElseIf word <> "" Then
        PutText cell, Unescaped(Mid(word, 2))
    End If
End Sub

' Excel is many times as fast while it shows nothing.
Private Sub ShowChanges(shown As Boolean)
    On Error Resume Next
    Application.ScreenUpdating = shown
End Sub

' Says what went wrong, and leaves it on the sheet. Offers to open a file that helps, unless `help` is
' empty: LibreOffice takes no default for an optional text.
Private Sub Complain(sentence As String, help As String)
    PutText Named(Form(), NAME_SENTENCE).Cells(1, 1), sentence
    Tell sentence, help, 48
End Sub
