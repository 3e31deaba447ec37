"""The left column of the inbox: what it shows, how much of it, ways to take paper in, and the pile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.services.inbox import InboxFilter, Pile
from claimdesk.ui import theme
from claimdesk.ui.pages.inbox.counter import Counter
from claimdesk.ui.pages.inbox.pile import PileView
from claimdesk.ui.pages.inbox.pile_filter import PileFilter
from claimdesk.ui.widgets import Button, ElidedLabel, IconButton, separator
from claimdesk.vocabulary import DocumentState


class PileSide(QWidget):
    """Frames the pile."""

    def __init__(
        self,
        pile: PileView,
        counter: Counter,
        back_to_case: Callable[[], object],
        show_inbox: Callable[[], object],
        print_covers: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(190)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_12, theme.SPACE_4, theme.SPACE_4, 0)
        head.setSpacing(0)
        self._head = ElidedLabel(_("Inbox"), 'section')
        head.addWidget(self._head, 1)
        for icon, name, do in (
            ('scan-line', _("Scan (Ctrl+Shift+S)"), counter.scan),
            ('folder-open', _("Open files (Ctrl+O)"), counter.open_files),
            ('clipboard-paste', _("Paste (Ctrl+V)"), counter.paste),
            ('qr-code', _("Print cover sheets (Ctrl+Shift+P)"), print_covers),
        ):
            head.addWidget(IconButton(icon, name, do))
        column.addLayout(head)
        self._counts = ElidedLabel('', 'caption')
        self._counts.setContentsMargins(theme.SPACE_12, 0, theme.SPACE_8, 0)
        self.filter = PileFilter()
        counts = QHBoxLayout()
        counts.setContentsMargins(0, 0, theme.SPACE_4, 0)
        counts.addWidget(self._counts, 1)
        counts.addWidget(self.filter.mine)
        column.addLayout(counts)
        self._case_line = QWidget()
        line = QHBoxLayout(self._case_line)
        line.setContentsMargins(theme.SPACE_8, 0, theme.SPACE_4, theme.SPACE_4)
        line.addWidget(Button(_("Back to the case"), back_to_case, kind='link', icon='undo-2'))
        line.addStretch(1)
        line.addWidget(IconButton('x', _("Show the whole inbox"), show_inbox))
        self._case_line.hide()
        column.addWidget(self._case_line)
        column.addWidget(self.filter)
        self._all_line = Button(_("No document is like that: show all"), self.filter.show_all, kind='link')
        self._all_line.hide()
        column.addWidget(self._all_line)
        column.addWidget(separator())
        column.addWidget(pile, 1)

    def show_case(self, number: str) -> None:
        """Whose papers are shown; '' for the inbox."""
        self._head.setText(number or _("Inbox"))
        self._case_line.setVisible(bool(number))
        self.filter.setVisible(not number)
        self.filter.mine.setVisible(not number)

    def count(self, pile: Pile) -> None:
        """Say how many documents there are and what they wait for."""
        check = pile.counts.get(DocumentState.TO_CHECK, 0)
        waiting = pile.counts.get(DocumentState.WAITING, 0)
        parts = [ngettext("{n} document", "{n} documents", pile.total).format(n=f'{pile.total:,}')]
        if check:
            parts.append(ngettext("{n} to check", "{n} to check", check).format(n=f'{check:,}'))
        if waiting:
            parts.append(ngettext("{n} unread", "{n} unread", waiting).format(n=f'{waiting:,}'))
        self._counts.setText(' · '.join(parts))
        filtered = self.filter.wanted() != InboxFilter()
        self._all_line.setVisible(filtered and not pile.total)
