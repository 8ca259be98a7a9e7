Attribute VB_Name = "PerfXL"
Option Explicit

' The buttons of the form: save the workbook, start the perfxl program, show what it answers.
'
' No rule of the form is known here. The program reads the saved workbook, writes the Word document and answers in
' a small text file (see perfxl/click.py); this macro shows the answer. What people read comes from that file, or
' from the two columns of the name perfxl.texts in this workbook, so that the source stays ASCII.
'
' Written for Excel on Windows and for LibreOffice alike, which rules a few things out: no Declare, no #If, no early
' binding. In LibreOffice one line that does not compile silences every macro of the workbook.

Private Const PROTOCOL As String = "perfxl 1"
Private Const NAME_TEXTS As String = "perfxl.texts"
Private Const NAME_FINDINGS As String = "findings"     ' sheet, cell, what, how: a row for each finding
Private Const NAME_MARKS As String = "findings.here"   ' on every sheet: the cells to paint, as !D6,!F17,?H3,
Private Const SECONDS_TO_START As Double = 45
Private Const SECONDS_OF_SILENCE As Double = 30
Private Const SECONDS_IN_ALL As Double = 120
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
    Dim runner As String
    Dim number As Long
    Dim reason As String
    On Error GoTo Failed
    status = ""
    Set findings = New Collection
    ListenToEscape
    ClearFindings
    trouble = SaveForm()
    If trouble = "" Then
        runner = FindRunner()
        If runner = "" Then trouble = "no_program"
    End If
    If trouble = "" Then trouble = AskProgram(runner, options)
    If trouble = "" And Not shown Then ShowFindings
    EndStatusLine
    If trouble = "" Then
        Tell runner
    Else
        Complain Phrase(trouble)
    End If
    Exit Sub
Failed:
    ' Any call below may clear Err.
    number = Err.Number
    reason = Err.Description
    trouble = Phrase("failed") & " (" & number & " " & reason & ")"
    If number = 18 Then trouble = Phrase("stopped")
    EndStatusLine
    Complain trouble
End Sub

' Returns the workbook that the button is about: that of this macro, or the one in front where this is an add-in.
Public Function Form() As Object
    Dim found As Object
    Dim probe As String
    On Error Resume Next
    If Not ThisWorkbook.IsAddin Then Set found = ThisWorkbook
    probe = found.Name
    ' LibreOffice can lose ThisWorkbook once it has saved the file.
    If probe = "" Then Set found = ActiveWorkbook
    Set Form = found
End Function

' Returns the path of the form. LibreOffice has only the name in FullName.
Public Function FormPath() As String
    FormPath = Form().Path & Application.PathSeparator & Form().Name
End Function

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

' Starts the program and waits for its answer. Returns the key of a text where none came.
Private Function AskProgram(runner As String, options As String) As String
    Dim answer As String
    answer = TemporaryName()
    If Not Start(runner & " click " & Escaped(FormPath()) & " --result " & Escaped(answer) & options) Then
        AskProgram = "not_started"
        Exit Function
    End If
    AskProgram = WaitFor(answer)
    If AskProgram = "" Then AskProgram = ReadAnswer(answer)
    Remove answer
    Remove answer & ".alive"
End Function

Public Function Start(command As String) As Boolean
    Dim id As Variant
    On Error GoTo Refused
    id = Shell(command, 0)
    Start = True
Refused:
End Function

' Waits until the file is there. The program makes FILE.alive again and again while it works, and here it is removed
' as often: that tells a program at work from one that never started or was killed.
Private Function WaitFor(answer As String) As String
    Dim began As Double
    Dim heard As Double
    Dim started As Boolean
    Dim patience As Double
    ' PERFXL_TIMEOUT, in seconds, is for impatient people and for tests.
    patience = 1
    If Val(Environ("PERFXL_TIMEOUT")) > 0 Then patience = Val(Environ("PERFXL_TIMEOUT")) / SECONDS_IN_ALL
    began = Timer
    heard = began
    Do While Not Exists(answer)
        If Exists(answer & ".alive") Then
            Remove answer & ".alive"
            started = True
            heard = Timer
        End If
        If SecondsSince(began) > SECONDS_IN_ALL * patience Then WaitFor = "too_long"
        If started And SecondsSince(heard) > SECONDS_OF_SILENCE * patience Then WaitFor = "gone"
        If Not started And SecondsSince(began) > SECONDS_TO_START * patience Then WaitFor = "no_answer"
        If WaitFor <> "" Then Exit Function
        SetStatusLine Phrase("waiting") & " " & Int(SecondsSince(began)) & " s"
        Pause 0.05
    Loop
End Function

