"""Reading: every goal of reading beside what was found, and beside each engine alone on the same papers.

    python -m benchmarks.reading [--each N] [--only SET ...]     N papers of a set at most (24)

Sets: data (PDF, OFD, XML), pictures (real images and scans), worn (drawn invoices through all conditions), medical,
receipts, everyday, elsewhere, codes, time. Each prints its figures as soon as it has them; a set may be run by itself.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation

import numpy as np
from PIL import Image

from benchmarks import reading_papers as papers
from benchmarks.measured import Measured, beside
from benchmarks.reading_papers import Paper
from benchmarks.run import Run
from claimdesk.errors import Unavailable
from claimdesk.ocr import qr as codes
from claimdesk.ocr import read
from claimdesk.ocr.engines import EngineChoice, load_engine
from claimdesk.ocr.pages import pages
from claimdesk.ocr.reading import SURE, PageReading
from claimdesk.ocr.sight import warm_up
from claimdesk.papers.press import as_picture
from claimdesk.services.office_generator.paper import forms_of
from tests.ocr.conditions import CLEAN_DPI, CONDITIONS
from tests.ocr.paper import make, printed, worn

MONEY = frozenset({'amount', 'tax', 'total'})
USUAL, QUICK = 24, 2
ALONE = 12
"""Papers of a set that the engines read alone: Tesseract takes many seconds for one."""
AUTO_OVER_ENGINE = 1.3
SECONDS_A_FILE = 0.5
CODES_FROM_DPI = 150
DEGRADED = ('150 dpi, q40', 'grey', 'slant +3', 'stamps', 'folded', 'photo', 'turned 90')


@dataclass
class Tally:
    """What came of reading papers; `wrong_of` counts by field."""

    papers: int = 0
    whole: int = 0
    fields: int = 0
    wrong: int = 0
    sure: int = 0
    sure_wrong: int = 0
    kinds: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    wrong_of: dict[str, int] = field(default_factory=dict)
    count_of: dict[str, int] = field(default_factory=dict)

    def add(self, paper: Paper, choice: EngineChoice) -> tuple[PageReading, float]:
        """Read a paper, count, and hand back what was read with the seconds it took."""
        begun = time.perf_counter()
        page = read(paper.content, engine=choice).pages[0]
        spent = time.perf_counter() - begun
        self.count(paper, page, spent)
        return page, spent

    def count(self, paper: Paper, page: PageReading, spent: float) -> None:
        """Count what was read."""
        missed = 0
        for name, value in paper.truth.items():
            got = page.fields.get(name)
            right = got is not None and same(name, value, got.value)
            sure = got is not None and got.confidence >= SURE
            missed += not right
            self.sure += sure
            self.sure_wrong += sure and not right
            self.count_of[name] = self.count_of.get(name, 0) + 1
            self.wrong_of[name] = self.wrong_of.get(name, 0) + (not right)
        self.papers += 1
        self.kinds += page.kind is paper.kind
        self.fields += len(paper.truth)
        self.wrong += missed
        self.whole += not missed
        self.seconds += spent
        self.slowest = max(self.slowest, spent)

    def wrong_among(self, names: Iterable[str]) -> float:
        """Wrong ones in a hundred of the fields of those names."""
        names = [name for name in names if name in self.count_of]
        return 100 * sum(self.wrong_of[name] for name in names) / max(1, sum(self.count_of[name] for name in names))


Sets = Mapping[str, Callable[[int], Iterator[Measured]]]


def suite(run: Run) -> Iterator[Measured]:
    """Every set."""
    yield from measure(QUICK if run.quick else run.each or USUAL)


def measure(each: int, only: Iterable[str] = ()) -> Iterator[Measured]:
    """The sets of those names, or all, with `each` papers at most."""
    warm_up()
    for name in tuple(only) or SETS:
        yield from SETS[name](each)


def most(name: str, value: float, unit: str, allowed: float, n: int) -> Measured:
    """A figure that may be `allowed` at most; where nothing is allowed, one of anything is beyond the goal."""
    ratio = value / allowed if allowed else (1.0 + value if value else 0.0)
    return Measured(name, value, unit, 'most allowed', allowed, ratio, 1.0, n)


def _read_all(found: Iterable[Paper]) -> tuple[Tally, dict[EngineChoice, tuple[Tally, Tally]]]:
    """All by auto; the first by each engine too: pairs of auto and the engine on the same papers."""
    whole, pairs = Tally(), dict[EngineChoice, tuple[Tally, Tally]]()
    for place, paper in enumerate(found):
        seen = whole.add(paper, EngineChoice.AUTO)
        for choice in (EngineChoice.RAPID, EngineChoice.TESSERACT) if place < ALONE else ():
            with suppress(Unavailable):
                page = read(paper.content, engine=choice).pages[0]
                ours, theirs = pairs.setdefault(choice, (Tally(), Tally()))
                ours.count(paper, *seen)
                theirs.count(paper, page, 0.0)
    return whole, pairs


def _beside_engines(group: str, pairs: Mapping[EngineChoice, tuple[Tally, Tally]]) -> Iterator[Measured]:
    for choice, (ours, theirs) in pairs.items():
        one, other = (100 * tally.wrong / max(1, tally.fields) for tally in (ours, theirs))
        name = f'reading {group}: wrong fields, beside {choice} alone'
        yield beside(name, one, '%', f'{choice} alone', other, 1.0, theirs.fields)


def _about(
    group: str, found: Iterable[Paper], *, wrong: float | None = None, whole: float | None = None,
    unsure: float | None = None, always: Iterable[str] = (),
) -> Iterator[Measured]:
    """The figures of a set beside what the issue allows, and beside each engine alone."""
    auto, alone = _read_all(found)
    if not auto.papers:
        return
    share = 100 / max(1, auto.fields)
    rows = (
        ('wrong fields', auto.wrong * share, '%', wrong, auto.fields),
        ('papers not whole', 100 - 100 * auto.whole / auto.papers, '%', whole, auto.papers),
        ('fields not sure', 100 - auto.sure * share, '%', unsure, auto.fields),
        ('sure but wrong', auto.sure_wrong, '', 0.0, auto.sure),
        ('kinds not known', auto.papers - auto.kinds, '', None, auto.papers),
    )
    for what, value, unit, allowed, n in rows:
        name = f'reading {group}: {what}'
        yield Measured(name, value, unit, '', None, None, None, n) if allowed is None else most(
            name, value, unit, allowed, n
        )
    if always := tuple(always):
        n = sum(auto.count_of.get(name, 0) for name in always)
        yield most(f'reading {group}: wrong among {", ".join(always)}', auto.wrong_among(always), '%', 0.0, n)
    yield Measured(f'reading {group}: a page', auto.seconds / auto.papers, 's', '', None, None, None, auto.papers)
    yield from _beside_engines(group, alone)


def _data(each: int) -> Iterator[Measured]:
    """PDF, OFD and XML, real and drawn: all fields, each file within half a second."""
    real = papers.real_papers()
    groups = {f'real {group}': real.get(group, []) for group in ('einvoice', 'ofd', 'xml')}
    groups['drawn PDF and OFD'] = list(papers.data_papers(each))
    sure = sure_wrong = fields = 0
    for group, found in groups.items():
        auto = Tally()
        for paper in found:
            auto.add(paper, EngineChoice.AUTO)
        if auto.papers:
            wrong = 100 * auto.wrong / max(1, auto.fields)
            yield most(f'reading {group}: wrong fields', wrong, '%', 0.0, auto.fields)
            yield most(f'reading {group}: the slowest file', auto.slowest, 's', SECONDS_A_FILE, auto.papers)
        sure, sure_wrong, fields = sure + auto.sure, sure_wrong + auto.sure_wrong, fields + auto.fields
    yield most('reading PDF, OFD and XML: fields not sure', 100 - 100 * sure / max(1, fields), '%', 10.0, fields)
    yield most('reading PDF, OFD and XML: sure but wrong', sure_wrong, '', 0.0, sure)


def _pictures(each: int) -> Iterator[Measured]:
    """Real images and scans of invoices; drawn ones where there are none."""
    real = [paper for group, found in papers.real_papers().items() if group in papers.PICTURES for paper in found]
    found = real[:each] if real else papers.clean_pictures(each)
    always = ('invoice_number', 'issue_date', 'total')
    yield from _about('real images and scans', found, wrong=0.5, whole=4.0, unsure=10.0, always=always)


def _worn(each: int) -> Iterator[Measured]:
    """Drawn invoices with stamps, slant, noise, handwriting, folds, shadows, as photos."""
    always = ('invoice_number', 'issue_date', 'total')
    yield from _about(
        'worn drawn invoices', papers.worn_invoices(each), wrong=0.5, whole=4.0, unsure=10.0, always=always
    )


def _medical(each: int) -> Iterator[Measured]:
    """Hospitals' receipts, drawn after the forms of five provinces and the national one."""
    always = ('receipt_number', 'check_code', 'issue_date', 'total')
    yield from _about('worn hospital receipts', papers.worn_medical(each), wrong=2.0, always=always)


