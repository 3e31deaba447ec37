"""What must be true in a claims office: calendar, clocks, workflow, permissions, checklist, adjustment, assignment.

Plain values in, plain values out: no database, no screen, and the present moment is an argument.
"""
