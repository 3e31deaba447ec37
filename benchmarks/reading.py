"""Reading: fields right and wrong, sure but wrong, and seconds a page, by auto and by each engine alone.

    python -m benchmarks.reading [--each N]     N papers of every group and engine (default: a few, in minutes)

The real sample papers are read where they lie beside the checkout (or where CLAIMDESK_SAMPLES says). Then come invoices
that are printed here, in names of rare characters and without a code, under each hard condition of
`tests.ocr.conditions`; and codes by resolution. Only invoices are counted.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from dataclasses import fields as dataclass_fields
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.measured import Measured, beside
from benchmarks.run import Run
from claimdesk.errors import Unavailable
from claimdesk.ocr import qr as codes
from claimdesk.ocr import read
from claimdesk.ocr.engines import EngineChoice, load_engine
from claimdesk.ocr.pages import pages
from claimdesk.ocr.sight import warm_up
from claimdesk.papers import everyday
from claimdesk.papers.press import as_picture as drawn
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind
from tests.ocr.conditions import CLEAN_DPI, CONDITIONS
from tests.ocr.paper import as_pdf, as_picture, make, worn

MONEY = frozenset({'amount', 'tax', 'total'})
SURE = 0.95
AUTO_OVER_ENGINE = 1.5
"""Auto may take this many times the bare engine's time on the same pages."""
READ_HERE = INVOICE_KINDS | {DocumentKind.RECEIPT}
EVERYDAY_WEAR = ('scan', '150 dpi, q40', 'photo', 'grey', 'slant +3')
CHOICES = (EngineChoice.AUTO, EngineChoice.RAPID, EngineChoice.TESSERACT)
HARD = (
    'turned 180', 'slant +3', '100 dpi', '150 dpi, q40', 'bitonal', 'stamps', 'folded', 'photo', 'poor photo', 'on A4',
)  # fmt: skip
"""Conditions that a run goes through; `--each` goes through all of them."""


@dataclass(frozen=True)
class Extent:
    """How much is read: PDF files by the engines alone, pictures of a group, papers of a hard condition, codes.

    `until` are the seconds from the start after which no new paper of the groups, in their order, and then of the hard
    conditions begins: on a busy computer fewer papers are read, and each figure says how many.
    """

    pdf: int
    real: int
    hard: int
    codes: int
    until: tuple[float, ...]
    conditions: tuple[str, ...] = HARD


QUICK = Extent(1, 1, 1, 4, (0.0,), HARD[:2])
USUAL = Extent(2, 4, 1, 12, (30.0, 90.0, 130.0, 170.0, 210.0, 300.0))


@dataclass(frozen=True)
class Paper:
    """One invoice to be read, and what stands on it."""

    group: str
    content: bytes
    truth: dict[str, str]


@dataclass
class Tally:
    """What came of reading a group of papers."""

    papers: int = 0
    fields: int = 0
    wrong: int = 0
    sure: int = 0
    sure_wrong: int = 0
    seconds: float = 0.0

    def with_more(self, other: Tally) -> Tally:
        """Both counts together."""
        sums = {part.name: getattr(self, part.name) + getattr(other, part.name) for part in dataclass_fields(self)}
        return Tally(**sums)

    @property
    def wrong_share(self) -> float:
        """Wrong fields in a hundred."""
        return 100 * self.wrong / max(1, self.fields)

    @property
    def seconds_a_page(self) -> float:
        """Mean time of a page."""
        return self.seconds / max(1, self.papers)


def suite(run: Run) -> Iterator[Measured]:
    """What is read in some minutes; the goals are the issue's own: PDF all right, pictures 99 %, nothing sure wrong."""
    yield from measure(QUICK if run.quick else USUAL)


