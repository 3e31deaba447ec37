"""The right side of the bench: the fields of a paper with the least certain on top, its sums, its lines, its case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from claimdesk.errors import InvalidInput
from claimdesk.forms import form_of
from claimdesk.language import _, ngettext
from claimdesk.services.invoice_fields import check_fields
from claimdesk.services.paper_fields import check_paper
from claimdesk.services.reading_view import FieldView
from claimdesk.ui import theme
from claimdesk.ui.pages.findings import FindingList
from claimdesk.ui.pages.inbox.duplicate_note import DuplicateNote
from claimdesk.ui.pages.inbox.field_row import FieldRow, label_width
from claimdesk.ui.pages.inbox.filing_box import FilingBox
from claimdesk.ui.pages.inbox.items_table import ItemsTable
from claimdesk.ui.pages.inbox.proofs import proofs
from claimdesk.ui.pages.inbox.sheet import Sheet
from claimdesk.ui.widgets import (
    Banner,
    Combo,
    ElidedLabel,
    IconButton,
    PlainLabel,
    SectionHeader,
    StateBadge,
    separator,
)
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, label

SHOWN_PROOFS = ('sum', 'capital', 'lines', 'split')
"""What is said under the fields also where it holds; anything else is said only where it does not."""


class FormPane(QWidget):
    """Shows a `Sheet` and holds what a person makes of it.

    `entered` with the name of the field that the focus came to, `confirmed` with the one that Enter said is right,
    `edited` when anything changed by hand, `kind_chosen` when another kind of paper was chosen.
    """

    entered = Signal(str)
    confirmed = Signal(str)
    edited = Signal()
    kind_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow] = {}
        self._sheet: Sheet | None = None
        self._lines_before: list[dict[str, str]] = []
        self._today = dt.date.today
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(separator())
        self.notice = Banner()
        self.duplicates = DuplicateNote()
        column.addWidget(self.notice)
        column.addWidget(self.duplicates)
        column.addWidget(self._middle(), 1)
        column.addWidget(separator())
        self.filing = FilingBox()
        self.filing.edited.connect(self.edited)
        column.addWidget(self.filing)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._prove)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, theme.SPACE_8)
        head.setSpacing(theme.SPACE_8)
        self.kind = Combo()
        self.kind.setAccessibleName(_("Kind of paper"))
        for kind in DocumentKind:
            self.kind.add(kind, label(kind))
        self.kind.activated.connect(lambda _row: self._kind_activated())
        self.counts = ElidedLabel('', 'secondary')
        self.counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.kind, 1)
        head.addWidget(self.counts, 1)
        return head

    def _middle(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty('surface', 'panel')
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.SPACE_4, 0, theme.SPACE_8)
        column.setSpacing(0)
        self._title_line = QWidget()
        title = QHBoxLayout(self._title_line)
        title.setContentsMargins(theme.SPACE_12, 2, theme.SPACE_12, 2)
        caption = PlainLabel(_("Title"), 'secondary')
        caption.setFixedWidth(label_width())
        self.title = QLineEdit()
        self.title.setAccessibleName(_("Title"))
        self.title.setAcceptDrops(False)
        self.title.textEdited.connect(lambda _text: self.edited.emit())
        self.title.returnPressed.connect(lambda: self.confirmed.emit('title'))
        title.addWidget(caption)
        title.addWidget(self.title, 1)
        column.addWidget(self._title_line)
        self._fields = QVBoxLayout()
        self._fields.setSpacing(0)
        column.addLayout(self._fields)
        self._proof_place = QWidget()
        self._proof_flow = FlowLayout(self._proof_place, theme.SPACE_4)
        self._proof_flow.setContentsMargins(theme.SPACE_12, theme.SPACE_4, theme.SPACE_12, theme.SPACE_4)
        column.addWidget(self._proof_place)
        self.findings = FindingList(_("Against the case"))
        self.findings.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, 0)
        column.addWidget(self.findings)
        self._items_place = QWidget()
        lines = QVBoxLayout(self._items_place)
        lines.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, 0)
        lines.setSpacing(theme.SPACE_4)
        self.items = ItemsTable()
        self._items_head = SectionHeader(_("Lines"))
        self._add = IconButton('plus', _("Add a line (Ctrl+Insert)"), self.items.add_line)
        self._drop = IconButton('minus', _("Remove the marked line (Ctrl+Delete)"), self.items.remove_line)
        for button in (self._add, self._drop):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._items_head.add(button)
        lines.addWidget(self._items_head)
        lines.addWidget(self.items)
        self.items.edited.connect(self._any_edit)
        column.addWidget(self._items_place)
        self._text = PlainLabel('', 'secondary', wrap=True, selectable=True)
        self._text.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, 0)
        column.addWidget(self._text)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        self.middle = self._scroll
        return self._scroll

    # What is shown

    def show_sheet(self, sheet: Sheet, today: dt.date) -> None:
        """Show a document as it was read or confirmed."""
        self._clear_rows()
        self._sheet, self._today = sheet, lambda: today
        kind = sheet.invoice.kind if sheet.invoice else sheet.document.kind
        self.kind.set_value(kind)
        self.title.setText(sheet.document.title)
        self.items.show_lines(sheet.items())
        self._lines_before = self.items.lines()
        self.duplicates.keep_for(sheet.invoice.duplicate_reason if sheet.invoice else '')
        self.duplicates.show_found((), may_keep=False)
        self._show_kind(kind)
        self._shut(sheet.confirmed)
        self._prove()
        self._scroll.verticalScrollBar().setValue(0)

    def _show_kind(self, kind: DocumentKind) -> None:
        sheet = self._sheet
        typed = {name: (row.value, row.person_said_so) for name, row in self.rows.items() if row.changed}
        self._clear_rows()
        if sheet is None:
            return
        form = form_of(kind)
        for read in sheet.fields(kind):
            self._add_row(read)
        for name, (value, person) in typed.items():
            if name in self.rows and value and not sheet.confirmed:
                self.rows[name].set_value(value, person=person)
        self._title_line.setVisible(not form.fields)
        self._items_place.setVisible(bool(form.cells))
        self.items.show_cells(form.cells)
        self._proof_place.setVisible(bool(form.fields))
        words = sheet.reading.text.strip() if sheet.reading and not form.fields else ''
        self._text.setText(words[:1500])
        self._text.setVisible(bool(words))
        self._order()

    def _clear_rows(self) -> None:
        for row in self.rows.values():
            self._fields.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}

    def _add_row(self, read: FieldView) -> None:
        row = FieldRow(read)
        row.edited.connect(self._row_edited)
        row.confirmed.connect(self.confirmed)
        row.entered.connect(self._row_entered)
        self._fields.addWidget(row)
        row.show()
        self.rows[read.name] = row

    def forget(self) -> None:
        """Nothing is shown any more; what was typed is dropped."""
        self._clear_rows()
        self._sheet = None

    def _order(self) -> None:
        """Let Tab go from the kind through the fields to the case."""
        chain: list[QWidget] = [self.kind, self.title, *(row.edit for row in self.rows.values()), self.items]
        chain += [self.filing.case, self.filing.answers, self.filing.loss]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    def _shut(self, shut: bool) -> None:
        for row in self.rows.values():
            row.set_read_only(shut)
        self.items.set_read_only(shut)
        self.kind.setEnabled(not shut)
        self.title.setReadOnly(shut)
        self.filing.set_read_only(shut)
        self._add.setVisible(not shut)
        self._drop.setVisible(not shut)

    # What a person makes of it

    def chosen_kind(self) -> DocumentKind:
        """The kind of paper."""
        return DocumentKind(self.kind.value() or DocumentKind.OTHER)

    @property
    def is_invoice(self) -> bool:
        """Whether it is confirmed and counted as an invoice, once in the whole office; receipts of hospitals are."""
        return self.chosen_kind() in INVOICE_KINDS or bool(form_of(self.chosen_kind()).needed)

    def values(self) -> dict[str, str]:
        """The fields as they stand."""
        return {name: row.value for name, row in self.rows.items()}

    def open_fields(self) -> list[str]:
        """The fields that a person still has to look at, in the order of the form."""
        return [name for name, row in self.rows.items() if row.open]

    def edits(self) -> dict[str, Any]:
        """What differs from the reading, to be kept as a draft; {} when nothing does."""
        sheet = self._sheet
        if sheet is None or sheet.confirmed:
            return {}
        found: dict[str, Any] = {
            'values': {name: row.value for name, row in self.rows.items() if row.changed},
            'seen': [name for name, row in self.rows.items() if row.person_said_so],
            'kind': str(self.chosen_kind()) if self.chosen_kind() is not sheet.document.kind else '',
            'title': self.title.text() if self.title.text() != sheet.document.title else '',
            'items': self.items.lines() if self.items.lines() != self._lines_before else None,
            'reason': self.duplicates.reason,
        }
        return found if any(value for value in found.values()) else {}

    def apply_edits(self, edits: Mapping[str, Any]) -> None:
        """Put back what `edits` kept."""
        if edits.get('kind') in set(DocumentKind):
            self.kind.set_value(DocumentKind(edits['kind']))
            self._show_kind(self.chosen_kind())
        values, seen = dict(edits.get('values') or {}), set(edits.get('seen') or ())
        for name, row in self.rows.items():
            if name in values or name in seen:
                row.set_value(str(values.get(name, row.value)), person=name in seen)
        if edits.get('title'):
            self.title.setText(str(edits['title']))
        if edits.get('items') is not None:
            self.items.show_lines(edits['items'])
        self.duplicates.reason = str(edits.get('reason') or '')
        self._prove()

    def say_right(self, name: str) -> bool:
        """A person says that the field is right as it stands; False when it cannot be."""
        row = self.rows.get(name)
        if row is None:
            return True
        row.set_problem(self._problems().get(name, ''))
        if row.problem:
            return False
        row.set_value(row.value, person=True)
        self._prove()
        return True

    def go_to(self, name: str) -> None:
        """Put the focus into a field."""
        row = self.rows.get(name)
        if row is not None:
            row.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def reveal(self, part: QWidget) -> None:
        """Bring a part of the form into view."""
        self._scroll.ensureWidgetVisible(part, 0, 48)

    def show_problems(self, wrong: Mapping[str, str]) -> bool:
        """Say at each field what is wrong with it and go to the first; False if none of them is here."""
        here = [name for name in self.rows if name in wrong]
        for name, row in self.rows.items():
            row.set_problem(wrong.get(name, ''))
        if here:
            self.go_to(here[0])
        elif 'items' in wrong:
            self.items.setFocus()
        return bool(here)

    def current(self) -> str:
        """The field that has the focus, or ''."""
        return next((name for name, row in self.rows.items() if row.edit.hasFocus()), '')

    def _problems(self) -> dict[str, str]:
        check = check_fields if self.chosen_kind() in INVOICE_KINDS else check_paper
        try:
            check(self.values(), self._today(), self.chosen_kind())
        except InvalidInput as error:
            return error.fields
        return {}

    def _kind_activated(self) -> None:
        self._show_kind(self.chosen_kind())
        self._prove()
        self.kind_chosen.emit()
        self.edited.emit()

    def _row_edited(self, _name: str) -> None:
        self._any_edit()

    def _row_entered(self, name: str) -> None:
        self._scroll.ensureWidgetVisible(self.rows[name], 0, 48)
        self.entered.emit(name)

    def _any_edit(self) -> None:
        self._later.start(0)
        self.edited.emit()

    def _prove(self) -> None:
        found = proofs(self.values(), self.items.lines(), self.chosen_kind()) if self.rows else []
        for row in self.rows.values():
            row.set_proofs(found)
        shown = [(proof.ok, proof.words) for proof in found if not proof.ok or proof.name in SHOWN_PROOFS]
        self._show_proofs(shown)
        self.count()

    def _show_proofs(self, shown: Sequence[tuple[bool, str]]) -> None:
        while (item := self._proof_flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for ok, words in shown:
            badge = StateBadge()
            badge.set_pill('green' if ok else 'orange', 'check' if ok else 'triangle-alert', words)
            self._proof_flow.addWidget(badge)
            badge.show()
        self._proof_place.setVisible(bool(shown))
        self._proof_flow.invalidate()
        self._proof_place.updateGeometry()

    def count(self) -> None:
        """Say how many fields are to be looked at, and how much is not as in the case."""
        apart = len(self.findings.open_ones)
        beside = ngettext("{n} not as in the case", "{n} not as in the case", apart).format(n=apart) if apart else ''
        if not self.rows or (self._sheet is not None and self._sheet.confirmed):
            self.counts.setText(beside)
            return
        waiting = len(self.open_fields())
        sure = len(self.rows) - waiting
        words = ngettext("{n} to check", "{n} to check", waiting).format(n=waiting)
        done = ngettext("{n} sure", "{n} sure", sure).format(n=sure)
        said = f'{words} · {done}' if waiting else _("All {n} fields are sure").format(n=sure)
        self.counts.setText(f'{beside} · {said}' if beside else said)
