Attribute VB_Name = "PerfXLRun"
Option Explicit

' What the buttons of every workbook do alike: find the perfxl program, start it, wait for its answer, say something.
'
' The program answers in a small text file (see perfxl/interfaces/excel_button.py). What people read comes from that file, or from the two
' columns of the name perfxl.texts in the workbook, so that the source stays ASCII.
'
' Written for Excel on Windows and for LibreOffice alike, which rules a few things out: no Declare, no #If, no early
' binding. In LibreOffice one line that does not compile silences every macro of the workbook.

Private Const PROTOCOL As String = "perfxl 1"
Private Const NAME_TEXTS As String = "perfxl.texts"
Private Const SECONDS_TO_START As Double = 45
Private Const SECONDS_OF_SILENCE As Double = 30
Private Const SECONDS_AS_A_RULE As Double = 120   ' in all, of a button that does not say how long it may take

' ---- The workbook ----

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

' ---- The run ----

' Starts the program on the workbook and waits for its answer, at most so many seconds, or as many as the rule is where
' that is 0. Adds each line of the answer to answers, as an array of its words. Returns the key of a text where there
' is no answer that makes sense.
Public Function AskProgram(options As String, seconds As Double, answers As Collection) As String
    Dim runner As String
    Dim answer As String
    runner = FindRunner()
    If runner = "" Then
        AskProgram = "no_program"
        If RunnerBeside() <> "" Then AskProgram = "untrusted"
        Exit Function
    End If
    answer = TemporaryName()
    If Not Start(runner & " click " & Escaped(FormPath()) & " --result " & Escaped(answer) & options) Then
        AskProgram = "not_started"
        Exit Function
    End If
    AskProgram = WaitFor(answer, IIf(seconds > 0, seconds, SECONDS_AS_A_RULE))
    If AskProgram = "" Then AskProgram = ReadAnswer(answer, answers)
    Remove answer
    Remove answer & ".alive"
End Function

' Opens a file in its program. Returns the key of a text where that is not possible.
Public Function OpenFile(path As String) As String
    Dim runner As String
    runner = FindRunner()
    If runner = "" Then
        If Not OpenByItself(path) Then OpenFile = "no_program"
    ElseIf Not Start(runner & " click --open " & Escaped(path)) Then
        OpenFile = "not_started"
    End If
End Function

' Opens a file without the program, as a click on it would.
Private Function OpenByItself(path As String) As Boolean
    On Error GoTo Refused
    If InCalc() Then
        OpenInCalc path
    Else
        Form().FollowHyperlink path
    End If
    OpenByItself = True
Refused:
End Function

Public Function Start(command As String) As Boolean
    Dim id As Variant
    On Error GoTo Refused
    id = Shell(command, 0)
    Start = True
Refused:
End Function

' Waits until the file is there. The program writes FILE.alive again and again while it works, with words on how far it
' is, and here it is removed as often: that tells a program at work from one that never started or was killed.
Private Function WaitFor(answer As String, limit As Double) As String
    Dim began As Double
    Dim heard As Double
    Dim started As Boolean
    Dim said As String
    Dim patience As Double
    Dim seconds As Double
    ' PERFXL_TIMEOUT, in seconds, is for impatient people and for tests.
    patience = 1
    seconds = limit
    If Val(Environ("PERFXL_TIMEOUT")) > 0 Then
        seconds = Val(Environ("PERFXL_TIMEOUT"))
        patience = seconds / SECONDS_AS_A_RULE
    End If
    began = Timer
    heard = began
    Do While Not Exists(answer)
        If Exists(answer & ".alive") Then
            said = Overheard(answer & ".alive", said)
            Remove answer & ".alive"
            started = True
            heard = Timer
        End If
        If SecondsSince(began) > seconds Then WaitFor = "too_long"
        If started And SecondsSince(heard) > SECONDS_OF_SILENCE * patience Then WaitFor = "gone"
        If Not started And SecondsSince(began) > SECONDS_TO_START * patience Then WaitFor = "no_answer"
        If WaitFor <> "" Then Exit Function
        SetStatusLine Phrase("waiting") & " " & Int(SecondsSince(began)) & " s  " & said
        Pause 0.05
    Loop
