"""Adjustment: what is payable on a case, computed from confirmed amounts, kept with every step until it is approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Calculation, Case, Coverage, LossItem
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.adjustment import Adjustment, Request, adjust, problems
from claimdesk.rules.adjustment.compulsory import Compulsory
from claimdesk.rules.adjustment.inputs import NOTHING
from claimdesk.rules.adjustment.medical import Medical
from claimdesk.rules.adjustment.motor import OwnDamage, Seats, ThirdParty
from claimdesk.rules.adjustment.property_cover import Property
from claimdesk.rules.permissions import Permission
from claimdesk.services.advance import unpaid_advance
from claimdesk.services.assessment import loss_totals
from claimdesk.services.calculation_kept import Sources, kept_request, kept_sheets
from claimdesk.services.calculation_view import CalculationView, view_of
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.cover_use import beyond, note_use
from claimdesk.services.proposal import Proposal, figures_at, propose, with_sources
from claimdesk.vocabulary import ApprovalState, CalculationKind, LossKind, Stage


class Adjustments:
    """Calculating a case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[CalculationView]:
        """The calculations of the case, advances among them, the newest first."""
        query = select(Calculation).where(Calculation.case_id == case_id).order_by(Calculation.number.desc())
        with self._office.database.read() as session:
            return [view_of(session, row) for row in session.scalars(query)]

    def proposal(self, actor: Actor, case_id: int, coverages: Sequence[int] = ()) -> Proposal:
        """What the file says, of these covers or of those that the loss items speak of. Raises `NotFound`."""
        with self._office.database.read() as session:
            return propose(session, get(session, Case, case_id), coverages)

    def preview(self, actor: Actor, case_id: int, request: Request) -> Adjustment:
        """The sheets that `request` would give; nothing is kept. Raises `InvalidInput` by path."""
        _check(request)
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            return adjust(replace(request, figures=figures_at(session, case), advanced=case.paid_amount))

    def save(self, actor: Actor, case_id: int, version: int, request: Request) -> CalculationView:
        """Keep a calculation; until it is handed in, a later one takes its place.

        The clause, the office's figures, what is paid already and what earlier claims have used are read anew.
        Raises `NotAllowed`, `InvalidInput` by path (also where a loss item is still open), and `Conflict`.
        """
        require(actor, Permission.ADJUST)
        _check(request)
        with self._office.write(actor, N_("calculated the payment")) as session:
            case = get_for_edit(session, Case, case_id, version)
            covers = [part.coverage_id for part in request.parts if part.coverage_id is not None]
            proposal = propose(session, case, covers)
            request = replace(
                request,
                clause=proposal.request.clause,
                figures=proposal.request.figures,
                advanced=case.paid_amount,
            )
            _may_calculate(session, case, request)
            sources = with_sources(request, proposal)
            wrong = beyond(session, case, request, sources)
            if wrong:
                raise InvalidInput(_("Some fields need your attention."), '', wrong)
            row = keep(session, case, request, sources, adjust(request), actor, self._office.now())
            touch(session, case, self._office)
            session.flush()
            return view_of(session, row)


def keep(
    session: Session,
    case: Case,
    request: Request,
    sources: Sequence[Sources],
    result: Adjustment,
    actor: Actor,
    now: dt.datetime,
) -> Calculation:
    """Write the final calculation that is being made, over the one that was not handed in yet."""
    row = session.scalar(
        select(Calculation).where(
            Calculation.case_id == case.id,
            Calculation.state == ApprovalState.PENDING,
            Calculation.kind == CalculationKind.FINAL,
        )
    )
    if row is None:
        last = session.scalar(select(func.max(Calculation.number)).where(Calculation.case_id == case.id))
        row = Calculation(case_id=case.id, number=(last or 0) + 1)
        session.add(row)
    row.coverage_id = request.parts[0].coverage_id
    row.payable, row.advanced = result.payable, result.advanced
    row.inputs, row.steps = kept_request(request, sources), kept_sheets(result.sheets)
    row.made_by, row.made_at = actor.id, now
    session.flush()
    note_use(session, case, row, request, result)
    return row


def _check(request: Request) -> None:
    wrong = problems(request)
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)


def _may_calculate(session: Session, case: Case, request: Request) -> None:
    if case.stage is not Stage.ADJUSTMENT:
        raise InvalidInput(
            _("The case is not at the adjustment stage."), _("A calculation that was handed in is not changed.")
        )
    for part in request.parts:
        coverage = get(session, Coverage, part.coverage_id)
        if coverage.policy_id != case.policy_id:
            raise InvalidInput(_("This cover does not belong to the policy of the case."), _("Choose another cover."))
        if request.clause not in part.formula.clauses:
            raise InvalidInput(_("The policy's clause does not know this cover."), _("Choose another cover."))
    if loss_totals(session, case.id).open_lines:
        raise InvalidInput(
            _("Some loss items are not confirmed yet."), _("Nothing unconfirmed enters a calculation: confirm them.")
        )
    if unpaid_advance(session, case.id) is not None:
        raise InvalidInput(
            _("An advance is approved or waits for approval, and is not paid yet."),
            _("Have it paid, or reverse it, before the claim is settled."),
        )
    _not_more_than_confirmed(session, case, request)


def _not_more_than_confirmed(session: Session, case: Case, request: Request) -> None:
    """Every loss that enters was confirmed: the covers together ask for no more than the loss items add up to."""
    items = session.scalars(select(LossItem).where(LossItem.case_id == case.id)).all()
    confirmed = sum((item.confirmed or NOTHING for item in items if item.kind is not LossKind.SALVAGE), NOTHING)
    asked, first = NOTHING, ''
    for place, part in enumerate(request.parts):
        name, amount = _asked(part.inputs)
        asked += amount
        if amount and not first:
            first = f'parts[{place}].{name}'
    if asked > confirmed:
        sentence = _("More than the confirmed loss items add up to ({amount}).").format(amount=f'{confirmed:,.2f}')
        raise InvalidInput(_("Some fields need your attention."), '', {first: sentence})


def _asked(inputs: object) -> tuple[str, Decimal]:
    """The loss that a part asks for, with the name of the field that holds it; benefits of a fixed sum ask for none."""
    if isinstance(inputs, OwnDamage):
        return 'loss', (NOTHING if inputs.total_loss else inputs.loss) + inputs.rescue
    if isinstance(inputs, ThirdParty):
        name = next((one for one in ('property', 'medical', 'death') if getattr(inputs, one)), 'property')
        return name, inputs.death + inputs.medical + inputs.property
    if isinstance(inputs, Seats):
        return 'people', sum((person.loss for person in inputs.people), NOTHING)
    if isinstance(inputs, Compulsory):
        return 'victims', sum((one.death + one.medical + one.property for one in inputs.victims), NOTHING)
    if isinstance(inputs, Medical):
        return 'cost', inputs.cost
    if isinstance(inputs, Property):
        return 'loss', inputs.loss + inputs.rescue
    return '', NOTHING
