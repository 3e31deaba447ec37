"""The one-time notice of missing documents, its number, its arrival, and the supplement; on both databases."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Case, CaseEvent, Database, Document, Message
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.letters import LetterText
from claimdesk.services.checklist import Checklist, ChecklistView
from claimdesk.services.documents import Documents
from claimdesk.services.letters import Letters
from claimdesk.services.notices import Notices
from claimdesk.vocabulary import Channel, ChecklistState, LetterKind
from tests.reports.pages import squeezed, texts
from tests.services.paper_office import PaperOffice, paper_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def notices(office: PaperOffice) -> Notices:
    return Notices(office.context)


def missing(office: PaperOffice) -> list[ChecklistView]:
    items = Checklist(office.context).of_case(office.clerk, office.case_id)
    return [item for item in items if item.required and item.state is ChecklistState.MISSING]


def version(office: PaperOffice, case_id: int = 0) -> int:
    with office.context.database.read() as session:
        return session.get_one(Case, case_id or office.case_id).version


def times(office: PaperOffice, kind: EventKind) -> list[dt.datetime]:
    with office.context.database.read() as session:
        return list(
            session.scalars(
                select(CaseEvent.happened_at).where(
                    CaseEvent.case_id == office.case_id, CaseEvent.kind == kind.value, CaseEvent.voided.is_(False)
                )
            )
        )


def test_the_notice_names_everything_once_and_is_kept(office: PaperOffice, notices: Notices) -> None:
    arrived = office.watch.forward(days=1)
    sent = notices.send(office.clerk, office.case_id, version(office), arrived, channel=Channel.SMS)
    names = [item.name for item in missing(office)]
    assert list(sent.details['missing']) == names
    assert all(name in sent.body for name in names)
    assert (sent.turn, sent.number, sent.arrived_at) == (1, 'CY2026-L000001', arrived)
    assert times(office, EventKind.NOTICE_ARRIVED) == [arrived]
    with office.context.database.read() as session:
        message = session.scalars(select(Message).where(Message.case_id == office.case_id)).one()
        assert sent.body in message.body
        assert (message.incoming, message.at, message.channel) == (False, arrived, Channel.SMS)
        document = session.get_one(Document, sent.document_id)
        assert (document.case_id, document.source) == (office.case_id, 'letter')
    assert Documents(office.context).get(office.clerk, document.id).title.endswith(sent.number)
    words = ''.join(texts(Letters(office.context).pdf(office.clerk, sent.id)))
    assert sent.number in words
    assert all(squeezed(name) in words for name in names)


def test_a_notice_on_its_way_pauses_only_from_its_arrival(office: PaperOffice, notices: Notices) -> None:
    office.watch.forward(days=1)
    sent = notices.send(office.clerk, office.case_id, version(office))
    standing = notices.standing(office.clerk, office.case_id)
    assert (standing.sent, standing.waiting_since) == (1, None)
    assert standing.on_its_way is not None
    assert times(office, EventKind.NOTICE_ARRIVED) == []
    with pytest.raises(InvalidInput) as caught:
        notices.arrived(office.clerk, sent.id, sent.version, office.watch() - dt.timedelta(hours=2))
    assert set(caught.value.fields) == {'at'}
    arrived = office.watch.forward(days=2)
    view = notices.arrived(office.clerk, sent.id, sent.version, arrived)
    assert view.arrived_at == arrived
    assert notices.standing(office.clerk, office.case_id).waiting_since == arrived
    with pytest.raises(Conflict):
        notices.arrived(office.clerk, sent.id, sent.version, arrived)


def test_a_second_notice_demands_a_reason_and_is_counted(office: PaperOffice, notices: Notices) -> None:
    notices.send(office.clerk, office.case_id, version(office), office.watch.forward(days=1))
    later = office.watch.forward(days=1)
    with pytest.raises(InvalidInput) as caught:
        notices.send(office.clerk, office.case_id, version(office), later)
    assert set(caught.value.fields) == {'reason'}
    second = notices.send(office.clerk, office.case_id, version(office), later, '新发现伤情')
    assert (second.turn, second.reason, second.number) == (2, '新发现伤情', 'CY2026-L000002')
    assert notices.standing(office.clerk, office.case_id).sent == 2


def test_what_is_here_must_be_judged_before_a_notice_goes(office: PaperOffice, notices: Notices) -> None:
    checklist = Checklist(office.context)
    office.watch.forward(hours=1)
    item = missing(office)[0]
    received = checklist.set_state(office.clerk, item.id, item.version, ChecklistState.RECEIVED)
    with pytest.raises(InvalidInput, match=item.name):
        notices.send(office.clerk, office.case_id, version(office), office.watch())
    assert notices.standing(office.clerk, office.case_id).problems
    checklist.set_state(office.clerk, item.id, received.version, ChecklistState.REJECTED, '无法辨认')
    sent = notices.send(office.clerk, office.case_id, version(office), office.watch())
    assert '无法辨认' in sent.body


def test_a_changed_text_must_still_name_everything(office: PaperOffice, notices: Notices) -> None:
    office.watch.forward(hours=1)
    text = notices.text(office.clerk, office.case_id)
    first = missing(office)[0].name
    short = LetterText(text.title, text.body.replace(first, '……'), text.closing)
    with pytest.raises(InvalidInput, match=first):
        notices.send(office.clerk, office.case_id, version(office), office.watch(), text=short)
    longer = LetterText(text.title, f'{text.body}\n请于工作日来访。', text.closing)
    assert '请于工作日来访' in notices.send(office.clerk, office.case_id, version(office), text=longer).body


def test_a_refused_notice_takes_no_number(office: PaperOffice, notices: Notices) -> None:
    office.watch.forward(hours=1)
    with pytest.raises(Conflict):
        notices.send(office.clerk, office.case_id, version(office) + 5)
    with pytest.raises(InvalidInput):
        notices.send(office.clerk, office.case_id, version(office), office.watch() + dt.timedelta(hours=1))
    assert notices.send(office.clerk, office.case_id, version(office)).number.endswith('L000001')


def test_notices_sent_at_once_have_numbers_without_a_gap(office: PaperOffice, notices: Notices) -> None:
    cases = [office.register(f'case {number}')[0] for number in range(6)]
    office.watch.forward(hours=1)
    with ThreadPoolExecutor(3, thread_name_prefix='claimdesk-test') as pool:
        sent = list(pool.map(lambda case_id: notices.send(office.clerk, case_id, version(office, case_id)), cases))
    assert sorted(one.number for one in sent) == [f'CY2026-L{number:06d}' for number in range(1, 7)]


def test_the_supplement_ends_the_pause_and_cannot_come_before_the_notice(
    office: PaperOffice, notices: Notices
) -> None:
    with pytest.raises(InvalidInput, match='No notice'):
        notices.supplement_arrived(office.clerk, office.case_id, version(office), office.watch())
    office.watch.forward(days=2)
    notices.send(office.clerk, office.case_id, version(office), office.watch())
    with pytest.raises(InvalidInput):
        notices.supplement_arrived(
            office.clerk, office.case_id, version(office), office.watch() - dt.timedelta(hours=1)
        )
    arrived = office.watch.forward(days=3)
    notices.supplement_arrived(office.clerk, office.case_id, version(office), arrived)
    assert times(office, EventKind.SUPPLEMENT_ARRIVED) == [arrived]
    with pytest.raises(InvalidInput, match='No notice'):
        notices.supplement_arrived(office.clerk, office.case_id, version(office), arrived)


def test_times_in_the_future_or_before_the_report_are_refused(office: PaperOffice, notices: Notices) -> None:
    for wrong in (office.watch() + dt.timedelta(hours=1), office.watch() - dt.timedelta(days=9)):
        with pytest.raises(InvalidInput) as caught:
            notices.send(office.clerk, office.case_id, version(office), wrong)
        assert set(caught.value.fields) == {'arrived_at'}


def test_an_auditor_sends_nothing(office: PaperOffice, notices: Notices) -> None:
    with pytest.raises(NotAllowed):
        notices.send(office.auditor, office.case_id, version(office), office.watch())
    assert notices.preview(office.auditor, office.case_id)[:5] == b'%PDF-'
    assert LetterKind.SUPPLEMENT in [one.kind for one in Letters(office.context).offers(office.auditor, office.case_id)]
