"""Fields for money, choices, passwords and longer text."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from claimdesk.language import _
from claimdesk.ui import icons, text, theme

_FEN = Decimal('0.01')
_MOST = Decimal('9999999999999.99')


def read_money(typed: str) -> Decimal | None:
    """The amount in yuan that somebody typed: `12600`, `12,600.5`, `¥１２，６００`, `1.26万`; None for nothing.

    Raises `ValueError` for anything else.
    """
    plain = unicodedata.normalize('NFKC', typed).strip()
    plain = re.sub(r'[\s,_¥￥]|元$', '', plain)
    if not plain:
        return None
    factor = Decimal(1)
    if plain.endswith(('万', '亿')):
        factor = Decimal(10_000) if plain[-1] == '万' else Decimal(100_000_000)
        plain = plain[:-1]
    if not re.fullmatch(r'[+-]?(\d+(\.\d*)?|\.\d+)', plain, re.ASCII):
        raise ValueError(typed)
    try:
        amount = (Decimal(plain) * factor).quantize(_FEN, ROUND_HALF_UP)
    except InvalidOperation as error:
        raise ValueError(typed) from error
    if abs(amount) > _MOST:
        raise ValueError(typed)
    return amount


class MoneyEdit(QLineEdit):
    """An amount in yuan: right-aligned, tabular figures, thousands separated as you leave it."""

    value_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, negative: bool = False) -> None:
        super().__init__(parent)
        self._negative = negative
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(theme.font(tabular=True))
        self.setPlaceholderText('0.00')
        self.setTextMargins(16, 0, 0, 0)
        self.textEdited.connect(lambda _typed: self.value_changed.emit())

    def value(self) -> Decimal | None:
        """The amount in yuan; None if empty or not an amount (see `problem`)."""
        try:
            return read_money(self.text())
        except ValueError:
            return None

    def set_value(self, amount: Decimal | None) -> None:
        """Show `amount`."""
        self.setText('' if amount is None else text.money(amount))

    def problem(self) -> str:
        """What is wrong with what was typed, or ''."""
        try:
            amount = read_money(self.text())
        except ValueError:
            return _("This is not an amount. Type for example 12600 or 12,600.50.")
        if amount is not None and amount < 0 and not self._negative:
            return _("The amount cannot be negative.")
        return ''

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if not self.problem() and not self.isReadOnly():
            self.set_value(self.value())
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(theme.colour('secondary' if self.isEnabled() else 'disabled'))
        area = self.rect().adjusted(9, 0, -9, 0)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), '¥')


class Combo(QComboBox):
    """A choice that can be searched by typing any part of its words (or of its search words, such as pinyin)."""

    value_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, searchable: bool = True, placeholder: str = '') -> None:
        super().__init__(parent)
        self._searchable = searchable
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(14)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        if searchable:
            self.setEditable(True)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            completer = QCompleter(self)
            completer.setModel(self.model())
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            self.setCompleter(completer)
            self.lineEdit().setPlaceholderText(placeholder)
            self.lineEdit().editingFinished.connect(self._settle)
        else:
            self.setPlaceholderText(placeholder)
        self.setCurrentIndex(-1)
        self.currentIndexChanged.connect(lambda _row: self.value_changed.emit())

    def add(self, value: Any, words: str, icon: str = '') -> None:
        """Offer `value`, called `words`."""
        before = self.currentIndex()
        if icon:
            self.addItem(icons.icon(icon), words, value)
        else:
            self.addItem(words, value)
        if before < 0:
            self.setCurrentIndex(-1)

    def value(self) -> Any:
        """What is chosen, or None."""
        return self.currentData() if self.currentIndex() >= 0 else None

    def set_value(self, value: Any) -> None:
        """Choose `value`; nothing is chosen if it is not offered."""
        for row in range(self.count()):
            if self.itemData(row) == value:
                self.setCurrentIndex(row)
                return
        self.setCurrentIndex(-1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A form that scrolls must not change what was chosen.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._searchable and event.type() == QEvent.Type.EnabledChange and self.lineEdit() is not None:
            self.lineEdit().setReadOnly(not self.isEnabled())

    def _settle(self) -> None:
        typed = self.lineEdit().text().strip()
        if not typed:
            self.setCurrentIndex(-1)
            return
        rows = [row for row in range(self.count()) if typed.casefold() in self.itemText(row).casefold()]
        exact = [row for row in rows if self.itemText(row).casefold() == typed.casefold()]
        if exact and self.currentIndex() in exact:
            return
        if exact or len(rows) == 1:
            self.setCurrentIndex((exact or rows)[0])
        else:
            self.setEditText(self.itemText(self.currentIndex()) if self.currentIndex() >= 0 else '')


class NumberEdit(QSpinBox):
    """A whole number in bounds; the wheel turns it only while it has the focus."""

    def __init__(self, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(least, most)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(6, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class PasswordEdit(QLineEdit):
    """A password, hidden unless the eye is pressed; the tip warns of caps lock by showing what is typed on demand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = self.addAction(icons.icon('eye', 'secondary'), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setToolTip(_("Show the password"))
        self._eye.triggered.connect(self._turn)

    def _turn(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._eye.setIcon(icons.icon('eye-off' if hidden else 'eye', 'secondary'))
        self._eye.setToolTip(_("Hide the password") if hidden else _("Show the password"))


class TextArea(QPlainTextEdit):
    """A few lines of text; Tab moves on, as everywhere in a form."""

    def __init__(self, parent: QWidget | None = None, *, lines: int = 3) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 20)

    def value(self) -> str:
        """What was typed, without blanks around it."""
        return self.toPlainText().strip()

    def set_value(self, words: str) -> None:
        """Show `words`."""
        if words != self.toPlainText():
            self.setPlainText(words)


class SearchEdit(QLineEdit):
    """A search field: Escape clears it, the down key goes to the results (`wanted_down`)."""

    wanted_down = Signal()

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self.addAction(icons.icon('search', 'secondary'), QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.textEdited.emit('')
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
            self.wanted_down.emit()
            return
        super().keyPressEvent(event)


