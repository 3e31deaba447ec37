"""The photos of a case: measured once for the whole office, compared with its vehicles and with photos of others."""

import datetime as dt
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, PngImagePlugin

from claimdesk.errors import Cancelled, NotAllowed, Unreadable
from claimdesk.models import Database
from claimdesk.ocr import Box, PhotoSight, PlateSeen, photo_facts
from claimdesk.ocr.photo_sight import measured
from claimdesk.papers import scene
from claimdesk.rules.photos import Flag, PlateMatch
from claimdesk.services.context import SHANGHAI
from claimdesk.services.documents import Documents, DocumentView, NewFile
from claimdesk.services.photo_measures import keep_sight
from claimdesk.services.photos import Photos
from claimdesk.vocabulary import DocumentKind
from tests.services.paper_office import PaperOffice, paper_office

TAKEN = dt.datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
SUZHOU, NANJING = (31.29834, 120.58532), (32.0603, 118.7969)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    made = paper_office(database, tmp_path)
    made.watch.forward(days=1)
    return made


@pytest.fixture
def photos(office: PaperOffice) -> Photos:
    return Photos(office.context)


def add(office: PaperOffice, content: bytes, key: str, case_id: int = 0) -> DocumentView:
    documents = Documents(office.context)
    (view,) = documents.add(office.clerk, [NewFile(f'{key}.jpg', content)], case_id or office.case_id, key)
    return documents.set_kind(office.clerk, view.id, view.version, DocumentKind.PHOTO)


class Eye:
    """Measures in this process; the plates are told."""

    def __init__(self, *plates: tuple[str, float]) -> None:
        self.looks = 0
        self._plates = tuple(PlateSeen(text, sure, Box(0.4, 0.5, 0.2, 0.05)) for text, sure in plates)

    def __call__(self, content: bytes, _page: int, _rotation: int) -> PhotoSight:
        self.looks += 1
        return measured(np.asarray(Image.open(io.BytesIO(content)).convert('RGB')), self._plates)


def test_a_photo_is_measured_once_and_says_what_it_shows(office: PaperOffice, photos: Photos) -> None:
    add(office, scene.as_jpeg(scene.car(1, '苏E8K318'), TAKEN, SUZHOU), 'one')
    (before,) = photos.of_case(office.clerk, office.case_id)
    assert not before.measured
    assert photos.unmeasured(office.clerk, office.case_id) == 1
    eye = Eye(('苏E8K318', 0.97))
    assert photos.measure(office.clerk, office.case_id, eye) == 1
    (view,) = photos.of_case(office.clerk, office.case_id)
    assert (view.match, view.matched, view.flags) == (PlateMatch.SAME, '苏E8K318', ())
    assert view.plate_boxes == ((0.4, 0.5, 0.2, 0.05),)
    assert photos.measure(office.clerk, office.case_id, eye) == 0
    assert eye.looks == 1


def test_another_cars_plate_and_an_unsure_one_are_told_apart(office: PaperOffice, photos: Photos) -> None:
    add(office, scene.as_jpeg(scene.car(1), TAKEN, SUZHOU), 'clear')
    photos.measure(office.clerk, office.case_id, Eye(('沪C12345', 0.97)))
    add(office, scene.as_jpeg(scene.car(2), TAKEN, SUZHOU), 'unsure')
    photos.measure(office.clerk, office.case_id, Eye(('沪C12345', 0.7)))
    clear, unsure = photos.of_case(office.clerk, office.case_id)
    assert (clear.match, clear.flags) == (PlateMatch.OTHER, (Flag.OTHER_PLATE,))
    assert (unsure.match, unsure.flags) == (PlateMatch.UNSURE, (Flag.UNSURE_PLATE,))


