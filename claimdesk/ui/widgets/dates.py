"""Days and moments, typed the way a hand is quick: `414 1430`, `4/14 14:30`, `14:30`, `yesterday`, or a calendar."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QMenu, QWidget, QWidgetAction

from claimdesk.language import _
from claimdesk.ui import icons, text, theme

_WORDS = {
    '今天': 0, 'today': 0, '今日': 0, '昨天': -1, 'yesterday': -1, '昨日': -1, '前天': -2, '明天': 1, 'tomorrow': 1,
}  # fmt: skip
_FULL = re.compile(r'(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?')
_SHORT = re.compile(r'(\d{1,2})[-./月](\d{1,2})日?')
_CLOCK = re.compile(r'(\d{1,2})[:时点](\d{2})?分?')


def read_day(typed: str, today: date) -> date | None:
    """The day that somebody typed; without a year, the latest such day not far in the future. None for nothing.

    Raises `ValueError` for anything else.
    """
    plain = unicodedata.normalize('NFKC', typed).strip().casefold()
    if not plain:
        return None
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    if match := _FULL.fullmatch(plain):
        return date(*(int(part) for part in match.groups()))
    if match := _SHORT.fullmatch(plain):
        return _nearest(int(match[1]), int(match[2]), today)
    if re.fullmatch(r'\d{8}', plain, re.ASCII):
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    if re.fullmatch(r'\d{3,4}', plain, re.ASCII):
        return _nearest(int(plain[:-2]), int(plain[-2:]), today)
    raise ValueError(typed)


def read_moment(typed: str, now: datetime, zone: ZoneInfo = text.OFFICE_ZONE) -> datetime | None:
    """The moment that somebody typed, aware and in UTC; a time alone is today's, a day alone begins at 00:00.

    Raises `ValueError` for anything else.
    """
    plain = unicodedata.normalize('NFKC', typed).strip().casefold()
    if plain[:1].isdigit():
        plain = plain.replace('t', ' ', 1)
    if not plain:
        return None
    today = now.astimezone(zone).date()
    head, _blank, tail = plain.rpartition(' ')
    if not head and (match := _CLOCK.fullmatch(plain)):
        return _at(today, int(match[1]), int(match[2] or 0), zone)
    clock = _CLOCK.fullmatch(tail) if head else None
    if clock is not None:
        local_day = read_day(head, today)
        hours, minutes = int(clock[1]), int(clock[2] or 0)
    elif head and re.fullmatch(r'\d{3,4}', tail, re.ASCII):
        local_day = read_day(head, today)
        hours, minutes = int(tail[:-2]), int(tail[-2:])
    else:
        local_day, hours, minutes = read_day(plain, today), 0, 0
    if local_day is None:
        raise ValueError(typed)
    return _at(local_day, hours, minutes, zone)


class _Typed(QLineEdit):
    """A text field with a calendar behind it; the arrow keys step by a day."""

    value_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.font(tabular=True))
        opener = self.addAction(icons.icon('calendar', 'secondary'), QLineEdit.ActionPosition.TrailingPosition)
        opener.setToolTip(_("Open the calendar (Alt+Down)"))
        opener.triggered.connect(self.open_calendar)
        self.textEdited.connect(lambda _typed: self.value_changed.emit())

    def problem(self) -> str:
        """What is wrong with what was typed, or ''."""
        raise NotImplementedError

    def open_calendar(self) -> None:
        """Choose the day by mouse or arrow keys."""
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setMinimumSize(QSize(280, 220))
        shown = self._day() or datetime.now(text.OFFICE_ZONE).date()
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        calendar.activated.connect(menu.close)
        calendar.clicked.connect(lambda chosen: self._choose(date(chosen.year(), chosen.month(), chosen.day())))
        calendar.activated.connect(lambda chosen: self._choose(date(chosen.year(), chosen.month(), chosen.day())))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.isReadOnly():
            self._step(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if not self.problem() and not self.isReadOnly():
            self._tidy()
        super().focusOutEvent(event)

    def _day(self) -> date | None:
        raise NotImplementedError

    def _choose(self, chosen: date) -> None:
        raise NotImplementedError

    def _tidy(self) -> None:
        raise NotImplementedError

    def _step(self, days: int) -> None:
        shown = self._day() or datetime.now(text.OFFICE_ZONE).date() - timedelta(days=days)
        self._choose(shown + timedelta(days=days))


class DateEdit(_Typed):
    """A day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("YYYY-MM-DD"))

    def value(self) -> date | None:
        """The day; None if empty or not a day (see `problem`)."""
        try:
            return read_day(self.text(), datetime.now(text.OFFICE_ZONE).date())
        except ValueError:
            return None

    def set_value(self, value: date | None) -> None:
        """Show a day."""
        self.setText('' if value is None else value.isoformat())

    def problem(self) -> str:
        if self.text().strip() and self.value() is None:
            return _("This is not a day. Type for example 2026-04-14, 4/14 or today.")
        return ''

    def _day(self) -> date | None:
        return self.value()

    def _choose(self, chosen: date) -> None:
        self.set_value(chosen)
        self.textEdited.emit(self.text())

    def _tidy(self) -> None:
        self.set_value(self.value())


class DateTimeEdit(_Typed):
    """A moment in the office's zone; its value is aware and in UTC."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("YYYY-MM-DD hh:mm"))

    def value(self) -> datetime | None:
        """The moment in UTC; None if empty or not a moment (see `problem`)."""
        try:
            return read_moment(self.text(), datetime.now(UTC))
        except ValueError:
            return None

    def set_value(self, value: datetime | None) -> None:
        """Show a moment."""
        self.setText('' if value is None else text.moment(value))

    def problem(self) -> str:
        if self.text().strip() and self.value() is None:
            return _("This is not a time. Type for example 2026-04-14 14:30, 4/14 14:30 or 14:30.")
        return ''

    def _day(self) -> date | None:
        value = self.value()
        return None if value is None else value.astimezone(text.OFFICE_ZONE).date()

    def _choose(self, chosen: date) -> None:
        value = self.value()
        clock = time(0, 0) if value is None else value.astimezone(text.OFFICE_ZONE).time()
        self.set_value(datetime.combine(chosen, clock, text.OFFICE_ZONE))
        self.textEdited.emit(self.text())

    def _tidy(self) -> None:
        self.set_value(self.value())


def _nearest(month: int, day: int, today: date) -> date:
    """The day of that month and day nearest to today, at most a month ahead."""
    for year in (today.year + 1, today.year, today.year - 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate <= today + timedelta(days=31):
            return candidate
    return date(today.year, month, day)


def _at(local_day: date, hours: int, minutes: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(local_day, time(hours, minutes), zone).astimezone(UTC)
