"""The office and its people: teams, accounts, roles, absences, dated settings, calendar days, number sequences."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.types import Code, one_of
from claimdesk.vocabulary import Role


class Office(Editable, Base):
    """One claims office; `code` begins its case numbers (CY2026-000318).

    Approvals before `signing_since` were made without a signature; null where every approval is signed.
    """

    __tablename__ = 'office'

    name: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]
    signing_since: Mapped[dt.datetime | None]


class Team(Editable, Base):
    """A team inside the office."""

    __tablename__ = 'team'
    __table_args__ = (UniqueConstraint('office_id', 'name'),)

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    name: Mapped[str] = mapped_column(String(40))


class Account(Editable, Base):
    """A person who signs in. `password_hash` is argon2id; an account is switched off, never deleted."""

    __tablename__ = 'account'

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    team_id: Mapped[int | None] = mapped_column(ForeignKey('team.id'))
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(20), default='')
    email: Mapped[str] = mapped_column(String(120), default='')
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    capacity: Mapped[int] = mapped_column(default=60)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]

    roles: Mapped[list[AccountRole]] = relationship(cascade='all, delete-orphan', lazy='selectin')


class AccountRole(Base):
    """One role of one person."""

    __tablename__ = 'account_role'
    __table_args__ = (one_of('role', Role),)
    audited = True

    account_id: Mapped[int] = mapped_column(ForeignKey('account.id', ondelete='CASCADE'), primary_key=True)
    role: Mapped[Role] = mapped_column(Code(Role), primary_key=True)


class Absence(Editable, Base):
    """Days on which a person is away, the last one included, and who stands in."""

    __tablename__ = 'absence'
    __table_args__ = (CheckConstraint('ends_on >= starts_on', name='ends_after_start'),)

    account_id: Mapped[int] = mapped_column(ForeignKey('account.id', ondelete='CASCADE'), index=True)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(String(80), default='')


class Sequence(Base):
    """The next number of a gap-free sequence, per office, kind of number and year."""

    __tablename__ = 'sequence'

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    next_value: Mapped[int] = mapped_column(default=1)


class OfficeSetting(Editable, Base):
    """A rule of the office from a day on; last year's case is computed with last year's rule."""

    __tablename__ = 'office_setting'
    __table_args__ = (UniqueConstraint('office_id', 'key', 'valid_from'),)

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    key: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[dt.date]
    value: Mapped[Any] = mapped_column(JSON)


class CalendarDay(HasId, Base):
    """A day that differs from the plain week: a holiday, or a weekend day that is worked."""

    __tablename__ = 'calendar_day'
    __table_args__ = (CheckConstraint("kind IN ('rest', 'work')", name='kind_known'),)
    audited: ClassVar[bool] = True

    day: Mapped[dt.date] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(40), default='')
