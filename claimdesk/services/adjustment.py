"""Adjustment: what is payable on a case, computed from confirmed amounts, kept with every step until it is approved."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Accident, Account, Calculation, Case, CaseProperty, Coverage, Policy
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.adjustment import Adjustment, Inputs, Step, adjust, fault_rate_for, problems, ratio_for
from claimdesk.rules.permissions import Permission
from claimdesk.services.assessment import loss_totals
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import ApprovalState, ClauseVersion, Stage


@dataclass(frozen=True, slots=True)
class CalculationView:
    """A calculation as kept: inputs, sheet, payable amount in yuan, and the approver's decision on it."""

    id: int
    version: int
    number: int
    coverage_id: int | None
    coverage: str
    inputs: Inputs
    steps: tuple[Step, ...]
    payable: Decimal
    state: ApprovalState
    made_by: str
    made_by_id: int
    made_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    reason: str


class Adjustments:
    """Calculating a case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[CalculationView]:
        """The calculations of the case, the newest first."""
        query = select(Calculation).where(Calculation.case_id == case_id).order_by(Calculation.number.desc())
        with self._office.database.read() as session:
            return [_view(session, row) for row in session.scalars(query)]

    def proposal(self, actor: Actor, case_id: int, coverage_id: int) -> Inputs:
        """What the file says for this cover: confirmed loss, limit, deductible, share of fault. Raises `NotFound`."""
        with self._office.database.read() as session:
            return _proposal(session, get(session, Case, case_id), get(session, Coverage, coverage_id))

    def preview(self, actor: Actor, case_id: int, inputs: Inputs) -> Adjustment:
        """The sheet that `inputs` would give; nothing is kept. Raises `InvalidInput` by field."""
        _check(inputs)
        with self._office.database.read() as session:
            sheet = adjust(_clause(session, get(session, Case, case_id)), inputs)
        return Adjustment(tuple(Step(_(step.name), step.formula, step.amount) for step in sheet.steps), sheet.payable)

    def save(self, actor: Actor, case_id: int, version: int, coverage_id: int, inputs: Inputs) -> CalculationView:
        """Keep a calculation; until it is handed in, a later one takes its place.

        Raises `NotAllowed`, `InvalidInput` by field (also where a loss item is still open), and `Conflict`.
        """
        require(actor, Permission.ADJUST)
        _check(inputs)
        with self._office.write(actor, N_("calculated the payment")) as session:
            case = get_for_edit(session, Case, case_id, version)
            coverage = get(session, Coverage, coverage_id)
            _may_calculate(session, case, coverage, inputs)
            sheet = adjust(_clause(session, case), inputs)
            row = session.scalar(
                select(Calculation).where(Calculation.case_id == case_id, Calculation.state == ApprovalState.PENDING)
            )
            if row is None:
                last = session.scalar(select(func.max(Calculation.number)).where(Calculation.case_id == case_id))
                row = Calculation(case_id=case_id, number=(last or 0) + 1)
                session.add(row)
            row.coverage_id, row.payable = coverage.id, sheet.payable
            row.inputs = {name: None if value is None else str(value) for name, value in asdict(inputs).items()}
            row.steps = [[step.name, step.formula, str(step.amount)] for step in sheet.steps]
            row.made_by, row.made_at = actor.id, self._office.now()
            touch(session, case, self._office)
            session.flush()
            return _view(session, row)


def canonical(row: Calculation) -> bytes:
    """A calculation as it is signed: the same bytes for the same content, on every desk and both databases.

    UTF-8 JSON with sorted keys and no blanks: what went in, every step, the amount, the clause and the rules used, who
    made it and when. The decision on it is not part of it.
    """
    content = {
        'case': row.case_id,
        'number': row.number,
        'coverage': row.coverage_id,
        'inputs': row.inputs,
        'steps': row.steps,
        'payable': str(row.payable),
        'made_by': row.made_by,
        'made_at': row.made_at.astimezone(dt.UTC).isoformat(timespec='microseconds'),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(',', ':')).encode()


def inputs_from(kept: Mapping[str, Any]) -> Inputs:
    """The inputs as they were kept with a calculation."""
    known = {one.name for one in fields(Inputs)}
    values: dict[str, Any] = {
        name: None if value is None else Decimal(value) for name, value in kept.items() if name in known
    }
    return Inputs(**values)


def _proposal(session: Session, case: Case, coverage: Coverage) -> Inputs:
    accident = get(session, Accident, case.accident_id)
    totals = loss_totals(session, case.id)
    details = session.get(CaseProperty, case.id)
    value = details.value_at_loss if details and details.value_at_loss else coverage.insured_value
    return Inputs(
        confirmed=totals.confirmed,
        salvage=totals.salvage,
        sum_insured=coverage.sum_insured,
        insured_value=value,
        liability_ratio=ratio_for(coverage.code, accident.liability),
        fault_rate=fault_rate_for(_clause(session, case), accident.liability),
        deductible=coverage.deductible,
        deductible_rate=coverage.deductible_rate,
        benefit_ratio=coverage.benefit_ratio,
    )


def _check(inputs: Inputs) -> None:
    wrong = problems(inputs)
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)


def _may_calculate(session: Session, case: Case, coverage: Coverage, inputs: Inputs) -> None:
    if case.stage is not Stage.ADJUSTMENT:
        raise InvalidInput(
            _("The case is not at the adjustment stage."), _("A calculation that was handed in is not changed.")
        )
    if coverage.policy_id != case.policy_id:
        raise InvalidInput(_("This cover does not belong to the policy of the case."), _("Choose another cover."))
    totals = loss_totals(session, case.id)
    if totals.open_lines:
        raise InvalidInput(
            _("Some loss items are not confirmed yet."), _("Nothing unconfirmed enters a calculation: confirm them.")
        )
    if inputs.confirmed > totals.confirmed:
        sentence = _("More than the confirmed loss items add up to.")
        raise InvalidInput(_("Some fields need your attention."), '', {'confirmed': sentence})


def _clause(session: Session, case: Case) -> ClauseVersion:
    return get(session, Policy, case.policy_id).clause


def _view(session: Session, row: Calculation) -> CalculationView:
    coverage = session.get(Coverage, row.coverage_id) if row.coverage_id else None
    made_by = session.get(Account, row.made_by)
    decided_by = session.get(Account, row.decided_by) if row.decided_by else None
    return CalculationView(
        id=row.id,
        version=row.version,
        number=row.number,
        coverage_id=row.coverage_id,
        coverage=coverage.name if coverage else '',
        inputs=inputs_from(row.inputs),
        steps=tuple(Step(_(name), formula, Decimal(amount)) for name, formula, amount in row.steps),
        payable=row.payable,
        state=row.state,
        made_by=made_by.name if made_by else '',
        made_by_id=row.made_by,
        made_at=row.made_at,
        decided_by=decided_by.name if decided_by else '',
        decided_at=row.decided_at,
        reason=row.reason,
    )
