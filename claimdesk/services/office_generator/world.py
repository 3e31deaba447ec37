"""The office in which stories are told: its clock and calendar, its people, its numbers, and the ledger of its rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

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

    def case_number(self, reported_at: dt.datetime) -> str:
        """The next number of the year of the report."""
        return self.numbered((reported_at + AHEAD).year)

    def numbered(self, year: int) -> str:
        """The next number of `year`."""
        self.numbers[year] += 1
        return f'{self.code}{year}-{self.numbers[year]:06d}'
