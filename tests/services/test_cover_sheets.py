"""Cover sheets: printed, scanned with wear, read back; a pile splits and files itself, on both databases."""

import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFilter
from sqlalchemy import select

from claimdesk.errors import InvalidInput
from claimdesk.models import Case, Database, Document
from claimdesk.rules.cover_code import Cover, parse, spell
from claimdesk.scanning import PageRef, write_pdf
from claimdesk.services.cover_sheets import CoverSheets
from claimdesk.services.cover_words import cover_words
from claimdesk.services.documents import Documents, DocumentView, NewFile
from claimdesk.vocabulary import DocumentKind, Outcome, Stage
from tests.services.paper_office import PaperOffice, paper_office, pdf


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def scanned(content: bytes, seed: int = 0, turn: float = 0.0) -> bytes:
    """The first page as a worn 150 dpi office scan: skewed, blurred, noisy, faded."""
    page = pypdfium2.PdfDocument(content)[0].render(scale=150 / 72, grayscale=True).to_pil().convert('L')
    page = page.rotate(turn, resample=Image.Resampling.BICUBIC, expand=abs(turn) > 45, fillcolor=255)
    grey = np.asarray(page.filter(ImageFilter.GaussianBlur(0.8)), np.float32) * 0.75 + 40
    noisy = np.clip(grey + np.random.default_rng(seed).normal(0, 12, grey.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, 'JPEG', quality=60)
    return out.getvalue()


def pile(office: PaperOffice, *pages: bytes) -> DocumentView:
    content = write_pdf([PageRef(page) for page in pages])
    return Documents(office.context).add(office.clerk, [NewFile('Scan.pdf', content, 'scan')], None, 'pile')[0]


def sheet(office: PaperOffice, case_id: int | None = None, *kinds: DocumentKind) -> bytes:
    return CoverSheets(office.context).pdf(office.clerk, case_id, kinds)


def sorted_pile(office: PaperOffice, *pages: bytes) -> list[Document]:
    view = pile(office, *pages)
    ids = CoverSheets(office.context).sort(office.clerk, view.id)
    with office.context.database.read() as session:
        return [session.get_one(Document, one) for one in ids]


def counts(office: PaperOffice, documents: list[Document]) -> list[int]:
    views = Documents(office.context)
    return [len(views.get(office.clerk, one.id).pages) for one in documents]


def test_a_worn_scan_splits_at_its_cover_sheets_and_files_itself(office: PaperOffice) -> None:
    second_id, second_number = office.register('second')
    page, cards = pdf('a page'), sheet(office, None, DocumentKind.ID_CARD)
    parts = sorted_pile(
        office, page, scanned(sheet(office, office.case_id), 1, 1.5), page, page,
        scanned(sheet(office, second_id), 2, -2), page, scanned(cards, 3, 180), page,
    )  # fmt: skip
    assert counts(office, parts) == [1, 2, 1, 1]
    assert [one.case_id for one in parts] == [None, office.case_id, second_id, second_id]
    assert [one.kind for one in parts][-1] is DocumentKind.ID_CARD
    assert [cover_words(one.cover) for one in parts] == [
        '',
        f'A cover sheet put it into case {office.case_number}.',
        f'A cover sheet put it into case {second_number}.',
        f'A cover sheet put it into case {second_number}.',
    ]


def test_twenty_worn_covers_of_different_cases_and_kinds_are_all_read(office: PaperOffice) -> None:
    kinds = list(DocumentKind)
    pages = []
    for seed in range(20):
        pages += [scanned(sheet(office, None, kinds[seed % len(kinds)]), seed, seed % 5 - 2), pdf('x')]
    parts = sorted_pile(office, *pages)
    assert [one.kind for one in parts] == [kinds[seed % len(kinds)] for seed in range(20)]


def test_the_pages_of_an_unknown_foreign_closed_or_damaged_cover_wait_with_a_sentence(office: PaperOffice) -> None:
    from claimdesk.reports.cover_sheet import CoverPage, cover_sheets_pdf
    from claimdesk.reports.paper import Head

    def covered(code: str) -> bytes:
        head = Head('office', 'Cover sheet', '', 'x', office.watch())
        return cover_sheets_pdf([CoverPage(head, 'x', (), code)], 1)

    with office.context.database.write('test') as session:
        case = session.scalars(select(Case)).one()
        case.stage, case.outcome, case.closed_at = Stage.CLOSED, Outcome.PAID, office.watch()
    whole = spell(Cover('CY', 'CY2026-999999'))
    parts = sorted_pile(
        office, covered(whole), pdf('a'), covered(spell(Cover('SH', 'SH2026-000001'))), pdf('b'),
        covered(whole.replace('9', '8')), pdf('c'), covered(spell(Cover('CY', office.case_number))), pdf('d'),
    )  # fmt: skip
    assert [one.case_id for one in parts] == [None] * 4
    said = ['does not have', 'another office', 'damaged', 'closed']
    assert [words for words, one in zip(said, parts, strict=True) if words in cover_words(one.cover)] == said


def test_what_is_filed_by_a_cover_still_waits_in_the_inbox_to_be_checked(office: PaperOffice) -> None:
    parts = sorted_pile(office, sheet(office, office.case_id), pdf('a'))
    documents = Documents(office.context)
    assert [one.id for one in documents.inbox(office.clerk)] == [parts[0].id]
    assert documents.waiting(office.clerk) == 1
    assert documents.get(office.clerk, parts[0].id).cover == f'A cover sheet put it into case {office.case_number}.'


def test_a_pile_without_covers_stays_as_it_is_and_a_cover_alone_says_so(office: PaperOffice) -> None:
    assert sorted_pile(office, pdf('a'), pdf('b')) == []
    (alone,) = [
        one for one in Documents(office.context).inbox(office.clerk) if len(one.pages) == 2
    ]
    assert alone.cover == ''
    added = Documents(office.context).add(
        office.clerk, [NewFile('c.pdf', sheet(office, office.case_id), 'scan')], None, 'alone'
    )[0]
    CoverSheets(office.context).sort(office.clerk, added.id)
    assert 'only a cover sheet' in Documents(office.context).get(office.clerk, added.id).cover


def test_copies_and_kinds_make_pages_and_nothing_is_refused(office: PaperOffice) -> None:
    covers = CoverSheets(office.context)
    content = covers.pdf(office.clerk, office.case_id, [DocumentKind.ID_CARD, DocumentKind.RECEIPT], 3)
    assert len(pypdfium2.PdfDocument(content)) == 6
    with pytest.raises(InvalidInput):
        covers.pdf(office.clerk, None)
    with pytest.raises(InvalidInput):
        covers.pdf(office.clerk, office.case_id, copies=0)


def test_a_code_with_one_wrong_character_is_damaged() -> None:
    text = spell(Cover('CY', 'CY2026-000318', DocumentKind.RECEIPT))
    assert parse(text) == Cover('CY', 'CY2026-000318', DocumentKind.RECEIPT)
    for at in range(5, len(text)):
        spoilt = text[:at] + ('#' if text[at] != '#' else '+') + text[at + 1 :]
        assert parse(spoilt) is None
