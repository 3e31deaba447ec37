"""What the office hands out: papers, reports and lists, made from plain figures that the services hand in.

`paper` fills A4 sheets, `workbook` dresses an Excel file, `files` puts a finished file into place; the rest says what
stands on each of them. Nothing here knows the database or the desk.
"""
