"""What happens to paper before it is read: turned, slanted, faxed, folded, stamped, photographed, cut, doubled.

Each condition takes a clean picture of a page at `CLEAN_DPI` and a seed, and gives the bytes of a file.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.ocr.paper import font_file, perspective

CLEAN_DPI = 300
RED = (215, 30, 40)
GROUND = (233, 233, 230)
Condition = Callable[[Image.Image, int], bytes]


def jpeg(image: Image.Image, quality: int = 75) -> bytes:
    """The picture as a JPEG file."""
    out = io.BytesIO()
    image.convert('RGB').save(out, 'JPEG', quality=quality)
    return out.getvalue()


def at_dpi(image: Image.Image, dpi: int) -> Image.Image:
    """The picture as a scanner of that resolution gives it."""
    scale = dpi / CLEAN_DPI
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.LANCZOS)


def scanned(image: Image.Image, seed: int, dpi: int = 200) -> Image.Image:
    """A sheet on an office scanner: a border of ground, a trace of slant, softness and noise."""
    dice = random.Random(seed)
    sheet = at_dpi(image, dpi)
    edge = round(0.03 * sheet.width)
    ground = Image.new('RGB', (sheet.width + 2 * edge, sheet.height + 2 * edge), GROUND)
    ground.paste(sheet, (edge, edge))
    ground = ground.rotate(dice.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor=GROUND)
    return noisy(ground.filter(ImageFilter.GaussianBlur(dice.uniform(0.2, 0.5) * dpi / 150)), seed, 4)


def noisy(image: Image.Image, seed: int, sigma: float) -> Image.Image:
    """Sensor noise, the same for the same seed."""
    values = np.asarray(image.convert('RGB')).astype(np.float32)
    values += np.random.default_rng(seed).normal(0, sigma, values.shape).astype(np.float32)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def plain(image: Image.Image, seed: int) -> bytes:
    """A good office scan at 200 dpi."""
    return jpeg(scanned(image, seed), 80)


def turned(degrees: int) -> Condition:
    """A scan put in sideways or upside down; degrees counter-clockwise."""
    return lambda image, seed: jpeg(scanned(image, seed).rotate(degrees, expand=True), 80)


def slanted(degrees: float) -> Condition:
    """A scan fed in crooked."""

    def wear(image: Image.Image, seed: int) -> bytes:
        sheet = scanned(image, seed)
        return jpeg(sheet.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=GROUND), 75)

    return wear


def resolved(dpi: int, quality: int) -> Condition:
    """A scan of that resolution, pressed that hard."""
    return lambda image, seed: jpeg(scanned(image, seed, dpi), quality)


def grey(image: Image.Image, seed: int) -> bytes:
    """A copy in shades of grey."""
    return jpeg(scanned(image, seed).convert('L'), 60)


def bitonal(image: Image.Image, seed: int) -> bytes:
    """A fax or a copier's black-and-white scan, as TIFF."""
    ink = scanned(image, seed).convert('L').point(lambda level: 255 if level > 165 else 0).convert('1')
    out = io.BytesIO()
    ink.save(out, 'TIFF', compression='group4')
    return out.getvalue()


