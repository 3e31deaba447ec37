"""Missing, changed and orphaned files are found, with the case that needs them; on both databases."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from claimdesk.errors import Cancelled, NotAllowed, Unavailable
from claimdesk.models import Database, FileContent
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.files import FolderStore, digest, keep_file
from claimdesk.services.files_check import FilesCheck
from claimdesk.services.findings import Finding, Health
from tests.services.paper_office import PaperOffice, paper_office, pdf

GOOD, OTHER = pdf('one'), pdf('another')


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    made = paper_office(database, tmp_path)
    documents = Documents(made.context)
    documents.add(made.clerk, [NewFile('报案书.pdf', GOOD, 'drop')], made.case_id, 'filed')
    documents.add(made.clerk, [NewFile('收据.pdf', OTHER, 'drop')], None, 'inbox')
    return made


def found(office: PaperOffice) -> list[Finding]:
    return FilesCheck(office.context).check(office.auditor)


def damage(office: PaperOffice, content: bytes, instead: bytes | None) -> None:
    """Put `instead` in the place of a kept file behind the program's back, or nothing at all."""
    store, sha256 = office.context.files, digest(content)
    if isinstance(store, FolderStore):
        if instead is None:
            store.path(sha256).unlink()
        else:
            store.path(sha256).write_bytes(instead)
        return
    with office.context.database.write('test') as session:
        if instead is None:
            session.execute(delete(FileContent).where(FileContent.sha256 == sha256))
        else:
            session.execute(update(FileContent).where(FileContent.sha256 == sha256).values(content=instead))


def aged(office: PaperOffice, path: Path, hours: int) -> None:
    """Let the file have lain there for so long, by the office's clock."""
    at = (office.watch() - dt.timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))


def test_an_office_in_order_says_how_many_files_were_looked_at(office: PaperOffice) -> None:
    (one,) = found(office)
    assert (one.health, one.sentence) == (Health.GOOD, '2 files are as they were kept.')


def test_a_missing_file_is_told_with_its_case(office: PaperOffice) -> None:
    damage(office, GOOD, None)
    (one,) = found(office)
    assert (one.part, one.health, one.case_id) == ('file', Health.BROKEN, office.case_id)
    assert one.subject == f'{office.case_number} · 报案书.pdf'
    assert 'missing' in one.sentence


def test_a_changed_file_is_told_and_never_shown_as_evidence(office: PaperOffice) -> None:
    damage(office, OTHER, OTHER[:-1] + b'x')
    (one,) = found(office)
    assert (one.health, one.case_id, one.subject) == (Health.BROKEN, None, '收据.pdf')
    assert 'changed' in one.sentence
    with office.context.database.read() as session, pytest.raises(Unavailable):
        office.context.files.get(session, digest(OTHER))


def test_a_file_that_no_document_uses_is_a_note(office: PaperOffice) -> None:
    content = pdf('orphan')
    with office.context.database.write('test') as session:
        keep_file(session, office.context.files, digest(content), content, '无主.pdf', office.watch())
    good, orphan = found(office)
    assert good.health is Health.GOOD
    assert (orphan.part, orphan.health, orphan.subject) == ('orphan', Health.NOTE, '无主.pdf')


def test_what_a_stopped_program_left_in_the_folder_is_a_note(office: PaperOffice) -> None:
    store = office.context.files
    if not isinstance(store, FolderStore):
        pytest.skip('the database keeps out what was never recorded')
    part = store.path(digest(GOOD)).with_name(f'{digest(GOOD)}.77.part')
    part.write_bytes(GOOD[:10])
    aged(office, part, hours=25)
    assert [(one.part, one.subject) for one in found(office)[1:]] == [('left_over', part.name)]


def test_what_is_on_its_way_is_neither_told_nor_swept(office: PaperOffice) -> None:
    store = office.context.files
    if not isinstance(store, FolderStore):
        pytest.skip('in the database a file comes with its record')
    content = pdf('on its way')
    store.bring(digest(content), content)
    aged(office, store.path(digest(content)), hours=23)
    assert [one.part for one in found(office)] == ['file']
    assert FilesCheck(office.context).sweep(office.clerk) == 0
    assert store.path(digest(content)).exists()


def test_only_what_was_never_recorded_is_swept(office: PaperOffice) -> None:
    store = office.context.files
    if not isinstance(store, FolderStore):
        pytest.skip('the database keeps out what was never recorded')
    forgotten = pdf('forgotten')
    store.bring(digest(forgotten), forgotten)
    part = store.path(digest(GOOD)).with_name(f'.{digest(GOOD)}.k3x.part')
    part.write_bytes(b'half')
    strange = store.path(digest(GOOD)).with_name('Thumbs.db')
    strange.write_bytes(b'not ours')
    for path in (store.path(digest(forgotten)), part, strange, store.path(digest(GOOD))):
        aged(office, path, hours=50)
    with pytest.raises(NotAllowed):
        FilesCheck(office.context).sweep(office.auditor)
    assert FilesCheck(office.context).sweep(office.clerk) == 2
    assert not part.exists()
    assert not store.path(digest(forgotten)).exists()
    assert strange.exists(), 'what is not ours is left alone'
    assert store.path(digest(GOOD)).read_bytes() == GOOD


def test_a_forgotten_file_that_is_wanted_again_is_young_again(office: PaperOffice) -> None:
    store = office.context.files
    if not isinstance(store, FolderStore):
        pytest.skip('the database keeps out what was never recorded')
    content = pdf('twice')
    store.bring(digest(content), content)
    aged(office, store.path(digest(content)), hours=50)
    store.bring(digest(content), content)
    assert FilesCheck(office.context).sweep(office.clerk) == 0


def test_a_file_of_the_same_size_is_not_taken_for_the_same(office: PaperOffice) -> None:
    store = office.context.files
    if not isinstance(store, FolderStore):
        pytest.skip('a file in the database is recorded once')
    damage(office, GOOD, bytes(len(GOOD)))
    store.bring(digest(GOOD), GOOD)
    assert store.path(digest(GOOD)).read_bytes() == GOOD


def test_a_share_that_is_not_connected_is_told_once_and_no_folder_is_made(office: PaperOffice, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / 'not mounted', shared=True)
    check = FilesCheck(replace(office.context, files=store))
    for ask in (
        lambda: check.check(office.auditor),
        lambda: store.bring(digest(GOOD), GOOD),
        lambda: check.sweep(office.clerk),
    ):
        with pytest.raises(Unavailable, match='is not there'):
            ask()
    assert not (tmp_path / 'not mounted').exists()


def test_every_bite_is_looked_at_once(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('claimdesk.services.files_check.BITE', 1)
    seen: list[int] = []
    FilesCheck(office.context).check(office.auditor, lambda done, _total, _sentence='': seen.append(done))
    assert seen == [0, 1, 2]


def test_it_is_cancelled_and_only_for_those_who_may_see_the_trail(office: PaperOffice) -> None:
    def stop(_done: int, _total: int, _sentence: str = '') -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        FilesCheck(office.context).check(office.auditor, stop)
    nobody = type(office.clerk)(office.clerk.id, '无', 'none', office.clerk.office_id, None, frozenset())
    with pytest.raises(NotAllowed):
        FilesCheck(office.context).check(nobody)
