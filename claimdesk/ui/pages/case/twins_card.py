"""Papers of the case that were met before, on the documents tab: each pair in a sentence, both pages a click away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.services.case_twins import CaseTwin
from claimdesk.ui import icons, theme
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, card_column, clear

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

MOST_SHOWN = 6


class TwinsCard(QWidget):
    """Hidden where nothing was met before."""

    def __init__(self, page: CasePage) -> None:
        super().__init__()
        self._page = page
        self._found: Sequence[CaseTwin] = ()
        self._all = False
        column = card_column(self, bottom=theme.SPACE_12)
        self.head = SectionHeader(_("Met before"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.SPACE_8)
        self.more = Button('', self._show_all, kind='link')
        column.addWidget(self.head)
        column.addLayout(self._rows)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_found(self, found: Sequence[CaseTwin]) -> None:
        """Show these pairs."""
        self._found = found
        clear(self._rows)
        shown = found if self._all else found[:MOST_SHOWN]
        for one in shown:
            self._rows.addWidget(self._row(one))
        left = len(found) - len(shown)
        self.more.set_text(ngettext("Show {n} more", "Show {n} more", left).format(n=left))
        self.more.setVisible(left > 0)
        self.setVisible(bool(found))

    def compare(self, one: CaseTwin) -> None:
        """See both papers side by side; open the other one if asked for."""
        from claimdesk.ui.pages.inbox.compare import CompareDialog

        dialog = CompareDialog(self._page, one.document, one.values, one.twin)
        if dialog.run():
            self._page.shell.navigate_to.emit('inbox', {'document_id': one.twin.document_id})
        dialog.deleteLater()

    def _row(self, one: CaseTwin) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_8)
        tone = 'slate' if not one.open else 'red' if one.twin.blocking else 'orange'
        picture = QLabel()
        picture.setPixmap(icons.pixmap('triangle-alert' if one.open else 'copy', tone, icons.SMALL))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(f'{one.document.title}: {one.twin.sentence}', wrap=True))
        if one.reason:
            why = _("Both copies are kept: {reason}").format(reason=one.reason)
            words.addWidget(PlainLabel(why, 'caption', wrap=True))
        line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        if one.twin.document_id:
            tip = _("Both pages side by side")
            line.addWidget(Button(_("Compare"), partial(self.compare, one), kind='link', icon='columns-2', tip=tip))
        show = partial(self._page.shell.navigate_to.emit, 'inbox', {'document_id': one.document.id})
        line.addWidget(Button(_("Open it"), show, kind='link'))
        return row

    def _show_all(self) -> None:
        self._all = True
        self.show_found(self._found)
