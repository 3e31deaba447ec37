"""The lists of the coordinators' desk: what each holds, its columns, and the words that a filter looks in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from claimdesk.language import N_, _
from claimdesk.rules.clocks import due_words
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor
from claimdesk.ui import text
from claimdesk.ui.pages.liaison.facts import Row, due_of
from claimdesk.ui.widgets.column_table import Column, ColumnRows
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.app import Desk

@dataclass(frozen=True)
class Shelf:
    """One list: its name, what it says when it is empty, how it is read, its columns after the first three."""

    title: str
    empty: str
    icon: str
    permission: Permission
    read: Callable[[Desk, Actor], Sequence[Row]]
    columns: tuple[Column, ...]


OWNER = Column(N_("In charge"), 100, lambda row: row.owner)
SHELVES: dict[str, Shelf] = {
    'complaints': Shelf(
        N_("Complaints"),
        N_("No complaint or dispute is open. They are taken on the page of their case."),
        'message-square',
        Permission.COMPLAINT,
        lambda desk, actor: desk.disputes.open(actor),
        (
            Column(N_("Kind"), 90, lambda row: label(row.kind)),
            Column(N_("What about"), 260, lambda row: row.content),
            OWNER,
        ),
    ),
    'calls': Shelf(
        N_("Call-backs"),
        N_("Nobody waits for a call. A paid case appears here by itself."),
        'phone',
        Permission.MESSAGE,
        lambda desk, actor: desk.call_backs.open(actor),
        (
            Column(N_("Phone"), 130, lambda row: row.phone),
            Column(N_("Paid on"), 110, lambda row: text.day(row.paid_at)),
            Column(N_("Attempts"), 80, lambda row: text.number(row.attempts), amount=True),
            OWNER,
        ),
    ),
    'follow_ups': Shelf(
        N_("Not content"),
        N_("No low score waits to be put right."),
        'circle-alert',
        Permission.COMPLAINT,
        lambda desk, actor: desk.call_backs.follow_ups(actor),
        (
            Column(N_("Score"), 70, lambda row: text.number(row.score), amount=True),
            Column(N_("Comment"), 280, lambda row: row.comment),
            OWNER,
        ),
    ),
    'lawsuits': Shelf(
        N_("Lawsuits"),
        N_("No lawsuit is open. They are entered on the page of their case."),
        'stamp',
        Permission.COMPLAINT,
        lambda desk, actor: desk.lawsuits.open(actor),
        (
            Column(N_("Next day"), 120, lambda row: label(row.next_day.kind) if row.next_day else text.DASH),
            Column(N_("Court"), 180, lambda row: row.court),
            Column(N_("Claimed"), 110, lambda row: text.money(row.claimed), amount=True),
            OWNER,
        ),
    ),
    'recoveries': Shelf(
        N_("Recoveries"),
        N_("Nothing is to come back. Recoveries are entered on the page of their case."),
        'banknote',
        Permission.RECOVER,
        lambda desk, actor: desk.recoveries.open(actor),
        (
            Column(N_("Kind"), 110, lambda row: label(row.kind)),
            Column(N_("Debtor"), 130, lambda row: row.debtor),
            Column(N_("Expected"), 110, lambda row: text.money(row.expected), amount=True),
            Column(N_("Outstanding"), 110, lambda row: text.money(row.outstanding), amount=True),
            OWNER,
        ),
    ),
    'referrals': Shelf(
        N_("To look into"),
        N_("No case waits for a closer look."),
        'search',
        Permission.INVESTIGATE,
        lambda desk, actor: desk.risk.open_referrals(actor),
        (
            Column(N_("Points"), 70, lambda row: text.number(row.score), amount=True),
            Column(N_("Signals"), 300, lambda row: _(", ").join(row.rules) or row.reason),
            OWNER,
        ),
    ),
}
"""The lists in the order of their keys, Ctrl+1 to Ctrl+6."""


def _due_words(row: Row) -> str:
    return due_words(*due_of(row), datetime.now(UTC))


FIRST = (
    Column(N_("Time limit"), 150, _due_words, state=lambda row: due_of(row)[0]),
    Column(N_("Case number"), 140, lambda row: row.case_number),
    Column(N_("Insured"), 110, lambda row: row.insured_name),
)


class ShelfRows(ColumnRows):
    """The rows of one list that a filter lets through."""

    def __init__(self, shelf: Shelf, parent: QObject | None = None) -> None:
        super().__init__((*FIRST, *shelf.columns), parent)
        self._all: list[Row] = []

    def keep(self, rows: Sequence[Row]) -> None:
        """Filter these rows from now on."""
        self._all = list(rows)

    def filter(self, words: str, owner: str) -> None:
        """Show the rows that hold every one of `words`, of `owner` alone unless that is ''."""
        wanted = words.casefold().split()
        self.show([row for row in self._all if (not owner or row.owner == owner) and self._fits(row, wanted)])

    @property
    def count(self) -> int:
        """How many there are without the filter."""
        return len(self._all)

    def row_of(self, row_id: int) -> int:
        """The place of a row by its id, or -1."""
        return next((at for at, row in enumerate(self.rows) if row.id == row_id), -1)

    def _fits(self, row: Row, wanted: list[str]) -> bool:
        if not wanted:
            return True
        said = ' '.join(column.words(row) for column in self.columns).casefold()
        return all(word in said for word in wanted)
