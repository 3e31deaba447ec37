"""What a claim summary says, as plain values: the services gather it, `claim_summary` prints it.

Times are the office's local times, money is in yuan, numbers of identity and bank accounts come masked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.vocabulary import (
    ApprovalState,
    CalculationKind,
    Channel,
    ChecklistState,
    ClauseVersion,
    DocumentKind,
    DocumentState,
    DueState,
    Liability,
    Line,
    LossKind,
    Outcome,
    Party,
    PaymentState,
    Stage,
)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in the case."""

    role: Party
    name: str
    phone: str
    address: str = ''
    born_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One cover of the policy."""

    name: str
    sum_insured: Decimal
    deductible: Decimal
    deductible_rate: Decimal
    benefit_ratio: Decimal
    insured_value: Decimal | None


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """The policy of the case."""

    number: str
    clause: ClauseVersion
    holder: str
    insured: str
    id_number: str
    thing: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    covers: tuple[CoverLine, ...]


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A time limit; `pauses` are days of waiting that do not count, in words."""

    name: str
    started_at: dt.datetime
    due: dt.datetime | None
    state: DueState
    words: str
    citation: str
    mark: str
    pauses: str


@dataclass(frozen=True, slots=True)
class SurveyPart:
    """What the surveyor found."""

    surveyor: str
    visited_at: dt.datetime | None
    place: str
    liability: Liability
    finding: str
    statement: str
    suspicious: bool
    finished_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NeededLine:
    """A document that the case needs."""

    name: str
    required: bool
    state: ChecklistState
    reason: str
    checked_by: str


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in the file."""

    title: str
    kind: DocumentKind
    state: DocumentState
    pages: int
    added_at: dt.datetime
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice."""

    name: str
    quantity: str
    unit_price: str
    amount: Decimal | None
    tax_rate: str
    tax: Decimal | None


@dataclass(frozen=True, slots=True)
class InvoicePart:
    """An invoice as a person confirmed it."""

    kind: DocumentKind
    code: str
    number: str
    issue_date: dt.date | None
    seller: str
    buyer: str
    amount: Decimal | None
    tax: Decimal | None
    total: Decimal
    duplicate_reason: str
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True)
class LossLine:
    """A line of the loss assessment; `confirmed` is None until it is settled."""

    kind: LossKind
    name: str
    claimed: Decimal
    confirmed: Decimal | None
    document: str
    note: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of a sheet: what was done, the figures, what is left (None for a remark), the clause or article."""

    name: str
    formula: str
    amount: Decimal | None
    basis: str


@dataclass(frozen=True, slots=True)
class CoverSteps:
    """The sheet of one cover."""

    cover: str
    steps: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class CalculationPart:
    """A calculation with the sheet of each cover and the approver's decision; `advanced` was paid before it.

    `signature` says how the approval is signed and whether that still holds.
    """

    number: int
    kind: CalculationKind
    cover: str
    parts: tuple[CoverSteps, ...]
    payable: Decimal
    advanced: Decimal
    state: ApprovalState
    made_by: str
    made_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    reason: str
    signature: str = ''


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment."""

    payee: str
    bank: str
    account: str
    amount: Decimal
    state: PaymentState
    prepared_by: str
    paid_at: dt.datetime | None
    reference: str


@dataclass(frozen=True, slots=True)
class ReserveLine:
    """One estimate of the case."""

    amount: Decimal
    first: bool
    reason: str
    made_by: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A conversation or complaint, in words who spoke to whom."""

    at: dt.datetime
    channel: Channel | None
    who: str
    text: str
    written_by: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One save on the case in plain words."""

    at: dt.datetime
    who: str
    action: str
    details: str


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A page of a document as a small picture (JPEG)."""

    image: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """Everything a claim summary tells. `details` are the line's own facts by name.

    `talks`, `events` and `thumbnails` may be excerpts; the counts beside them are the true numbers.
    """

    office: str
    number: str
    printed_by: str
    printed_at: dt.datetime
    line: Line
    compulsory: bool
    injury: bool
    stage: Stage
    outcome: Outcome
    outcome_reason: str
    owner: str
    due_words: str
    reported_at: dt.datetime
    registered_at: dt.datetime | None
    closed_at: dt.datetime | None
    reopened_times: int
    estimate: Decimal | None
    payable: Decimal | None
    paid_amount: Decimal
    reporter: str
    reporter_phone: str
    loss_at: dt.datetime
    place: str
    cause: str
    liability: Liability
    police_number: str
    description: str
    details: tuple[tuple[str, str], ...]
    policy: PolicyPart
    people: tuple[PersonLine, ...]
    clocks: tuple[ClockLine, ...]
    survey: SurveyPart | None
    checklist: tuple[NeededLine, ...]
    documents: tuple[DocumentLine, ...]
    invoices: tuple[InvoicePart, ...]
    losses: tuple[LossLine, ...]
    calculations: tuple[CalculationPart, ...]
    payments: tuple[PaymentLine, ...]
    reserves: tuple[ReserveLine, ...]
    talks: tuple[TalkLine, ...]
    talk_count: int
    events: tuple[EventLine, ...]
    event_count: int
    thumbnails: tuple[Thumbnail, ...]
    page_count: int
