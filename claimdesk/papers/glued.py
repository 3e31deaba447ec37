"""Several small papers on one sheet: glued on A4, or laid on the glass of a scanner, with where each of them lies."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from claimdesk.papers.form import Form
from claimdesk.papers.press import as_picture, font

if TYPE_CHECKING:
    from PIL import Image

Ground = Literal['dark', 'grey', 'lid', 'glued']
"""What the papers lie on: an open scanner, a grey lid, a white lid, a sheet of paper that they are glued on."""
Spacing = Literal['apart', 'touching', 'overlapping']
Corner = tuple[float, float]

DPI = 150
WIDE, HIGH = 1240, 1754
"""A4 at `DPI`."""
MARGIN = 26
GROUNDS: dict[Ground, tuple[int, int, int]] = {
    'dark': (44, 45, 47), 'grey': (176, 177, 176), 'lid': (250, 250, 249), 'glued': (251, 251, 248),
}  # fmt: skip
GAPS: dict[Spacing, tuple[tuple[int, int], tuple[int, int]]] = {
    'apart': ((12, 46), (14, 40)), 'touching': ((-1, 1), (-1, 1)), 'overlapping': ((-26, -8), (-22, -6)),
}  # fmt: skip
"""Dots from one paper to the next, beside it and below it."""
TINTS = ((255, 255, 255), (246, 250, 255), (255, 246, 244), (252, 250, 238), (240, 248, 242))
HEADING = '票 据 粘 贴 单'


@dataclass(frozen=True, slots=True)
class Glued:
    """The scanned sheet, and the four corners of each paper on it in shares of width and height."""

    picture: Image.Image
    corners: tuple[tuple[Corner, Corner, Corner, Corner], ...]


def glued(
    seed: int,
    forms: Sequence[Form],
    ground: Ground,
    *,
    slant: float = 3.0,
    spacing: Spacing = 'apart',
    width: int = 380,
) -> Glued:
    """The `forms` in rows on one sheet, each turned by up to `slant` degrees; overlapping, some lie over others' edges.

    Those that find no room are left out.
    """
    from PIL import Image, ImageFilter

    dice = random.Random(f'{seed}/{ground}/{slant}/{spacing}')
    across, down = GAPS[spacing]
    sheet = Image.new('RGB', (WIDE, HIGH), GROUNDS[ground])
    top = MARGIN
    if ground == 'glued':
        top = _heading(sheet)
    placed: list[tuple[Corner, Corner, Corner, Corner]] = []
    x, y, row = float(MARGIN), float(top), 0.0
    for form in forms:
        paper = _paper(form, dice, width, tinted=ground in ('glued', 'lid'))
        angle = dice.uniform(-slant, slant)
        turned_wide, turned_high = _turned(paper.size, angle)
        gap = dice.uniform(*(GAPS['apart'][0] if spacing == 'overlapping' and dice.random() > 0.6 else across))
        if x > MARGIN:
            x += gap
        if x + turned_wide > WIDE - MARGIN:
            x, y, row = float(MARGIN), y + row + dice.uniform(*down), 0.0
        if y + turned_high > HIGH - MARGIN or x + turned_wide > WIDE - MARGIN:
            continue
        placed.append(_lay(sheet, paper, x, y, angle, dice))
        x, row = x + turned_wide, max(row, turned_high)
    return Glued(_scanned(sheet.filter(ImageFilter.GaussianBlur(0.5)), seed), tuple(placed))


def _paper(form: Form, dice: random.Random, width: int, *, tinted: bool) -> Image.Image:
    from PIL import Image, ImageChops

    drawn = as_picture(form, DPI)
    wide = round(width * dice.uniform(0.82, 1.1) * (0.62 if form.high > form.wide else 1.0))
    paper = drawn.resize((wide, round(form.high * wide / form.wide)), Image.Resampling.LANCZOS)
    tint = dice.choice(TINTS if tinted else TINTS[:2])
    return ImageChops.multiply(paper, Image.new('RGB', paper.size, tint))


def _turned(size: tuple[int, int], angle: float) -> tuple[float, float]:
    from math import cos, radians, sin

    wide, high = size
    across, down = abs(cos(radians(angle))), abs(sin(radians(angle)))
    return wide * across + high * down, wide * down + high * across


def _lay(
    sheet: Image.Image, paper: Image.Image, x: float, y: float, angle: float, dice: random.Random
) -> tuple[Corner, Corner, Corner, Corner]:
    """Put the paper down with its left upper bound at (x, y), with the shadow that the lamp throws at its edges."""
    from math import cos, radians, sin

    from PIL import Image, ImageFilter

    wide, high = _turned(paper.size, angle)
    mask = Image.new('L', paper.size, 255).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    turned = paper.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    at = round(x), round(y)
    depth = dice.uniform(0.16, 0.4)
    dark = Image.new('L', sheet.size, 0)
    dark.paste(mask, (at[0] + 2, at[1] + 3))
    dark = dark.filter(ImageFilter.GaussianBlur(2.6)).point(lambda value: round(value * depth))
    sheet.paste((40, 40, 42), (0, 0), dark)
    sheet.paste(turned, at, mask)
    middle_x, middle_y = at[0] + wide / 2, at[1] + high / 2
    across, down = cos(radians(-angle)), sin(radians(-angle))
    corners = []
    for u, v in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
        dx, dy = u * paper.width, v * paper.height
        corners.append(
            ((middle_x + dx * across - dy * down) / WIDE, (middle_y + dx * down + dy * across) / HIGH)
        )
    a, b, c, d = corners
    return a, b, c, d


def _heading(sheet: Image.Image) -> int:
    """Print what stands on top of a sheet for gluing; the height where papers may begin."""
    from PIL import ImageDraw

    pen = ImageDraw.Draw(sheet)
    pen.text((WIDE / 2, 70), HEADING, (40, 40, 40), font(40), 'mm')
    pen.text((60, 124), '部门：          报销人：          日期：      年   月   日', (40, 40, 40), font(24))
    pen.line((50, 168, WIDE - 50, 168), (40, 40, 40), 3)
    return 190


def _scanned(sheet: Image.Image, seed: int) -> Image.Image:
    import numpy as np
    from PIL import Image

    values = np.asarray(sheet).astype(np.float32)
    values += np.random.default_rng(seed).normal(0, 2.5, (*values.shape[:2], 1)).astype(np.float32)
    values *= np.linspace(1.0, random.Random(seed).uniform(0.94, 1.0), sheet.width)[None, :, None]
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))