def stamped(image: Image.Image, seed: int) -> bytes:
    """Two red stamps of an office anywhere on the lower or middle part, over print as they fall."""
    dice = random.Random(seed)
    sheet = image.convert('RGB')
    size = round(0.024 * sheet.width)
    letters = ImageFont.truetype(str(font_file()), size)
    for words in ('理赔专用章', '已报销'):
        layer = Image.new('RGBA', sheet.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(layer)
        x, y = dice.uniform(0.15, 0.85) * sheet.width, dice.uniform(0.3, 0.9) * sheet.height
        a, b = 0.075 * sheet.width, 0.05 * sheet.width
        ink = (*RED, 170)
        pen.ellipse([x - a, y - b, x + a, y + b], outline=ink, width=max(3, size // 6))
        pen.text((x, y), words, ink, letters, 'mm')
        layer = layer.rotate(dice.uniform(-25, 25), Image.Resampling.BICUBIC, center=(x, y))
        sheet = _inked(sheet, layer)
    return jpeg(scanned(sheet, seed), 75)


def _inked(sheet: Image.Image, layer: Image.Image) -> Image.Image:
    """The sheet under a layer of ink: print shines through, for ink multiplies."""
    colour, cover = np.asarray(layer)[:, :, :3] / 255.0, np.asarray(layer)[:, :, 3:] / 255.0
    under = np.asarray(sheet.convert('RGB')).astype(np.float32)
    return Image.fromarray((under * (1 - cover + cover * colour)).clip(0, 255).astype(np.uint8))


def sealed(image: Image.Image, seed: int) -> bytes:
    """A round seal over the lower left, where the seller and the words of the total stand, and one over the figures."""
    dice = random.Random(seed)
    sheet = image.convert('RGB')
    radius = 0.085 * sheet.width
    letters = ImageFont.truetype(str(font_file()), round(0.022 * sheet.width))
    for across, down in (((0.2, 0.4), (0.62, 0.85)), ((0.72, 0.85), (0.6, 0.75))):
        layer = Image.new('RGBA', sheet.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(layer)
        x, y = dice.uniform(*across) * sheet.width, dice.uniform(*down) * sheet.height
        ink = (*RED, 205)
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], outline=ink, width=round(0.006 * sheet.width))
        pen.text((x, y), '★', ink, ImageFont.truetype(str(font_file()), round(0.05 * sheet.width)), 'mm')
        pen.text((x, y + 0.6 * radius), '财务专用章', ink, letters, 'mm')
        sheet = _inked(sheet, layer.rotate(dice.uniform(-30, 30), Image.Resampling.BICUBIC, center=(x, y)))
    return jpeg(scanned(sheet, seed), 75)


def scribbled(image: Image.Image, seed: int) -> bytes:
    """What people write on invoices: a signature, a tick, a line under an amount, some words in the margin."""
    dice = random.Random(seed)
    layer = Image.new('RGBA', image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    ink = (*dice.choice(((30, 50, 150), (25, 25, 30))), 225)
    wide, high = image.size
    for _stroke in range(3):
        x, y = dice.uniform(0.1, 0.8) * wide, dice.uniform(0.2, 0.95) * high
        points = [(x, y)]
        for _turn in range(dice.randint(10, 18)):
            points.append((points[-1][0] + dice.uniform(-0.01, 0.025) * wide, y + dice.uniform(-0.03, 0.03) * high))
        pen.line(points, ink, round(0.0022 * wide), joint='curve')
    letters = ImageFont.truetype(str(font_file()), round(0.026 * wide))
    words = Image.new('RGBA', image.size, (0, 0, 0, 0))
    place = (dice.uniform(0.08, 0.6) * wide, dice.uniform(0.86, 0.95) * high)
    ImageDraw.Draw(words).text(place, dice.choice(('同意报销', '张伟 6.18', '已核 王敏')), ink, letters)
    layer.alpha_composite(words.rotate(dice.uniform(-8, 8), Image.Resampling.BICUBIC, center=place))
    return jpeg(scanned(_inked(image, layer), seed), 75)


def carbon(image: Image.Image, seed: int) -> bytes:
    """A carbon copy: pale, bluish, soft, on paper that is not white."""
    values = np.asarray(image.convert('L')).astype(np.float32)[:, :, None] / 255.0
    print_, paper = np.array([118.0, 120.0, 150.0]), np.array([232.0, 226.0, 214.0])
    copy = Image.fromarray((print_ + (paper - print_) * values).clip(0, 255).astype(np.uint8))
    return jpeg(scanned(copy.filter(ImageFilter.GaussianBlur(1.6)), seed), 70)


def shadowed(image: Image.Image, seed: int) -> bytes:
    """A photo with the shadow of a hand and a phone over it."""
    dice = random.Random(seed)
    values = np.asarray(scanned(image, seed)).astype(np.float32)
    high, wide = values.shape[:2]
    shade = Image.new('L', (wide, high), 255)
    x = dice.uniform(0.2, 0.7) * wide
    corners = [(x, 0), (x + 0.35 * wide, 0), (x + dice.uniform(0.0, 0.5) * wide, high), (x - 0.2 * wide, high)]
    ImageDraw.Draw(shade).polygon(corners, fill=round(255 * dice.uniform(0.42, 0.6)))
    soft = np.asarray(shade.filter(ImageFilter.GaussianBlur(0.02 * wide))).astype(np.float32)[:, :, None] / 255.0
    return jpeg(Image.fromarray((values * soft).clip(0, 255).astype(np.uint8)), 70)


def folded(image: Image.Image, seed: int) -> bytes:
    """A sheet that was folded in four: dark and light along the creases, a little bent there."""
    dice = random.Random(seed)
    values = np.asarray(scanned(image, seed)).astype(np.float32)
    high, wide = values.shape[:2]
    for length, axis in ((high, 0), (wide, 1)):
        at = dice.uniform(0.4, 0.6) * length
        far = (np.arange(length) - at) / (0.035 * length)
        shade = 1 - 0.3 * np.exp(-(far**2)) + 0.06 * np.exp(-((far - 1.6) ** 2))
        values *= shade.reshape((-1, 1, 1) if axis == 0 else (1, -1, 1)).astype(np.float32)
    values[round(0.5 * high) :, :, :] *= 0.93
    return jpeg(Image.fromarray(values.clip(0, 255).astype(np.uint8)), 70)


def photographed(strength: float) -> Condition:
    """A phone's photo from above on a desk: perspective, uneven light, soft focus, JPEG."""

    def wear(image: Image.Image, seed: int) -> bytes:
        dice = random.Random(seed)
        sheet = at_dpi(image, 230)
        wide, high = round(1.16 * sheet.width), round(1.3 * sheet.height)
        left, top = (wide - sheet.width) / 2, (high - sheet.height) / 2
        corners = [(left, top), (left, top + sheet.height), (left + sheet.width, top + sheet.height),
                   (left + sheet.width, top)]  # fmt: skip
        shift = 0.05 * strength
        moved = [(x + dice.uniform(-shift, shift) * wide, y + dice.uniform(-shift, shift) * high) for x, y in corners]
        source = [(0.0, 0.0), (0.0, float(sheet.height)), (float(sheet.width), float(sheet.height)),
                  (float(sheet.width), 0.0)]  # fmt: skip
        desk = np.full((high, wide, 3), (96, 84, 70), np.float32)
        desk += np.random.default_rng(seed).normal(0, 5, (high, wide, 1)).astype(np.float32)
        weights = perspective(moved, source)
        paper = sheet.transform((wide, high), Image.Transform.PERSPECTIVE, weights, Image.Resampling.BICUBIC)
        mask = Image.new('L', sheet.size, 255).transform((wide, high), Image.Transform.PERSPECTIVE, weights)
        cover = np.asarray(mask)[:, :, None] / 255.0
        values = desk * (1 - cover) + np.asarray(paper).astype(np.float32) * cover
        angle = dice.uniform(0, 2 * math.pi)
        across = np.linspace(-1, 1, wide)[None, :, None] * math.cos(angle)
        down = np.linspace(-1, 1, high)[:, None, None] * math.sin(angle)
        values *= 0.86 + 0.14 * strength * (across + down) / 1.5
        photo = Image.fromarray(values.clip(0, 255).astype(np.uint8))
        photo = photo.filter(ImageFilter.GaussianBlur(dice.uniform(0.5, 1.0) * strength))
        return jpeg(noisy(photo, seed, 5 * strength), 70)

    return wear


def cropped(image: Image.Image, seed: int) -> bytes:
    """A sheet cut right at the print, as people crop pictures."""
    values = np.asarray(image.convert('L'))
    dark = values < 200
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    part = image.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
    return jpeg(noisy(at_dpi(part, 200), seed, 3), 75)


def on_a4(image: Image.Image, seed: int) -> bytes:
    """The invoice on the upper part of a white A4 sheet."""
    sheet = Image.new('RGB', (round(8.27 * CLEAN_DPI), round(11.69 * CLEAN_DPI)), (254, 254, 254))
    scale = min(1.0, 0.94 * sheet.width / image.width, 0.9 * sheet.height / image.height)
    part = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    sheet.paste(part, ((sheet.width - part.width) // 2, round(0.04 * sheet.height)))
    return jpeg(scanned(sheet, seed), 75)


def side_by_side(first: Image.Image, second: Image.Image, seed: int) -> bytes:
    """Two invoices below each other on one A4 sheet."""
    wide = max(first.width, second.width)
    parts = [part.resize((wide, round(part.height * wide / part.width))) for part in (first, second)]
    gap = round(0.05 * wide)
    sheet = Image.new('RGB', (wide + 2 * gap, sum(part.height for part in parts) + 3 * gap), (254, 254, 254))
    sheet.paste(parts[0], (gap, gap))
    sheet.paste(parts[1], (gap, parts[0].height + 2 * gap))
    return jpeg(scanned(sheet, seed), 80)


CONDITIONS: dict[str, Condition] = {
    'scan': plain,
    'turned 90': turned(90),
    'turned 180': turned(180),
    'turned 270': turned(270),
    'slant +3': slanted(3.0),
    'slant -3': slanted(-3.0),
    '100 dpi': resolved(100, 75),
    '150 dpi, q40': resolved(150, 40),
    '300 dpi': resolved(300, 80),
    'q30': resolved(200, 30),
    'grey': grey,
    'bitonal': bitonal,
    'stamps': stamped,
    'sealed': sealed,
    'handwriting': scribbled,
    'carbon copy': carbon,
    'shadow': shadowed,
    'folded': folded,
    'photo': photographed(0.7),
    'poor photo': photographed(1.3),
    'cropped': cropped,
    'on A4': on_a4,
}
"""Name → what it does; all of one invoice on one page."""
