"""Saving from the case page: one save at a time, in the background, said in a toast, repeated after a harmless race."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from claimdesk.errors import ClaimDeskError, Conflict
from claimdesk.language import _
from claimdesk.services.context import Actor
from claimdesk.ui import text

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

T = TypeVar('T')
Undo = Callable[[], object]


class Saving(QObject):
    """Carries out the saves of a page. `busy_changed` tells the head to close and open its buttons."""

    busy_changed = Signal(bool)

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._waiting: list[Callable[[], object]] = []
        self._retry: Callable[[], object] | None = None
        self.busy = False
        self.own_change = False

    def act(
        self,
        work: Callable[[Actor], T],
        said: str = '',
        done: Callable[[T], object] | None = None,
        failed: Callable[[ClaimDeskError], object] | None = None,
        undo: Callable[[T], Undo | None] | None = None,
        retry: Callable[[], object] | None = None,
    ) -> bool:
        """Save something and read the case again; False (and nothing done) while another save is under way.

        `undo` makes, from what was saved, what Undo does. A `Conflict` shows the newer state and keeps what was typed;
        `retry` then saves once more where nothing that was typed is concerned.
        """
        if self.busy:
            return False
        self._set_busy(True)
        actor = self._page.desk.signed_in
        self._page.run(
            lambda _progress: work(actor),
            lambda result: self._saved(result, said, done, undo),
            partial(self._not_saved, failed, retry),
        )
        return True

    def when_free(self, do: Callable[[], object]) -> None:
        """Do it now, or after the save that is under way."""
        if self.busy:
            self._waiting.append(do)
        else:
            do()

    def case_was_read(self) -> None:
        """The newer state is shown: save again what lost a race without a clash, or say that there is one."""
        retry, self._retry = self._retry, None
        if retry is None:
            return
        if self._page.unsaved.clashing():
            self._page.unsaved.say_clash()
        else:
            self._page.banner.clear()
            retry()

    def _saved(
        self, result: T, said: str, done: Callable[[T], object] | None, undo: Callable[[T], Undo | None] | None
    ) -> None:
        page = self._page
        self.busy = False
        self.own_change = True
        page.banner.clear()
        if done is not None:
            done(result)
        if said:
            page.shell.toast(said, undo(result) if undo is not None else None)
        page.shell.status.emit(_("Saved {time}").format(time=text.moment(page.desk.context.now())[11:]))
        self._go_on()
        page.reload()
        page.shell.refresh.emit()

    def _not_saved(
        self,
        failed: Callable[[ClaimDeskError], object] | None,
        retry: Callable[[], object] | None,
        error: ClaimDeskError,
    ) -> None:
        self.busy = False
        if isinstance(error, Conflict) and retry is not None:
            self._retry = retry
        else:
            (failed or self._page.show_error)(error)
        self._go_on()
        if isinstance(error, Conflict):
            self._page.reload()

    def _go_on(self) -> None:
        if self._waiting:
            self._waiting.pop(0)()
        self.busy_changed.emit(self.busy)

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.busy_changed.emit(busy)