End Function

' Returns what the program says while it works, or what it said before where it says nothing.
Private Function Overheard(path As String, before As String) As String
    Dim channel As Integer
    Dim said As String
    Overheard = before
    ' The program may be writing at this very moment.
    On Error Resume Next
    channel = FreeFile
    Open path For Input As #channel
    Line Input #channel, said
    Close #channel
    If said <> "" Then Overheard = Unescaped(said)
End Function

Private Sub Pause(seconds As Double)
    Dim began As Double
    began = Timer
    Do
        DoEvents
    Loop While SecondsSince(began) < seconds
End Sub

' Timer begins again at midnight.
Public Function SecondsSince(began As Double) As Double
    SecondsSince = Timer - began
    If SecondsSince < 0 Then SecondsSince = SecondsSince + 86400
End Function

' ---- The program ----

' Returns the program as a command, in quotes, or nothing where there is none that may be run.
'
' A workbook must not bring its own program: what was mailed together with it would run at a click. So the places where
' somebody installed something come first, and beside the form only a folder counts that its user has trusted.
Private Function FindRunner() As String
    Dim folder As Variant
    Dim found As String
    found = Environ("PERFXL_RUNNER")
    If found <> "" Then
        If Not Exists(found) Then found = ""
    Else
        For Each folder In Split(InstalledFolders(), vbTab)
            found = RunnerIn(CStr(folder))
            If found <> "" Then Exit For
        Next
        If found = "" And IsTrusted(FolderBeside()) Then found = RunnerBeside()
    End If
    If found <> "" Then FindRunner = """" & found & """"
End Function

' Returns the folders in which programs are installed: the user's own, those of pipx and uv, PATH.
Private Function InstalledFolders() As String
    If OnWindows() Then
        InstalledFolders = Environ("LOCALAPPDATA") & "\perfxl"
        InstalledFolders = InstalledFolders & vbTab & Environ("LOCALAPPDATA") & "\perfxl\Scripts"
        InstalledFolders = InstalledFolders & vbTab & Environ("LOCALAPPDATA") & "\Programs\perfxl"
        InstalledFolders = InstalledFolders & vbTab & Environ("USERPROFILE") & "\.local\bin"
        InstalledFolders = InstalledFolders & vbTab & Replace(Environ("PATH"), ";", vbTab)
    Else
        InstalledFolders = Environ("HOME") & "/.local/share/perfxl/bin"
        InstalledFolders = InstalledFolders & vbTab & Environ("HOME") & "/.local/bin"
        InstalledFolders = InstalledFolders & vbTab & Replace(Environ("PATH"), ":", vbTab)
    End If
End Function

Private Function FolderBeside() As String
    FolderBeside = Form().Path & Application.PathSeparator & "perfxl"
End Function

' Returns the program in the folder beside the form, trusted or not.
Private Function RunnerBeside() As String
    Dim folder As Variant
    Dim ways As String
    If Environ("PERFXL_RUNNER") <> "" Then Exit Function
    ways = FolderBeside()
    If OnWindows() Then
        ways = ways & vbTab & ways & "\Scripts" & vbTab & ways & "\.venv\Scripts"
    Else
        ways = ways & vbTab & ways & "/bin" & vbTab & ways & "/.venv/bin"
    End If
    For Each folder In Split(ways, vbTab)
        RunnerBeside = RunnerIn(CStr(folder))
        If RunnerBeside <> "" Then Exit Function
    Next
End Function

' Returns whether the user has said that the programs in a folder may be run (perfxl/interfaces/trusted_folders.py). The
' list lies where nothing that comes with a workbook gets to.
Private Function IsTrusted(folder As String) As Boolean
    Dim channel As Integer
    Dim list As String
    Dim entry As String
    If OnWindows() Then
        list = Environ("LOCALAPPDATA") & "\perfxl\trusted.txt"
    Else
        list = Environ("HOME") & "/.local/share/perfxl/trusted.txt"
    End If
    If Not Exists(list) Then Exit Function
    channel = FreeFile
    Open list For Input As #channel
    Do While Not EOF(channel)
        Line Input #channel, entry
        If SameFolder(entry, Escaped(folder)) Then IsTrusted = True
    Loop
    Close #channel
