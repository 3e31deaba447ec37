"""The office of roles with many cases in all due states, and its list, workbench or window for tests that type."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pytestqt.qtbot import QtBot

from claimdesk.app import Desk, build
from claimdesk.models import Accident, Case, Database
from claimdesk.rules.clocks import EventKind
from claimdesk.services.context import Actor
from claimdesk.settings import Settings
from claimdesk.ui.page import Page, Shell
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import Line, Outcome, Role, Stage
from tests.services.role_office import RoleOffice, role_office

P = TypeVar('P', bound=Page)

CASES = 150
NAMES = ('张伟', '李娜', '王芳', '赵敏', '钱进')
STAGES = (Stage.SURVEY, Stage.ASSESSMENT, Stage.ADJUSTMENT, Stage.APPROVAL, Stage.PAYMENT)
OWNERS = (Role.SURVEYOR, Role.ASSESSOR, Role.ADJUSTER, Role.APPROVER, Role.FINANCE)


class ListOffice(RoleOffice):
    """The office of roles with `CASES` more cases: a tenth overdue, two due today, some waiting, one closed."""

    def desk_of(self, role: Role) -> Desk:
        """The desk with somebody of that role at it."""
        self.desk.actor = self.people[role]
        return self.desk

    def second_desk(self, role: Role) -> Desk:
        """Another desk over the same database, as on another workstation."""
        database = Database(self.desk.context.database.url.render_as_string(hide_password=False), now=self.watch)
        desk = build(Settings(), database)
        desk.actor = self.people[role]
        return desk

    def show(self, qtbot: QtBot, kind: type[P], role: Role, tasks: Tasks | None = None) -> P:
        """A page in front, as somebody of that role sees it."""
        page = kind(self.desk_of(role), Shell(tasks or Tasks.synchronous()))
        qtbot.addWidget(page)
        page.resize(1300, 700)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened()
        return page


def list_office(database: Database, folder: Path, cases: int = CASES) -> ListOffice:
    """Found the office in an empty, migrated database."""
    made = role_office(database, folder)
    now = made.watch()
    made.desk.events.record(made.people[Role.SERVICE], made.case_id, EventKind.CONTACTED, made.case.reported_at)
    with database.write('test') as session:
        first = session.get_one(Case, made.case_id)
        accident = session.get_one(Accident, first.accident_id)
        session.add_all(
            _case(number, first, accident, made.people, now, closed=number == cases) for number in range(1, cases + 1)
        )
    return ListOffice(**{field.name: getattr(made, field.name) for field in fields(made)})


def _case(
    number: int, first: Case, accident: Accident, people: dict[Role, Actor], now: dt.datetime, *, closed: bool
) -> Case:
    overdue = number <= CASES // 10
    today = number in (20, 21)
    due = now + (
        -dt.timedelta(days=number) if overdue else dt.timedelta(hours=2) if today else dt.timedelta(days=number)
    )
    return Case(
        office_id=first.office_id,
        accident_id=accident.id,
        policy_id=first.policy_id,
        number=f'CY2026-9{number:05}',
        line=Line.MOTOR,
        stage=Stage.CLOSED if closed else STAGES[number % 5],
        outcome=Outcome.ZERO if closed else Outcome.OPEN,
        owner_id=people[OWNERS[number % 5]].id,
        reported_at=now - dt.timedelta(hours=number),
        loss_at=now - dt.timedelta(hours=number + 5),
        stage_entered_at=now - dt.timedelta(hours=number),
        closed_at=now if closed else None,
        last_activity_at=now - dt.timedelta(days=number % 10),
        due_at=due,
        due_clock='step',
        step_due_at=due,
        paused_since=now - dt.timedelta(days=3) if number % 10 == 9 and not overdue else None,
        estimate=Decimal(100 * number),
        missing_documents=2 if number % 10 == 9 else 0,
        insured_name=NAMES[number % 5],
        plate=f'苏E{number:05}',
        policy_number=first.policy_number,
        reporter_name='沈知远',
        reporter_phone='13800001234',
        place='人民路',
        cause='追尾',
        pinyin='zw',
    )
