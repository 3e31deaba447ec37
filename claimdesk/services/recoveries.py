"""Money that comes back: subrogation, salvage, recovered advances; what is expected, received and outstanding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Case, Recovery, RecoveryReceipt
from claimdesk.models.rows import get, get_for_edit
from claimdesk.models.types import Money
from claimdesk.rules.clocks import due_state
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.limits_beside import recovery_ends
from claimdesk.services.names import names_of
from claimdesk.vocabulary import DueState, RecoveryKind, RecoveryOutcome

MOST_ROWS = 500
NOTHING = Decimal('0.00')


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """Money that came in, in yuan; a voided one does not count."""

    id: int
    version: int
    amount: Decimal
    received_on: dt.date
    reference: str
    recorded_by: str
    voided: bool


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """A line of the ledger, in yuan. `limitation` is until when it can be claimed in court, if it has to be."""

    id: int
    version: int
    case_id: int
    case_number: str
    insured_name: str
    kind: RecoveryKind
    debtor: str
    basis: str
    expected: Decimal
    received: Decimal
    acquired_on: dt.date | None
    limitation: dt.datetime | None
    due_state: DueState
    owner: str
    opened_at: dt.datetime
    outcome: RecoveryOutcome | None
    closing_note: str
    closed_at: dt.datetime | None
    receipts: tuple[ReceiptView, ...]

    @property
    def outstanding(self) -> Decimal:
        """What is still expected; nothing once it is closed."""
        return NOTHING if self.closed_at is not None else max(NOTHING, self.expected - self.received)


@dataclass(frozen=True, slots=True)
class LedgerSums:
    """Of the open recoveries of the office, in yuan."""

    expected: Decimal
    received: Decimal


class Recoveries:
    """The ledger of what is to come back."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[RecoveryView]:
        """The recoveries of the case, the open ones first."""
        with self._office.database.read() as session:
            return self._views(session, Recovery.case_id == case_id)

    def open(self, actor: Actor) -> list[RecoveryView]:
        """Every open recovery, the nearest limitation first."""
        with self._office.database.read() as session:
            found = self._views(session, Recovery.closed_at.is_(None))
        far = dt.datetime.max.replace(tzinfo=dt.UTC)
        return sorted(found, key=lambda one: (one.limitation or far, one.id))

    def sums(self, actor: Actor) -> LedgerSums:
        """What all open recoveries come to, also those beyond the rows of a list."""
        is_open = Recovery.closed_at.is_(None)
        with self._office.database.read() as session:
            expected = session.scalar(select(func.coalesce(func.sum(Recovery.expected, type_=Money), 0)).where(is_open))
            received = session.scalar(
                select(func.coalesce(func.sum(RecoveryReceipt.amount, type_=Money), 0))
                .join(Recovery, Recovery.id == RecoveryReceipt.recovery_id)
                .where(is_open, RecoveryReceipt.voided.is_(False))
            )
        return LedgerSums(Decimal(expected or 0), Decimal(received or 0))

    def enter(
        self, actor: Actor, case_id: int, kind: RecoveryKind, debtor: str, expected: Decimal, basis: str = ''
    ) -> None:
        """Enter what is to come back from whom. The right is acquired by the payment; before it, with it.

        Raises `NotAllowed` and `InvalidInput` by field.
        """
        require(actor, Permission.RECOVER)
        wrong = {}
        if not debtor.strip():
            wrong['debtor'] = _("Enter this.")
        if expected <= 0:
            wrong['expected'] = _("Enter an amount above 0.")
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), '', wrong)
        with self._office.write(actor, N_("entered a recovery")) as session:
            case = get(session, Case, case_id)
            session.add(
                Recovery(
                    case_id=case_id,
                    kind=kind,
                    debtor=debtor.strip(),
                    basis=basis.strip(),
                    expected=expected,
                    acquired_on=case.paid_at.astimezone(SHANGHAI).date() if case.paid_at else None,
                    owner_id=actor.id,
                    opened_at=self._office.now(),
                )
            )
            touch(session, case, self._office)

    def receive(
        self, actor: Actor, recovery_id: int, version: int, amount: Decimal, received_on: dt.date, reference: str = ''
    ) -> None:
        """Record that money came in. Raises `NotAllowed`, `InvalidInput` by field, `Conflict`."""
        require(actor, Permission.RECOVER)
        wrong = {}
        if amount <= 0:
            wrong['amount'] = _("Enter an amount above 0.")
        if received_on > self._office.today():
            wrong['received_on'] = _("This day lies in the future.")
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), '', wrong)
        with self._office.write(actor, N_("recorded money received")) as session:
            row = _open_row(session, recovery_id, version)
            session.add(
                RecoveryReceipt(
                    recovery_id=row.id,
                    case_id=row.case_id,
                    amount=amount,
                    received_on=received_on,
                    reference=reference.strip(),
                    recorded_by=actor.id,
                    recorded_at=self._office.now(),
                )
            )
            touch(session, get(session, Case, row.case_id), self._office)

    def void_receipt(self, actor: Actor, receipt_id: int, version: int, *, voided: bool = True) -> None:
        """A receipt was entered by mistake, or was right after all. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.RECOVER)
        with self._office.write(actor, N_("voided money received")) as session:
            row = get_for_edit(session, RecoveryReceipt, receipt_id, version)
            if get(session, Recovery, row.recovery_id).closed_at is not None:
                raise InvalidInput(_("This recovery has been closed."), _("Refresh the list."))
            row.voided = voided
            touch(session, get(session, Case, row.case_id), self._office)

    def close(self, actor: Actor, recovery_id: int, version: int, note: str = '') -> None:
        """Close the line: received in full, in part, or given up, by what came in; less than all needs a reason.

        Raises `NotAllowed`, `InvalidInput`, `Conflict`.
        """
        require(actor, Permission.RECOVER)
        with self._office.write(actor, N_("closed a recovery")) as session:
            row = _open_row(session, recovery_id, version)
            received = _received(session, row.id)
            if received >= row.expected:
                row.outcome = RecoveryOutcome.RECEIVED
            elif not note.strip():
                sentence = _("Say why the rest is given up.")
                raise InvalidInput(sentence, '', {'note': sentence})
            else:
                row.outcome = RecoveryOutcome.PARTLY if received > 0 else RecoveryOutcome.GIVEN_UP
            row.closing_note, row.closed_at = note.strip(), self._office.now()
            touch(session, get(session, Case, row.case_id), self._office)

    def _views(self, session: Session, condition: ColumnElement[bool]) -> list[RecoveryView]:
        rows = session.execute(
            select(Recovery, Case)
            .join(Case, Case.id == Recovery.case_id)
            .where(condition)
            .order_by(Recovery.closed_at.is_not(None), Recovery.id.desc())
            .limit(MOST_ROWS)
        ).all()
        receipts = _receipts(session, [row.id for row, *_case in rows])
        names = names_of(
            session,
            [row.owner_id for row, *_case in rows] + [one.recorded_by for found in receipts.values() for one in found],
        )
        now = self._office.now()
        views = []
        for row, case in rows:
            # What was entered before the payment begins to run with the payment; salvage is not claimed in court.
            acquired = row.acquired_on or (case.paid_at.astimezone(SHANGHAI).date() if case.paid_at else None)
            claimed = acquired is not None and row.kind is not RecoveryKind.SALVAGE
            limitation = recovery_ends(case, acquired, self._office) if acquired and claimed else None
            own = receipts.get(row.id, [])
            views.append(
                RecoveryView(
                    id=row.id,
                    version=row.version,
                    case_id=row.case_id,
                    case_number=case.number,
                    insured_name=case.insured_name,
                    kind=row.kind,
                    debtor=row.debtor,
                    basis=row.basis,
                    expected=row.expected,
                    received=sum((one.amount for one in own if not one.voided), NOTHING),
                    acquired_on=acquired,
                    limitation=limitation,
                    due_state=due_state(limitation, now, soon=SOON, done=row.closed_at is not None),
                    owner=names.get(row.owner_id, ''),
                    opened_at=row.opened_at,
                    outcome=row.outcome,
                    closing_note=row.closing_note,
                    closed_at=row.closed_at,
                    receipts=tuple(
                        ReceiptView(
                            one.id, one.version, one.amount, one.received_on, one.reference,
                            names.get(one.recorded_by, ''), one.voided,
                        )
                        for one in own
                    ),
                )
            )  # fmt: skip
        return views


SOON = dt.timedelta(days=90)
"""A limitation of years is due soon when a quarter is left."""


def _open_row(session: Session, recovery_id: int, version: int) -> Recovery:
    row = get_for_edit(session, Recovery, recovery_id, version)
    if row.closed_at is not None:
        raise InvalidInput(_("This recovery has been closed."), _("Refresh the list."))
    return row


def _received(session: Session, recovery_id: int) -> Decimal:
    total = session.scalar(
        select(func.sum(RecoveryReceipt.amount, type_=Money)).where(
            RecoveryReceipt.recovery_id == recovery_id, RecoveryReceipt.voided.is_(False)
        )
    )
    return Decimal(total or 0)


def _receipts(session: Session, recoveries: Sequence[int]) -> dict[int, list[RecoveryReceipt]]:
    found: dict[int, list[RecoveryReceipt]] = {}
    if recoveries:
        rows = session.scalars(
            select(RecoveryReceipt)
            .where(RecoveryReceipt.recovery_id.in_(recoveries))
            .order_by(RecoveryReceipt.received_on, RecoveryReceipt.id)
        )
        for row in rows:
            found.setdefault(row.recovery_id, []).append(row)
    return found
