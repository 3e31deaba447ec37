"""The lines of the loss: typed like a spreadsheet, pasted from one, confirmed, and undone step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.loss import USUAL_KIND, MedicalSums, by_class
from claimdesk.rules.loss_paste import pasted_lines
from claimdesk.rules.permissions import Permission
from claimdesk.services.assessment import LossTotals, LossView, NewLoss, new_loss
from claimdesk.services.context import Actor
from claimdesk.services.loss_offers import LossOffer
from claimdesk.ui import icons, text
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.loss_model import MEDICAL, NAMES, LossDelegate, LossModel, NewLine, changed
from claimdesk.ui.pages.case.loss_table import LossTable
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, card_column
from claimdesk.ui.widgets.buttons import set_tip
from claimdesk.vocabulary import Line, LossKind, Stage

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

SETTLED = frozenset({Stage.APPROVAL, Stage.PAYMENT, Stage.CLOSING, Stage.CLOSED})
MOST_UNDO = 50
FROM_PAPER = 'Ctrl+Shift+T'


class LossCard(QWidget):
    """Each cell is saved as it is left; nothing here waits for a Save button."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self.page, self.desk = page, page.desk
        self._line = Line.MOTOR
        self._undo: list[Callable[[], object]] = []
        column = card_column(self)
        head = SectionHeader(_("Loss items"))
        self._why = PlainLabel('', 'note', wrap=True)
        self.confirm_button = Button(_("Confirm all"), self.confirm_all, icon='check')
        self.from_paper = Button(_("From a paper"), icon='file-check', key=FROM_PAPER)
        self._offers = QMenu(self.from_paper)
        self._offers.aboutToShow.connect(lambda: self._offers.setActiveAction(self._offers.actions()[0]))
        self.from_paper.setMenu(self._offers)
        tip = _("Lines copied from a spreadsheet (Ctrl+V in the table)")
        self.paste_button = Button(_("Paste"), self.paste, icon='clipboard-paste', tip=tip)
        self.add_button = Button(_("New item"), self.begin, icon='plus', tip=_("New item"), key='Ctrl+Shift+N')
        for button in (self.from_paper, self.paste_button, self.confirm_button, self.add_button):
            head.add(button)
        self._build_table()
        self._remove_button = Button(
            _("Remove"), self.remove, icon='trash-2', kind='quiet', tip=_("Remove the item (Del)")
        )
        self.undo_button = Button(
            _("Undo"), self.undo, icon='undo-2', kind='quiet', tip=_("Undo (Ctrl+Z in the table)")
        )
        self.totals = PlainLabel('', 'strong', tabular=True, selectable=True)
        self.classes = PlainLabel('', 'secondary', tabular=True, selectable=True)
        foot = QHBoxLayout()
        foot.addWidget(self._remove_button)
        foot.addWidget(self.undo_button)
        foot.addStretch(1)
        foot.addWidget(self.totals)
        column.addWidget(head)
        column.addWidget(self._why)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        column.addWidget(self.classes, 0, Qt.AlignmentFlag.AlignRight)
        self._show_undo()

    def _build_table(self) -> None:
        self.model = LossModel(self)
        self.model.line_edited.connect(self._save_cell)
        self.model.line_begun.connect(self._save_new)
        self.table = LossTable()
        self.table.setModel(self.model)
        self._delegate = LossDelegate(self.table)
        self.table.go_on_after(self._delegate)
        self.table.set_widths(104, 176, 96, 84, 64, 100, 108, 148, 84, 84, 104, 110)
        self.table.keep_shown(*(NAMES.index(name) for name in ('kind', 'name', 'claimed', 'confirmed')))
        self.table.opened.connect(self._open_cell)
        self.table.clicked.connect(self._clicked)
        self.table.paste_wanted.connect(self.paste)
        self.table.undo_wanted.connect(self.undo)
        self.table.empty_words = lambda: _("No loss item yet. Confirm an invoice, or enter the first item.")
        remove = QAction(_("Remove the item"), self.table)
        remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(lambda _checked=False: self.remove())
        self.table.addAction(remove)

    def show_case(
        self, file: CaseFile, lines: Sequence[LossView], totals: LossTotals, offers: Sequence[LossOffer]
    ) -> None:
        """Show the lines."""
        self._line = self._delegate.line = file.case.line
        why = why_not(file, Permission.ASSESS)
        if not why and file.case.stage in SETTLED:
            why = _("The case has gone to approval, so its loss is settled. Return it to change the loss.")
        self._why.setText(why)
        self._why.setVisible(bool(why))
        editable = not why
        medical = file.case.line is Line.MEDICAL or file.case.injury
        for name in MEDICAL:
            self.table.setColumnHidden(NAMES.index(name), not medical)
        self.table.setColumnHidden(NAMES.index('whose'), file.case.line is Line.MEDICAL)
        if not self.model.lines and not self.model.new.name:
            self.model.new.kind = USUAL_KIND[self._line]
        self.model.show_lines(lines, editable=editable)
        self.undo_button.setVisible(editable)
        for widget in (
            self.add_button, self.from_paper, self.paste_button, self.confirm_button, self._remove_button,
        ):  # fmt: skip
            widget.setVisible(editable)
        self.confirm_button.setEnabled(any(line.confirmed is None for line in lines))
        self._show_offers(offers)
        self.totals.setText(_totals(totals))
        sums = by_class(
            (line.detail.medical_class, line.detail.own_share, line.confirmed or line.claimed)
            for line in lines
            if line.kind is not LossKind.SALVAGE
        )
        self.classes.setText(class_words(sums) if sums is not None else '')
        self.classes.setVisible(sums is not None)

    def focus_work(self) -> None:
        """Put the focus on the first line that is open, or where the next one begins."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        open_row = next((row for row, line in enumerate(self.model.lines) if line.confirmed is None), None)
        row = len(self.model.lines) if open_row is None else open_row
        column = NAMES.index('name' if open_row is None else 'confirmed')
        self.table.setCurrentIndex(self.model.index(row, column))

    # Lines

    def begin(self) -> None:
        """Begin the next line."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        index = self.model.index(len(self.model.lines), NAMES.index('name'))
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)
        self.table.edit(index)

    def paste(self) -> None:
        """Add the lines that were copied from a spreadsheet."""
        if self.add_button.isHidden():
            return
        lines = pasted_lines(QGuiApplication.clipboard().text())
        if not lines:
            self.page.banner.show_message(
                _("There is no table of items on the clipboard."),
                _("Copy rows with a name and an amount, with or without their headings."),
            )
            return
        new = [new_loss(line, self._line) for line in lines]
        assessment, case_id = self.desk.assessment, self.page.case_id
        self._add_many(lambda actor: assessment.add_many(actor, case_id, new), len(new))

    def _add_many(self, add: Callable[[Actor], list[LossView]], count: int) -> None:
        self.page.saving.act(
            add,
            ngettext("{count} item is added.", "{count} items are added.", count).format(count=count),
            done=lambda added: self._can_undo(partial(self._take_out, {line.id for line in added})),
            undo=lambda added: partial(self._take_out, {line.id for line in added}),
        )

    def confirm_all(self) -> None:
        """Confirm every open line at the claimed amount; Undo opens them again."""
        assessment, case_id = self.desk.assessment, self.page.case_id
        open_lines = [line for line in self.model.lines if line.confirmed is None]
        if not open_lines:
            return
        said = ngettext("{count} item is confirmed.", "{count} items are confirmed.", len(open_lines))
        ids = {line.id for line in open_lines}
        self.page.saving.act(
            lambda actor: assessment.confirm_all(actor, case_id),
            said.format(count=len(open_lines)),
            done=lambda _lines: self._can_undo(partial(self._open_again, ids)),
            undo=lambda _lines: partial(self._open_again, ids),
        )

    def _open_again(self, ids: set[int]) -> None:
        assessment = self.desk.assessment
        lines = [line for line in self.model.lines if line.id in ids and line.confirmed is not None]

        def work(actor: Actor) -> None:
            for line in lines:
                assessment.edit(actor, line.id, line.version, **changed(line, 'confirmed', None))

        self.page.saving.act(work, _("The items are open again."))

    def remove(self) -> None:
        """Take the marked lines out; Undo puts them back."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        lines = [self.model.lines[row] for row in rows if row < len(self.model.lines)]
        if not lines or self.add_button.isHidden():
            return
        assessment = self.desk.assessment
        said = _("Removed: {name}").format(name=lines[0].name)
        if len(lines) > 1:
            said = ngettext("{count} item is removed.", "{count} items are removed.", len(lines)).format(
                count=len(lines)
            )
        self.page.saving.act(
            lambda actor: assessment.remove_many(actor, [(line.id, line.version) for line in lines]),
            said,
            done=lambda _none: self._can_undo(partial(self._put_back, lines)),
            undo=lambda _none: partial(self._put_back, lines),
        )

    def _put_back(self, lines: Sequence[LossView]) -> None:
        assessment, case_id = self.desk.assessment, self.page.case_id
        new = [
            NewLoss(one.kind, one.name, one.claimed, one.confirmed, one.note, one.document_id, one.detail)
            for one in lines
        ]
        self.page.saving.act(
            lambda actor: assessment.add_many(actor, case_id, new),
            _("Put back: {name}").format(name=_(", ").join(one.name for one in lines)),
        )

    def _take_out(self, ids: set[int]) -> None:
        assessment = self.desk.assessment
        wanted = [(line.id, line.version) for line in self.model.lines if line.id in ids]
        if wanted:
            self.page.saving.act(lambda actor: assessment.remove_many(actor, wanted), _("The change has been undone."))

    # Undo

    def _can_undo(self, do: Callable[[], object]) -> None:
        self._undo = [*self._undo[-MOST_UNDO:], do]
        self._show_undo()

    def undo(self) -> None:
        """Take the last change of the lines back."""
        if self._undo and not self.add_button.isHidden():
            do = self._undo.pop()
            self._show_undo()
            self._when_free(do)

    def _show_undo(self) -> None:
        self.undo_button.setEnabled(bool(self._undo))

    # Saving

    def _save_cell(self, line: LossView, name: str, value: Any) -> None:
        self._when_free(partial(self._save_cell_now, line.id, name, value))

    def _save_cell_now(self, line_id: int, name: str, value: Any) -> None:
        row = self.model.row_of(line_id)
        if row < 0:
            return
        before = self.model.lines[row]
        fields = changed(before, name, value)
        assessment, version = self.desk.assessment, before.version
        self.page.saving.act(
            lambda actor: assessment.edit(actor, line_id, version, **fields),
            done=partial(self._cell_saved, before),
        )

    def _cell_saved(self, before: LossView, line: LossView) -> None:
        row = self.model.row_of(line.id)
        if row >= 0:
            self.model.replace(row, line)
            self._can_undo(partial(self._as_before, before))

    def _as_before(self, before: LossView) -> None:
        row = self.model.row_of(before.id)
        if row < 0:
            return
        assessment, version = self.desk.assessment, self.model.lines[row].version
        fields = changed(before, 'name', before.name)
        self.page.saving.act(
            lambda actor: assessment.edit(actor, before.id, version, **fields),
            _("The change has been undone."),
            done=lambda line: self.model.replace(self.model.row_of(line.id), line),
        )

    def _save_new(self, new: NewLine) -> None:
        self._when_free(partial(self._add, changed(new, 'name', new.name), self.model.begin_anew))

    def _add(self, fields: dict[str, Any], done: Callable[[], object] | None = None) -> None:
        assessment, case_id = self.desk.assessment, self.page.case_id

        def added(line: LossView) -> None:
            if done is not None:
                done()
            self._can_undo(partial(self._take_out, {line.id}))

        self.page.saving.act(lambda actor: assessment.add(actor, case_id, **fields), done=added)

    def _when_free(self, do: Callable[[], object]) -> None:
        self.page.saving.when_free(do)

    def _show_offers(self, offers: Sequence[LossOffer]) -> None:
        self._offers.clear()
        for offer in offers:
            words = f'{offer.words} · {text.money(offer.total, sign=True)}'
            self._offers.addAction(words.replace('&', '&&'), partial(self._take_in, offer, by_line=False))
            if offer.lines:
                count = len(offer.lines)
                by_line = ngettext("… as {count} item", "… as {count} items, line by line", count).format(count=count)
                look = icons.icon('list-checks', 'secondary')
                self._offers.addAction(look, by_line, partial(self._take_in, offer, by_line=True))
        self.from_paper.setEnabled(bool(offers))
        why = '' if offers else _("No confirmed paper waits: each has its loss item already.")
        set_tip(self.from_paper, why or _("Take what a confirmed paper says into the loss"), FROM_PAPER)

    def _take_in(self, offer: LossOffer, *, by_line: bool) -> None:
        offers, case_id = self.desk.loss_offers, self.page.case_id

        def take(actor: Actor) -> list[LossView]:
            return offers.take(actor, case_id, offer.document_id, by_line=by_line)

        self._when_free(partial(self._add_many, take, len(offer.lines) if by_line else 1))

    def _open_cell(self, index: QModelIndex) -> None:
        line = self.model.line_at(index)
        if NAMES[index.column()] == 'document' and line is not None and line.document_id is not None:
            self.page.shell.navigate_to.emit('inbox', {'document_id': line.document_id, 'field': 'total'})
        elif not self.add_button.isHidden():
            self.table.edit(index)

    def _clicked(self, index: QModelIndex) -> None:
        if NAMES[index.column()] == 'document':
            self._open_cell(index)


def _totals(totals: LossTotals) -> str:
    parts = [
        _("Claimed {amount}").format(amount=text.money(totals.claimed)),
        _("Confirmed {amount}").format(amount=text.money(totals.confirmed)),
    ]
    if totals.salvage:
        parts.append(_("Salvage {amount}").format(amount=text.money(totals.salvage)))
    if totals.open_lines:
        parts.append(
            ngettext("{count} item open", "{count} items open", totals.open_lines).format(count=totals.open_lines)
        )
    return '   '.join(parts)


def class_words(sums: MedicalSums) -> str:
    """The medical expenses by class, and what the patient bears of them."""
    parts = [
        _("Class A {amount}").format(amount=text.money(sums.a)),
        _("Class B {amount}, own share {own}").format(amount=text.money(sums.b), own=text.money(sums.b_own)),
        _("Class C {amount}").format(amount=text.money(sums.c)),
        _("borne by the patient {amount}").format(amount=text.money(sums.own)),
    ]
    return '   '.join(parts)
