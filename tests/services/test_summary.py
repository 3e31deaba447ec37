"""The claim summary: early cases and rich ones, personal data masked, nothing half-written; on both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from claimdesk.amounts import to_capital
from claimdesk.errors import NotFound, Unavailable
from claimdesk.models import Account, Calculation, Case, CaseMotor, Database, PartyRecord, Payment, Policy
from claimdesk.rules.adjustment import Part, Request, adjust
from claimdesk.rules.adjustment.motor import OwnDamage
from claimdesk.services.assessment import Assessments
from claimdesk.services.calculation_kept import kept_request, kept_sheets
from claimdesk.services.cases import Cases
from claimdesk.services.disputes import Disputes
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.invoices import Invoices
from claimdesk.services.messages import Messages
from claimdesk.services.summary import MOST_TALKS, MOST_THUMBNAILS, Summaries
from claimdesk.services.survey import Surveys
from claimdesk.vocabulary import ApprovalState, Channel, DocumentKind, Liability, LossKind, MatterKind, PaymentState
from tests.reports.pages import squeezed, texts
from tests.services.paper_office import PaperOffice, paper_office, pdf, picture
from tests.services.test_invoices import FIELDS, ITEMS

ID_NUMBER, ACCOUNT, LICENCE = '320502198803124417', '6222021001116245702', '320502199001014419'


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def text_of(office: PaperOffice, case_id: int | None = None) -> str:
    return ''.join(texts(Summaries(office.context).pdf(office.auditor, case_id or office.case_id)))


def fill(office: PaperOffice) -> None:
    """Take the case all the way, with paper, loss items, calculation, payment and talk."""
    context, clerk, case_id = office.context, office.clerk, office.case_id
    view = Documents(context).add(clerk, [NewFile('fp.pdf', pdf('a', 'b'))], case_id, 'fp')[0]
    Invoices(context).confirm(
        clerk, view.id, view.version, case_id, DocumentKind.DIGITAL_NORMAL, FIELDS, ITEMS, loss_kind=LossKind.PARTS
    )
    Documents(context).add(clerk, [NewFile('车头.png', picture('navy'))], case_id, 'photo')
    found = '车头受损，䶮㐂。'
    Surveys(context).save(
        clerk, case_id, 0, visited_at=office.watch(), place='修理厂', liability=Liability.MAIN, finding=found
    )
    labour = Decimal(600), Decimal('512.34')
    Assessments(context).add(clerk, case_id, LossKind.LABOUR, '钣金喷漆', *labour, note='按地区工时')
    Assessments(context).add(clerk, case_id, LossKind.SALVAGE, '残值', Decimal(100), Decimal(100))
    Messages(context).note(clerk, case_id, Channel.PHONE, '请补充行驶证。', incoming=False, with_whom='陆景行')
    Disputes(context).take(clerk, case_id, MatterKind.COMPLAINT, '陆景行', '进度太慢')
    now = office.watch.forward(days=3)
    with context.database.write('test') as session:
        case = session.get_one(Case, case_id)
        policy = session.get_one(Policy, office.policy_id)
        session.get_one(PartyRecord, policy.insured_id).id_number = ID_NUMBER
        session.get_one(PartyRecord, policy.insured_id).born_on = dt.date(1990, 1, 7)
        motor = session.get_one(CaseMotor, case_id)
        motor.driver_licence, motor.engine_number = LICENCE, 'E4T15B20613001'
        motor.vehicle_owner = '云州陆氏贸易有限公司'
        approver = session.query(Account).filter_by(login='audit').one()
        cover = policy.coverages[0]
        loss = OwnDamage(Decimal('1512.34'), limit=cover.sum_insured, deductible=Decimal(500))
        request = Request(policy.clause, (Part('own_damage', cover.name, loss, cover.id),))
        calculation = Calculation(
            case_id=case_id, number=1, coverage_id=cover.id,
            inputs=kept_request(request, ({},)), steps=kept_sheets(adjust(request).sheets),
            payable=Decimal('1012.34'), state=ApprovalState.APPROVED, made_by=clerk.id, made_at=now,
            decided_by=approver.id, decided_at=now,
        )  # fmt: skip
        session.add(calculation)
        session.flush()
        session.add(
            Payment(
                case_id=case_id, calculation_id=calculation.id, request_key='k', payee_name='陆景行',
                bank_name='工商银行苏州分行', account_number=ACCOUNT, amount=Decimal('1012.34'),
                state=PaymentState.PAID,
                prepared_by=clerk.id, prepared_at=now, paid_at=now, bank_reference='B20260305001',
            )
        )  # fmt: skip
        case.payable, case.paid_amount, case.paid_at = Decimal('1012.34'), Decimal('1012.34'), now
    page = Cases(context).page(clerk, case_id)
    Cases(context).set_estimate(clerk, case_id, page.version, Decimal(3000), '初步估计')


def test_an_early_case_is_short_and_says_what_is_not_there_yet(office: PaperOffice) -> None:
    made = Summaries(office.context).pdf(office.auditor, office.case_id)
    pages = texts(made)
    text = ''.join(pages)
    assert len(pages) <= 2
    for words in (
        'Claim summary', office.case_number, '长三角理赔中心', '陆景行', '苏E8K318', 'PDAA202632050000001', '追尾',
        '苏州市姑苏区人民路 318 号', '机动车损失保险', '180,000.00', 'Printed by 顾清和',
        'The file holds no survey, documents, confirmed invoices, loss items, calculation, payment, conversations yet.',
    ):  # fmt: skip
        assert squeezed(words) in text, words


def test_a_rich_case_tells_everything_with_totals_in_capitals(office: PaperOffice) -> None:
    fill(office)
    text = text_of(office)
    for words in (
        '1990-01-07', '云州陆氏贸易有限公司', 'E4T15B20613001',
        '26322000000318472913', '前保险杠', '1,000.00', '130.00', to_capital(Decimal(1130)), '钣金喷漆', '按地区工时',
        'Total without salvage value 1,730.00 512.34', to_capital(Decimal('512.34')), 'Less the deductible',
        to_capital(Decimal('1012.34')), 'approved by 顾清和', '工商银行苏州分行', 'B20260305001', '3,000.00',
        '车头受损，䶮㐂。', '请补充行驶证。', 'to 陆景行', '进度太慢', 'fp, page 2', '车头',
    ):  # fmt: skip
        assert squeezed(words) in text, words
    assert 'Thefileholdsno' not in text


def test_numbers_of_identity_and_account_are_masked(office: PaperOffice) -> None:
    fill(office)
    for actor in (office.auditor, office.clerk):
        text = ''.join(texts(Summaries(office.context).pdf(actor, office.case_id)))
        for number in (ID_NUMBER, ACCOUNT, LICENCE):
            assert number not in text
            assert number[-4:] in text


def test_the_code_on_every_page_is_the_case_number(office: PaperOffice) -> None:
    fill(office)
    made = Summaries(office.context).pdf(office.auditor, office.case_id)
    with pypdfium2.PdfDocument(made) as document:
        assert len(document) > 1
        for page in document:
            codes = zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())
            assert office.case_number in [code.text for code in codes]


def test_long_files_are_excerpts_that_say_so(office: PaperOffice) -> None:
    for number in range(MOST_TALKS + 4):
        office.watch.forward(minutes=5)
        Messages(office.context).note(office.clerk, office.case_id, Channel.NOTE, f'note {number:02d}')
    Documents(office.context).add(
        office.clerk, [NewFile('many.pdf', pdf(*(f'p{n}' for n in range(MOST_THUMBNAILS + 5))))], office.case_id, 'many'
    )
    text = text_of(office)
    assert squeezed(f'the {MOST_TALKS} newest of {MOST_TALKS + 4}') in text
    assert 'note11' in text
    assert 'note03' not in text
    assert squeezed(f'the {MOST_THUMBNAILS} newest of {MOST_THUMBNAILS + 5}') in text


def test_a_file_that_is_gone_leaves_its_picture_out(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(office)

    def gone(*args: object) -> bytes:
        raise NotFound('gone')

    monkeypatch.setattr(office.context.files, 'get', gone)
    text = text_of(office)
    assert 'Documentsinthefile' in text
    assert 'Pagesofthefile' not in text


def test_hostile_text_is_printed_as_text(office: PaperOffice) -> None:
    Messages(office.context).note(
        office.clerk, office.case_id, Channel.NOTE, '<b>x</b> =1+1 \u202e\u200fright 😀 ' + '长' * 40_000
    )
    with office.context.database.write('test') as session:
        session.get_one(Case, office.case_id).reporter_name = '𠮷(\\)\n田'
    text = text_of(office)
    assert '<b>x</b>=1+1right□长' in text
    assert '𠮷(\\)田' in text
    assert 'U+1F600×1' in text


def test_an_unknown_case_is_said(office: PaperOffice) -> None:
    with pytest.raises(NotFound):
        Summaries(office.context).pdf(office.auditor, 999_999)


def test_it_is_written_whole_or_not_at_all(
    office: PaperOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / 'out' / '摘要.pdf'
    Summaries(office.context).write(office.auditor, office.case_id, path)
    before = path.read_bytes()
    assert texts(before)

    def full(handle: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr('os.fsync', full)
    office.watch.forward(days=1)
    with pytest.raises(Unavailable, match='No space left'):
        Summaries(office.context).write(office.auditor, office.case_id, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_times_are_local(office: PaperOffice) -> None:
    assert squeezed((office.watch() + dt.timedelta(hours=8)).strftime('%Y-%m-%d %H:%M')) in text_of(office)
