"""The lines of a loss as a table that is edited in its cells, with an empty line at the end for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from claimdesk.language import N_, _
from claimdesk.rules.loss import KINDS_OF_LINE, line_amount, quantity_words
from claimdesk.rules.loss_paste import number
from claimdesk.services.assessment import LossDetail, LossView
from claimdesk.ui import text, theme
from claimdesk.ui.widgets import Combo, MoneyEdit
from claimdesk.ui.widgets.table import cell_tip
from claimdesk.vocabulary import Line, LossKind, MedicalClass, label

COLUMNS = (
    ('kind', N_("Kind")),
    ('name', N_("Item")),
    ('whose', N_("Whose loss")),
    ('quantity', N_("Quantity")),
    ('unit', N_("Unit")),
    ('unit_price', N_("Unit price")),
    ('claimed', N_("Claimed")),
    ('confirmed', N_("Confirmed amount")),
    ('medical_class', N_("Class")),
    ('own_share', N_("Own share")),
    ('document', N_("Document")),
    ('note', N_("Note")),
)
NAMES = tuple(name for name, _words in COLUMNS)
MONEY = frozenset({'unit_price', 'claimed', 'confirmed'})
RIGHT = MONEY | {'quantity', 'own_share'}
DETAIL = frozenset(one.name for one in fields(LossDetail))
MEDICAL = ('medical_class', 'own_share')
CELL_GAP = 6
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
    detail: LossDetail = field(default_factory=LossDetail)


def value_of(line: LossView | NewLine, name: str) -> Any:
    """What stands in the column `name` of a line."""
    return getattr(line.detail if name in DETAIL else line, name)


def changed(line: LossView | NewLine, name: str, value: Any) -> dict[str, Any]:
    """The fields of a line after one cell was changed. An amount typed by hand is no longer quantity times price."""
    found = {one: getattr(line, one) for one in ('kind', 'name', 'claimed', 'confirmed', 'note', 'detail')}
    if name in DETAIL:
        found['detail'] = replace(line.detail, **{name: value})
    else:
        found[name] = value
    if name == 'claimed' and line.detail.unit_price is not None:
        found['detail'] = replace(line.detail, unit_price=None)
    detail: LossDetail = found['detail']
    if detail.unit_price is not None:
        found['claimed'] = line_amount(detail.quantity, detail.unit_price)
    return found


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
            if value_of(before, name) != value_of(line, name):
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
        if role == Qt.ItemDataRole.TextAlignmentRole and NAMES[section] in RIGHT:
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
        value = value_of(line or self.new, name)
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(name, value, new=line is None)
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell_tip(str(value)) if isinstance(value, str) and value else None
        if role == Qt.ItemDataRole.TextAlignmentRole and name in RIGHT:
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
            if value != value_of(line, name):
                self.line_edited.emit(line, name, value)
            return True
        for one, now in changed(self.new, name, value).items():
            setattr(self.new, one, now)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(NAMES) - 1))
        if self.new.name.strip() and self.new.claimed is not None:
            self.line_begun.emit(self.new)
        return True

    @staticmethod
    def _words(name: str, value: Any, *, new: bool) -> str:
        if name == 'kind':
            return label(value)
        if new and (not value or name == 'quantity'):
            return _("New item") if name == 'name' else ''
        if name == 'medical_class':
            return label(value) if value is not None else ''
        if name == 'quantity':
            return quantity_words(value)
        if name == 'own_share':
            return '' if value is None else percent_words(value)
        if name == 'unit_price' and value is None:
            return ''
        if name in MONEY:
            return text.money(value)
        return str(value)


class LossDelegate(QStyledItemDelegate):
    """Edits kinds and classes by choice, amounts as money, the rest as text; keeps cells apart."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = Line.MOTOR

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
            editor = Combo(parent)
            usual = KINDS_OF_LINE[self.line]
            for kind in (*usual, *(one for one in LossKind if one not in usual)):
                editor.add(kind.value, label(kind))
        elif name == 'medical_class':
            editor = Combo(parent, searchable=False)
            editor.add('', _("None"))
            for one in MedicalClass:
                editor.add(one.value, label(one))
        elif name in MONEY:
            editor = MoneyEdit(parent)
        else:
            editor = QLineEdit(parent)
            editor.setMaxLength({'name': 120, 'whose': 60, 'unit': 12, 'quantity': 12, 'own_share': 6}.get(name, 200))
        editor.setAccessibleName(_(COLUMNS[index.column()][1]))
        return editor

    def setEditorData(self, editor: Any, index: _Index) -> None:
        value = index.data(Qt.ItemDataRole.EditRole)
        name = NAMES[index.column()]
        if isinstance(editor, Combo):
            # Qt hands a word of an enum back as plain text.
            editor.set_value('' if value is None else str(value))
        elif isinstance(editor, MoneyEdit):
            editor.set_value(value)
        elif name in ('quantity', 'own_share'):
            shown = quantity_words(value) if name == 'quantity' else '' if value is None else percent_words(value)
            editor.setText(shown)
        else:
            editor.setText(value)
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def setModelData(self, editor: Any, model: QAbstractItemModel, index: _Index) -> None:
        name = NAMES[index.column()]
        if isinstance(editor, MoneyEdit):
            if editor.problem() or (editor.value() is None and name == 'claimed'):
                return
            model.setData(index, editor.value())
        elif name == 'kind':
            if editor.value() is not None:
                model.setData(index, LossKind(editor.value()))
        elif name == 'medical_class':
            model.setData(index, MedicalClass(editor.value()) if editor.value() else None)
        elif name == 'quantity':
            typed = number(editor.text())
            if typed:
                model.setData(index, typed)
        elif name == 'own_share':
            share = number(editor.text().strip().removesuffix('%'))
            if share is None or share <= 100:
                model.setData(index, None if share is None else share / 100)
        else:
            model.setData(index, editor.text().strip())


def percent_words(share: Decimal) -> str:
    """`10%`: a share without needless places."""
    return f'{(share * 100).normalize():f}%'
