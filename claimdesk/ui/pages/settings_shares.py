"""Who may be given which cases: skills, areas, the share of the work, and how many open cases at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput
from claimdesk.language import N_, _
from claimdesk.rules.assignment import Skill
from claimdesk.rules.permissions import Permission
from claimdesk.services.work_profiles import LEAST_WEIGHT, MOST_WEIGHT, Share
from claimdesk.ui import text, theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.case.figure_fields import WholeEdit
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Button, DataTable, FormGrid, NumberEdit, PlainLabel
from claimdesk.ui.widgets.column_table import Column, ColumnRows
from claimdesk.vocabulary import label

COLUMNS = (
    Column(N_("Name"), 96, lambda row: row.name),
    Column(N_("Roles"), 150, lambda row: _(", ").join(label(role) for role in row.roles)),
    Column(N_("Skills"), 150, lambda row: skills_words(row.profile.skills)),
    Column(N_("Areas"), 110, lambda row: _(", ").join(row.profile.areas) or _("everywhere")),
    Column(N_("Share"), 64, lambda row: f'{row.profile.weight}%', amount=True),
    Column(N_("Open cases"), 84, lambda row: f'{row.open_cases} / {row.capacity}', amount=True),
    Column(N_("Approves up to"), 180, lambda row: row.limits or text.DASH),
    Column(N_("Today"), 70, lambda row: _("away") if row.away else ''),
)


def skills_words(skills: frozenset[Skill]) -> str:
    """The skills by name; without any a person takes everything."""
    return _(", ").join(label(skill) for skill in Skill if skill in skills) or _("everything")


class SharesSection(Section):
    """Everybody who is given cases, and the form of whoever is marked."""

    def __init__(self, page: Page) -> None:
        sentence = _(
            "Without a skill a person takes everything, without an area they work everywhere. Nobody is given a case "
            "whose people bear their name or phone number, nor is anybody to approve what they worked on. Up to which "
            "amount somebody approves stands under Authority, absences under People."
        )
        super().__init__(page, _("Shares of work"), sentence, wide=True)
        self.may = self.explain_refusal(Permission.MANAGE_USERS)
        self._shown: dict[str, Any] | None = None
        self._chosen: Share | None = None
        self._wanted: int | None = None
        self.rows = ColumnRows(COLUMNS, self)
        self.table = DataTable('shares', row_height=theme.ROW_COMPACT)
        self.table.setProperty('cells', 'roomy')
        self.table.setProperty('framed', True)
        self.table.setModel(self.rows)
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.setAccessibleName(_("Shares of work"))
        self.table.set_widths(*self.rows.widths())
        self.table.setMinimumHeight(240)
        self.table.empty_words = lambda: _("Nobody of the office is given cases yet. Add people under People.")
        self.table.selectionModel().currentRowChanged.connect(lambda new, _old: self._choose(new.row()))
        self.table.opened.connect(lambda _index: self.weight.setFocus())
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self._form())
        self.column.addLayout(self._buttons())
        self._light()

    def _form(self) -> FormGrid:
        self.form = FormGrid(4)
        self.skills = {skill: QCheckBox(label(skill)) for skill in Skill}
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_16)
        for box in self.skills.values():
            box.toggled.connect(self._light)
            row.addWidget(box)
        row.addStretch(1)
        self.who = PlainLabel('', 'section')
        self.form.add_heading(self.who)
        self.areas, self.weight = QLineEdit(), NumberEdit(LEAST_WEIGHT, MOST_WEIGHT)
        self.capacity, self.most = NumberEdit(0, 500), WholeEdit(1000)
        self.form.add('skills', _("Skills"), holder, span=4, hint=_("None: everything"))
        self.form.add('areas', _("Areas"), self.areas, hint=_("With commas between them; none: everywhere"))
        self.form.add('weight', _("Share of the work, percent"), self.weight, hint=_("100 is a full share"))
        self.form.add('capacity', _("A full load, open cases"), self.capacity, hint=_("More only if all are full"))
        self.form.add(
            'hard_capacity', _("Never more than"), self.most, hint=_("Empty: by the rule of Assignment"),
            check=self.most.problem,
        )  # fmt: skip
        for number in (self.weight, self.capacity):
            number.valueChanged.connect(self._light)
        for line_edit in (self.areas, self.most):
            line_edit.textEdited.connect(self._light)
        return self.form

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.save_button = Button(_("Save"), self.save, kind='primary', tip='Ctrl+S')
        self.discard_button = Button(_("Discard"), self._put_back, icon='undo-2')
        row.addWidget(self.save_button)
        row.addWidget(self.discard_button)
        row.addStretch(1)
        return row

    def opened(self) -> None:
        profiles, actor = self.desk.work_profiles, self.desk.signed_in
        self.page.run(lambda _progress: profiles.shares(actor), self._show, self.failed, latest='shares')

    def changed(self, kinds: set[str]) -> None:
        if kinds & {'work_profile', 'account', 'account_role', 'absence', 'office_setting', 'claim_case'}:
            self.opened()

    def _show(self, shares: Sequence[Share]) -> None:
        wanted = self._wanted or (self._chosen.profile.person_id if self._chosen is not None else None)
        self._wanted = None
        typed = self.value() if self.has_unsaved() else None
        self.rows.show(shares)
        place = next((at for at, one in enumerate(shares) if one.profile.person_id == wanted), 0)
        self._chosen = None
        if shares:
            self.table.selectRow(place)
            self._choose(place)
        if typed is not None:
            self._fill(typed)
        self._light()

    def _choose(self, row: int) -> None:
        one = self.rows.rows[row] if 0 <= row < len(self.rows.rows) else None
        if one is None or (self._chosen is not None and one == self._chosen):
            return
        if self.has_unsaved() and self._chosen is not None:
            place = self.rows.rows.index(self._chosen)
            self.shell.status.emit(_("Save or discard what you changed first."))
            self.table.selectRow(place)
            return
        self._chosen = one
        self.who.setText(one.name)
        self._put_back()

    def _put_back(self) -> None:
        if self._chosen is not None:
            self._fill(_values(self._chosen))
            self._shown = self.value()
            self.form.clear_errors()
            self._light()

    def _fill(self, values: dict[str, Any]) -> None:
        for skill, box in self.skills.items():
            box.setChecked(skill in values['skills'])
        self.areas.setText(_(", ").join(values['areas']))
        self.weight.setValue(values['weight'])
        self.capacity.setValue(values['capacity'])
        self.most.set_value(values['hard_capacity'])

    def value(self) -> dict[str, Any]:
        """What the form says."""
        areas = self.areas.text().replace('，', ',').replace('、', ',').split(',')
        return {
            'skills': [skill for skill, box in self.skills.items() if box.isChecked()],
            'areas': [area.strip() for area in areas if area.strip()],
            'weight': self.weight.value(),
            'capacity': self.capacity.value(),
            'hard_capacity': self.most.value(),
        }

    def _light(self, *_ignored: object) -> None:
        unsaved = self.has_unsaved()
        self.form.setEnabled(self.may and self._chosen is not None)
        self.save_button.setEnabled(self.may and unsaved)
        self.discard_button.setEnabled(unsaved)

    def save(self) -> None:
        """Ctrl+S: save what is typed of whoever is marked."""
        if self._chosen is not None and self.may and self.has_unsaved() and self.form.check():
            self._write(self._chosen, self.value(), undo=_values(self._chosen))

    def _write(self, one: Share, values: dict[str, Any], undo: dict[str, Any] | None) -> None:
        profiles, actor = self.desk.work_profiles, self.desk.signed_in
        plain = {**values, 'capacity': (values['capacity'], one.account_version)}
        person_id, version = one.profile.person_id, one.profile.version
        self.page.run(
            lambda _progress: profiles.save(actor, person_id, version, **plain),
            lambda _view: self._was_saved(one, undo),
            self._refused,
        )

    def _was_saved(self, one: Share, undo: dict[str, Any] | None) -> None:
        self._shown = None
        self._wanted = one.profile.person_id
        back = None if undo is None else partial(self._take_back, one.profile.person_id, undo)
        self.said(_("What {name} is given is saved.").format(name=one.name), back)
        self.opened()

    def _take_back(self, person_id: int, values: dict[str, Any]) -> None:
        now = next((one for one in self.rows.rows if one.profile.person_id == person_id), None)
        if now is not None:
            self._write(now, values, undo=None)

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, Conflict):
            self._shown = None
            self.opened()
        if not isinstance(error, InvalidInput) or not error.fields or self.form.show_errors(error.fields):
            self.failed(error)

    def has_unsaved(self) -> bool:
        return self._shown is not None and self.value() != self._shown

    def keep(self) -> Any:
        if self._chosen is None or not self.has_unsaved():
            return None
        return self._chosen.profile.person_id, self.value()

    def restore(self, kept: Any) -> None:
        self._wanted, values = kept
        self._shown = {}
        self._fill(values)


def _values(one: Share) -> dict[str, Any]:
    """What the form shows of somebody."""
    return {
        'skills': [skill for skill in Skill if skill in one.profile.skills],
        'areas': list(one.profile.areas),
        'weight': one.profile.weight,
        'capacity': one.capacity,
        'hard_capacity': one.profile.hard_capacity,
    }
