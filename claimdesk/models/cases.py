"""The case: accident, the case itself with its line's own fields, parties, reserves, events, tasks, checklist.

One accident may bring several cases (compulsory and commercial cover), and each case several tasks.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.policies import PartyRecord
from claimdesk.models.types import Code, Money, one_of, sorted_text
from claimdesk.vocabulary import ChecklistState, Liability, Line, Outcome, Party, Stage, TaskState

NO_DUE = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""The `due_at` of a case with nothing due: it sorts behind every real time limit."""

_SORTED = (
    ('due_at', 'id'),
    ('line', 'due_at', 'id'),
    ('stage', 'due_at', 'id'),
    ('owner_id', 'due_at', 'id'),
    ('team_id', 'due_at', 'id'),
    ('missing_documents', 'due_at', 'id'),
    ('pinyin', 'insured_name', 'id'),
    ('plate', 'id'),
    ('policy_number', 'id'),
    ('reporter_name', 'id'),
    ('reporter_phone', 'id'),
    ('place', 'id'),
    ('cause', 'id'),
    ('estimate', 'id'),
    ('paid_amount', 'id'),
    ('loss_at', 'id'),
    ('reported_at', 'id'),
    ('stage_entered_at', 'id'),
)
"""What both all cases and the open ones are sorted by; the words of few values go on with the due time."""

LIST_INDEXES = tuple(
    Index(f'ix_claim_case_{columns[0]}', *columns)
    for columns in (*_SORTED, ('outcome', 'due_at', 'id'), ('paused_since', 'id'), ('closed_at', 'id'))
)
"""One index for each column that the case list sorts or filters by; the number has its own, for it is unique."""

OPEN = text("stage <> 'closed'")
WAITING = text('paused_since IS NOT NULL')
OPEN_INDEXES = (
    *(
        Index(f'ix_open_case_{columns[0]}', *columns, sqlite_where=OPEN, postgresql_where=OPEN)
        for columns in (*_SORTED, ('number', 'id'))
    ),
    Index('ix_waiting_case_due_at', 'due_at', 'id', sqlite_where=WAITING, postgresql_where=WAITING),
)
"""The same for the open cases alone, a twentieth of an old office: every sort of them is a short walk."""


class Accident(Editable, Base):
    """What happened, where and when."""

    __tablename__ = 'accident'
    __table_args__ = (one_of('liability', Liability),)

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    happened_at: Mapped[dt.datetime]
    place: Mapped[str] = mapped_column(String(200))
    cause: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default='')
    liability: Mapped[Liability] = mapped_column(Code(Liability), default=Liability.UNKNOWN)
    police_number: Mapped[str] = mapped_column(String(60), default='')


class Case(Editable, Base):
    """One claim on one policy.

    The columns from `insured_name` to `pinyin` repeat what the policy and the accident said at registration: the case
    list of a million rows is read from this one table. `due_at`, `due_clock` and `paused_since` are a cache for
    sorting, rebuilt from the events whenever these change; the truth is in `CaseEvent`.
    """

    __tablename__ = 'claim_case'
    __table_args__ = (
        one_of('line', Line),
        one_of('stage', Stage),
        one_of('outcome', Outcome),
        CheckConstraint("(stage = 'closed') = (outcome <> 'open')", name='outcome_fits_stage'),
        CheckConstraint("(stage = 'closed') = (closed_at IS NOT NULL)", name='closed_has_time'),
        CheckConstraint('estimate >= 0 AND first_estimate >= 0', name='estimates_not_negative'),
        CheckConstraint('payable >= 0 AND paid_amount >= 0', name='payments_not_negative'),
        *LIST_INDEXES,
        *OPEN_INDEXES,
    )

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    accident_id: Mapped[int] = mapped_column(ForeignKey('accident.id'), index=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey('policy.id'), index=True)
    number: Mapped[str] = mapped_column(sorted_text(24), unique=True)
    request_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    line: Mapped[Line] = mapped_column(Code(Line))
    compulsory: Mapped[bool] = mapped_column(default=False)
    injury: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[Stage] = mapped_column(Code(Stage))
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome), default=Outcome.OPEN)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    team_id: Mapped[int | None] = mapped_column(ForeignKey('team.id'))
    assigned_why: Mapped[str] = mapped_column(String(200), default='')

    reported_at: Mapped[dt.datetime]
    loss_at: Mapped[dt.datetime]
    registered_at: Mapped[dt.datetime | None]
    stage_entered_at: Mapped[dt.datetime]
    step_due_at: Mapped[dt.datetime | None]
    paid_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    last_activity_at: Mapped[dt.datetime]

    due_at: Mapped[dt.datetime] = mapped_column(default=NO_DUE)
    due_clock: Mapped[str] = mapped_column(String(24), default='')
    paused_since: Mapped[dt.datetime | None]

    estimate: Mapped[Decimal | None] = mapped_column(Money)
    first_estimate: Mapped[Decimal | None] = mapped_column(Money)
    payable: Mapped[Decimal | None] = mapped_column(Money)
    paid_amount: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    missing_documents: Mapped[int] = mapped_column(default=0)
    reopened_times: Mapped[int] = mapped_column(default=0)
    outcome_reason: Mapped[str] = mapped_column(String(400), default='')

    insured_name: Mapped[str] = mapped_column(sorted_text(120))
    plate: Mapped[str] = mapped_column(sorted_text(12), default='')
    policy_number: Mapped[str] = mapped_column(sorted_text(40))
    reporter_name: Mapped[str] = mapped_column(sorted_text(60), default='')
    reporter_phone: Mapped[str] = mapped_column(sorted_text(24), default='')
    place: Mapped[str] = mapped_column(sorted_text(200), default='')
    cause: Mapped[str] = mapped_column(sorted_text(80), default='')
    pinyin: Mapped[str] = mapped_column(sorted_text(60), default='')


