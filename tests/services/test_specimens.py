"""The papers that the demo office brings to try: one of every kind, read, and a sheet that asks to be cut apart."""

from pathlib import Path

import pytest

from claimdesk.models import Database
from claimdesk.services.documents import Documents
from claimdesk.services.office_generator.specimens import GLUED, GLUED_NAME, NAMES, lay_specimens
from claimdesk.services.sheet_cuts import SheetCuts
from claimdesk.vocabulary import DocumentState
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
