"""The case list's model: a vector of ids as long as the list, and rows in words only as far as they are looked at."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from claimdesk.language import N_, _
from claimdesk.services.case_list import COLUMNS, CaseRow
from claimdesk.ui import text
from claimdesk.ui.widgets import STATE_ROLE, plain_tip
from claimdesk.vocabulary import DueState, label

MOST_KEPT = 3000
"""So many rows stay in words; the oldest are forgotten first."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Column:
    """One column: `title` is an English source string, `words` writes a row's cell, `shown` at first."""

    name: str
    title: str
    width: int
    words: Callable[[CaseRow], str]
    shown: bool = True
    right: bool = False
    centre: bool = False


_ALL = {
    column.name: column
    for column in (
        Column('due', N_("Due"), 160, lambda row: row.due_words),
        Column('number', N_("Case number"), 132, lambda row: row.number),
        Column('insured_name', N_("Insured"), 104, lambda row: row.insured_name),
        Column('plate', N_("Plate"), 92, lambda row: row.plate),
        Column('line', N_("Line of business"), 104, lambda row: label(row.line)),
        Column('stage', N_("Stage"), 100, lambda row: label(row.stage)),
        Column('owner', N_("Handler"), 84, lambda row: row.owner or text.DASH),
        Column('team', N_("Team"), 100, lambda row: row.team or text.DASH, shown=False),
        Column('next_step', N_("Next step"), 164, lambda row: row.next_step),
        Column('estimate', N_("Estimate"), 108, lambda row: text.money(row.estimate), right=True),
        Column('paid_amount', N_("Paid"), 108, lambda row: text.money(row.paid_amount), shown=False, right=True),
        Column('missing_documents', N_("Missing"), 72, lambda row: str(row.missing_documents or ''), centre=True),
        Column('policy_number', N_("Policy number"), 168, lambda row: row.policy_number, shown=False),
        Column('reporter_name', N_("Reporter"), 88, lambda row: row.reporter_name, shown=False),
        Column('reporter_phone', N_("Phone"), 116, lambda row: row.reporter_phone, shown=False),
        Column('place', N_("Place"), 200, lambda row: row.place, shown=False),
        Column('cause', N_("Cause"), 120, lambda row: row.cause, shown=False),
        Column('reported_at', N_("Reported"), 128, lambda row: text.moment(row.reported_at)),
        Column('loss_at', N_("Time of the loss"), 128, lambda row: text.moment(row.loss_at), shown=False),
        Column('stage_entered_at', N_("In this stage since"), 128, lambda row: text.moment(row.stage_entered_at),
               shown=False),
        Column('closed_at', N_("Closed on"), 128, lambda row: text.moment(row.closed_at), shown=False),
        Column('outcome', N_("Outcome"), 110, lambda row: label(row.outcome), shown=False),
    )
}  # fmt: skip
TABLE: tuple[Column, ...] = tuple(_ALL[name] for name in COLUMNS)
"""What the list can show, in its first order."""

# Qt asks with plain integers, thousands of times for each paint: nothing is looked up there.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_STATE = int(STATE_ROLE)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
ALIGNMENTS = tuple(_RIGHT if column.right else _CENTRE if column.centre else _LEFT for column in TABLE)
_DUE = COLUMNS.index('due')
_NO_INDEX = QModelIndex()


class Shown:
    """A row in words, written once; without a row: an empty line, because the case is gone since its id was read."""

    __slots__ = ('row', 'state', 'words')

    def __init__(self, row: CaseRow | None) -> None:
        self.row = row
        self.words = ('',) * len(TABLE) if row is None else tuple(column.words(row) for column in TABLE)
        self.state: DueState | None = None if row is None else row.due_state


_GONE = Shown(None)


