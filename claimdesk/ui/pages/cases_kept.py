"""The person's views over the case list: read and counted in the background, kept, renamed, ordered, removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.services.saved_views import ViewItem
from claimdesk.ui import dialogs
from claimdesk.ui.later import later

if TYPE_CHECKING:
    from claimdesk.ui.pages.cases import CasesPage

COUNT_AFTER_MS = 2500


class KeptViews(QObject):
    """Fills the bar of views of a `CasesPage` and does what the bar asks for."""

    def __init__(self, page: CasesPage) -> None:
        super().__init__(page)
        self._page, self._bar, self._desk = page, page.views, page.desk
        self._timer = later(self, COUNT_AFTER_MS, self.count)
        bar = self._bar
        bar.save_wanted.connect(self.save_view)
        bar.rename_wanted.connect(self.rename_view)
        bar.update_wanted.connect(self.update_view)
        bar.remove_wanted.connect(self.remove_view)
        bar.order_wanted.connect(self.order_views)

    def read(self) -> None:
        """Read the views, then count them."""
        actor, views = self._desk.signed_in, self._desk.saved_views
        self._page.run(lambda _progress: views.views(actor), self._come, latest='views')

    def count(self) -> None:
        """Count the cases of each view."""
        actor, service, views = self._desk.signed_in, self._desk.saved_views, self._bar.views
        if views:
            self._page.run(
                lambda _progress: service.counts(actor, views), lambda counts: self._bar.show_counts(views, counts),
                lambda _error: None, latest='counts',
            )  # fmt: skip

    def count_soon(self) -> None:
        """Cases changed: count again in a while, however many more changes come until then."""
        if not self._timer.isActive():
            self._timer.start()

    def _come(self, views: Sequence[ViewItem]) -> None:
        self._bar.show_views(views)
        self._bar.light(self._page.reader.query)
        self.count()

    def save_view(self) -> None:
        """Ask for a name and keep the filters and columns under it."""
        name = dialogs.ask_text(
            self._page, _("Save as a view"), _("The filters, the sorting and the columns are kept under this name."),
            _("Save"), label=_("Name of the view"), check=_name_problem,
        )  # fmt: skip
        if name:
            self.keep(name, _("The view is saved."))

    def update_view(self, view: ViewItem) -> None:
        """Keep the filters of now in one of the person's own views."""
        self.keep(view.name, _("The view is saved."))

    def keep(self, name: str, told: str) -> None:
        """Keep what is shown under `name`."""
        actor, query, columns = self._desk.signed_in, self._page.reader.query, self._page.table.shown_names()
        views = self._desk.saved_views
        self._page.run(lambda _progress: views.save(actor, name, query, columns), lambda _view: self._changed(told))

    def rename_view(self, view: ViewItem) -> None:
        """Give one of the person's own views another name."""
        name = dialogs.ask_text(
            self._page, _("Rename the view"), '', _("Rename"), label=_("Name of the view"), value=view.name,
            check=_name_problem,
        )  # fmt: skip
        actor, views, view_id = self._desk.signed_in, self._desk.saved_views, view.id
        if name and name != view.name and view_id is not None:
            self._page.run(
                lambda _progress: views.rename(actor, view_id, name), lambda _view: self._changed(_("Renamed."))
            )

    def remove_view(self, view: ViewItem) -> None:
        """Remove one of the person's own views; it can be brought back."""
        actor, views, view_id = self._desk.signed_in, self._desk.saved_views, view.id
        order = [other.id for other in self._bar.views if other.id is not None]
        if view_id is None:
            return

        def back() -> None:
            def work(_progress: Progress) -> None:
                kept = views.save(actor, view.name, view.query, view.columns)
                own = [kept.id if other == view_id else other for other in order]
                views.reorder(actor, [other for other in own if other is not None])

            self._page.run(work, lambda _none: self._changed(''))

        def done(_view: ViewItem) -> None:
            self.read()
            self._page.shell.toast(_("The view “{name}” is removed.").format(name=view.name), back)

        self._page.run(lambda _progress: views.remove(actor, view_id), done)

    def order_views(self, view_ids: Sequence[int]) -> None:
        """Put the person's own views into this order."""
        actor, views = self._desk.signed_in, self._desk.saved_views
        self._page.run(lambda _progress: views.reorder(actor, view_ids), lambda _none: self._changed(''))

    def _changed(self, told: str) -> None:
        self.read()
        if told:
            self._page.shell.status.emit(told)


def _name_problem(name: str) -> str:
    if not name.strip():
        return _("Enter a name.")
    return '' if len(name.strip()) <= 40 else _("Use at most 40 characters.")
