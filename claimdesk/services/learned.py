"""What the reader learned from people of the office: where papers of an issuer hold their values; seen and forgotten.

A person who corrects a field at confirming teaches where it stood. The value is not kept, only its place and label.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from claimdesk.forms import form_of, label_of
from claimdesk.language import N_, _
from claimdesk.models import Document, LearnedPlace
from claimdesk.rules.permissions import Permission
from claimdesk.services.confirmed_values import confirmed_values, same_value
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.page_texts import Told, page_texts, turned_box
from claimdesk.services.reading_view import FieldView, latest_view
from claimdesk.vocabulary import DocumentKind

if TYPE_CHECKING:
    from claimdesk.ocr import Lesson, PageReading, TextRun
    from claimdesk.services.context import Pointed

LAYOUT = 'layout'
"""Stands in the source of a value that a lesson gave."""
MOST = 400
"""Lessons for papers of one issuer or form that are weighed, the newest."""
_GRID = 25
"""Places without a label are the same where they fall into the same cell of so many by so many."""
_MOST_POINTED = 300

Rows = tuple[tuple['TextRun', ...], ...]


@dataclass(frozen=True, slots=True)
class LearnedView:
    """A place that papers of an issuer taught: `label` is printed before or above the value, '' where it has none."""

    ids: tuple[int, ...]
    kind: DocumentKind
    issuer: str
    field: str
    field_label: str
    label: str
    papers: int
    last: dt.datetime


class Learned:
    """Looking at what was learned, and forgetting it."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def places(self, actor: Actor) -> list[LearnedView]:
        """What was learned, by issuer and in the order of the form."""
        with self._office.database.read() as session:
            rows = session.scalars(
                select(LearnedPlace).where(LearnedPlace.office_id == actor.office_id).order_by(LearnedPlace.id)
            ).all()
        grouped: dict[tuple[str, str, str, tuple[object, ...]], list[LearnedPlace]] = {}
        for row in rows:
            grouped.setdefault((row.issuer or row.title, str(row.kind), row.field, _where(row)), []).append(row)
        views = [_view(same) for same in grouped.values()]
        return sorted(views, key=lambda one: (one.issuer, str(one.kind), _place_in_form(one), -one.papers))

    def forget(self, actor: Actor, ids: Sequence[int]) -> int:
        """Forget these; how many lessons that were. What was confirmed stays. Raises `NotAllowed`."""
        require(actor, Permission.MANAGE_OFFICE)
        with self._office.write(actor, N_("forgot what the reader had learned")) as session:
            rows = session.scalars(
                select(LearnedPlace).where(LearnedPlace.office_id == actor.office_id, LearnedPlace.id.in_(ids))
            ).all()
            for row in rows:
                session.delete(row)
            return len(rows)


def remember_pointed(office: OfficeContext, document_id: int, field: str, pointed: Pointed) -> None:
    """Somebody drew a box to have a field read again: if that value is confirmed, its place is learned."""
    while len(office.pointed) >= _MOST_POINTED:
        office.pointed.pop(next(iter(office.pointed)), None)
    office.pointed[document_id, field] = pointed


def learn(session: Session, office: OfficeContext, actor: Actor, document: Document) -> None:
    """Learn from what a person just confirmed of `document` otherwise than it was read, and drop what misled.

    To be called within the transaction of confirming.
    """
    unlearn(session, document.id)
    confirmed, read = confirmed_values(session, document), latest_view(session, document)
    if read is None or not confirmed:
        return
    by_name = {field.name: field for field in read.fields}
    corrected = [name for name, value in confirmed.items() if _teaches(by_name.get(name), value)]
    if not corrected:
        return
    pages = _pages(session, document)
    for name in corrected:
        _drop_misleading(session, document, by_name.get(name), confirmed, pages)
        pointed = office.pointed.pop((document.id, name), None)
        if pointed is not None and not same_value(name, pointed[2], confirmed[name]):
            pointed = None
        found = _lesson(pages, name, confirmed[name], pointed)
        if found is not None:
            session.add(_row(office, actor, document, confirmed, *found))


def unlearn(session: Session, document_id: int) -> None:
    """Forget what a document taught: it is confirmed anew, or no longer."""
    session.execute(delete(LearnedPlace).where(LearnedPlace.document_id == document_id))


def with_lessons(session: Session, page: PageReading, office_id: int, leave_out: int | None) -> PageReading:
    """`page` with what the office learned about papers like it; nothing that the document `leave_out` taught."""
    from claimdesk.ocr import placed, signs_of

    if not form_of(page.kind).names or not page.rows:
        return page
    signs = signs_of({name: field.value for name, field in page.fields.items()}, page.rows)
    alike = [
        column == value
        for column, value in ((LearnedPlace.issuer, signs.issuer), (LearnedPlace.title, signs.title))
        if value
    ]
    if not alike:
        return page
    rows = session.scalars(
        select(LearnedPlace)
        .where(LearnedPlace.office_id == office_id, LearnedPlace.kind == page.kind, or_(*alike))
        .order_by(LearnedPlace.id.desc())
        .limit(MOST)
    ).all()
    lessons = _lessons([row for row in rows if row.document_id != leave_out], signs.issuer)
    named = page.fields.get(signs.issuer.partition(':')[0])
    sure = named is not None and named.sure
    return placed(page, lessons, issuer_sure=sure) if lessons else page


