"""The office's trail as a table: a vector of ids as long as the trail, and words for what is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from claimdesk.language import N_, _
from claimdesk.services.office_trail import TrailRow
from claimdesk.ui import text
from claimdesk.ui.widgets import plain_tip

MOST_KEPT = 3000
"""So many entries stay in words; the oldest that came are forgotten first."""
AROUND = 60
"""So many entries are read before and after those that are seen."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Column:
    """One column: its heading (an English source string), its first width, and what it says of an entry."""

    heading: str
    width: int
    words: Callable[[TrailRow], str]


COLUMNS = (
    Column(N_("Time"), 136, lambda row: text.moment(row.at)),
    Column(N_("Person"), 92, lambda row: row.who),
    Column(N_("What was done"), 170, lambda row: row.action),
    Column(N_("Of what"), 120, lambda row: row.thing),
    Column(N_("Case"), 132, lambda row: row.case_number or text.DASH),
    Column(N_("Changes"), 200, lambda row: _("; ").join(row.details) or text.DASH),
)


class TrailRows(QAbstractTableModel):
    """Entries by id. One that is painted before it has come is missed: `missed` says so once, after the paint."""

    missed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ids: array[int] = array('q')
        self._known: dict[int, TrailRow] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.missed)

    def show_ids(self, ids: array[int]) -> None:
        """Show these entries, the newest first; what was added on top moves nothing that is chosen."""
        added = len(ids) - len(self.ids)
        if added >= 0 and self.ids and ids[added:] == self.ids:
            if added:
                self.beginInsertRows(_ROOT, 0, added - 1)
                self.ids = ids
                self.endInsertRows()
            return
        self.beginResetModel()
        self.ids = ids
        self.endResetModel()

    def absent(self, first: int, last: int) -> list[int]:
        """Those entries around the rows from `first` to `last` that have not come yet."""
        return [one for one in self.ids[max(0, first - AROUND) : last + AROUND] if one not in self._known]

    def take(self, rows: Iterable[TrailRow]) -> None:
        """Entries that have come."""
        for row in rows:
            self._known[row.id] = row
        for old in list(self._known)[: max(0, len(self._known) - MOST_KEPT)]:
            del self._known[old]
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(COLUMNS) - 1))

    def row_at(self, place: int) -> TrailRow | None:
        """The entry in that row, if it has come."""
        return self._known.get(self.ids[place]) if 0 <= place < len(self.ids) else None

    def place_of(self, entry_id: int) -> int:
        """The row of an entry, or -1."""
        low, high = 0, len(self.ids)
        while low < high:
            middle = (low + high) // 2
            if self.ids[middle] > entry_id:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self.ids) and self.ids[low] == entry_id else -1

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section].heading)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole
        ):  # fmt: skip
            return None
        row = self.row_at(index.row())
        if row is None:
            self._timer.start()
            return None
        words = COLUMNS[index.column()].words(row)
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words