class CaseMotor(Base):
    """What only a motor case has."""

    __tablename__ = 'case_motor'
    __table_args__ = (
        Index('ix_case_motor_garage', 'garage', 'case_id'),
        Index('ix_case_motor_driver_licence', 'driver_licence', 'case_id'),
    )
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), primary_key=True)
    vehicle_model: Mapped[str] = mapped_column(String(60), default='')
    driver_name: Mapped[str] = mapped_column(String(60), default='')
    driver_licence: Mapped[str] = mapped_column(String(24), default='')
    vehicle_owner: Mapped[str] = mapped_column(String(60), default='', server_default='')
    engine_number: Mapped[str] = mapped_column(String(24), default='', server_default='')
    other_plate: Mapped[str] = mapped_column(String(12), default='')
    drivable: Mapped[bool | None]
    garage: Mapped[str] = mapped_column(String(120), default='')


class CaseMedical(Base):
    """What only a medical or accident case has."""

    __tablename__ = 'case_medical'
    __table_args__ = (
        CheckConstraint('discharged_on IS NULL OR discharged_on >= admitted_on', name='discharge_after_admission'),
        Index('ix_case_medical_diagnosis', 'diagnosis', 'case_id'),
    )
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), primary_key=True)
    patient_name: Mapped[str] = mapped_column(String(60), default='')
    hospital: Mapped[str] = mapped_column(String(120), default='')
    diagnosis: Mapped[str] = mapped_column(String(200), default='')
    admitted_on: Mapped[dt.date | None]
    discharged_on: Mapped[dt.date | None]
    social_insurance_used: Mapped[bool] = mapped_column(default=True)


class CaseProperty(Base):
    """What only a property case has."""

    __tablename__ = 'case_property'
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), primary_key=True)
    premises: Mapped[str] = mapped_column(String(200), default='')
    occupancy: Mapped[str] = mapped_column(String(80), default='')
    value_at_loss: Mapped[Decimal | None] = mapped_column(Money)
    fire_brigade_number: Mapped[str] = mapped_column(String(60), default='')


class CaseParty(HasId, Base):
    """Who is who in a case."""

    __tablename__ = 'case_party'
    __table_args__ = (one_of('role', Party), UniqueConstraint('case_id', 'party_id', 'role'))
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'))
    party_id: Mapped[int] = mapped_column(ForeignKey('party.id'), index=True)
    role: Mapped[Party] = mapped_column(Code(Party))

    party: Mapped[PartyRecord] = relationship()


class ReserveChange(HasId, Base):
    """One estimate of a case and why it changed; the first one is never overwritten."""

    __tablename__ = 'reserve_change'
    __table_args__ = (
        CheckConstraint('amount >= 0', name='amount_not_negative'),
        Index('uq_reserve_first', 'case_id', unique=True, sqlite_where=text('first'), postgresql_where=text('first')),
    )
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    previous: Mapped[Decimal | None] = mapped_column(Money)
    first: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default='')
    made_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    made_at: Mapped[dt.datetime]


class CaseEvent(HasId, Base):
    """Something with a time that clocks start, pause or stop by; `kind` is one of `rules.clocks.EventKind`."""

    __tablename__ = 'case_event'
    __table_args__ = (Index('ix_case_event_case', 'case_id', 'happened_at'),)
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'))
    kind: Mapped[str] = mapped_column(String(24))
    happened_at: Mapped[dt.datetime]
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    note: Mapped[str] = mapped_column(String(400), default='')
    voided: Mapped[bool] = mapped_column(default=False)


class Task(Editable, Base):
    """A step somebody has to do by a time; the stage's own step carries the name of the move that ends it."""

    __tablename__ = 'task'
    __table_args__ = (
        one_of('state', TaskState),
        CheckConstraint("(state = 'open') = (finished_at IS NULL)", name='finished_has_time'),
        Index('ix_task_owner', 'owner_id', 'state', 'due_at'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(120), default='')
    owner_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    state: Mapped[TaskState] = mapped_column(Code(TaskState), default=TaskState.OPEN)
    created_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    finished_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))


class ChecklistItem(Editable, Base):
    """A document that a case needs, and whether it is here; `name` is empty where the program knows the code."""

    __tablename__ = 'checklist_item'
    __table_args__ = (one_of('state', ChecklistState), UniqueConstraint('case_id', 'code'))

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120), default='', server_default='')
    required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[ChecklistState] = mapped_column(Code(ChecklistState), default=ChecklistState.MISSING)
    reason: Mapped[str] = mapped_column(String(200), default='')
    checked_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    checked_at: Mapped[dt.datetime | None]