def _teaches(read: FieldView | None, value: str) -> bool:
    """Whether confirming `value` tells more than the reader knew by itself."""
    if read is None or not read.value or not same_value(read.name, read.value, value):
        return True
    return LAYOUT in read.source.split('+')


def _drop_misleading(
    session: Session, document: Document, read: FieldView | None, confirmed: Mapping[str, str], pages: list[Rows]
) -> None:
    """Forget the lessons that gave a value which turned out wrong."""
    from claimdesk.ocr import signs_of

    if read is None or LAYOUT not in read.source.split('+') or same_value(read.name, read.value, confirmed[read.name]):
        return
    signs = signs_of(confirmed, pages[read.page] if read.page < len(pages) else ())
    session.execute(
        delete(LearnedPlace).where(
            LearnedPlace.office_id == document.office_id,
            LearnedPlace.kind == document.kind,
            LearnedPlace.field == read.name,
            LearnedPlace.issuer == signs.issuer if signs.issuer else LearnedPlace.title == signs.title,
        )
    )


def _pages(session: Session, document: Document) -> list[Rows]:
    """The text of each page with its places on the upright page."""
    told = page_texts(session, [(page.sha256, page.page_index) for page in document.pages])
    return [_rows(told.get((page.sha256, page.page_index)), page.rotation) for page in document.pages]


def _rows(told: Told | None, rotation: int) -> Rows:
    from claimdesk.ocr import Box, TextRun

    if told is None:
        return ()
    turn = rotation - told.rotation
    return tuple(
        tuple(TextRun(run.text, Box(*turned_box(run.box, turn)), run.slope) for run in row if run.box is not None)
        for row in told.rows
    )


def _lesson(pages: list[Rows], field: str, value: str, pointed: Pointed | None) -> tuple[Lesson, Rows] | None:
    """Where the value stands: on the page that was pointed at, else on the only one that has it once."""
    from claimdesk.ocr import Box, taught

    if pointed is not None and pointed[0] < len(pages):
        rows = pages[pointed[0]]
        lesson = taught(rows, field, value, Box(*pointed[1]))
        return (lesson, rows) if lesson is not None else None
    found = [(lesson, rows) for rows in pages if (lesson := taught(rows, field, value)) is not None]
    return found[0] if len(found) == 1 else None


def _row(
    office: OfficeContext, actor: Actor, document: Document, confirmed: Mapping[str, str], lesson: Lesson, rows: Rows
) -> LearnedPlace:
    from claimdesk.ocr import signs_of

    signs = signs_of(confirmed, rows)
    return LearnedPlace(
        office_id=document.office_id,
        document_id=document.id,
        kind=document.kind,
        issuer=signs.issuer,
        issuer_name=signs.name,
        title=signs.title,
        field=lesson.field,
        label=lesson.label,
        side=lesson.side,
        x=lesson.box.x,
        y=lesson.box.y,
        width=lesson.box.width,
        height=lesson.box.height,
        learned_at=office.now(),
        learned_by=actor.id,
    )


def _lessons(rows: Iterable[LearnedPlace], issuer: str) -> list[Lesson]:
    """One lesson for each place that was taught, with how many papers taught it; the newest paper gives the box."""
    from claimdesk.ocr import Box, Lesson

    grouped: dict[tuple[bool, str, tuple[object, ...]], list[LearnedPlace]] = {}
    for row in rows:
        by_issuer = bool(issuer) and row.issuer == issuer
        grouped.setdefault((by_issuer, row.field, _where(row)), []).append(row)
    return [
        Lesson(field, same[0].label, same[0].side, Box(same[0].x, same[0].y, same[0].width, same[0].height),
               len({row.document_id for row in same}), by_issuer)
        for (by_issuer, field, _place), same in grouped.items()
    ]  # fmt: skip


def _where(row: LearnedPlace) -> tuple[object, ...]:
    """What makes two lessons the same: the label, or the place where there is none."""
    if row.label:
        return row.label, row.side
    return round(_GRID * (row.x + row.width / 2)), round(_GRID * (row.y + row.height / 2))


def _view(same: Sequence[LearnedPlace]) -> LearnedView:
    newest = same[-1]
    return LearnedView(
        ids=tuple(row.id for row in same),
        kind=newest.kind,
        issuer=newest.issuer_name or newest.title or _("Every paper of this kind"),
        field=newest.field,
        field_label=label_of(newest.field, newest.kind),
        label=newest.label,
        papers=len({row.document_id for row in same}),
        last=newest.learned_at,
    )


def _place_in_form(view: LearnedView) -> int:
    names = form_of(view.kind).names
    return names.index(view.field) if view.field in names else len(names)
