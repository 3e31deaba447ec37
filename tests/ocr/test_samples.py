"""Real papers, where they lie on this machine: every field of the invoices right, and nothing sure that is wrong."""

import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest

from claimdesk.ocr import PageReading, ReaderPool
from claimdesk.vocabulary import INVOICE_KINDS

MONEY = frozenset({'amount', 'tax', 'total'})
OTHERS = 2
"""How many receipts are looked at for wrong certainty; the benchmark reads all papers, which takes minutes."""
EVERY = {'scan': 3}
"""Of these groups every n-th paper is read here."""

Truths = dict[str, dict[str, dict[str, str]]]
"""File → kind and fields; the kind is a text beside them."""


@pytest.fixture(scope='module')
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(2) as pool:
        yield pool


def plain(text: str) -> str:
    return re.sub(r'[\s¥:⊗]', '', unicodedata.normalize('NFKC', text)).replace('圆', '元').upper()


def same(name: str, printed: str, read: str) -> bool:
    if name in MONEY:
        try:
            return Decimal(re.sub('[,RM]', '', printed)) == Decimal(read.replace(',', ''))
        except InvalidOperation:
            return printed == read
    one, other = plain(printed), plain(read)
    if name.endswith('_name') and one.isascii():
        return re.sub(r'\W', '', one) == re.sub(r'\W', '', other)
    return one.rstrip('整正') == other.rstrip('整正') if name == 'total_capital' else one == other


def truths(samples: Path, *groups: str, invoices: bool = True) -> Truths:
    truth = json.loads((samples / 'truth.json').read_text(encoding='utf-8'))
    return {
        name: entry
        for name, entry in truth.items()
        if name.split('/')[0] in groups and (entry['kind'] in INVOICE_KINDS) == invoices
    }


def first_pages(pool: ReaderPool, samples: Path, names: list[str]) -> dict[str, PageReading]:
    readings = pool.read_each([samples / name for name in names])
    return {name: reading.pages[0] for name, reading in zip(names, readings, strict=True) if reading.pages}


def verdict(want: Truths, pages: dict[str, PageReading]) -> tuple[int, list[str], list[str]]:
    """How many fields there are, which are wrong, and which of those are sure."""
    count, wrong, sure_wrong = 0, [], []
    for name, entry in want.items():
        fields = pages[name].fields if name in pages else {}
        for field, printed in entry['fields'].items():
            if field == 'issue_date_printed':
                continue
            count += 1
            got = fields.get(field)
            if got is None or not same(field, printed, got.value):
                wrong.append(f'{name} {field}: {got.value if got else None} for {printed}')
                if got is not None and got.sure:
                    sure_wrong.append(wrong[-1])
    return count, wrong, sure_wrong


@pytest.mark.parametrize(
    'group, allowed', [('einvoice', 0.0), ('xml', 0.0), ('ofd', 0.0), ('scan', 0.01), ('image', 0.01)]
)
def test_invoices_are_read(pool: ReaderPool, samples: Path, group: str, allowed: float) -> None:
    want = dict(list(truths(samples, group).items())[:: EVERY.get(group, 1)])
    pages = first_pages(pool, samples, list(want))
    count, wrong, sure_wrong = verdict(want, pages)
    assert sure_wrong == []
    assert len(wrong) <= allowed * count, wrong
    assert [name for name, entry in want.items() if pages[name].kind != entry['kind']] == []


def test_other_papers_are_not_taken_for_what_they_are_not(pool: ReaderPool, samples: Path) -> None:
    want = dict(list(truths(samples, 'receipt', invoices=False).items())[::13][:OTHERS])
    want |= truths(samples, 'image', invoices=False)
    pages = first_pages(pool, samples, list(want))
    _count, _wrong, sure_wrong = verdict(want, pages)
    assert sure_wrong == []
    assert [name for name, entry in want.items() if pages[name].kind not in (entry['kind'], 'other')] == []
