"""Reading: fields right and wrong, sure but wrong, and seconds a page, beside each engine alone; codes by resolution.

The real sample papers are read where they lie beside the checkout (or where CLAIMDESK_SAMPLES says), else invoices
that are printed and worn here. Only invoices are counted.
"""

from __future__ import annotations

import io
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
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
from claimdesk.vocabulary import INVOICE_KINDS
from tests.ocr.paper import as_pdf, as_picture, make, worn

MONEY = frozenset({'amount', 'tax', 'total'})
SURE = 0.95
AUTO_OVER_ENGINE = 1.5
"""Auto may take this many times the bare engine's time on the same pages."""


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

    @property
    def wrong_share(self) -> float:
        """Wrong fields in a hundred."""
        return 100 * self.wrong / max(1, self.fields)

    @property
    def seconds_a_page(self) -> float:
        """Mean time of a page."""
        return self.seconds / max(1, self.papers)


def suite(run: Run) -> Iterator[Measured]:
    """Every group by auto and by each engine alone, the time beside the bare engine, and codes by resolution."""
    papers = sample_papers() or made_papers(2 if run.quick else 8)
    if run.quick:
        papers = [paper for group in groups(papers) for paper in [p for p in papers if p.group == group][:2]]
    warm_up()
    for group in groups(papers):
        chosen = [paper for paper in papers if paper.group == group]
        auto = tallied(chosen, EngineChoice.AUTO)
        yield Measured(f'reading {group}: fields right', 100 - auto.wrong_share, '%', '', None, None, None, auto.fields)
        sure = 100 * auto.sure / max(1, auto.fields)
        yield Measured(f'reading {group}: fields sure', sure, '%', '', None, None, None, auto.fields)
        yield Measured(f'reading {group}: sure but wrong', auto.sure_wrong, '', '', None, None, None, auto.sure)
        yield Measured(f'reading {group}: a page', auto.seconds_a_page, 's', '', None, None, None, auto.papers)
        for choice in (EngineChoice.RAPID, EngineChoice.TESSERACT):
            try:
                alone = tallied(chosen, choice)
            except Unavailable:
                continue
            yield beside(
                f'reading {group}: wrong fields, beside {choice} alone', auto.wrong_share, '%', f'{choice} alone',
                alone.wrong_share, 1.0, alone.fields,
            )  # fmt: skip
            page = f'reading {group}: a page by {choice} alone'
            yield Measured(page, alone.seconds_a_page, 's', '', None, None, None, alone.papers)
    yield from _beside_the_bare_engine([paper for paper in papers if not paper.content.startswith(b'%PDF')])
    yield from _codes(5 if run.quick else 40)


def groups(papers: list[Paper]) -> list[str]:
    """The names of the groups, in order."""
    return list(dict.fromkeys(paper.group for paper in papers))


def sample_papers() -> list[Paper]:
    """The invoices among the real papers, or none where there are none."""
    told = os.environ.get('CLAIMDESK_SAMPLES')
    beside_us = Path(__file__).resolve().parents[2].glob('*/samples/truth.json')
    found = Path(told, 'truth.json') if told else next(beside_us, None)
    if found is None or not found.is_file():
        return []
    truth = json.loads(found.read_text(encoding='utf-8'))
    return [
        Paper(name.split('/')[0], (found.parent / name).read_bytes(), entry['fields'])
        for name, entry in truth.items()
        if entry['kind'] in INVOICE_KINDS and name.split('/')[0] in ('einvoice', 'scan', 'image')
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


def tallied(papers: list[Paper], choice: EngineChoice) -> Tally:
    """Read `papers` and count."""
    tally = Tally()
    for paper in papers:
        begun = time.perf_counter()
        page = read(paper.content, engine=choice).pages[0]
        tally.seconds += time.perf_counter() - begun
        tally.papers += 1
        for name, value in paper.truth.items():
            if name == 'issue_date_printed':
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
            return Decimal(printed.replace(',', '')) == Decimal(got.replace(',', ''))
        except InvalidOperation:
            return printed == got
    folded = (unicodedata.normalize('NFKC', text).replace('圆', '元').upper() for text in (printed, got))
    one, other = (re.sub(r'[\s¥:⊗]', '', text) for text in folded)
    return one.rstrip('整正') == other.rstrip('整正') if name == 'total_capital' else one == other


def _beside_the_bare_engine(papers: list[Paper]) -> Iterator[Measured]:
    """The time that codes, second looks and sums add to finding and reading the lines of the same pages."""
    engine = load_engine(EngineChoice.RAPID)
    bare = auto = 0.0
    for paper in papers:
        page = next(pages(paper.content))
        begun = time.perf_counter()
        engine.spans(page.picture)
        bare += time.perf_counter() - begun
        begun = time.perf_counter()
        read(paper.content)
        auto += time.perf_counter() - begun
    count = max(1, len(papers))
    yield beside(
        'reading a picture', auto / count, 's', 'the bare engine', bare / count, AUTO_OVER_ENGINE, len(papers)
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
