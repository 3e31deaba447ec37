"""The board: a column for each stage, cards that are dragged or sent by key to where a move is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from claimdesk.language import _
from claimdesk.services.board import BoardColumn, Target, Targets
from claimdesk.services.case_rows import CaseRow
from claimdesk.ui import icons, text, theme
from claimdesk.ui.widgets import PlainLabel, plain_tip
from claimdesk.ui.widgets.state import paint_state
from claimdesk.vocabulary import Stage, label

MIME = 'application/x-claimdesk-case'
CARD_HEIGHT = 66
NARROWEST = 148
_CASE = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class CardDelegate(QStyledItemDelegate):
    """Paints a case as a card: its number, whose it is, and how its time stands."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(NARROWEST, CARD_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: CaseRow = index.data(_CASE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        area = option.rect.adjusted(4, 3, -4, -3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour('accent' if chosen else 'border'))
        painter.setBrush(theme.colour('accent_soft' if chosen else 'surface'))
        painter.drawRoundedRect(area, 6, 6)
        inner = area.adjusted(8, 5, -8, -5)
        line = inner.height() // 3
        self._line(painter, QRect(inner.left(), inner.top(), inner.width(), line), row.number, 'text', strong=True)
        who = ' · '.join(filter(None, (row.insured_name, row.plate, row.owner)))
        self._line(painter, QRect(inner.left(), inner.top() + line, inner.width(), line), who, 'secondary')
        below = QRect(area.left() + 4, inner.top() + 2 * line, area.width() - 8, line)
        painter.setFont(theme.font())
        paint_state(painter, below, row.due_state, row.due_words)
        painter.restore()

    def _line(self, painter: QPainter, area: QRect, words: str, tone: str, *, strong: bool = False) -> None:
        painter.setFont(theme.font(strong=strong))
        painter.setPen(theme.colour(tone))
        fitting = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), fitting)


def _whole(row: CaseRow) -> str:
    """Everything of a card, for what is too long for it."""
    who = ' · '.join(filter(None, (row.insured_name, row.plate, row.owner)))
    return plain_tip('\n'.join((row.number, who, row.due_words)))


