"""The coordinators' page: six lists on the left, one row with its next actions on the right, all by keyboard."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.services.context import Actor
from claimdesk.ui import text, theme
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.liaison.actions import Action, actions_for
from claimdesk.ui.pages.liaison.block import RowBlock
from claimdesk.ui.pages.liaison.facts import Row, due_of
from claimdesk.ui.pages.liaison.table import SHELVES, ShelfRows
from claimdesk.ui.widgets import (
    Button,
    Chip,
    DataTable,
    EmptyState,
    PlainLabel,
    SearchEdit,
    Skeleton,
    StateDelegate,
    panel_scroll,
    separator,
)
from claimdesk.vocabulary import DueState

if TYPE_CHECKING:
    from claimdesk.app import Desk

PANEL_WIDTH = 420
FOLLOWED = frozenset(
    {'complaint', 'call_back', 'follow_up', 'lawsuit', 'lawsuit_day', 'recovery', 'recovery_receipt', 'risk_referral',
     'message'}
)  # fmt: skip
_PRESSING = (DueState.OVERDUE, DueState.TODAY)


class LiaisonPage(Page):
    """Everything that coordinators take care of. `arrive` takes the name of a list, or that and the id of a row."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'briefcase'
        self.title = _("Liaison")
        self._shelf = next(iter(SHELVES))
        self._read = False
        self._wanted: dict[str, int] = {}
        self.row: Row | None = None
        self._actions: list[Action] = []
        self.block: RowBlock | None = None
        self.body.addWidget(self._head())
        self.body.addWidget(separator())
        row = QHBoxLayout()
        row.setSpacing(0)
        self.tables: dict[str, DataTable] = {}
        self.models: dict[str, ShelfRows] = {}
        self._stack = QStackedWidget()
        for name in SHELVES:
            self._stack.addWidget(self._table(name))
        self._skeleton = Skeleton(self._stack)
        row.addWidget(self._stack, 1)
        row.addWidget(self._panel())
        self.body.addLayout(row, 1)
        self._add_keys()
        self._show_shelf(self._shelf)

    def _head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_12)
        column.setSpacing(theme.SPACE_12)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        row.addWidget(PlainLabel(self.title, 'title'))
        row.addSpacing(theme.SPACE_16)
        self.chips: dict[str, Chip] = {}
        group = QButtonGroup(self)
        for name, shelf in SHELVES.items():
            chip = Chip(_(shelf.title))
            chip.clicked.connect(partial(self._chip_clicked, name))
            group.addButton(chip)
            self.chips[name] = chip
            row.addWidget(chip)
        row.addStretch(1)
        column.addLayout(row)
        second = QHBoxLayout()
        second.setSpacing(theme.SPACE_8)
        self.search = SearchEdit(_("Case number, name, words"))
        self.search.setMaximumWidth(320)
        self.search.textChanged.connect(lambda _words: self._filter())
        self.search.wanted_down.connect(lambda: self.tables[self._shelf].setFocus())
        self.mine = Chip(_("Only mine"))
        self.mine.toggled.connect(lambda _on: self._filter())
        self._note = PlainLabel('', 'secondary')
        second.addWidget(self.search, 1)
        second.addWidget(self.mine)
        second.addStretch(1)
        second.addWidget(self._note)
        column.addLayout(second)
        return head

    def _table(self, name: str) -> DataTable:
        shelf = SHELVES[name]
        model = ShelfRows(shelf, self)
        table = DataTable(f'liaison-{name}', row_height=theme.ROW_ROOMY)
        table.setProperty('cells', 'roomy')
        table.setModel(model)
        table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        table.setAccessibleName(_(shelf.title))
        table.set_widths(*model.widths())
        table.setItemDelegateForColumn(0, StateDelegate(table))
        table.empty_words = partial(self._empty_words, name)
        table.selectionModel().currentRowChanged.connect(self._row_chosen)
        table.opened.connect(lambda _index: self.act())
        table.previewed.connect(lambda _index: self._open_case())
        self.tables[name], self.models[name] = table, model
        return table

    def _panel(self) -> QWidget:
        panel = QWidget()
        panel.setFixedWidth(PANEL_WIDTH)
        panel.setProperty('surface', 'panel')
        panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QHBoxLayout(panel)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(separator(upright=True))
        self._sides = QStackedWidget()
        outer.addWidget(self._sides, 1)
        self._sides.addWidget(EmptyState('briefcase', _("Choose a row on the left.")))
        content = QWidget()
        self._side = QVBoxLayout(content)
        self._side.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_24)
        self._side.setSpacing(theme.SPACE_12)
        self._who = PlainLabel('', 'section', wrap=True)
        self.case_button = Button('', self._open_case, kind='link', icon='file-text', tip=_("Open the case (Ctrl+O)"))
        self.case_button.setProperty('flush', True)
        self._side.addWidget(self._who)
        self._side.addWidget(self.case_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._side.addStretch(1)
        self._sides.addWidget(panel_scroll(content))
        return panel

    def _add_keys(self) -> None:
        for number, (name, shelf) in enumerate(SHELVES.items(), start=1):
            self.add_key(f'Ctrl+{number}', partial(self._show_shelf, name), _(shelf.title))
        self.add_key('Ctrl+Return', self.act, _("Do the next thing with this row"))
        self.add_key('Ctrl+O', self._open_case, _("Open the case"))
        self.add_key('Ctrl+F', self.search.setFocus, _("Find in this list"))
        self.add_key('Esc', lambda: self.tables[self._shelf].setFocus(), _("Back to the list"))

    def commands(self) -> list[Command]:
        return [
            Command(_(shelf.title), partial(self._show_shelf, name), shelf.icon, f'Ctrl+{number}')
            for number, (name, shelf) in enumerate(SHELVES.items(), start=1)
        ]

    # What is shown

    def opened(self) -> None:
        self._load()
        self.tables[self._shelf].setFocus()

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if kinds & FOLLOWED:
            self._load()

    def arrive(self, arguments: Any) -> None:
        name, row_id = arguments if isinstance(arguments, tuple) else (arguments, 0)
        if name not in SHELVES:
            return
        if row_id:
            self.search.clear()
            self.mine.setChecked(False)
            self._mark(name, self.models[name].row_of(row_id))
            self._wanted[name] = row_id
        self._show_shelf(name)

    def _load(self) -> None:
        if not self._read:
            self._skeleton.start()
        desk, actor = self.desk, self.desk.signed_in
        self.run(
            lambda _progress: {name: list(shelf.read(desk, actor)) for name, shelf in SHELVES.items()},
            self._show,
            self._not_loaded,
            latest='lists',
        )

    def _not_loaded(self, error: ClaimDeskError) -> None:
        self._skeleton.stop()
        self.banner.show_error(error, _("Try again"), self._load)

    def _show(self, lists: dict[str, list[Row]]) -> None:
        self._skeleton.stop()
        first, self._read = not self._read, True
        for name, rows in lists.items():
            self.models[name].keep(rows)
            self.chips[name].set_count(len(rows))
        actor = self.desk.signed_in
        own = [name for name, shelf in SHELVES.items() if actor.may(shelf.permission)]
        pressing = sum(due_of(row)[0] in _PRESSING for name in own for row in lists[name])
        self.shell.badge.emit('liaison', pressing)
        self._filter()
        if first and not lists[self._shelf]:
            self._show_shelf(next((name for name in own if lists[name]), self._shelf))

    def _filter(self) -> None:
        owner = self.desk.signed_in.name if self.mine.isChecked() else ''
        for name, model in self.models.items():
            index = self.tables[name].currentIndex()
            before, at = self._wanted.get(name, 0), max(0, index.row())
            model.filter(self.search.text(), owner)
            found = model.row_of(before)
            self._mark(name, found if found >= 0 else min(at, len(model.rows) - 1))
        self._say_count()
        self._choose(self.tables[self._shelf].currentIndex())

    def _say_count(self) -> None:
        model = self.models[self._shelf]
        hidden = model.count - len(model.rows)
        words = _("{shown} of {count}").format(shown=text.number(len(model.rows)), count=text.number(model.count))
        self._note.setText(words if hidden else '')

    def _show_shelf(self, name: str) -> None:
        self._shelf = name
        self.chips[name].setChecked(True)
        self._stack.setCurrentIndex(list(SHELVES).index(name))
        table = self.tables[name]
        if not table.selectionModel().hasSelection():
            self._mark(name, max(0, table.currentIndex().row()))
        self._choose(table.currentIndex())
        self._say_count()
        table.setFocus()

    def _chip_clicked(self, name: str, _checked: bool = False) -> None:
        self._show_shelf(name)

    def _mark(self, name: str, row: int) -> None:
        if 0 <= row < len(self.models[name].rows):
            self.tables[name].selectRow(row)
            self.tables[name].scrollTo(self.tables[name].currentIndex())

    def _row_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        if self.sender() is self.tables[self._shelf].selectionModel():
            self._choose(index)

    def _choose(self, index: QModelIndex) -> None:
        rows = self.models[self._shelf].rows
        self.row = rows[index.row()] if index.isValid() and index.row() < len(rows) else None
        if self.row is not None:
            self._wanted[self._shelf] = self.row.id
        self._show_row()

    def _show_row(self) -> None:
        if self.block is not None:
            self._side.removeWidget(self.block)
            self.block.hide()
            self.block.deleteLater()
            self.block = None
        row = self.row
        self._sides.setCurrentIndex(0 if row is None else 1)
        self._actions = []
        if row is None:
            return
        self._who.setText(row.insured_name)
        self.case_button.set_text(row.case_number)
        self._actions = actions_for(self.desk, row, self, self._save)
        self.block = RowBlock(row, self._actions, self.desk.context.now())
        self._side.insertWidget(2, self.block)

    def _empty_words(self, name: str) -> str:
        if not self._read:
            return ''
        return _("Nothing fits. Try fewer words.") if self.models[name].count else _(SHELVES[name].empty)

    # What is done

    def act(self) -> None:
        """Do the main thing with the row."""
        main = next(iter(self._actions), None)
        if main is None:
            return
        if main.why_not:
            self.banner.show_message(main.why_not, kind='warning')
        else:
            main.do()

    def _open_case(self) -> None:
        if self.row is not None:
            part = 'risk' if self._shelf == 'referrals' else 'disputes'
            self.shell.open_case_at.emit(self.row.case_id, part)

    def _save(self, work: Any, words: str) -> None:
        actor: Actor = self.desk.signed_in
        self.banner.clear()
        self.run(lambda _progress: work(actor), lambda _result: self._saved(words), self._refused)

    def _saved(self, words: str) -> None:
        self.shell.status.emit(words)
        self.shell.toast(words)
        self.shell.refresh.emit()
        self._load()
        self.tables[self._shelf].setFocus()

    def _refused(self, error: ClaimDeskError) -> None:
        self.show_error(error)
        self._load()

    # Around a switch of language or theme

    def keep(self) -> Any:
        return {'shelf': self._shelf, 'words': self.search.text(), 'mine': self.mine.isChecked(), 'rows': self._wanted}

    def restore(self, kept: Any) -> None:
        self._wanted = kept['rows']
        self.search.setText(kept['words'])
        self.mine.setChecked(kept['mine'])
        self._show_shelf(kept['shelf'])
