"""Risk signals of a case with their reasons, the referral of a case to somebody who looks into it, and what came of it.

Signals are computed from the facts whenever they are looked at, and kept whenever a save has changed a fact. They
decide nothing: a referral asks a person, and the finding is a person's, with words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Case, RiskReferral, RiskSignal, RiskVerdict
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.rules.risk import (
    DEFAULT_TABLE,
    KEY,
    RiskTable,
    Signal,
    as_value,
    check_table,
    level_of,
    reason,
    rule_name,
    signals,
    table_from,
    total,
)
from claimdesk.services.clockwork import touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.least_busy import least_busy
from claimdesk.services.names import names_of
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.services.risk_facts import facts_of
from claimdesk.vocabulary import RiskLevel, RiskOutcome, Role

MOST_ROWS = 500
INVESTIGATORS = (Role.APPROVER, Role.MANAGER)
"""Who looks into a referred case: the first of these roles that has somebody present."""


@dataclass(frozen=True, slots=True)
class SignalView:
    """A rule that holds, why, and how much it weighs; `mark` B: from a secondary source, C: the office's own."""

    code: str
    name: str
    reason: str
    weight: int
    mark: str


@dataclass(frozen=True, slots=True)
class ReferralView:
    """Somebody was asked to look; `outcome` is None while that is open. `raised_by` is '' where the threshold did."""

    id: int
    version: int
    case_id: int
    case_number: str
    insured_name: str
    score: int
    level: RiskLevel
    rules: tuple[str, ...]
    reason: str
    owner: str
    owner_id: int | None
    raised_by: str
    raised_at: dt.datetime
    due_at: dt.datetime
    outcome: RiskOutcome | None
    finding: str
    decided_by: str
    decided_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class RiskView:
    """The signals of a case now, the heaviest first, what they add up to, and its referrals, the newest first."""

    score: int
    level: RiskLevel
    signals: tuple[SignalView, ...]
    referrals: tuple[ReferralView, ...]

    @property
    def open_referral(self) -> ReferralView | None:
        """The referral that waits for a finding, or None."""
        return next((one for one in self.referrals if one.outcome is None), None)


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """How a rule has done: on how many cases it holds now, and what became of those that were looked into."""

    code: str
    holding: int
    confirmed: int
    cleared: int
    open_ended: int

    @property
    def hit_rate(self) -> float | None:
        """Confirmed among those that were decided either way; None where none was."""
        decided = self.confirmed + self.cleared
        return self.confirmed / decided if decided else None


class Risks:
    """Where a person should look, and what they found."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> RiskView:
        """The signals of the case as its facts are now. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            table = table_in_force(session, case.office_id, self._office.today())
            found = signals(facts_of(session, case), table)
            referrals = _referrals(session, RiskReferral.case_id == case_id)
        marks = {rule.code: rule.mark for rule in table.rules}
        score = total(found)
        views = (
            SignalView(one.code, rule_name(one.code), reason(one.code, one.facts), one.weight, marks[one.code])
            for one in found
        )
        return RiskView(score, level_of(score, table), tuple(views), tuple(referrals))

    def level(self, actor: Actor, case_id: int) -> RiskLevel:
        """The level of the case as its facts are now. Raises `NotFound`."""
        with self._office.database.read() as session:
            return level_now(session, self._office, get(session, Case, case_id))

    def refer(self, actor: Actor, case_id: int, why: str) -> None:
        """Ask somebody to look into the case. Raises `NotAllowed`, and `InvalidInput` where one is asked already."""
        require(actor, Permission.EDIT_CASE)
        if not why.strip():
            raise InvalidInput(_("Say what should be looked into."), '', {'reason': _("Enter this.")})
        with self._office.write(actor, N_("referred the case for a closer look")) as session:
            case = get(session, Case, case_id)
            if _open_referral(session, case_id) is not None:
                raise InvalidInput(_("Somebody is looking into this case already."), _("Refresh the case."))
            table = table_in_force(session, case.office_id, self._office.today())
            found = signals(facts_of(session, case), table)
            session.add(_referral(session, self._office, case, found, table, actor, why.strip()))
            touch(session, case, self._office)

    def decide(self, actor: Actor, referral_id: int, version: int, outcome: RiskOutcome, finding: str) -> None:
        """Record what was found, with words; each rule that had held keeps the verdict.

        Raises `NotAllowed`, `InvalidInput`, `Conflict`.
        """
        require(actor, Permission.INVESTIGATE)
        if not finding.strip():
            raise InvalidInput(_("Write what was found."), '', {'finding': _("Enter this.")})
        with self._office.write(actor, N_("recorded what a closer look found")) as session:
            row = get_for_edit(session, RiskReferral, referral_id, version, finding=finding)
            if row.outcome is not None:
                raise InvalidInput(_("This referral has been decided already."), _("Refresh the case."))
            now = self._office.now()
            row.outcome, row.finding, row.decided_by, row.decided_at = outcome, finding.strip(), actor.id, now
            session.add_all(
                RiskVerdict(referral_id=row.id, rule=code, outcome=outcome, decided_at=now) for code in row.signals
            )
            touch(session, get(session, Case, row.case_id), self._office)

    def open_referrals(self, actor: Actor) -> list[ReferralView]:
        """The referrals that wait for a finding, the nearest due first."""
        with self._office.database.read() as session:
            return _referrals(session, RiskReferral.outcome.is_(None), limit=MOST_ROWS)

    def records(self, actor: Actor) -> list[RuleRecord]:
        """How each rule has done, in the order of the table."""
        with self._office.database.read() as session:
            holding = dict(session.execute(select(RiskSignal.rule, func.count()).group_by(RiskSignal.rule)).all())
            verdicts = session.execute(
                select(RiskVerdict.rule, RiskVerdict.outcome, func.count()).group_by(
                    RiskVerdict.rule, RiskVerdict.outcome
                )
            )
            came_of_it = {(rule, outcome): count for rule, outcome, count in verdicts}
        return [
            RuleRecord(
                rule.code,
                holding.get(rule.code, 0),
                *(came_of_it.get((rule.code, outcome), 0) for outcome in RiskOutcome),
            )
            for rule in DEFAULT_TABLE.rules
        ]

    def table(self, actor: Actor) -> RiskTable:
        """The table in force today."""
        with self._office.database.read() as session:
            return table_in_force(session, actor.office_id, self._office.today())

    def save_table(self, actor: Actor, table: RiskTable, valid_from: dt.date, version: int | None = None) -> None:
        """Let this table hold from `valid_from` on. Raises `NotAllowed`, `InvalidInput` by rule, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        check_table(table)
        with self._office.write(actor, N_("changed the table of risk rules")) as session:
            set_rule(session, actor.office_id, KEY, valid_from, as_value(table), version)


def table_in_force(session: Session, office_id: int, day: dt.date) -> RiskTable:
    """The office's table of risk rules on `day`."""
    return table_from(rule_at(session, office_id, KEY, day, None))


