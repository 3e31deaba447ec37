"""The filters of the case list as chips; each one can be loosened by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QWidget

from claimdesk.language import N_, _
from claimdesk.services.case_list import CaseQuery
from claimdesk.ui import text, theme
from claimdesk.ui.widgets import Button, ChoiceChip, DateEdit, FilterChip, MoneyEdit, PlainLabel, Popup
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import DueState, Line, Outcome, Stage, Word, label

_NOTHING = CaseQuery()
_GAP = 6
DUE_STATES = (DueState.OVERDUE, DueState.TODAY, DueState.SOON, DueState.ON_TIME, DueState.PAUSED)
ENDS = tuple(outcome for outcome in Outcome if outcome is not Outcome.OPEN)

# Which fields of the query each filter sets, and what it is called.
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    'text': (N_("Search"), ('text',)),
    'line': (N_("Line of business"), ('lines',)),
    'stage': (N_("Stage"), ('stages',)),
    'owner': (N_("Handler"), ('owner_ids',)),
    'team': (N_("Team"), ('team_ids',)),
    'due': (N_("Time limit"), ('due',)),
    'amount': (N_("Estimate"), ('amount_from', 'amount_to')),
    'reported': (N_("Reported"), ('reported_from', 'reported_to')),
    'missing': (N_("Documents missing"), ('missing_documents',)),
    'outcome': (N_("Open or closed"), ('open_only', 'outcomes')),
}


def loosen(query: CaseQuery, name: str) -> CaseQuery:
    """The query without one of its filters; without the filter for open cases it shows the closed ones too."""
    fields: dict[str, Any] = {field: getattr(_NOTHING, field) for field in FILTERS[name][1]}
    if name == 'outcome':
        fields = {'open_only': False, 'outcomes': frozenset()}
    return replace(query, **fields)


def active(query: CaseQuery) -> list[str]:
    """The names of the filters that narrow the list; that closed cases are hidden counts, too."""
    return [name for name in FILTERS if loosen(query, name) != query]


@dataclass(frozen=True)
class Choices:
    """The people and teams that can be chosen, as id and name."""

    people: Sequence[tuple[int, str]] = ()
    teams: Sequence[tuple[int, str]] = ()


Ends = tuple[Any, Any]


class RangeChip(FilterChip):
    """A filter from one value to another, either of which may be open; `field` makes a field for one end."""

    changed = Signal()

    def __init__(
        self,
        words: str,
        field: Callable[[], MoneyEdit | DateEdit],
        write: Callable[[Any], str],
        quick: Sequence[tuple[str, Callable[[], Ends]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        self._make, self._write, self._quick = field, write, quick
        self._ends: Ends = (None, None)
        self._fields: list[MoneyEdit | DateEdit] = []
        super().__init__(words, parent)

    def values(self) -> Ends:
        """Both ends; None where open."""
        return self._ends

    def set_values(self, first: Any, last: Any) -> None:
        """Show these ends, without telling."""
        self._ends = first, last
        for field, value in zip(self._fields, self._ends, strict=False):
            if field.value() != value or field.problem():
                field.set_value(value)
        self._summarise()

    def clear(self) -> None:
        self.set_values(None, None)
        self.cleared.emit()
        self.changed.emit()

    def fill(self, popup: Popup) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(theme.SPACE_8)
        for caption, value in zip((_("From"), _("To")), self._ends, strict=True):
            field = self._make()
            field.set_value(value)
            field.setMinimumWidth(150)
            field.setAccessibleName(f'{self._words}: {caption}')
            field.value_changed.connect(self._edited)
            form.addRow(PlainLabel(caption, 'secondary'), field)
            self._fields.append(field)
        quick = QHBoxLayout()
        quick.setSpacing(theme.SPACE_4)
        for words, ends in self._quick:
            quick.addWidget(Button(words, partial(self._choose, ends), kind='quiet'))
        row = QHBoxLayout()
        row.addWidget(Button(_("Clear"), self.clear, kind='link'))
        row.addStretch(1)
        self.problem = PlainLabel('', 'error', wrap=True)
        self.problem.hide()
        popup.column.addLayout(form)
        popup.column.addWidget(self.problem)
        popup.column.addLayout(quick)
        popup.column.addLayout(row)

    def open_popup(self) -> None:
        super().open_popup()
        self._fields[0].setFocus()

    def _choose(self, ends: Callable[[], Ends]) -> None:
        self.set_values(*ends())
        if self.popup is not None:
            self.popup.hide()
        self.changed.emit()

    def _edited(self) -> None:
        ends: list[Any] = [field.value() for field in self._fields]
        first, last = ends
        problem = next((field.problem() for field in self._fields if field.problem()), '')
        if not problem and first is not None and last is not None and first > last:
            problem = _("The first value is larger than the last.")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            self._ends = first, last
            self._summarise()
            self.changed.emit()

    def _summarise(self) -> None:
        first, last = self._ends
        if first is None and last is None:
            self.set_summary('')
        elif last is None:
            self.set_summary(_("from {first}").format(first=self._write(first)))
        elif first is None:
            self.set_summary(_("up to {last}").format(last=self._write(last)))
        else:
            self.set_summary(f'{self._write(first)} – {self._write(last)}')


class FilterBar(QWidget):
    """Every filter as a chip; `changed` follows each change by hand."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = ChoiceChip(_("Line of business"), _words(Line))
        self._stage = ChoiceChip(_("Stage"), _words(Stage))
        self._owner = ChoiceChip(_("Handler"))
        self._team = ChoiceChip(_("Team"))
        self._due = ChoiceChip(_("Time limit"), _words(DUE_STATES))
        self._amount = RangeChip(_("Estimate"), MoneyEdit, _short_money)
        spans = ((_("Today"), 0), (_("7 days"), 6), (_("30 days"), 29))
        quick = [(words, partial(_last_days, days)) for words, days in spans]
        self._reported = RangeChip(_("Reported"), DateEdit, text.day, quick)
        self._missing = QPushButton(_("Documents missing"))
        self._missing.setProperty('kind', 'chip')
        self._missing.setCheckable(True)
        self._outcome = ChoiceChip(_("Open or closed"), [(None, _("Open")), *_words(ENDS)])
        self.clear_all = Button(_("Clear all"), self._clear_all, kind='link')
        row = FlowLayout(self, _GAP)
        row.setContentsMargins(0, 2, 0, 2)
        chips = (
            self._line, self._stage, self._owner, self._team, self._due, self._amount, self._reported, self._missing,
            self._outcome, self.clear_all,
        )  # fmt: skip
        for chip in chips:
            row.addWidget(chip)
        for chip in (self._line, self._stage, self._owner, self._team, self._due, self._amount, self._reported,
                     self._outcome):  # fmt: skip
            chip.changed.connect(self._edited)
        self._missing.clicked.connect(self._edited)
        self.set_query(_NOTHING)

    def set_choices(self, choices: Choices) -> None:
        """Offer these people and teams."""
        for chip, pairs, ids in (
            (self._owner, choices.people, self._query.owner_ids), (self._team, choices.teams, self._query.team_ids),
        ):  # fmt: skip
            chip.set_choices(pairs)
            chip.set_values(ids)
            chip.setVisible(bool(pairs))

    def set_query(self, query: CaseQuery) -> None:
        """Show what `query` filters, without telling."""
        self._query = query
        self._line.set_values(query.lines)
        self._stage.set_values(query.stages)
        self._owner.set_values(query.owner_ids)
        self._team.set_values(query.team_ids)
        self._due.set_values(query.due)
        self._amount.set_values(query.amount_from, query.amount_to)
        self._reported.set_values(query.reported_from, query.reported_to)
        self._missing.setChecked(query.missing_documents)
        ends: list[Any] = sorted(query.outcomes)
        self._outcome.set_values([None, *ends] if query.open_only else ends)
        self._outcome.set_active(bool(ends) or not query.open_only)
        self.clear_all.setVisible(any(name not in ('text', 'outcome') for name in active(query)) or bool(ends))

    def query(self, base: CaseQuery) -> CaseQuery:
        """`base` with the filters as they are set here; its text and sorting stay."""
        amount_from, amount_to = self._amount.values()
        reported_from, reported_to = self._reported.values()
        ends = set(self._outcome.values())
        return replace(
            base,
            lines=frozenset(self._line.values()),
            stages=frozenset(self._stage.values()),
            owner_ids=frozenset(self._owner.values()) if not self._owner.isHidden() else base.owner_ids,
            team_ids=frozenset(self._team.values()) if not self._team.isHidden() else base.team_ids,
            due=frozenset(self._due.values()),
            amount_from=amount_from,
            amount_to=amount_to,
            reported_from=reported_from,
            reported_to=reported_to,
            missing_documents=self._missing.isChecked(),
            open_only=ends == {None},
            outcomes=frozenset() if ends == {None} else frozenset(Outcome.OPEN if end is None else end for end in ends),
        )

    def _edited(self) -> None:
        self.set_query(self.query(self._query))
        self.changed.emit()

    def _clear_all(self) -> None:
        self.set_query(replace(_NOTHING, text=self._query.text))
        self.changed.emit()


