"""Draws made-up photos of a damaged car: street, car, damage and licence plate, believable to what measures photos."""

from __future__ import annotations

import datetime as dt
import io
import random

import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFilter

from claimdesk.papers.press import font

Colour = tuple[int, int, int]
SIZE = (1600, 1200)
BLUE, GREEN, WHITE, BLACK = (22, 62, 150), (96, 196, 120), (245, 245, 245), (20, 20, 20)
YELLOW = (236, 180, 30)
_PAINTS: tuple[Colour, ...] = ((176, 34, 38), (230, 231, 233), (48, 52, 60), (52, 88, 140), (150, 154, 160))


def car(seed: int, plate: str = '', size: tuple[int, int] = SIZE) -> Image.Image:
    """The rear of a car on a street, the same for the same seed; `plate` is '' for a car without one."""
    dice = random.Random(f'car/{seed}')
    wide, high = size
    picture = _street(dice, wide, high)
    draw = ImageDraw.Draw(picture)
    paint = dice.choice(_PAINTS)
    left, top = round(wide * dice.uniform(0.12, 0.26)), round(high * dice.uniform(0.28, 0.38))
    body_wide, body_high = round(wide * dice.uniform(0.52, 0.62)), round(high * dice.uniform(0.44, 0.5))
    right, bottom = left + body_wide, top + body_high
    roof = (left + body_wide * 0.14, top - body_high * 0.22, right - body_wide * 0.14, top + body_high * 0.34)
    draw.rounded_rectangle(roof, body_wide // 14, fill=_shade(paint, 0.9))
    inset = body_wide * 0.04
    draw.rounded_rectangle(
        (roof[0] + inset, roof[1] + inset, roof[2] - inset, roof[3] - inset * 1.6), body_wide // 18, fill=(60, 74, 88)
    )
    for place in (0.06, 0.78):
        x = left + body_wide * place
        draw.rounded_rectangle((x, bottom - 30, x + body_wide * 0.16, bottom + body_high * 0.16), 16, fill=BLACK)
    draw.rounded_rectangle((left, top + body_high * 0.2, right, bottom), body_wide // 16, fill=paint)
    draw.rectangle((left, bottom - body_high * 0.2, right, bottom - body_high * 0.17), fill=_shade(paint, 0.7))
    for place in (0.03, 0.81):
        x = left + body_wide * place
        y = top + body_high * 0.34
        draw.rounded_rectangle((x, y, x + body_wide * 0.16, y + body_high * 0.14), 14, fill=(188, 28, 30))
        draw.rounded_rectangle((x + 8, y + 6, x + body_wide * 0.07, y + body_high * 0.07), 8, fill=(244, 176, 80))
    _damage(draw, dice, (left, top + body_high * 0.4, right, bottom))
    if plate:
        _hang_plate(picture, plate, round(left + body_wide / 2), round(top + body_high * 0.56), round(body_wide * 0.26))
    return _grained(picture, dice)


def as_jpeg(
    picture: Image.Image,
    taken_at: dt.datetime | None = None,
    place: tuple[float, float] | None = None,
    software: str = '',
    quality: int = 88,
) -> bytes:
    """The photo as a camera keeps it: with its local time, its place (latitude, longitude), and who saved it last."""
    exif = Image.Exif()
    if software:
        exif[ExifTags.Base.Software] = software
    if taken_at is not None:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f'{taken_at:%Y:%m:%d %H:%M:%S}'
    if place is not None:
        north, east = place
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = 'N' if north >= 0 else 'S', _dms(north)
        gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = 'E' if east >= 0 else 'W', _dms(east)
    out = io.BytesIO()
    picture.convert('RGB').save(out, 'JPEG', quality=quality, exif=exif)
    return out.getvalue()


def _street(dice: random.Random, wide: int, high: int) -> Image.Image:
    sky, road = dice.randint(150, 220), dice.randint(84, 124)
    picture = Image.new('RGB', (wide, high), (sky, sky, min(255, sky + 18)))
    draw = ImageDraw.Draw(picture)
    horizon = round(high * 0.46)
    x = 0
    while x < wide:
        house, floor = dice.randint(wide // 14, wide // 6), dice.randint(horizon // 5, horizon * 3 // 4)
        tone = dice.randint(110, 190)
        draw.rectangle((x, floor, x + house, horizon), fill=(tone, tone - 8, tone - 18))
        for wx in range(x + 14, x + house - 14, 38):
            for wy in range(floor + 14, horizon - 20, 46):
                pane = (72, 84, 100) if dice.random() < 0.7 else (214, 206, 160)
                draw.rectangle((wx, wy, wx + 18, wy + 24), fill=pane)
        x += house + dice.randint(0, 20)
    draw.rectangle((0, horizon, wide, high), fill=(road, road, road + 4))
    for place in range(4):
        y = horizon + (high - horizon) * place // 4 + 60
        draw.line((wide * 0.02, y, wide * 0.1, y + 8), fill=(210, 210, 200), width=9)
    return picture


def _damage(draw: ImageDraw.ImageDraw, dice: random.Random, area: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = area
    x, y = dice.uniform(left, right - (right - left) / 3), dice.uniform(top, bottom - 60)
    for _line in range(14):
        end = x + dice.uniform(-160, 160), y + dice.uniform(-50, 50)
        begin = x + dice.uniform(-30, 30), y + dice.uniform(-20, 20)
        draw.line((*begin, *end), fill=(52, 50, 50), width=dice.randint(2, 6))


def _hang_plate(picture: Image.Image, plate: str, middle: int, top: int, wide: int) -> None:
    if plate.endswith('挂'):
        _hang_trailer_plate(picture, plate, middle, top, wide)
        return
    new_energy = len(plate) == 8
    ground, ink = (GREEN, BLACK) if new_energy else (BLUE, WHITE)
    board = Image.new('RGB', (440, 140), ground)
    ImageDraw.Draw(board).rounded_rectangle((5, 5, 434, 134), 12, outline=ink, width=4)
    # The characters of a plate are narrow: drawn wide, then pressed together.
    words = Image.new('RGB', (760, 150), ground)
    ImageDraw.Draw(words).text(
        (380, 75), f'{plate[:2]}·{plate[2:]}', font=font(118), fill=ink, anchor='mm', stroke_width=2, stroke_fill=ink
    )
    board.paste(words.resize((400, 104), Image.Resampling.LANCZOS), (20, 18))
    high = round(wide * 140 / 440)
    picture.paste(board.resize((wide, high), Image.Resampling.LANCZOS), (middle - wide // 2, top))


def _hang_trailer_plate(picture: Image.Image, plate: str, middle: int, top: int, wide: int) -> None:
    """The plate of a trailer: yellow, in two lines."""
    board = Image.new('RGB', (440, 220), YELLOW)
    draw = ImageDraw.Draw(board)
    draw.rounded_rectangle((5, 5, 434, 214), 12, outline=BLACK, width=4)
    for y, size, words in ((52, 62, f'{plate[:1]} {plate[1:2]}'), (144, 100, plate[2:])):
        draw.text((220, y), words, font=font(size), fill=BLACK, anchor='mm', stroke_width=2, stroke_fill=BLACK)
    board = board.resize((wide, wide // 2), Image.Resampling.LANCZOS)
    picture.paste(board, (middle - wide // 2, top))


def _grained(picture: Image.Image, dice: random.Random) -> Image.Image:
    noise = np.random.default_rng(dice.randint(0, 2**31))
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), np.int16)
    grain = noise.normal(0, 5, pixels.shape[:2])[:, :, None]
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def _shade(colour: Colour, by: float) -> Colour:
    red, green, blue = (round(part * by) for part in colour)
    return red, green, blue


def _dms(degrees: float) -> tuple[float, float, float]:
    value = abs(degrees)
    whole = int(value)
    minutes = int((value - whole) * 60)
    return float(whole), float(minutes), round((value - whole - minutes / 60) * 3600, 4)
