"""The column types of the office: money in integer fen, aware UTC time, ratios in ten-thousandths, words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from claimdesk.amounts import from_fen, to_fen
from claimdesk.vocabulary import Word

RowId = BigInteger().with_variant(Integer, 'sqlite')


def sorted_text(length: int) -> String:
    """Text that is sorted by code point on both databases, whatever the collation of the server."""
    return String(length).with_variant(String(length, collation='C'), 'postgresql')


class Money(TypeDecorator[Decimal]):
    """`Decimal` yuan in code, integer fen in the database; a float is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else to_fen(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else from_fen(value)


class Ratio(TypeDecorator[Decimal]):
    """A share such as `Decimal('0.7')`, kept as integer ten-thousandths."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 10_000).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 10_000


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment: aware in code, UTC in the database. A naive time is refused, for nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f'naive time {value!r}')
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == 'sqlite' else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Code(TypeDecorator[Any]):
    """A word of `claimdesk.vocabulary`, kept as its value."""

    impl = String(24)
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words
        self._known = {word.value: word for word in words}

    def process_bind_param(self, value: Word | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.words(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Word | None:
        return None if value is None else self._known[value]


def one_of(column: str, words: type[Word]) -> CheckConstraint:
    """The constraint that `column` holds one of `words` and nothing else."""
    values = ', '.join(f"'{word.value}'" for word in words)
    return CheckConstraint(f'{column} IN ({values})', name=f'{column}_known')
