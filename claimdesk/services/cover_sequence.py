"""Covers among files of one page each: what came together, in the order of arrival, and which cover lies before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from claimdesk.models import Document
from claimdesk.rules.cover_code import Cover, parse
from claimdesk.services.cover_words import ALONE, LAID
from claimdesk.vocabulary import DocumentState

FOLDER = 'folder'
GAP = dt.timedelta(seconds=90)
"""Files in the watched folder that come no later than this after the one before belong to one pile of a copier."""
MOST = 500


def came_after(session: Session, document: Document) -> Iterator[Document]:
    """What has come after `document` in the same go so far, in its order."""
    yield from _together(session, document, before=False)


def cover_before(session: Session, document: Document) -> tuple[Document, Cover | None] | None:
    """The cover file that lies before `document` and what it says (None where it is damaged); None without one."""
    for other in _together(session, document, before=True, covers=True):
        outcome, _space, code = other.cover.partition(' ')
        if outcome in (ALONE, LAID):
            return other, within(session, other, parse(code))
    return None


def within(session: Session, document: Document, cover: Cover | None) -> Cover | None:
    """The cover of a kind alone stands inside the case whose cover came before it."""
    if cover is None or cover.case_number:
        return cover
    found = cover_before(session, document)
    earlier = found[1] if found is not None else None
    if earlier is not None and earlier.office == cover.office:
        return replace(cover, case_number=earlier.case_number)
    return cover


def covered_by(session: Session, document: Document) -> list[Document]:
    """What came after the cover file `document` up to the next one, was looked at already, and has no cover yet."""
    found = []
    for other in came_after(session, document):
        if other.cover.partition(' ')[0] in (ALONE, LAID):
            break
        looked_at = other.state not in (DocumentState.WAITING, DocumentState.CONFIRMED)
        if looked_at and not other.cover and other.removed_at is None:
            found.append(other)
    return found


def _together(session: Session, document: Document, *, before: bool, covers: bool = False) -> Iterator[Document]:
    """What came in the same go, the nearest first; removed ones too. `covers` asks for cover files alone, if it can.

    Only files have a place in it, no parts of them: a part has no request key.
    """
    if document.request_key is None:
        return
    beyond = Document.id < document.id if before else Document.id > document.id
    order = Document.id.desc() if before else Document.id
    wanted = select(Document).where(beyond, Document.added_by == document.added_by).order_by(order).limit(MOST)
    if document.source == FOLDER:
        last = document.added_at
        for other in session.scalars(wanted.where(Document.source == FOLDER, Document.request_key.is_not(None))):
            if abs(other.added_at - last) > GAP:
                return
            last = other.added_at
            yield other
    elif mark := _mark(document.request_key):
        if covers:
            wanted = wanted.where(or_(Document.cover.startswith(ALONE), Document.cover.startswith(LAID))).limit(1)
        yield from session.scalars(wanted.where(Document.request_key.startswith(mark, autoescape=True)))


def _mark(key: str | None) -> str:
    """How the request keys of all files that were taken in at once begin: `key-3:0` is the fourth of `key-`."""
    file, colon, _number = (key or '').rpartition(':')
    pile, dash, _place = file.rpartition('-')
    return f'{pile}{dash}' if colon and dash else f'{file}{colon}'
