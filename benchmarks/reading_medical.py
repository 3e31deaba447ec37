"""Hospitals' papers where no engine is needed: text layers in any order, and damaged words; one JSON line a figure.

    python -m benchmarks.reading_medical [--each N] [--only SET ...]     N papers of each form (4)

Sets: ordered (PDF whose words are drawn in any order), damaged (labels misread, torn, lost or grown together, values
lost, seals between). Each is told for all forms, and counted again for the fields that must always be right.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from benchmarks.measured import Measured
from benchmarks.reading import most, same
from benchmarks.run import Run
from claimdesk.ocr import kinds, read
from claimdesk.ocr.fusion import fuse
from claimdesk.ocr.kinds.medical_form import INPATIENT, LIST, OUTPATIENT
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.pages import pages
from claimdesk.ocr.reading import SURE, FieldReading
from claimdesk.papers import medical, press
from tests.ocr.damaged import Agreeing, damage

USUAL = 4
FIRST_SEED = 20_000
"""No test draws a paper of these seeds."""
ALWAYS = ('receipt_number', 'check_code', 'issue_date', 'total')


def suite(run: Run) -> Iterator[Measured]:
    """Both sets."""
    for name in SETS:
        yield from measure(name, 1 if run.quick else run.each or USUAL)


def measure(name: str, each: int) -> Iterator[Measured]:
    """The figures of one set with `each` papers of every form."""
    count: Counter[str] = Counter()
    for truth, found in SETS[name](each):
        count['pages'] += 1
        for field, value in truth.items():
            got = found.get(field)
            right, sure = got is not None and same(field, value, got.value), got is not None and got.confidence >= SURE
            count.update({'fields': 1, 'wrong': not right, 'sure': sure, 'sure but wrong': sure and not right})
            count.update({'always': field in ALWAYS, 'always wrong': field in ALWAYS and not right})
        count['sure but wrong'] += sum(one.confidence >= SURE for field, one in found.items() if field not in truth)
    share, n = 100 / count['fields'], count['fields']
    always = 100 * count['always wrong'] / max(1, count['always'])
    rows: tuple[tuple[str, float, str, int], ...] = (
        ('pages', count['pages'], '', count['pages']),
        ('wrong fields', count['wrong'] * share, '%', n),
        ('fields not sure', 100 - count['sure'] * share, '%', n),
        (f'wrong among {", ".join(ALWAYS)}', always, '%', count['always']),
    )
    for what, figure, unit, of in rows:
        yield Measured(f'hospitals, {name}: {what}', figure, unit, '', None, None, None, of)
    yield most(f'hospitals, {name}: sure but wrong', count['sure but wrong'], '', 0.0, count['sure'])


Read = Iterator[tuple[dict[str, str], dict[str, FieldReading]]]


def _papers(each: int) -> Iterator[medical.MedicalPaper]:
    for style, one in medical.STYLES.items():
        for kind in one.kinds:
            for seed in range(FIRST_SEED, FIRST_SEED + each):
                yield medical.make(seed, kind, style)


def _ordered(each: int) -> Read:
    """What a PDF says whose words stand on the page in any order, each paper with all its pages."""
    for paper in _papers(each):
        forms = medical.forms_of(paper)
        for form in forms:
            random.Random(paper.number).shuffle(form.texts)
        yield paper.truth(), dict(read(press.as_pdf(forms), name='paper').pages[0].fields)


def _damaged(each: int) -> Read:
    """What is read of the first page by two readers who agree, of words that are damaged in three ways each."""
    labels = {label for wanted in (*OUTPATIENT, *INPATIENT, *LIST) for label in wanted.labels}
    for paper in _papers(each):
        page = next(pages(press.as_pdf(medical.forms_of(paper)[:1])))
        for turn in range(3):
            layout = Layout(damage(page.spans, labels, f'{paper.style}/{paper.number}/{turn}'), page.aspect)
            yield paper.truth(), dict(fuse([kinds.extract(layout, 'rapid')], None, Agreeing(layout)).fields)


SETS = {'ordered': _ordered, 'damaged': _damaged}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--each', type=int, default=USUAL, metavar='N', help='papers of each form')
    parser.add_argument('--only', nargs='*', default=(), choices=tuple(SETS), metavar='SET')
    options = parser.parse_args()
    for name in options.only or SETS:
        for one in measure(name, options.each):
            print(json.dumps(asdict(one), ensure_ascii=False), flush=True)


if __name__ == '__main__':
    main()
