"""The case list: views, search and filters above, a list without a ceiling, a preview beside, work on many below."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission, refusal_sentence
from claimdesk.services.case_list import CaseQuery
from claimdesk.services.saved_views import ViewItem
from claimdesk.services.workbench import own_cases
from claimdesk.ui import text, theme
from claimdesk.ui.later import later
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.cases_actions import CaseActions
from claimdesk.ui.pages.cases_bulk import BulkBar
from claimdesk.ui.pages.cases_deciding import DecidingMany
from claimdesk.ui.pages.cases_empty import Loosened, NothingFound, ways_out
from claimdesk.ui.pages.cases_filters import Choices, FilterBar, active
from claimdesk.ui.pages.cases_kept import KeptViews
from claimdesk.ui.pages.cases_model import TABLE, CasesModel
from claimdesk.ui.pages.cases_preview import PreviewPanel, look
from claimdesk.ui.pages.cases_reader import Anchor, CasesReader
from claimdesk.ui.pages.cases_table import CasesTable
from claimdesk.ui.pages.cases_views import ViewsBar
from claimdesk.ui.widgets import Button, IconButton, PlainLabel, SearchEdit, Skeleton, separator, set_tip
from claimdesk.vocabulary import DueState

if TYPE_CHECKING:
    from claimdesk.app import Desk

SEARCH_AFTER_MS = 120
PREVIEW_AFTER_MS = 80
_FALLING_FIRST = frozenset({'estimate', 'paid_amount', 'missing_documents', 'reported_at', 'loss_at', 'closed_at'})
_LIST, _EMPTY = 0, 1


class CasesPage(Page):
    """Where handlers live: everything by keyboard, nothing read on the UI thread."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'folder-open'
        self.title = _("Cases")
        self.choices = Choices()
        self._loaded = self._stale = False
        self._anchor: Anchor | None = None
        self.views = ViewsBar()
        self.search = SearchEdit(_("Number, name, plate, phone, policy, place, cause, pinyin"))
        self.filters = FilterBar()
        self.model = CasesModel(self)
        self.table = CasesTable(self.model)
        self.empty = NothingFound()
        self.preview = PreviewPanel()
        self.bulk = BulkBar(
            may_assign=desk.signed_in.may(Permission.ASSIGN),
            may_urge=desk.signed_in.may(Permission.URGE),
            may_approve=desk.signed_in.may(Permission.APPROVE),
            may_close=desk.signed_in.may(Permission.CLOSE),
        )
        self.reader = CasesReader(self, self.model, self.table)
        self.actions_of_list = CaseActions(self)
        self.kept_views = KeptViews(self)
        self._build()
        self._search_timer = later(self, SEARCH_AFTER_MS, self._searched)
        self._preview_timer = later(self, PREVIEW_AFTER_MS, self._read_preview)
        self._wire()
        self._add_keys()
        self.reader.query = CaseQuery(owner_ids=own_cases(desk.signed_in))
        self._show_query(self.reader.query)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(theme.SPACE_16, theme.SPACE_12, theme.SPACE_16, theme.SPACE_8)
        top.setSpacing(theme.SPACE_16)
        top.addWidget(PlainLabel(_("Cases"), 'title'))
        top.addWidget(self.views, 1)
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.SPACE_16, 0, theme.SPACE_12, theme.SPACE_12)
        bar.setSpacing(theme.SPACE_8)
        self.search.setFixedWidth(220)
        self.search.setToolTip(_("Write text: before words that stand in the papers, as in text:fracture"))
        self.count = PlainLabel('', 'strong', tabular=True)
        self.count.setMinimumHeight(theme.CONTROL)
        self.export = Button(_("Export"), self.actions_of_list.export, kind='quiet', icon='file-spreadsheet')
        may_export = self.desk.signed_in.may(Permission.EXPORT)
        self.export.setEnabled(may_export)
        tip = _("Export what the list shows to Excel")
        set_tip(self.export, tip if may_export else refusal_sentence(Permission.EXPORT), 'Ctrl+E' if may_export else '')
        self.columns = IconButton('columns-3', _("Choose columns"), self._choose_columns)
        for widget, stretch in ((self.search, 0), (self.filters, 1), (self.count, 0), (self.export, 0),
                                (self.columns, 0)):  # fmt: skip
            bar.addWidget(widget, stretch, Qt.AlignmentFlag.AlignTop)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.skeleton = Skeleton(self.stack, theme.ROW_COMPACT)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.preview)
        below = QVBoxLayout()
        below.setSpacing(0)
        below.addWidget(separator())
        below.addLayout(middle, 1)
        below.addWidget(self.bulk)
        for layout, stretch in ((top, 0), (bar, 0), (below, 1)):
            self.body.addLayout(layout, stretch)

    def _wire(self) -> None:
        act = self.actions_of_list
        self.search.textEdited.connect(lambda _typed: self._search_timer.start())
        self.search.textChanged.connect(lambda typed: self._search_timer.start() if not typed else None)
        self.search.wanted_down.connect(self._into_list)
        self.search.returnPressed.connect(self._into_list)
        self.filters.changed.connect(lambda: self.ask(self.filters.query(self.reader.query)))
        self.views.chosen.connect(self._view_chosen)
        self.reader.begun.connect(self._begun)
        self.reader.counted.connect(self._counted)
        self.reader.settled.connect(self._settled)
        self.table.sort_wanted.connect(self.sort)
        self.table.opened.connect(lambda index: self._open(self.model.id_at(index.row())))
        self.table.previewed.connect(self._flip_preview)
        self.table.copy_wanted.connect(act.copy)
        self.table.typed.connect(self._typed_into_list)
        self.table.escaped.connect(self._escape)
        self.table.end_wanted.connect(self.reader.go_to_the_end)
        self.table.selection_changed.connect(self._selected)
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._preview_timer.start())
        self.bulk.assign_wanted.connect(act.assign)
        self.bulk.urge_wanted.connect(act.urge)
        DecidingMany(self)
        self.bulk.copy_wanted.connect(act.copy)
        self.bulk.clear_wanted.connect(self._clear_selection)
        self.preview.open_wanted.connect(lambda case_id, part: self.shell.open_case_at.emit(case_id, part))
        self.preview.closed.connect(self.table.setFocus)

    def _add_keys(self) -> None:
        self.add_key('Ctrl+F', self._focus_search, _("Search the list"))
        self.add_key('Ctrl+E', self._export_by_key, _("Export what the list shows to Excel"))
        self.add_key('Ctrl+Shift+F', self.filters.clear_all.click, _("Clear all filters"))
        for number in range(1, 10):
            words = _("Choose a view: Ctrl+1 to Ctrl+9") if number == 1 else ''
            self.add_key(f'Ctrl+{number}', partial(self._view_by_number, number), words)

    # The window's contract

    def opened(self) -> None:
        if not self._loaded:
            self._loaded = True
            self.kept_views.read()
            self._read_choices()
            self.ask(self.reader.query, self._anchor)
            self.table.setFocus()
        elif self._stale:
            self.refresh()
        self._stale = False

    def refresh(self) -> None:
        self.model.forget_all_but(())
        self.table.viewport().update()
        self.reader.read_order()
        self.kept_views.read()

    def arrive(self, arguments: Any) -> None:
        """`due`: 'overdue' or 'today'; `text`: what to search for; `query`: a whole query."""
        if 'query' in arguments:
            self.ask(arguments['query'])
        elif 'due' in arguments:
            own = own_cases(self.desk.signed_in)
            self.ask(CaseQuery(due=frozenset({DueState(arguments['due'])}), owner_ids=own))
        elif 'text' in arguments:
            self.ask(CaseQuery(text=str(arguments['text']), open_only=False))
        self.table.setFocus()

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if not self._loaded:
            return
        if {'account', 'team'} & kinds:
            self._read_choices()
        if not ids:
            return
        if self.isVisible():
            self.refresh_rows(ids)
        else:
            self._stale = True

    def refresh_rows(self, ids: set[int]) -> None:
        """These cases changed: show them as they are now, in place."""
        self.reader.touched(ids)
        if self.preview.is_open and self.preview.case_id in ids:
            self._preview_timer.start()
        self.kept_views.count_soon()

    def keep(self) -> Any:
        return self.reader.query, self.table.remembered(), self.preview.is_open

    def restore(self, kept: Any) -> None:
        query, self._anchor, previewing = kept
        self.reader.query = query
        self._show_query(query)
        if previewing:
            self.preview.slide_in()

    def closing(self) -> None:
        self.reader.stop()
        super().closing()

    def commands(self) -> list[Command]:
        found = [
            Command(_("Search the list"), self._focus_search, 'search', 'Ctrl+F'),
            Command(_("Export what the list shows to Excel"), self._export_by_key, 'file-spreadsheet', 'Ctrl+E'),
            Command(_("Choose columns"), self._choose_columns, 'columns-3'),
            Command(_("Columns as they were at first"), self.table.reset_columns, 'columns-3'),
            Command(_("Clear all filters"), self.filters.clear_all.click, 'filter', 'Ctrl+Shift+F'),
        ]
        found += [
            Command(_("View: {name}").format(name=view.name), partial(self._view_chosen, view), 'bookmark')
            for view in self.views.views
        ]
        found += [
            Command(_("Sort by {column}").format(column=_(column.title)), partial(self.sort, column.name), 'arrow-down')
            for column in TABLE
        ]
        return found

    # Asking

    def ask(self, query: CaseQuery, anchor: Anchor | None = None) -> None:
        """Show the cases that `query` describes."""
        self._loaded = True
        self.banner.clear()
        if query != self._shown_query or self.search.text().strip() != query.text:
            self._show_query(query)
        self.skeleton.start()
        self.reader.show(query, anchor)

    def sort(self, name: str) -> None:
        """Sort by a column; by the same one again: the other way round."""
        now = self.reader.query
        falling = not now.descending if now.sort == name else name in _FALLING_FIRST
        self.ask(replace(now, sort=name, descending=falling))

    def _show_query(self, query: CaseQuery) -> None:
        self._shown_query = query
        if self.search.text().strip() != query.text:
            self.search.setText(query.text)
        self._search_timer.stop()
        self.filters.set_query(query)
        self.views.light(query)
        self.table.mark_sort(query.sort, query.descending)

    def _searched(self) -> None:
        words = self.search.text().strip()
        if words != self.reader.query.text:
            self.ask(replace(self.reader.query, text=words))

    def _view_chosen(self, view: ViewItem) -> None:
        if view.columns:
            self.table.show_only(view.columns)
        self.ask(view.query)
        self.table.setFocus()

    def _view_by_number(self, number: int) -> None:
        if number <= len(self.views.views):
            self._view_chosen(self.views.views[number - 1])

    def show_error(self, error: Any) -> None:
        self.skeleton.stop()
        super().show_error(error)

    # What has come

    def _begun(self) -> None:
        self.skeleton.stop()
        nothing = not self.model.ids
        self.stack.setCurrentIndex(_EMPTY if nothing else _LIST)
        if nothing:
            self._say_nothing()
        elif self._anchor is None:
            self.table.scrollToTop()
            self.table.go_to(0)
        self._anchor = None
        self._selected()
        self._preview_timer.start()

    def _counted(self, count: int, exact: bool) -> None:
        shown = text.number(count) + ('' if exact else '+')
        self.count.setText(ngettext("{n} case", "{n} cases", count).format(n=shown))

    def _settled(self) -> None:
        nothing = not self.model.ids
        if nothing != (self.stack.currentIndex() == _EMPTY):
            self._begun()
        self._selected()

    def _read_choices(self) -> None:
        actor, cases = self.desk.signed_in, self.desk.case_list
        self.run(lambda _progress: Choices(*cases.choices(actor)), self._choices_come, latest='choices')

    def _choices_come(self, choices: Choices) -> None:
        self.choices = choices
        self.filters.set_choices(choices)

    def _say_nothing(self) -> None:
        query = self.reader.query
        actor, cases, choices = self.desk.signed_in, self.desk.case_list, self.choices
        if active(query):
            self.empty.say(_("No case fits"), _("Loosen one of the filters, or search for fewer words."))
        else:
            self.empty.say(_("There are no cases yet"), _("The first one begins with a phone call."))
            self._offer_register()
            return

        self.run(
            lambda progress: ways_out(cases, actor, query, choices, progress), self._offer_ways, lambda _error: None,
            latest='loosen',
        )  # fmt: skip

    def _offer_ways(self, ways: list[Loosened]) -> None:
        self.empty.offer(ways, self.ask)
        if not self.empty.buttons:
            nothing = CaseQuery(open_only=False)
            self.empty.add(_("Clear all filters"), lambda: self.ask(nothing))

    def _offer_register(self) -> None:
        if self.desk.signed_in.may(Permission.REGISTER_CASE):
            self.empty.add(_("Register a case"), lambda: self.shell.navigate.emit('register'), 'primary')

    # The hand

    def _open(self, case_id: int | None) -> None:
        if case_id is not None:
            self.shell.open_case.emit(case_id)

    def _flip_preview(self, _index: QModelIndex) -> None:
        if self.preview.is_open:
            self.preview.slide_out()
        else:
            self.preview.slide_in()
            self._read_preview()

    def _read_preview(self) -> None:
        case_id = self.table.current_id()
        if not self.preview.is_open or case_id is None:
            return
        row = self.model.row_of(case_id)
        place = _("{n} of {total}").format(
            n=text.number(self.table.currentIndex().row() + 1), total=text.number(len(self.model.ids))
        )
        self.preview.wait_for(case_id, row.number if row else '', place)
        actor, desk = self.desk.signed_in, self.desk
        self.run(
            lambda _progress: look(desk, actor, case_id), self.preview.show_case, self.preview.show_problem,
            latest='preview',
        )  # fmt: skip

    def _selected(self) -> None:
        self.bulk.show_count(self.table.selected_count())

    def _clear_selection(self) -> None:
        self.table.clearSelection()
        self.table.setFocus()

    def _escape(self) -> None:
        if self.preview.is_open:
            self.preview.slide_out()
        elif self.table.selected_count() > 1:
            self._clear_selection()
        elif self.search.text():
            self.search.clear()

    def _focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _into_list(self) -> None:
        if self._search_timer.isActive():
            self._search_timer.stop()
            self._searched()
        self.table.setFocus()

    def _typed_into_list(self, words: str) -> None:
        self.search.setFocus()
        self.search.setText(words)
        self._search_timer.start()

    def _export_by_key(self) -> None:
        if self.export.isEnabled():
            self.actions_of_list.export()

    def _choose_columns(self) -> None:
        self.table.open_columns_menu(QPoint(self.table.horizontalHeader().width() - 200, 0))
