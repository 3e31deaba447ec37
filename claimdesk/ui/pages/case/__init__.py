"""The page of one case: its head with clocks and next action, and a tab for each part of the work on it.

`page.CasePage` frames the tabs; each tab is a module of its own and knows only the page and the desk.
"""
