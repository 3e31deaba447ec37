"""What the office hands out: papers, reports and lists, made from plain figures that the services hand in.

`paper` fills A4 sheets and `workbook` dresses an Excel file; the rest says what stands on each of them. Nothing here
knows the database or the desk.
"""
