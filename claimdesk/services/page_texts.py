"""The text of pages as it is kept: written in the transaction of a reading, and turned to the page as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from claimdesk.models.page_text import PageText, search_text, write_index
from claimdesk.models.rows import insert_new

if TYPE_CHECKING:
    from claimdesk.ocr import PageReading

Box = tuple[float, float, float, float]
MOST_RUNS = 4000
"""Runs of text of a page that are kept."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text as printed; `box` is (x, y, width, height) as fractions of the page, None where nobody knows.

    `slope` is how far its base line falls for each step to the right, both in page widths.
    """

    text: str
    box: Box | None = None
    slope: float = 0.0


Rows = tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says, as it was read turned clockwise by `rotation`; `own` where the file itself holds its text.

    `own` is None where nobody wrote that down.
    """

    rows: Rows
    rotation: int = 0
    own: bool | None = None


def keep_page_texts(session: Session, pages: Sequence[Sequence[Any]], reading: Sequence[PageReading]) -> None:
    """Keep what was read of `pages`, each (SHA-256, page in the file, turn as it was given to read), and index it.

    A page of which nothing was read keeps what was known of it before; one that was never read is noted as empty.
    """
    for page in reading:
        rows = _stored(page)
        if page.page <= len(pages):
            sha256, index, rotation = pages[page.page - 1]
            _keep(session, (sha256, index), (rotation + page.rotation) % 360, page.text_source, rows)


def page_texts(session: Session, pages: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Told]:
    """What each page (SHA-256, page in the file) says of which the text is kept."""
    found: dict[tuple[str, int], Told] = {}
    wanted = list(dict.fromkeys(pages))
    for begin in range(0, len(wanted), 200):
        some = wanted[begin : begin + 200]
        for row in session.scalars(
            select(PageText).where(tuple_(PageText.sha256, PageText.page_index).in_(some))
        ):
            found[row.sha256, row.page_index] = Told(
                rows_of(row.rows), row.rotation, row.source == 'text_layer' if row.source else None
            )
    return found


def rows_of(stored: Sequence[Sequence[Sequence[Any]]]) -> Rows:
    """Rows from how they are kept."""
    return tuple(tuple(_run(run) for run in row) for row in stored)


def turned_box(box: Box, turn: int) -> Box:
    """Where `box` lies once its page is turned clockwise by `turn` degrees."""
    x, y, wide, high = box
    match turn % 360:
        case 90:
            return 1 - y - high, x, high, wide
        case 180:
            return 1 - x - wide, 1 - y - high, wide, high
        case 270:
            return y, 1 - x - wide, high, wide
    return box


def _keep(
    session: Session, page: tuple[str, int], rotation: int, source: str, rows: list[list[list[Any]]]
) -> None:
    sha256, index = page
    words = search_text(rows)
    added = session.scalar(
        insert_new(session, PageText)
        .values(sha256=sha256, page_index=index, rotation=rotation, source=source, text=words, rows=rows)
        .returning(PageText.id)
    )
    if added is not None:
        write_index(session.connection(), added, None, words)
        return
    if not rows:
        return
    kept = session.scalars(select(PageText).where(PageText.sha256 == sha256, PageText.page_index == index)).one()
    before = kept.text
    kept.rotation, kept.source, kept.text, kept.rows = rotation, source, words, rows
    session.flush()
    if words != before:
        write_index(session.connection(), kept.id, before, words)


def _stored(page: PageReading) -> list[list[list[Any]]]:
    if not page.rows:
        return [[[line]] for line in page.text.split('\n') if line.strip()][:MOST_RUNS]
    rows, left = [], MOST_RUNS
    for row in page.rows:
        runs = [
            [run.text, *(round(side, 4) for side in (run.box.x, run.box.y, run.box.width, run.box.height))]
            + ([round(run.slope, 4)] if abs(run.slope) > 0.0005 else [])
            for run in row[:left]
            if run.text
        ]
        left -= len(runs)
        if runs:
            rows.append(runs)
    return rows


def _run(stored: Sequence[Any]) -> Run:
    if len(stored) < 5:
        return Run(stored[0])
    return Run(stored[0], (stored[1], stored[2], stored[3], stored[4]), stored[5] if len(stored) > 5 else 0.0)
