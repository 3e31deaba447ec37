"""Survey: what the surveyor found on the spot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import Conflict, InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Accident, Account, Case, SurveyReport
from claimdesk.models.rows import get
from claimdesk.rules.permissions import Permission
from claimdesk.rules.survey_form import answer_problems
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.sketch import Sketch, from_json, to_json
from claimdesk.vocabulary import Liability, Stage


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A survey report; `version` 0 where none has been begun."""

    case_id: int
    version: int
    surveyor: str
    visited_at: dt.datetime | None
    place: str
    liability: Liability
    finding: str
    statement: str
    suspicious: bool
    finished_at: dt.datetime | None
    answers: Mapping[str, str] = field(default_factory=dict)
    sketch: Sketch = field(default_factory=Sketch)


class Surveys:
    """Writing and reading the survey report of a case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def report(self, actor: Actor, case_id: int) -> SurveyView:
        """The report as it stands, empty where none has been begun."""
        with self._office.database.read() as session:
            return _view(session, case_id, _row(session, case_id))

    def save(
        self,
        actor: Actor,
        case_id: int,
        version: int,
        *,
        visited_at: dt.datetime | None,
        place: str,
        liability: Liability,
        finding: str,
        statement: str = '',
        suspicious: bool = False,
        answers: Mapping[str, str] | None = None,
        sketch: Sketch | None = None,
    ) -> SurveyView:
        """Save the report; the liability found becomes the accident's. None for answers or sketch keeps what is there.

        Raises `NotAllowed`, `InvalidInput` by field, `Conflict`.
        """
        require(actor, Permission.SURVEY)
        with self._office.write(actor, N_("wrote the survey report")) as session:
            case = get(session, Case, case_id)
            _check(case, visited_at, self._office.now())
            wrong = answer_problems(case.line, answers or {}, injury=case.injury)
            if wrong:
                raise InvalidInput(_("Some fields need your attention."), '', wrong)
            row = _row(session, case_id)
            if (row.version if row else 0) != version:
                raise Conflict(
                    _("Somebody else has changed this since you opened it."),
                    _("Compare both versions, then keep yours or take theirs."),
                    mine={'finding': finding, 'statement': statement},
                    theirs={'finding': row.finding, 'statement': row.statement} if row else {},
                )
            if row is None:
                row = SurveyReport(case_id=case_id)
                session.add(row)
            row.surveyor_id, row.visited_at, row.place = actor.id, visited_at, place.strip()
            row.liability, row.suspicious = liability, suspicious
            row.finding, row.statement = finding.strip(), statement.strip()
            if answers is not None:
                row.answers = {name: answer for name, answer in answers.items() if answer}
            if sketch is not None:
                row.sketch = to_json(sketch)
            get(session, Accident, case.accident_id).liability = liability
            touch(session, case, self._office)
            session.flush()
            return _view(session, case_id, row)

    def save_sketch(self, actor: Actor, case_id: int, version: int, sketch: Sketch) -> SurveyView:
        """Keep a sketch with the report, which is begun where there is none. Raises `NotAllowed`, `Conflict`."""
        require(actor, Permission.SURVEY)
        with self._office.write(actor, N_("drew a sketch")) as session:
            case = get(session, Case, case_id)
            _check(case, None, self._office.now())
            row = _row(session, case_id)
            if (row.version if row else 0) != version:
                raise Conflict(
                    _("Somebody else has changed this since you opened it."),
                    _("Compare both versions, then keep yours or take theirs."),
                )
            if row is None:
                accident = get(session, Accident, case.accident_id)
                row = SurveyReport(case_id=case_id, place=accident.place, liability=accident.liability)
                session.add(row)
            row.surveyor_id, row.sketch = row.surveyor_id or actor.id, to_json(sketch)
            touch(session, case, self._office)
            session.flush()
            return _view(session, case_id, row)


def _check(case: Case, visited_at: dt.datetime | None, now: dt.datetime) -> None:
    if case.stage is Stage.CLOSED:
        raise InvalidInput(_("The case is closed."), _("Reopen it before changing the survey."))
    if visited_at is not None and visited_at > now:
        raise InvalidInput(
            _("The visit lies in the future."), '', {'visited_at': _("The visit lies in the future.")}
        )
    if visited_at is not None and visited_at < case.loss_at:
        raise InvalidInput(
            _("The visit is before the loss."), '', {'visited_at': _("The visit is before the loss.")}
        )


def _row(session: Session, case_id: int) -> SurveyReport | None:
    return session.scalar(select(SurveyReport).where(SurveyReport.case_id == case_id))


def _view(session: Session, case_id: int, row: SurveyReport | None) -> SurveyView:
    if row is None:
        return SurveyView(case_id, 0, '', None, '', Liability.UNKNOWN, '', '', False, None)
    surveyor = session.get(Account, row.surveyor_id) if row.surveyor_id else None
    return SurveyView(
        case_id=case_id,
        version=row.version,
        surveyor=surveyor.name if surveyor else '',
        visited_at=row.visited_at,
        place=row.place,
        liability=row.liability,
        finding=row.finding,
        statement=row.statement,
        suspicious=row.suspicious,
        finished_at=row.finished_at,
        answers=dict(row.answers),
        sketch=from_json(row.sketch),
    )
