"""Numbers without gaps: case numbers and the like, per office and year."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.models import Office, Sequence


def next_number(session: Session, office_id: int, name: str, year: int) -> int:
    """The next number of the sequence, from 1; locked until the transaction ends, so a rollback leaves no gap."""
    wanted = select(Sequence).where(Sequence.office_id == office_id, Sequence.name == name, Sequence.year == year)
    # The office's row is the lock: without one, two desks would both insert the first row of a new year.
    # Not FOR UPDATE, which would wait for whoever has just referred to the office and waits here as well.
    session.execute(select(Office.id).where(Office.id == office_id).with_for_update(key_share=True))
    row = session.scalar(wanted.with_for_update())
    if row is None:
        row = Sequence(office_id=office_id, name=name, year=year, next_value=1)
        session.add(row)
    value = row.next_value
    row.next_value = value + 1
    session.flush()
    return value


def number_ahead(session: Session, office_id: int, name: str, year: int) -> int:
    """What `next_number` would give now; another desk may take it first."""
    wanted = select(Sequence.next_value).where(
        Sequence.office_id == office_id, Sequence.name == name, Sequence.year == year
    )
    return session.scalar(wanted) or 1


def case_number(session: Session, office_id: int, year: int) -> str:
    """The number of a new case: the office's code, the year of the report, six digits (CY2026-000318)."""
    office = session.get_one(Office, office_id)
    return f'{office.code}{year}-{next_number(session, office_id, "case", year):06d}'
