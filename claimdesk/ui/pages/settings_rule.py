"""What the sections of one dated rule share: reading its wordings, showing one, saving, and the way back."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput
from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor
from claimdesk.services.office_rules import RuleVersion
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_dated import DatedBar
from claimdesk.ui.pages.settings_section import Section


class RuleSection(Section):
    """One rule of the office. A subclass builds its fields in `build` and calls `touched` when one is edited.

    `value` and `fill` turn the fields into the rule as plain JSON and back; `write` saves it in a worker.
    """

    key: ClassVar[str] = ''

    def __init__(self, page: Page, title: str, sentence: str, *, wide: bool = False) -> None:
        super().__init__(page, title, sentence, wide=wide)
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self._saved: Any = None
        self._filling = False
        self.build()
        self.dated = DatedBar(self.desk.context.today(), may=self.may)
        self.dated.save_wanted.connect(self._save)
        self.dated.back_wanted.connect(self._back)
        self.dated.forget_wanted.connect(self._forget)
        self.column.addWidget(self.dated)
        self.column.addStretch(1)
        self.show_value(None)

    def build(self) -> None:
        """Put the fields into `self.column`."""
        raise NotImplementedError

    def value(self) -> Any:
        """The rule as the fields say it, as plain JSON."""
        raise NotImplementedError

    def fill(self, value: Any) -> None:
        """Show a rule; None is what the program brings."""
        raise NotImplementedError

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        """Save the rule, in a worker."""
        raise NotImplementedError

    def show_problems(self, fields: dict[str, str]) -> None:
        """Say at the fields what is wrong with them."""

    def touched(self, *_ignored: object) -> None:
        """A field was edited."""
        if not self._filling:
            self.dated.set_changed(self.has_unsaved())
            self.show_problems({})
            self.dated.say('')

    def show_value(self, value: Any) -> None:
        """Show a rule without calling it edited."""
        self._filling = True
        self.fill(value)
        self._filling = False

    def opened(self) -> None:
        rules, actor, key = self.desk.rules, self.desk.signed_in, self.key
        self.page.run(lambda _progress: rules.versions(actor, key), self._show, self.failed, latest=f'rule {key}')

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _show(self, versions: list[RuleVersion]) -> None:
        self.dated.show_versions(versions, self.desk.context.today())
        if self._saved is None or not self.has_unsaved():
            self.show_value(versions[0].value if versions else None)
            self._saved = self.value()
        self.dated.set_changed(self.has_unsaved())

    def has_unsaved(self) -> bool:
        return self._saved is not None and self.value() != self._saved

    def keep(self) -> Any:
        return {'saved': self._saved, 'value': self.value()} if self.has_unsaved() else None

    def restore(self, kept: Any) -> None:
        self._saved = kept['saved']
        self.show_value(kept['value'])

    def save(self) -> None:
        """Ctrl+S."""
        self.dated.save_button.click()

    def _save(self, day: dt.date) -> None:
        actor, value, version = self.desk.signed_in, self.value(), self.dated.version_of(day)
        self.page.run(lambda _progress: self.write(actor, value, day, version), self._was_saved, self._refused)

    def _was_saved(self, _nothing: object) -> None:
        self._saved = self.value()
        self.said(_("{rule} is saved.").format(rule=self.title))
        self.opened()

    def _back(self) -> None:
        self.show_value(None)
        self.touched()

    def _forget(self, version: RuleVersion) -> None:
        rules, actor = self.desk.rules, self.desk.signed_in
        self._saved = None
        self.page.run(
            lambda _progress: rules.forget(actor, version.id, version.version), lambda _nothing: self.opened(),
            self._refused,
        )  # fmt: skip

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, InvalidInput) and error.fields:
            self.show_problems(dict(error.fields))
            self.dated.say(error.sentence)
            return
        if isinstance(error, Conflict):
            self.opened()
        self.failed(error)
