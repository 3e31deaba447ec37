"""Who is in the case and how to reach them: one line each, taken in, corrected and taken out."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.parties import FROM_POLICY, PartyEntry, PartyView, problems
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import (
    Button,
    Combo,
    DateEdit,
    FormGrid,
    IconButton,
    PlainLabel,
    SectionHeader,
    card_column,
    clear,
    plain_tip,
)
from claimdesk.vocabulary import Party, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

_LENGTHS = {'name': 120, 'phone': 24, 'id_number': 24, 'address': 200}


class PeopleCard(QWidget):
    """The people of the case, those of the policy first."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._may = False
        column = card_column(self)
        head = SectionHeader(_("People"))
        self.add_button = Button(_("Add…"), self.ask_new, icon='plus')
        head.add(self.add_button)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.SPACE_12)
        column.addWidget(head)
        column.addLayout(self._lines)

    def show_case(self, file: CaseFile) -> None:
        """Show the people of the case."""
        why = why_not(file, Permission.EDIT_CASE)
        self._may = not why
        self.add_button.setEnabled(self._may)
        self.add_button.setToolTip(plain_tip(why))
        clear(self._lines)
        for party in file.case.parties:
            self._lines.addWidget(self._line(party))

    def _line(self, party: PartyView) -> QWidget:
        line = QWidget()
        grid = QGridLayout(line)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE_4)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(PlainLabel(label(party.role), 'caption'), 0, 0)
        grid.addWidget(PlainLabel(party.name, 'strong', wrap=True, selectable=True), 1, 0)
        born = _("born {day}").format(day=party.born_on) if party.born_on else ''
        reach = ' · '.join(part for part in (party.phone, party.id_number, born, party.address) if part)
        if reach:
            grid.addWidget(PlainLabel(reach, 'secondary', wrap=True, selectable=True), 2, 0)
        edit = IconButton('pencil', _("Correct {name}").format(name=party.name), partial(self.ask, party))
        edit.setEnabled(self._may)
        grid.addWidget(edit, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        if not party.from_policy:
            out = IconButton('x', _("Take {name} out of the case").format(name=party.name), partial(self._take, party))
            out.setEnabled(self._may)
            grid.addWidget(out, 0, 2, 2, 1, Qt.AlignmentFlag.AlignTop)
        return line

    def ask_new(self) -> None:
        """Ask for somebody new."""
        self.ask(None)

    def ask(self, party: PartyView | None, typed: PartyEntry | None = None) -> None:
        """Ask who it is; what was typed comes back where it could not be saved."""
        title = _("Correct a person") if party else _("Add a person")
        dialog = Dialog(self, title, '', _("Save"), width=520)
        form = PersonForm(party, typed)
        dialog.column.addWidget(form)
        dialog.accept_if = form.problem
        (form.field('phone') if party is not None and party.from_policy else form.field('name')).setFocus()
        if dialog.run():
            self._save(party, form.entry())

    def _save(self, party: PartyView | None, entry: PartyEntry) -> None:
        parties, case_id = self._page.desk.parties, self._page.case_id
        failed = partial(self._failed, party, entry)
        if party is None:
            self._page.saving.act(
                lambda actor: parties.add(actor, case_id, entry),
                _("{name} is in the case.").format(name=entry.name),
                failed=failed,
            )
        else:
            self._page.saving.act(
                lambda actor: parties.change(actor, party.id, party.version, entry),
                _("{name} is corrected.").format(name=entry.name),
                failed=failed,
            )

    def _failed(self, party: PartyView | None, entry: PartyEntry, error: ClaimDeskError) -> None:
        if isinstance(error, InvalidInput):
            self._page.banner.show_error(error, _("Try again"), lambda: self.ask(party, entry))
        else:
            self._page.show_error(error)

    def _take(self, party: PartyView) -> None:
        parties, case_id = self._page.desk.parties, self._page.case_id
        entry = _entry(party)
        self._page.saving.act(
            lambda actor: parties.remove(actor, party.id),
            _("{name} is no longer in the case.").format(name=party.name),
            undo=lambda _nothing: partial(
                self._page.saving.act,
                lambda actor: parties.add(actor, case_id, entry),
                _("{name} is in the case.").format(name=party.name),
            ),
        )


class PersonForm(FormGrid):
    """Role, name, and how to reach the person."""

    def __init__(self, party: PartyView | None, typed: PartyEntry | None) -> None:
        super().__init__(2)
        shown = typed or (_entry(party) if party is not None else PartyEntry(Party.THIRD_PARTY, ''))
        fixed = party is not None and party.from_policy
        self._known_number = party.id_number if party is not None else ''
        self._role = Combo(searchable=False)
        for role in Party:
            if (role in FROM_POLICY) is fixed:
                self._role.add(role, label(role))
        self._role.set_value(shown.role)
        self._company = QCheckBox(_("A company"))
        self._company.setChecked(shown.company)
        self.add('role', _("Role"), self._role)
        self.add('company', _("Kind"), self._company)
        names = (('name', _("Name")), ('phone', _("Phone")), ('id_number', _("Identity number or company code")))
        self._lines = {name: QLineEdit(getattr(shown, name)) for name in _LENGTHS}
        for name, words in (*names, ('address', _("Address"))):
            line = self._lines[name]
            line.setMaxLength(_LENGTHS[name])
            span = 2 if name in ('name', 'address') else 1
            self.add(name, words, line, span=span, required=name == 'name', check=partial(self._wrong, name))
        self._born = DateEdit()
        self._born.set_value(shown.born_on)
        self.add('born_on', _("Date of birth"), self._born, check=self._birth_wrong)
        if fixed:
            for field in (self._role, self._company, self.field('name')):
                field.setEnabled(False)

    def entry(self) -> PartyEntry:
        """What is typed."""
        typed = {name: line.text() for name, line in self._lines.items()}
        role, company, born_on = Party(self._role.value()), self._company.isChecked(), self._born.value()
        return PartyEntry(role=role, company=company, born_on=born_on, **typed)

    def problem(self) -> str | None:
        """None keeps the dialog open, with the reason at its field."""
        return '' if self.check() else None

    def _birth_wrong(self) -> str:
        return self._born.problem() or self._wrong('born_on')

    def _wrong(self, name: str) -> str:
        return problems(asdict(self.entry()), self._known_number).get(name, '')


def _entry(party: PartyView) -> PartyEntry:
    return PartyEntry(
        party.role, party.name, party.phone, party.address, party.id_number, party.company, party.born_on
    )
