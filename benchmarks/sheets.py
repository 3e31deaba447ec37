"""Sheets with several receipts: how many of their papers are found where they lie, and that one paper is left whole.

    python -m benchmarks.sheets [--from SEED] [--each N] [--singles N] [--only WORD]

Everything is drawn here, and where each paper lies is known. A sheet is whole where there is one box for each paper and
no other, each box covering at least `EXACT` of what it and its paper cover together.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageFilter

from benchmarks.measured import Measured
from benchmarks.reading import most
from benchmarks.reading_papers import real_papers
from benchmarks.run import Run
from claimdesk.papers import everyday, invoices, medical, others, scene
from claimdesk.papers.form import Form
from claimdesk.papers.glued import Glued, Ground, Spacing, glued
from claimdesk.papers.press import as_picture
from claimdesk.scanning.pieces import find_pieces, two_sides
from claimdesk.scanning.sheet import Corners
from claimdesk.vocabulary import DocumentKind as K
from tests.ocr.conditions import CLEAN_DPI, CONDITIONS, jpeg, scanned
from tests.ocr.paper import perspective

EXACT = 0.8
BEGIN = 40_000
GROUNDS: tuple[Ground, ...] = ('dark', 'grey', 'lid', 'glued')
TABLES = ((118, 84, 58), (70, 52, 44), (150, 152, 150), (52, 66, 58), (196, 178, 150))
"""What receipts are photographed on: wood, dark wood, stone, a green cloth, light wood."""
WEAR = ('scan', 'photo', 'on A4', 'folded', 'slant +3', 'grey', 'sealed', 'shadow', 'handwriting', '150 dpi, q40')


@dataclass(frozen=True, slots=True)
class Found:
    """Of one sheet: its papers, those that a box lies on exactly, and boxes that lie on none."""

    papers: int
    exact: int
    wrong: int

    @property
    def whole(self) -> bool:
        """Whether cutting it as proposed gives just its papers."""
        return self.exact == self.papers and not self.wrong


def suite(run: Run) -> Iterator[Measured]:
    """All sets, on seeds that nobody has looked at while building."""
    yield from measure(BEGIN, 3 if run.quick else 16, 40 if run.quick else 240)


def measure(begin: int, each: int, singles: int, only: str = '') -> Iterator[Measured]:
    """The sets whose name holds `only`: sheets whole, papers exactly found, wrong boxes; then single papers."""
    for name, draw in SHEETS.items():
        if only in name:
            found = [_seen(draw(begin + place)) for place in range(each)]
            papers = sum(one.papers for one in found)
            yield _count(f'sheets, {name}: whole', sum(one.whole for one in found), each)
            yield _count(f'sheets, {name}: papers exactly found', sum(one.exact for one in found), papers)
            yield _count(f'sheets, {name}: wrong boxes', sum(one.wrong for one in found), papers)
    if only in 'single papers':
        yield _cut('single papers that would be cut', list(single_papers(begin, singles)))
        real = [(one.name, one.content) for group in real_papers().values() for one in group]
        pictures = [(name, content) for name, content in real if name.endswith(('.jpg', '.jpeg', '.png'))]
        yield _cut('real single papers that would be cut', pictures)


def _count(name: str, value: int, of: int) -> Measured:
    return Measured(name, value, 'n', '', None, None, None, of)


def _cut(name: str, papers: Sequence[tuple[str, bytes]]) -> Measured:
    """How many single papers would be cut: none may be; which ones goes to the error output."""
    cut = [paper for paper, content in papers if _proposed(content)]
    if cut:
        print(*cut, sep='\n', file=sys.stderr)
    return most(name, len(cut), '', 0.0, len(papers))


def _proposed(content: bytes) -> Sequence[Corners]:
    """What the bench would propose to cut."""
    with Image.open(io.BytesIO(content)) as image:
        aspect = image.height / image.width
    pieces = find_pieces(content)
    return () if two_sides(pieces, aspect) else pieces


def _seen(sheet: Glued) -> Found:
    wide, high = sheet.picture.size
    boxes = [_dots(one, wide, high) for one in find_pieces(jpeg(sheet.picture, 85))]
    papers = [_dots(one, wide, high) for one in sheet.corners]
    exact, wrong = 0, 0
    left = list(papers)
    for box in boxes:
        best = max(left, key=lambda paper: _alike(box, paper), default=None)
        if best is not None and _alike(box, best) >= EXACT:
            exact += 1
            left = [one for one in left if one is not best]
        else:
            wrong += 1
    return Found(len(papers), exact, wrong)


def _dots(corners: Corners, wide: int, high: int) -> cv2.typing.MatLike:
    return np.array([(x * wide, y * high) for x, y in corners], np.float32)


def _alike(one: cv2.typing.MatLike, other: cv2.typing.MatLike) -> float:
    both, _outline = cv2.intersectConvexConvex(one, other)
    return float(both / (cv2.contourArea(one) + cv2.contourArea(other) - both))


def _taxis(dice: random.Random) -> list[Form]:
    return [everyday.make(dice.randrange(10**6), K.TAXI_RECEIPT).form for _ in range(dice.randint(2, 7))]


def _tickets(dice: random.Random) -> list[Form]:
    kinds = [K.TAXI_RECEIPT, K.TRAIN_TICKET, *(dice.choice((K.TAXI_RECEIPT, K.TRAIN_TICKET)) for _ in range(5))]
    chosen = kinds[: dice.randint(2, 7)]
    dice.shuffle(chosen)
    return [everyday.make(dice.randrange(10**6), kind).form for kind in chosen]


def _mixed(dice: random.Random) -> list[Form]:
    kinds = (K.TAXI_RECEIPT, K.TRAIN_TICKET, K.RECEIPT)
    return [everyday.make(dice.randrange(10**6), dice.choice(kinds)).form for _ in range(dice.randint(2, 8))]


def _rolls(dice: random.Random) -> list[Form]:
    """Receipts from a till, of different lengths."""
    forms = [everyday.make(dice.randrange(10**6), K.RECEIPT).form for _ in range(dice.randint(2, 5))]
    return [replace(form, high=dice.uniform(350, 700)) for form in forms]


def _on(
    ground: Ground | None,
    papers: Callable[[random.Random], list[Form]] = _mixed,
    spacing: Spacing = 'apart',
    slant: float = 3.0,
) -> Callable[[int], Glued]:
    """A sheet of a scanner; without `ground` each in turn."""

    def draw(seed: int) -> Glued:
        forms = papers(random.Random(f'sheet {seed}'))
        return glued(seed, forms, ground or GROUNDS[seed % 4], slant=slant, spacing=spacing)

    return draw


def on_table(seed: int) -> Glued:
    """Receipts on a table, photographed from a little aside under light that falls off."""
    dice = random.Random(f'table {seed}')
    noise = np.random.default_rng(seed)
    flat = glued(seed, _mixed(dice), 'dark', slant=8)
    wide, high = flat.picture.size
    table = np.full((high, wide, 3), dice.choice(TABLES), np.float32)
    grain = cv2.GaussianBlur(noise.normal(0, 30, (high, wide)).astype(np.float32), (0, 0), sigmaX=40, sigmaY=1.2)
    table += grain[:, :, None] * dice.uniform(0.5, 2.5)
    papers = np.zeros((high, wide), np.uint8)
    for corners in flat.corners:
        cv2.fillConvexPoly(papers, _dots(corners, wide, high).round().astype(np.int32), 255)
    soft = cv2.GaussianBlur(papers, (0, 0), 1.0).astype(np.float32)[:, :, None] / 255
    shade = cv2.GaussianBlur(np.roll(papers, (7, 5), (0, 1)), (0, 0), 6).astype(np.float32)[:, :, None] / 255
    laid = np.asarray(flat.picture, np.float32) * soft + table * (1 - 0.45 * shade) * (1 - soft)
    away = [(dice.uniform(0.01, 0.07) * wide, dice.uniform(0.01, 0.07) * high) for _ in range(4)]
    signs = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    rim: list[tuple[float, float]] = [(0, 0), (wide, 0), (wide, high), (0, high)]
    seen = [(x + dx * sx, y + dy * sy) for (x, y), (dx, dy), (sx, sy) in zip(rim, away, signs, strict=True)]
    back = perspective(seen, rim)
    picture = Image.fromarray(laid.clip(0, 255).astype(np.uint8))
    red, green, blue = table[0, 0].astype(int).tolist()
    turned = picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC, fillcolor=(red, green, blue)
    ).filter(ImageFilter.GaussianBlur(dice.uniform(0.4, 1.0)))
    across = np.linspace(1.0, dice.uniform(0.72, 1.0), wide)[None, :, None]
    down = np.linspace(dice.uniform(0.8, 1.0), 1.0, high)[:, None, None]
    values = np.asarray(turned, np.float32) * across * down + noise.normal(0, 4, (high, wide, 1))
    there = perspective(rim, seen)
    return Glued(
        Image.fromarray(values.clip(0, 255).astype(np.uint8)),
        tuple(_through(there, one, wide, high) for one in flat.corners),
    )


def _through(eight: Sequence[float], corners: Corners, wide: int, high: int) -> Corners:
    """Where the corners come to lie, by the numbers of `perspective`."""
    matrix = np.array([*eight, 1.0]).reshape(3, 3)
    moved = cv2.perspectiveTransform(_dots(corners, wide, high)[None], matrix)[0]
    a, b, c, d = ((float(x) / wide, float(y) / high) for x, y in moved)
    return a, b, c, d


def single_papers(begin: int, count: int) -> Iterator[tuple[str, bytes]]:
    """One paper each of every kind and wear: invoices, hospitals' papers and lists, cards, tickets, estimates, letters,
    a page with a table, pages with photos, photos."""
    makers = [
        *((name, lambda seed, name=name: invoices.make(seed, name).forms[0]) for name in invoices.MAKERS),
        *((style, lambda seed, style=style: _medical(seed, style)) for style in medical.STYLES),
        *((str(kind), lambda seed, kind=kind: everyday.make(seed, kind).form) for kind in everyday.MAKERS),
        *((title, lambda _seed, title=title: others.draw(title)) for title in others.TEXTS),
    ]
    for place in range(count):
        seed = begin + place
        if place % 10 == 9:
            yield f'page with photos {seed}', photo_page(seed)
        elif place % 40 == 18:
            yield f'photo {seed}', jpeg(scene.car(seed, 'A·12345'))
        else:
            name, draw = makers[(place * 7 + begin) % len(makers)]
            wear = WEAR[(place // 3) % len(WEAR)]
            yield f'{name}, {wear} {seed}', CONDITIONS[wear](as_picture(draw(seed), CLEAN_DPI), seed)


def _medical(seed: int, style: str) -> Form:
    return medical.forms_of(medical.make(seed, medical.STYLES[style].kinds[0], style))[0]


def photo_page(seed: int) -> bytes:
    """A page of a surveyor's report: one to six photos in a grid, with words under them."""
    dice = random.Random(f'page {seed}')
    form = Form(high=842, wide=595)
    form.write(297, 60, '查 勘 照 片', 16, align='c')
    across, rows = dice.choice(((1, 1), (1, 2), (2, 2), (2, 3)))
    wide, high = 500 / across, 700 / rows
    sheet = as_picture(form, 150)
    scale = sheet.width / form.wide
    for place in range(across * rows):
        x, y = 48 + wide * (place % across), 90 + high * (place // across)
        photo = scene.car(seed * 10 + place, 'B·67890', (800, 600)).resize(
            (round((wide - 14) * scale), round((high - 40) * scale))
        )
        sheet.paste(photo, (round(x * scale), round(y * scale)))
        form.write(x + wide / 2, y + high - 22, f'照片{place + 1}：右后侧', 9, align='c')
    words = as_picture(form, 150)
    sheet = Image.fromarray(np.minimum(np.asarray(sheet), np.asarray(words)))
    return jpeg(scanned(sheet.resize((sheet.width * 2, sheet.height * 2)), seed, 150))


SHEETS: dict[str, Callable[[int], Glued]] = {
    'apart on dark': _on('dark'),
    'apart on grey': _on('grey'),
    'apart under a white lid': _on('lid'),
    'glued apart': _on('glued'),
    'slanted up to 20 degrees': _on(None, slant=20.0),
    'touching': _on(None, spacing='touching', slant=1.5),
    'overlapping on dark and grey': lambda seed: _on(GROUNDS[seed % 2], spacing='overlapping')(seed),
    'overlapping under a white lid': _on('lid', spacing='overlapping'),
    'overlapping, glued': _on('glued', spacing='overlapping'),
    'till rolls': _on(None, _rolls),
    'tickets': _on(None, _tickets),
    'taxi receipts': _on(None, _taxis),
    'photo of a table': on_table,
}
"""Name → one sheet of it."""


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(prog='python -m benchmarks.sheets')
    parser.add_argument('--from', dest='begin', type=int, default=BEGIN)
    parser.add_argument('--each', type=int, default=16)
    parser.add_argument('--singles', type=int, default=240)
    parser.add_argument('--only', default='')
    options = parser.parse_args()
    for one in measure(options.begin, options.each, options.singles, options.only):
        print(f'{one.value:>5.0f} of {one.n:<4} {one.name}', flush=True)


if __name__ == '__main__':
    main()