class CasesModel(QAbstractTableModel):
    """Rows by id. A row that is painted before it has come is missed: `missed` says so once, after the paint."""

    missed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: array[int] = array('q')
        self._shown: dict[int, Shown] = {}
        self._titles = [_(column.title) for column in TABLE]
        self._miss_timer = QTimer(self)
        self._miss_timer.setSingleShot(True)
        self._miss_timer.timeout.connect(self.missed)

    @property
    def ids(self) -> array[int]:
        """The ids of all rows that are known, in the list's order. Not to be changed."""
        return self._ids

    def id_at(self, row: int) -> int | None:
        """The case in that row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, case_id: int) -> CaseRow | None:
        """What is known of a case, if it has come."""
        shown = self._shown.get(case_id)
        return shown.row if shown is not None else None

    def has(self, row: int) -> bool:
        """Whether that row has come."""
        return self._ids[row] in self._shown

    def look(self, row: int) -> Shown | None:
        """That row in words, to be painted; None if it has not come yet, and then it is missed."""
        shown = self._shown.get(self._ids[row])
        if shown is None:
            self._miss_timer.start()
        return shown

    def absent(self, first: int, last: int) -> list[int]:
        """The ids of the rows from `first` to `last`, both included, that have not come yet."""
        window = self._ids[max(0, first) : last + 1]
        return [case_id for case_id in window if case_id not in self._shown]

    def begin(self, rows: Sequence[CaseRow]) -> None:
        """Show these first rows of another query; nothing else of it is known yet."""
        self.beginResetModel()
        self._ids = array('q', (row.id for row in rows))
        self._shown = {row.id: Shown(row) for row in rows}
        self.endResetModel()

    def set_ids(self, ids: array[int]) -> bool:
        """The whole list's ids, now; rows that are known stay. True if anything is different from before."""
        if ids == self._ids:
            return False
        before, after = len(self._ids), len(ids)
        if after > before:
            self.beginInsertRows(_NO_INDEX, before, after - 1)
            self._ids = ids
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(_NO_INDEX, after, before - 1)
            self._ids = ids
            self.endRemoveRows()
        else:
            self._ids = ids
        self._repaint()
        return True

    def take(self, rows: Iterable[CaseRow], asked: Iterable[int] = ()) -> None:
        """Rows that have come, new or changed. Of those `asked` for, one that did not come is gone for good."""
        come = set()
        for row in rows:
            self._shown.pop(row.id, None)
            self._shown[row.id] = Shown(row)
            come.add(row.id)
        for case_id in asked:
            if case_id not in come:
                self._shown[case_id] = _GONE
        self._forget()
        self._repaint()

    def known(self, ids: Iterable[int]) -> list[int]:
        """Which of these are kept in words."""
        return [case_id for case_id in ids if case_id in self._shown]

    def forget(self, ids: Iterable[int]) -> None:
        """Keep these in words no longer: they are read again when they are next looked at."""
        for case_id in ids:
            self._shown.pop(case_id, None)

    def forget_all_but(self, ids: Iterable[int]) -> None:
        """Keep only these in words."""
        self._shown = {case_id: self._shown[case_id] for case_id in ids if case_id in self._shown}

    def _repaint(self) -> None:
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(TABLE) - 1))

    def _forget(self) -> None:
        over = len(self._shown) - MOST_KEPT
        if over > 0:
            for case_id in list(self._shown)[:over]:
                del self._shown[case_id]

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(TABLE)

    def data(self, index: Index, role: int = _DISPLAY) -> object:
        if role == _DISPLAY:
            shown = self._shown.get(self._ids[index.row()])
            if shown is not None:
                return shown.words[index.column()]
            self._miss_timer.start()
            return None
        if role == _ALIGN:
            return ALIGNMENTS[index.column()]
        if role == _STATE and index.column() == _DUE:
            shown = self._shown.get(self._ids[index.row()])
            return shown.state if shown is not None else None
        if role == _TIP:
            shown = self._shown.get(self._ids[index.row()])
            return plain_tip(shown.words[index.column()]) if shown is not None else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(TABLE):
            if role == _DISPLAY:
                return self._titles[section]
            if role == _ALIGN:
                return ALIGNMENTS[section]
        return None

