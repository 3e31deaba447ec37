"""What the head of a case's page shows, read in one go off the UI thread."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from claimdesk.rules.permissions import Permission
from claimdesk.services.cases import CasePage as CaseView
from claimdesk.services.checklist import ChecklistView
from claimdesk.services.clockwork import ClockView
from claimdesk.services.context import Actor
from claimdesk.services.requests import RequestView
from claimdesk.services.workflow import CaseMoves, StageVisit
from claimdesk.vocabulary import ChecklistState, DueState, RiskLevel, Stage

if TYPE_CHECKING:
    from claimdesk.app import Desk

HERE = (ChecklistState.RECEIVED, ChecklistState.VERIFIED, ChecklistState.WAIVED)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The case, what can be done with it, and where it stands, for one person.

    `waiting_amount` is what the calculation that is with the approver comes to, in yuan; `requests` are those that
    nobody has answered yet. `open_complaints` counts complaints and disputes; `risk_level` decides nothing.
    `open_findings` counts what papers say otherwise and nobody has looked at.
    """

    actor: Actor
    case: CaseView
    moves: CaseMoves
    clocks: tuple[ClockView, ...]
    visits: tuple[StageVisit, ...]
    checklist: tuple[ChecklistView, ...]
    waiting_amount: Decimal | None = None
    requests: tuple[RequestView, ...] = ()
    open_complaints: int = 0
    risk_level: RiskLevel = RiskLevel.NONE
    open_findings: int = 0

    @property
    def closed(self) -> bool:
        """Whether the case is closed: nothing is filed or changed in it until it is reopened."""
        return self.case.stage is Stage.CLOSED

    @property
    def leading_clock(self) -> ClockView | None:
        """The clock that matters most now: one that is broken, else one that waits, else the nearest; or none."""
        running = [clock for clock in self.clocks if clock.stopped_at is None and clock.counts]
        broken = [clock for clock in running if clock.state is DueState.OVERDUE]
        waiting = [clock for clock in running if clock.state is DueState.PAUSED]
        return next(iter(broken or waiting or running), None)

    @property
    def legal_clock(self) -> ClockView | None:
        """The nearest open limit that is the law's own."""
        ours = (clock for clock in self.clocks if clock.statutory and clock.counts and clock.stopped_at is None)
        return next(ours, None)

    @property
    def documents_here(self) -> tuple[int, int]:
        """How many of the required documents are here, and how many there are."""
        required = [item for item in self.checklist if item.required]
        return sum(item.state in HERE for item in required), len(required)

    def may(self, permission: Permission) -> bool:
        """Whether the person's roles allow `permission`."""
        return self.actor.may(permission)


def read_case(desk: Desk, actor: Actor, case_id: int) -> CaseFile:
    """The case as it is now. Raises `NotFound`."""
    case = desk.cases.page(actor, case_id)
    waiting = desk.adjustment.of_case(actor, case_id)[:1] if case.stage is Stage.APPROVAL else []
    return CaseFile(
        actor=actor,
        case=case,
        moves=desk.workflow.moves(actor, case_id),
        clocks=tuple(desk.clocks.due(actor, case_id)),
        visits=tuple(desk.workflow.journey(actor, case_id)),
        checklist=tuple(desk.checklist.of_case(actor, case_id)),
        waiting_amount=waiting[0].payable if waiting else None,
        requests=tuple(one for one in desk.requests.of_case(actor, case_id) if one.granted is None),
        open_complaints=desk.disputes.count_open(actor, case_id),
        risk_level=desk.risk.level(actor, case_id),
        open_findings=desk.paper_checks.count_open(actor, case_id),
    )
