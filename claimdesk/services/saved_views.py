"""Saved views: a person's named filters over the case list, and the views that every office begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotFound
from claimdesk.language import N_, _
from claimdesk.models import SavedView
from claimdesk.services.case_list import CaseList
from claimdesk.services.case_query import COLUMNS, CaseQuery
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.vocabulary import DueState

LONGEST_NAME = 40
_COLUMNS = 'columns'

_PROGRAM_VIEWS: tuple[tuple[str, str, CaseQuery], ...] = (
    ('mine', N_("My open cases"), CaseQuery()),
    ('today', N_("Due today"), CaseQuery(due=frozenset({DueState.TODAY}))),
    ('overdue', N_("Overdue"), CaseQuery(due=frozenset({DueState.OVERDUE}))),
    ('waiting', N_("Waiting for documents"), CaseQuery(due=frozenset({DueState.PAUSED}))),
    ('open', N_("All open"), CaseQuery()),
    ('all', N_("All cases"), CaseQuery(open_only=False, sort='reported_at', descending=True)),
)


@dataclass(frozen=True, slots=True)
class ViewItem:
    """A view: `id` is None for one that the program brings along; `key` tells those apart (mine, today, overdue…)."""

    id: int | None
    key: str
    name: str
    query: CaseQuery
    columns: tuple[str, ...] = ()


class SavedViews:
    """A person's own views."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._list = CaseList(office)

    def views(self, actor: Actor) -> list[ViewItem]:
        """The views of the person: first those of the program, then the person's own in their order."""
        mine = frozenset({actor.id})
        items = [
            ViewItem(None, key, _(name), replace(query, owner_ids=mine) if key == 'mine' else query)
            for key, name, query in _PROGRAM_VIEWS
        ]
        with self._office.database.read() as session:
            return items + [_item(row) for row in _own(session, actor)]

    def save(self, actor: Actor, name: str, query: CaseQuery, columns: Sequence[str] = ()) -> ViewItem:
        """Keep a view under `name`; the same name again replaces it. Raises `InvalidInput`."""
        name = _checked(name)
        with self._office.write(actor, N_("saved a view")) as session:
            row = session.scalar(select(SavedView).where(SavedView.owner_id == actor.id, SavedView.name == name))
            if row is None:
                last = session.scalar(select(func.max(SavedView.position)).where(SavedView.owner_id == actor.id))
                row = SavedView(owner_id=actor.id, name=name, position=0 if last is None else last + 1)
                session.add(row)
            row.query = {**query.to_json(), _COLUMNS: list(columns)}
            session.flush()
            return _item(row)

    def rename(self, actor: Actor, view_id: int, name: str) -> ViewItem:
        """Give a view another name. Raises `InvalidInput`, `NotFound`."""
        name = _checked(name)
        with self._office.write(actor, N_("renamed a view")) as session:
            row = _view(session, actor, view_id)
            taken = select(SavedView.id).where(
                SavedView.owner_id == actor.id, SavedView.name == name, SavedView.id != view_id
            )
            if session.scalar(taken) is not None:
                raise InvalidInput(
                    _("You already have a view with this name."),
                    _("Choose another name."),
                    {'name': _("This name is taken.")},
                )
            row.name = name
            session.flush()
            return _item(row)

    def remove(self, actor: Actor, view_id: int) -> ViewItem:
        """Remove a view and return what it held, so that it can be saved again."""
        with self._office.write(actor, N_("removed a view")) as session:
            row = _view(session, actor, view_id)
            item = _item(row)
            session.delete(row)
            return item

    def reorder(self, actor: Actor, view_ids: Sequence[int]) -> None:
        """Put the person's own views into this order; views that are not named stay behind the others."""
        places = {view_id: place for place, view_id in enumerate(view_ids)}
        with self._office.write(actor, N_("ordered the views")) as session:
            own = sorted(_own(session, actor), key=lambda row: places.get(row.id, len(places)))
            for place, row in enumerate(own):
                row.position = place

    def counts(self, actor: Actor, views: Sequence[ViewItem]) -> list[int]:
        """How many cases each view holds now (in the background: it takes a while on a million cases)."""
        return [self._list.count(actor, view.query) for view in views]


def _own(session: Session, actor: Actor) -> list[SavedView]:
    own = select(SavedView).where(SavedView.owner_id == actor.id).order_by(SavedView.position, SavedView.id)
    return list(session.scalars(own))


def _view(session: Session, actor: Actor, view_id: int) -> SavedView:
    row = session.get(SavedView, view_id)
    if row is None or row.owner_id != actor.id:
        raise NotFound(_("This view is gone."), _("Choose another one."))
    return row


def _item(row: SavedView) -> ViewItem:
    kept: Mapping[str, Any] = row.query if isinstance(row.query, dict) else {}
    columns = tuple(name for name in kept.get(_COLUMNS, ()) if name in COLUMNS)
    return ViewItem(row.id, '', row.name, CaseQuery.from_json(kept), columns)


def _checked(name: str) -> str:
    name = ' '.join(name.split())
    if not name:
        raise InvalidInput(_("A view needs a name."), '', {'name': _("Enter a name.")})
    if len(name) > LONGEST_NAME:
        sentence = _("A name has at most {count} characters.").format(count=LONGEST_NAME)
        raise InvalidInput(sentence, '', {'name': sentence})
    return name
