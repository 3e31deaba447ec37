"""The printed sheets: a calculation (赔款理算书) or an advance payment (预付计算书) as PDF."""

from __future__ import annotations

from sqlalchemy import select

from claimdesk.models import Calculation, Case, Office, Payment, Policy
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.reports.calculation import CalculationFile, InputLine, PaperSum
from claimdesk.rules.adjustment.inputs import Kind, specs
from claimdesk.services.calculation_view import CalculationView, view_of
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.crossfoot import KindSum, cross_foot
from claimdesk.services.sign_off_check import signature_words
from claimdesk.services.summary import calculation_part
from claimdesk.vocabulary import PaymentState


class CalculationPapers:
    """Printing calculations."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def pdf(self, actor: Actor, calculation_id: int, progress: Progress = quiet) -> bytes:
        """The sheet of a calculation as PDF. Raises `NotFound`."""
        from claimdesk.reports.calculation import calculation_sheet

        return calculation_sheet(self.paper(actor, calculation_id), progress)

    def paper(self, actor: Actor, calculation_id: int) -> CalculationFile:
        """What the sheet says, as plain values. Raises `NotFound`."""
        with self._office.database.read() as session:
            row = get(session, Calculation, calculation_id)
            case = get(session, Case, row.case_id)
            policy = get(session, Policy, case.policy_id)
            view = view_of(session, row)
            office = session.get(Office, case.office_id)
            payees = session.scalars(
                select(Payment.payee_name).where(
                    Payment.calculation_id == row.id,
                    Payment.state.in_([PaymentState.PREPARED, PaymentState.PAID]),
                )
            ).all()
            return CalculationFile(
                office=office.name if office else '',
                printed_by=actor.name,
                printed_at=self._office.now().astimezone(SHANGHAI),
                number=case.number,
                line=case.line,
                clause=policy.clause,
                policy_number=policy.number,
                policy_from=policy.starts_at.astimezone(SHANGHAI),
                policy_to=policy.ends_at.astimezone(SHANGHAI),
                insured=case.insured_name,
                plate=case.plate,
                loss_at=case.loss_at.astimezone(SHANGHAI),
                cause=case.cause,
                place=case.place,
                payees=tuple(dict.fromkeys(payees)),
                part=calculation_part(view, signature_words(session, case, row)),
                inputs=_inputs(view),
                papers=tuple(map(_paper_sum, cross_foot(session, case.id).kinds)),
            )


def _paper_sum(kind: KindSum) -> PaperSum:
    return PaperSum(kind.kind, kind.count, kind.counts, kind.fund, kind.own_expense, kind.claimed, kind.confirmed)


def _inputs(view: CalculationView) -> tuple[InputLine, ...]:
    """What went in that is not its default, with where it comes from."""
    lines = []
    for part, sources in zip(view.request.parts, view.sources, strict=True):
        bare = part.formula.inputs()
        for spec in specs(type(part.inputs)):
            value = getattr(part.inputs, spec.name)
            found = tuple(source.said for source in sources.get(spec.name, ()))
            if spec.kind is Kind.ROWS or (value == getattr(bare, spec.name) and not found):
                continue
            lines.append(InputLine(part.title, spec.label, spec.kind.value, value, found))
    return tuple(lines)
