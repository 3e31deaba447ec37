"""The case list of a million rows: filters, sorting and search in the database, rows only as far as they are shown."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from claimdesk.language import _
from claimdesk.models import Account, Case, Team
from claimdesk.progress import Progress, quiet
from claimdesk.reports.list_export import write_list
from claimdesk.rules.permissions import Permission
from claimdesk.services.case_export import SheetRows, sheet_columns
from claimdesk.services.case_list_sql import Listing, Piece
from claimdesk.services.case_query import COLUMNS, CaseQuery
from claimdesk.services.case_rows import ROW_COLUMNS, CaseRow, RowReader
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.patience import TooLong, at_most

__all__ = ['COLUMNS', 'CaseList', 'CaseQuery', 'CaseRow']

PORTION = 20_000
"""So many ids are fetched at a time."""
AT_ONCE = 500
"""So many rows are asked for by id in one query."""


class CaseList:
    """Reading the list."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def first(self, actor: Actor, query: CaseQuery, limit: int = 60) -> list[CaseRow]:
        """The first rows at once."""
        return self._page(query, limit, backwards=False)

    def last(self, actor: Actor, query: CaseQuery, limit: int = 60) -> list[CaseRow]:
        """The last rows, in the list's order, by the reversed query."""
        return self._page(query, limit, backwards=True)[::-1]

    def ids(self, actor: Actor, query: CaseQuery, progress: Progress = quiet) -> array[int]:
        """The ids of all rows in the list's order, eight bytes each: the true length of the scroll bar."""
        found = array('q')
        with self._office.database.read() as session:
            listing = Listing(session, query, self._office.now())
            for piece in listing.pieces(listing.whole()):
                # Straight from the driver: to make a million row objects takes longer than to read them.
                with session.connection().execute(piece.select(Case.id)) as result:
                    while portion := result.cursor.fetchmany(PORTION):
                        found.extend(chain.from_iterable(portion))
                        progress(len(found), 0, _("Reading the list"))
        return found

    def rows(self, actor: Actor, ids: Sequence[int]) -> list[CaseRow]:
        """The rows of these ids, in this order; a row that is gone is left out."""
        found: dict[int, CaseRow] = {}
        with self._office.database.read() as session:
            reader = RowReader(session, self._office.now())
            for begin in range(0, len(ids), AT_ONCE):
                some = session.execute(select(*ROW_COLUMNS).where(Case.id.in_(ids[begin : begin + AT_ONCE])))
                found.update((row.id, row) for row in reader.read(some.all()))
        return [found[case_id] for case_id in ids if case_id in found]

    def count(self, actor: Actor, query: CaseQuery, at_most: int | None = None) -> int:
        """How many rows the query has; counted no further than `at_most` + 1."""
        with self._office.database.read() as session:
            listing = Listing(session, query, self._office.now())
            return session.scalar(listing.count(None if at_most is None else at_most + 1)) or 0

    def quick(self, actor: Actor, text: str, limit: int = 8) -> list[CaseRow]:
        """The first cases, open or closed, that contain `text`; nothing for nothing. The urgent ones come first."""
        if not text.strip():
            return []
        return self.first(actor, CaseQuery(text=text, open_only=False), limit)

    def choices(self, actor: Actor) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        """The people and the teams that the list can be filtered by, as id and name; who has left comes last."""
        with self._office.database.read() as session:
            people = select(Account.id, Account.name).order_by(Account.active.desc(), Account.name, Account.id)
            teams = select(Team.id, Team.name).order_by(Team.name, Team.id)
            return [(key, name) for key, name in session.execute(people)], [
                (key, name) for key, name in session.execute(teams)
            ]

    def export(
        self, actor: Actor, query: CaseQuery, columns: Sequence[str], path: Path, progress: Progress = quiet
    ) -> int:
        """Write exactly what the list shows to an Excel file; returns the number of rows.

        Raises `NotAllowed`, `Unavailable`, and `Cancelled` with an older file left as it was.
        """
        require(actor, Permission.EXPORT)
        now = self._office.now()
        progress(0, 0, _("Counting the cases"))
        with self._office.database.read() as session:
            listing = Listing(session, query, now)
            count = session.scalar(listing.count(None)) or 0
            rows = SheetRows(session, columns, now).read(listing.pieces(listing.whole()))
            return write_list(path, _("Cases"), sheet_columns(columns), rows, count, progress)

    def _page(self, query: CaseQuery, limit: int, *, backwards: bool) -> list[CaseRow]:
        now = self._office.now()
        with self._office.database.read() as session:
            listing = Listing(session, query, now)
            for way, milliseconds in listing.ways():
                with suppress(TooLong), at_most(session, milliseconds):
                    found = _read_page(session, listing.pieces(way), limit, backwards)
                    break
            return RowReader(session, now).read(found)


def _read_page(session: Session, parts: Iterable[Piece], limit: int, backwards: bool) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for piece in reversed([*parts]) if backwards else parts:
        wanted = piece.select(*ROW_COLUMNS, backwards=backwards).limit(limit - len(found))
        found.extend(session.connection().execute(wanted))
        if len(found) == limit:
            break
    return found
