"""Settings of the bank's file: its columns, and the words by which the bank's answer is read."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from claimdesk.errors import ClaimDeskError, Conflict
from claimdesk.language import _
from claimdesk.rules.bank_file import Field, Template
from claimdesk.rules.permissions import Permission
from claimdesk.services.money_rules import InForce
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Button, Combo, DateEdit, FormGrid, TextArea


class BankSection(Section):
    """The columns of the bank's file, one line each, and the words by which its answer is read."""

    def __init__(self, page: Page) -> None:
        super().__init__(
            page, _("Bank file"),
            _("The columns that your bank wants, and how it says that a payment went through (mark C: each bank has its"
              " own)."),
        )  # fmt: skip
        self._shown: InForce[Template] | None = None
        self._edited = False
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self.form = FormGrid(1)
        self.name, self.format, self.encoding = QLineEdit(), Combo(searchable=False), Combo(searchable=False)
        for value, words in (('xlsx', _("Excel workbook")), ('csv', 'CSV')):
            self.format.add(value, words)
        for value, words in (('utf-8-sig', 'UTF-8'), ('gb18030', 'GB18030')):
            self.encoding.add(value, words)
        self.columns, self.paid, self.failed_words = TextArea(lines=8), QLineEdit(), QLineEdit()
        self.answer = TextArea(lines=6)
        self.form.add('name', _("Name of the template"), self.name)
        self.form.add('format', _("Kind of file"), self.format)
        self.form.add('encoding', _("Encoding of csv"), self.encoding)
        self.form.add('columns', _("Columns"), self.columns,
                      hint=_("One line each: heading = what. {fields}").format(fields=_fields()))  # fmt: skip
        self.form.add('headings', _("Headings in the answer"), self.answer,
                      hint=_("One line each: what = heading, heading, …"))  # fmt: skip
        self.form.add('paid_words', _("Words for paid"), self.paid)
        self.form.add('failed_words', _("Words for returned"), self.failed_words)
        self.day = DateEdit()
        self.day.set_value(self.desk.context.today())
        self.form.add('valid_from', _("Holds from"), self.day)
        self.column.addWidget(self.form)
        self.save_button = Button(_("Save"), self.save, kind='primary', tip='Ctrl+S')
        self.save_button.setVisible(self.may)
        self.column.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        for field in (self.name, self.columns, self.answer, self.paid, self.failed_words):
            field.setReadOnly(not self.may)
        self.form.edited.connect(lambda _name: self._note())

    def _note(self) -> None:
        self._edited = True

    def opened(self) -> None:
        rules, actor = self.desk.money_rules, self.desk.signed_in
        if not self._edited:
            self.page.run(lambda _progress: rules.template(actor), self._show, self.failed, latest='bank')

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _show(self, found: InForce[Template]) -> None:
        self._shown = found
        template = found.value
        self.name.setText(template.name)
        self.format.set_value(template.format)
        self.encoding.set_value(template.encoding)
        self.columns.set_value('\n'.join(f'{heading} = {what.value}' for heading, what in template.columns))
        self.answer.set_value('\n'.join(f'{name} = {", ".join(words)}' for name, words in template.headings.items()))
        self.paid.setText(', '.join(template.paid_words))
        self.failed_words.setText(', '.join(template.failed_words))
        self._edited = False

    def save(self) -> None:
        """Let the template hold from the day that is entered."""
        columns = []
        for line in filter(None, map(str.strip, self.columns.value().splitlines())):
            heading, _equals, what = line.rpartition('=')
            if what.strip() not in set(Field) or not heading.strip():
                sentence = _("{line} does not say which of these it is: {fields}").format(line=line, fields=_fields())
                self.form.show_errors({'columns': sentence})
                return
            columns.append((heading.strip(), Field(what.strip())))
        headings = {}
        for line in filter(None, map(str.strip, self.answer.value().splitlines())):
            name, _equals, words = line.partition('=')
            headings[name.strip()] = _words(words)
        template = Template(
            self.name.text().strip(), tuple(columns), self.format.value(), self.encoding.value(), headings,
            _words(self.paid.text()), _words(self.failed_words.text()),
        )  # fmt: skip
        rules, actor, day = self.desk.money_rules, self.desk.signed_in, self.day.value() or dt.date.min
        today = day == self.desk.context.today()
        version = self._shown.version if self._shown is not None and today else None
        self.page.run(lambda _progress: rules.set_template(actor, template, day, version), self._saved, self._refused)

    def _saved(self, _nothing: object) -> None:
        self._edited = False
        self.form.clear_errors()
        self.said(_("Saved. The next bank file follows it."))
        self.opened()

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, Conflict):
            self._edited = False
            self.opened()
        left = self.form.show_errors(getattr(error, 'fields', {}))
        if left or not getattr(error, 'fields', {}):
            self.failed(error)

    def has_unsaved(self) -> bool:
        return self._edited


def _fields() -> str:
    return ', '.join(Field)


def _words(text_typed: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text_typed.replace('，', ',').split(',') if one.strip())
