"""Beside the workbench's list: the counts on top, and for who leads the people and their load."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.work_items import WorkGroup
from claimdesk.services.workbench import Workday
from claimdesk.ui import icons, text, theme
from claimdesk.ui.pages.work_model import TONES, LoadsModel
from claimdesk.ui.widgets import Button, DataTable, PlainLabel
from claimdesk.vocabulary import label

_TILE = QSize(148, 64)


class Tile(QPushButton):
    """A count on top that shows only its group while it is pressed."""

    def __init__(self, group: WorkGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.urgency = group.urgency
        self.setProperty('kind', 'card')
        self.setCheckable(True)
        tone, picture = TONES[group.urgency]
        words = label(group.urgency)
        self.setAccessibleName(f'{words} {group.count}')
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(theme.SPACE_8)
        sign, count = PlainLabel(), PlainLabel(text.number(group.count), 'title', tabular=True)
        sign.setPixmap(icons.pixmap(picture, tone, icons.MEDIUM))
        first.addWidget(sign)
        first.addWidget(count)
        first.addStretch(1)
        column.addLayout(first)
        below = PlainLabel(words, 'caption')
        column.addWidget(below)
        for child in (sign, count, below):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._width = max(_TILE.width(), below.sizeHint().width() + 26)

    def sizeHint(self) -> QSize:
        return QSize(self._width, _TILE.height())


class TeamPanel(QWidget):
    """People and their load, for those who lead."""

    person_wanted = Signal(int)
    overdue_wanted = Signal()
    give_wanted = Signal(int)
    even_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(380)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_8, 0, 0)
        column.setSpacing(theme.SPACE_8)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_12, 0, theme.SPACE_8, 0)
        head.addWidget(PlainLabel(_("People and load"), 'section'))
        head.addStretch(1)
        self.overdue = Button('', self.overdue_wanted.emit, kind='link')
        head.addWidget(self.overdue)
        self.model = LoadsModel(self)
        self.table = DataTable('loads')
        self.table.setModel(self.model)
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.setAccessibleName(_("People and load"))
        self.table.set_widths(124, 56, 56, 68, 50)
        self.table.opened.connect(self._opened)
        column.addLayout(head)
        inset = QHBoxLayout()
        inset.setContentsMargins(theme.SPACE_8, 0, theme.SPACE_12, 0)
        inset.addWidget(self.table)
        column.addLayout(inset, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.SPACE_12, 0, theme.SPACE_12, theme.SPACE_8)
        self.give = Button(_("Hand over…"), self._give, icon='arrow-right')
        self.even = Button(_("Even out…"), self.even_wanted.emit, icon='users')
        foot.addWidget(self.give)
        foot.addWidget(self.even)
        foot.addStretch(1)
        column.addLayout(foot)
        self.table.selectionModel().currentChanged.connect(lambda *_what: self._may_give())
        self._may_give()

    def show_loads(self, day: Workday) -> None:
        """Show these people, those with the most overdue cases on top."""
        self.model.show(day.loads)
        total = sum(load.overdue for load in day.loads)
        self.overdue.set_text(_("All overdue: {n}").format(n=text.number(total)))
        self.overdue.setVisible(bool(total))

        self._may_give()

    def _may_give(self) -> None:
        self.give.setEnabled(self.table.currentIndex().isValid())

    def _give(self) -> None:
        self.give_wanted.emit(self.model.loads[self.table.currentIndex().row()].person_id)

    def _opened(self, index: QModelIndex) -> None:
        self.person_wanted.emit(self.model.loads[index.row()].person_id)
