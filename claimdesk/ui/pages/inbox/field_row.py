"""One field on the bench: its name, its value to correct, why it is sure or not, and what else it may read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from claimdesk.forms import every_label
from claimdesk.language import N_, _
from claimdesk.services.reading_view import CHECK, MISSING, SURE, FieldView
from claimdesk.ui import icons, theme
from claimdesk.ui.pages.inbox.proofs import Proof
from claimdesk.ui.widgets import Button, ElidedLabel, PlainLabel, plain_tip

EVIDENCE_WIDTH = 140
FIGURES = frozenset({
    'invoice_code', 'invoice_number', 'issue_date', 'check_code', 'buyer_tax_id', 'seller_tax_id', 'amount', 'tax',
    'total',
})  # fmt: skip
SOURCES = {
    'qr': N_('QR'), 'text_layer': N_('PDF text'), 'xml': N_('e-invoice'), 'ofd': N_('e-invoice'),
    'capital': N_('words'), 'lines': N_('lines'), 'sum': N_('sum'), 'person': N_('confirmed'), 'reread': N_('re-read'),
    'layout': N_('earlier papers'),
}  # fmt: skip
RANK = ('person', 'qr', 'xml', 'ofd', 'text_layer', 'sum', 'capital', 'lines', 'reread', 'layout')


class ValueEdit(QLineEdit):
    """The value. Enter means that it is right; the down key goes through what else it may read."""

    confirmed = Signal()
    other_wanted = Signal(int)
    focused = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            self.confirmed.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and not event.modifiers() & ~_KEYPAD:
            self.other_wanted.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focused.emit()


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class FieldRow(QWidget):
    """Label, value and evidence on one line; under it, while it has the focus, the reason and the alternatives.

    `edited` whenever the value changes by hand, `confirmed` on Enter, `entered` when the focus comes.
    """

    edited = Signal(str)
    confirmed = Signal(str)
    entered = Signal(str)

    def __init__(self, read: FieldView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read = read
        self.person_said_so = False
        self.problem = ''
        self._proofs: tuple[Proof, ...] = ()
        self._finding = ''
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_12, 2, theme.SPACE_12, 2)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE_8)
        self._label = ElidedLabel(read.label, 'secondary')
        self._label.setFixedWidth(label_width())
        self.edit = ValueEdit(read.value)
        self.edit.setAccessibleName(read.label)
        self.edit.setAcceptDrops(False)
        self.edit.setCursorPosition(0)
        if read.name in FIGURES:
            self.edit.setFont(theme.font(tabular=True))
        self._label.setBuddy(self.edit)
        self._picture = QLabel()
        self._picture.setFixedSize(icons.SMALL, icons.SMALL)
        self._evidence = ElidedLabel('', 'caption')
        self._evidence.setFixedWidth(EVIDENCE_WIDTH)
        line.addWidget(self._label)
        line.addWidget(self.edit, 1)
        line.addWidget(self._picture)
        line.addWidget(self._evidence)
        column.addLayout(line)
        self._under = QWidget()
        under = QHBoxLayout(self._under)
        under.setContentsMargins(label_width() + theme.SPACE_8, 0, 0, 4)
        under.setSpacing(theme.SPACE_8)
        self._reason = PlainLabel('', 'note', wrap=True)
        under.addWidget(self._reason, 1)
        self._choices = QHBoxLayout()
        self._choices.setSpacing(theme.SPACE_4)
        under.addLayout(self._choices)
        column.addWidget(self._under)
        self.edit.textEdited.connect(self._typed)
        self.edit.confirmed.connect(lambda: self.confirmed.emit(self.name))
        self.edit.focused.connect(lambda: self.entered.emit(self.name))
        self.edit.other_wanted.connect(self._turn)
        self.edit.installEventFilter(self)
        self._offer()
        self.refresh()

    @property
    def name(self) -> str:
        """What the field is called in the reading."""
        return self.read.name

    @property
    def value(self) -> str:
        """What the form says now."""
        return self.edit.text().strip()

    @property
    def changed(self) -> bool:
        """Whether the value is no longer the one that was read."""
        return self.value != self.read.value.strip()

    @property
    def open(self) -> bool:
        """Whether a person still has to look at it."""
        if self.person_said_so or self.edit.isReadOnly():
            return False
        return self.read.status != SURE or any(not proof.ok for proof in self._proofs)

    def set_value(self, value: str, *, person: bool = False) -> None:
        """Show `value`; with `person` somebody has said that it is right."""
        self.edit.setText(value)
        self.edit.setCursorPosition(0)
        self.person_said_so = person
        self.refresh()

    def take_reading(self, again: FieldView) -> None:
        """The field was read once more, from a marked place."""
        others = tuple(dict.fromkeys(one for one in (*self.read.alternatives, self.read.value) if one))
        others = (*again.alternatives, *(one for one in others if one not in (again.value, *again.alternatives)))
        self.read = replace(again, label=self.read.label, source='reread', alternatives=others)
        self.person_said_so = False
        self._offer()
        self.set_value(again.value)

    def set_read_only(self, shut: bool) -> None:
        """A confirmed document is shown, not edited."""
        self.edit.setReadOnly(shut)
        self.refresh()

    def set_problem(self, sentence: str) -> None:
        """What is wrong with the value, or ''."""
        self.problem = sentence
        self.edit.setAccessibleDescription(sentence)
        if bool(self.edit.property('invalid')) != bool(sentence):
            self.edit.setProperty('invalid', bool(sentence))
            theme.restyle(self.edit)
        self.refresh()

    def set_proofs(self, proofs: Iterable[Proof]) -> None:
        """What the other values prove about this one."""
        self._proofs = tuple(proof for proof in proofs if self.name in proof.fields)
        self.refresh()

    def set_finding(self, sentence: str) -> None:
        """What the value says otherwise than the case; '' for nothing."""
        if sentence != self._finding:
            self._finding = sentence
            self.refresh()

    def tone(self) -> str:
        """The colour that says how sure it is."""
        return self._state()[0]

    def refresh(self) -> None:
        """Say anew how sure the field is and why."""
        tone, picture, words, tip = self._state()
        self._picture.setPixmap(icons.pixmap(picture, tone, icons.SMALL))
        self._picture.setToolTip(plain_tip(tip))
        self._evidence.setText(words)
        self._evidence.setAccessibleName(tip or words)
        self._evidence.setToolTip(plain_tip(tip if tip != words else ''))
        reason = self.problem or (self.read.reason if self.open else '')
        failed = next((proof.words for proof in self._proofs if not proof.ok), '')
        focused = self.edit.hasFocus()
        self._reason.setText(reason or (failed if not self.person_said_so else ''))
        self._reason.set_role('error') if self.problem else self._reason.set_role('note')
        wanted = bool(self.problem) or (focused and (bool(self._reason.text()) or self._choices.count() > 0))
        self._under.setVisible(wanted and not self.edit.isReadOnly())
        self.update()

    def _state(self) -> tuple[str, str, str, str]:
        """Tone, picture, words and the long words of how sure the field is."""
        failed = [proof for proof in self._proofs if not proof.ok]
        if self.problem:
            return 'red', 'octagon-alert', self.problem, self.problem
        if self._finding and not failed:
            return 'orange', 'triangle-alert', _("not as in the case"), self._finding
        if self.person_said_so:
            words = _("corrected") if self.changed else _("confirmed")
            return 'green', 'pencil' if self.changed else 'circle-check', words, words
        if failed:
            return 'orange', 'triangle-alert', failed[0].short, failed[0].words
        if self.changed:
            return 'accent_text', 'pencil', _("typed"), _("Typed, not confirmed yet")
        if self.read.status == MISSING:
            return 'orange', 'circle-question-mark', _("not found"), self.read.reason
        if self.read.status == CHECK:
            return 'orange', 'triangle-alert', self.read.reason or _("unsure"), self.read.reason
        words = self._why_sure()
        return 'green', 'check', words, words

    def _why_sure(self) -> str:
        held = [proof for proof in self._proofs if proof.ok]
        if self.name == 'total' and held:
            return held[0].short
        proof = _("sum") if any(proof.name == 'sum' for proof in held) else held[0].short if held else ''
        who = source_words(self.read.source)
        return f'{who.partition(" + ")[0]} · {proof}' if proof else who

    def _typed(self, _text: str) -> None:
        self.person_said_so = False
        self.problem = ''
        self.edited.emit(self.name)

    def _turn(self, step: int) -> None:
        if self.edit.isReadOnly():
            return
        choices = list(dict.fromkeys((self.read.value, *self.read.alternatives)))
        if len(choices) > 1:
            at = choices.index(self.value) if self.value in choices else -1
            self._choose(choices[(at + step) % len(choices)])

    def _choose(self, value: str) -> None:
        self.edit.setText(value)
        self.edit.setFocus()
        self._typed(value)

    def _offer(self) -> None:
        while (item := self._choices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for value in self.read.alternatives[:2]:
            button = Button(value, partial(self._choose, value), kind='link', tip=_("Take this instead (↓)"))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._choices.addWidget(button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.edit is watched:
            self.edit.setCursorPosition(0)
            plain = tidy(self.name, self.value)
            if plain != self.edit.text() and not self.edit.isReadOnly():
                self.edit.setText(plain)
                self.edited.emit(self.name)
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.refresh()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.edit.hasFocus():
            painter = QPainter(self)
            painter.fillRect(self.rect(), theme.colour('accent_soft'))
            painter.fillRect(0, 0, 3, self.height(), theme.colour('accent'))


def label_width() -> int:
    """Room for the longest name of a field in the language in use."""
    metrics = QFontMetrics(theme.font())
    return min(140, max(metrics.horizontalAdvance(name) for name in every_label()) + 4)


def source_words(source: str) -> str:
    """Who said so, in a word or two: `QR`, `QR + OCR`, `PDF text`, `2 × OCR`."""
    parts = [part for part in source.split('+') if part]
    known = sorted((part for part in parts if part in SOURCES), key=RANK.index)
    engines = [part for part in parts if part not in SOURCES]
    words = list(dict.fromkeys(_(SOURCES[part]) for part in known))
    if engines:
        words.append(_("2 × OCR") if len(engines) > 1 and not known else _("OCR"))
    return ' + '.join(words[:2])


def tidy(name: str, value: str) -> str:
    """What was typed, in the form that is kept: dates ISO, numbers without blanks, codes in capitals."""
    value = value.strip()
    if name == 'issue_date':
        match = re.fullmatch(r'(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*日?', value)
        return f'{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}' if match else value
    if name in ('invoice_code', 'invoice_number', 'check_code'):
        return re.sub(r'\s', '', value)
    if name.endswith('_tax_id'):
        return re.sub(r'\s', '', value).upper()
    return value
