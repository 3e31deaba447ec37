"""Signing: approving, passing up, and recording the head office's decision, each with the password of who decides.

A signature covers a statement (see `statement`) that names the calculation by the SHA-256 of its canonical bytes, so
that anything changed afterwards, by whatever way, no longer fits it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Calculation, Case, Document, SigningKey, SignOff
from claimdesk.models.rows import get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.assignment import choose, refusal
from claimdesk.rules.authority import RETURNS_KEY, ReturnReason, returns_from
from claimdesk.rules.permissions import PERMISSIONS, Permission
from claimdesk.rules.workflow import MOVES, Move
from claimdesk.services.advance import may_approve_advance
from claimdesk.services.assigning import candidates_for, jobs_of, weights_of
from claimdesk.services.calculation_kept import canonical
from claimdesk.services.case_facts import case_facts, standing_of
from claimdesk.services.cases import RowResult
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.moving import carry_out, each_case, pending_calculation, refuse_if_blocked
from claimdesk.services.office_rules import rule_at
from claimdesk.services.signing_keys import Signer, open_key, signature_holds
from claimdesk.vocabulary import ApprovalState, Decision, Stage

FORMAT = 'claimdesk-sign-off-1'
_APPROVING = tuple(role for role, allowed in PERMISSIONS.items() if Permission.APPROVE in allowed)


@dataclass(frozen=True, slots=True)
class SignOffView:
    """A decision on a calculation; `problem` is '' while the signature holds, and for a return, which bears none."""

    id: int
    calculation_id: int
    calculation: int
    decision: Decision
    level: str
    amount: Decimal
    note: str
    reference: str
    document_id: int | None
    signed_by: str
    signed_at: dt.datetime
    key: str
    problem: str

    @property
    def signed(self) -> bool:
        """Whether this decision bears a signature."""
        return bool(self.key)


class SignOffs:
    """Deciding on calculations, with a signature."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[SignOffView]:
        """Every decision on the case, the newest first, each checked against what is kept now."""
        with self._office.database.read() as session:
            return [_view(session, row) for row in _of_case(session, case_id)][::-1]

    def approve(self, actor: Actor, case_id: int, version: int, password: str, note: str = '') -> None:
        """Approve the calculation that waits, and sign it.

        Raises `NotAllowed`, `InvalidInput` (the password, or everything that speaks against it), and `Conflict`.
        """
        require(actor, Permission.APPROVE)
        self._decide(open_key(self._office, actor, password), actor, case_id, version, Move.APPROVE, note)

    def approve_many(
        self, actor: Actor, case_ids: Sequence[int], password: str, progress: Progress = quiet
    ) -> list[RowResult]:
        """Approve many with one password, each signed for itself; one that cannot be does not stop the others."""
        require(actor, Permission.APPROVE)
        signer = open_key(self._office, actor, password)
        return each_case(
            self._office,
            case_ids,
            lambda case_id, version: self._decide(signer, actor, case_id, version, Move.APPROVE, ''),
            _("Approving"),
            progress,
        )

    def pass_up(self, actor: Actor, case_id: int, version: int, password: str, note: str) -> str:
        """Endorse the calculation and hand it to somebody whose authority covers it; their name.

        Raises `NotAllowed`, `InvalidInput` also where nobody present may approve so much, and `Conflict`.
        """
        require(actor, Permission.APPROVE)
        if not note.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        signer = open_key(self._office, actor, password)
        rule = MOVES[Move.PASS_UP]
        with self._office.write(actor, rule.done_label) as session:
            case = get_for_edit(session, Case, case_id, version)
            refuse_if_blocked(Move.PASS_UP, case_facts(session, case, actor, self._office), actor)
            calculation = _waiting(session, case)
            self._sign(session, signer, actor, case, calculation, Decision.PASSED_UP, note)
            owner, why = self._above(session, actor, case, calculation.payable)
            case.owner_id, case.team_id, case.assigned_why = owner.id, owner.team_id, why
            touch(session, case, self._office)
            return owner.name

    def record_head_office(
        self,
        actor: Actor,
        case_id: int,
        version: int,
        password: str,
        *,
        reference: str,
        document_id: int | None,
        note: str,
    ) -> None:
        """Record that the head office has approved: its reference and its letter in the file of the case, signed.

        Raises `NotAllowed`, `InvalidInput`, `Conflict`.
        """
        require(actor, Permission.APPROVE)
        wrong = {}
        if not reference.strip():
            wrong['reference'] = _("Enter the number of the head office's letter.")
        if document_id is None:
            wrong['document'] = _("Choose the head office's letter among the documents of the case.")
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), '', wrong)
        signer = open_key(self._office, actor, password)
        self._decide(signer, actor, case_id, version, Move.HEAD_OFFICE, note, reference.strip(), document_id)

    def give_back(self, actor: Actor, case_id: int, version: int, code: str, note: str) -> None:
        """Return the calculation to the adjuster with one of the office's codes, and words of one's own.

        Raises `NotAllowed`, `InvalidInput`, `Conflict`.
        """
        require(actor, Permission.APPROVE)
        rule = MOVES[Move.RETURN_CALCULATION]
        with self._office.write(actor, rule.done_label) as session:
            case = get_for_edit(session, Case, case_id, version, stage=rule.to_stage)
            known = {one.code: one for one in self._return_reasons(session, actor)}
            if code not in known:
                sentence = _("Choose a reason.")
                raise InvalidInput(sentence, '', {'code': sentence})
            facts = case_facts(session, case, actor, self._office)
            refuse_if_blocked(Move.RETURN_CALCULATION, facts, actor)
            calculation, now = _waiting(session, case), self._office.now()
            session.add(
                SignOff(
                    case_id=case.id, calculation_id=calculation.id, decision=Decision.RETURNED,
                    amount=calculation.payable, reason_code=code, note=note.strip(), signed_by=actor.id, signed_at=now,
                )
            )  # fmt: skip
            reason = ' '.join(filter(None, (code, _(known[code].words), note.strip())))[:400]
            carry_out(session, self._office, actor, case, Move.RETURN_CALCULATION, reason, now)
            touch(session, case, self._office)

    def approve_advance(
        self, actor: Actor, calculation_id: int, version: int, password: str, note: str = ''
    ) -> None:
        """Approve an advance payment within one's authority, and sign it; the case stays where it is.

        Raises `NotAllowed`, `InvalidInput` (the password, the authority, or what can be determined), and `Conflict`.
        """
        require(actor, Permission.APPROVE)
        signer = open_key(self._office, actor, password)
        with self._office.write(actor, N_("approved an advance payment")) as session:
            row = get_for_edit(session, Calculation, calculation_id, version)
            case = session.get_one(Case, row.case_id)
            may_approve_advance(session, row, case, actor)
            if not standing_of(session, actor, case.line, self._office.today()).covers(row.payable):
                raise InvalidInput(
                    _("The amount is above your authority."), _("Somebody of a higher level has to decide.")
                )
            session.refresh(row)
            now = self._sign(session, signer, actor, case, row, Decision.APPROVED, note)
            row.state, row.decided_by, row.decided_at = ApprovalState.APPROVED, actor.id, now
            row.reason = note.strip()
            touch(session, case, self._office)

    def return_reasons(self, actor: Actor) -> tuple[ReturnReason, ...]:
        """The codes with which a calculation may be returned today, in words of the language in use."""
        with self._office.database.read() as session:
            return tuple(ReturnReason(one.code, _(one.words)) for one in self._return_reasons(session, actor))

    def _return_reasons(self, session: Session, actor: Actor) -> tuple[ReturnReason, ...]:
        return returns_from(rule_at(session, actor.office_id, RETURNS_KEY, self._office.today(), None))

    def _decide(
        self, signer: Signer, actor: Actor, case_id: int, version: int, move: Move, note: str, reference: str = '',
        document_id: int | None = None,
    ) -> None:  # fmt: skip
        rule = MOVES[move]
        with self._office.write(actor, rule.done_label) as session:
            case = get_for_edit(session, Case, case_id, version, stage=rule.to_stage)
            refuse_if_blocked(move, case_facts(session, case, actor, self._office), actor)
            if document_id is not None:
                _must_be_in_file(session, case, document_id)
            decision = Decision.HEAD_OFFICE if move is Move.HEAD_OFFICE else Decision.APPROVED
            calculation = _waiting(session, case)
            now = self._sign(session, signer, actor, case, calculation, decision, note, reference, document_id)
            carry_out(session, self._office, actor, case, move, note.strip(), now)
            touch(session, case, self._office)

    def _sign(
        self, session: Session, signer: Signer, actor: Actor, case: Case, calculation: Calculation,
        decision: Decision, note: str, reference: str = '', document_id: int | None = None,
    ) -> dt.datetime:  # fmt: skip
        """Keep the decision with its signature; when it was signed."""
        key = session.get_one(SigningKey, signer.key_id)
        if key.retired_at is not None:
            raise InvalidInput(_("Your password has been changed meanwhile."), _("Sign again with the new one."))
        row = SignOff(
            case_id=case.id,
            calculation_id=calculation.id,
            decision=decision,
            level=standing_of(session, actor, case.line, self._office.today()).level,
            amount=calculation.payable,
            note=note.strip(),
            reference=reference,
            document_id=document_id,
            signed_by=actor.id,
            signed_at=self._office.now(),
            key_id=signer.key_id,
            digest=digest(calculation),
        )
        row.signature = signer.sign(statement(row, signer.public_key))
        session.add(row)
        session.flush()
        return row.signed_at

    def _above(self, session: Session, actor: Actor, case: Case, amount: Decimal) -> tuple[Account, str]:
        """Who decides next: of those present with enough authority who did not work on the case, by what is owed."""
        weights = weights_of(session, self._office, actor.office_id)
        job = jobs_of(session, [case], weights, Stage.APPROVAL)[case.id]
        job = replace(job, worked=job.worked | {actor.id})
        people = {
            one.user_id: one
            for role in _APPROVING
            for one in candidates_for(session, self._office, actor.office_id, role, line=case.line, asked=amount)
        }
        choice = choose(list(people.values()), job, weights)
        if choice is not None:
            return session.get_one(Account, choice.user_id), choice.why
        held = [
            f'{one.name}: {refusal(one, job, weights)}'
            for one in people.values()
            if one.authority and one.user_id not in job.worked
        ]
        if held:
            raise InvalidInput(_("Nobody who may decide on so much can take it now."), _(", ").join(held))
        raise InvalidInput(
            _("Nobody in the office may decide on so much."),
            _("Ask an administrator to look at the levels of authority in the settings."),
        )


