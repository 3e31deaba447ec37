"""The pages of the desk, one file each. The registry says how the rail calls them, who sees them and how to build one.

Nothing is imported until a page is opened for the first time.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from claimdesk.language import N_
from claimdesk.ui.page import Page, Shell
from claimdesk.vocabulary import Role


@dataclass(frozen=True)
class Entry:
    """One page: `title` is an English source string, `where` is 'module:Class', `roles` may see it (None: all)."""

    title: str
    icon: str
    where: str
    roles: frozenset[Role] | None = None

    def build(self, desk: Any, shell: Shell, *arguments: Any) -> Page:
        """A new page; imports its module the first time."""
        module, _colon, name = self.where.partition(':')
        page: Page = getattr(import_module(module), name)(desk, shell, *arguments)
        return page

    def open_to(self, roles: frozenset[Role] | set[Role]) -> bool:
        """Whether somebody with these roles sees the page."""
        return self.roles is None or bool(self.roles & set(roles))


Registry = dict[str, Entry]

_MONEY = frozenset(
    {Role.ADJUSTER, Role.APPROVER, Role.FINANCE, Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR}
)
_FIGURES = frozenset({Role.APPROVER, Role.FINANCE, Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR})

RAIL: Registry = {
    'work': Entry(N_('Work'), 'layout-dashboard', 'claimdesk.ui.pages.work:WorkPage'),
    'cases': Entry(N_('Cases'), 'folder-open', 'claimdesk.ui.pages.cases:CasesPage'),
    'inbox': Entry(N_('Inbox'), 'inbox', 'claimdesk.ui.pages.inbox:InboxPage'),
    'payments': Entry(N_('Payments'), 'wallet', 'claimdesk.ui.pages.payments:PaymentsPage', _MONEY),
    'reports': Entry(N_('Reports'), 'chart-column', 'claimdesk.ui.pages.reports:ReportsPage', _FIGURES),
    'settings': Entry(N_('Settings'), 'settings', 'claimdesk.ui.pages.settings:SettingsPage'),
}
# What opens as a tab of its own instead of from the rail.
_INTAKE = frozenset({Role.SERVICE, Role.SURVEYOR, Role.ASSESSOR, Role.ADJUSTER, Role.MANAGER, Role.ADMINISTRATOR})
CASE = Entry(N_('Case'), 'file-text', 'claimdesk.ui.pages.case:CasePage')
TABS: Registry = {'register': Entry(N_('New case'), 'phone', 'claimdesk.ui.pages.register:RegisterPage', _INTAKE)}