def measure(extent: Extent) -> Iterator[Measured]:
    """Every group by auto and by each engine alone, side by side on the same papers; the bare engine; codes."""
    warm_up()
    begun = time.monotonic()
    real = [*(sample_papers() or made_papers(2)), *everyday_papers(2)]
    shares = dict(zip(groups(real), extent.until, strict=False))
    for group in groups(real):
        chosen = [paper for paper in real if paper.group == group]
        text_layers = chosen[0].content.startswith(b'%PDF')
        told = side_by_side(chosen[: extent.pdf if text_layers else extent.real], begun + shares.get(group, 0.0))
        auto = told[EngineChoice.AUTO]
        if text_layers:  # a text layer costs nothing: all of them, beside the few that the engines read
            yield from _about(group, auto.with_more(tallied(chosen[auto.papers :], EngineChoice.AUTO)))
        else:
            yield from _about(group, auto)
        yield from _compared(group, told)
    yield from _beside_the_bare_engine([paper for paper in real if paper.group == 'scan'][: min(2, extent.real)])
    hard = (paper for condition in extent.conditions for paper in hard_papers(condition, extent.hard))
    told = side_by_side(hard, begun + extent.until[-1])
    yield from _about('hard conditions', told[EngineChoice.AUTO])
    yield from _compared('hard conditions', told)
    yield from _codes(extent.codes)


def side_by_side(papers: Iterable[Paper], until: float) -> dict[EngineChoice, Tally]:
    """Each paper by every engine that works here; no new paper begins after `until`, but one is always read."""
    told: dict[EngineChoice, Tally] = {}
    for paper in papers:
        for choice in CHOICES:
            with suppress(Unavailable):
                told[choice] = told.get(choice, Tally()).with_more(tallied([paper], choice))
        if time.monotonic() > until:
            break
    return told


def _about(group: str, auto: Tally) -> Iterator[Measured]:
    sure = 100 * auto.sure / max(1, auto.fields)
    yield Measured(f'reading {group}: fields right', 100 - auto.wrong_share, '%', '', None, None, None, auto.fields)
    yield Measured(f'reading {group}: fields sure', sure, '%', '', None, None, None, auto.fields)
    yield Measured(f'reading {group}: sure but wrong', auto.sure_wrong, '', '', None, None, None, auto.sure)
    yield Measured(f'reading {group}: a page', auto.seconds_a_page, 's', '', None, None, None, auto.papers)


def _compared(group: str, told: dict[EngineChoice, Tally]) -> Iterator[Measured]:
    for choice, alone in told.items():
        if choice is EngineChoice.AUTO:
            continue
        yield beside(
            f'reading {group}: wrong fields, beside {choice} alone', told[EngineChoice.AUTO].wrong_share, '%',
            f'{choice} alone', alone.wrong_share, 1.0, alone.fields,
        )  # fmt: skip
        yield Measured(
            f'reading {group}: a page by {choice} alone', alone.seconds_a_page, 's', '', None, None, None, alone.papers
        )


def groups(papers: list[Paper]) -> list[str]:
    """The names of the groups, in order."""
    return list(dict.fromkeys(paper.group for paper in papers))


def sample_papers() -> list[Paper]:
    """The invoices and shop receipts among the real papers, or none where there are none."""
    told = os.environ.get('CLAIMDESK_SAMPLES')
    beside_us = Path(__file__).resolve().parents[2].glob('*/samples/truth.json')
    found = Path(told, 'truth.json') if told else next(beside_us, None)
    if found is None or not found.is_file():
        return []
    truth = json.loads(found.read_text(encoding='utf-8'))
    return [
        Paper(name.split('/')[0], (found.parent / name).read_bytes(), entry['fields'])
        for name, entry in truth.items()
        if entry['kind'] in READ_HERE and name.split('/')[0] in ('einvoice', 'scan', 'image', 'receipt')
    ]


def everyday_papers(count: int) -> list[Paper]:
    """Cards, licences, tickets, receipts and repair lists that nobody issued, each in a condition of its own."""
    worn_in = [CONDITIONS[name] for name in EVERYDAY_WEAR]
    return [
        Paper('cards and tickets', worn_in[place % len(worn_in)](drawn(one.form, CLEAN_DPI), place), dict(one.truth))
        for place, one in enumerate(everyday.make(seed, kind) for seed in range(count) for kind in everyday.MAKERS)
    ]


def made_papers(count: int) -> list[Paper]:
    """Invoices of every kind as PDF, as a clean picture and as a worn scan."""
    made = []
    for seed in range(count):
        invoice = make(seed + 1)
        picture = as_picture(invoice, dpi=150)
        clean = io.BytesIO()
        picture.save(clean, 'PNG')
        made.append(Paper('einvoice', as_pdf(invoice), invoice.truth()))
        made.append(Paper('image', clean.getvalue(), invoice.truth()))
        made.append(Paper('scan', worn(picture, seed), invoice.truth()))
    return sorted(made, key=lambda paper: paper.group)


