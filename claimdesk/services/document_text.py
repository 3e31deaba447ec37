"""Finding words in the papers of a case: every place with what stands around it, and where it is on the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from claimdesk.models import Document, PageText
from claimdesk.models.page_text import folded
from claimdesk.models.search import like_pattern
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.page_texts import Box, Run, rows_of, turned_box

AROUND = 24
"""Characters before and after a hit that are shown with it."""
MOST_HITS = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a document: page `position` (from 0), the words around it with where the hit lies in them.

    `boxes` are the pieces of the page that it covers, as the page stands now; none where nobody knows the place.
    """

    document_id: int
    title: str
    position: int
    excerpt: str
    start: int
    length: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The hits in the order of the pages, `more` where there are others beyond; `unread` pages were not looked into."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    unread: int = 0

    @property
    def pages(self) -> int:
        """On how many pages they are."""
        return len({(hit.document_id, hit.position) for hit in self.hits})


class DocumentText:
    """Searching the papers of one case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def unread(self, actor: Actor, case_id: int) -> list[int]:
        """The documents of which a page was not read yet, in their order; letters of the office are among them."""
        with self._office.database.read() as session:
            documents = _documents(session, case_id)
            pages = _unread(session, documents)
            return [
                one.id for one in documents if any((page.sha256, page.page_index) in pages for page in one.pages)
            ]

    def find(self, actor: Actor, case_id: int, term: str) -> Found:
        """Every place where a word of `term` stands, on pages that hold all of its words; nothing for nothing.

        Capitals, blanks and the width of characters make no difference.
        """
        words = list(dict.fromkeys(word for one in term.split() if (word := folded(one))))
        with self._office.database.read() as session:
            documents = _documents(session, case_id)
            unread = len(_unread(session, documents))
            if not words:
                return Found(unread=unread)
            hits = []
            for hit in _hits(documents, _texts(session, documents, words), words):
                hits.append(hit)
                if len(hits) > MOST_HITS:
                    break
        return Found(tuple(hits[:MOST_HITS]), len(hits) > MOST_HITS, unread)


def _documents(session: Session, case_id: int) -> Sequence[Document]:
    return session.scalars(
        select(Document)
        .where(Document.case_id == case_id, Document.removed_at.is_(None))
        .order_by(Document.added_at, Document.id)
        .options(selectinload(Document.pages))
    ).all()


def _texts(
    session: Session, documents: Sequence[Document], words: Sequence[str]
) -> dict[tuple[str, int], PageText]:
    files = {page.sha256 for document in documents for page in document.pages}
    wanted = [PageText.text.like(like_pattern(word), '\\') for word in words]
    found = session.scalars(select(PageText).where(PageText.sha256.in_(files), *wanted))
    return {(row.sha256, row.page_index): row for row in found}


def _unread(session: Session, documents: Sequence[Document]) -> set[tuple[str, int]]:
    """The pages that were not read yet: SHA-256 and page in the file."""
    pages = {(page.sha256, page.page_index) for document in documents for page in document.pages}
    files = {sha256 for sha256, _index in pages}
    known = session.execute(select(PageText.sha256, PageText.page_index).where(PageText.sha256.in_(files)))
    return pages - {(sha256, index) for sha256, index in known}


def _hits(
    documents: Sequence[Document], texts: dict[tuple[str, int], PageText], words: Sequence[str]
) -> Iterator[Hit]:
    for document in documents:
        for page in document.pages:
            kept = texts.get((page.sha256, page.page_index))
            if kept is None:
                continue
            turn = page.rotation - kept.rotation
            for row in rows_of(kept.rows):
                for excerpt, start, length, boxes in _in_row(row, words):
                    placed = tuple(turned_box(box, turn) for box in boxes)
                    yield Hit(document.id, document.title, page.position, excerpt, start, length, placed)


def _in_row(row: Sequence[Run], words: Sequence[str]) -> Iterator[tuple[str, int, int, list[Box]]]:
    """Each hit in a row: the words around it, where it lies in them, how long it is, and its boxes."""
    line, places = _folded_row(row)
    printed = ' '.join(run.text for run in row)
    found = {(start, start + len(word)) for word in words for start in _starts(line, word)}
    end = 0
    for first, last in sorted(found, key=lambda hit: (hit[0], -hit[1])):
        if last <= end:
            continue  # inside the one before
        end = last
        begin, stop = places[first], places[last - 1] + 1
        left, right = max(0, begin - AROUND), min(len(printed), stop + AROUND)
        before, after = '…' if left else '', '…' if right < len(printed) else ''
        yield (
            f'{before}{printed[left:right]}{after}', begin - left + len(before), stop - begin,
            list(_boxes(row, begin, stop)),
        )  # fmt: skip


def _folded_row(row: Sequence[Run]) -> tuple[str, list[int]]:
    """The row as the search compares it, and for each of its characters the place in the printed row."""
    line, places = [], []
    for place, char in enumerate(' '.join(run.text for run in row)):
        for one in unicodedata.normalize('NFKC', char).lower():
            if not one.isspace():
                line.append(one)
                places.append(place)
    return ''.join(line), places


def _starts(line: str, word: str) -> Iterator[int]:
    start = line.find(word)
    while start >= 0:
        yield start
        start = line.find(word, start + 1)


def _boxes(row: Sequence[Run], begin: int, stop: int) -> Iterator[Box]:
    """The parts of the runs that the printed characters from `begin` to `stop` take."""
    first = 0
    for run in row:
        last = first + len(run.text)
        if run.box is not None and begin < last and stop > first:
            x, y, wide, high = run.box
            weights = [1.0 if unicodedata.east_asian_width(char) in 'WF' else 0.55 for char in run.text]
            whole = sum(weights) or 1.0
            left = sum(weights[: max(0, begin - first)]) / whole
            right = sum(weights[: min(len(run.text), stop - first)]) / whole
            yield x + left * wide, y, (right - left) * wide, high
        first = last + 1
