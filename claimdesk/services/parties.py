"""The people of a case: who is who, how to reach them, taken in, corrected and taken out again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.identifiers import birth_of, id_number_ok, phone_ok, pinyin_initials
from claimdesk.language import N_, _
from claimdesk.models import Case, CaseParty, PartyRecord
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import Outcome, Party

FROM_POLICY = frozenset({Party.HOLDER, Party.INSURED})
"""Those whom the policy names: how to reach them can be corrected here, who they are cannot."""


@dataclass(frozen=True, slots=True)
class PartyView:
    """Somebody in the case, and how to reach them. `id` is the place in this case, `version` that of the person."""

    role: Party
    name: str
    phone: str
    address: str
    id_number: str = ''
    company: bool = False
    born_on: dt.date | None = None
    id: int = 0
    version: int = 0

    @property
    def from_policy(self) -> bool:
        """Whether the policy says who this is."""
        return self.role in FROM_POLICY


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """What is typed of a person or company."""

    role: Party
    name: str
    phone: str = ''
    address: str = ''
    id_number: str = ''
    company: bool = False
    born_on: dt.date | None = None


class Parties:
    """Changing who is in a case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def add(self, actor: Actor, case_id: int, entry: PartyEntry) -> None:
        """Take somebody into the case; a person with the same name and number is the same person.

        Raises `NotAllowed`, `InvalidInput` by field.
        """
        require(actor, Permission.EDIT_CASE)
        clean = _checked(entry)
        if clean.role in FROM_POLICY:
            raise InvalidInput(_("The policy says who this is."), '', {'role': _("Choose another role.")})
        with self._office.write(actor, N_("took a person into the case")) as session:
            case = _open_case(session, case_id)
            person = _same_person(session, clean)
            if person is None:
                person = PartyRecord()
                session.add(person)
            else:
                clean = replace(
                    clean, phone=clean.phone or person.phone, address=clean.address or person.address,
                    born_on=clean.born_on or person.born_on,
                )  # fmt: skip
            _fill(person, clean)
            session.flush()
            if _there(session, case.id, person.id, clean.role):
                raise InvalidInput(
                    _("This person is in the case in that role already."), '', {'name': _("Already in the case.")}
                )
            session.add(CaseParty(case_id=case.id, party_id=person.id, role=clean.role))
            touch(session, case, self._office)

    def change(self, actor: Actor, place_id: int, version: int, entry: PartyEntry) -> None:
        """Correct what is known of somebody in the case; it holds in every case that the person is in.

        Raises `NotAllowed`, `NotFound`, `InvalidInput` by field, `Conflict`.
        """
        require(actor, Permission.EDIT_CASE)
        with self._office.write(actor, N_("corrected a person of the case")) as session:
            place = get(session, CaseParty, place_id)
            case = _open_case(session, place.case_id)
            clean = _checked(entry, place.party.id_number)
            mine = {name: getattr(clean, name) for name in ('name', 'phone', 'address', 'id_number', 'born_on')}
            person = get_for_edit(session, PartyRecord, place.party_id, version, **mine)
            if place.role in FROM_POLICY and (clean.name != person.name or clean.role is not place.role):
                raise InvalidInput(
                    _("The policy says who this is."), _("A wrong name is corrected where the policy was written.")
                )
            if clean.role in FROM_POLICY and clean.role is not place.role:
                raise InvalidInput(_("The policy says who this is."), '', {'role': _("Choose another role.")})
            if clean.role is not place.role and _there(session, case.id, person.id, clean.role):
                raise InvalidInput(
                    _("This person is in the case in that role already."), '', {'role': _("Already in the case.")}
                )
            _fill(person, clean)
            place.role = clean.role
            touch(session, case, self._office)

    def remove(self, actor: Actor, place_id: int) -> None:
        """Take somebody out of the case again; what is known of the person stays. Raises as `change`."""
        require(actor, Permission.EDIT_CASE)
        with self._office.write(actor, N_("took a person out of the case")) as session:
            place = get(session, CaseParty, place_id)
            case = _open_case(session, place.case_id)
            if place.role in FROM_POLICY:
                raise InvalidInput(_("The policy says who this is."))
            session.delete(place)
            touch(session, case, self._office)


def parties_of(session: Session, case_id: int) -> tuple[PartyView, ...]:
    """Everybody in the case, those of the policy first."""
    rows = session.scalars(select(CaseParty).where(CaseParty.case_id == case_id).order_by(CaseParty.id)).all()
    views = [
        PartyView(
            role=row.role,
            name=row.party.name,
            phone=row.party.phone,
            address=row.party.address,
            id_number=row.party.id_number,
            company=row.party.kind == 'company',
            born_on=row.party.born_on,
            id=row.id,
            version=row.party.version,
        )
        for row in rows
    ]
    return tuple(sorted(views, key=lambda view: not view.from_policy))


def _checked(entry: PartyEntry, known_number: str = '') -> PartyEntry:
    clean: dict[str, Any] = {
        field.name: value.strip() if type(value) is str else value
        for field in fields(entry)
        for value in (getattr(entry, field.name),)
    }
    wrong = problems(clean, known_number)
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
    clean['id_number'] = clean['id_number'].upper()
    return PartyEntry(**clean)


def problems(typed: Mapping[str, Any], known_number: str = '') -> dict[str, str]:
    """What is wrong with what was typed, by field; empty if nothing is.

    An identity number that was known before is not questioned when something else is corrected.
    """
    wrong: dict[str, str] = {}
    if not typed['name'].strip():
        wrong['name'] = _("Enter this.")
    if typed['phone'].strip() and not phone_ok(typed['phone'].strip()):
        wrong['phone'] = _("This is not a phone number.")
    number = typed['id_number'].strip().upper()
    if number != known_number and not typed['company'] and len(number) == 18 and not id_number_ok(number):
        # Passports and residence permits have other lengths and cannot be checked.
        wrong['id_number'] = _("The check digit of this identity number does not fit.")
    born, said = typed['born_on'], birth_of(number)
    if born is not None and typed['company']:
        wrong['born_on'] = _("A company was not born.")
    elif born is not None and said is not None and born != said:
        wrong['born_on'] = _("By the identity number it is {day}.").format(day=said)
    return wrong


def _same_person(session: Session, entry: PartyEntry) -> PartyRecord | None:
    if not entry.id_number:
        return None
    return session.scalar(
        select(PartyRecord)
        .where(PartyRecord.id_number == entry.id_number, PartyRecord.name == entry.name)
        .order_by(PartyRecord.id)
        .limit(1)
    )


def _fill(person: PartyRecord, entry: PartyEntry) -> None:
    person.kind = 'company' if entry.company else 'person'
    person.name, person.pinyin = entry.name, pinyin_initials(entry.name)
    person.phone, person.address, person.id_number = entry.phone, entry.address, entry.id_number
    person.born_on = entry.born_on or (None if entry.company else birth_of(entry.id_number))


def _there(session: Session, case_id: int, party_id: int, role: Party) -> bool:
    return bool(
        session.scalar(
            select(func.count())
            .select_from(CaseParty)
            .where(CaseParty.case_id == case_id, CaseParty.party_id == party_id, CaseParty.role == role)
        )
    )


def _open_case(session: Session, case_id: int) -> Case:
    case = get(session, Case, case_id)
    if case.outcome is not Outcome.OPEN:
        raise InvalidInput(_("The case is closed."), _("Reopen it before changing it."))
    return case
