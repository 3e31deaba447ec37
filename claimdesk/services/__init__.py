"""What people do in an office, one file per activity; the only room that opens a transaction.

A use case takes the acting person and plain values, checks permission, asks the rules, saves in one short transaction
and returns frozen dataclasses.
"""
