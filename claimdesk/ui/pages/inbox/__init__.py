"""Paper in, read, checked, filed: the pile of what has come, and the verification bench that a handler works at.

The page takes paper in and keeps the pile; the bench shows one document, its page on the left and its fields on the
right. Everything that lasts is in the office's database; edits that are not confirmed yet are drafts on this computer.
"""

from claimdesk.ui.pages.inbox.page import InboxPage

__all__ = ['InboxPage']