def test_a_copy_in_another_case_is_found_and_another_photo_is_not(office: PaperOffice, photos: Photos) -> None:
    office.watch.forward(days=3)
    other_id, number = office.register('other')
    car = scene.car(7)
    add(office, scene.as_jpeg(car, TAKEN, SUZHOU), 'first')
    copy = ImageEnhance.Brightness(car.resize((800, 600))).enhance(1.15)
    add(office, scene.as_jpeg(copy, quality=60), 'copy', other_id)
    add(office, scene.as_jpeg(scene.car(8)), 'own', other_id)
    for case_id in (office.case_id, other_id):
        photos.measure(office.clerk, case_id, Eye())
    (first,) = photos.of_case(office.clerk, office.case_id)
    assert first.like_cases == (number,)
    assert Flag.LOOKS_LIKE in first.flags
    copied, own = photos.of_case(office.clerk, other_id)
    assert copied.like_cases == (office.case_number,)
    assert own.like_cases == ()


def test_a_photo_far_from_the_others_is_told(office: PaperOffice, photos: Photos) -> None:
    for number, place in enumerate((SUZHOU, SUZHOU, SUZHOU, NANJING)):
        add(office, scene.as_jpeg(scene.car(number), TAKEN, place), f'p{number}')
    flags = [view.flags for view in photos.of_case(office.clerk, office.case_id)]
    assert flags == [(), (), (), (Flag.FAR_AWAY,)]


def test_what_is_no_picture_is_passed_over_and_cancelling_keeps_what_is_done(
    office: PaperOffice, photos: Photos
) -> None:
    add(office, b'torn', 'torn')
    for number in range(2):
        add(office, scene.as_jpeg(scene.car(number)), f'p{number}')

    def stop_at(done: int, _total: int, _words: str = '') -> None:
        if done == 2:
            raise Cancelled

    def eye(content: bytes, page: int, rotation: int) -> PhotoSight:
        if content == b'torn':
            raise Unreadable('torn', '')
        return Eye()(content, page, rotation)

    with pytest.raises(Cancelled):
        photos.measure(office.clerk, office.case_id, eye, stop_at)
    assert [view.measured for view in photos.of_case(office.clerk, office.case_id)] == [False, True, False]
    photos.measure(office.clerk, office.case_id, eye)
    assert photos.unmeasured(office.clerk, office.case_id) == 1
    with pytest.raises(NotAllowed):
        photos.measure(office.auditor, office.case_id, eye)


def test_where_another_desk_was_faster_what_it_measured_stays(office: PaperOffice, photos: Photos) -> None:
    view = add(office, scene.as_jpeg(scene.car(1)), 'one')
    key = (view.pages[0].sha256, 0)
    first, second = Eye(('苏E8K318', 0.97)), Eye(('沪C12345', 0.97))
    for eye in (first, second):
        sight = eye(scene.as_jpeg(scene.car(1)), 1, 0)
        with office.context.write(office.clerk, 'test') as session:
            keep_sight(session, key, 0, sight)
    (kept,) = photos.of_case(office.clerk, office.case_id)
    assert kept.matched == '苏E8K318'


@pytest.mark.parametrize(
    ('xmp', 'edited', 'made'),
    [
        ('<x xmp:CreatorTool="Adobe Photoshop 25.0"/>', True, False),
        ('<xmpMM:History><rdf:li stEvt:softwareAgent="GIMP 2.10"/></xmpMM:History>', True, False),
        ('<x Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/digitalsourcetype/trainedAlgorithmicMedia"/>', False,
         True),
        ('<x xmp:CreatorTool="HUAWEI P60"/>', False, False),
    ],
)  # fmt: skip
def test_traces_of_programs_stand_in_the_metadata(xmp: str, edited: bool, made: bool) -> None:
    out = io.BytesIO()
    scene.car(1, size=(320, 240)).save(out, 'JPEG', xmp=xmp.encode())
    facts = photo_facts(out.getvalue())
    assert (facts.edited, facts.made) == (edited, made)


def test_a_picture_that_a_model_has_made_says_so_in_its_png() -> None:
    out, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text('parameters', 'a damaged car, Stable Diffusion XL')
    scene.car(1, size=(320, 240)).save(out, 'PNG', pnginfo=words)
    assert photo_facts(out.getvalue()).made
