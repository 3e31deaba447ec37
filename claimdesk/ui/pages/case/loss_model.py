"""The lines of a loss as a table that is edited in its cells, with an empty line at the end for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from claimdesk.language import N_, _
from claimdesk.services.assessment import LossView
from claimdesk.ui import text, theme
from claimdesk.ui.pages.case.overview_forms import choice_of
from claimdesk.ui.widgets import Combo, MoneyEdit
from claimdesk.ui.widgets.table import cell_tip
from claimdesk.vocabulary import LossKind, label

COLUMNS = (
    ('kind', N_("Kind")),
    ('name', N_("Item")),
    ('claimed', N_("Claimed")),
    ('confirmed', N_("Confirmed amount")),
    ('document', N_("Document")),
    ('note', N_("Note")),
)
NAMES = tuple(name for name, _words in COLUMNS)
MONEY = frozenset({'claimed', 'confirmed'})
CELL_GAP = 4
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass
class NewLine:
    """The line being begun: it becomes a loss item once it has a name and an amount."""

    kind: LossKind = LossKind.PARTS
    name: str = ''
    claimed: Decimal | None = None
    confirmed: Decimal | None = None
    document: str = ''
    note: str = ''


class LossModel(QAbstractTableModel):
    """Emits `line_edited(LossView, name, value)` and `line_begun(NewLine)`; the tab saves and shows what came of it."""

    line_edited = Signal(object, str, object)
    line_begun = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[LossView] = []
        self.new = NewLine()
        self._editable = False

    def show_lines(self, lines: Sequence[LossView], *, editable: bool) -> None:
        """Show these lines, touching only the cells that changed, so that an open editor stays."""
        ids, wanted = [line.id for line in self.lines], [line.id for line in lines]
        if editable != self._editable or (ids != wanted and wanted[: len(ids)] != ids):
            self.beginResetModel()
            self.lines, self._editable = list(lines), editable
            self.endResetModel()
            return
        for row, line in enumerate(lines[: len(ids)]):
            self.replace(row, line)
        if len(wanted) > len(ids):
            self.beginInsertRows(_ROOT, len(ids), len(wanted) - 1)
            self.lines.extend(lines[len(ids) :])
            self.endInsertRows()

    def replace(self, row: int, line: LossView) -> None:
        """Show another state of one line."""
        before, self.lines[row] = self.lines[row], line
        for column, name in enumerate(NAMES):
            if getattr(before, name) != getattr(line, name):
                self.dataChanged.emit(self.index(row, column), self.index(row, column))

    def begin_anew(self) -> None:
        """The new line has been saved: begin the next one, of the same kind."""
        self.new = NewLine(self.new.kind)
        row = len(self.lines)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(NAMES) - 1))

    def row_of(self, line_id: int) -> int:
        """Where the line stands, or -1."""
        return next((row for row, line in enumerate(self.lines) if line.id == line_id), -1)

    def line_at(self, index: _Index) -> LossView | None:
        """The saved line of a row, or None for the new one."""
        return self.lines[index.row()] if index.isValid() and index.row() < len(self.lines) else None

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines) + self._editable

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section][1])
        if role == Qt.ItemDataRole.TextAlignmentRole and NAMES[section] in MONEY:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if self._editable and index.isValid() and NAMES[index.column()] != 'document':
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        name, line = NAMES[index.column()], self.line_at(index)
        value = getattr(line or self.new, name)
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(name, value, new=line is None)
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell_tip(str(value)) if isinstance(value, str) and value else None
        if role == Qt.ItemDataRole.TextAlignmentRole and name in MONEY:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            if name == 'document' and value:
                return QBrush(theme.colour('accent_text'))
            if (line is None and not value) or (name == 'confirmed' and value is None):
                return QBrush(theme.colour('secondary'))
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        name, line = NAMES[index.column()], self.line_at(index)
        if line is not None:
            if value != getattr(line, name):
                self.line_edited.emit(line, name, value)
            return True
        setattr(self.new, name, value)
        self.dataChanged.emit(index, index)
        if self.new.name.strip() and self.new.claimed is not None:
            self.line_begun.emit(self.new)
        return True

    @staticmethod
    def _words(name: str, value: Any, *, new: bool) -> str:
        if name == 'kind':
            return label(value)
        if new and not value:
            return _("New item") if name == 'name' else ''
        if name in MONEY:
            return text.money(value)
        return str(value)


class LossDelegate(QStyledItemDelegate):
    """Edits kinds by choice, amounts as money, words as text; keeps cells apart."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.colour('accent_soft'))
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(CELL_GAP, 0, -CELL_GAP, 0)
        super().paint(painter, inner, index)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        name = NAMES[index.column()]
        editor: QWidget
        if name == 'kind':
            editor = choice_of(LossKind)
            editor.setParent(parent)
        elif name in MONEY:
            editor = MoneyEdit(parent)
        else:
            editor = QLineEdit(parent)
            editor.setMaxLength(120 if name == 'name' else 200)
        editor.setAccessibleName(_(COLUMNS[index.column()][1]))
        return editor

    def setEditorData(self, editor: Any, index: _Index) -> None:
        value = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, Combo | MoneyEdit):
            editor.set_value(value)
        else:
            editor.setText(value)
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def setModelData(self, editor: Any, model: QAbstractItemModel, index: _Index) -> None:
        if isinstance(editor, MoneyEdit):
            if editor.problem() or (editor.value() is None and NAMES[index.column()] == 'claimed'):
                return
            model.setData(index, editor.value())
        elif isinstance(editor, Combo):
            model.setData(index, editor.value())
        else:
            model.setData(index, editor.text().strip())
