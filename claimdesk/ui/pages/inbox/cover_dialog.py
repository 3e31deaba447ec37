"""Choosing which cover sheets to print, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.services.cover_sheets import MOST_COPIES
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.preview import preview_pdf
from claimdesk.ui.widgets import FormGrid, NumberEdit
from claimdesk.vocabulary import DocumentKind, label

if TYPE_CHECKING:
    from claimdesk.ui.page import Page


ROW = 28


class CoverDialog(Dialog):
    """Shows itself with `run`; then `kinds` and `copies` say what was chosen. Without a case a kind is needed."""

    def __init__(self, page: Page, case_number: str) -> None:
        said = (
            _("Tick kinds of document to get a sheet for each; without any, one sheet is for everything of this case.")
            if case_number
            else _("Tick the kinds of document that shall have a sheet. Sheets for a case are printed from the case.")
        )
        title = _("Cover sheets for case {number}").format(number=case_number) if case_number else _("Cover sheets")
        super().__init__(page.window(), title, said, _("Show and print"))
        self._needs_kind = not case_number
        self._list = QListWidget()
        self._list.setProperty('framed', True)
        self._list.setAccessibleName(_("Kinds of document"))
        self._list.setMinimumHeight(10 * ROW)
        for kind in DocumentKind:
            item = QListWidgetItem(label(kind), self._list)
            item.setData(Qt.ItemDataRole.UserRole, kind)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setSizeHint(QSize(0, ROW))
            item.setCheckState(Qt.CheckState.Unchecked)
        self._list.setCurrentRow(0)
        self._copies = NumberEdit(1, MOST_COPIES)
        self.form = FormGrid(1)
        self.form.add('kinds', _("Kinds of document (Space ticks)"), self._list)
        self.form.add('copies', _("Copies of each"), self._copies)
        self.column.addWidget(self.form)
        self._list.itemChanged.connect(lambda _item: self._offer())
        self._offer()
        self._list.setFocus()

    @property
    def kinds(self) -> list[DocumentKind]:
        """The kinds that are ticked."""
        items = [self._list.item(row) for row in range(self._list.count())]
        return [
            DocumentKind(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        ]

    @property
    def copies(self) -> int:
        """How many of each."""
        return self._copies.value()

    def _offer(self) -> None:
        self.ok_button.setEnabled(bool(self.kinds) or not self._needs_kind)


def choose_and_print(page: Page, case_id: int | None, case_number: str) -> None:
    """Ask which cover sheets are wanted, and show them ready to print."""
    dialog = CoverDialog(page, case_number)
    if dialog.run():
        desk, kinds, copies = page.desk, dialog.kinds, dialog.copies

        def produce(progress: Progress) -> bytes:
            return desk.cover_sheets.pdf(desk.signed_in, case_id, kinds, copies, progress)

        name = '-'.join(filter(None, (_("Cover sheets"), case_number)))
        preview_pdf(page, _("Cover sheets"), produce, f'{name}.pdf')
    dialog.deleteLater()
