"""A question to the database that is given up when it takes too long, so that it can be put in another way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

STEPS = 2_000
"""After so many steps SQLite asks whether it shall go on: some tenths of a millisecond."""
CANCELLED = '57014'


class TooLong(Exception):
    """The database did not answer in time."""


@contextmanager
def at_most(session: Session, milliseconds: int | None) -> Iterator[None]:
    """Raises `TooLong` if what is read within takes longer (None: never); the session can be used as before."""
    if milliseconds is None:
        yield
        return
    within = _sqlite if session.get_bind().dialect.name == 'sqlite' else _postgres
    with within(session, milliseconds):
        yield


@contextmanager
def _sqlite(session: Session, milliseconds: int) -> Iterator[None]:
    driver = session.connection().connection.driver_connection
    assert driver is not None
    # By the time of this thread: what else the machine does meanwhile does not make the other way any better.
    end = time.thread_time() + milliseconds / 1000
    driver.set_progress_handler(lambda: time.thread_time() > end, STEPS)
    try:
        yield
    except OperationalError as error:
        if 'interrupted' not in str(error.orig):
            raise
        raise TooLong from None
    finally:
        driver.set_progress_handler(None, 0)


@contextmanager
def _postgres(session: Session, milliseconds: int) -> Iterator[None]:
    try:
        with session.begin_nested():
            session.execute(text(f'SET LOCAL statement_timeout = {milliseconds:d}'))
            yield
            session.execute(text('SET LOCAL statement_timeout = 0'))
    except OperationalError as error:
        if getattr(error.orig, 'sqlstate', None) != CANCELLED:
            raise
        raise TooLong from None
