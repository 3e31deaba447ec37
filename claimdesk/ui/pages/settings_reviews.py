"""From which assessed loss the office wants a price check or a re-inspection before the assessment is finished."""

from __future__ import annotations

import datetime as dt
from typing import Any

from claimdesk.language import _
from claimdesk.rules.loss import DEFAULT_REVIEW, REVIEW_MARK, REVIEW_ORIGIN, RULE_KEY, ReviewRule, review_from_json
from claimdesk.rules.permissions import Permission
from claimdesk.services.office_rules import RuleVersion
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_dated import DatedBar, DatedSection
from claimdesk.ui.widgets import FormGrid, MoneyEdit, PlainLabel


class ReviewsSection(DatedSection):
    """Two amounts; an empty one asks for no review."""

    def __init__(self, page: Page) -> None:
        super().__init__(
            page,
            _("Reviews of the loss"),
            _("From which assessed loss on a second person looks at it before the assessment is finished."),
        )
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self._shown: ReviewRule | None = None
        self.form = FormGrid(2)
        self.price, self.inspection = MoneyEdit(), MoneyEdit()
        for name, caption, field in (
            ('price', _("Price check from"), self.price),
            ('inspection', _("Re-inspection from"), self.inspection),
        ):
            field.setReadOnly(not self.may)
            self.form.add(name, caption, field, hint=_("Empty: never needed"), check=field.problem)
        self.column.addWidget(self.form)
        self.column.addWidget(PlainLabel(f'{REVIEW_MARK}: {_(REVIEW_ORIGIN)}', 'caption', wrap=True))
        self.dated = DatedBar(self.desk.context.today(), may=self.may)
        self.column.addWidget(self.dated)
        self.column.addStretch(1)
        self.form.edited.connect(lambda _name: self._light())
        self.dated.save_wanted.connect(self._save)
        self.dated.back_wanted.connect(lambda: self._put(DEFAULT_REVIEW))
        self.dated.forget_wanted.connect(self._forget)
        self._light()

    def opened(self) -> None:
        rules, actor = self.desk.rules, self.desk.signed_in
        self.page.run(lambda _progress: rules.versions(actor, RULE_KEY), self._show, self.failed, latest='reviews')

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _show(self, versions: list[RuleVersion]) -> None:
        self.dated.show_versions(versions, self.desk.context.today())
        if not self.has_unsaved():
            self._shown = review_from_json(versions[0].value if versions else None)
            self._put(self._shown)

    def _put(self, rule: ReviewRule) -> None:
        self.price.set_value(rule.price_check_from)
        self.inspection.set_value(rule.reinspection_from)
        self._light()

    def rule(self) -> ReviewRule:
        """The amounts as they are typed."""
        return ReviewRule(self.price.value(), self.inspection.value())

    def _problem(self) -> str:
        return self.price.problem() or self.inspection.problem()

    def _light(self) -> None:
        self.dated.set_changed(self.has_unsaved() and not self._problem())

    def has_unsaved(self) -> bool:
        return self._shown is not None and (bool(self._problem()) or self.rule() != self._shown)

    def keep(self) -> Any:
        return (self.price.text(), self.inspection.text()) if self.has_unsaved() else None

    def restore(self, kept: Any) -> None:
        self._shown = DEFAULT_REVIEW
        self.price.setText(kept[0])
        self.inspection.setText(kept[1])
        self._light()

    def _save(self, day: dt.date) -> None:
        reviews, actor, rule = self.desk.loss_reviews, self.desk.signed_in, self.rule()
        version = self.dated.version_of(day)
        self.page.run(
            lambda _progress: reviews.save_rule(actor, day, rule, version),
            lambda _none: self._done(rule),
            self.refused,
        )

    def _done(self, rule: ReviewRule) -> None:
        self._shown = rule
        self.said(_("The amounts are saved."))
        self._light()
        self.opened()

    def _forget(self, one: RuleVersion) -> None:
        self._shown = None
        self.take_back(one, _("The amounts are taken back."))
