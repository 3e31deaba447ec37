"""Drawn pictures that stand for photos of a survey: a damaged car, a flooded or burnt hall, with the camera's stamp."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from typing import TYPE_CHECKING

from claimdesk.papers.press import font
from claimdesk.services.office_generator.dice import Dice

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

WIDE, HIGH = 960, 720
_BODIES = ((178, 34, 38), (38, 70, 120), (225, 226, 228), (70, 76, 82), (24, 26, 30), (196, 170, 120), (52, 104, 92))
Colour = tuple[int, int, int]


def car_photo(stamp: str, plate: str, *, near: bool = False) -> bytes:
    """A car seen from the side, or the dent in its front from near by, as JPEG; the camera writes `stamp` below."""
    from PIL import ImageDraw

    image = _car(Dice(plate).randrange(len(_BODIES))).copy()
    if near:
        image = image.crop((640, 310, 940, 535)).resize((WIDE, HIGH))
    elif plate:
        pen = ImageDraw.Draw(image)
        pen.rectangle([88, 458, 206, 490], (18, 74, 158))
        pen.text((147, 474), f'{plate[:2]}·{plate[2:]}', (250, 250, 250), font(20), 'mm')
    return _stamped(_framed(image, Dice(f'{plate}{stamp}'), near=near), stamp)


def hall_photo(stamp: str, burnt: bool, dice: Dice) -> bytes:
    """A storage hall after fire or water, as JPEG."""
    return _stamped(_framed(_hall(burnt, dice.randrange(2)), dice, near=True), stamp)


def _framed(image: Image.Image, dice: Dice, *, near: bool) -> Image.Image:
    """As seen from another step, on another street: no two photos of the office look the same."""
    from PIL import Image, ImageDraw

    part = dice.uniform(0.66 if near else 0.84, 0.96)
    wide, high = WIDE * part, HIGH * part
    if near:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if dice.chance(0.5) else image
        left, top = dice.uniform(0, WIDE - wide), dice.uniform(0, HIGH - high)
    else:
        pen = ImageDraw.Draw(image)
        for _house in range(4):
            # Left and right of the roof, down to the ground.
            x, tone = dice.among((dice.uniform(-60, 130), dice.uniform(720, 880))), dice.randrange(90, 230)
            pen.rectangle([x, dice.uniform(0, 180), x + dice.uniform(60, 140), 336], (tone, tone - 6, tone - 14))
        # The plate is at the lower left and stays in view.
        left, top = dice.uniform(0, min(WIDE - wide, 60)), dice.uniform((HIGH - high) / 2, HIGH - high)
    return image.resize((WIDE, HIGH), Image.Resampling.BILINEAR, (left, top, left + wide, top + high))


@cache
def _car(variant: int) -> Image.Image:
    from PIL import Image, ImageDraw

    dice = Dice(variant)
    image = Image.new('RGB', (WIDE, HIGH), (176, 196, 214))
    pen = ImageDraw.Draw(image)
    _street(pen, dice)
    body = _BODIES[variant]
    dark = _shade(body, 0.72)
    x, y = 90, 380
    pen.ellipse([x - 10, y + 150, x + 800, y + 205], (58, 60, 64))
    pen.polygon([(x + 190, y + 10), (x + 270, y - 95), (x + 500, y - 100), (x + 620, y + 15)], dark)
    glass = (150, 178, 192)
    pen.polygon([(x + 222, y + 8), (x + 286, y - 78), (x + 385, y - 82), (x + 385, y + 8)], glass)
    pen.polygon([(x + 400, y + 8), (x + 400, y - 82), (x + 492, y - 82), (x + 585, y + 10)], glass)
    pen.rounded_rectangle([x, y, x + 780, y + 130], 46, body)
    pen.rectangle([x + 30, y + 86, x + 750, y + 138], _shade(body, 0.86))
    for door in (215, 392, 560):
        pen.line([(x + door, y + 8), (x + door, y + 118)], dark, 3)
    for handle in (330, 505):
        pen.rounded_rectangle([x + handle, y + 30, x + handle + 38, y + 38], 4, dark)
    for wheel in (120, 590):
        pen.ellipse([x + wheel, y + 70, x + wheel + 118, y + 188], (26, 27, 29))
        pen.ellipse([x + wheel + 26, y + 96, x + wheel + 92, y + 162], (168, 172, 176))
        pen.ellipse([x + wheel + 48, y + 118, x + wheel + 70, y + 140], (90, 92, 96))
    pen.polygon([(x + 712, y + 30), (x + 776, y + 42), (x + 774, y + 66), (x + 716, y + 58)], (246, 240, 214))
    _dent(pen, x + 660, y + 20, dark, dice)
    return _developed(image, variant)


@cache
def _hall(burnt: bool, variant: int) -> Image.Image:
    from PIL import Image, ImageDraw, ImageFilter

    dice = Dice(variant)
    image = Image.new('RGB', (WIDE, HIGH), (206, 208, 204))
    pen = ImageDraw.Draw(image)
    pen.polygon([(0, 0), (WIDE, 0), (WIDE - 190, 170), (190, 170)], (150, 154, 156))
    pen.polygon([(0, HIGH), (WIDE, HIGH), (WIDE - 190, 470), (190, 470)], (122, 120, 114))
    pen.rectangle([190, 170, WIDE - 190, 470], (188, 190, 186))
    for beam in range(220, WIDE - 190, 92):
        pen.line([(beam, 170), (beam, 470)], (160, 162, 160), 4)
    for row in range(4):
        for column in range(7):
            left, top = 110 + column * 108 + row * 6, 420 + row * 62
            tint = dice.randint(-14, 14)
            pen.rectangle([left, top, left + 92, top + 58], (176 + tint, 134 + tint, 84 + tint), (120, 88, 52))
            pen.line([(left, top + 29), (left + 92, top + 29)], (206, 176, 126), 3)
    if burnt:
        soot = Image.new('L', image.size, 0)
        smoke = ImageDraw.Draw(soot)
        for _cloud in range(60):
            left, top = int(dice.gauss(430, 130)), int(dice.gauss(330, 130))
            smoke.ellipse([left, top, left + 130, top + 100], 255)
        image.paste((22, 20, 19), None, soot.filter(ImageFilter.GaussianBlur(34)).point(lambda value: value * 0.9))
    else:
        for line in range(560, HIGH, 7):
            shade = dice.randint(-8, 8)
            pen.line([(0, line), (WIDE, line + dice.randint(-3, 3))], (104 + shade, 122 + shade, 134 + shade), 7)
    return _developed(image, variant)


def _street(pen: ImageDraw.ImageDraw, dice: Dice) -> None:
    for left in range(0, WIDE, 120):
        top = dice.randint(90, 220)
        tone = dice.randint(140, 176)
        pen.rectangle([left, top, left + 112, 340], (tone, tone, tone + 6))
        for window in range(top + 18, 320, 34):
            for column in (18, 50, 82):
                pen.rectangle([left + column, window, left + column + 16, window + 18], (118, 140, 156))
    pen.rectangle([0, 336, WIDE, 400], (148, 150, 146))
    pen.rectangle([0, 400, WIDE, HIGH], (92, 94, 97))
    for left in range(-40, WIDE, 210):
        pen.rectangle([left, 640, left + 110, 652], (226, 226, 220))


def _dent(pen: ImageDraw.ImageDraw, x: int, y: int, dark: Colour, dice: Dice) -> None:
    points = [(x + dice.randint(-34, 84), y + dice.randint(0, 100)) for _point in range(7)]
    pen.polygon(points, _shade(dark, 0.7))
    for _scratch in range(16):
        left, top = x + dice.randint(-60, 80), y + dice.randint(0, 104)
        pen.line([(left, top), (left + dice.randint(16, 64), top + dice.randint(-12, 14))], (206, 206, 202), 2)
    pen.line([points[0], points[3], points[5]], (16, 16, 18), 4)


def _shade(colour: Colour, factor: float) -> Colour:
    red, green, blue = (int(part * factor) for part in colour)
    return red, green, blue


def _developed(image: Image.Image, seed: int) -> Image.Image:
    """The drawing a little soft and grainy."""
    import numpy as np
    from PIL import Image, ImageFilter

    values = np.asarray(image.filter(ImageFilter.GaussianBlur(1.1))).astype(np.float32)
    values += np.random.default_rng(seed).normal(0, 5, (*values.shape[:2], 1)).astype(np.float32)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def with_data(photo: bytes, taken: dt.datetime, dice: Dice) -> bytes:
    """The photo as a telephone keeps it: when, where and with what it was taken; a few have lost that or were edited.

    `taken` is local time.
    """
    from PIL import ExifTags, Image

    fate = dice.random()
    if fate < 0.12:
        return photo
    out = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as image:
        exif = image.getexif()
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = dice.choice((('HUAWEI', 'P60'), ('Xiaomi', '14')))
        if fate < 0.15:
            exif[ExifTags.Base.Software] = 'Adobe Photoshop 2025'
        detail = exif.get_ifd(ExifTags.IFD.Exif)
        detail[ExifTags.Base.DateTimeOriginal] = f'{taken:%Y:%m:%d %H:%M:%S}'
        if fate > 0.25:
            place = exif.get_ifd(ExifTags.IFD.GPSInfo)
            place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef] = 'N', 'E'
            place[ExifTags.GPS.GPSLatitude] = (31.0, float(dice.randrange(60)), float(dice.randrange(60)))
            place[ExifTags.GPS.GPSLongitude] = (120.0, float(dice.randrange(60)), float(dice.randrange(60)))
        image.save(out, 'JPEG', quality=80, exif=exif)
    return out.getvalue()


def _stamped(photo: Image.Image, stamp: str) -> bytes:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(photo)
    for place, words in enumerate(reversed(stamp.split('\n'))):
        where = (24, HIGH - 24 - 30 * place)
        pen.text(where, words, (255, 214, 64), font(22), 'ls', stroke_width=1, stroke_fill=(40, 34, 8))
    out = io.BytesIO()
    photo.save(out, 'JPEG', quality=80)
    return out.getvalue()
