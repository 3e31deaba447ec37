"""The words of the office's letters: each from a day on, seen on paper before they are saved."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.letters import LETTERS, LetterText, default_text, from_json, places_of, rule_key, text_problems
from claimdesk.rules.permissions import Permission
from claimdesk.services.office_rules import RuleVersion
from claimdesk.ui import theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_dated import DatedBar, DatedSection
from claimdesk.ui.preview import preview_pdf
from claimdesk.ui.widgets import Button, Combo, FormGrid, PlainLabel
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import LetterKind, label


class LettersSection(DatedSection):
    """One letter at a time; a placeholder is put in where the cursor stands."""

    def __init__(self, page: Page) -> None:
        super().__init__(
            page,
            _("Letters"),
            _("What the office's letters say. The case fills in the words in braces when a letter is made."),
        )
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self._today = self.desk.context.today()
        self._shown = LetterText('', '', '')
        self._typing: QPlainTextEdit
        self.kind = Combo(searchable=False)
        for kind in LETTERS:
            self.kind.add(kind, label(kind))
        self.kind.set_value(LetterKind.SUPPLEMENT)
        self.kind.setAccessibleName(_("Letter"))
        self.kind.setMinimumWidth(220)
        row = QHBoxLayout()
        row.addWidget(self.kind)
        self.preview_button = Button(_("Preview"), self.preview, icon='eye', tip=_("The letter on paper"))
        row.addWidget(self.preview_button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.form = FormGrid(1)
        self.title_field = QLineEdit()
        self.body, self.closing = _area(140), _area(84)
        self._typing = self.body
        for area in (self.body, self.closing):
            area.cursorPositionChanged.connect(partial(self._type_in, area))
        for name, caption, field in (
            ('title', _("Title"), self.title_field),
            ('body', _("Text"), self.body),
            ('closing', _("Closing words"), self.closing),
        ):
            field.setReadOnly(not self.may)
            self.form.add(name, caption, field)
        self.column.addWidget(self.form)
        self.column.addWidget(PlainLabel(_("Words that the case fills in"), 'caption'))
        self._places = QWidget()
        self._flow = FlowLayout(self._places, theme.SPACE_4)
        self.column.addWidget(self._places)
        self.dated = DatedBar(self._today, may=self.may)
        self.column.addWidget(self.dated)
        self.column.addStretch(1)
        self.kind.value_changed.connect(self._kind_chosen)
        for field in (self.body, self.closing):
            field.textChanged.connect(self._typed)
        self.title_field.textChanged.connect(self._typed)
        self.dated.save_wanted.connect(self._save)
        self.dated.back_wanted.connect(lambda: self._put(default_text(self._kind())))
        self.dated.forget_wanted.connect(self._forget)
        self._offer_places()

    def _kind(self) -> LetterKind:
        return LetterKind(self.kind.value() or LetterKind.SUPPLEMENT)

    def opened(self) -> None:
        rules, actor, key = self.desk.rules, self.desk.signed_in, rule_key(self._kind())
        self.page.run(lambda _progress: rules.versions(actor, key), self._show, self.failed, latest='letters')

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _kind_chosen(self) -> None:
        self._shown = LetterText('', '', '')
        self._offer_places()
        self.opened()

    def _show(self, versions: list[RuleVersion]) -> None:
        kind, today = self._kind(), self.desk.context.today()
        typed = self.has_unsaved()
        held = next((one for one in versions if one.valid_from <= today), None)
        newest = versions[0] if versions else None
        self.dated.show_versions(versions, today)
        # What comes next is shown rather than what holds: it is what would be changed.
        shown = newest or held
        if not typed:
            self._shown = from_json(kind, shown.value) if shown is not None else default_text(kind)
            self._put(self._shown)
        self._typed()

    def _put(self, text: LetterText) -> None:
        self.title_field.setText(text.title)
        self.body.setPlainText(text.body)
        self.closing.setPlainText(text.closing)

    def text(self) -> LetterText:
        """The letter as it is typed."""
        return LetterText(
            self.title_field.text().strip(), self.body.toPlainText().strip(), self.closing.toPlainText().strip()
        )

    def _typed(self) -> None:
        wrong = text_problems(self._kind(), self.text()) if self._shown.title else {}
        for name in self.form.names():
            self.form.set_error(name, wrong.get(name, ''))
        self.dated.set_changed(self.has_unsaved())

    def has_unsaved(self) -> bool:
        return bool(self._shown.title) and self.text() != self._shown

    def keep(self) -> Any:
        return (self._kind(), self.text()) if self.has_unsaved() else None

    def restore(self, kept: Any) -> None:
        kind, text = kept
        self.kind.set_value(kind)
        self._shown = default_text(kind)
        self._put(text)

    def _offer_places(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for name, words in places_of(self._kind()).items():
            button = Button(f'{{{name}}} {words}', partial(self._put_in, name), kind='quiet')
            button.setEnabled(self.may)
            self._flow.addWidget(button)
        self._places.updateGeometry()

    def _put_in(self, name: str) -> None:
        self._typing.insertPlainText(f'{{{name}}}')
        self._typing.setFocus()

    def _type_in(self, area: QPlainTextEdit) -> None:
        if area.hasFocus():
            self._typing = area

    def _save(self, day: dt.date) -> None:
        letters, actor, kind, text = self.desk.letters, self.desk.signed_in, self._kind(), self.text()
        version = self.dated.version_of(day)
        wrong = text_problems(kind, text)
        if wrong:
            self.form.show_errors(wrong)
            self.dated.say(_("Some fields need your attention."))
            return
        self.page.run(
            lambda _progress: letters.reword(actor, kind, day, text, version),
            lambda _none: self._saved(text),
            self._refused,
        )

    def _saved(self, text: LetterText) -> None:
        self._shown = text
        self.dated.say('')
        self.said(_("The words of the letter are saved."))
        self.opened()

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, InvalidInput) and error.fields:
            self.form.show_errors(error.fields)
        self.refused(error)

    def _forget(self, one: RuleVersion) -> None:
        self._shown = LetterText('', '', '')
        self.take_back(one, _("The wording is taken back."))

    def preview(self) -> None:
        """The letter on paper, with a made-up case."""
        letters, actor, kind, text = self.desk.letters, self.desk.signed_in, self._kind(), self.text()
        preview_pdf(
            self.page, text.title or label(kind), lambda progress: letters.sample(actor, kind, text, progress),
            f'{kind.value}.pdf',
        )  # fmt: skip


def _area(height: int) -> QPlainTextEdit:
    area = QPlainTextEdit()
    area.setFixedHeight(height)
    area.setTabChangesFocus(True)
    return area
