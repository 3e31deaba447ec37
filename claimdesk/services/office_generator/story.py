"""The story of one case, step by step until the present: what each service would have written, at its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from heapq import heappop, heappush

from claimdesk.language import N_
from claimdesk.rules.clocks import DEFAULT_BOOK, Event, EventKind, Subject, case_clocks, step_due
from claimdesk.rules.workflow import MOVES, STAGE_ROLE, Move
from claimdesk.services.clockwork import nearest_limit
from claimdesk.services.office_generator.dice import Dice
from claimdesk.services.office_generator.field_work import send_surveyor, write_report
from claimdesk.services.office_generator.items import detail_of, losses
from claimdesk.services.office_generator.ledger import Row
from claimdesk.services.office_generator.money import decide, hand_in, pay, share_of_liability
from claimdesk.services.office_generator.opening import take_report
from claimdesk.services.office_generator.paperwork import Paperwork
from claimdesk.services.office_generator.plan import Plan
from claimdesk.services.office_generator.staff import Colleague
from claimdesk.services.office_generator.stock import stock
from claimdesk.services.office_generator.talk import after_the_end, first_call, while_it_runs
from claimdesk.services.office_generator.world import World
from claimdesk.services.stages import CUT_SHORT
from claimdesk.vocabulary import Line, Outcome, Role, Stage, TaskState, label

ZERO = Decimal(0)


class Later(Exception):
    """The next step lies in the future: this is how far the case has come."""


class Story:
    """A case on its way. `at` is the time of the latest step."""

    def __init__(self, world: World, plan: Plan, dice: Dice) -> None:
        self.world, self.plan, self.dice = world, plan, dice
        self.ledger = world.ledger
        self.at = plan.reported_at
        self.events: list[Event] = []
        self.losses: list[Row] = []
        self.calculations: list[Row] = []
        self.use = (Decimal(0), Decimal(0))
        self.clerk = world.staff.of(Role.SERVICE, plan.line, dice)
        self.owner = self.clerk
        self.owned_since = self.at
        self.task: Row | None = None
        self._waiting: list[tuple[dt.datetime, int, Callable[[], None]]] = []
        self._step = 0
        self._queued = 0
        self.accident: Row
        self.case: Row
        self.report: Row | None = None
        self.dispatch: Row | None = None
        self.details: Row
        self.papers: Paperwork

    # Telling

    def tell(self) -> None:
        """Tell it from the report to the present."""
        take_report(self)
        self.papers = Paperwork(self)
        try:
            self._go_on()
            self._maybe_reopen()
        except Later:
            pass
        self._happen_until(self.world.now)
        if self.world.folders is not None:
            self.world.folders.fill(self)
        self._take_stock()

    def happens(self, at: dt.datetime, what: Callable[[], None]) -> None:
        """Let `what` happen at `at`, beside the steps; nothing happens in the future."""
        if at <= self.world.now:
            self._queued += 1
            heappush(self._waiting, (at, self._queued, what))

    def save(self, at: dt.datetime, actor: Colleague, action: str) -> None:
        """What follows is one save of `actor`."""
        self.ledger.save(at, actor, action)
        if at > self.case['last_activity_at']:
            self.case['last_activity_at'] = at

    def event(self, kind: EventKind, at: dt.datetime, actor: Colleague, note: str = '') -> None:
        """Record that `kind` happened."""
        self.events.append(Event(kind, at))
        self.ledger.insert(
            'case_event',
            case_id=self.case['id'],
            kind=kind.value,
            happened_at=at,
            recorded_at=max(at, self.ledger.at),
            recorded_by=actor.id,
            note=note,
        )

    def wait(self, hours: float, spread: float = 0.6) -> None:
        """Go on after about that many hours, in office hours; the planned stall comes on top of it."""
        self._step += 1
        length = self.dice.about(hours * self.plan.pace, spread)
        if self._step == self.plan.stall:
            length += self.dice.uniform(50, 420)
        self.go_to(self.world.hours.later(self.at, length, self.dice))

    def go_to(self, at: dt.datetime) -> None:
        """Go on at `at`. Raises `Later` if that is in the future, or the case waits at its stage."""
        at = max(at, self.at)
        if at > self.world.now or self.plan.halt is self.case['stage']:
            raise Later
        self._happen_until(at)
        self.at = at

    def somebody(self, role: Role) -> Colleague:
        """The owner of the case if the role fits, else somebody of that role."""
        return self.owner if role in self.owner.roles else self.world.staff.of(role, self.plan.line, self.dice)

    def move(self, move: Move, actor: Colleague, reason: str = '') -> None:
        """Make `move` now, as `services.workflow` does."""
        rule = MOVES[move]
        self.save(self.at, actor, rule.done_label)
        for kind in rule.events:
            self.event(kind, self.at, actor, reason)
        if move is Move.FINISH_SURVEY:
            self.event(EventKind.SURVEYED, self.at, actor)
            if self.plan.injury:
                self.event(EventKind.INJURED_CONTACTED, self.at, actor)
        changes: Row = {'stage': rule.to_stage, 'stage_entered_at': self.at}
        if move is Move.REGISTER:
            changes['registered_at'] = self.at
        if move in (Move.APPROVE, Move.RETURN_CALCULATION):
            changes['payable'] = decide(self, actor, approved=move is Move.APPROVE, reason=reason)
        if move is Move.FINISH_SURVEY and self.report:
            self.ledger.update('survey_report', self.report, finished_at=self.at)
        if move is Move.REOPEN:
            changes.update(payable=None, reopened_times=self.case.get('reopened_times', 0) + 1)
        if rule.reason_needed and move is not Move.RETURN_CALCULATION:
            changes['outcome_reason'] = reason
        if rule.outcome is not None:
            changes['outcome'] = rule.outcome
        self._enter(rule.to_stage, actor, changes)

    def reserve(self, amount: Decimal, actor: Colleague, reason: str = '') -> None:
        """Set the estimate and keep its history; belongs to the save that is open."""
        before = self.case.get('estimate')
        self.ledger.insert(
            'reserve_change',
            case_id=self.case['id'],
            amount=amount,
            previous=before,
            first=before is None,
            reason=reason,
            made_by=actor.id,
            made_at=self.at,
        )
        first = {'first_estimate': amount} if before is None else {}
        self.ledger.update('claim_case', self.case, estimate=amount, **first)

    # Steps

    def _go_on(self) -> None:
        plan, dice, talk = self.plan, self.dice, stock().talk
        if plan.ending is Outcome.CANCELLED_REPORT:
            self.wait(5)
            self.move(Move.CANCEL_REPORT, self.clerk, dice.among(talk['cancel_report']))
            return
        self._step += 1
        minutes = dice.about(28 * plan.pace, 0.8) + (dice.uniform(60, 6000) if plan.stall == 1 else 0)
        self.go_to(self.at + dt.timedelta(minutes=minutes))
        self._register()
        self.wait(0.8)
        self.move(Move.DISPATCH_SURVEY, self.owner)
        send_surveyor(self)
        first_call(self)
        self.wait({Line.MOTOR: 3.0, Line.MEDICAL: 22.0, Line.PROPERTY: 14.0}[plan.line])
        write_report(self)
        self.wait(1.5)
        self.move(Move.FINISH_SURVEY, self.somebody(Role.SURVEYOR))
        if plan.ending is Outcome.CANCELLED_CASE:
            self.wait(60)
            self.move(Move.CANCEL_CASE, self.somebody(Role.APPROVER), dice.among(talk['cancel_case']))
            return
        if plan.ending is Outcome.REFUSED:
            self.wait(70)
            self._refuse()
            return
        self.wait({Line.MOTOR: 26.0, Line.MEDICAL: 34.0, Line.PROPERTY: 120.0}[plan.line])
        self._assess()
        if plan.ending is Outcome.ZERO:
            self.wait(30)
            self.move(Move.ZERO_CLOSE, self.somebody(Role.APPROVER), dice.among(talk['zero']))
            return
        self._settle()

    def _register(self) -> None:
        plan = self.plan
        share = share_of_liability(plan.cover.code, plan.liability)
        expected = max(Decimal(300), plan.target * share * Decimal(f'{self.dice.about(1.0, 0.22):.4f}'))
        self.save(self.at, self.clerk, MOVES[Move.REGISTER].done_label)
        self.reserve(min(plan.cover.sum_insured, (expected / 100).quantize(Decimal(1)) * 100), self.clerk)
        self.move(Move.REGISTER, self.clerk)
        while_it_runs(self)

    def _assess(self) -> None:
        dice, assessor = self.dice, self.somebody(Role.ASSESSOR)
        if dice.chance(0.18):
            factor = Decimal(dice.choice((60, 75, 85, 120, 140, 180))) / 100
            self.save(self.at, assessor, N_("changed the reserve"))
            changed = (self.case['estimate'] * factor / 100).quantize(Decimal(1)) * 100
            self.reserve(min(self.plan.cover.sum_insured, changed), assessor, dice.among(stock().talk['reserve']))
        for lost in losses(self.plan, dice):
            self.go_to(self.at + dt.timedelta(minutes=dice.randint(1, 6)))
            self.save(self.at, assessor, N_("added a loss item"))
            settled = dice.chance(0.4)
            self.losses.append(
                self.ledger.insert(
                    'loss_item',
                    case_id=self.case['id'],
                    position=len(self.losses) + 1,
                    kind=lost.kind,
                    name=lost.name,
                    claimed=lost.claimed,
                    confirmed=lost.confirmed if settled else None,
                    note='' if lost.confirmed == lost.claimed else '按市场价核定',
                    **(detail_of(lost, self.case['number'], len(self.losses)) if self.world.rich else {}),
                )
            )
            self.losses[-1]['planned'] = lost.confirmed
        self.wait({Line.MOTOR: 22.0, Line.MEDICAL: 20.0, Line.PROPERTY: 60.0}[self.plan.line])
        for row in self.losses:
            if row['confirmed'] is None:
                self.save(self.at, assessor, N_("changed a loss item"))
                self.ledger.update('loss_item', row, confirmed=row['planned'])

    def _settle(self) -> None:
        """From the assessed loss to the archive."""
        plan, dice, talk = self.plan, self.dice, stock().talk
        self.wait(1.0)
        self.move(Move.FINISH_ASSESSMENT, self.somebody(Role.ASSESSOR))
        self.wait(14.0)
        self.go_to(self.papers.ready_at())
        if hand_in(self) <= 0:
            self.wait(20)
            self.move(Move.ZERO_CLOSE, self.somebody(Role.APPROVER), talk['zero'][0])
            return
        if plan.returned:
            self.wait(5)
            self.move(Move.RETURN_CALCULATION, self.somebody(Role.APPROVER), dice.among(talk['return']))
            self.wait(6)
            hand_in(self)
        self.wait(12)
        self.move(Move.APPROVE, self.somebody(Role.APPROVER))
        pay(self)
        self.wait(1.5)
        self.move(Move.PAY, self.somebody(Role.FINANCE))
        self.wait(20)
        self.move(Move.CLOSE, self.somebody(Role.SERVICE))
        after_the_end(self)

    def _refuse(self) -> None:
        reasons = stock().talk['refuse'][self.plan.line.value]
        self.move(Move.REFUSE, self.somebody(Role.APPROVER), self.dice.among(reasons))
        self.wait(20)
        self.move(Move.SEND_REFUSAL, self.somebody(Role.SERVICE))

    def _maybe_reopen(self) -> None:
        plan, dice = self.plan, self.dice
        if not plan.reopened or self.case['outcome'] is not Outcome.PAID:
            return
        self.go_to(self.world.hours.later(self.at, dice.uniform(8, 45) * 24, dice))
        self.move(Move.REOPEN, self.somebody(Role.APPROVER), dice.among(stock().talk['reopen'][plan.line.value]))
        plan.target = max(Decimal(300), plan.target / 4)
        plan.returned = False
        self.wait(20)
        self._assess()
        self._settle()

    # State

    def _enter(self, stage: Stage, actor: Colleague, changes: Row) -> None:
        outcome = changes.get('outcome', self.case['outcome'])
        if self.task is not None:
            state = TaskState.DROPPED if outcome in CUT_SHORT else TaskState.DONE
            self.ledger.update('task', self.task, state=state, finished_at=self.at, finished_by=actor.id)
            self.task = None
        due = None if stage is Stage.CLOSED else step_due(stage, self.at, self.world.calendar, self._subject())
        closed_at = self.at if stage is Stage.CLOSED else None
        changes.update(step_due_at=due, closed_at=closed_at)
        self.owner.held.append((self.owned_since, self.at))
        self.owned_since = self.at
        if stage is not Stage.CLOSED:
            self.owner, why = self.world.staff.next_owner(STAGE_ROLE[stage], self.plan.line, self.at, self.dice)
            changes.update(owner_id=self.owner.id, team_id=self.owner.team_id, assigned_why=why)
        self.ledger.update('claim_case', self.case, **changes)
        if stage is not Stage.CLOSED:
            self.open_task()

    def open_task(self) -> None:
        """Open the task of the step that the case has entered; a lean story only has that of its last step."""
        if self.world.rich:
            self._add_task()

    def _add_task(self) -> None:
        stage = self.case['stage']
        self.task = self.ledger.insert(
            'task',
            case_id=self.case['id'],
            kind=stage.value,
            title=label(stage),
            owner_id=self.owner.id,
            state=TaskState.OPEN,
            created_at=self.case['stage_entered_at'],
            due_at=self.case['step_due_at'],
        )

    def _happen_until(self, at: dt.datetime) -> None:
        while self._waiting and self._waiting[0][0] <= at:
            heappop(self._waiting)[2]()

    def _take_stock(self) -> None:
        """Fill the caches that the list sorts by, from the events."""
        case, world = self.case, self.world
        case['missing_documents'] = self.papers.missing()
        if case['stage'] is Stage.CLOSED:
            self.owner.held.append((self.owned_since, self.at))
            return
        self.owner.held.append((self.owned_since, dt.datetime.max.replace(tzinfo=dt.UTC)))
        clocks = case_clocks(
            self.events, world.calendar, world.now, self._subject(), DEFAULT_BOOK, case['stage'],
            case['stage_entered_at'],
        )  # fmt: skip
        cache = nearest_limit(case['stage'], clocks)
        case['step_due_at'] = cache.step_due_at
        if not world.rich:
            self._add_task()
        elif self.task is not None:
            self.task['due_at'] = cache.step_due_at
        case.update(due_at=cache.due_at, due_clock=cache.due_clock, paused_since=cache.paused_since)

    def _subject(self) -> Subject:
        plan, case = self.plan, self.case
        return Subject(plan.line, plan.compulsory, plan.injury, case.get('estimate'), plan.cause.name)
