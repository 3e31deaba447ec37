"""The office in which stories are told: its clock and calendar, its people, its numbers, and the ledger of its rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from claimdesk.rules.calendar import Calendar
from claimdesk.services.office_generator.customers import Customers
from claimdesk.services.office_generator.dice import AHEAD, OfficeHours
from claimdesk.services.office_generator.folders import Folders
from claimdesk.services.office_generator.ledger import Ledger
from claimdesk.services.office_generator.staff import Staff


@dataclass
class World:
    """What every story shares. `rich` stories keep each step, letter and save; others only what lists and reports
    of closed cases need, and everything that an open case needs to go on."""

    office_id: int
    code: str
    now: dt.datetime
    calendar: Calendar
    hours: OfficeHours
    staff: Staff
    ledger: Ledger
    customers: Customers
    rich: bool
    folders: Folders | None = None
    numbers: Counter[int] = field(default_factory=Counter)
    letters: Counter[int] = field(default_factory=Counter)
    cover_uses: dict[tuple[int, str], dict[int, tuple[Decimal, Decimal]]] = field(default_factory=dict)
    """What each case has used of a cover's limit and deductible, by cover and insured person."""

    def case_number(self, reported_at: dt.datetime) -> str:
        """The next number of the year of the report."""
        return self.numbered((reported_at + AHEAD).year)

    def numbered(self, year: int) -> str:
        """The next number of `year`."""
        self.numbers[year] += 1
        return f'{self.code}{year}-{self.numbers[year]:06d}'

    def letter_number(self, sent_at: dt.datetime) -> str:
        """The next number of a letter, in the year in which it goes out."""
        year = (sent_at + AHEAD).year
        self.letters[year] += 1
        return f'{self.code}{year}-L{self.letters[year]:06d}'
