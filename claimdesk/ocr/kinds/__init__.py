"""The kinds of document that are read, one module each, and the questions that the reader asks them.

Adding a kind: its word in `vocabulary.DocumentKind`, its form in `forms.FORMS`, a module here with a `Kind`, and a line
in `KINDS`. `docs/reading.md` goes through it with an example.
"""

from __future__ import annotations

from dataclasses import replace

from claimdesk.ocr.candidate import Extract, PaperCode
from claimdesk.ocr.kinds.cards import BANK_CARDS, ID_CARDS
from claimdesk.ocr.kinds.invoices import INVOICES
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.kinds.licences import DRIVING_LICENCES, VEHICLE_LICENCES
from claimdesk.ocr.kinds.medical import MEDICAL
from claimdesk.ocr.kinds.receipts import RECEIPTS
from claimdesk.ocr.kinds.repairs import REPAIRS
from claimdesk.ocr.kinds.taxis import TAXI_RECEIPTS
from claimdesk.ocr.kinds.trains import TRAIN_TICKETS
from claimdesk.ocr.layout import Layout
from claimdesk.vocabulary import DocumentKind as K

__all__ = ['KINDS', 'Kind', 'PageWords', 'Sign', 'Strength', 'classify', 'extract', 'kind_of', 'parse_code']

KINDS: tuple[Kind, ...] = (
    TRAIN_TICKETS,
    INVOICES,
    MEDICAL,
    ID_CARDS,
    DRIVING_LICENCES,
    VEHICLE_LICENCES,
    REPAIRS,
    TAXI_RECEIPTS,
    BANK_CARDS,
    RECEIPTS,
)
"""Where two are recognised equally plainly, the one that stands first counts."""

_OWNERS = {kind: owner for owner in reversed(KINDS) for kind in owner.kinds}


def kind_of(kind: K | None) -> Kind:
    """Who reads paper of that kind; invoices, which look for their table, where it is not known."""
    return _OWNERS.get(kind, INVOICES) if kind is not None else INVOICES


def recognise(layout: Layout) -> tuple[Kind, Sign] | None:
    """Who recognises the page most plainly, and as what."""
    page = PageWords(layout)
    signs = [(owner, sign) for owner in KINDS if (sign := owner.recognise(page))]
    return max(signs, key=lambda pair: pair[1].strength, default=None)


def classify(layout: Layout) -> K | None:
    """The kind that title words and the form's own words say; nothing when they do not say."""
    found = recognise(layout)
    return found[1].kind if found else None


def parse_code(text: str) -> tuple[Kind, PaperCode] | None:
    """The text of a QR code taken apart, with the family that it belongs to."""
    return next(((owner, code) for owner in KINDS if (code := owner.code(text))), None)


def extract(layout: Layout, source: str, kind: K | None = None, family: Kind | None = None) -> Extract:
    """What `layout` says; `kind`, or `family` alone, when something better than the title already told it.

    Of a page that nobody recognises nothing is firm: what stands beside an invoice's label may be of another paper.
    """
    found = None if kind is not None else recognise(layout)
    owner, told = (kind_of(kind), kind) if kind is not None else _owner(found, family)
    out = owner.extract(layout, source, told)
    if kind is None and found is None and family is None:
        out.fields = {name: replace(said, firm=False) for name, said in out.fields.items()}
    out.rows = layout.runs()
    return out


def _owner(found: tuple[Kind, Sign] | None, family: Kind | None) -> tuple[Kind, K | None]:
    owner, told = (found[0], found[1].kind) if found else (INVOICES, None)
    return (family, None) if family is not None and owner is not family else (owner, told)
