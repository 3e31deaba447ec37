"""The preview of a hand-over: which cases go from whom to whom, what becomes of the loads, and then doing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from claimdesk.errors import ClaimDeskError
from claimdesk.language import N_, _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.cases import RowResult
from claimdesk.services.handover import LoadChange, Plan, Proposal
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Page
from claimdesk.ui.widgets import Busy, Combo, DataTable, PlainLabel
from claimdesk.vocabulary import label

Index = QModelIndex | QPersistentModelIndex
TITLES = (N_("Case number"), N_("Insured"), N_("Stage"), N_("From"), N_("To"), N_("What became of it"))
_NUMBER, _TO, _RESULT = 0, 4, 5
_NO_INDEX = QModelIndex()


class ProposalsModel(QAbstractTableModel):
    """The cases of a plan; each may be left out by its check box."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.proposals: tuple[Proposal, ...] = ()
        self._chosen: set[int] = set()
        self._results: dict[int, str] = {}

    def show(self, proposals: Sequence[Proposal]) -> None:
        """Show these, all chosen that can be handed over."""
        self.beginResetModel()
        self.proposals = tuple(proposals)
        self._chosen = {one.case_id for one in proposals if one.to_id is not None}
        self._results = {}
        self.endResetModel()

    def show_results(self, results: Sequence[RowResult]) -> None:
        """Show case by case how it went; only what failed stays chosen."""
        self.beginResetModel()
        self._results = {one.case_id: one.sentence or _("Handed over") for one in results}
        self._chosen = {one.case_id for one in results if one.sentence}
        self.endResetModel()

    def chosen(self) -> list[Proposal]:
        """What is to be handed over."""
        return [one for one in self.proposals if one.case_id in self._chosen]

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.proposals)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == _NUMBER and self.proposals[index.row()].to_id is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one, column = self.proposals[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            result = self._results.get(one.case_id, one.problem)
            return (one.number, one.insured, label(one.stage), one.from_name, one.to_name or '–', result)[column]
        if role == Qt.ItemDataRole.CheckStateRole and column == _NUMBER and one.to_id is not None:
            return Qt.CheckState.Checked if one.case_id in self._chosen else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        case_id = self.proposals[index.row()].case_id
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._chosen.add(case_id)
        else:
            self._chosen.discard(case_id)
        self.dataChanged.emit(index, index)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(TITLES[section])
        return None


@dataclass
class _Stop:
    """What the dialog tells the work: stop after the case at hand."""

    wanted: bool = False


class HandOverDialog(Dialog):
    """Shows a plan before anything is done; `done` holds what was handed over once it closed with its main button.

    `plan(choice)` makes the plan anew for what is chosen on top, one of `choices` (value and words).
    """

    def __init__(
        self,
        page: Page,
        title: str,
        sentence: str,
        choice: str,
        choices: Sequence[tuple[object, str]],
        plan: Callable[[object], Plan],
    ) -> None:
        super().__init__(page, title, sentence, _("Hand over"), width=860)
        self._page, self._plan = page, plan
        self.done_proposals: list[Proposal] = []
        head = QHBoxLayout()
        head.addWidget(PlainLabel(choice, 'secondary'))
        self.choice = Combo()
        for value, words in choices:
            self.choice.add(value, words)
        self.choice.setAccessibleName(choice)
        head.addWidget(self.choice)
        head.addStretch(1)
        self.count = PlainLabel('', 'secondary')
        head.addWidget(self.count)
        self.model = ProposalsModel(self)
        self.table = DataTable('handover')
        self.table.setModel(self.model)
        self.table.set_widths(150, 120, 110, 100, 100, 200)
        self.table.setMinimumHeight(280)
        self.table.setAccessibleName(_("Cases to hand over"))
        self.loads = PlainLabel('', 'secondary', wrap=True)
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE_8)
        column.addLayout(head)
        column.addWidget(self.table)
        column.addWidget(self.loads)
        self.column.addLayout(column)
        self.busy = Busy(self.table, self.reject)
        self._stop = _Stop()
        self._running = False
        self.choice.set_value(choices[0][0])
        self.choice.currentIndexChanged.connect(lambda _place: self.read())
        self.model.dataChanged.connect(lambda *_what: self._say_count())
        self.accept_if = self._carry_out
        self.ok_button.setEnabled(False)
        self.read()

    def read(self) -> None:
        """Make the plan for what is chosen."""
        wanted, plan = self.choice.value(), self._plan
        self.ok_button.setEnabled(False)
        self.count.setText('')
        self.busy.say(_("Making the plan…"))
        self._page.shell.tasks.run(
            self, lambda _progress: plan(wanted), self._show, self._not_planned, latest='plan'
        )

    def _not_planned(self, error: ClaimDeskError) -> None:
        self.busy.stop()
        self.banner.show_error(error)

    def reject(self) -> None:
        """Close it; while cases are handed over, stop after the one at hand and say how far it came."""
        if self._running:
            self._stop.wanted = True
            self.busy.say(_("Stopping after this case…"))
        else:
            super().reject()

    def _show(self, plan: Plan) -> None:
        self.busy.stop()
        self.model.show(plan.proposals)
        self.loads.setText(_(", ").join(map(_load_words, plan.loads[:12])))
        self._say_count()

    def _say_count(self) -> None:
        count = len(self.model.chosen())
        if not self.model.proposals:
            self.count.setText(_("There is nothing to hand over: the load is even, or nobody else has room."))
        else:
            words = ngettext("{n} case is handed over", "{n} cases are handed over", count)
            self.count.setText(words.format(n=text.number(count)))
        self.ok_button.setEnabled(bool(count))

    def _carry_out(self) -> str | None:
        chosen, page = self.model.chosen(), self._page
        actor, hand_overs = page.desk.signed_in, page.desk.hand_overs
        self._run(True)
        stop = self._stop = _Stop()

        def work(progress: Progress) -> list[RowResult]:
            return hand_overs.carry_out(actor, chosen, progress, lambda: stop.wanted)

        page.shell.tasks.run(
            self, work, lambda results: self._done(chosen, results), self._failed, self._come_so_far
        )
        return None

    def _run(self, on: bool) -> None:
        self._running = on
        self.ok_button.setEnabled(not on)
        self.choice.setEnabled(not on)
        if not on:
            self.busy.stop()

    def _come_so_far(self, done: int, total: int, sentence: str) -> None:
        if not self._stop.wanted:
            self.busy.say(sentence, done, total)

    def _done(self, chosen: Sequence[Proposal], results: Sequence[RowResult]) -> None:
        self._run(False)
        failed = {one.case_id for one in results if one.sentence}
        self.done_proposals += [one for one in chosen if one.case_id not in failed]
        if not failed:
            self.accept()
            return
        self.model.show_results(results)
        self.banner.show_message(
            ngettext("{n} case was not handed over.", "{n} cases were not handed over.", len(failed)).format(
                n=len(failed)
            ),
            _("The others were. What is left is still chosen; closing keeps what is done, and offers to undo it."),
            'warning',
        )

    def _failed(self, error: ClaimDeskError) -> None:
        self._run(False)
        self.banner.show_error(error)


def _load_words(one: LoadChange) -> str:
    name = _("{name} (away)").format(name=one.name) if one.away else one.name
    return f'{name} {one.before} → {one.after}'
