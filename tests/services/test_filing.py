"""Where a paper belongs: what it points to, what a person finds, what a case waits for; on both databases."""

from pathlib import Path

import pytest

from claimdesk.errors import NotFound
from claimdesk.models import Database
from claimdesk.ocr import FieldReading, PageReading
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.filing import Filing
from claimdesk.vocabulary import DocumentKind, Line, LossKind
from tests.services.paper_office import PaperOffice, paper_office, pdf
from tests.services.test_reading import readings


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def taken_in(office: PaperOffice, name: str = 'scan.pdf', text: str = '', buyer: str = '') -> int:
    view = Documents(office.context).add(office.clerk, [NewFile(name, pdf(name))], None, name[:20])[0]
    fields = {'buyer_name': FieldReading('buyer_name', buyer, 0.99, 'text_layer')} if buyer else {}
    page = PageReading(page=1, kind=DocumentKind.DIGITAL_NORMAL, fields=fields, text=text)
    readings(office, page)[0].read(office.clerk, view.id)
    return view.id


@pytest.mark.parametrize(
    ('name', 'text', 'buyer', 'why'),
    [
        ('scan.pdf', '', '陆景行', 'The buyer is the insured.'),
        ('scan.pdf', '备注: 车牌 苏E·8K318', '', 'The paper names the plate.'),
        ('苏e8k318 维修.pdf', '', '', 'The paper names the plate.'),
        ('scan.pdf', '保单号 PDAA202632050000001', '', 'The paper names the policy.'),
    ],
)
def test_what_stands_on_the_paper_points_to_its_case(
    office: PaperOffice, name: str, text: str, buyer: str, why: str
) -> None:
    (place,) = Filing(office.context).suggest(office.clerk, taken_in(office, name, text, buyer))
    assert (place.case_id, place.number, place.why) == (office.case_id, office.case_number, why)


def test_the_case_number_is_the_surest_clue_and_each_case_comes_once(office: PaperOffice) -> None:
    second, number = office.register('second')
    document = taken_in(office, 'scan.pdf', f'赔案号 {number}', '陆景行')
    found = Filing(office.context).suggest(office.clerk, document)
    assert [(place.case_id, place.why) for place in found] == [
        (second, 'The paper names the case.'),
        (office.case_id, 'The buyer is the insured.'),
    ]


def test_nothing_on_the_paper_suggests_nothing(office: PaperOffice) -> None:
    assert Filing(office.context).suggest(office.clerk, taken_in(office, text='一份证明', buyer='别人')) == []
    with pytest.raises(NotFound):
        Filing(office.context).suggest(office.clerk, 99)


def test_a_case_says_what_a_kind_of_paper_answers(office: PaperOffice) -> None:
    wanted = Filing(office.context).wanted(office.clerk, office.case_id, DocumentKind.DIGITAL_NORMAL)
    assert (wanted.place.insured_name, wanted.place.line, wanted.answers) == ('陆景行', Line.MOTOR, 'repair_invoice')
    assert 'repair_invoice' in [item.code for item in wanted.checklist]
    assert LossKind.PARTS in wanted.loss_kinds
    assert LossKind.SALVAGE not in wanted.loss_kinds
    assert Filing(office.context).wanted(office.clerk, office.case_id, DocumentKind.OTHER).answers == ''


def test_the_inbox_is_counted(office: PaperOffice) -> None:
    documents = Documents(office.context)
    taken_in(office)
    documents.add(office.clerk, [NewFile('b.pdf', pdf('b'))], office.case_id, 'b')
    removed = documents.add(office.clerk, [NewFile('c.pdf', pdf('c'))], None, 'c')[0]
    documents.remove(office.clerk, removed.id, removed.version)
    assert documents.waiting(office.clerk) == 1
