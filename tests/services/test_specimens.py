"""The papers that the demo office brings to try: one of every kind, read, and a sheet that asks to be cut apart."""

from pathlib import Path

import pytest

from claimdesk.models import Database
from claimdesk.services.documents import Documents
from claimdesk.services.filing import Filing
from claimdesk.services.learned import Learned
from claimdesk.services.office_generator.morning_post import AtOnce
from claimdesk.services.office_generator.specimens import GLUED, GLUED_NAME, NAMES, OWN_WORD, lay_specimens
from claimdesk.services.reading import Readings
from claimdesk.services.sheet_cuts import SheetCuts
from claimdesk.vocabulary import DocumentKind, DocumentState
from tests.services.paper_office import PaperOffice, paper_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def test_each_kind_is_there_and_read_and_the_sheet_is_proposed_apart(office: PaperOffice) -> None:
    lay_specimens(office.context, office.clerk)
    views = Documents(office.context).inbox(office.clerk)
    assert {view.title: view.kind for view in views if view.title in NAMES.values()} == {
        name: kind for kind, name in NAMES.items()
    }
    assert {view.state for view in views} == {DocumentState.TO_CHECK}
    (sheet,) = [view for view in views if view.title == GLUED_NAME.removesuffix('.jpg')]
    assert len(SheetCuts(office.context).proposed(office.clerk, sheet.id, 0)) == len(GLUED)


def test_they_are_about_a_case_of_the_office_and_one_taught_the_reader(office: PaperOffice) -> None:
    lay_specimens(office.context, office.clerk)
    views = {view.kind: view for view in Documents(office.context).inbox(office.clerk) if view.title in NAMES.values()}
    for kind in (DocumentKind.ID_CARD, DocumentKind.VEHICLE_LICENCE, DocumentKind.REPAIR_ESTIMATE):
        (place, *_others) = Filing(office.context).suggest(office.clerk, views[kind].id)
        assert place.case_id == office.case_id
    (lesson,) = Learned(office.context).places(office.clerk)
    assert (lesson.kind, lesson.field, lesson.label) == (
        DocumentKind.REPAIR_ESTIMATE, 'issue_date', OWN_WORD.removesuffix('：'),
    )  # fmt: skip
    read = Readings(office.context, AtOnce).latest(office.clerk, views[DocumentKind.REPAIR_ESTIMATE].id)
    assert read is not None
    (date,) = [field for field in read.fields if field.name == 'issue_date']
    assert date.value
    assert date.status == 'check'
