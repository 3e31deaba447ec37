"""Handing a case over: choosing who takes it, and handing it back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.accounts import Person
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import Combo, PlainLabel
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


def hand_over(page: CasePage) -> None:
    """Ask who shall have the case of `page`, and hand it over; Undo hands it back."""
    why = why_not(page.file, Permission.ASSIGN) if page.file is not None else ''
    if why:
        page.banner.show_message(why)
        return
    accounts, actor = page.desk.accounts, page.desk.signed_in
    page.run(lambda _progress: accounts.people(actor), partial(_choose, page))


def _choose(page: CasePage, people: Sequence[Person]) -> None:
    file = page.file
    if file is None:
        return
    owner_id, before = ask_owner(page, people, file.case.owner_id), file.case.owner_id
    if owner_id is None or owner_id == before:
        return
    cases, case_id, version = page.desk.cases, page.case_id, file.case.version
    page.saving.act(
        lambda actor: cases.assign(actor, case_id, owner_id, version),
        _("The case has been handed over."),
        undo=lambda _none: partial(_hand_back, page, before) if before else None,
    )


def _hand_back(page: CasePage, owner_id: int) -> None:
    cases, case_id = page.desk.cases, page.case_id
    page.saving.act(lambda actor: cases.assign(actor, case_id, owner_id), _("The case has been handed back."))


def ask_owner(parent: QWidget, people: Sequence[Person], now: int | None) -> int | None:
    """The id of the person who shall have the case, or None."""
    dialog = Dialog(parent, _("Hand the case over"), _("Open tasks of the case go along."), _("Hand over"))
    dialog.column.addWidget(PlainLabel(_("Handler"), 'caption'))
    choice = Combo(placeholder=_("Type a name or a role"))
    choice.setAccessibleName(_("Handler"))
    for person in people:
        roles = _(", ").join(label(role) for role in person.roles)
        choice.add(person.id, ' · '.join(part for part in (person.name, roles, person.team) if part))
    choice.set_value(now)
    dialog.column.addWidget(choice)
    dialog.accept_if = lambda: '' if choice.value() is not None else _("Choose somebody.")
    choice.setFocus()
    return choice.value() if dialog.run() else None
