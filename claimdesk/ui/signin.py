"""Who sits down at the desk: one click in the demo office, name and password in a real one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.ui import icons, theme
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets import Banner, Button, FormGrid, PasswordEdit, PlainLabel, required
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.services.accounts import Person
    from claimdesk.services.context import Actor

_COLUMNS, _CARD = 4, QSize(216, 58)


class PersonCard(QPushButton):
    """A person of the demo office: name and roles, one click signs in."""

    def __init__(self, name: str, roles: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty('kind', 'card')
        self.setFixedSize(_CARD)
        self.setAccessibleName(f'{name}, {roles}')
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        row.setSpacing(theme.SPACE_12)
        picture = PlainLabel()
        picture.setPixmap(icons.pixmap('circle-user-round', 'accent_text', icons.MEDIUM))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(name, 'strong'))
        words.addWidget(PlainLabel(roles, 'caption'))
        row.addWidget(picture)
        row.addLayout(words, 1)
        for child in self.findChildren(PlainLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class SignIn(QWidget):
    """`signed_in` carries the `Actor`. `check(login, password)` and `pick(person_id)` run in the background."""

    signed_in = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        office: str,
        people: Sequence[Person],
        check: Callable[[str, str], Actor],
        pick: Callable[[int], Actor],
        parent: QWidget | None = None,
        *,
        other_office: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._check, self._pick = tasks, check, pick
        self.setProperty('surface', 'page')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_24)
        outer.addStretch(2)
        self._box = QWidget()
        self._column = QVBoxLayout(self._box)
        self._column.setSpacing(theme.SPACE_12)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        sign = PlainLabel()
        sign.setPixmap(icons.logo(44))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(PlainLabel(office, 'title'))
        names.addWidget(PlainLabel(_("ClaimDesk, the claims office's desk"), 'secondary'))
        head.addWidget(sign)
        head.addLayout(names)
        head.addStretch(1)
        self._column.addLayout(head)
        self._column.addSpacing(theme.SPACE_12)
        self.banner = Banner()
        self._column.addWidget(self.banner)
        if people:
            self._box.setFixedWidth(_COLUMNS * _CARD.width() + (_COLUMNS - 1) * theme.SPACE_8 + 24)
            self._add_people(people)
        else:
            self._box.setFixedWidth(380)
            self._add_form()
        if other_office is not None:
            foot = QHBoxLayout()
            foot.addWidget(Button(_("Open another office…"), other_office, kind='link'))
            foot.addStretch(1)
            self._column.addLayout(foot)
        outer.addWidget(self._box, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)

    def _add_people(self, people: Sequence[Person]) -> None:
        self._column.addWidget(PlainLabel(_("This is the demo office. Who do you want to be?"), 'section'))
        shown = QWidget()
        shown.setProperty('surface', 'page')
        grid = QGridLayout(shown)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.SPACE_8)
        self.cards: list[PersonCard] = []
        for number, person in enumerate(people):
            card = PersonCard(person.name, _(", ").join(label(role) for role in person.roles))
            card.clicked.connect(lambda _checked=False, person_id=person.id: self.pick(person_id))
            grid.addWidget(card, number // _COLUMNS, number % _COLUMNS)
            self.cards.append(card)
        rows = -(-len(people) // _COLUMNS)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(shown)
        scroll.setFixedHeight(min(6, rows) * (_CARD.height() + theme.SPACE_8) + 4)
        self._column.addWidget(scroll)
        if self.cards:
            self.setFocusProxy(self.cards[0])

    def _add_form(self) -> None:
        self.form = FormGrid(1)
        self.login = QLineEdit(str(QSettings().value('last login', '') or ''))
        self.password = PasswordEdit()
        self.form.add('login', _("User name"), self.login, check=required(self.login.text))
        self.form.add('password', _("Password"), self.password, check=required(self.password.text))
        self._column.addWidget(self.form)
        self.button = Button(_("Sign in"), self.submit, kind='primary')
        self.button.setFixedHeight(34)
        self._column.addWidget(self.button)
        self.login.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.submit)
        self.setFocusProxy(self.password if self.login.text() else self.login)

    def submit(self) -> None:
        """Try the name and the password that were typed."""
        if not self.form.check():
            return
        login, password = self.login.text().strip(), self.password.text()
        self._wait(True)
        self._tasks.run(self, lambda _progress: self._check(login, password), self._welcome, self._refuse)

    def pick(self, person_id: int) -> None:
        """Sign in as a person of the demo office."""
        self._wait(True)
        self._tasks.run(self, lambda _progress: self._pick(person_id), self._welcome, self._refuse)

    def _welcome(self, actor: Actor) -> None:
        self._wait(False)
        if hasattr(self, 'login'):
            QSettings().setValue('last login', self.login.text().strip())
            self.password.clear()
        self.signed_in.emit(actor)

    def _refuse(self, error: ClaimDeskError) -> None:
        self._wait(False)
        self.banner.show_error(error)
        if hasattr(self, 'password'):
            self.password.selectAll()
            self.password.setFocus()

    def _wait(self, waiting: bool) -> None:
        if waiting:
            self.banner.clear()
        for widget in getattr(self, 'cards', []) or [self.form, self.button]:
            widget.setEnabled(not waiting)