class StageList(QListWidget):
    """The cards of one stage."""

    dropped = Signal(int, object)
    opened = Signal(int)
    sideways = Signal(int)
    menu_wanted = Signal()

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.refused = ''
        self.setItemDelegate(CardDelegate(self))
        self.setAccessibleName(label(stage))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.itemActivated.connect(lambda item: self.opened.emit(item.data(_CASE).id))
        self._pressed = QPoint()

    def case(self) -> CaseRow | None:
        """The card that is marked."""
        item = self.currentItem()
        return item.data(_CASE) if item is not None else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.case()
        far = (event.position().toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if row is None or not event.buttons() & Qt.MouseButton.LeftButton or not far:
            return
        data = QMimeData()
        data.setData(MIME, str(row.id).encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._consider(event)

    def _consider(self, event: QDragMoveEvent) -> None:
        # A stage that is closed to the case takes the card all the same, to say on the drop why it cannot go there.
        if event.mimeData().hasFormat(MIME) and event.source() is not self:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(int(bytes(event.mimeData().data(MIME).data()).decode()), self.stage)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.sideways.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_M:
            self.menu_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.case() is not None:
            self.opened.emit(self.case().id)
        else:
            super().keyPressEvent(event)


class BoardView(QWidget):
    """All stages side by side. Emits what is wanted; the page does it."""

    open_wanted = Signal(int)
    move_wanted = Signal(int, object)
    marked = Signal(int)
    menu_asked = Signal(int)

    def __init__(self, stages: Sequence[Stage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, theme.SPACE_8)
        row.setSpacing(theme.SPACE_8)
        self.lists: dict[Stage, StageList] = {}
        self._heads: dict[Stage, PlainLabel] = {}
        self._signs: dict[Stage, PlainLabel] = {}
        for stage in stages:
            row.addWidget(self._column(stage), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        self._foot = PlainLabel('', 'secondary', wrap=True)
        self._foot.setContentsMargins(theme.SPACE_16, theme.SPACE_4, theme.SPACE_16, theme.SPACE_8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addWidget(self._foot)
        self._hint()

    def _column(self, stage: Stage) -> QWidget:
        holder = QWidget()
        holder.setMinimumWidth(NARROWEST)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_4)
        words, sign = PlainLabel(label(stage), 'strong'), PlainLabel()
        words.setWordWrap(True)
        head.addWidget(words, 1)
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        cards = StageList(stage)
        cards.dropped.connect(self.move_wanted)
        cards.opened.connect(self.open_wanted)
        cards.sideways.connect(lambda step, stage=stage: self._go_sideways(stage, step))
        cards.menu_wanted.connect(self._ask_menu)
        cards.currentItemChanged.connect(lambda item, _old, cards=cards: self._mark(cards, item))
        self.lists[stage], self._heads[stage], self._signs[stage] = cards, words, sign
        column.addLayout(head)
        column.addWidget(cards, 1)
        return holder

    def show_columns(self, columns: Sequence[BoardColumn]) -> None:
        """Show these cases; what was marked stays marked."""
        marked = self.marked_case()
        for column in columns:
            cards = self.lists[column.stage]
            cards.blockSignals(True)
            cards.clear()
            for row in column.cards:
                item = QListWidgetItem()
                item.setData(_CASE, row)
                spoken = f'{row.number} {row.insured_name} {row.due_words}'
                item.setData(int(Qt.ItemDataRole.AccessibleTextRole), spoken)
                item.setToolTip(_whole(row))
                cards.addItem(item)
                if marked is not None and row.id == marked.id:
                    cards.setCurrentItem(item)
            cards.blockSignals(False)
            self._heads[column.stage].setText(f'{label(column.stage)}  {text.number(column.count)}')
            more = column.count - len(column.cards)
            tip = _("the {n} most urgent are shown").format(n=text.number(len(column.cards))) if more else ''
            self._heads[column.stage].setToolTip(tip)

    def marked_case(self) -> CaseRow | None:
        """The card that is marked, on whichever stage."""
        return next((row for cards in self.lists.values() if (row := cards.case()) is not None), None)

    def show_targets(self, targets: Targets | None) -> None:
        """Show by each stage whether the marked case may go there."""
        for stage, sign in self._signs.items():
            target = targets.at(stage) if targets is not None else None
            if target is None or target.move is None:
                sign.clear()
                sign.setToolTip(target.why_not if target is not None else '')
                continue
            picture, tone = ('lock', 'secondary') if target.why_not else ('circle-check', 'green')
            sign.setPixmap(icons.pixmap(picture, tone, icons.SMALL))
            sign.setToolTip(target.why_not or _(target.move.title))
        self._hint(targets)

    def say(self, sentence: str) -> None:
        """Say below the stages what went wrong, or what to do."""
        self._foot.setText(sentence)

    def ask_where(self, targets: Targets) -> None:
        """A menu of the stages at the marked card: those that are closed say why."""
        cards = next((cards for cards in self.lists.values() if cards.case() is not None), None)
        if cards is None or cards.case() is None or cards.case().id != targets.case_id:
            return
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for target in targets.stages:
            if target.move is not None:
                menu.addAction(self._action(menu, targets.case_id, target))
        place = cards.visualItemRect(cards.currentItem()).bottomLeft()
        self.menu = menu
        menu.popup(cards.viewport().mapToGlobal(place))

    def _action(self, menu: QMenu, case_id: int, target: Target) -> QAction:
        title = _(target.move.title) if target.move is not None else ''
        words = f'{label(target.stage)} · {title}'
        action = QAction(words if not target.why_not else f'{words} ({target.why_not[:80]})', menu)
        action.setEnabled(not target.why_not)
        action.triggered.connect(lambda: self.move_wanted.emit(case_id, target.stage))
        return action

    def _hint(self, targets: Targets | None = None) -> None:
        if targets is None:
            self.say(_("Drag a card to the next stage, or mark it and press M. Enter opens the case."))
            return
        reasons = [
            f'{label(one.stage)}: {one.why_not}' for one in targets.stages if one.move is not None and one.why_not
        ]
        self.say('  '.join(reasons[:3]) or _("Drag a card to the next stage, or mark it and press M."))

    def _mark(self, cards: StageList, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        for other in self.lists.values():
            if other is not cards and other.currentItem() is not None:
                other.blockSignals(True)
                other.setCurrentRow(-1)
                other.clearSelection()
                other.blockSignals(False)
        self.show_targets(None)
        self.marked.emit(item.data(_CASE).id)

    def _ask_menu(self) -> None:
        row = self.marked_case()
        if row is not None:
            self.menu_asked.emit(row.id)

    def _go_sideways(self, stage: Stage, step: int) -> None:
        stages = list(self.lists)
        place = stages.index(stage) + step
        row = max(0, self.lists[stage].currentRow())
        while 0 <= place < len(stages):
            cards = self.lists[stages[place]]
            if cards.count():
                cards.setFocus()
                cards.setCurrentRow(min(row, cards.count() - 1))
                return
            place += step

    def focus_first(self) -> None:
        """Mark the first card there is, unless one is marked."""
        cards = next((one for one in self.lists.values() if one.case() is not None), None)
        cards = cards or next((one for one in self.lists.values() if one.count()), None)
        if cards is not None:
            cards.setFocus()
            if cards.currentItem() is None:
                cards.setCurrentRow(0)