End Function

' Windows takes large and small letters for the same.
Private Function SameFolder(one As String, other As String) As Boolean
    SameFolder = (one = other)
    If OnWindows() Then SameFolder = (LCase(one) = LCase(other))
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

' Adds each line of the answer to answers. Returns the key of a text where it makes no sense.
Private Function ReadAnswer(path As String, answers As Collection) As String
    Dim channel As Integer
    Dim entry As String
    Dim complete As Boolean
    ReadAnswer = "bad_answer"
    channel = FreeFile
    Open path For Input As #channel
    Line Input #channel, entry
    If entry = PROTOCOL Then
        Do While Not EOF(channel)
            Line Input #channel, entry
            If entry = "end" Then complete = True
            answers.Add Split(entry & vbTab & vbTab & vbTab & vbTab, vbTab)
        Loop
    End If
    Close #channel
    If complete Then ReadAnswer = ""
End Function

' Returns what the answer says of something, or nothing.
Public Function Answered(answers As Collection, about As String) As String
    Dim words As Variant
    For Each words In answers
        If words(0) = about Then
            Answered = Unescaped(CStr(words(1)))
            Exit Function
        End If
    Next
End Function

' Returns a text in which \uXXXX stands for any character that is not plain ASCII.
Public Function Unescaped(text As String) As String
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

' ---- Cells ----

' Writes a text that must not be taken for a formula.
Public Sub PutText(cell As Object, text As String)
    If text = "" Then
        cell.ClearContents
    ElseIf InStr("=+-@", Left(text, 1)) > 0 Then
        cell.Value = " " & text
    Else
        cell.Value = text
    End If
End Sub

' Returns the cells of a name of the workbook, or Nothing.
Public Function Named(owner As Object, name As String) As Object
    On Error Resume Next
    Set Named = owner.Names(name).RefersToRange
End Function

' ---- What people see ----

' Says something, and where there is a document, asks whether to open it. Returns the key of a text where it was to be
' opened and was not.
Public Function Tell(sentence As String, document As String, icon As Long) As String
    If Quiet() Then Exit Function
    If document = "" Then
        MsgBox sentence, icon, Phrase("title")
    ElseIf MsgBox(sentence & vbLf & vbLf & Phrase("open"), 4 + 64, Phrase("title")) = 6 Then
        Tell = OpenFile(document)
    End If
End Function

' Returns what stopped a button, in words. Where a program is missing but the page lies beside the form, those words say
' how to use that instead.
Public Function Explained(trouble As String) As String
    Explained = Phrase(trouble)
    If PageFor(trouble) <> "" Then Explained = Explained & vbLf & vbLf & Phrase("use_page")
End Function

' Returns the page in a browser that lies beside the form and can stand in for a program that is missing, or nothing.
Public Function PageFor(trouble As String) As String
    Dim page As String
    If trouble <> "no_program" And trouble <> "untrusted" Then Exit Function
    page = Form().Path & Application.PathSeparator & Phrase("page")
    If Exists(page) Then PageFor = page
End Function

' Returns the sentence for what stopped a macro. Esc is no fault.
Public Function Fault(ByVal number As Long, ByVal description As String) As String
    Fault = Phrase("failed") & " (" & number & " " & description & ")"
    If number = 18 Then Fault = Phrase("stopped")
End Function

' With PERFXL_QUIET=1 no box waits for a click.
Public Function Quiet() As Boolean
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

Public Sub SetStatusLine(text As String)
    On Error Resume Next
    Application.StatusBar = text
End Sub

Public Sub EndStatusLine()
    On Error Resume Next
    Application.StatusBar = False
End Sub

' Lets Esc end the waiting as error 18 rather than in the debugger. LibreOffice has no such setting.
Public Sub ListenToEscape()
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
