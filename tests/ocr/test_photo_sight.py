"""Photos measured: sharpness and exposure, copies that look the same, plates by their spelling and by the engine."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from claimdesk.errors import Unreadable
from claimdesk.ocr import ALIKE_PHOTOS, ReaderPool, difference, look_at_photo
from claimdesk.ocr.photo_sight import PhotoSight, measured
from claimdesk.ocr.plates import ALONE, plate_in, plates_on
from claimdesk.papers import scene


def sight(picture: Image.Image) -> PhotoSight:
    return measured(np.asarray(picture.convert('RGB')))


def resaved(picture: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, 'JPEG', quality=quality)
    return Image.open(out)


def stamped(picture: Image.Image) -> Image.Image:
    copy = picture.copy()
    ImageDraw.Draw(copy).text((20, 1120), '2026-03-02 10:00', fill='white', font=scene.font(40))
    return copy


def test_a_photo_out_of_focus_is_less_sharp_by_an_order() -> None:
    sharp = scene.car(1, '苏E8K318')
    blurred = sharp.filter(ImageFilter.GaussianBlur(4))
    assert sight(sharp).sharpness > 100
    assert sight(blurred).sharpness < 20
    half = sharp.copy()
    half.paste(blurred.crop((0, 0, 1600, 600)), (0, 0))
    assert sight(half).sharpness > 100, 'one sharp part is enough'


def test_exposure_is_how_much_shows_nothing() -> None:
    plain = scene.car(2)
    dark, bright = sight(ImageEnhance.Brightness(plain).enhance(0.1)), sight(ImageEnhance.Brightness(plain).enhance(9))
    assert dark.dark > 80
    assert bright.bright > 50
    assert sight(plain).dark < 20
    assert sight(plain).bright < 20


@pytest.mark.parametrize('seed', range(3))
def test_a_copy_of_a_photo_looks_the_same_and_another_photo_does_not(seed: int) -> None:
    original = scene.car(seed, '苏E8K318')
    copies = (
        resaved(original, 40), original.resize((800, 600)), ImageEnhance.Brightness(original).enhance(1.25),
        stamped(original), original.convert('L').convert('RGB'),
    )  # fmt: skip
    look = sight(original).look
    assert [difference(look, sight(copy).look) <= ALIKE_PHOTOS for copy in copies] == [True] * 5
    others = (sight(scene.car(seed + number, '苏E8K318')).look for number in range(10, 16))
    assert not any(difference(look, other) <= ALIKE_PHOTOS for other in others)


@pytest.mark.parametrize(
    ('text', 'plate'),
    [
        ('苏E·8K318', '苏E8K318'),
        ('苏E 8K3I8', '苏E8K318'),
        ('京AO1234', '京A01234'),
        ('苏E·D12345', '苏ED12345'),
        ('E·8K318', '?E8K318'),
        ('月E8K318', '?E8K318'),
        ('苏E·1234挂', '苏E1234挂'),
        ('停车 100', ''),
        ('苏E8K3', ''),
        ('', ''),
    ],
)
def test_a_plate_is_known_by_its_spelling(text: str, plate: str) -> None:
    assert plate_in(text) == plate


def test_the_engine_reads_a_plate_with_its_place() -> None:
    picture = scene.car(3, '京A88888').resize((800, 600))
    (plate,) = plates_on(np.asarray(picture))
    assert plate.text == '京A88888'
    assert plate.confidence > 0.9
    assert 0.2 < plate.box.x < 0.7
    assert plate.box.width < 0.4


def test_a_plate_in_two_lines_is_read_but_never_sure() -> None:
    (plate,) = plates_on(np.asarray(scene.car(2, '沪A7K9D挂').resize((1200, 900))))
    assert (plate.text, plate.confidence) == ('沪A7K9D挂', ALONE)
    assert plate.box.height > 0.4 * plate.box.width


def test_without_a_second_model_nothing_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('claimdesk.ocr.plates.second_reader', lambda: None)
    (plate,) = plates_on(np.asarray(scene.car(3, '京A88888').resize((800, 600))))
    assert (plate.text, plate.confidence) == ('京A88888', ALONE)


def test_a_photo_is_measured_in_a_worker_and_a_torn_one_is_unreadable() -> None:
    content = scene.as_jpeg(scene.car(4).resize((640, 480)))
    with ReaderPool(1, warm=False) as pool:
        assert pool.look_at_photo(content).plates == ()
        with pytest.raises(Unreadable):
            pool.look_at_photo(b'\xff\xd8\xff\xe0torn')
    with pytest.raises(Unreadable):
        look_at_photo(b'no picture', plates=False)
