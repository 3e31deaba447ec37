"""The pages of the desk, one file each. The registry says how the rail calls them, who sees them and how to build one.

Nothing is imported until a page is opened for the first time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from claimdesk.language import N_
from claimdesk.rules.permissions import Permission, may
from claimdesk.ui.page import Page, Shell
from claimdesk.vocabulary import Role


@dataclass(frozen=True)
class Entry:
    """One page: `title` is an English source string, `where` is 'module:Class'; seen with any of `permissions`."""

    title: str
    icon: str
    where: str
    permissions: frozenset[Permission] = frozenset()

    def build(self, desk: Any, shell: Shell, *arguments: Any) -> Page:
        """A new page; imports its module the first time."""
        module, _colon, name = self.where.partition(':')
        page: Page = getattr(import_module(module), name)(desk, shell, *arguments)
        return page

    def open_to(self, roles: Collection[Role]) -> bool:
        """Whether somebody with these roles sees the page."""
        return not self.permissions or any(may(roles, permission) for permission in self.permissions)


Registry = dict[str, Entry]

_P = Permission
_MONEY = frozenset({_P.PAY, _P.ADJUST, _P.VIEW_REPORTS})

_CARE = frozenset({_P.COMPLAINT, _P.RECOVER, _P.INVESTIGATE})

RAIL: Registry = {
    'work': Entry(N_('Work'), 'layout-dashboard', 'claimdesk.ui.pages.work:WorkPage'),
    'cases': Entry(N_('Cases'), 'folder-open', 'claimdesk.ui.pages.cases:CasesPage'),
    'inbox': Entry(N_('Inbox'), 'inbox', 'claimdesk.ui.pages.inbox:InboxPage', frozenset({_P.ATTACH_DOCUMENTS})),
    'payments': Entry(N_('Payments'), 'wallet', 'claimdesk.ui.pages.payments:PaymentsPage', _MONEY),
    'liaison': Entry(N_('Liaison'), 'briefcase', 'claimdesk.ui.pages.liaison:LiaisonPage', _CARE),
    'reports': Entry(
        N_('Reports'), 'chart-column', 'claimdesk.ui.pages.reports:ReportsPage', frozenset({_P.VIEW_REPORTS})
    ),
    'trail': Entry(N_('Audit'), 'history', 'claimdesk.ui.pages.trail:TrailPage', frozenset({_P.VIEW_AUDIT})),
    'settings': Entry(N_('Settings'), 'settings', 'claimdesk.ui.pages.settings:SettingsPage'),
}
CASE = Entry(N_('Case'), 'file-text', 'claimdesk.ui.pages.case.page:CasePage')
# What opens as a tab of its own instead of from the rail.
TABS: Registry = {
    'register': Entry(
        N_('New case'), 'phone', 'claimdesk.ui.pages.register:RegisterPage', frozenset({_P.REGISTER_CASE})
    ),
}
