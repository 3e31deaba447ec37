"""The figures of a month as calm cards, each with a small trend, and the panel that explains one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from claimdesk.language import _
from claimdesk.services.reporting import Indicator
from claimdesk.ui import theme
from claimdesk.ui.pages.reports_words import change, figure, month, short_figure
from claimdesk.ui.widgets import KeyValue, PlainLabel, SectionHeader, SidePanel

_LEAST_WIDTH, _HEIGHT, _MOST_COLUMNS = 236, 108, 6
_LEFT, _RIGHT = int(Qt.AlignmentFlag.AlignLeft), int(Qt.AlignmentFlag.AlignRight)
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)


class IndicatorCard(QAbstractButton):
    """One figure: its name, the value, the month before, the year so far, and twelve months as a line."""

    def __init__(self, indicator: Indicator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.indicator = indicator
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(QSize(_LEAST_WIDTH, _HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f'{indicator.name}: {figure(indicator.value, indicator.unit)}')
        self.setAccessibleDescription(indicator.definition)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self.hasFocus()
        edge = 'accent' if ring or self.isChecked() else 'border_strong' if self.underMouse() else 'border'
        painter.setPen(QPen(theme.colour(edge), 2 if ring else 1))
        painter.setBrush(theme.colour('accent_soft' if self.isChecked() else 'surface'))
        inset = 1.0 if ring else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)
        self._paint_words(painter)
        area = QRectF(self.width() - 108, 42, 92, 30)
        paint_line(painter, area, self.indicator.trend)

    def _paint_words(self, painter: QPainter) -> None:
        one, room = self.indicator, self.rect().adjusted(16, 12, -16, -12)
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(theme.colour('secondary'))
        name = painter.fontMetrics().elidedText(one.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(QRect(room.left(), room.top(), room.width(), 18), _LEFT | _MIDDLE, name)
        foot = QRect(room.left(), room.bottom() - 17, room.width(), 18)
        painter.setFont(theme.font(theme.SECONDARY, tabular=True))
        before = year = ''
        if one.previous is not None:
            earlier = _("Before {figure}").format(figure=short_figure(one.previous, one.unit))
            before = f'{earlier}  {change(one)}'.rstrip()
        if one.year_to_date is not None:
            year = _("Year {figure}").format(figure=short_figure(one.year_to_date, one.unit))
        painter.drawText(foot, _LEFT | _MIDDLE, before)
        if painter.fontMetrics().horizontalAdvance(f'{before}    {year}') < room.width():
            painter.drawText(foot, _RIGHT | _MIDDLE, year)
        painter.setPen(theme.colour('text'))
        painter.setFont(theme.font(theme.TITLE, strong=True, tabular=True))
        value = short_figure(one.value, one.unit)
        if painter.fontMetrics().horizontalAdvance(value) > room.width() - 100:
            painter.setFont(theme.font(theme.SECTION, strong=True, tabular=True))
        painter.drawText(QRect(room.left(), 38, room.width() - 96, 36), _LEFT | _MIDDLE, value)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class Cards(QWidget):
    """The cards of all groups, in as many columns as there is room for; `chosen` follows a click or Enter."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty('surface', 'page')
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.SPACE_24, theme.SPACE_12, theme.SPACE_24, theme.SPACE_24)
        self._grid.setSpacing(theme.SPACE_12)
        # The columns follow the room, not the room the columns.
        self._grid.setSizeConstraint(QGridLayout.SizeConstraint.SetNoConstraint)
        self._groups: list[tuple[SectionHeader, list[IndicatorCard]]] = []
        self._columns = 0
        self.cards: list[IndicatorCard] = []

    def show_indicators(self, indicators: Sequence[Indicator]) -> None:
        """Show these instead."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._groups, self.cards, self._columns = [], [], 0
        groups: dict[str, list[Indicator]] = {}
        for indicator in indicators:
            groups.setdefault(indicator.group, []).append(indicator)
        for name, members in groups.items():
            cards = [IndicatorCard(member) for member in members]
            for card in cards:
                card.clicked.connect(partial(self._clicked, card))
            self._groups.append((SectionHeader(name), cards))
            self.cards += cards
        self._flow()

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH + 2 * theme.SPACE_24, self._grid.minimumSize().height())

    def mark(self, indicator: Indicator | None) -> None:
        """Light the card of `indicator` alone."""
        for card in self.cards:
            card.setChecked(indicator is not None and card.indicator.id == indicator.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow()

    def _flow(self) -> None:
        room = self.width() - 2 * theme.SPACE_24
        columns = max(1, min(_MOST_COLUMNS, (room + theme.SPACE_12) // (_LEAST_WIDTH + theme.SPACE_12)))
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        row = 0
        for header, cards in self._groups:
            self._grid.addWidget(header, row, 0, 1, columns)
            for number, card in enumerate(cards):
                self._grid.addWidget(card, row + 1 + number // columns, number % columns)
            row += 1 + ceil(len(cards) / columns)
        for at in range(row + 1):
            self._grid.setRowStretch(at, 1 if at == row else 0)
        self._columns = columns
        self.updateGeometry()

    def _clicked(self, card: IndicatorCard, _checked: bool = False) -> None:
        self.mark(card.indicator)
        self.chosen.emit(card.indicator)


class Bars(QWidget):
    """Twelve months as bars, each with its value as a tip and its month below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[Decimal | None, ...] = ()
        self._months: tuple[date, ...] = ()
        self.setFixedHeight(128)

    def show_values(self, indicator: Indicator, months: Sequence[date]) -> None:
        """Show the trend of `indicator`."""
        self._values, self._months = indicator.trend, tuple(months)
        spoken = ', '.join(
            f'{month(day)} {figure(value, indicator.unit)}' for day, value in zip(months, indicator.trend, strict=False)
        )
        self.setAccessibleName(indicator.name)
        self.setAccessibleDescription(spoken)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._values:
            return
        painter = QPainter(self)
        known = [abs(value) for value in self._values if value is not None]
        most = max(known, default=Decimal(0)) or Decimal(1)
        step = self.width() / len(self._values)
        floor = self.height() - 22
        painter.setFont(theme.font(11, tabular=True))
        for at, value in enumerate(self._values):
            last = at == len(self._values) - 1
            left = at * step + step * 0.18
            if value is not None:
                tall = max(2.0, float(abs(value) / most) * (floor - 4))
                painter.fillRect(
                    QRectF(left, floor - tall, step * 0.64, tall), theme.colour('accent' if last else 'border_strong')
                )
            if at < len(self._months):
                painter.setPen(theme.colour('text' if last else 'secondary'))
                place = QRectF(at * step, floor + 4, step, 16)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), str(self._months[at].month))
        painter.setPen(theme.colour('border'))
        painter.drawLine(0, floor, self.width(), floor)


