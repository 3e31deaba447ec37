"""Text on the screen: always plain, never HTML from a user's words; headings and label-value grids."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtGui import Qt as TextQt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from claimdesk.ui import theme

SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class PlainLabel(QLabel):
    """A label that shows its text as it is. `role` is one of the style sheet's: title, section, caption, error…"""

    def __init__(
        self,
        text: str = '',
        role: str = '',
        parent: QWidget | None = None,
        *,
        wrap: bool = False,
        selectable: bool = False,
        tabular: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wrap)
        if role:
            self.setProperty('role', role)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if tabular:
            self.setFont(theme.font(tabular=True))

    def set_role(self, role: str) -> None:
        """Wear another of the style sheet's roles."""
        self.setProperty('role', role)
        theme.restyle(self)


class ElidedLabel(PlainLabel):
    """One line that ends in … where it has no room; the whole text is its tool tip."""

    def __init__(
        self,
        text: str = '',
        role: str = '',
        parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, role, parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), self._mode, self.contentsRect().width())
        tip = plain_tip(self.text()) if shown != self.text() else ''
        if tip != self.toolTip():
            self.setToolTip(tip)
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()) | int(Qt.TextFlag.TextSingleLine), shown)


class SectionHeader(QWidget):
    """The title of a group, with room for small actions on the right and a line underneath."""

    def __init__(self, title: str, parent: QWidget | None = None, *, line: bool = False) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setVerticalSpacing(6)
        self._title = PlainLabel(title, 'section')
        self._note = PlainLabel('', 'caption')
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.SPACE_8)
        self._row.addWidget(self._title)
        self._row.addWidget(self._note)
        self._row.addStretch(1)
        grid.addLayout(self._row, 0, 0)
        if line:
            grid.addWidget(separator(), 1, 0)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Another title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_note(self, note: str) -> None:
        """A few quiet words beside the title, for example a count."""
        self._note.setText(note)

    def add(self, widget: QWidget) -> None:
        """Put a small action at the right end."""
        self._row.addWidget(widget)


class KeyValue(QWidget):
    """Labels and values in one, two or three columns; values can be selected and copied."""

    def __init__(self, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._values: dict[str, PlainLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_12)
        self._grid.setVerticalSpacing(6)
        for column in range(columns):
            self._grid.setColumnStretch(column * 2 + 1, 1)
        self._count = 0

    def add(self, name: str, label: str, value: str = '', *, wide: bool = False, amount: bool = False) -> PlainLabel:
        """Add one pair under `name`; `wide` takes a whole row, `amount` uses tabular figures."""
        if wide and self._count % self._columns:
            self._count += self._columns - self._count % self._columns
        row, column = divmod(self._count, self._columns)
        caption = PlainLabel(label, 'secondary')
        shown = PlainLabel(value, '', wrap=True, selectable=True, tabular=amount)
        shown.setAccessibleName(label)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(caption, row, column * 2, top)
        self._grid.addWidget(shown, row, column * 2 + 1, 1, self._columns * 2 - 1 if wide else 1, top)
        self._count += self._columns if wide else 1
        self._values[name] = shown
        return shown

    def set(self, name: str, value: str) -> None:
        """Show another value."""
        self._values[name].setText(value)

    def set_pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Throw away what is shown and show these labels and values."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._count = 0
        self._values.clear()
        for label, value in pairs:
            self.add(label, label, value)


def separator(*, upright: bool = False) -> QFrame:
    """A one-pixel line."""
    line = QFrame()
    line.setProperty('line', 'upright' if upright else 'true')
    line.setFixedWidth(1) if upright else line.setFixedHeight(1)
    return line


def plain_tip(text: str) -> str:
    """`text` for a tool tip, which would show HTML if it looked like HTML."""
    if not TextQt.mightBeRichText(text):
        return text
    safe = text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    return f'<qt>{safe}</qt>'
