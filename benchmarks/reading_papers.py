"""The papers that reading is measured on: real ones beside the checkout, and drawn ones, clean and worn."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from claimdesk.papers import elsewhere, everyday, invoices, medical
from claimdesk.papers.press import as_pdf as pdf_of
from claimdesk.papers.press import as_picture as drawn
from claimdesk.services.office_generator.paper import forms_of
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind
from tests.ocr.conditions import CLEAN_DPI, CONDITIONS
from tests.ocr.paper import as_ofd, as_pdf, make, printed, variants

PICTURES = frozenset({'image', 'scan'})
MEDICAL_STYLES = tuple(name for name, one in medical.STYLES.items() if DocumentKind.MEDICAL_LIST not in one.kinds)
NARROW = frozenset({'roll', 'air'})
"""Invoices without all the fields that their kind has: read, but not counted among those of which all are."""
_EVERYDAY_WEAR = ('scan', '150 dpi, q40', 'photo', 'grey', 'slant +3')


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to be read, what it is, and what stands on it."""

    name: str
    kind: DocumentKind
    content: bytes
    truth: dict[str, str]


def real_papers() -> dict[str, list[Paper]]:
    """The real papers by their group; none where there are none."""
    told = os.environ.get('CLAIMDESK_SAMPLES')
    beside_us = Path(__file__).resolve().parents[2].glob('*/samples/truth.json')
    found = Path(told, 'truth.json') if told else next(beside_us, None)
    if found is None or not found.is_file():
        return {}
    out: dict[str, list[Paper]] = {}
    for name, entry in json.loads(found.read_text(encoding='utf-8')).items():
        kind = DocumentKind(entry['kind'])
        truth = {field: value for field, value in entry['fields'].items() if value and not field.endswith('_printed')}
        group = name.split('/')[0]
        if kind in INVOICE_KINDS or group == 'receipt':
            out.setdefault(group, []).append(Paper(name, kind, (found.parent / name).read_bytes(), truth))
    return out


def data_papers(count: int) -> Iterator[Paper]:
    """Invoices as files that hold characters: `count` PDF files of every layout, and as many OFD files."""
    made = [(seed, name) for seed in range(1 + count // len(invoices.MAKERS)) for name in invoices.MAKERS]
    for seed, name in [pair for pair in made if pair[1] not in NARROW][:count]:
        sheet = invoices.make(seed, name)
        yield Paper(f'{name} {seed}.pdf', sheet.kind, pdf_of(sheet.forms), dict(sheet.truth))
    special = [pair for seed in range(1 + count // 18) for pair in variants(seed + 70).items()]
    plain = [(f'plain {seed}', make(seed + 300)) for seed in range(count)]
    both = [one for pair in zip(plain, special[:count], strict=False) for one in pair]
    for name, invoice in both[:count]:
        yield Paper(f'{name}.pdf', DocumentKind(invoice.kind), as_pdf(invoice), invoice.truth())
    for name, invoice in plain[:count]:
        yield Paper(f'{name}.ofd', DocumentKind(invoice.kind), as_ofd(invoice), invoice.truth())


def worn_invoices(count: int) -> Iterator[Paper]:
    """Invoices of every kind and layout, through every condition in turn; every second without a code."""
    layouts = [name for name in invoices.MAKERS if name not in NARROW and name != 'long']
    conditions = [*CONDITIONS, 'misprint']
    for place in range(count):
        condition, seed = conditions[place % len(conditions)], 9_000 + place
        if place % 4 == 3:
            sheet = invoices.make(seed, layouts[place // 4 % len(layouts)])
            form, kind, truth = sheet.forms[0], sheet.kind, dict(sheet.truth)
        else:
            invoice = replace(make(seed, hard=place % 2 == 0), with_code=True)
            form, kind, truth = forms_of(printed(invoice))[0], DocumentKind(invoice.kind), invoice.truth()
        if place // len(conditions) % 2:
            form.code = (0, 0, 0, '')
        if condition == 'misprint':
            form = form.misprinted(place % 13 - 6, place % 9 - 4)
        content = CONDITIONS.get(condition, CONDITIONS['scan'])(drawn(form, CLEAN_DPI), seed)
        yield Paper(f'{condition} {seed}', kind, content, truth)


def worn_medical(count: int) -> Iterator[Paper]:
    """First pages of hospitals' receipts after the forms of several provinces, through every condition in turn."""
    conditions = list(CONDITIONS)
    for place in range(count):
        style, condition = MEDICAL_STYLES[place % len(MEDICAL_STYLES)], conditions[place % len(conditions)]
        kind = medical.STYLES[style].kinds[0]
        paper = medical.make(5_000 + place, kind, style)
        content = CONDITIONS[condition](drawn(medical.forms_of(paper)[0], CLEAN_DPI), place)
        truth = {name: said for name, said in paper.truth().items() if said}
        yield Paper(f'{style}, {condition}', kind, content, truth)


def worn_everyday(count: int) -> Iterator[Paper]:
    """Cards, licences, tickets, receipts and repair lists, each in a condition of its own."""
    made = [(seed, kind) for seed in range(1 + count // len(everyday.MAKERS)) for kind in everyday.MAKERS]
    for place, (seed, kind) in enumerate(made[:count]):
        one = everyday.make(seed, kind)
        content = CONDITIONS[_EVERYDAY_WEAR[place % len(_EVERYDAY_WEAR)]](drawn(one.form, CLEAN_DPI), place)
        yield Paper(f'{kind} {seed}', kind, content, dict(one.truth))


def papers_of_elsewhere(count: int) -> Iterator[Paper]:
    """Tickets, licences, receipts and lists of other forms, each as a PDF file with characters and worn."""
    for place in range(count):
        name = list(elsewhere.MAKERS)[place % len(elsewhere.MAKERS)]
        one = elsewhere.make(place, name)
        yield Paper(f'{name} {place}.pdf', one.kind, pdf_of([one.form]), dict(one.truth))
        content = CONDITIONS[_EVERYDAY_WEAR[place % len(_EVERYDAY_WEAR)]](drawn(one.form, CLEAN_DPI), place)
        yield Paper(f'{name} {place}', one.kind, content, dict(one.truth))


def clean_pictures(count: int) -> Iterator[Paper]:
    """Invoices as clean pictures, where no real paper is at hand."""
    for seed in range(count):
        invoice = make(seed + 1)
        out = io.BytesIO()
        drawn(forms_of(printed(invoice))[0], 150).save(out, 'PNG')
        yield Paper(f'picture {seed}', DocumentKind(invoice.kind), out.getvalue(), invoice.truth())
