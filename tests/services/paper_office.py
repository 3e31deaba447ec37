"""A small office for tests about paper: one motor policy, a case on it, people of every role, files made here."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PIL import Image
from reportlab.pdfgen import canvas

from claimdesk.app import keep_risk
from claimdesk.models import Account, AccountRole, Coverage, Database, Office, PartyRecord, Policy
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.files import DatabaseStore, FolderStore
from claimdesk.services.intake import Intake, NewCase
from claimdesk.vocabulary import ClauseVersion, Line, Role

START = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)


class Watch:
    """A clock that stands until a test turns it."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> dt.datetime:
        return self.time

    def forward(self, **amount: float) -> dt.datetime:
        """Turn the clock forward by a `timedelta` of these amounts."""
        self.time += dt.timedelta(**amount)
        return self.time


@dataclass
class PaperOffice:
    """The office of a test, its people, and the case that papers go to."""

    context: OfficeContext
    watch: Watch
    clerk: Actor
    auditor: Actor
    policy_id: int
    case_id: int
    case_number: str

    def register(self, key: str) -> tuple[int, str]:
        """One more case on the same policy: its id and number."""
        opened = Intake(self.context).register(self.clerk, self._report(), key)
        return opened.case_id, opened.number

    def _report(self) -> NewCase:
        return NewCase(
            policy_id=self.policy_id,
            loss_at=self.watch() - dt.timedelta(hours=3),
            place='苏州市姑苏区人民路 318 号',
            cause='追尾',
            reporter_name='沈知远',
            reporter_phone='13800001234',
        )


def paper_office(database: Database, folder: Path) -> PaperOffice:
    """Found the office in an empty, migrated database."""
    watch = Watch()
    database.now = watch
    store = FolderStore(folder / 'files') if database.is_sqlite else DatabaseStore()
    context = OfficeContext(database, store, watch, keep_risk)
    with database.write('test') as session:
        office = Office(name='长三角理赔中心', code='CY', created_at=START)
        session.add(office)
        session.flush()
        everybody = Account(
            office_id=office.id, login='shen', name='沈若溪', password_hash='-', created_at=START,
            roles=[AccountRole(role=role) for role in Role if role is not Role.AUDITOR],
        )  # fmt: skip
        auditor = Account(
            office_id=office.id, login='audit', name='顾清和', password_hash='-', created_at=START,
            roles=[AccountRole(role=Role.AUDITOR)],
        )  # fmt: skip
        insured = PartyRecord(name='陆景行', pinyin='ljx', phone='13900005678')
        session.add_all([everybody, auditor, insured])
        session.flush()
        policy = Policy(
            office_id=office.id, number='PDAA202632050000001', line=Line.MOTOR, clause=ClauseVersion.MOTOR_2020,
            holder_id=insured.id, insured_id=insured.id, starts_at=START - dt.timedelta(days=90),
            ends_at=START + dt.timedelta(days=275), plate='苏E8K318', vehicle_model='测试轿车',
        )  # fmt: skip
        policy.coverages = [Coverage(code='damage', name='机动车损失保险', sum_insured=Decimal(180_000))]
        session.add(policy)
        session.flush()
        actors = [
            Actor(row.id, row.name, row.login, office.id, None, frozenset(role.role for role in row.roles))
            for row in (everybody, auditor)
        ]
        policy_id = policy.id
    made = PaperOffice(context, watch, actors[0], actors[1], policy_id, 0, '')
    made.case_id, made.case_number = made.register('first')
    return made


def pdf(*pages: str) -> bytes:
    """A PDF with one line of text on each page."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(300, 200), invariant=1)
    for text in pages:
        page.drawString(40, 120, text)
        page.showPage()
    page.save()
    return out.getvalue()


def picture(colour: str = 'white', size: tuple[int, int] = (300, 200)) -> bytes:
    """A plain PNG picture."""
    out = io.BytesIO()
    Image.new('RGB', size, colour).save(out, 'PNG')
    return out.getvalue()
