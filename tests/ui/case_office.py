"""An office for tests of the case page: one person for each role, a motor policy, and a case just reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from claimdesk.app import Desk, build
from claimdesk.models import Account, AccountRole, Coverage, Database, Office, PartyRecord, Policy
from claimdesk.services.context import Actor
from claimdesk.services.intake import NewCase
from claimdesk.settings import Settings
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.case import CasePage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import ClauseVersion, Line, Role

START = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
NAME = '<img src=file:///etc/passwd>欧阳'


class Watch:
    """A clock that stands until a test turns it."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> dt.datetime:
        return self.time


@dataclass
class CaseOffice:
    """The desk of a test, its people by role, and its one case."""

    desk: Desk
    people: dict[Role, Actor]
    case_id: int
    watch: Watch

    def page(self, qtbot: QtBot, role: Role, tasks: Tasks | None = None) -> CasePage:
        """The case's page as somebody of that role sees it."""
        self.desk.actor = self.people[role]
        page = CasePage(self.desk, Shell(tasks or Tasks.synchronous()), self.case_id)
        qtbot.addWidget(page)
        page.resize(1300, 800)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened()
        return page

    def stage(self) -> str:
        """The stage of the case now."""
        return self.desk.cases.page(self.people[Role.AUDITOR], self.case_id).stage.value


def case_office(url: str, folder: Path) -> CaseOffice:
    """Found the office in an empty, migrated database."""
    watch = Watch()
    database = Database(url, now=watch)
    people: dict[Role, Actor] = {}
    with database.write('test') as session:
        office = Office(name='长三角理赔中心', code='CY', created_at=START)
        session.add(office)
        session.flush()
        for number, role in enumerate(Role):
            account = Account(
                office_id=office.id, login=role.value, name=f'经办{number}', password_hash='-', created_at=START,
                roles=[AccountRole(role=role)],
            )  # fmt: skip
            session.add(account)
            session.flush()
            people[role] = Actor(account.id, account.name, account.login, office.id, None, frozenset({role}))
        insured = PartyRecord(name=NAME, pinyin='oy', phone='13900005678')
        session.add(insured)
        session.flush()
        policy = Policy(
            office_id=office.id, number='PDAA202632050000001', line=Line.MOTOR, clause=ClauseVersion.MOTOR_2020,
            holder_id=insured.id, insured_id=insured.id, starts_at=START - dt.timedelta(days=90),
            ends_at=START + dt.timedelta(days=275), plate='苏E8K318', vehicle_model='测试轿车',
        )  # fmt: skip
        policy.coverages = [
            Coverage(code='damage', name='机动车损失保险', sum_insured=Decimal(180_000), deductible=Decimal(500)),
            Coverage(code='third_party', name='第三者责任保险', sum_insured=Decimal(1_000_000)),
        ]
        session.add(policy)
        session.flush()
        policy_id = policy.id
    desk = build(Settings(database_url=url, files_folder=str(folder)), database)
    opened = desk.intake.register(
        people[Role.SERVICE],
        NewCase(policy_id, watch() - dt.timedelta(hours=3), '人民路 318 号', '追尾', '沈知远', '13800001234'),
        'first',
    )
    watch.time += dt.timedelta(hours=1)
    return CaseOffice(desk, people, opened.case_id, watch)


def when_asked(act: Callable[[Any], object]) -> None:
    """Answer the next dialog: `act` is given the dialog once it is open and ends it."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            act(dialog)
            if dialog.isVisible():
                dialog.reject()
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)
