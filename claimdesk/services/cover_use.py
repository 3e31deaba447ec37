"""How much of a cover earlier claims have used: limits and deductibles over a policy year or an accident.

Read and written in the transaction that saves or approves a calculation, with the cover's row locked, so that two
desks at once cannot pay more than the limit between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from claimdesk.amounts import money_text
from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.models import Calculation, Case, CaseMedical, Coverage, CoverUse, Policy
from claimdesk.models.types import Money
from claimdesk.rules.adjustment import Adjustment, Figures, Formula, Request
from claimdesk.rules.adjustment.figures import Scope
from claimdesk.rules.adjustment.inputs import NOTHING
from claimdesk.services.calculation_kept import Sources, request_of
from claimdesk.services.context import SHANGHAI
from claimdesk.services.paper_worth import refuse_unfit
from claimdesk.vocabulary import ApprovalState, CalculationKind, Outcome


@dataclass(frozen=True, slots=True)
class Used:
    """What other claims have used, in yuan, and in which cases."""

    limit: Decimal = NOTHING
    deductible: Decimal = NOTHING
    cases: tuple[str, ...] = ()


def scope_of(session: Session, case: Case, formula: Formula, figures: Figures) -> str:
    """Together with what the use of a cover counts: the insured person's policy year, or the accident."""
    over_the_year = formula.yearly
    if formula.kind == 'property':
        over_the_year = figures.values['property.scope'] == Scope.YEAR.value
    if not over_the_year:
        return f'accident:{case.accident_id}'
    person = ''
    if formula.yearly:
        details = session.get(CaseMedical, case.id)
        person = (details.patient_name if details else '').strip() or case.insured_name
    return f'year:{_policy_year(session, case)}:{person}'


def _policy_year(session: Session, case: Case) -> int:
    """Which year of the policy the loss fell into, the first one being 1."""
    policy = session.get_one(Policy, case.policy_id)
    start, loss = policy.starts_at.astimezone(SHANGHAI).date(), case.loss_at.astimezone(SHANGHAI).date()
    before = (loss.month, loss.day) < (start.month, start.day)
    return max(1, loss.year - start.year + 1 - before)


def lock_covers(session: Session, coverage_ids: Sequence[int]) -> None:
    """Let nobody else save or approve on these covers until the transaction ends."""
    if coverage_ids:
        wanted = select(Coverage.id).where(Coverage.id.in_(sorted(set(coverage_ids)))).order_by(Coverage.id)
        session.execute(wanted.with_for_update()).all()


def used(session: Session, case_id: int, coverage_id: int, scope: str) -> Used:
    """What approved calculations of other cases have used of a cover.

    A case counts with its newest approved calculation, or with its advances as long as it has none.
    """
    row = session.execute(
        select(
            func.coalesce(func.sum(CoverUse.amount, type_=Money), NOTHING),
            func.coalesce(func.sum(CoverUse.deductible, type_=Money), NOTHING),
        ).where(*_counted(case_id, coverage_id, scope))
    ).one()
    numbers = session.scalars(
        select(Case.number)
        .where(Case.id.in_(select(Calculation.case_id).where(*_counted(case_id, coverage_id, scope))))
        .order_by(Case.number)
        .limit(5)
    ).all()
    return Used(Decimal(row[0]), Decimal(row[1]), tuple(numbers))


def _counted(case_id: int, coverage_id: int, scope: str) -> list[ColumnElement[bool]]:
    newer = aliased(Calculation)
    final = newer.kind == CalculationKind.FINAL
    superseded = (
        select(newer.id)
        .where(
            newer.case_id == Calculation.case_id,
            newer.state == ApprovalState.APPROVED,
            final,
            or_(Calculation.kind == CalculationKind.ADVANCE, newer.number > Calculation.number),
        )
        .exists()
    )
    live = select(Case.id).where(Case.outcome.in_([Outcome.OPEN, Outcome.PAID]))
    return [
        CoverUse.coverage_id == coverage_id,
        CoverUse.scope == scope,
        CoverUse.calculation_id == Calculation.id,
        Calculation.case_id != case_id,
        and_(Calculation.state == ApprovalState.APPROVED, Calculation.reversed_at.is_(None)),
        Calculation.case_id.in_(live),
        ~superseded,
    ]


def note_use(
    session: Session, case: Case, calculation: Calculation, request: Request, result: Adjustment
) -> None:
    """Keep what the calculation takes of each cover, in place of what was kept for it before."""
    for old in session.scalars(select(CoverUse).where(CoverUse.calculation_id == calculation.id)):
        session.delete(old)
    for part, sheet in zip(request.parts, result.sheets, strict=True):
        if part.coverage_id is not None:
            session.add(
                CoverUse(
                    calculation_id=calculation.id,
                    coverage_id=part.coverage_id,
                    scope=scope_of(session, case, part.formula, request.figures),
                    amount=sheet.limit_used,
                    deductible=sheet.deductible_used,
                )
            )


def beyond(session: Session, case: Case, request: Request, sources: Sequence[Sources]) -> dict[str, str]:
    """Where earlier claims have used something else than the request says, one sentence by path; locks the covers.

    What was entered by hand may be more than the office knows of, for a claim settled elsewhere, but not less.
    """
    lock_covers(session, [part.coverage_id for part in request.parts if part.coverage_id is not None])
    wrong: dict[str, str] = {}
    for place, (part, found) in enumerate(zip(request.parts, sources, strict=True)):
        if part.coverage_id is None or not hasattr(part.inputs, 'limit_used'):
            continue
        now = used(session, case.id, part.coverage_id, scope_of(session, case, part.formula, request.figures))
        for name, amount in (('limit_used', now.limit), ('deductible_used', now.deductible)):
            given: Decimal | None = getattr(part.inputs, name, None)
            by_hand = any(source.kind == 'hand' for source in found.get(name, ()))
            if given is not None and (amount > given or (amount < given and not by_hand)):
                wrong[f'parts[{place}].{name}'] = _("Other claims have used {amount} by now ({cases}).").format(
                    amount=money_text(amount), cases=', '.join(now.cases) or '–'
                )
    return wrong


def check_before_approval(session: Session, case: Case, calculation: Calculation) -> None:
    """Raise `InvalidInput` where another claim was approved meanwhile that leaves less of a limit than calculated, or
    where a paper that the calculation rests on was taken back or its confirmation was."""
    request, sources = request_of(calculation)
    refuse_unfit(session, _resting_on(sources))
    wrong = beyond(session, case, request, sources)
    if wrong:
        raise InvalidInput(
            _("Since this was calculated, another claim has used part of the limit."),
            ' '.join([*wrong.values(), _("Return it to be calculated again.")]),
        )


def _resting_on(sources: Sequence[Sources]) -> dict[int, Decimal]:
    """What of a calculation rests on each document, in yuan; each loss item once, though two fields may name it."""
    lines = {
        (one.document_id, one.words): one.amount
        for part in sources for found in part.values() for one in found
        if one.kind == 'loss' and one.document_id is not None and one.amount is not None
    }  # fmt: skip
    sums: dict[int, Decimal] = {}
    for (document_id, _words), amount in lines.items():
        sums[document_id] = sums.get(document_id, Decimal(0)) + amount
    return sums
