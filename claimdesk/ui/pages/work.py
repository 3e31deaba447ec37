"""The workbench: what the person signed in must do now, by the risk of being late; and for those who lead, the load."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from claimdesk.language import N_, _
from claimdesk.services.case_query import CaseQuery
from claimdesk.services.work_items import Deed, Urgency, WorkItem
from claimdesk.services.workbench import Workday, leads, own_cases
from claimdesk.ui import text, theme
from claimdesk.ui.later import later
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.cases_preview import PreviewPanel, look
from claimdesk.ui.pages.work_model import TONES, WorkModel, WorkTable
from claimdesk.ui.pages.work_parts import TeamPanel, Tile
from claimdesk.ui.widgets import Button, EmptyState, PlainLabel, Skeleton, separator
from claimdesk.ui.widgets.chips import Chip
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import DueState, label

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.ui.pages.work_board import BoardView
    from claimdesk.ui.pages.work_doing import HandingOver, Moving
    from claimdesk.ui.pages.work_next import NextDeed

AGAIN_AFTER_MS = 800
EVERY_MS = 60_000
_LIST, _QUIET = 0, 1
_DAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))


class WorkPage(Page):
    """The first page of the day. A click or Enter opens the case where its next step is done."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'layout-dashboard'
        self.title = _("Work")
        self._day: Workday | None = None
        self._only: Urgency | None = None
        self._wanted = ''
        self.tiles: list[Tile] = []
        self.model = WorkModel(self)
        self.table = WorkTable(self.model, handlers=leads(desk.signed_in))
        self.team = TeamPanel()
        self.preview = PreviewPanel()
        self._build()
        self._again = later(self, AGAIN_AFTER_MS, self.read)
        self._minute = later(self, EVERY_MS, self.read)
        self.table.opened.connect(self._open)
        self.table.previewed.connect(self._flip_preview)
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._read_preview())
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._say_next())
        self.team.person_wanted.connect(self._show_person)
        self.team.overdue_wanted.connect(lambda: self._show_cases(CaseQuery(due=frozenset({DueState.OVERDUE}))))
        self.preview.open_wanted.connect(lambda case_id, part: self.shell.open_case_at.emit(case_id, part))
        self.preview.closed.connect(self.table.setFocus)
        self.team.give_wanted.connect(lambda person_id: self.handing.give(person_id))
        self.team.even_wanted.connect(lambda: self.handing.even())
        self.add_key('Ctrl+B', self.flip_board, _("Board of the stages"))
        self.add_key('Ctrl+Return', self.do_next, _("Do the next thing with this row"))

    @cached_property
    def board(self) -> BoardView:
        """The stages side by side; the first page of the day does not wait for them."""
        from claimdesk.services.board import COLUMNS
        from claimdesk.ui.pages.work_board import BoardView

        board = BoardView(COLUMNS)
        self.stack.addWidget(board)
        return board

    @cached_property
    def moving(self) -> Moving:
        """Moves the cases of the board."""
        from claimdesk.ui.pages.work_doing import Moving

        return Moving(self, self.board)

    @cached_property
    def next_deed(self) -> NextDeed:
        """Does the next thing with a row."""
        from claimdesk.ui.pages.work_next import NextDeed

        return NextDeed(self)

    @cached_property
    def handing(self) -> HandingOver:
        """Hands over the cases of a person."""
        from claimdesk.ui.pages.work_doing import HandingOver

        return HandingOver(self)

    def _build(self) -> None:
        today = dt.datetime.now(text.OFFICE_ZONE)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_16, theme.SPACE_12, theme.SPACE_16, theme.SPACE_12)
        head.setSpacing(theme.SPACE_12)
        head.addWidget(PlainLabel(_("Work"), 'title'))
        self._date = PlainLabel(f'{today:%Y-%m-%d} {_(_DAYS[today.weekday()])}', 'secondary')
        head.addWidget(self._date)
        head.addStretch(1)
        self.list_chip, self.board_chip = Chip(_("List")), Chip(_("Board"))
        self.list_chip.setChecked(True)
        self.board_chip.setToolTip('Ctrl+B')
        self.list_chip.clicked.connect(lambda: self.show_board(False))
        self.board_chip.clicked.connect(lambda: self.show_board(True))
        head.addWidget(self.list_chip)
        head.addWidget(self.board_chip)
        head.addWidget(Button(_("Open the case list"), self._show_mine, kind='link', icon='arrow-right'))
        tiles = self._tile_row = QWidget()
        self._tiles = FlowLayout(tiles, theme.SPACE_12)
        self._tiles.setContentsMargins(theme.SPACE_16, 0, theme.SPACE_16, theme.SPACE_12)
        self._quiet = EmptyState('circle-check', '')
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self._quiet)
        self.skeleton = Skeleton(self.stack, theme.ROW_COMPACT)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.stack, 1)
        left.addWidget(self._foot_bar())
        middle.addLayout(left, 1)
        self._line = separator(upright=True)
        middle.addWidget(self._line)
        middle.addWidget(self.team)
        middle.addWidget(self.preview)
        if not leads(self.desk.signed_in):
            self._line.hide()
            self.team.hide()
        self.body.addLayout(head)
        self.body.addWidget(tiles)
        self.body.addWidget(separator())
        self.body.addLayout(middle, 1)

    def _foot_bar(self) -> QWidget:
        """What can be done with the marked row, below the list."""
        self._foot = QWidget()
        self._foot.setProperty('surface', 'panel')
        self._foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(separator())
        row = QHBoxLayout()
        column.addLayout(row)
        row.setContentsMargins(theme.SPACE_16, theme.SPACE_8, theme.SPACE_16, theme.SPACE_8)
        row.setSpacing(theme.SPACE_8)
        self._marked = PlainLabel('', 'secondary')
        row.addWidget(self._marked, 1)
        self.do_button = Button('', self.do_next, kind='primary', icon='arrow-right', tip='Ctrl+Enter')
        row.addWidget(self.do_button)
        self._foot.hide()
        return self._foot

    # The window's contract

    def opened(self) -> None:
        if self._day is None:
            self.skeleton.start()
        self.read()
        if self.shows_board:
            self.board.focus_first()
        else:
            self.table.setFocus()

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if (ids or 'absence' in kinds) and not self._again.isActive():
            self._again.start()

    def keep(self) -> Any:
        item = self.model.item(self.table.currentIndex().row())
        return self._only, item.key if item is not None else '', self.shows_board

    def restore(self, kept: Any) -> None:
        self._only, self._wanted, board = kept
        if board:
            self.show_board(True)

    def commands(self) -> list[Command]:
        only = [
            Command(_("Only: {group}").format(group=label(tile.urgency)), tile.click, TONES[tile.urgency][1])
            for tile in self.tiles
        ]
        return [*only, Command(_("Board of the stages"), self.flip_board, 'columns-3', 'Ctrl+B')]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.preview.is_open:
            self.preview.slide_out()
        elif self._only is not None:
            self._show_only(None)

    # Reading

    def read(self) -> None:
        """Read the day again; what is marked stays marked."""
        self._minute.start()
        actor, workbench = self.desk.signed_in, self.desk.workbench
        self.run(lambda _progress: workbench.today(actor), self._come, latest='day')
        if self.shows_board:
            self.moving.read()

    @property
    def shows_board(self) -> bool:
        """Whether the board is shown and not the list."""
        return self.board_chip.isChecked()

    def flip_board(self) -> None:
        """Change between list and board."""
        self.show_board(not self.shows_board)

    def show_board(self, on: bool) -> None:
        """Show the stages side by side, or the list by urgency."""
        self.list_chip.setChecked(not on)
        self.board_chip.setChecked(on)
        self._tile_row.setVisible(not on)
        self.preview.setVisible(not on and self.preview.is_open)
        self._say_next()
        leading = leads(self.desk.signed_in)
        self._line.setVisible(leading and not on)
        self.team.setVisible(leading and not on)
        if on:
            self.stack.setCurrentWidget(self.board)
            self.moving.read()
        else:
            self._show_groups()
            self.table.setFocus()

    def show_error(self, error: Any) -> None:
        self.skeleton.stop()
        super().show_error(error)

    def _come(self, day: Workday) -> None:
        self.skeleton.stop()
        self.banner.clear()
        item = self.model.item(self.table.currentIndex().row())
        if item is not None:
            self._wanted = item.key
        fresh = self._day is None or day != self._day
        self._day = day
        self.shell.badge.emit('work', day.pressing)
        if fresh:
            self.team.show_loads(day)
            self._show_tiles(day)
            self._show_groups()

    def _show_tiles(self, day: Workday) -> None:
        for tile in self.tiles:
            self._tiles.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.tiles = [Tile(group) for group in day.groups]
        if self._only not in [tile.urgency for tile in self.tiles]:
            self._only = None
        for tile in self.tiles:
            tile.setChecked(tile.urgency is self._only)
            tile.clicked.connect(lambda on, urgency=tile.urgency: self._show_only(urgency if on else None))
            self._tiles.addWidget(tile)
            tile.show()

    def _show_only(self, urgency: Urgency | None) -> None:
        self._only = urgency
        for tile in self.tiles:
            tile.setChecked(tile.urgency is urgency)
        self._show_groups()

    def _show_groups(self) -> None:
        groups = self._day.groups if self._day is not None else ()
        shown = [group for group in groups if self._only in (None, group.urgency)]
        row = self.table.currentIndex().row()
        self.model.show(shown)
        self.table.lay_out()
        if not self.shows_board:
            self.stack.setCurrentIndex(_LIST if shown else _QUIET)
        if not shown:
            self._say_quiet()
            self._say_next()
            return
        place = self.model.row_of(self._wanted)
        if place is None:
            place = self.model.next_item(max(0, min(row, self.model.rowCount() - 1)), 1)
        self.table.go_to(self.model.next_item(0, 1) if place is None else place)

    def _say_quiet(self) -> None:
        if own_cases(self.desk.signed_in) or leads(self.desk.signed_in):
            sentence = _("Nothing waits for you")
            advice = _("No case is near a time limit, and none has been left alone for a week.")
        else:
            sentence = _("No cases are waiting in your own name")
            advice = _("The case list shows those of everybody.")
        self._quiet.say(sentence, advice, _("Open the case list"), lambda: self.shell.navigate.emit('cases'))

    # The hand

    def _open(self, index: QModelIndex) -> None:
        item = self.model.item(index.row())
        if item is not None:
            self.go(item)

    def go(self, item: WorkItem) -> None:
        """Go to where a row is done."""
        from claimdesk.ui.pages import RAIL

        if item.page and (item.case_id is None or RAIL[item.page].open_to(self.desk.signed_in.roles)):
            self.shell.navigate_to.emit(item.page, item.arguments)
        elif item.case_id is not None:
            self.shell.open_case_at.emit(item.case_id, item.part)

    def do_next(self) -> None:
        """Do the next thing with the marked row: at once where it needs nothing but a yes."""
        item = self.model.item(self.table.currentIndex().row())
        if item is None or self.shows_board:
            return
        if item.deed is Deed.OPEN:
            self.go(item)
        else:
            self.next_deed.do(item)

    def _say_next(self) -> None:
        item = self.model.item(self.table.currentIndex().row())
        self._foot.setVisible(item is not None and not self.shows_board)
        if item is not None:
            words = item.action if item.deed is Deed.MOVE or item.deed is Deed.OPEN else label(item.deed)
            self.do_button.set_text(words)
            self._marked.setText('  '.join(filter(None, (item.number, item.row.insured_name if item.row else ''))))

    def _flip_preview(self, _index: QModelIndex) -> None:
        if self.preview.is_open:
            self.preview.slide_out()
        else:
            self.preview.slide_in()
            self._read_preview()

    def _read_preview(self) -> None:
        item = self.model.item(self.table.currentIndex().row())
        if item is None or item.case_id is None or not self.preview.is_open:
            return
        case_id, actor, desk = item.case_id, self.desk.signed_in, self.desk
        self.preview.wait_for(case_id, item.number, '')
        self.run(
            lambda _progress: look(desk, actor, case_id), self.preview.show_case, self.preview.show_problem,
            latest='preview',
        )  # fmt: skip

    def _show_mine(self) -> None:
        self._show_cases(CaseQuery(owner_ids=own_cases(self.desk.signed_in)))

    def _show_person(self, person_id: int) -> None:
        self._show_cases(CaseQuery(owner_ids=frozenset({person_id})))

    def _show_cases(self, query: CaseQuery) -> None:
        self.shell.navigate_to.emit('cases', {'query': query})