def summary(query: CaseQuery, name: str, choices: Choices) -> str:
    """What one filter is set to, in words: `Stage: Survey`."""
    title = _(FILTERS[name][0])
    people, teams = dict(choices.people), dict(choices.teams)
    comma = _(", ")
    values = {
        'text': lambda: query.text,
        'line': lambda: comma.join(label(line) for line in Line if line in query.lines),
        'stage': lambda: comma.join(label(stage) for stage in Stage if stage in query.stages),
        'owner': lambda: comma.join(people.get(owner, '?') for owner in sorted(query.owner_ids)),
        'team': lambda: comma.join(teams.get(team, '?') for team in sorted(query.team_ids)),
        'due': lambda: comma.join(label(state) for state in DueState if state in query.due),
        'amount': lambda: f'{_end(query.amount_from, _short_money)} – {_end(query.amount_to, _short_money)}',
        'reported': lambda: f'{_end(query.reported_from, text.day)} – {_end(query.reported_to, text.day)}',
        'missing': lambda: '',
        'outcome': lambda: _("only open cases") if query.open_only else comma.join(
            label(outcome) for outcome in Outcome if outcome in query.outcomes),
    }[name]()  # fmt: skip
    return _("{name}: {value}").format(name=title, value=values) if values else title


def _end(value: Any, write: Callable[[Any], str]) -> str:
    return '…' if value is None else write(value)


def _words(members: Any) -> list[tuple[Word, str]]:
    return [(member, label(member)) for member in members]


def _short_money(amount: Any) -> str:
    return text.money(amount).removesuffix('.00')


def _last_days(days: int) -> tuple[dt.date, dt.date]:
    today = dt.datetime.now(text.OFFICE_ZONE).date()
    return today - dt.timedelta(days=days), today
