"""The people of the office and its teams: who may sign in, as what, and who is away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import N_, _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.services.accounts import NewPerson, Person, TeamView
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_person import AbsenceDialog, PersonDialog
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Button, Combo, DataTable, IconButton, PlainLabel, SearchEdit, plain_tip, required
from claimdesk.vocabulary import label

Index = QModelIndex | QPersistentModelIndex
COLUMNS = (
    (N_("Full name"), 110),
    (N_("User name"), 130),
    (N_("Roles"), 240),
    (N_("Team"), 130),
    (N_("Phone"), 130),
    (N_("Open cases at most"), 140),
    (N_("State"), 100),
)


class PeopleRows(QAbstractTableModel):
    """People, those who may sign in first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.people: list[Person] = []

    def show(self, people: list[Person]) -> None:
        """Show these."""
        self.beginResetModel()
        self.people = people
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.people)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section][0])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        person = self.people[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            words = (
                person.name,
                person.login,
                _(", ").join(label(one) for one in person.roles),
                person.team,
                person.phone,
                str(person.capacity),
                _("May sign in") if person.active else _("Switched off"),
            )[index.column()]
            return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words
        if role == Qt.ItemDataRole.ForegroundRole and not person.active:
            return theme.colour('disabled')
        return None


class PeopleSection(Section):
    """All accounts; administrators change them, everybody may note their own absence."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, _("People"), '', wide=True)
        self._people: list[Person] = []
        self._teams: list[TeamView] = []
        self.may = self.explain_refusal(Permission.MANAGE_USERS)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.search = SearchEdit(_("Name, user name, role or team"))
        self.search.setMaximumWidth(320)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.new_button = Button(_("New person"), self.new, kind='primary', icon='user-plus', tip='Ins')
        self.edit_button = Button(_("Change…"), self.edit, icon='pencil', tip=_("Enter"))
        self.switch_button = Button(_("Switch off"), self.switch, icon='lock')
        self.absence_button = Button(_("Absences…"), self.absences, icon='calendar')
        self.own_button = Button(_("My absences…"), self.own_absences, kind='quiet', icon='calendar')
        row.addWidget(self.search, 1)
        row.addStretch(1)
        for button in (self.own_button, self.absence_button, self.switch_button, self.edit_button, self.new_button):
            row.addWidget(button)
            if not self.may and button is not self.own_button:
                button.hide()
        self.column.addLayout(row)
        self.rows = PeopleRows(self)
        self.table = DataTable('people', row_height=theme.ROW_ROOMY)
        self.table.setModel(self.rows)
        self.table.setProperty('cells', 'roomy')
        self.table.setProperty('framed', True)
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.setAccessibleName(_("People"))
        self.table.set_widths(*(width for _heading, width in COLUMNS))
        self.table.empty_words = lambda: _("Nobody fits. Try fewer words.")
        self.table.opened.connect(lambda _index: self.edit())
        self.table.selectionModel().currentRowChanged.connect(lambda _new, _old: self._light())
        self.search.wanted_down.connect(self.table.setFocus)
        self.column.addWidget(self.table, 1)
        if self.may:
            page.add_key('Ins', self._new_by_key, _("New person"))

    def opened(self) -> None:
        actor, accounts = self.desk.signed_in, self.desk.accounts
        self.page.run(
            lambda _progress: (accounts.people(actor, False), accounts.teams(actor)), self._show, self.failed,
            latest='people',
        )  # fmt: skip

    def changed(self, kinds: set[str]) -> None:
        if kinds & {'account', 'account_role', 'team'}:
            self.opened()

    def _show(self, found: tuple[list[Person], list[TeamView]]) -> None:
        people, self._teams = found
        self._people = sorted(people, key=lambda person: not person.active)
        self._filter()

    def _filter(self) -> None:
        chosen = self.chosen()
        words = self.search.text().casefold().split()
        shown = [person for person in self._people if all(word in _searched(person) for word in words)]
        self.rows.show(shown)
        row = next((at for at, person in enumerate(shown) if chosen and person.id == chosen.id), 0)
        if shown:
            self.table.selectRow(row)
        self._light()

    def chosen(self) -> Person | None:
        """The marked person."""
        index = self.table.currentIndex()
        return self.rows.people[index.row()] if index.isValid() and index.row() < len(self.rows.people) else None

    def _light(self) -> None:
        person = self.chosen()
        for button in (self.edit_button, self.switch_button, self.absence_button):
            button.setEnabled(person is not None)
        active = person is None or person.active
        self.switch_button.set_text(_("Switch off") if active else _("Switch on"))
        self.switch_button.set_icon('lock' if active else 'key-round')
        if person is not None and person.id == self.desk.signed_in.id:
            self.switch_button.setEnabled(False)

    def _new_by_key(self) -> None:
        if self.isVisible():
            self.new()

    def new(self) -> None:
        """Open an account."""
        dialog = PersonDialog(self.page, self._teams)
        if dialog.run() and dialog.saved is not None:
            self.opened()
            self.said(_("{name} may sign in now.").format(name=dialog.saved.name))
        dialog.deleteLater()

    def edit(self) -> None:
        """Change the marked person."""
        person = self.chosen()
        if person is None or not self.may:
            return
        dialog = PersonDialog(self.page, self._teams, person)
        if dialog.run() and dialog.saved is not None:
            self.opened()
            self.said(_("{name} is changed.").format(name=dialog.saved.name))
        dialog.deleteLater()

    def switch(self) -> None:
        """Let the marked person sign in no longer, or again."""
        person = self.chosen()
        if person is not None:
            self._switch(person, not person.active)

    def _switch(self, person: Person, active: bool) -> None:
        typed = NewPerson(
            person.login, person.name, person.roles, '', person.team_id, person.phone, person.capacity
        )
        actor, accounts = self.desk.signed_in, self.desk.accounts
        self.page.run(
            lambda _progress: accounts.edit(actor, person.id, person.version, typed, active), self._switched,
            self._not_switched,
        )  # fmt: skip

    def _switched(self, person: Person) -> None:
        self.opened()
        words = _("{name} may sign in again.") if person.active else _("{name} can no longer sign in.")
        self.said(words.format(name=person.name), partial(self._switch, person, not person.active))

    def _not_switched(self, error: ClaimDeskError) -> None:
        self.opened()
        self.failed(error)

    def absences(self) -> None:
        """When the marked person is away."""
        person = self.chosen()
        if person is not None:
            self._absences(person.id, person.name)

    def own_absences(self) -> None:
        """When the person at the desk is away."""
        actor = self.desk.signed_in
        self._absences(actor.id, actor.name)

    def _absences(self, person_id: int, name: str) -> None:
        dialog = AbsenceDialog(self.page, person_id, name, [person for person in self._people if person.active])
        dialog.run()
        dialog.deleteLater()


class TeamsSection(Section):
    """The teams; an empty one can be removed."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, _("Teams"), _("People and cases belong to a team; lists can be narrowed to one."))
        self.may = self.explain_refusal(Permission.MANAGE_USERS)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_4)
        self.column.addLayout(self._list)
        self.new_button = Button(_("New team"), self.new, icon='plus')
        if not self.may:
            self.new_button.hide()
        self.column.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)

    def opened(self) -> None:
        actor, accounts = self.desk.signed_in, self.desk.accounts
        self.page.run(lambda _progress: accounts.teams(actor), self._show, self.failed, latest='teams')

    def changed(self, kinds: set[str]) -> None:
        if kinds & {'account', 'team', 'team_lead'}:
            self.opened()

    def _show(self, teams: list[TeamView]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for team in teams:
            self._list.addWidget(self._line(team))
        if not teams:
            self._list.addWidget(PlainLabel(_("There are no teams."), 'secondary'))

    def _line(self, team: TeamView) -> QWidget:
        line = QWidget()
        line.setProperty('surface', 'card')
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(line)
        row.setContentsMargins(theme.SPACE_12, theme.SPACE_4, theme.SPACE_8, theme.SPACE_4)
        count = ngettext("{count} person", "{count} people", team.people).format(count=team.people)
        row.addWidget(PlainLabel(team.name, 'strong'))
        row.addSpacing(theme.SPACE_8)
        row.addWidget(PlainLabel(count, 'secondary'))
        row.addStretch(1)
        led = _("Led by {name}").format(name=team.lead) if team.lead else _("No lead")
        words = _("Choose who leads {name}").format(name=team.name)
        lead = Button(led, partial(self.choose_lead, team), kind='quiet', icon='user-round', tip=words)
        lead.setEnabled(self.may)
        row.addWidget(lead)
        rename = IconButton('pencil', _("Rename {name}").format(name=team.name), partial(self.rename, team))
        remove = IconButton('trash-2', _("Remove {name}").format(name=team.name), partial(self.remove, team))
        for button in (rename, remove) if self.may else ():
            row.addWidget(button)
        return line

    def choose_lead(self, team: TeamView) -> None:
        """Choose who leads a team."""
        actor, accounts = self.desk.signed_in, self.desk.accounts
        self.page.run(lambda _progress: accounts.people(actor), partial(self._ask_lead, team))

    def _ask_lead(self, team: TeamView, people: list[Person]) -> None:
        dialog = Dialog(
            self.page, _("Choose who leads {name}").format(name=team.name),
            _("The lead is told of cases of the team that have been late for a while."), _("Choose"),
        )  # fmt: skip
        who = Combo()
        who.setAccessibleName(_("Team lead"))
        who.add(0, _("Nobody"))
        for person in people:
            if person.active:
                who.add(person.id, _(", ").join(part for part in (person.name, person.team) if part))
        who.set_value(team.lead_id or 0)
        dialog.column.addWidget(who)
        who.setFocus()
        if dialog.run() and who.value() is not None:
            self._lead(team, who.value() or None)

    def _lead(self, team: TeamView, person_id: int | None) -> None:
        actor, accounts = self.desk.signed_in, self.desk.accounts
        undo = partial(self._lead, team, team.lead_id) if person_id != team.lead_id else None
        self.page.run(
            lambda _progress: accounts.set_lead(actor, team.id, person_id),
            lambda _none: self._done(_("The lead of {name} is chosen.").format(name=team.name), undo),
            self.failed,
        )

    def new(self) -> None:
        """Add a team."""
        name = self._ask_name(_("New team"), '', _("Add the team"))
        if name:
            self._save(name)

    def rename(self, team: TeamView) -> None:
        """Call a team differently."""
        name = self._ask_name(_("Rename {name}").format(name=team.name), team.name, _("Rename"))
        if name and name != team.name:
            self._save(name, team, lambda saved: self._save(team.name, saved))

    def remove(self, team: TeamView) -> None:
        """Remove an empty team."""
        actor, accounts = self.desk.signed_in, self.desk.accounts
        self.page.run(
            lambda _progress: accounts.remove_team(actor, team.id, team.version),
            lambda _nothing: self._done(_("{name} is removed.").format(name=team.name), partial(self._save, team.name)),
            self.failed,
        )

    def _save(self, name: str, team: TeamView | None = None, back: object = None) -> None:
        actor, accounts = self.desk.signed_in, self.desk.accounts
        team_id, version = (None, 0) if team is None else (team.id, team.version)

        def done(saved: TeamView) -> None:
            undo = partial(back, saved) if callable(back) else None
            self._done(_("{name} is saved.").format(name=saved.name), undo)

        self.page.run(lambda _progress: accounts.save_team(actor, name, team_id, version), done, self.failed)

    def _done(self, words: str, undo: partial[None] | None = None) -> None:
        self.opened()
        self.said(words, undo)

    def _ask_name(self, title: str, name: str, action: str) -> str:
        dialog = Dialog(self.page, title, '', action)
        field = QLineEdit(name)
        field.setAccessibleName(_("Name of the team"))
        field.setMaxLength(40)
        field.selectAll()
        dialog.column.addWidget(field)
        dialog.accept_if = required(field.text)
        field.setFocus()
        typed = field.text().strip() if dialog.run() else ''
        dialog.deleteLater()
        return typed


def _searched(person: Person) -> str:
    roles = ' '.join(label(role) for role in person.roles)
    return f'{person.name} {person.login} {roles} {person.team}'.casefold()
