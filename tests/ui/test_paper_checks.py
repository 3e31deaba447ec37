"""Findings against the case, on the bench under the fields and on the documents tab: shown, looked at with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.papers import everyday, press
from claimdesk.services.documents import DocumentView, NewFile
from claimdesk.ui import dialogs
from claimdesk.ui.pages.case.documents import DocumentsTab
from claimdesk.ui.pages.case.overview import OverviewTab
from claimdesk.ui.pages.findings import FindingList
from claimdesk.ui.pages.inbox import InboxPage
from claimdesk.vocabulary import DocumentKind, Role
from tests.services.paper_office import pdf
from tests.ui.case_office import CaseOffice, case_office
from tests.ui.inbox_office import InboxOffice, Typist, inbox_office


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def estimate(desk: InboxOffice, *, case: bool = True) -> DocumentView:
    """A repair estimate of another car, read from its text layer."""
    made = everyday.make(5, DocumentKind.REPAIR_ESTIMATE)
    case_id = desk.office.case_id if case else None
    (view,) = desk.take_in(('estimate.pdf', press.as_pdf([made.form])), case_id=case_id)
    desk.desk.readings.read(desk.desk.signed_in, view.id)
    return desk.get(view.id)


def codes(findings: FindingList) -> list[str]:
    return [row.finding.code for row in findings.rows]


def opened(desk: InboxOffice, view: DocumentView) -> InboxPage:
    page = desk.page()
    page.arrive({'document_id': view.id})
    assert page.bench.sheet is not None
    return page


def test_a_paper_of_another_car_is_told_under_its_fields(desk: InboxOffice) -> None:
    page = opened(desk, estimate(desk))
    findings = page.bench.form.findings
    assert not findings.isHidden()
    assert 'plate' in codes(findings)
    row = page.bench.form.rows['plate']
    assert row.tone() == 'orange'
    assert row._evidence.text() == 'not as in the case'
    assert page.bench.form.counts.text().startswith(f'{len(findings.rows)} not as in the case')
    assert not row.open or row.read.status != 'sure'


def test_showing_a_finding_puts_the_focus_into_its_field_and_lights_its_place(desk: InboxOffice) -> None:
    page = opened(desk, estimate(desk))
    findings = page.bench.form.findings
    plate = next(row for row in findings.rows if row.finding.code == 'plate')
    QTest.mouseClick(plate.show_button, Qt.MouseButton.LeftButton)
    assert page.bench.form.current() == 'plate'
    assert page.bench.pages.canvas._lit == 'plate'


def test_a_corrected_plate_leaves_nothing_to_say(desk: InboxOffice) -> None:
    page = opened(desk, estimate(desk))
    row = page.bench.form.rows['plate']
    row.edit.setFocus()
    row.edit.selectAll()
    Typist().type('苏E8K318')
    assert desk.qtbot is not None
    desk.qtbot.waitUntil(lambda: 'plate' not in codes(page.bench.form.findings))


def test_f4_walks_through_the_findings_and_a_reason_folds_one(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_parent: object, _title: str, sentence: str, _action: str, **_options: object) -> str:
        asked.append(sentence)
        return '车主换了临时牌照'

    monkeypatch.setattr(dialogs, 'ask_reason', answer)
    page = opened(desk, estimate(desk))
    findings = page.bench.form.findings
    before = len(findings.rows)
    QTest.keyClick(page, Qt.Key.Key_F4)
    focused = QApplication.focusWidget()
    first = findings.rows[0]
    assert focused is first.act_button
    page.bench.checks.next_open()
    assert QApplication.focusWidget() is findings.rows[1 % before].act_button
    findings.rows[0].act_button.setFocus()
    QTest.keyClick(findings.rows[0].act_button, Qt.Key.Key_Space)
    assert asked == [first.finding.sentence]
    assert len(findings.rows) == before - 1
    assert findings.fold_button.text() == '1 looked at'
    findings.fold_button.click()
    kept = findings.rows[-1]
    assert kept.finding.seen is not None
    assert '车主换了临时牌照' in kept.caption.text()
    desk.undo()
    assert len(findings.open_ones) == before


def test_in_the_inbox_a_paper_is_compared_once_a_case_is_suggested(desk: InboxOffice) -> None:
    view = estimate(desk, case=False)
    page = opened(desk, view)
    assert page.bench.form.findings.isHidden()
    page.bench.finder.load(desk.office.case_id)
    assert desk.qtbot is not None
    desk.qtbot.waitUntil(lambda: not page.bench.form.findings.isHidden())
    assert 'plate' in codes(page.bench.form.findings)


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def file_estimate(office: CaseOffice) -> int:
    """A confirmed repair estimate of another car, from the day before the loss."""
    clerk = office.people[Role.SERVICE]
    new = [NewFile('estimate.pdf', pdf('estimate'))]
    (view,) = office.desk.documents.add(clerk, new, office.case_id, 'estimate')
    fields = {'plate': '苏E9K318', 'issue_date': '2026-03-01', 'total': '1200.00'}
    office.desk.invoices.confirm_other(
        clerk, view.id, view.version, office.case_id, DocumentKind.REPAIR_ESTIMATE, 'estimate', '', fields
    )
    return view.id


def test_the_documents_tab_counts_shows_and_folds_findings(
    office: CaseOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, 'ask_reason', lambda *_words, **_options: '已核对原件')
    document = file_estimate(office)
    page = office.page(qtbot, Role.SERVICE)
    assert page.bar.tabText(1).endswith('· 2 to look at')
    overview = page.front_tab
    assert isinstance(overview, OverviewTab)
    assert 'in 2 places' in overview.findings.words.text()
    overview.findings.button.click()
    tab = page.front_tab
    assert isinstance(tab, DocumentsTab)
    findings = tab.findings.list
    assert codes(findings) == ['plate', 'before_loss']
    assert QApplication.focusWidget() is findings.rows[0].act_button
    went: list[object] = []
    page.shell.navigate_to.connect(lambda where, arguments: went.append((where, arguments)))
    findings.rows[0].show_button.click()
    assert went == [('inbox', {'document_id': document, 'finding': findings.rows[0].finding.mark})]
    findings.rows[0].act_button.click()
    qtbot.waitUntil(lambda: page.bar.tabText(1).endswith('· 1 to look at'))
    assert codes(findings) == ['before_loss']
    findings.rows[0].act_button.click()
    qtbot.waitUntil(lambda: 'to look at' not in page.bar.tabText(1))
    assert not tab.findings.isHidden()
    assert findings.fold_button.text() == '2 looked at'


def test_somebody_who_may_not_confirm_sees_them_only(office: CaseOffice, qtbot: QtBot) -> None:
    file_estimate(office)
    page = office.page(qtbot, Role.AUDITOR)
    page.arrive('documents/findings')
    tab = page.front_tab
    assert isinstance(tab, DocumentsTab)
    assert [row.act_button.isHidden() for row in tab.findings.list.rows] == [True, True]


def test_a_case_whose_papers_agree_shows_nothing_of_it(office: CaseOffice, qtbot: QtBot) -> None:
    page = office.page(qtbot, Role.SERVICE)
    assert 'look at' not in page.bar.tabText(1)
    assert isinstance(page.front_tab, OverviewTab)
    assert page.front_tab.findings.isHidden()
    page.arrive('documents')
    assert isinstance(page.front_tab, DocumentsTab)
    assert page.front_tab.findings.isHidden()


def test_from_the_documents_tab_the_bench_opens_at_the_finding(desk: InboxOffice) -> None:
    view = estimate(desk)
    (plate, *_rest) = [
        one for one in desk.desk.paper_checks.of_case(desk.desk.signed_in, desk.office.case_id) if one.place == 'plate'
    ]
    page = desk.page()
    page.arrive({'document_id': view.id, 'finding': plate.mark})
    assert desk.qtbot is not None
    desk.qtbot.waitUntil(lambda: page.focusWidget() is page.bench.form.rows['plate'].edit)
