"""What was measured on photos, kept by their content: once for all cases; and photos that look alike in other cases."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from claimdesk.models import Case, Document, DocumentPage, PhotoMeasure
from claimdesk.rules.photos import Measures, PlateRead
from claimdesk.services.reading_view import Box

if TYPE_CHECKING:
    from claimdesk.ocr import PhotoSight

BANDS = tuple(getattr(PhotoMeasure, f'band_{place}') for place in range(8))
PageKey = tuple[str, int]
"""SHA-256 of the file and page in it, from 0."""

Look = Callable[[bytes, int, int], 'PhotoSight']
"""Measures a photo: its bytes, the page from 1, and how far it is turned clockwise."""
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """What is kept of a photo: its measures, where its plates are when turned by `rotation`, and what it looks like."""

    measures: Measures
    boxes: tuple[Box, ...]
    rotation: int
    look: bytes


def measured_pages(session: Session, keys: Iterable[PageKey]) -> dict[PageKey, Measured]:
    """What is kept of those of these pages that were measured."""
    rows = session.scalars(
        select(PhotoMeasure).where(tuple_(PhotoMeasure.sha256, PhotoMeasure.page_index).in_(list(keys)))
    )
    return {
        (row.sha256, row.page_index): Measured(
            Measures(
                row.sharpness, row.dark, row.bright,
                tuple(PlateRead(one['text'], one['confidence']) for one in row.plates or ()),
            ),
            tuple((one['box'][0], one['box'][1], one['box'][2], one['box'][3]) for one in row.plates or ()),
            row.rotation,
            row.look,
        )
        for row in rows
    }  # fmt: skip


def keep_sight(session: Session, key: PageKey, rotation: int, sight: PhotoSight) -> None:
    """Keep what was measured; where another desk was faster, what it kept stays."""
    from claimdesk.ocr import bands_of

    row = PhotoMeasure(
        sha256=key[0], page_index=key[1], rotation=rotation, sharpness=sight.sharpness, brightness=sight.brightness,
        dark=sight.dark, bright=sight.bright, look=sight.look,
        plates=[
            {
                'text': one.text, 'confidence': round(one.confidence, 3),
                'box': [round(side, 4) for side in (one.box.x, one.box.y, one.box.width, one.box.height)],
            }
            for one in sight.plates
        ],
    )  # fmt: skip
    for column, band in zip(BANDS, bands_of(sight.look), strict=True):
        setattr(row, column.key, band)
    with contextlib.suppress(IntegrityError), session.begin_nested():
        session.add(row)


def alike_elsewhere(session: Session, case: Case, looks: Mapping[PageKey, bytes]) -> dict[PageKey, tuple[str, ...]]:
    """For each page, the numbers of cases of other accidents that have a photo like it, saved anew or stamped."""
    alike = {key: [other for other in _alike(session, look) if other != key] for key, look in looks.items()}
    wanted = {other for others in alike.values() for other in others}
    where = _cases_of(session, case, sorted(wanted)) if wanted else {}
    found = {
        key: tuple(dict.fromkeys(number for other in others for number in where.get(other, ())))[:MOST_NAMED]
        for key, others in alike.items()
    }
    return {key: numbers for key, numbers in found.items() if numbers}


def _alike(session: Session, look: bytes) -> list[PageKey]:
    from claimdesk.ocr import ALIKE_PHOTOS, bands_of, difference, near_bands

    columns = (PhotoMeasure.sha256, PhotoMeasure.page_index, PhotoMeasure.look)
    rows = session.execute(
        union(
            *(
                select(*columns).where(column.in_(near_bands(band)))
                for column, band in zip(BANDS, bands_of(look), strict=True)
            )
        )
    )
    near = {(row.sha256, row.page_index): difference(look, row.look) for row in rows}
    return [key for key in sorted(near, key=near.__getitem__) if near[key] <= ALIKE_PHOTOS]


def _cases_of(session: Session, case: Case, keys: Sequence[PageKey]) -> dict[PageKey, list[str]]:
    rows = session.execute(
        select(DocumentPage.sha256, DocumentPage.page_index, Case.number)
        .join(Document, Document.id == DocumentPage.document_id)
        .join(Case, Case.id == Document.case_id)
        .where(
            tuple_(DocumentPage.sha256, DocumentPage.page_index).in_(keys),
            Document.removed_at.is_(None),
            # The two cases of one accident share its photos.
            Case.accident_id != case.accident_id,
        )
        .distinct()
        .order_by(Case.number)
    )
    found: dict[PageKey, list[str]] = {}
    for sha256, index, number in rows:
        found.setdefault((sha256, index), []).append(number)
    return found
