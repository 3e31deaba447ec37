"""Fetching rows the way every service does: by id or not at all, and only from the version the screen showed."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from claimdesk.errors import Conflict, NotFound
from claimdesk.language import _
from claimdesk.models.base import Base, Editable

Row = TypeVar('Row', bound=Base)
EditableRow = TypeVar('EditableRow', bound=Editable)


def get(session: Session, kind: type[Row], row_id: Any) -> Row:
    """The row of `kind` with that id. Raises `NotFound`."""
    row = session.get(kind, row_id)
    if row is None:
        raise NotFound(_("This no longer exists."), _("Refresh the list; somebody may have removed it."))
    return row


def get_for_edit(session: Session, kind: type[EditableRow], row_id: Any, version: int, **mine: Any) -> EditableRow:
    """The row of `kind`, if it is still the `version` that the screen was drawn from.

    The mapper's own counter only guards rows read in this session, so the version the person saw is compared here.
    `mine` are the values the person wants to save, for the comparison. Raises `NotFound` and `Conflict`.
    """
    row = session.get(kind, row_id)
    if row is None:
        raise NotFound(_("This no longer exists."), _("Refresh the list; somebody may have removed it."))
    if row.version != version:
        raise Conflict(
            _("Somebody else has changed this since you opened it."),
            _("Compare both versions, then keep yours or take theirs."),
            mine=mine,
            theirs={name: getattr(row, name) for name in mine},
        )
    return row


def insert_new(session: Session, table: type[Base]) -> Insert:
    """An insert into `table` that passes over rows which are there already, or which another desk is just adding."""
    insert = sqlite.insert if session.get_bind().dialect.name == 'sqlite' else postgresql.insert
    return insert(table).on_conflict_do_nothing()