class Explanation(SidePanel):
    """What a figure means, where it comes from, and how it went over twelve months."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__('', 360, parent)
        self._value = PlainLabel('', 'title', selectable=True)
        self._value.setFont(theme.font(theme.TITLE, strong=True, tabular=True))
        self._facts = KeyValue(1)
        self._bars = Bars()
        self._definition = PlainLabel('', '', wrap=True, selectable=True)
        self._mark = PlainLabel('', 'caption', wrap=True)
        for widget in (
            self._value,
            self._facts,
            PlainLabel(_("Twelve months"), 'caption'),
            self._bars,
            PlainLabel(_("Definition"), 'caption'),
            self._definition,
            self._mark,
        ):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def explain(self, indicator: Indicator, months: Sequence[date]) -> None:
        """Explain `indicator`."""
        self.set_title(indicator.name)
        self._value.setText(figure(indicator.value, indicator.unit))
        self._facts.set_pairs(
            [
                (_("Month before"), f'{figure(indicator.previous, indicator.unit)}  {change(indicator)}'.strip()),
                (_("Year to date"), figure(indicator.year_to_date, indicator.unit)),
            ]
        )
        self._bars.show_values(indicator, months)
        self._definition.setText(indicator.definition)
        self._mark.setText(source_words(indicator.mark))
        self.slide_in()

    @property
    def definition(self) -> str:
        """The definition that is shown."""
        return self._definition.text()


def source_words(mark: str) -> str:
    """How sure the source of a definition is."""
    return {
        'A': _("The definition is taken from a published rule."),
        'B': _("The indicator is published; insurers compute it this way in practice."),
        'C': _("The office's own definition."),
    }.get(mark, '')


def paint_line(painter: QPainter, area: QRectF, values: Sequence[Decimal | None]) -> None:
    """Draw `values` as a thin line with a dot at the end; gaps stay gaps."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return
    low, high = min(known), max(known)
    reach = (high - low) or 1.0
    step = area.width() / max(1, len(values) - 1)
    painter.setPen(QPen(theme.colour('border_strong'), 1.5))
    run: list[QPointF] = []
    last: QPointF | None = None
    for at, value in enumerate([*values, None]):
        if value is None:
            if len(run) > 1:
                painter.drawPolyline(QPolygonF(run))
            run = []
            continue
        height = 0.5 if high == low else (float(value) - low) / reach
        last = QPointF(area.left() + at * step, area.bottom() - height * area.height())
        run.append(last)
    if last is not None and values[-1] is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour('accent'))
        painter.drawEllipse(last, 3, 3)