Private Sub Pause(seconds As Double)
    Dim began As Double
    began = Timer
    Do
        DoEvents
    Loop While SecondsSince(began) < seconds
End Sub

' Timer begins again at midnight.
Private Function SecondsSince(began As Double) As Double
    SecondsSince = Timer - began
    If SecondsSince < 0 Then SecondsSince = SecondsSince + 86400
End Function

' ---- The program ----

' Returns the program as a command, in quotes, or nothing where there is none.
Public Function FindRunner() As String
    Dim folder As Variant
    Dim found As String
    found = Environ("PERFXL_RUNNER")
    If found <> "" Then
        If Not Exists(found) Then found = ""
    Else
        For Each folder In Split(Folders(), vbTab)
            found = RunnerIn(CStr(folder))
            If found <> "" Then Exit For
        Next
    End If
    If found <> "" Then FindRunner = """" & found & """"
End Function

' Returns the folders to look in, the nearest first: beside the form, the user's own, those of pipx and uv, PATH.
Private Function Folders() As String
    Dim beside As String
    beside = Form().Path & Application.PathSeparator & "perfxl"
    If OnWindows() Then
        Folders = beside & vbTab & beside & "\Scripts" & vbTab & beside & "\.venv\Scripts"
        Folders = Folders & vbTab & Environ("LOCALAPPDATA") & "\perfxl"
        Folders = Folders & vbTab & Environ("LOCALAPPDATA") & "\perfxl\Scripts"
        Folders = Folders & vbTab & Environ("LOCALAPPDATA") & "\Programs\perfxl"
        Folders = Folders & vbTab & Environ("USERPROFILE") & "\.local\bin"
        Folders = Folders & vbTab & Replace(Environ("PATH"), ";", vbTab)
    Else
        Folders = beside & vbTab & beside & "/bin" & vbTab & beside & "/.venv/bin"
        Folders = Folders & vbTab & Environ("HOME") & "/.local/share/perfxl/bin"
        Folders = Folders & vbTab & Environ("HOME") & "/.local/bin"
        Folders = Folders & vbTab & Replace(Environ("PATH"), ":", vbTab)
    End If
End Function

