"""A desk of its own, to be killed: opens cases and edits them without end, and says each number once it is saved."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from claimdesk.app import keep_risk
from claimdesk.models import Database
from claimdesk.services.cases import Cases
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.files import FolderStore
from claimdesk.services.intake import Intake, NewCase
from claimdesk.vocabulary import Role


def main() -> None:
    url, policy, office, person, folder = sys.argv[1:6]
    database = Database(url)
    context = OfficeContext(database, FolderStore(Path(folder)), along=keep_risk)
    actor = Actor(int(person), '沈若溪', 'shen', int(office), None, frozenset({Role.SERVICE}))
    intake, cases = Intake(context), Cases(context)
    for count in range(100_000):
        new = NewCase(
            policy_id=int(policy),
            loss_at=dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC),
            place=f'人民路 {count} 号',
            cause='追尾',
            reporter_name='沈知远',
            reporter_phone='13800001234',
        )
        opened = intake.register(actor, new, f'{sys.argv[6]}-{count}')
        page = cases.page(actor, opened.case_id)
        cases.edit(actor, opened.case_id, page.version, {'place': f'解放路 {count} 号'})
        print(opened.number, flush=True)


if __name__ == '__main__':
    main()
