"""The bar on top: search everywhere, what is due, Scan, and the person at the desk."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from claimdesk import language
from claimdesk.language import _, ngettext
from claimdesk.ui import icons, text, theme
from claimdesk.ui.frame import BAR
from claimdesk.ui.widgets.buttons import Button, IconButton, set_tip

THEMES = ('system', 'light', 'dark')


class TopBar(QWidget):
    """Signals say what was wanted; the window does it."""

    search_wanted = Signal()
    due_wanted = Signal(str)
    reminders_wanted = Signal()
    scan_wanted = Signal()
    register_wanted = Signal()
    keys_wanted = Signal()
    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    password_wanted = Signal()
    sign_out_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty('surface', 'bar')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(BAR)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_16, 0, theme.SPACE_12, 0)
        row.setSpacing(theme.SPACE_8)
        self.search = QPushButton(_("Search cases, names, plates, policies…"))
        self.search.setProperty('kind', 'search')
        self.search.setIcon(icons.icon('search', 'secondary'))
        self.search.setIconSize(QSize(icons.SMALL, icons.SMALL))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.setMaximumWidth(560)
        self.search.setMinimumWidth(260)
        self.search.setAccessibleName(_("Search everything"))
        set_tip(self.search, _("Search everything, or type a command"), 'Ctrl+K')
        self.search.clicked.connect(self.search_wanted)
        hint = QHBoxLayout(self.search)
        hint.setContentsMargins(0, 0, 10, 0)
        hint.addStretch(1)
        key = QLabel('Ctrl+K')
        key.setProperty('role', 'caption')
        key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        hint.addWidget(key)
        row.addWidget(self.search, 1)
        row.addStretch(1)
        self._due = {
            'today': self._due_button('today', 'clock', 'orange'),
            'overdue': self._due_button('overdue', 'triangle-alert', 'red'),
        }
        self.reminders = _badge('alarm-clock', 'accent_text')
        self.reminders.clicked.connect(self.reminders_wanted)
        row.addWidget(self.reminders)
        for button in self._due.values():
            row.addWidget(button)
        self.register = Button(_("New case"), self.register_wanted.emit, kind='quiet', icon='plus', key='Ctrl+N')
        set_tip(self.register, _("Register a case"), 'Ctrl+N')
        self.scan = Button(_("Scan"), self.scan_wanted.emit, kind='quiet', icon='scan-line', key='Ctrl+Shift+S')
        set_tip(self.scan, _("Scan or open documents"), 'Ctrl+Shift+S')
        self.person = Button('', kind='quiet', icon='circle-user-round')
        self.person.setMenu(self._person_menu())
        row.addWidget(self.register)
        row.addWidget(self.scan)
        row.addWidget(IconButton('keyboard', _("Keys"), self.keys_wanted.emit, key=''))
        row.addWidget(self.person)
        self.set_person('')

    def set_person(self, name: str, roles: str = '') -> None:
        """Who sits at the desk; '' before sign-in, when only the menu is there."""
        self.person.set_text(name or _("Menu"))
        set_tip(self.person, roles)
        for widget in (self.search, self.register, self.scan):
            widget.setVisible(bool(name))
        for action in (self._password, self._sign_out):
            action.setVisible(bool(name))
        if not name:
            self.set_due(0, 0)
            self.set_reminders(0)

    def set_reminders(self, count: int) -> None:
        """How many reminders wait for this person; 0 hides the badge."""
        words = ngettext("{n} reminder waits", "{n} reminders wait", count).format(n=text.number(count))
        self.reminders.setText(text.number(count))
        self.reminders.setAccessibleName(words)
        set_tip(self.reminders, words, 'F8')
        self.reminders.setVisible(count > 0)

    def set_due(self, today: int, overdue: int) -> None:
        """How many cases of this person are due today and overdue; 0 hides the badge."""
        words = {
            'today': ngettext("{n} case is due today", "{n} cases are due today", today).format(n=today),
            'overdue': ngettext("{n} case is overdue", "{n} cases are overdue", overdue).format(n=overdue),
        }
        for name, count in (('today', today), ('overdue', overdue)):
            button = self._due[name]
            button.setText(text.number(count))
            button.setAccessibleName(words[name])
            set_tip(button, words[name])
            button.setVisible(count > 0)

    def _due_button(self, name: str, icon: str, tone: str) -> QPushButton:
        button = _badge(icon, tone)
        button.clicked.connect(lambda _checked=False: self.due_wanted.emit(name))
        return button

    def _person_menu(self) -> QMenu:
        menu = QMenu(self)
        languages = menu.addMenu(icons.icon('languages'), _("Language"))
        group = QActionGroup(languages)
        for code, words in language.LANGUAGES.items():
            action = _tick(languages, group, words, code == language.current())
            action.triggered.connect(lambda _checked=False, code=code: self.language_chosen.emit(code))
        themes = menu.addMenu(icons.icon('contrast'), _("Appearance"))
        self._themes = QActionGroup(themes)
        for choice, words in zip(THEMES, (_("Like the system"), _("Light"), _("Dark")), strict=True):
            action = _tick(themes, self._themes, words, False)
            action.setData(choice)
            action.triggered.connect(lambda _checked=False, choice=choice: self.theme_chosen.emit(choice))
        menu.addAction(icons.icon('keyboard'), _("Keys"), self.keys_wanted.emit)
        menu.addSeparator()
        self._password = menu.addAction(icons.icon('key-round'), _("Change password…"), self.password_wanted.emit)
        self._sign_out = menu.addAction(icons.icon('log-out'), _("Sign out"), self.sign_out_wanted.emit)
        return menu

    def tick_theme(self, choice: str) -> None:
        """Mark the appearance in use."""
        for action in self._themes.actions():
            action.setChecked(action.data() == choice)


def _badge(icon: str, tone: str) -> QPushButton:
    button = QPushButton()
    button.setProperty('kind', 'quiet')
    button.setIcon(icons.icon(icon, tone))
    button.setIconSize(QSize(icons.SMALL, icons.SMALL))
    button.setFont(theme.font(strong=True, tabular=True))
    button.setStyleSheet(f'color: {getattr(theme.tokens(), tone)};')
    button.hide()
    return button


def _tick(menu: QMenu, group: QActionGroup, words: str, on: bool) -> QAction:
    action = menu.addAction(words)
    action.setCheckable(True)
    action.setChecked(on)
    group.addAction(action)
    return action
