"""What was typed on the case page and is not saved: kept on disk all the time, offered after a crash, compared."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from claimdesk.language import _
from claimdesk.ui import dialogs
from claimdesk.ui.drafts import Drafts
from claimdesk.ui.later import later
from claimdesk.ui.pages.case.edit_form import EditForm, in_words

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

KEEP_AFTER_MS = 600


class Unsaved(QObject):
    """Watches the forms of the page. One draft per case, office and person; it goes when nothing is unsaved."""

    changed = Signal()

    def __init__(self, page: CasePage, tab_of_form: Mapping[str, str]) -> None:
        super().__init__(page)
        self._page = page
        self._tab_of_form = tab_of_form
        self._forms: dict[str, EditForm] = {}
        self._drafts = Drafts()
        self._name = _draft_name(page)
        self._waiting: dict[str, dict[str, Any]] = {}
        self._offered = False
        self._kept = False
        self._timer = later(self, KEEP_AFTER_MS, self.keep_draft)

    def watch(self, forms: Sequence[EditForm]) -> None:
        """Forms of a tab that has been built."""
        for form in forms:
            self._forms[form.name] = form
            form.state_changed.connect(self._timer.start)
            form.state_changed.connect(self.changed)

    def any(self) -> bool:
        """Whether something was typed that is not saved."""
        return bool(self.typed())

    def typed(self) -> dict[str, dict[str, Any]]:
        """What is typed and not saved, by form and field; what waits for its tab to be shown counts."""
        found = {name: form.touched() for name, form in self._forms.items()}
        found.update(self._waiting)
        return {name: fields for name, fields in found.items() if fields}

    def put_back_later(self, typed: dict[str, dict[str, Any]]) -> None:
        """Type it again as soon as the tab of each form has been shown."""
        self._waiting = {name: fields for name, fields in typed.items() if name in self._tab_of_form}
        self._offered = True

    def tab_was_shown(self, forms: Sequence[EditForm]) -> None:
        """The forms of a tab show what is saved now."""
        for form in forms:
            typed = self._waiting.pop(form.name, None)
            if typed:
                form.put_back(typed)

    def clashing(self) -> bool:
        """Whether somebody else saved another value in a field that was edited here."""
        return any(form.clashes for form in self._forms.values())

    def case_was_read(self, *, changed: bool) -> None:
        """The case was read again; `changed` if it is a newer version than the one before."""
        if not self._offered:
            self._offered = True
            self._offer()
        elif changed:
            self._say_changed()

    def keep_draft(self) -> None:
        """Write what is typed to the disk, or forget the draft when nothing is."""
        typed = self.typed()
        if typed:
            self._drafts.keep(self._name, {'typed': typed})
            self._kept = True
        elif self._kept:
            self._drafts.drop(self._name)
            self._kept = False

    def forget(self) -> None:
        """The page goes, and the handler agreed to lose what was typed."""
        self._timer.stop()
        if self._kept:
            self._drafts.drop(self._name)

    def compare(self) -> None:
        """Show mine and theirs for each form where both changed the same field, and take what is chosen."""
        for form in self._forms.values():
            if not form.clashes:
                continue
            merged = dialogs.resolve(
                self._page,
                form.conflict(),
                {name: form.label(name) for name in form.names()},
                partial(_said, form),
            )
            if merged is not None:
                form.take(merged)

    def _offer(self) -> None:
        draft = self._drafts.find(self._name)
        typed = draft.get('typed') if draft else None
        if not isinstance(typed, dict) or not any(typed.values()):
            return
        self._page.banner.show_message(
            _("There are edits of this case that were not saved."),
            _("They were kept when the program was closed. Close this line to leave them."),
            'notice',
            _("Continue with them"),
            lambda: self._continue(typed),
        )

    def _continue(self, typed: dict[str, dict[str, Any]]) -> None:
        self._kept = True
        self.put_back_later(typed)
        shown = self._page.front_tab.forms()
        self.tab_was_shown(shown)
        if not any(form.touched() for form in shown):
            self._page.arrive(next((self._tab_of_form[name] for name in self._waiting), 'overview'))

    def say_clash(self) -> None:
        """Say that both changed the same fields, and offer to compare."""
        self._page.banner.show_message(
            _("Somebody else changed this case while you edit it."),
            _("What both of you changed is marked at the fields. Your edits are still here."),
            'warning',
            _("Compare"),
            self.compare,
        )

    def _say_changed(self) -> None:
        edited = [form for form in self._forms.values() if form.touched()]
        if not edited:
            return
        if self.clashing():
            self.say_clash()
        else:
            self._page.banner.show_message(
                _("Somebody else changed this case while you edit it."),
                _("Nothing that you edit is concerned. Your edits are still here."),
            )


def _said(form: EditForm, name: str, value: object) -> str:
    return in_words(form.field(name), value)


def _draft_name(page: CasePage) -> str:
    office = hashlib.sha256(str(page.desk.context.database.url).encode()).hexdigest()[:10]
    return f'case-{office}-{page.case_id}-{page.desk.signed_in.id}'
