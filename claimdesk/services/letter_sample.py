"""A letter with made-up figures, so that an office sees how its own words look on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from claimdesk.amounts import to_capital, yuan
from claimdesk.language import _
from claimdesk.rules.letters import LETTERS, LetterText, fill
from claimdesk.services.letter_contents import missing_words, pause_words
from claimdesk.vocabulary import LetterKind, Stage, label

if TYPE_CHECKING:
    from claimdesk.reports.letters import LetterPage

_CASE, _POLICY, _AMOUNT = 'CY2026-000318', 'PDAA202632050000001', yuan('12600.00')


def sample_page(kind: LetterKind, text: LetterText, office: str, person: str, now: dt.datetime) -> LetterPage:
    """The letter as a made-up case would fill it; `now` is the office's local time."""
    from claimdesk.reports.letters import LetterPage
    from claimdesk.reports.paper import Head

    values = sample_values(office, person, now.date())
    rule = LETTERS[kind]
    return LetterPage(
        head=Head(office, fill(text.title, values), _CASE, person, now),
        number='CY2026-L000001',
        addressee=values['insured'] if rule.to_customer else '',
        address=values['place'] if rule.to_customer else '',
        body=fill(text.body, values),
        parts=(),
        closing=fill(text.closing, values),
        office=office,
        day=now.date(),
        handler=person,
    )


def sample_values(office: str, person: str, today: dt.date) -> Mapping[str, str]:
    """What stands in each placeholder of the sample."""
    return {
        'insured': '张晓明',
        'case': _CASE,
        'policy': _POLICY,
        'plate': '苏E·8K318',
        'cause': '追尾',
        'loss_day': (today - dt.timedelta(days=6)).isoformat(),
        'place': '苏州市姑苏区人民路 318 号',
        'office': office,
        'handler': person,
        'today': today.isoformat(),
        'documents': missing_words(
            [(_("Repair invoice"), ''), (_("Vehicle licence"), _("Not legible"))], [_("Towing receipt")]
        ),
        'pause': pause_words(),
        'amount': f'{_AMOUNT:,.2f}',
        'capitals': to_capital(_AMOUNT),
        'payees': _("{number}. {amount} yuan to {name}, {bank}, account {account}").format(
            number=1, amount=f'{_AMOUNT:,.2f}', name='张晓明', bank='中国银行苏州分行', account='6216 **** **** 0318'
        ),
        'reason': '被保险机动车在出险时的驾驶人未取得相应准驾车型的驾驶资格，属于合同约定的责任免除范围。',
        'step': label(Stage.ASSESSMENT),
        'owner': person,
        'since': (today - dt.timedelta(days=4)).isoformat(),
        'due': (today - dt.timedelta(days=1)).isoformat(),
        'words': '',
        'keep_until': today.replace(year=today.year + 5, day=min(today.day, 28)).isoformat(),
    }