def _receipts(each: int) -> Iterator[Measured]:
    """Real shop receipts in English: total and company have goals of their own."""
    auto, alone = _read_all(papers.real_papers().get('receipt', [])[:each])
    if not auto.papers:
        return
    yield most('reading shop receipts: wrong totals', auto.wrong_among(['total']), '%', 8.0, auto.count_of['total'])
    companies = auto.wrong_among(['seller_name'])
    yield most('reading shop receipts: wrong companies', companies, '%', 15.0, auto.count_of['seller_name'])
    yield most('reading shop receipts: sure but wrong', auto.sure_wrong, '', 0.0, auto.sure)
    yield from _beside_engines('shop receipts', alone)


def _everyday(each: int) -> Iterator[Measured]:
    """Cards, licences, tickets, receipts and repair lists: nothing sure that is wrong."""
    yield from _about('worn cards and tickets', papers.worn_everyday(each))


def _elsewhere(each: int) -> Iterator[Measured]:
    """The same in the forms of other cities, offices and shops, each with its characters and worn."""
    yield from _about('cards and tickets of other forms', papers.papers_of_elsewhere(each))


def _codes(each: int) -> Iterator[Measured]:
    """Codes that are not found, by resolution, on scans worn in every way."""
    for dpi in (100, 150, 200, 300):
        missed, spent, asked = 0, 0.0, 0
        for place in range(2 * each):
            invoice = make(place + 500)
            form = forms_of(printed(invoice))[0]
            if not form.code[-1]:
                continue
            if place % 2:
                wear = CONDITIONS[DEGRADED[place // 2 % len(DEGRADED)]]
                image = as_picture(form, CLEAN_DPI)
                content = wear(_reduced(image, dpi), place)
            else:
                content = worn(as_picture(form, dpi), place)
            picture = np.asarray(Image.open(io.BytesIO(content)).convert('RGB'))
            asked += 1
            begun = time.perf_counter()
            missed += not any(codes.parse(code.text) for code in codes.find(picture))
            spent += time.perf_counter() - begun
        name = f'codes not found at {dpi} dpi'
        value = 100 * missed / max(1, asked)
        if dpi >= CODES_FROM_DPI:
            yield most(name, value, '%', 0.0, asked)
        else:
            yield Measured(name, value, '%', '', None, None, None, asked)
        each_ms = 1000 * spent / max(1, asked)
        yield Measured(f'looking for a code at {dpi} dpi', each_ms, 'ms', '', None, None, None, asked)


def _reduced(image: Image.Image, dpi: int) -> Image.Image:
    """The picture with no more in it than a scan of that resolution has, as large as before."""
    small = image.resize((image.width * dpi // CLEAN_DPI, image.height * dpi // CLEAN_DPI), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.BICUBIC)


def _time(each: int) -> Iterator[Measured]:
    """Processor time of a page beside the bare engine on the same page, in turns, the better of two rounds."""
    engine = load_engine(EngineChoice.RAPID)
    real = papers.real_papers()
    groups = {group: real.get(group, [])[: max(1, each // 4)] for group in ('scan', 'image', 'receipt')}
    groups['worn'] = list(papers.worn_invoices(max(1, each // 4)))
    for group, found in groups.items():
        ours = bare = 0.0
        for paper in found:
            rounds = []
            for _round in range(2):
                begun = time.process_time()
                read(paper.content)
                between = time.process_time()
                engine.spans(next(pages(paper.content)).picture)
                rounds.append((between - begun, time.process_time() - between))
            ours += min(one for one, _other in rounds)
            bare += min(other for _one, other in rounds)
        if found:
            yield beside(
                f'reading a page, {group}, processor time', ours / len(found), 's', 'the bare engine',
                bare / len(found), AUTO_OVER_ENGINE, len(found),
            )  # fmt: skip


SETS: Sets = {
    'data': _data,
    'codes': _codes,
    'time': _time,
    'pictures': _pictures,
    'worn': _worn,
    'medical': _medical,
    'receipts': _receipts,
    'everyday': _everyday,
    'elsewhere': _elsewhere,
}
"""What is measured, by its name."""


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


def main() -> None:
    """Print the figures, one line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--each', type=int, default=USUAL, metavar='N', help='papers of a set at most')
    parser.add_argument('--only', nargs='*', default=(), choices=tuple(SETS), metavar='SET')
    options = parser.parse_args()
    for one in measure(options.each, options.only):
        print(json.dumps(asdict(one), ensure_ascii=False), flush=True)


if __name__ == '__main__':
    main()
