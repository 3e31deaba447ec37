"""Dialogs about one person: the account with its roles, and the days on which the person is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput
from claimdesk.identifiers import phone_ok
from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.services.accounts import AbsenceView, NewPerson, Person, TeamView
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Page
from claimdesk.ui.widgets import (
    Button,
    Combo,
    DateEdit,
    FormGrid,
    IconButton,
    NumberEdit,
    PasswordEdit,
    PlainLabel,
    required,
)
from claimdesk.vocabulary import Role, label


class PersonDialog(Dialog):
    """A new account, or one to change; `saved` holds the person once it closed with its main button."""

    def __init__(self, page: Page, teams: Sequence[TeamView], person: Person | None = None) -> None:
        title = _("New person") if person is None else person.name
        super().__init__(page, title, '', _("Open the account") if person is None else _("Save"), width=620)
        self._page, self._person = page, person
        self.saved: Person | None = None
        self.form = FormGrid(2)
        self.login, self.name, self.phone, self.team = QLineEdit(), QLineEdit(), QLineEdit(), Combo()
        self.password, self.capacity, self.active = PasswordEdit(), NumberEdit(0, 500), QCheckBox(_("May sign in"))
        self.team.add(None, _("No team"))
        for team in teams:
            self.team.add(team.id, team.name)
        add = self.form.add
        add('name', _("Full name"), self.name, required=True, check=required(self.name.text))
        add('login', _("User name to sign in with"), self.login, required=True, check=required(self.login.text))
        add('team', _("Team"), self.team)
        add('phone', _("Phone"), self.phone, check=self._phone_problem)
        add('capacity', _("Open cases at most"), self.capacity, hint=_("New cases go to whoever has the most room."))
        add('password', _("Password") if person is None else _("New password"), self.password,
            required=person is None, hint='' if person is None else _("Leave it empty to keep the old one."),
            check=required(self.password.text) if person is None else None)  # fmt: skip
        self.column.addWidget(self.form)
        self.column.addWidget(PlainLabel(_("Roles"), 'caption'))
        self.roles: dict[Role, QCheckBox] = {}
        self.column.addLayout(self._role_boxes())
        self._roles_error = PlainLabel('', 'error', wrap=True)
        self._roles_error.hide()
        self.column.addWidget(self._roles_error)
        self.column.addWidget(self.active)
        self.accept_if = self._save
        self._fill(person)
        self.name.setFocus()

    def _role_boxes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_16)
        grid.setVerticalSpacing(theme.SPACE_4)
        for number, role in enumerate(Role):
            box = QCheckBox(label(role))
            self.roles[role] = box
            grid.addWidget(box, number // 3, number % 3)
        return grid

    def _fill(self, person: Person | None) -> None:
        self.active.setVisible(person is not None)
        self.active.setChecked(person is None or person.active)
        self.capacity.setValue(60 if person is None else person.capacity)
        self.team.set_value(None if person is None else person.team_id)
        if person is None:
            return
        self.name.setText(person.name)
        self.login.setText(person.login)
        self.login.setReadOnly(True)
        self.phone.setText(person.phone)
        for role in person.roles:
            self.roles[role].setChecked(True)

    def _phone_problem(self) -> str:
        typed = self.phone.text().strip()
        return '' if not typed or phone_ok(typed) else _("This is not a phone number.")

    def _save(self) -> str | None:
        if not self.form.check():
            return None
        typed = NewPerson(
            login=self.login.text(),
            name=self.name.text(),
            roles=tuple(role for role, box in self.roles.items() if box.isChecked()),
            password=self.password.text(),
            team_id=self.team.value(),
            phone=self.phone.text(),
            capacity=self.capacity.value(),
        )
        actor, accounts = self._page.desk.signed_in, self._page.desk.accounts
        person, active = self._person, self.active.isChecked()
        self.banner.clear()
        self.ok_button.setEnabled(False)
        self._page.shell.tasks.run(
            self,
            lambda _progress: accounts.create(actor, typed)
            if person is None
            else accounts.edit(actor, person.id, person.version, typed, active),
            self._done,
            self._failed,
        )
        return None

    def _done(self, person: Person) -> None:
        self.saved = person
        self.accept()

    def _failed(self, error: ClaimDeskError) -> None:
        self.ok_button.setEnabled(True)
        fields = dict(error.fields) if isinstance(error, InvalidInput) else {}
        roles = fields.pop('roles', '')
        self._roles_error.setText(roles)
        self._roles_error.setVisible(bool(roles))
        if isinstance(error, Conflict):
            self.banner.show_message(error.sentence, _("Close this and open the person again."), 'error')
        elif (not fields and not roles) or self.form.show_errors(fields):
            self.banner.show_error(error)


class AbsenceDialog(Dialog):
    """When a person is away, from now on; days are added and removed at once."""

    def __init__(self, page: Page, person_id: int, name: str, people: Sequence[Person]) -> None:
        super().__init__(
            page, _("Absences of {name}").format(name=name),
            _("On these days no new case is given to this person."), _("Close"), cancel='', width=560,
        )  # fmt: skip
        self._page, self._person_id = page, person_id
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_4)
        self.column.addLayout(self._list)
        self.form = FormGrid(2)
        self.first, self.last = DateEdit(), DateEdit()
        self.substitute, self.reason = Combo(placeholder=_("Nobody")), QLineEdit()
        for person in people:
            if person.id != person_id:
                self.substitute.add(person.id, person.name)
        self.form.add('starts_on', _("First day"), self.first, check=lambda: self._problem(self.first))
        self.form.add('ends_on', _("Last day"), self.last, check=lambda: self._problem(self.last))
        self.form.add('substitute', _("Who stands in"), self.substitute)
        self.form.add('reason', _("Reason"), self.reason)
        self.add_button = Button(_("Note the absence"), self.add, icon='plus')
        self.column.addWidget(self.form)
        self.column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.ok_button.setDefault(False)
        self.ok_button.setAutoDefault(False)
        self.first.setFocus()
        self._load()

    def _problem(self, field: DateEdit) -> str:
        return field.problem() or ('' if field.value() else _("Please fill this in."))

    def _load(self) -> None:
        actor, accounts, person_id = self._page.desk.signed_in, self._page.desk.accounts, self._person_id
        self._page.shell.tasks.run(
            self, lambda _progress: accounts.absences(actor, person_id), self._show, self.banner.show_error
        )

    def _show(self, absences: list[AbsenceView]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for absence in absences:
            self._list.addWidget(self._line(absence))
        if not absences:
            self._list.addWidget(PlainLabel(_("Nothing is noted."), 'secondary'))

    def _line(self, absence: AbsenceView) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        days = text.day(absence.starts_on)
        if absence.ends_on != absence.starts_on:
            days = f'{days} – {text.day(absence.ends_on)}'
        stands_in = _("{name} stands in").format(name=absence.substitute) if absence.substitute else ''
        words = ' · '.join(part for part in (days, absence.reason, stands_in) if part)
        row.addWidget(PlainLabel(words), 1)
        row.addWidget(IconButton('trash-2', _("Remove"), partial(self.remove, absence)))
        return line

    def add(self) -> None:
        """Note the days that are typed."""
        first, last = self.first.value(), self.last.value()
        if not self.form.check() or first is None or last is None:
            return
        actor, accounts, person_id = self._page.desk.signed_in, self._page.desk.accounts, self._person_id
        substitute, reason = self.substitute.value(), self.reason.text().strip()
        self._run(lambda _progress: accounts.note_absence(actor, person_id, first, last, substitute, reason))

    def remove(self, absence: AbsenceView) -> None:
        """The person is here after all."""
        actor, accounts = self._page.desk.signed_in, self._page.desk.accounts
        self._run(lambda _progress: accounts.remove_absence(actor, absence.id, absence.version))

    def _run(self, work: Callable[[Progress], None]) -> None:
        self.banner.clear()
        self._page.shell.tasks.run(self, work, self._changed, self._failed)

    def _changed(self, _nothing: None) -> None:
        for field in (self.first, self.last, self.reason):
            field.clear()
        self.substitute.set_value(None)
        self.form.clear_errors()
        self._load()

    def _failed(self, error: ClaimDeskError) -> None:
        if not isinstance(error, InvalidInput) or not error.fields or self.form.show_errors(error.fields):
            self.banner.show_error(error)
