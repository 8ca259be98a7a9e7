"""perfxl behind a page in a browser: requests and answers as JSON, workbooks and results as files.

The page (`page/` in the source tree) shows what it is told and decides nothing. `door` takes a request, `one_workbook`
and `many_workbooks` check and make documents, `new_workbooks` hands out forms.
"""