def hard_papers(condition: str, count: int) -> list[Paper]:
    """Invoices of rare names, without a code, printed in all kinds, in that condition."""
    wear = CONDITIONS[condition]
    first = 10 * list(CONDITIONS).index(condition)
    made = [replace(make(9_000 + first + place, hard=True), with_code=False) for place in range(count)]
    return [
        Paper(condition, wear(as_picture(invoice, dpi=CLEAN_DPI), first + place), invoice.truth())
        for place, invoice in enumerate(made)
    ]


def tallied(papers: list[Paper], choice: EngineChoice) -> Tally:
    """Read `papers` and count."""
    tally = Tally()
    for paper in papers:
        begun = time.perf_counter()
        page = read(paper.content, engine=choice).pages[0]
        tally.seconds += time.perf_counter() - begun
        tally.papers += 1
        for name, value in paper.truth.items():
            if name == 'issue_date_printed' or not value:
                continue
            got = page.fields.get(name)
            right = got is not None and same(name, value, got.value)
            sure = got is not None and got.confidence >= SURE
            tally.fields += 1
            tally.wrong += not right
            tally.sure += sure
            tally.sure_wrong += sure and not right
    return tally


def same(name: str, printed: str, got: str) -> bool:
    """Whether a value is what is printed: width, spaces, yuan signs and 元/圆 apart."""
    if name in MONEY:
        try:
            return Decimal(printed.replace(',', '').removeprefix('RM')) == Decimal(got.replace(',', ''))
        except InvalidOperation:
            return printed == got
    folded = (unicodedata.normalize('NFKC', text).replace('圆', '元').upper() for text in (printed, got))
    one, other = (re.sub(r'[\s¥:⊗]', '', text) for text in folded)
    if name.endswith('_name') and one.isascii():
        return re.sub(r'\W', '', one) == re.sub(r'\W', '', other)
    return one.rstrip('整正') == other.rstrip('整正') if name == 'total_capital' else one == other


def _beside_the_bare_engine(papers: list[Paper]) -> Iterator[Measured]:
    """The time that codes, second looks and sums add to finding and reading the lines of the same pages."""
    engine = load_engine(EngineChoice.RAPID)
    auto = tallied(papers, EngineChoice.AUTO)
    bare = 0.0
    for paper in papers:
        page = next(pages(paper.content))
        begun = time.perf_counter()
        engine.spans(page.picture)
        bare += (time.perf_counter() - begun) / len(papers)
    yield beside(
        'reading a picture', auto.seconds_a_page, 's', 'the bare engine', bare, AUTO_OVER_ENGINE, len(papers)
    )


def _codes(count: int) -> Iterator[Measured]:
    """Codes of worn invoices that are found, by resolution, and the time of looking."""
    for dpi in (100, 150, 200, 300):
        found, spent, asked = 0, 0.0, 0
        for seed in range(count):
            invoice = make(seed + 500)
            if not invoice.with_code:
                continue
            asked += 1
            picture = np.asarray(Image.open(io.BytesIO(worn(as_picture(invoice, dpi=dpi), seed))).convert('RGB'))
            begun = time.perf_counter()
            found += any(codes.parse(code.text) for code in codes.find(picture))
            spent += time.perf_counter() - begun
        yield Measured(f'codes found at {dpi} dpi', 100 * found / max(1, asked), '%', '', None, None, None, asked)
        each = 1000 * spent / max(1, asked)
        yield Measured(f'looking for a code at {dpi} dpi', each, 'ms', '', None, None, None, asked)


def main() -> None:
    """Print the figures, one line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--each', type=int, metavar='N', help='papers of every group, and of every condition')
    each = parser.parse_args().each
    extent = Extent(each, each, each, 40, 9 * (float('inf'),), tuple(CONDITIONS)) if each else USUAL
    for one in measure(extent):
        print(json.dumps(asdict(one), ensure_ascii=False), flush=True)


if __name__ == '__main__':
    main()
