"""Where the paper goes: the case, the line of its checklist that it answers, and the loss item it opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.filing import Place, Wanted
from claimdesk.ui import icons, theme
from claimdesk.ui.later import later
from claimdesk.ui.pages.inbox.field_row import EVIDENCE_WIDTH, label_width
from claimdesk.ui.widgets import Combo, ElidedLabel, plain_tip
from claimdesk.vocabulary import ChecklistState, LossKind, label

SEARCH_AFTER_MS = 150
_ROLE = Qt.ItemDataRole.UserRole
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class CaseEdit(QLineEdit):
    """Finds a case by number, name or plate while one types; `chosen` with a `Place`, or None when it is cleared."""

    chosen = Signal(object)
    search_wanted = Signal(str)
    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place: Place | None = None
        self._suggestions: tuple[Place, ...] = ()
        self._hasty = False
        self.setPlaceholderText(_("Case number, name or plate"))
        self.setAccessibleName(_("Case"))
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(False)
        self._found = QStandardItemModel(self)
        completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCompletionRole(_ROLE + 1)
        completer.popup().clicked.connect(self._taken)
        self.setCompleter(completer)
        self._wait = later(self, SEARCH_AFTER_MS, lambda: self.search_wanted.emit(self.text().strip()))
        self.textEdited.connect(self._typed)

    def show_place(self, place: Place | None) -> None:
        """Show the chosen case."""
        self.place = place
        words = words_for(place) if place is not None else ''
        self.setText(words)
        self.setToolTip(plain_tip(words))
        self.setCursorPosition(0)

    def suggest(self, places: Sequence[Place]) -> None:
        """Offer these before anything is typed."""
        self._suggestions = tuple(places)

    def show_found(self, places: Sequence[Place]) -> None:
        """Offer what the search has found."""
        self._found.clear()
        for place in places:
            parts = (words_for(place), label(place.stage), place.why)
            item = QStandardItem('  ·  '.join(part for part in parts if part))
            item.setData(place, _ROLE)
            # What the completer writes into the line: nothing, `show_place` does it.
            item.setData(self.text(), _ROLE + 1)
            self._found.appendRow(item)
        hasty, self._hasty = self._hasty, False
        if hasty and len(places) == 1:
            self._taken(self._found.index(0, 0))
        elif places and self.hasFocus():
            self.completer().complete()
        else:
            self.completer().popup().hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_enter(event):
            if self.place is None and self._found.rowCount():
                marked = self.completer().popup().currentIndex()
                self._taken(marked if marked.isValid() else self._found.index(0, 0))
            elif self.place is not None:
                self.accepted.emit()
            elif self.text().strip():
                # Faster than the search: what it finds is taken when it comes.
                self._hasty = True
                self._wait.stop()
                self.search_wanted.emit(self.text().strip())
            return
        if event.key() == Qt.Key.Key_Down and not event.modifiers() and self._suggestions and not self.text():
            self.show_found(self._suggestions)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.place is not None:
            QTimer.singleShot(0, self, self.selectAll)
        elif self._suggestions and not self.text() and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.show_found(self._suggestions)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.place is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.show_place(self.place)

    def _typed(self, words: str) -> None:
        if self.place is not None:
            self.place = None
            self.chosen.emit(None)
        self._found.clear()
        self._hasty = False
        self._wait.start() if words.strip() else self._wait.stop()

    def _taken(self, index: QModelIndex) -> None:
        place = index.data(_ROLE)
        if isinstance(place, Place):
            self.completer().popup().hide()
            QTimer.singleShot(0, self, lambda: self.show_place(self.place))
            self.show_place(place)
            self.chosen.emit(place)


class FilingBox(QWidget):
    """Case, checklist and loss item. `place_changed` with the case's id or None; `settled` on Enter at the case."""

    place_changed = Signal(object)
    search_wanted = Signal(str)
    settled = Signal()
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.suggested = False
        self._shut = False
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, theme.SPACE_4)
        column.setSpacing(theme.SPACE_4)
        self.case = CaseEdit()
        self._picture = QLabel()
        self._picture.setFixedSize(icons.SMALL, icons.SMALL)
        self._why = ElidedLabel('', 'caption')
        self._why.setFixedWidth(EVIDENCE_WIDTH)
        first = self._line(_("Case"), self.case)
        first.addWidget(self._picture)
        first.addWidget(self._why)
        column.addLayout(first)
        self.answers = Combo(placeholder=_("None"), searchable=False)
        self.answers.setAccessibleName(_("Needed document that it is"))
        self.loss = Combo(placeholder=_("None"), searchable=False)
        self.loss.setAccessibleName(_("Loss item that it opens"))
        second = self._line(_("It is the"), self.answers)
        second.addWidget(ElidedLabel(_("Loss item"), 'secondary'))
        second.addWidget(self.loss, 1)
        column.addLayout(second)
        self.case.chosen.connect(self._chosen)
        self.case.search_wanted.connect(self.search_wanted)
        self.case.accepted.connect(self.accept)
        for combo in (self.answers, self.loss):
            combo.activated.connect(lambda _row: self.edited.emit())
            combo.installEventFilter(self)
        self.set_wanted(None)

    def _line(self, name: str, field: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE_8)
        caption = ElidedLabel(name, 'secondary')
        caption.setFixedWidth(label_width())
        caption.setBuddy(field)
        line.addWidget(caption)
        line.addWidget(field, 1)
        return line

    @property
    def place(self) -> Place | None:
        """The chosen case."""
        return self.case.place

    def set_place(self, place: Place | None, *, suggested: bool = False) -> None:
        """Show a case; a suggested one waits for a person's Enter."""
        self.suggested = suggested and place is not None
        self.case.show_place(place)
        self._say()

    def accept(self) -> None:
        """The person has seen the case."""
        self.suggested = False
        self._say()
        self.settled.emit()

    def set_wanted(self, wanted: Wanted | None) -> None:
        """Offer the checklist and the kinds of loss of the chosen case."""
        for combo in (self.answers, self.loss):
            combo.clear()
            combo.setEnabled(wanted is not None and not self._shut)
            combo.add('', _("None"))
        if wanted is None:
            return
        for item in wanted.checklist:
            here = item.state not in (ChecklistState.MISSING, ChecklistState.REJECTED)
            words = f'{item.name} · {label(item.state)}' if here else item.name
            self.answers.add(item.code, words, 'check' if here else '')
        for kind in wanted.loss_kinds:
            self.loss.add(str(kind), label(kind))
        self.answers.set_value(wanted.answers)
        self.loss.set_value(str(wanted.loss or ''))

    def checklist_code(self) -> str:
        """The line of the checklist, '' for none."""
        return str(self.answers.value() or '')

    def loss_kind(self) -> LossKind | None:
        """The kind of loss item to open, None for none."""
        value = self.loss.value()
        return LossKind(value) if value else None

    def set_read_only(self, shut: bool) -> None:
        """A filed document shows its case only."""
        self._shut = shut
        self.case.setReadOnly(shut)
        self.case.setClearButtonEnabled(not shut)
        if shut:
            self.answers.setEnabled(False)
            self.loss.setEnabled(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and _is_enter(event):
            self.settled.emit()
            return True
        return super().eventFilter(watched, event)

    def _chosen(self, place: Place | None) -> None:
        self.suggested = False
        self._say()
        self.place_changed.emit(place.case_id if place is not None else None)
        if place is not None:
            self.settled.emit()

    def _say(self) -> None:
        place = self.place
        if place is None:
            tone, picture, words = 'orange', 'circle-question-mark', _("no case yet")
        elif self.suggested:
            tone, picture, words = 'orange', 'sparkles', place.why
        else:
            tone, picture, words = 'green', 'check', label(place.stage)
        self._picture.setPixmap(icons.pixmap(picture, tone, icons.SMALL))
        self._why.setText(words)
        tip = _("Suggested: {why} Enter accepts it.").format(why=words) if self.suggested else ''
        self._why.setToolTip(plain_tip(tip))


def _is_enter(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD


def words_for(place: Place) -> str:
    """A case in one line."""
    return '  ·  '.join(part for part in (place.number, place.insured_name, place.plate) if part)
