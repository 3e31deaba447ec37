"""Reads the case list in the background: first rows at once, then all ids, then the rows that are looked at.

What other desks save comes in place: rows that are seen are read again at once, the order a little later, and neither
the scroll bar nor the selection moves.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from claimdesk.errors import ClaimDeskError
from claimdesk.progress import Progress
from claimdesk.services.case_list import CaseQuery, CaseRow
from claimdesk.ui.later import later

if TYPE_CHECKING:
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.cases_model import CasesModel
    from claimdesk.ui.pages.cases_table import CasesTable
    from claimdesk.ui.tasks import Ticket

FIRST = 60
COUNTED = 9999
"""Without the ids, cases are counted no further than this."""
_SOONEST_MS, _LATEST_MS = 700, 60_000
_REST_AFTER_MS = 80
_AFTER_FAILURE_MS = 3000
_MINUTE_MS = 60_000
_ORDER_EVERY = 5

Anchor = tuple[int | None, int | None, list[int]]
"""What must stay in place: the case on top, the current one, the selected ones."""


class CasesReader(QObject):
    """Fills a `CasesModel` for a page. `begun` says that the first rows of a query are there."""

    begun = Signal()
    counted = Signal(int, bool)
    settled = Signal()

    def __init__(self, page: Page, model: CasesModel, table: CasesTable) -> None:
        super().__init__(page)
        self._page, self._model, self._table = page, model, table
        self._list, self._run = page.desk.case_list, page.run
        self.query = CaseQuery()
        self.complete = False
        self._to_the_end = False
        self._anchor: Anchor | None = None
        self._tickets: dict[str, Ticket] = {}
        self._window_busy = False
        self._took_ms = 0
        self._beats = 0
        model.missed.connect(self.fetch)
        self._order_timer = later(self, _SOONEST_MS, self.read_order)
        self._rest_timer = later(self, _REST_AFTER_MS, self._read_rest)
        self._again_timer = later(self, _AFTER_FAILURE_MS, self.fetch)
        self._clock = later(self, _MINUTE_MS, self._minute)

    def show(self, query: CaseQuery, anchor: Anchor | None = None) -> None:
        """Show another query from the top, or with `anchor` in its place."""
        self.query, self._anchor = query, anchor
        self.complete = self._to_the_end = False
        for timer in (self._order_timer, self._again_timer, self._rest_timer):
            timer.stop()
        # Nothing that was asked for the query before may come into this one.
        for ticket in self._tickets.values():
            ticket.cancel()
        self._tickets.clear()
        self._window_busy = False
        self._clock.start()
        actor = self._page.desk.signed_in
        self._run(lambda _progress: self._list.first(actor, query, FIRST), self._first_come, latest='first')

    def read_order(self) -> None:
        """Read the order again, keeping what is seen in its place."""
        self._order_timer.stop()
        actor, query = self._page.desk.signed_in, self.query
        anchor = self._anchor or self._table.remembered()
        wanted = {case_id for case_id in (*anchor[:2], *anchor[2]) if case_id is not None}
        watch = QElapsedTimer()
        watch.start()

        def work(progress: Progress) -> tuple[array[int], dict[int, int]]:
            ids = self._list.ids(actor, query, progress)
            return ids, places(ids, wanted)

        def come(found: tuple[array[int], dict[int, int]]) -> None:
            self._took_ms = watch.elapsed()
            self._order_come(*found)

        self._tickets['order'] = self._run(work, come, latest='order')

    def touched(self, case_ids: Iterable[int]) -> None:
        """These cases changed: read those that are seen, forget those that are not, and look at the order later."""
        first, last = self._table.around()
        seen = set(self._model.ids[first : last + 1])
        kept = self._model.known(case_ids)
        again = [case_id for case_id in kept if case_id in seen]
        self._model.forget(case_id for case_id in kept if case_id not in seen)
        self._read_again(again)
        if not self._order_timer.isActive():
            self._order_timer.start(max(_SOONEST_MS, min(_LATEST_MS, 20 * self._took_ms)))

    def fetch(self) -> None:
        """Read the rows around the window that have not come yet; one window at a time."""
        first, last = self._table.around()
        absent = self._model.absent(first, last)
        if self._window_busy or self._again_timer.isActive() or not absent:
            return
        self._window_busy = True
        actor = self._page.desk.signed_in

        def come(rows: list[CaseRow]) -> None:
            self._window_busy = False
            self._model.take(rows, absent)
            self.fetch()

        self._tickets['window'] = self._run(
            lambda _progress: self._list.rows(actor, absent), come, self._window_failed
        )

    def go_to_the_end(self) -> None:
        """Show the last rows at once, although the order of all rows may still be on its way."""
        if self.complete:
            return
        self._to_the_end = True
        actor, query = self._page.desk.signed_in, self.query
        self._tickets['last'] = self._run(
            lambda _progress: self._list.last(actor, query, FIRST), self._last_come, latest='first'
        )

    def stop(self) -> None:
        """Read no more of what is not asked for."""
        for timer in (self._clock, self._order_timer, self._rest_timer):
            timer.stop()

    def _first_come(self, rows: list[CaseRow]) -> None:
        self._model.begin(rows)
        self.complete = len(rows) < FIRST
        self.begun.emit()
        self.counted.emit(len(rows), self.complete)
        if self.complete:
            self._order_come(self._model.ids, {row.id: at for at, row in enumerate(rows)})
            return
        # Not while the first rows are being painted, nor for every letter that is typed.
        self._rest_timer.start()

    def _last_come(self, rows: list[CaseRow]) -> None:
        if self._to_the_end and rows:
            self._model.begin(rows)
            self._table.go_to(len(rows) - 1)

    def _read_rest(self) -> None:
        actor, query = self._page.desk.signed_in, self.query
        self._tickets['count'] = self._run(
            lambda _progress: self._list.count(actor, query, at_most=COUNTED), self._count_come, latest='count'
        )
        self.read_order()

    def _count_come(self, count: int) -> None:
        if not self.complete:
            self.counted.emit(min(count, COUNTED), count <= COUNTED)

    def _order_come(self, ids: array[int], found: dict[int, int]) -> None:
        scrolled = self._table.verticalScrollBar().value() > 0 or self._anchor is not None
        anchor = self._anchor or self._table.remembered()
        current_row = self._table.currentIndex().row()
        self._anchor = None
        self.complete = True
        if self._model.set_ids(ids) or anchor[1] is not None:
            top, current, selected = anchor
            where = self._place(ids, current, found)
            if where is None and current is not None and ids:
                where = min(max(0, current_row), len(ids) - 1)
            rows = [row for row in (self._place(ids, case_id, found) for case_id in selected) if row is not None]
            self._table.put_back(self._place(ids, top, found) if scrolled else None, where, rows)
        if self._to_the_end and ids:
            self._table.go_to(len(ids) - 1)
        self._to_the_end = False
        self.counted.emit(len(ids), True)
        self.settled.emit()
        self.fetch()

    def _place(self, ids: array[int], case_id: int | None, found: dict[int, int]) -> int | None:
        if case_id is None:
            return None
        if case_id in found:
            return found[case_id]
        # The handler moved on while the order was being read.
        try:
            return ids.index(case_id)
        except ValueError:
            return None

    def _read_again(self, case_ids: list[int]) -> None:
        if case_ids:
            actor = self._page.desk.signed_in
            self._run(
                lambda _progress: self._list.rows(actor, case_ids),
                lambda rows: self._model.take(rows, case_ids),
                lambda _error: None,
            )

    def _window_failed(self, error: ClaimDeskError) -> None:
        self._window_busy = False
        self._again_timer.start()
        self._page.show_error(error)

    def _minute(self) -> None:
        # Time limits come nearer by themselves.
        self._clock.start()
        if not self._page.isVisible():
            return
        first, last = self._table.around()
        seen = list(self._model.ids[first : last + 1])
        self._model.forget_all_but(seen)
        self._read_again(self._model.known(seen))
        self._beats += 1
        if self._beats % _ORDER_EVERY == 0 and self.complete:
            self.read_order()


def places(ids: array[int], wanted: set[int]) -> dict[int, int]:
    """In which rows these ids stand; an id that is not in the list is left out."""
    found: dict[int, int] = {}
    if not wanted:
        return found
    for row, case_id in enumerate(ids):
        if case_id in wanted:
            found[case_id] = row
            if len(found) == len(wanted):
                break
    return found
