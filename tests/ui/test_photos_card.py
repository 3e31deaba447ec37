"""The photos of a case on the loss tab: measured in the background once, what they show said in pills, tried again."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.ocr import Box, PhotoSight, PlateSeen
from claimdesk.ocr.photo_sight import measured
from claimdesk.papers import scene
from claimdesk.services.context import SHANGHAI
from claimdesk.services.documents import NewFile
from claimdesk.services.invoices import Confirmed
from claimdesk.ui.pages.case.loss import LossTab
from claimdesk.ui.pages.case.page import CasePage
from claimdesk.ui.pages.case.photos_card import PhotosCard
from claimdesk.ui.pages.photo_measuring import PhotoMeasuring
from claimdesk.ui.widgets import StateBadge
from claimdesk.vocabulary import DocumentKind, Role
from tests.ui.case_office import CaseOffice, case_office

TAKEN = dt.datetime(2026, 3, 2, 10, 30, tzinfo=SHANGHAI)


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch, office: CaseOffice) -> list[int]:
    """Measures in this process and reads one plate; counts."""
    seen: list[int] = []

    def look(content: bytes, page: int, _rotation: int) -> PhotoSight:
        seen.append(page)
        picture = np.asarray(Image.open(io.BytesIO(content)).convert('RGB'))
        return measured(picture, (PlateSeen('沪C12345', 0.97, Box(0.4, 0.5, 0.2, 0.05)),))

    monkeypatch.setattr(office.desk.readings, 'look_at_photo', look)
    return seen


def add_photos(office: CaseOffice, *pictures: Image.Image) -> None:
    clerk, documents = office.people[Role.SERVICE], office.desk.documents
    new = [NewFile(f'photo {at}.jpg', scene.as_jpeg(picture, TAKEN)) for at, picture in enumerate(pictures)]
    for view in documents.add(clerk, new, office.case_id, 'photos'):
        documents.set_kind(clerk, view.id, view.version, DocumentKind.PHOTO)


def card(page: CasePage) -> PhotosCard:
    page.arrive('loss')
    assert isinstance(page.front_tab, LossTab)
    return page.front_tab.photos


def pills(shown: PhotosCard) -> list[str]:
    return [badge.accessibleName() for badge in shown.findChildren(StateBadge) if badge.isVisibleTo(shown)]


def test_photos_are_measured_once_and_say_what_they_show(
    office: CaseOffice, qtbot: QtBot, looks: list[int]
) -> None:
    blurred = scene.car(2).filter(ImageFilter.GaussianBlur(5))
    add_photos(office, scene.car(1), blurred)
    shown = card(office.page(qtbot, Role.SURVEYOR))
    assert len(looks) == 2
    wanted = [
        '沪C12345: another vehicle', 'no place in the photo',
        '沪C12345: another vehicle', 'no place in the photo', 'out of focus',
    ]  # fmt: skip
    qtbot.waitUntil(lambda: pills(shown) == wanted)
    assert shown.measure_button.isHidden()
    card(office.page(qtbot, Role.SURVEYOR))
    assert len(looks) == 2


def test_without_an_engine_it_says_so_and_offers_to_try_again(
    office: CaseOffice, qtbot: QtBot, looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = office.desk.readings.look_at_photo

    def broken(_content: bytes, _page: int, _rotation: int) -> PhotoSight:
        raise Unavailable('The engine cannot be loaded.', 'Install it again.')

    monkeypatch.setattr(office.desk.readings, 'look_at_photo', broken)
    add_photos(office, scene.car(1))
    page = office.page(qtbot, Role.SURVEYOR)
    shown = card(page)
    assert 'The engine cannot be loaded.' in page.banner.sentence
    assert not shown.measure_button.isHidden()
    monkeypatch.setattr(office.desk.readings, 'look_at_photo', look)
    shown.measure_button.click()
    assert len(looks) == 1
    assert shown.measure_button.isHidden()


def test_somebody_who_only_looks_measures_nothing(office: CaseOffice, qtbot: QtBot, looks: list[int]) -> None:
    add_photos(office, scene.car(1))
    shown = card(office.page(qtbot, Role.AUDITOR))
    assert looks == []
    assert shown.measure_button.isHidden()


def test_the_documents_tab_measures_new_photos_already(office: CaseOffice, qtbot: QtBot, looks: list[int]) -> None:
    add_photos(office, scene.car(1))
    page = office.page(qtbot, Role.SERVICE)
    page.arrive('documents')
    assert len(looks) == 1
    page.reload()
    assert len(looks) == 1
    shown = card(page)
    qtbot.waitUntil(lambda: '沪C12345: another vehicle' in pills(shown))
    assert len(looks) == 1


def test_a_photo_is_measured_when_it_is_confirmed(office: CaseOffice, qtbot: QtBot, looks: list[int]) -> None:
    add_photos(office, scene.car(1))
    page = office.page(qtbot, Role.SERVICE)
    (photo,) = office.desk.documents.of_case(office.people[Role.SERVICE], office.case_id)
    PhotoMeasuring(page).confirmed(Confirmed(photo, None, '', None))
    assert len(looks) == 1
