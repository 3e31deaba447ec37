"""What a confirmed card or licence says of the people and vehicles of its case: offered, taken over, undone.

Nothing is overwritten unasked: what the case does not know yet is filled, what differs is shown and has to be chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import Conflict, InvalidInput
from claimdesk.identifiers import mask_account, mask_id, normalise_plate
from claimdesk.language import N_, _
from claimdesk.models import Case, CaseMotor, CaseParty, Document, PartyRecord, PayeeAccount, Payment, Policy
from claimdesk.models.rows import get
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.files import digest
from claimdesk.services.payee_accounts import Payee, account_of
from claimdesk.services.payment import lock_case
from claimdesk.vocabulary import DocumentKind, DocumentState, Line, Outcome, Party, label

CARDS = frozenset(
    {DocumentKind.ID_CARD, DocumentKind.DRIVING_LICENCE, DocumentKind.VEHICLE_LICENCE, DocumentKind.BANK_CARD}
)
ACCOUNT = 'account'
_TABLES = {'person': PartyRecord, 'motor': CaseMotor, 'policy': Policy}
_LONGEST = {'address': 200, 'driver_name': 60, 'driver_licence': 24, 'vehicle_model': 60, 'other_plate': 12, 'vin': 20,
            'vehicle_owner': 60, 'engine_number': 24}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CardFact:
    """One thing that a card says: of whom, what, what the case says now ('' for nothing), and what the card says.

    `key` names it when it is taken over; '' where it is only shown. `now` and `said` are masked where the house does.
    """

    key: str
    about: str
    what: str
    now: str
    said: str

    @property
    def differs(self) -> bool:
        """Whether the case says something else: a person has to choose."""
        return bool(self.key and self.now)


@dataclass(frozen=True, slots=True)
class CardOffer:
    """What a confirmed card offers its case; `facts` is empty where the case knows all of it."""

    document_id: int
    title: str
    kind: DocumentKind
    case_id: int
    facts: tuple[CardFact, ...]
    mark: str = ''
    """What tells whether case and card still say what was compared."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What can be taken over."""
        return tuple(fact.key for fact in self.facts if fact.key)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the case does not know yet: filling it overwrites nothing."""
        return tuple(fact.key for fact in self.facts if fact.key and not fact.differs)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was written, for the way back: (table, row, column, before, after); an account by its row alone."""

    case_id: int
    changes: tuple[tuple[str, int, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Change:
    """A column that the card knows better or anew. `shown` masks it for reading."""

    table: str
    row: Any
    column: str
    about: str
    what: str
    said: str

    @property
    def key(self) -> str:
        return ACCOUNT if self.table == ACCOUNT else f'{self.table}.{self.column}'

    @property
    def now(self) -> str:
        return _held(self.row, self.column) if self.table != ACCOUNT else ''

    def shown(self, value: str) -> str:
        if self.column in ('id_number', 'driver_licence'):
            return mask_id(value)
        return mask_account(value) if self.table == ACCOUNT else value


class CardFacts:
    """Comparing confirmed cards with their case, and taking over what a person chose."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def offered(self, actor: Actor, document_id: int) -> CardOffer | None:
        """What the confirmed card offers its case; None for other papers and for a case that is closed."""
        with self._office.database.read() as session:
            return self._offer(session, actor, get(session, Document, document_id))

    def of_case(self, actor: Actor, case_id: int) -> list[CardOffer]:
        """The cards of a case that know something which the case does not say, the oldest first."""
        with self._office.database.read() as session:
            rows = session.scalars(
                select(Document)
                .where(Document.case_id == case_id, Document.kind.in_(CARDS), Document.removed_at.is_(None),
                       Document.state == DocumentState.CONFIRMED)
                .order_by(Document.id)
            )  # fmt: skip
            offers = [self._offer(session, actor, row) for row in rows]
            return [offer for offer in offers if offer is not None and offer.keys]

    def take_over(self, actor: Actor, document_id: int, keys: Collection[str], mark: str = '') -> TakenOver:
        """Write what `keys` name into the case; `mark` is that of the offer which a person has seen.

        Raises `NotAllowed`, `NotFound`, `InvalidInput` for nothing, and `Conflict` where what was offered has changed.
        """
        with self._office.write(actor, N_("took over what a card says")) as session:
            document = get(session, Document, document_id)
            case = _case_of(session, document)
            changes = _changes(session, document, case) if case else []
            if mark and mark != _mark(changes):
                raise Conflict(
                    _("Case or card have changed since they were compared."), _("Look at what differs now.")
                )
            wanted = [one for one in changes if one.key in keys]
            if case is None or not wanted:
                raise InvalidInput(_("The case knows all that this card says."), _("Open the case again."))
            done = []
            for one in wanted:
                require(actor, Permission.PAY if one.table == ACCOUNT else Permission.EDIT_CASE)
                done.append(self._write(session, actor, case, one))
            touch(session, case, self._office)
            return TakenOver(case.id, tuple(done))

    def give_back(self, actor: Actor, taken: TakenOver) -> None:
        """Undo a take-over; what somebody changed meanwhile stays. Raises `NotAllowed`, `NotFound`."""
        with self._office.write(actor, N_("took back what a card had said")) as session:
            case = lock_case(session, taken.case_id)  # nobody prepares a payment to that account meanwhile
            if case.outcome is not Outcome.OPEN:
                raise InvalidInput(_("The case is closed."), _("Reopen it before changing it."))
            for table, row_id, column, before, after in taken.changes:
                require(actor, Permission.PAY if table == ACCOUNT else Permission.EDIT_CASE)
                if table == ACCOUNT:
                    account = session.get(PayeeAccount, row_id)
                    used = session.scalar(select(Payment.id).where(Payment.payee_account_id == row_id).limit(1))
                    if account is not None and used is None:
                        session.delete(account)
                    continue
                row = session.get(_TABLES[table], row_id)
                if row is not None and _held(row, column) == after:
                    _hold(row, column, before)
            touch(session, case, self._office)

    def _offer(self, session: Session, actor: Actor, document: Document) -> CardOffer | None:
        case = _case_of(session, document)
        if case is None:
            return None
        changes = _changes(session, document, case)
        facts = [
            CardFact(
                one.key if actor.may(Permission.PAY if one.table == ACCOUNT else Permission.EDIT_CASE) else '',
                one.about, one.what, one.shown(one.now), one.shown(one.said),
            )
            for one in changes
        ]  # fmt: skip
        facts += _shown(document)
        return CardOffer(document.id, document.title, document.kind, case.id, tuple(facts), _mark(changes))

    def _write(self, session: Session, actor: Actor, case: Case, one: _Change) -> tuple[str, int, str, str, str]:
        if one.table == ACCOUNT:
            account = account_of(
                session, case, Payee(one.about, one.column, one.said), actor, self._office.now(), _("From a bank card")
            )
            return ACCOUNT, account.id, '', '', ''
        before, after = one.now, one.said[: _LONGEST.get(one.column, 120)]
        _hold(one.row, one.column, after)
        return one.table, one.row.case_id if one.table == 'motor' else one.row.id, one.column, before, after


def _case_of(session: Session, document: Document) -> Case | None:
    """The open case of a confirmed card."""
    fits = document.kind in CARDS and document.state is DocumentState.CONFIRMED and document.removed_at is None
    if not fits or document.case_id is None or not document.fields:
        return None
    case = get(session, Case, document.case_id)
    return case if case.outcome is Outcome.OPEN else None


def _changes(session: Session, document: Document, case: Case) -> list[_Change]:
    """What the card says and the case does not, or says differently."""
    said = {name: str(value).strip() for name, value in (document.fields or {}).items()}
    found = {
        DocumentKind.ID_CARD: _of_person,
        DocumentKind.DRIVING_LICENCE: _of_driver,
        DocumentKind.VEHICLE_LICENCE: _of_vehicle,
        DocumentKind.BANK_CARD: _of_account,
    }[document.kind](session, case, said)
    return [one for one in found if one.said and _plain(one.said) != _plain(one.now)]


def _mark(changes: Sequence[_Change]) -> str:
    return digest(repr([(one.key, one.about, one.now, one.said) for one in changes]).encode())[:16]


def _of_person(session: Session, case: Case, said: Mapping[str, str]) -> Iterator[_Change]:
    place = _place_of(session, case, said)
    if place is None:
        return
    about = _who(place)
    yield _Change('person', place.party, 'id_number', about, _("Identity number"), said.get('id_number', '').upper())
    yield _Change('person', place.party, 'born_on', about, _("Date of birth"), said.get('birth_date', ''))
    yield _Change('person', place.party, 'address', about, _("Address"), said.get('address', ''))
    if place.role not in (Party.HOLDER, Party.INSURED):  # the policy says who those are
        yield _Change('person', place.party, 'name', about, _("Name"), said.get('name', ''))


def _place_of(session: Session, case: Case, said: Mapping[str, str]) -> CaseParty | None:
    """Whose card it is: by its number, else by the name, where somebody without a number goes first."""
    places = session.scalars(select(CaseParty).where(CaseParty.case_id == case.id).order_by(CaseParty.id)).all()
    number = said.get('id_number', '').upper()
    same = [one for one in places if number and one.party.id_number == number]
    same = same or [one for one in places if one.party.name == said.get('name') and not one.party.id_number]
    same = same or [one for one in places if one.party.name == said.get('name')]
    return same[0] if same else None


def _who(place: CaseParty) -> str:
    return f'{label(place.role)} {place.party.name}'


def _of_driver(session: Session, case: Case, said: Mapping[str, str]) -> Iterator[_Change]:
    motor = session.get(CaseMotor, case.id) if case.line is Line.MOTOR else None
    if motor is not None:
        about = _("Driver")
        yield _Change('motor', motor, 'driver_name', about, _("Name"), said.get('name', ''))
        if not motor.driver_name or motor.driver_name == said.get('name'):
            yield _Change('motor', motor, 'driver_licence', about, _("Licence number"), said.get('id_number', ''))
    place = _place_of(session, case, said)
    if place is not None:
        yield _Change('person', place.party, 'born_on', _who(place), _("Date of birth"), said.get('birth_date', ''))


def _of_vehicle(session: Session, case: Case, said: Mapping[str, str]) -> Iterator[_Change]:
    motor = session.get(CaseMotor, case.id) if case.line is Line.MOTOR else None
    policy = get(session, Policy, case.policy_id)
    plate = normalise_plate(said.get('plate', ''))
    if motor is None or not plate:
        return
    if plate == normalise_plate(case.plate):
        about = _("Insured vehicle {plate}").format(plate=case.plate)
        if not policy.vin:
            yield _Change('policy', policy, 'vin', about, _("Vehicle identification number"), said.get('vin', ''))
        if not motor.vehicle_model:
            yield _Change('motor', motor, 'vehicle_model', about, _("Make and model"), said.get('model', ''))
        yield _Change('motor', motor, 'vehicle_owner', about, _("Owner"), said.get('owner', ''))
        yield _Change('motor', motor, 'engine_number', about, _("Engine number"), said.get('engine_number', ''))
    elif not motor.other_plate or normalise_plate(motor.other_plate) != plate:
        yield _Change('motor', motor, 'other_plate', _("Third party's vehicle"), _("Plate"), plate)


def _of_account(session: Session, case: Case, said: Mapping[str, str]) -> Iterator[_Change]:
    number, bank = ''.join(said.get('card_number', '').split()), said.get('bank_name', '')
    known = session.scalars(select(PayeeAccount.account_number).where(PayeeAccount.case_id == case.id)).all()
    if number and bank and number not in known:
        yield _Change(ACCOUNT, None, bank, case.insured_name, bank, number)


def _shown(document: Document) -> list[CardFact]:
    """What has no place in the case but is worth a look: what the driver may drive, and until when."""
    said = document.fields or {}
    if document.kind is not DocumentKind.DRIVING_LICENCE:
        return []
    until = ' – '.join(filter(None, (said.get('valid_from', ''), said.get('valid_until', ''))))
    told = ((_("Licence class"), said.get('licence_class', '')), (_("Valid"), until))
    return [CardFact('', _("Driver"), what, '', str(value)) for what, value in told if value]


def _held(row: Any, column: str) -> str:
    """What a column holds, as a card spells it; '' for nothing."""
    return str(getattr(row, column) or '')


def _hold(row: Any, column: str, value: str) -> None:
    if column == 'born_on':
        row.born_on = dt.date.fromisoformat(value) if value else None
    else:
        setattr(row, column, value)


def _plain(value: str) -> str:
    return ''.join(value.split()).upper()
