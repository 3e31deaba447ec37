"""A question that takes too long is given up, and the session goes on."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from claimdesk.models import Database
from claimdesk.services.patience import TooLong, at_most

COUNTING = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {end}) SELECT max(i) FROM n'
ENDLESS = text(COUNTING.format(end=2_000_000_000))
ANSWER = text('SELECT 42')


def test_what_takes_too_long_is_given_up_and_the_session_goes_on(database: Database) -> None:
    with database.read() as session:
        with pytest.raises(TooLong), at_most(session, 20):
            session.execute(ENDLESS)
        assert session.scalar(ANSWER) == 42
        with at_most(session, 10_000):
            assert session.scalar(ANSWER) == 42
        with at_most(session, None):
            assert session.scalar(ANSWER) == 42


def test_the_patience_ends_with_the_question(database: Database) -> None:
    with database.read() as session:
        with at_most(session, 5):
            session.scalar(ANSWER)
        slow = text(COUNTING.format(end=200_000))
        assert session.scalar(slow) == 200_000


def test_another_fault_stays_what_it_is(database: Database) -> None:
    with database.read() as session, pytest.raises(SQLAlchemyError), at_most(session, 1_000):
        session.execute(text('SELECT nothing FROM nowhere'))
