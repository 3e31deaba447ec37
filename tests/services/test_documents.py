"""Taking paper in, sorting pages, filing; on both databases."""

import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import func, select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unreadable
from claimdesk.models import AuditEntry, Case, Database, StoredFile
from claimdesk.scanning import PageRef, write_pdf
from claimdesk.services.blank_pages import BlankPages
from claimdesk.services.checklist import Checklist
from claimdesk.services.documents import Documents, DocumentView, NewFile, PageEdit
from claimdesk.services.files import digest
from claimdesk.vocabulary import ChecklistState, DocumentKind, DocumentState
from tests.services.paper_office import PaperOffice, paper_office, pdf, picture


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def documents(office: PaperOffice) -> Documents:
    return Documents(office.context)


def taken_in(office: PaperOffice, content: bytes, key: str = 'k', case_id: int | None = None) -> DocumentView:
    file = NewFile('维修发票.pdf', content, 'drop')
    return Documents(office.context).add(office.clerk, [file], case_id, key)[0]


def edits(view: DocumentView) -> list[PageEdit]:
    return [PageEdit(page.sha256, page.page_index, page.rotation) for page in view.pages]


def test_files_become_documents_with_pages_and_the_bytes_stay_as_they_came(
    office: PaperOffice, documents: Documents
) -> None:
    content = pdf('one', 'two')
    added = documents.add(
        office.clerk, [NewFile('a.pdf', content, 'drop'), NewFile('b.png', picture(), 'scan')], None, 'key'
    )
    assert [(len(view.pages), view.title, view.source, view.state) for view in added] == [
        (2, 'a', 'drop', DocumentState.WAITING),
        (1, 'b', 'scan', DocumentState.WAITING),
    ]
    assert [view.id for view in documents.inbox(office.clerk)] == [view.id for view in added]
    with office.context.database.read() as session:
        assert office.context.files.get(session, digest(content)) == content


def test_the_same_request_adds_nothing_twice(office: PaperOffice, documents: Documents) -> None:
    first = taken_in(office, pdf('one'), 'key', office.case_id)
    assert taken_in(office, pdf('one'), 'key', office.case_id).id == first.id
    assert len(documents.of_case(office.clerk, office.case_id)) == 1


def test_the_same_file_elsewhere_is_named(office: PaperOffice, documents: Documents) -> None:
    first = taken_in(office, pdf('same'), 'k1', office.case_id)
    second = taken_in(office, pdf('same'), 'k2')
    assert [(same.case_number, same.document_id) for same in second.same_file_in] == [(office.case_number, first.id)]
    with office.context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_an_empty_file_is_refused_and_a_torn_one_says_why(office: PaperOffice, documents: Documents) -> None:
    with pytest.raises(InvalidInput, match='empty'):
        documents.add(office.clerk, [NewFile('a.pdf', b'')], None, 'k')
    torn = taken_in(office, pdf('one')[:200])
    assert torn.state is DocumentState.UNREADABLE
    assert torn.problem
    with pytest.raises(Unreadable):
        documents.page_image(office.clerk, torn.id, 0)


def test_pages_are_shown_turned(office: PaperOffice, documents: Documents) -> None:
    view = taken_in(office, picture(size=(300, 200)))
    upright = Image.open(io.BytesIO(documents.page_image(office.clerk, view.id, 0, 600)))
    turned = documents.set_pages(office.clerk, view.id, view.version, [PageEdit(view.pages[0].sha256, 0, 90)])
    sideways = Image.open(io.BytesIO(documents.page_image(office.clerk, view.id, 0, 600)))
    assert (upright.size, sideways.size) == ((300, 200), (200, 300))
    assert turned.pages[0].rotation == 90
    with pytest.raises(NotFound):
        documents.page_image(office.clerk, view.id, 7)


def test_pages_are_reordered_and_left_out(office: PaperOffice, documents: Documents) -> None:
    view = taken_in(office, pdf('one', 'two', 'three'))
    first, _second, third = edits(view)
    changed = documents.set_pages(office.clerk, view.id, view.version, [third, first])
    assert [page.page_index for page in changed.pages] == [2, 0]
    assert changed.version > view.version
    text = [page.get_textpage().get_text_bounded().strip() for page in opened(documents, office, view.id)]
    assert text == ['three', 'one']


def opened(documents: Documents, office: PaperOffice, document_id: int) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(documents.content(office.clerk, document_id))


def test_pages_of_other_documents_or_none_at_all_are_refused(office: PaperOffice, documents: Documents) -> None:
    view = taken_in(office, pdf('one'))
    other = taken_in(office, pdf('other'), 'k2')
    for wrong in ([], edits(other), [PageEdit(view.pages[0].sha256, 0, 45)]):
        with pytest.raises(InvalidInput):
            documents.set_pages(office.clerk, view.id, view.version, wrong)


