"""Cards at the bench and on the case page: what they say is taken over by a key, compared where it differs, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from claimdesk.models import CaseMotor, CaseParty
from claimdesk.services.invoices import Confirmed
from claimdesk.ui.pages.card_offer import CardDialog
from claimdesk.ui.pages.case.cards_line import CardsLine
from claimdesk.ui.pages.inbox import InboxPage
from claimdesk.vocabulary import DocumentKind
from tests.services.paper_office import pdf
from tests.services.test_card_facts import LICENCE
from tests.ui.inbox_office import InboxOffice, inbox_office

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def confirmed(desk: InboxOffice, page: InboxPage, kind: DocumentKind, fields: dict[str, str]) -> Confirmed:
    (view,) = desk.take_in((f'{kind}.pdf', pdf('card')))
    done = desk.desk.invoices.confirm_other(
        desk.desk.signed_in, view.id, view.version, desk.office.case_id, kind, 'Card', '', fields
    )
    page.bench.finished.emit(done)
    return done


def motor(desk: InboxOffice) -> CaseMotor:
    with desk.office.context.database.read() as session:
        return session.get_one(CaseMotor, desk.office.case_id)


def test_one_key_fills_what_is_missing_and_undo_empties_it(desk: InboxOffice) -> None:
    page = desk.page()
    confirmed(desk, page, DocumentKind.DRIVING_LICENCE, LICENCE)
    assert page.banner.sentence == 'Driving licence: the case does not know 2 entries.'
    QTest.keyClick(page, Qt.Key.Key_U, BOTH)
    assert motor(desk).driver_name == LICENCE['name']
    assert desk.said()[-1] == '2 entries are taken over into the case.'
    assert not page.banner.isVisible()
    desk.undo()
    assert motor(desk).driver_name == ''


def test_what_differs_is_compared_and_taken_only_when_it_is_ticked(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.office.context.write(desk.office.clerk, 'test') as session:
        place = session.scalars(select(CaseParty).where(CaseParty.case_id == desk.office.case_id)).first()
        assert place is not None
        place.party.address, place.party.id_number = '旧地址 1 号', ''
        name, person_id = place.party.name, place.party_id
    page = desk.page()
    fields = {'name': name, 'id_number': '320599198001010015', 'address': '云州市人民路 2 号'}
    confirmed(desk, page, DocumentKind.ID_CARD, fields)
    asked: list[dict[str, bool]] = []

    def run(dialog: CardDialog) -> bool:
        asked.append({key: box.isChecked() for key, box in dialog.boxes.items()})
        QTest.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
        return True

    monkeypatch.setattr(CardDialog, 'run', run)
    QTest.keyClick(page, Qt.Key.Key_U, BOTH)
    assert asked == [{'person.id_number': True, 'person.address': False}]
    with desk.office.context.database.read() as session:
        place = session.scalars(select(CaseParty).where(CaseParty.party_id == person_id)).first()
        assert place is not None
        assert (place.party.id_number, place.party.address) == ('320599198001010015', '旧地址 1 号')


def test_other_papers_offer_nothing(desk: InboxOffice) -> None:
    page = desk.page()
    confirmed(desk, page, DocumentKind.OTHER, {})
    assert page.banner.sentence == ''
    QTest.keyClick(page, Qt.Key.Key_U, BOTH)
    assert motor(desk).driver_name == ''


def test_the_case_page_lists_what_its_cards_offer(desk: InboxOffice) -> None:
    page = desk.page()
    confirmed(desk, page, DocumentKind.DRIVING_LICENCE, LICENCE)
    page.case_id = desk.office.case_id  # type: ignore[attr-defined]
    line = CardsLine(page)  # type: ignore[arg-type]
    assert desk.qtbot is not None
    desk.qtbot.addWidget(line)
    line.ask()
    assert not line.isHidden()
    line.buttons[0].click()
    assert motor(desk).driver_licence == LICENCE['id_number']
    assert line.isHidden()
