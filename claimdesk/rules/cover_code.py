"""What the code on a cover sheet says: which office, which case, which kind of paper, and a mark against damage."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from claimdesk.vocabulary import DocumentKind

PREFIX = 'CLD1'
_PARTS = 5


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover sheet of the office `office`: for a case, for a kind of paper, or for a kind of paper in a case."""

    office: str
    case_number: str = ''
    kind: DocumentKind | None = None


def spell(cover: Cover) -> str:
    """The text of the code: `CLD1*office*case*kind*mark`."""
    said = '*'.join((PREFIX, cover.office, cover.case_number, cover.kind or ''))
    return f'{said}*{_mark(said)}'


def is_cover(text: str) -> bool:
    """Whether a code is meant to be one of a cover sheet, even if what follows is damaged."""
    return text.startswith(f'{PREFIX}*')


def parse(text: str) -> Cover | None:
    """The cover that the code speaks of; None where it is damaged or of no kind that is known."""
    said, _star, mark = text.rpartition('*')
    parts = text.split('*')
    if len(parts) != _PARTS or parts[0] != PREFIX or mark != _mark(said):
        return None
    _prefix, office, number, kind, _same = parts
    if kind and kind not in {str(one) for one in DocumentKind}:
        return None
    if not number and not kind:
        return None
    return Cover(office, number, DocumentKind(kind) if kind else None)


def _mark(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:6].upper()
