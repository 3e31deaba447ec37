"""What an office already knows: which company bears which tax number, learned from invoices that people confirmed.

A confirmed pair is one more witness. It makes a value sure only where the page itself says the same; it mends a rare
character that was misread, but then a person still looks, unless one of the readers saw what is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import Hamming, Levenshtein

from claimdesk.identifiers import credit_code_ok
from claimdesk.language import _
from claimdesk.ocr.layout import fold
from claimdesk.ocr.reading import FieldReading, PageReading
from claimdesk.ocr.worth import ALONE, EXACT

REMEMBERED = 0.97
"""The confidence of a value that the page and the memory say."""
SHORTEST = 5
"""Names with fewer characters are people: many bear the same one."""
MISREAD_SHARE = 0.25
"""The largest part of a name that may be misread for it still to be recognised."""
MOST_DIGITS = 2
"""How many places of a tax number may be misread for it still to be recognised."""
_TELLING = frozenset('〇零一二三四五六七八九十百千东南西北中上下左右前后大小新老总分甲乙丙丁戊己庚0123456789')
"""Characters by which companies and branches of one family differ: never taken for a misreading of each other."""


@dataclass(frozen=True, slots=True)
class KnownCompanies:
    """Names that were confirmed beside a tax number, and tax numbers that were confirmed beside a name."""

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, Sequence[str]] = field(default_factory=dict)


def recalled(page: PageReading, known: KnownCompanies) -> PageReading:
    """The page with what is `known` about its buyer and its seller weighed in."""
    fields = dict(page.fields)
    for side in ('buyer', 'seller'):
        name, number = fields.get(f'{side}_name'), fields.get(f'{side}_tax_id')
        if name is None or number is None or not number.value:
            continue
        if number.sure:
            fields[name.name] = _name(name, known.names.get(number.value, ()))
        elif name.sure and len(name.value) >= SHORTEST:
            fields[number.name] = _number(number, known.numbers.get(name.value, ()))
    return replace(page, fields=fields)


def _name(read: FieldReading, names: Sequence[str]) -> FieldReading:
    """A name whose tax number is sure, beside the names that were confirmed with this number."""
    if read.source in EXACT or not names or len(read.value) < SHORTEST:
        return read
    plain = _plain(read.value)
    if any(_plain(name) == plain for name in names):
        return read if read.sure else _witnessed(read, read.value)
    alike = [name for name in names if len(name) >= SHORTEST and _alike(plain, _plain(name))]
    if len(alike) != 1:
        return read
    (name,) = alike
    if read.sure:
        reason = _("Earlier invoices with this tax number name “{name}”.").format(name=name)
        return replace(read, confidence=ALONE, alternatives=_others(read, name), reason=reason)
    if any(_plain(name) in _plain(other) for other in read.alternatives):
        return _witnessed(read, name)
    reason = _("“{read}” was read; earlier invoices with this tax number name “{name}”.").format(
        read=read.value, name=name
    )
    return replace(_witnessed(read, name), confidence=ALONE, reason=reason)


def _number(read: FieldReading, numbers: Sequence[str]) -> FieldReading:
    """An unsure tax number of a company whose name is sure, beside the numbers that were confirmed with this name."""
    if read.source in EXACT or not numbers:
        return read
    if read.value in numbers:
        return _witnessed(read, read.value)
    alike = [number for number in numbers if Hamming.distance(number, read.value) <= MOST_DIGITS]
    # A number that is right in itself may be that of another company of the same name.
    if len(alike) != 1 or not credit_code_ok(alike[0]) or credit_code_ok(read.value):
        return read
    (number,) = alike
    if any(number in _plain(other) for other in read.alternatives):
        return _witnessed(read, number)
    reason = _("“{read}” was read; earlier invoices of this company bear {number}.").format(
        read=read.value, number=number
    )
    return replace(_witnessed(read, number), confidence=ALONE, reason=reason)


def _witnessed(read: FieldReading, value: str) -> FieldReading:
    alternatives = _others(read, read.value) if value != read.value else read.alternatives
    return FieldReading(
        read.name, value, max(read.confidence, REMEMBERED), f'{read.source}+memory', read.box,
        tuple(other for other in alternatives if other != value),
    )  # fmt: skip


def _others(read: FieldReading, first: str) -> tuple[str, ...]:
    return (first, *(other for other in read.alternatives if other != first))


def _alike(read: str, name: str) -> bool:
    """Whether `read` may be `name` with some characters misread, none of which tells companies apart."""
    edits = Levenshtein.editops(read, name)
    if len(edits) > max(1, int(MISREAD_SHARE * len(name))) or abs(len(read) - len(name)) > 1:
        return False
    changed = {read[edit.src_pos] for edit in edits if edit.tag != 'insert'}
    changed |= {name[edit.dest_pos] for edit in edits if edit.tag != 'delete'}
    return not changed & _TELLING


def _plain(text: str) -> str:
    return re.sub(r'\s', '', ''.join(fold(char) for char in text))