def test_an_older_version_is_a_conflict_and_page_changes_are_audited(
    office: PaperOffice, documents: Documents
) -> None:
    view = taken_in(office, pdf('one', 'two'), case_id=office.case_id)
    documents.set_pages(office.clerk, view.id, view.version, edits(view)[:1])
    with pytest.raises(Conflict):
        documents.set_pages(office.clerk, view.id, view.version, edits(view))
    with office.context.database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.row_id == view.id, AuditEntry.kind == 'document'))
        pages = [entry.changes['pages'] for entry in entries if 'pages' in entry.changes]
    assert [(len(before), len(after)) for before, after in pages] == [(2, 1)]


def test_split_and_merge_are_each_others_undo(office: PaperOffice, documents: Documents) -> None:
    view = taken_in(office, pdf('one', 'two', 'three'))
    first, second = documents.split(office.clerk, view.id, view.version, 1)
    assert [len(first.pages), len(second.pages)] == [1, 2]
    assert (first.same_file_in, second.same_file_in) == ((), ())
    whole = documents.merge(office.clerk, [(first.id, first.version), (second.id, second.version)])
    assert [page.page_index for page in whole.pages] == [0, 1, 2]
    assert [row.id for row in documents.inbox(office.clerk)] == [whole.id]
    with pytest.raises(InvalidInput):
        documents.split(office.clerk, whole.id, whole.version, 3)


def test_removed_documents_come_back(office: PaperOffice, documents: Documents) -> None:
    view = taken_in(office, pdf('one'), case_id=office.case_id)
    removed = documents.remove(office.clerk, view.id, view.version)
    assert documents.of_case(office.clerk, office.case_id) == []
    assert [row.id for row in documents.removed_of_case(office.clerk, office.case_id)] == [view.id]
    back = documents.restore(office.clerk, view.id, removed.version)
    assert [row.id for row in documents.of_case(office.clerk, office.case_id)] == [back.id]


def test_attaching_ticks_the_checklist_and_counts_what_is_missing(office: PaperOffice, documents: Documents) -> None:
    item = next(one for one in Checklist(office.context).of_case(office.clerk, office.case_id) if one.required)
    before = missing(office)
    view = taken_in(office, pdf('one'))
    filed = documents.attach(office.clerk, view.id, view.version, office.case_id, item.code)
    now = next(one for one in Checklist(office.context).of_case(office.clerk, office.case_id) if one.code == item.code)
    assert (now.state, [one.id for one in now.documents]) == (ChecklistState.RECEIVED, [view.id])
    assert missing(office) == before - 1
    documents.attach(office.clerk, view.id, filed.version, None)
    assert missing(office) == before


def missing(office: PaperOffice) -> int:
    with office.context.database.read() as session:
        return session.get_one(Case, office.case_id).missing_documents


def test_kind_and_title_are_kept(office: PaperOffice, documents: Documents) -> None:
    view = taken_in(office, pdf('one'))
    view = documents.set_kind(office.clerk, view.id, view.version, DocumentKind.PHOTO)
    view = documents.set_title(office.clerk, view.id, view.version, '  现场照片 ')
    assert (view.kind, view.title) == (DocumentKind.PHOTO, '现场照片')
    with pytest.raises(InvalidInput):
        documents.set_title(office.clerk, view.id, view.version, ' ')


def test_an_auditor_only_looks(office: PaperOffice, documents: Documents) -> None:
    view = taken_in(office, pdf('one'))
    assert documents.get(office.auditor, view.id).id == view.id
    with pytest.raises(NotAllowed):
        documents.remove(office.auditor, view.id, view.version)
    with pytest.raises(NotAllowed):
        documents.add(office.auditor, [NewFile('a.pdf', pdf('x'))], None, 'k2')


def test_a_page_that_was_left_out_can_be_brought_back(office: PaperOffice, documents: Documents) -> None:
    whole = taken_in(office, pdf('one', 'two', 'three'))
    shorter = documents.set_pages(office.clerk, whole.id, whole.version, edits(whole)[:1])
    again = documents.set_pages(office.clerk, whole.id, shorter.version, edits(whole))
    assert again.pages == whole.pages
    foreign = taken_in(office, pdf('foreign'), 'k2')
    with pytest.raises(InvalidInput, match='does not belong'):
        documents.set_pages(office.clerk, again.id, again.version, [*edits(again), *edits(foreign)])


def test_blank_backs_are_found_in_spite_of_dust_and_print_that_shines_through(
    office: PaperOffice, documents: Documents
) -> None:
    dice = np.random.default_rng(5)
    back = dice.normal(236, 4, (1100, 800)).clip(0, 255)
    back[300:320, 100:700] -= 25  # the front shines through
    back[500, 500:504] = 0  # dust
    faint = back.copy()
    faint[700:716, 200:300][dice.random((16, 100)) < 0.4] = 60  # a few printed characters
    pages = [PageRef(pdf('front')), *(PageRef(as_png(page)) for page in (back, faint))]
    view = taken_in(office, write_pdf(pages))
    assert BlankPages(office.context).of(office.clerk, view.id) == [1]


def as_png(grey: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(out, 'PNG')
    return out.getvalue()
