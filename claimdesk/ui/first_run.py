"""The very first start: look round in a demo office, found an office of one's own, or join one on a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.ui import icons, theme
from claimdesk.ui.tasks import Tasks, Ticket
from claimdesk.ui.widgets import Banner, Busy, Button, FormGrid, PasswordEdit, PlainLabel, required


@dataclass(frozen=True)
class Ways:
    """What can be done first; each runs in the background and returns an open desk (`test` a sentence)."""

    demo: Callable[[Progress], Any]
    found: Callable[[str, str, str, str, Progress], Any]
    test: Callable[[str], str]
    join: Callable[[str, str, Progress], Any]


class Choice(QPushButton):
    """One of the three big choices."""

    def __init__(self, icon: str, title: str, words: str) -> None:
        super().__init__()
        self.setProperty('kind', 'card')
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_16, theme.SPACE_12, theme.SPACE_16, theme.SPACE_12)
        row.setSpacing(theme.SPACE_16)
        picture = PlainLabel()
        picture.setPixmap(icons.pixmap(icon, 'accent_text', icons.LARGE))
        arrow = PlainLabel()
        arrow.setPixmap(icons.pixmap('chevron-right', 'secondary', icons.MEDIUM))
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        column.addWidget(PlainLabel(title, 'section'))
        column.addWidget(PlainLabel(words, 'secondary', wrap=True))
        column.addStretch(1)
        row.addWidget(picture)
        row.addLayout(column, 1)
        row.addWidget(arrow)
        for child in self.findChildren(PlainLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        # A push button asks for the size of its own text; this one holds a picture and two lines.
        return self.layout().sizeHint().expandedTo(QSize(0, 84))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class FirstRun(QWidget):
    """`opened` carries the desk and, for a server, its address and password: `opened(desk)`."""

    opened = Signal(object)

    def __init__(self, tasks: Tasks, ways: Ways, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._ways = tasks, ways
        self._ticket: Ticket | None = None
        self.setProperty('surface', 'page')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        box = QWidget()
        box.setFixedWidth(600)
        column = QVBoxLayout(box)
        column.setSpacing(theme.SPACE_12)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        sign = PlainLabel()
        sign.setPixmap(icons.logo(44))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(PlainLabel(_("Welcome to ClaimDesk"), 'title'))
        names.addWidget(PlainLabel(_("Which office do you want to work in? You can change this later."), 'secondary'))
        head.addWidget(sign)
        head.addLayout(names, 1)
        column.addLayout(head)
        column.addSpacing(theme.SPACE_8)
        self.banner = Banner()
        column.addWidget(self.banner)
        self.steps = QStackedWidget()
        self.steps.addWidget(self._choices())
        self.steps.addWidget(self._found_form())
        self.steps.addWidget(self._join_form())
        column.addWidget(self.steps)
        outer.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        self._busy = Busy(self, self._stop)

    def _choices(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        self.demo = Choice(
            'sparkles', _("Look round in the demo office"),
            _("Fourteen months of invented cases on this computer. Nothing can go wrong."),
        )  # fmt: skip
        self.own = Choice(
            'building-2', _("Found a new office on this computer"),
            _("One file on this computer; right for one desk or a few."),
        )  # fmt: skip
        self.server = Choice(
            'server', _("Join an office on a server"),
            _("Many desks on one PostgreSQL database. Your administrator knows the address."),
        )  # fmt: skip
        self.demo.clicked.connect(lambda _checked=False: self.open_demo())
        self.own.clicked.connect(lambda _checked=False: self._step(1, self.office))
        self.server.clicked.connect(lambda _checked=False: self._step(2, self.host))
        for choice in (self.demo, self.own, self.server):
            column.addWidget(choice)
        column.addStretch(1)
        self.setFocusProxy(self.demo)
        return page

    def _found_form(self) -> QWidget:
        self.office, self.name, self.login = QLineEdit(), QLineEdit(), QLineEdit()
        self.password, self.again = PasswordEdit(), PasswordEdit()
        self.found_form = form = FormGrid(2)
        form.add('office', _("Name of the office"), self.office, span=2, check=required(self.office.text),
                 hint=_("It stands on letters and reports, and its initials begin the case numbers."))  # fmt: skip
        form.add('name', _("Your name"), self.name, check=required(self.name.text))
        form.add('login', _("User name to sign in with"), self.login, check=required(self.login.text))
        form.add('password', _("Password"), self.password, check=required(self.password.text))
        form.add('again', _("Password again"), self.again, check=self._same)
        self.again.returnPressed.connect(self.found)
        return self._form_page(form, Button(_("Found the office"), self.found, kind='primary'))

    def _join_form(self) -> QWidget:
        self.host, self.port, self.database = QLineEdit(), QLineEdit('5432'), QLineEdit('claimdesk')
        self.user, self.server_password = QLineEdit(), PasswordEdit()
        self.join_form = form = FormGrid(2)
        form.add('host', _("Server"), self.host, check=required(self.host.text), hint=_("A name or an address."))
        form.add('port', _("Port"), self.port, check=self._port_problem)
        form.add('database', _("Database"), self.database, check=required(self.database.text))
        form.add('user', _("Database user"), self.user, check=required(self.user.text))
        form.add('password', _("Password"), self.server_password)
        self.server_password.returnPressed.connect(self.join)
        test = Button(_("Test the connection"), self.test)
        return self._form_page(form, Button(_("Join"), self.join, kind='primary'), test)

    def _form_page(self, form: FormGrid, main: Button, *others: Button) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_16)
        column.addWidget(form)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        row.addWidget(Button(_("Back"), self._back, kind='quiet', icon='chevron-left'))
        row.addStretch(1)
        for button in others:
            row.addWidget(button)
        row.addWidget(main)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def open_demo(self) -> None:
        """Open the demo office, which is made first."""
        self._run(self._ways.demo, _("Making the demo office…"))

    def found(self) -> None:
        """Found the office that was described."""
        if self.found_form.check():
            values = (self.office.text().strip(), self.name.text().strip(), self.login.text().strip())
            password = self.password.text()
            self._run(lambda progress: self._ways.found(*values, password, progress), _("Founding the office…"))

    def test(self) -> None:
        """Try the server and say what is wrong."""
        if self.join_form.check():
            url = self.url(with_password=True)
            self._busy.say(_("Asking the server…"))
            self._ticket = self._tasks.run(self, lambda _progress: self._ways.test(url), self._tested, self._failed)

    def join(self) -> None:
        """Open the office on the server."""
        if self.join_form.check():
            url, password = self.url(), self.server_password.text()
            self._run(lambda progress: self._ways.join(url, password, progress), _("Connecting…"))

    def url(self, *, with_password: bool = False) -> str:
        """The address that the fields describe."""
        password = f':{quote(self.server_password.text(), safe="")}' if with_password else ''
        host = self.host.text().strip()
        host = f'[{host}]' if ':' in host else host
        user, database = quote(self.user.text().strip(), safe=''), quote(self.database.text().strip(), safe='')
        return f'postgresql://{user}{password}@{host}:{self.port.text().strip()}/{database}'

    def _run(self, work: Callable[[Progress], Any], words: str) -> None:
        self.banner.clear()
        self._busy.say(words)
        self._ticket = self._tasks.run(
            self, work, self._opened, self._failed, lambda done, total, said: self._busy.say(said or words, done, total)
        )

    def _opened(self, desk: Any) -> None:
        self._busy.stop()
        self.opened.emit(desk)

    def _tested(self, words: str) -> None:
        self._busy.stop()
        self.banner.show_message(_("The server answers."), words, 'success')

    def _failed(self, error: ClaimDeskError) -> None:
        self._busy.stop()
        form = {1: self.found_form, 2: self.join_form}.get(self.steps.currentIndex())
        elsewhere = ['']
        if isinstance(error, InvalidInput) and form is not None:
            elsewhere = form.show_errors(error.fields) if error.fields else ['']
        if elsewhere:
            self.banner.show_error(error)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
        self._busy.stop()

    def _step(self, number: int, field: QWidget) -> None:
        self.banner.clear()
        self.steps.setCurrentIndex(number)
        field.setFocus()

    def _back(self) -> None:
        self.banner.clear()
        self.steps.setCurrentIndex(0)
        self.demo.setFocus()

    def _same(self) -> str:
        return '' if self.password.text() == self.again.text() else _("The two passwords differ.")

    def _port_problem(self) -> str:
        typed = self.port.text().strip()
        return '' if typed.isdecimal() and 0 < int(typed) < 65536 else _("A port is a number from 1 to 65535.")