def level_now(session: Session, office: OfficeContext, case: Case) -> RiskLevel:
    """The level of `case` as its facts are now."""
    table = table_in_force(session, case.office_id, office.today())
    return level_of(total(signals(facts_of(session, case), table)), table)


def recompute(session: Session, office: OfficeContext, case_ids: Collection[int]) -> None:
    """Keep the signals of these cases as their facts are now; raise a referral where the office's table says so."""
    for case_id in sorted(case_ids):
        # Two desks that save on one case at once compute one after the other.
        case = session.scalar(select(Case).where(Case.id == case_id).with_for_update(key_share=True))
        if case is None:
            continue
        table = table_in_force(session, case.office_id, office.today())
        found = signals(facts_of(session, case), table)
        _keep(session, case_id, found, office.now())
        if table.refer_high and level_of(total(found), table) is RiskLevel.HIGH and _is_news(session, case_id, found):
            session.add(_referral(session, office, case, found, table, None, ''))


def _keep(session: Session, case_id: int, found: Collection[Signal], now: dt.datetime) -> None:
    before = {row.rule: row for row in session.scalars(select(RiskSignal).where(RiskSignal.case_id == case_id))}
    for signal in found:
        row = before.pop(signal.code, None)
        if row is None:
            row = RiskSignal(case_id=case_id, rule=signal.code, found_at=now, weight=0, facts={})
            session.add(row)
        if (row.weight, row.facts) != (signal.weight, signal.facts):
            row.weight, row.facts = signal.weight, dict(signal.facts)
    for gone in before.values():
        session.delete(gone)


def _is_news(session: Session, case_id: int, found: Collection[Signal]) -> bool:
    """Whether nobody is looking, and something holds that nobody has looked into yet."""
    looked_into: set[str] = set()
    for row in session.scalars(select(RiskReferral).where(RiskReferral.case_id == case_id)):
        if row.outcome is None:
            return False
        looked_into.update(row.signals)
    return bool({signal.code for signal in found} - looked_into)


def _referral(
    session: Session,
    office: OfficeContext,
    case: Case,
    found: Collection[Signal],
    table: RiskTable,
    actor: Actor | None,
    why: str,
) -> RiskReferral:
    score = sum(signal.weight for signal in found)
    last = office.calendar.add_workdays(office.today(), table.refer_days)
    return RiskReferral(
        case_id=case.id,
        score=score,
        level=level_of(score, table),
        signals={signal.code: signal.weight for signal in found},
        reason=why,
        owner_id=least_busy(
            session, office, case.office_id, INVESTIGATORS, RiskReferral.owner_id, RiskReferral.outcome.is_(None),
            case.owner_id,
        ),
        raised_by=actor.id if actor else None,
        raised_at=office.now(),
        due_at=dt.datetime.combine(last, dt.time(18), SHANGHAI).astimezone(dt.UTC),
    )


def _open_referral(session: Session, case_id: int) -> RiskReferral | None:
    return session.scalar(
        select(RiskReferral).where(RiskReferral.case_id == case_id, RiskReferral.outcome.is_(None))
    )


def _referrals(session: Session, *conditions: ColumnElement[bool], limit: int | None = None) -> list[ReferralView]:
    query = (
        select(RiskReferral, Case.number, Case.insured_name)
        .join(Case, Case.id == RiskReferral.case_id)
        .where(*conditions)
        .order_by(RiskReferral.outcome.is_not(None), RiskReferral.due_at, RiskReferral.id.desc())
        .limit(limit)
    )
    rows = session.execute(query).all()
    names = names_of(
        session, (person for row, *_case in rows for person in (row.owner_id, row.raised_by, row.decided_by))
    )
    return [
        ReferralView(
            id=row.id,
            version=row.version,
            case_id=row.case_id,
            case_number=number,
            insured_name=insured,
            score=row.score,
            level=row.level,
            rules=tuple(rule_name(code) for code in row.signals),
            reason=row.reason,
            owner=names.get(row.owner_id, ''),
            owner_id=row.owner_id,
            raised_by=names.get(row.raised_by, ''),
            raised_at=row.raised_at,
            due_at=row.due_at,
            outcome=row.outcome,
            finding=row.finding,
            decided_by=names.get(row.decided_by, ''),
            decided_at=row.decided_at,
        )
        for row, number, insured in rows
    ]
