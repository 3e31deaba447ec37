"""The settings: sections on the left, one of them on the right; what somebody may not change says who may."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QStackedWidget, QWidget

from claimdesk.language import N_, _
from claimdesk.ui import icons, theme
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.settings_about import AboutSection
from claimdesk.ui.pages.settings_assignment import AssignmentSection
from claimdesk.ui.pages.settings_authority import AuthoritySection
from claimdesk.ui.pages.settings_bank import BankSection
from claimdesk.ui.pages.settings_care import CallBackSection, CausesSection
from claimdesk.ui.pages.settings_checklists import ChecklistsSection
from claimdesk.ui.pages.settings_figures import FiguresSection
from claimdesk.ui.pages.settings_hours import HoursSection, RemindersSection
from claimdesk.ui.pages.settings_injury import InjurySection
from claimdesk.ui.pages.settings_learned import LearnedSection
from claimdesk.ui.pages.settings_letters import LettersSection
from claimdesk.ui.pages.settings_office import CalendarSection, OfficeSection
from claimdesk.ui.pages.settings_papers import ChecksSection, HospitalsSection
from claimdesk.ui.pages.settings_people import PeopleSection, TeamsSection
from claimdesk.ui.pages.settings_reviews import ReviewsSection
from claimdesk.ui.pages.settings_risk import AutomaticSection, RiskSection
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.pages.settings_shares import SharesSection
from claimdesk.ui.pages.settings_storage import StorageSection
from claimdesk.ui.pages.settings_targets import TargetsSection
from claimdesk.ui.pages.settings_workstation import WorkstationSection
from claimdesk.ui.widgets import separator

if TYPE_CHECKING:
    from claimdesk.app import Desk

SECTIONS: dict[str, tuple[str, str, Callable[[Page], Section]]] = {
    'workstation': (N_("This computer"), 'monitor', WorkstationSection),
    'office': (N_("Office"), 'building-2', OfficeSection),
    'storage': (N_("Document storage"), 'archive', StorageSection),
    'calendar': (N_("Calendar"), 'calendar', CalendarSection),
    'hours': (N_("Office hours"), 'clock', HoursSection),
    'targets': (N_("Targets"), 'calendar-clock', TargetsSection),
    'reminders': (N_("Reminders"), 'alarm-clock', RemindersSection),
    'people': (N_("People"), 'users', PeopleSection),
    'teams': (N_("Teams"), 'layers', TeamsSection),
    'assignment': (N_("Assignment"), 'merge', AssignmentSection),
    'shares': (N_("Shares of work"), 'user-round', SharesSection),
    'checklists': (N_("Checklists"), 'list-checks', ChecklistsSection),
    'paper_checks': (N_("Checks of papers"), 'shield-check', ChecksSection),
    'hospitals': (N_("Hospitals"), 'heart-pulse', HospitalsSection),
    'learned': (N_("Learned reading"), 'scan-text', LearnedSection),
    'letters': (N_("Letters"), 'mail', LettersSection),
    'reviews': (N_("Reviews of the loss"), 'eye', ReviewsSection),
    'figures': (N_("Adjustment figures"), 'calculator', FiguresSection),
    'injury': (N_("Injury figures"), 'heart-pulse', InjurySection),
    'risk': (N_("Risk signals"), 'triangle-alert', RiskSection),
    'automatic': (N_("Automatic approval"), 'shield-check', AutomaticSection),
    'call_backs': (N_("Call-backs"), 'phone', CallBackSection),
    'root_causes': (N_("Root causes"), 'message-square', CausesSection),
    'authority': (N_("Authority"), 'stamp', AuthoritySection),
    'bank': (N_("Bank file"), 'wallet', BankSection),
    'about': (N_("About"), 'info', AboutSection),
}


class SettingsPage(Page):
    """A section is built when it is first looked at."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'settings'
        self.title = _("Settings")
        self._sections: dict[str, Section] = {}
        self._places: dict[str, QScrollArea] = {}
        self._kept: dict[str, Any] = {}
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.list = self._list()
        row.addWidget(self.list)
        row.addWidget(separator(upright=True))
        self._stack = QStackedWidget()
        row.addWidget(self._stack, 1)
        self.body.addLayout(row, 1)
        self.add_key('Ctrl+S', self._save, _("Save"))
        self.list.setCurrentRow(0)

    def _list(self) -> QListWidget:
        chosen = QListWidget()
        chosen.setFixedWidth(200)
        chosen.setAccessibleName(_("Settings"))
        chosen.setIconSize(QSize(icons.SMALL, icons.SMALL))
        chosen.setProperty('nav', True)
        chosen.setSpacing(2)
        for name, (words, icon, _kind) in SECTIONS.items():
            item = QListWidgetItem(icons.icon(icon, 'secondary'), _(words))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setSizeHint(QSize(180, theme.ROW_ROOMY))
            chosen.addItem(item)
        chosen.currentRowChanged.connect(self._row_chosen)
        return chosen

    def commands(self) -> list[Command]:
        return [Command(_(words), partial(self.arrive, name), icon) for name, (words, icon, _kind) in SECTIONS.items()]

    def section(self, name: str = '') -> Section:
        """The section called `name`, or the one in front; built the first time."""
        name = name or list(SECTIONS)[max(0, self.list.currentRow())]
        if name not in self._sections:
            section = SECTIONS[name][2](self)
            self._sections[name] = section
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            section.setProperty('surface', 'page')
            scroll.setWidget(section)
            self._stack.addWidget(scroll)
            self._places[name] = scroll
            if name in self._kept:
                section.restore(self._kept.pop(name))
        return self._sections[name]

    def _row_chosen(self, row: int) -> None:
        name = list(SECTIONS)[row]
        section = self.section(name)
        self._stack.setCurrentWidget(self._places[name])
        self.banner.clear()
        section.opened()

    def opened(self) -> None:
        self.section().opened()
        if self.focusWidget() is None:
            self.list.setFocus()

    def arrive(self, arguments: Any) -> None:
        if arguments in SECTIONS:
            self.list.setCurrentRow(list(SECTIONS).index(arguments))

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        self.section().changed(kinds)

    def _save(self) -> None:
        save = getattr(self.section(), 'save', None)
        if callable(save):
            save()

    def has_unsaved(self) -> bool:
        return any(section.has_unsaved() for section in self._sections.values())

    def keep(self) -> Any:
        kept = {name: section.keep() for name, section in self._sections.items()}
        return {'row': self.list.currentRow(), 'sections': {name: one for name, one in kept.items() if one is not None}}

    def restore(self, kept: Any) -> None:
        self._kept = kept['sections']
        for name in list(self._sections):
            if name in self._kept:
                self._sections[name].restore(self._kept.pop(name))
        self.list.setCurrentRow(kept['row'])