' Returns the program in a folder. perfxlw is the one that opens no console window.
Private Function RunnerIn(folder As String) As String
    Dim program As Variant
    Dim programs As String
    programs = "perfxl"
    If OnWindows() Then programs = "perfxlw.exe perfxl.exe perfxl.cmd"
    ' A relative folder would depend on where Excel happens to stand.
    If Len(folder) < 2 Or (InStr(folder, ":") <> 2 And InStr("/\", Left(folder, 1)) = 0) Then Exit Function
    For Each program In Split(programs, " ")
        If Exists(folder & Application.PathSeparator & program) Then
            RunnerIn = folder & Application.PathSeparator & program
            Exit Function
        End If
    Next
End Function

Private Function OnWindows() As Boolean
    OnWindows = (Application.PathSeparator = "\")
End Function

' Returns a path in letters, digits and a few signs, every other character as ~ and four hexadecimal digits: nothing is
' left to quote, and nothing depends on the language of Windows (Shell passes its command on in the local code page).
Public Function Escaped(path As String) As String
    Dim index As Long
    Dim sign As String
    Dim code As Long
    For index = 1 To Len(path)
        sign = Mid(path, index, 1)
        code = AscW(sign)
        If code < 0 Then code = code + 65536
        If code < 128 And InStr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./:_-", sign) > 0 Then
            Escaped = Escaped & sign
        Else
            Escaped = Escaped & "~" & Right("000" & Hex(code), 4)
        End If
    Next
End Function

' ---- The answer ----

' Reads the answer into the variables above. Returns the key of a text where it makes no sense.
Private Function ReadAnswer(path As String) As String
    Dim channel As Integer
    Dim entry As String
    Dim complete As Boolean
    document = ""
    message = ""
    goSheet = ""
    goCell = ""
    shown = False
    ReadAnswer = "bad_answer"
    channel = FreeFile
    Open path For Input As #channel
    Line Input #channel, entry
    If entry = PROTOCOL Then
        Do While Not EOF(channel)
            Line Input #channel, entry
            If entry = "end" Then complete = True
            TakeLine Split(entry & vbTab & vbTab & vbTab & vbTab, vbTab)
        Loop
    End If
    Close #channel
    If complete Then ReadAnswer = ""
End Function

Private Sub TakeLine(words As Variant)
    Select Case words(0)
        Case "status"
            status = words(1)
        Case "message"
            message = Unescaped(CStr(words(1)))
        Case "document"
            document = Unescaped(CStr(words(1)))
        Case "shown"
            shown = (words(1) = "1")
        Case "go"
            goSheet = Unescaped(CStr(words(1)))
            goCell = words(2)
        Case "finding"
            findings.Add words
    End Select
End Sub

' Returns a text in which \uXXXX stands for any character that is not plain ASCII.
Private Function Unescaped(text As String) As String
    Dim parts As Variant
    Dim index As Long
    parts = Split(text, "\u")
    For index = 0 To UBound(parts)
        If index = 0 Then
            Unescaped = parts(0)
        Else
            Unescaped = Unescaped & ChrW(HexValue(Left(parts(index), 4))) & Mid(parts(index), 5)
        End If
    Next
End Function

Private Function HexValue(digits As String) As Long
    Dim index As Long
    For index = 1 To Len(digits)
        HexValue = HexValue * 16 + InStr("0123456789ABCDEF", UCase(Mid(digits, index, 1))) - 1
    Next
End Function

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

' Writes a text that must not be taken for a formula.
Private Sub PutText(cell As Object, text As String)
    If text = "" Then
        cell.ClearContents
    ElseIf InStr("=+-@", Left(text, 1)) > 0 Then
        cell.Value = " " & text
    Else
        cell.Value = text
    End If
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

' Returns the cells of a name of the workbook, or Nothing.
Private Function Named(owner As Object, name As String) As Object
    On Error Resume Next
    Set Named = owner.Names(name).RefersToRange
End Function

' Returns the cell of a sheet that says what to paint, or Nothing. LibreOffice knows no RefersToRange for a name that
' belongs to one sheet.
Private Function MarksOf(sheet As Object) As Object
    Dim parts As Variant
    On Error Resume Next
    parts = Split(sheet.Names(NAME_MARKS).RefersTo, "!")
    Set MarksOf = sheet.Range(parts(UBound(parts)))
End Function

' ---- What people see ----

' Says what the program said, and opens the document for those who want to see it.
Private Sub Tell(runner As String)
    If document <> "" And Not Quiet() Then
        If MsgBox(message & vbLf & vbLf & Phrase("open"), 4 + 64, Phrase("title")) = 6 Then
            If Not Start(runner & " click --open " & Escaped(document)) Then Complain Phrase("not_started")
        End If
    ElseIf status = "trouble" Then
        Complain message
    ElseIf Not Quiet() Then
        MsgBox message, IIf(findings.Count > 0, 48, 64), Phrase("title")
    End If
End Sub

' Says what went wrong, and leaves it on the sheet of findings, so that it can still be read afterwards.
Public Sub Complain(sentence As String)
    Dim list As Object
    Set list = Named(Form(), NAME_FINDINGS)
    If Not list Is Nothing Then
        If list.Cells(1, 3).Value = "" Then PutText list.Cells(1, 3), sentence
    End If
    If Not Quiet() Then MsgBox sentence, 48, Phrase("title")
End Sub

' With PERFXL_QUIET=1 no box waits for a click.
Private Function Quiet() As Boolean
    Quiet = (Environ("PERFXL_QUIET") = "1")
End Function

' Returns the text of a key.
Public Function Phrase(key As String) As String
    Dim texts As Object
    Dim row As Long
    Phrase = "perfxl: " & key
    Set texts = Named(ThisWorkbook, NAME_TEXTS)
    If texts Is Nothing Then Set texts = Named(Form(), NAME_TEXTS)
    If texts Is Nothing Then Exit Function
    For row = 1 To texts.Rows.Count
        If texts.Cells(row, 1).Value = key Then Phrase = texts.Cells(row, 2).Value
    Next
End Function

Private Sub SetStatusLine(text As String)
    On Error Resume Next
    Application.StatusBar = text
End Sub

Private Sub EndStatusLine()
    On Error Resume Next
    Application.StatusBar = False
End Sub

' Lets Esc end the waiting as error 18 rather than in the debugger. LibreOffice has no such setting.
Private Sub ListenToEscape()
    On Error Resume Next
    Application.EnableCancelKey = 2
End Sub

' ---- Files ----

Private Function TemporaryName() As String
    Dim folder As String
    folder = Environ("TEMP")
    If folder = "" Then folder = Environ("TMPDIR")
    If folder = "" Then folder = "/tmp"
    Randomize
    TemporaryName = folder & Application.PathSeparator & "perfxl-" & Int(Timer) & "-" & Int(Rnd * 1000000000) & ".txt"
End Function

Public Function Exists(path As String) As Boolean
    On Error Resume Next
    Exists = (Dir(path) <> "")
End Function

Private Sub Remove(path As String)
    On Error Resume Next
    If Exists(path) Then Kill path
End Sub
