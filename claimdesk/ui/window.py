"""The desk: rail, top bar, tabs and status line round the pages. It knows how pages show, not what."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import dialogs, icons, keys
from claimdesk.ui.frame import MINIMUM, SIZE
from claimdesk.ui.page import Page, Shell
from claimdesk.ui.pages import CASE, RAIL, TABS, Registry
from claimdesk.ui.palette import Hit, Palette, window_commands
from claimdesk.ui.rail import Rail
from claimdesk.ui.status_bar import StatusBar
from claimdesk.ui.top_bar import TopBar
from claimdesk.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from claimdesk.app import Desk

FIRST = 'work'


class Window(QWidget):
    """Holds the pages. Before `enter` it shows whatever `show_before` is given: sign-in, first run, waiting."""

    def __init__(self, shell: Shell, rail: Registry | None = None, tabs: Registry | None = None) -> None:
        super().__init__()
        self.shell = shell
        self.desk: Desk | None = None
        self._rail_pages = RAIL if rail is None else rail
        self._tab_pages = {**TABS, 'case': CASE} if tabs is None else tabs
        self._pages: dict[str, Page] = {}
        self._kept: dict[str, Any] = {}
        self._place = FIRST
        self._front = ''
        self.find_cases: Callable[..., list[Hit]] = lambda _words, _progress: []
        self.wish: Callable[[str, str], object] = lambda _what, _value: None
        self.setWindowTitle('ClaimDesk')
        self.setWindowIcon(icons.window_icon())
        self.setMinimumSize(MINIMUM)
        self.resize(SIZE)
        self._place_of_frame = QVBoxLayout(self)
        self._place_of_frame.setContentsMargins(0, 0, 0, 0)
        self._build_frame()
        self._add_keys()
        shell.open_case.connect(self.open_case)
        shell.open_case_at.connect(self.open_case)
        shell.navigate.connect(self.go)
        shell.navigate_to.connect(self.go)
        shell.status.connect(lambda words: self.status.say_saved(words))
        shell.badge.connect(lambda name, count: self.rail.set_count(name, count))
        shell.toasted.connect(lambda words, undo: self.toast.say(words, undo))
        shell.language_chosen.connect(lambda code: self.wish('language', code))
        shell.theme_chosen.connect(lambda choice: self.wish('theme', choice))

    def _build_frame(self) -> None:
        frame = QWidget()
        frame.setProperty('surface', 'page')
        outer = QVBoxLayout(frame)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        outer.addLayout(middle, 1)
        self.rail = Rail()
        self.rail.chosen.connect(self.go)
        middle.addWidget(self.rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        middle.addLayout(right, 1)
        self.top = TopBar()
        right.addWidget(self.top)
        self.tabs = _tab_bar()
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.tabs.tabCloseRequested.connect(self._close_tab)
        right.addWidget(self.tabs)
        self.stack = QStackedWidget()
        right.addWidget(self.stack, 1)
        self.status = StatusBar(self.shell.tasks)
        outer.addWidget(self.status)
        self._show_frame(frame)
        self.palette_box = Palette(frame, self.shell.tasks, self._find, self._offers)
        self.toast = Toast(frame)
        self._wire_top()
        self.rail.show_pages(self._rail_pages)
        self.rail.setEnabled(False)

    def _show_frame(self, frame: QWidget) -> None:
        old = self._place_of_frame.takeAt(0)
        if old is not None and (widget := old.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        self._place_of_frame.addWidget(frame)

    def _wire_top(self) -> None:
        self.top.search_wanted.connect(self.palette_box.open)
        self.top.due_wanted.connect(lambda due: self.go('cases', {'due': due}))
        self.top.reminders_wanted.connect(lambda: self.wish('reminders', ''))
        self.top.scan_wanted.connect(lambda: self.go('inbox', 'scan'))
        self.top.register_wanted.connect(lambda: self.go('register'))
        self.top.keys_wanted.connect(self._show_keys)
        self.top.language_chosen.connect(lambda code: self.wish('language', code))
        self.top.theme_chosen.connect(lambda choice: self.wish('theme', choice))
        self.top.password_wanted.connect(lambda: self.wish('password', ''))
        self.top.sign_out_wanted.connect(lambda: self.wish('sign out', ''))

    def show_before(self, widget: QWidget) -> None:
        """Show `widget` alone, without pages: sign-in, first run, waiting."""
        self._throw_pages_away()
        self.desk = None
        self.rail.setEnabled(False)
        self.rail.hide()
        self.top.set_person('')
        self._empty_stack(but=widget)
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        widget.setFocus()

    def enter(self, desk: Desk, roles: str = '') -> None:
        """Somebody has signed in: show the pages of their roles, the first one in front."""
        actor = desk.signed_in
        self._empty_stack()
        self.desk = desk
        seen = {name: entry for name, entry in self._rail_pages.items() if entry.open_to(actor.roles)}
        self.rail.show_pages(seen)
        self.rail.setEnabled(True)
        self.rail.show()
        self.top.set_person(actor.name, roles)
        self.top.register.setVisible('register' in self._tab_pages and self._tab_pages['register'].open_to(actor.roles))
        self.top.scan.setVisible('inbox' in seen)
        self._place = FIRST if FIRST in seen else next(iter(seen))
        self._reset_tabs()
        self.go(self._place)

    def go(self, name: str, arguments: Any = None) -> None:
        """Bring a page of the rail, or a tab such as 'register', to the front and hand it `arguments`."""
        if self.desk is None:
            return
        if name in self.rail.names():
            self._place = name
            self._show(name, lambda: self._rail_pages[name].build(self.desk, self.shell))
            self.tabs.setTabText(0, self._pages[name].title or _(self._rail_pages[name].title))
            self.tabs.setTabIcon(0, icons.icon(self._rail_pages[name].icon, 'secondary'))
            self._mark_tab(0)
        elif name in self._tab_pages:
            self._open_tab(name, lambda: self._tab_pages[name].build(self.desk, self.shell))
        else:
            return
        if arguments is not None:
            self._pages[name].arrive(arguments)

    def open_case(self, case_id: int, part: str = '') -> None:
        """Open a case as a tab, or bring its tab to the front; `part` names one of its own tabs."""
        if self.desk is None:
            return
        key = f'case:{case_id}'
        self._open_tab(key, lambda: self._tab_pages['case'].build(self.desk, self.shell, case_id))
        if part:
            self._pages[key].arrive(part)

    def pages(self) -> list[Page]:
        """All pages that are built."""
        return list(self._pages.values())

    def front(self) -> Page | None:
        """The page that is seen."""
        return self._pages.get(self._front)

    def rows_changed(self, kinds: set[str], ids: set[int]) -> None:
        """Tell every page what changed."""
        for page in self.pages():
            page.changed(kinds, ids)

    def rebuild(self, roles: str = '') -> None:
        """Build everything anew after a switch of language or theme, with every page as it was."""
        if self.desk is None:
            self._renew_frame()
            return
        desk, front = self.desk, self._front
        counts = {name: self.rail.count(name) for name in self.rail.names()}
        names = [str(self.tabs.tabData(at)) for at in range(1, self.tabs.count())]
        for key, page in self._pages.items():
            self._kept[key] = page.keep()
        self._throw_pages_away()
        self._renew_frame()
        self.enter(desk, roles)
        for name, count in counts.items():
            self.rail.set_count(name, count)
        for key in names:
            self.open_case(int(key[5:])) if key.startswith('case:') else self.go(key)
        if front.startswith('case:'):
            self.open_case(int(front[5:]))
        else:
            self.go(front)

    def may_leave(self) -> bool:
        """Whether nothing unsaved would be lost; asks once."""
        unsaved = [page for page in self.pages() if page.has_unsaved()]
        if not unsaved:
            return True
        return dialogs.leave_unsaved(self, ', '.join(page.title for page in unsaved))

    def leave(self) -> None:
        """Throw all pages away: sign-out or the end."""
        self._throw_pages_away()
        self._kept.clear()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desk is not None and not self.may_leave():
            event.ignore()
            return
        self.leave()
        super().closeEvent(event)

    def _renew_frame(self) -> None:
        office = self.status.windowTitle()
        self._build_frame()
        self.status.setWindowTitle(office)

    def _show(self, key: str, build: Callable[[], Page]) -> None:
        page = self._pages.get(key)
        if page is None:
            page = build()
            self._pages[key] = page
            self.stack.addWidget(page)
            page.title_changed.connect(partial(self._retitle, key))
            kept = self._kept.pop(key, None)
            if kept is not None:
                page.restore(kept)
        self._front = key
        self.stack.setCurrentWidget(page)
        self.rail.light(self._place if key == self._place else '')
        self.setWindowTitle(f'{page.title} · ClaimDesk' if page.title else 'ClaimDesk')
        page.opened()

    def _open_tab(self, key: str, build: Callable[[], Page]) -> None:
        self._show(key, build)
        at = self._tab_of(key)
        if at < 0:
            page = self._pages[key]
            self.tabs.blockSignals(True)
            at = self.tabs.addTab(icons.icon(page.icon, 'secondary'), page.title or '…')
            self.tabs.setTabData(at, key)
            self.tabs.blockSignals(False)
        self._retitle(key)
        self._mark_tab(at)

    def _retitle(self, key: str) -> None:
        page, at = self._pages.get(key), self._tab_of(key)
        if page is None:
            return
        if at > 0:
            self.tabs.setTabText(at, page.title.replace('&', '&&') or '…')
            self.tabs.setTabToolTip(at, page.title)
        if key == self._front:
            self.setWindowTitle(f'{page.title} · ClaimDesk')

    def _tab_of(self, key: str) -> int:
        return next((at for at in range(self.tabs.count()) if self.tabs.tabData(at) == key), -1)

    def _mark_tab(self, at: int) -> None:
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(at)
        self.tabs.blockSignals(False)
        self.tabs.setVisible(self.tabs.count() > 1)

    def _tab_chosen(self, at: int) -> None:
        if at == 0:
            self.go(self._place)
        elif at > 0:
            key = str(self.tabs.tabData(at))
            self._show(key, lambda: self._pages[key])

    def _close_tab(self, at: int) -> None:
        if at <= 0:
            return
        key = str(self.tabs.tabData(at))
        page = self._pages.get(key)
        if page is not None and page.has_unsaved() and not dialogs.leave_unsaved(self, page.title):
            return
        self.tabs.blockSignals(True)
        self.tabs.removeTab(at)
        self.tabs.blockSignals(False)
        self._throw_away(key)
        if key == self._front:
            next_at = min(at, self.tabs.count() - 1)
            self._mark_tab(next_at)
            self._tab_chosen(next_at)
        else:
            self._mark_tab(self.tabs.currentIndex())

    def _throw_away(self, key: str) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            page.closing()
            self.stack.removeWidget(page)
            page.hide()
            page.deleteLater()

    def _throw_pages_away(self) -> None:
        for key in list(self._pages):
            self._throw_away(key)
        self._front = ''
        self._reset_tabs()

    def _empty_stack(self, but: QWidget | None = None) -> None:
        while (old := self.stack.widget(0)) is not None:
            self.stack.removeWidget(old)
            if old is not but:
                old.deleteLater()

    def _reset_tabs(self) -> None:
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        self.tabs.addTab('')
        for side in (QTabBar.ButtonPosition.LeftSide, QTabBar.ButtonPosition.RightSide):
            self.tabs.setTabButton(0, side, None)
        self.tabs.blockSignals(False)
        self.tabs.hide()

    def _add_keys(self) -> None:
        for number in range(1, 10):
            self._key(f'Alt+{number}', partial(self._go_by_number, number))
        self._key('Ctrl+K', self._open_palette)
        self._key('Ctrl+W', lambda: self._close_tab(self.tabs.currentIndex()))
        self._key('Ctrl+Tab', lambda: self._cycle(1))
        self._key('Ctrl+Shift+Tab', lambda: self._cycle(-1))
        self._key('F5', self._refresh)
        self._key('F8', lambda: self.wish('reminders', ''))
        self._key('F1', self._show_keys)
        self._key('Ctrl+Z', lambda: self.toast.undo() if self.toast.can_undo else None)

    def _key(self, sequence: str, do: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(sequence))
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)

    def _go_by_number(self, number: int) -> None:
        names = self.rail.names()
        if self.desk is not None and number <= len(names):
            self.go(names[number - 1])

    def _cycle(self, step: int) -> None:
        if self.desk is not None and self.tabs.count() > 1:
            self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % self.tabs.count())

    def _refresh(self) -> None:
        page = self.front()
        if page is not None:
            page.refresh()
            self.shell.refresh.emit()

    def _show_keys(self) -> None:
        page = self.front()
        own = [(action.shortcut().toString(), action.text()) for action in page.actions()] if page else []
        keys.show_keys(self, page.title if page else '', own)

    def _find(self, words: str, progress: Any) -> list[Hit]:
        return self.find_cases(words, progress)

    def _open_palette(self) -> None:
        if self.desk is not None:
            self.palette_box.open()

    def _offers(self) -> list[Hit]:
        """What the palette offers besides cases: what the page in front can do, the pages, what the window can do."""
        if self.desk is None:
            return []
        here = self.front()
        group = _("This page")
        hits = [Hit(c.title, c.do, '', c.icon, c.key, group) for c in (here.commands() if here else [])]
        for number, name in enumerate(self.rail.names(), start=1):
            entry = self._rail_pages[name]
            hits.append(Hit(_(entry.title), partial(self.go, name), '', entry.icon, f'Alt+{number}', _("Pages")))
        for name, entry in self._tab_pages.items():
            if name != 'case' and entry.open_to(self.desk.signed_in.roles):
                key = 'Ctrl+N' if name == 'register' else ''
                hits.append(Hit(_(entry.title), partial(self.go, name), '', entry.icon, key, _("Commands")))
        return hits + window_commands(self.wish, self.top.scan_wanted.emit, self._refresh, self._show_keys)


def _tab_bar() -> QTabBar:
    tabs = QTabBar()
    tabs.setTabsClosable(True)
    tabs.setMovable(False)
    tabs.setExpanding(False)
    tabs.setDrawBase(False)
    tabs.setElideMode(Qt.TextElideMode.ElideRight)
    tabs.setUsesScrollButtons(True)
    tabs.setIconSize(QSize(icons.SMALL, icons.SMALL))
    tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    tabs.setAccessibleName(_("Open cases"))
    tabs.setProperty('surface', 'bar')
    tabs.hide()
    return tabs