def digest(calculation: Calculation) -> str:
    """The SHA-256 of the calculation's canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(calculation)).hexdigest()


def statement(row: SignOff, public_key: str) -> bytes:
    """What is signed: UTF-8 JSON with sorted keys and no blanks; documented in docs/formats.md."""
    content = {
        'format': FORMAT,
        'case': row.case_id,
        'calculation': row.calculation_id,
        'calculation_sha256': row.digest,
        'decision': row.decision.value,
        'level': row.level,
        'amount': f'{row.amount:.2f}',
        'note': row.note,
        'reference': row.reference,
        'document': row.document_id,
        'signed_by': row.signed_by,
        'signed_at': row.signed_at.astimezone(dt.UTC).isoformat(timespec='microseconds'),
        'key': public_key,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(',', ':')).encode()


def problem_of(session: Session, row: SignOff) -> str:
    """Why the signature of `row` no longer holds, or ''. A return bears no signature."""
    if row.decision is Decision.RETURNED:
        return ''
    key = session.get(SigningKey, row.key_id) if row.key_id else None
    calculation = session.get(Calculation, row.calculation_id)
    if key is None or calculation is None:
        return _("What it was signed with, or what was signed, is gone.")
    if key.account_id != row.signed_by:
        return _("The key belongs to somebody else.")
    if row.signed_at < key.created_at or (key.retired_at is not None and row.signed_at > key.retired_at):
        return _("The key was not valid at the time of the signature.")
    if not signature_holds(key.public_key, row.signature, statement(row, key.public_key)):
        return _("The signature does not fit the decision as it is kept now.")
    if digest(calculation) != row.digest:
        return _("The calculation has been changed since it was signed.")
    return ''


def _of_case(session: Session, case_id: int) -> Sequence[SignOff]:
    return session.scalars(select(SignOff).where(SignOff.case_id == case_id).order_by(SignOff.id)).all()


def _waiting(session: Session, case: Case) -> Calculation:
    calculation = pending_calculation(session, case.id)
    if calculation is None:
        raise InvalidInput(_("No calculation waits for approval."), _("Refresh the case."))
    # What is signed is what the database holds, not what a session remembers.
    session.refresh(calculation)
    return calculation


def _must_be_in_file(session: Session, case: Case, document_id: int) -> None:
    document = session.get(Document, document_id)
    if document is None or document.case_id != case.id or document.removed_at is not None:
        sentence = _("This document is not in the file of the case.")
        raise InvalidInput(sentence, _("File the head office's letter first."), {'document': sentence})


def _view(session: Session, row: SignOff) -> SignOffView:
    calculation = session.get(Calculation, row.calculation_id)
    key = session.get(SigningKey, row.key_id) if row.key_id else None
    name = session.scalar(select(Account.name).where(Account.id == row.signed_by))
    return SignOffView(
        id=row.id,
        calculation_id=row.calculation_id,
        calculation=calculation.number if calculation else 0,
        decision=row.decision,
        level=_(row.level) if row.level else '',
        amount=row.amount,
        note=row.note,
        reference=row.reference,
        document_id=row.document_id,
        signed_by=name or '',
        signed_at=row.signed_at,
        key=key.public_key[:16] if key else '',
        problem=problem_of(session, row),
    )
