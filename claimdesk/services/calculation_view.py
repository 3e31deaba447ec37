"""A calculation as screens and papers show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from claimdesk.models import Account, Calculation
from claimdesk.rules.adjustment import Adjustment, PartSheet, Request, Step
from claimdesk.services.calculation_kept import Sources, request_of, sheets_of
from claimdesk.vocabulary import ApprovalState, CalculationKind


@dataclass(frozen=True, slots=True)
class CalculationView:
    """A calculation as kept: what went in and from where, the sheets, the amounts in yuan, and the decision on it."""

    id: int
    version: int
    number: int
    kind: CalculationKind
    request: Request
    sources: tuple[Sources, ...]
    result: Adjustment
    state: ApprovalState
    made_by: str
    made_by_id: int
    made_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    reason: str
    reversed_at: dt.datetime | None = None
    reversal_reason: str = ''

    @property
    def payable(self) -> Decimal:
        """The whole of what is payable."""
        return self.result.payable

    @property
    def coverage(self) -> str:
        """The covers by name."""
        return ' + '.join(part.title for part in self.request.parts)

    @property
    def sheets(self) -> tuple[PartSheet, ...]:
        """The sheet of each part."""
        return self.result.sheets

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of all parts, one after the other."""
        return tuple(step for sheet in self.result.sheets for step in sheet.steps)


def view_of(session: Session, row: Calculation) -> CalculationView:
    """A calculation as it is shown."""
    made_by = session.get(Account, row.made_by)
    decided_by = session.get(Account, row.decided_by) if row.decided_by else None
    request, sources = request_of(row)
    return CalculationView(
        id=row.id,
        version=row.version,
        number=row.number,
        kind=row.kind,
        request=request,
        sources=sources,
        result=Adjustment(sheets_of(row.steps), row.payable, row.advanced),
        state=row.state,
        made_by=made_by.name if made_by else '',
        made_by_id=row.made_by,
        made_at=row.made_at,
        decided_by=decided_by.name if decided_by else '',
        decided_at=row.decided_at,
        reason=row.reason,
        reversed_at=row.reversed_at,
        reversal_reason=row.reversal_reason,
    )
