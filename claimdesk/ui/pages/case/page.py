"""Frames the case page: reads the case, hands it to head and tabs, makes moves, saves, and keeps what is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotFound
from claimdesk.language import _
from claimdesk.rules.workflow import Move
from claimdesk.services.workflow import MoveView
from claimdesk.ui import dialogs
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.case.clocks import show_clocks
from claimdesk.ui.pages.case.deciding import Deciding, RequestBar
from claimdesk.ui.pages.case.delay import explain_first
from claimdesk.ui.pages.case.disputes import DisputesTab
from claimdesk.ui.pages.case.documents import DocumentsTab
from claimdesk.ui.pages.case.edit_bar import EditBar
from claimdesk.ui.pages.case.edit_form import discard
from claimdesk.ui.pages.case.file import CaseFile, read_case
from claimdesk.ui.pages.case.head import NEXT_KEY, CaseHead
from claimdesk.ui.pages.case.letters import CaseLetters
from claimdesk.ui.pages.case.loss import LossTab
from claimdesk.ui.pages.case.messages import MessagesTab
from claimdesk.ui.pages.case.money import MoneyTab
from claimdesk.ui.pages.case.moves import NEXT, Answer, ask_about, tab_of_stage, workplace
from claimdesk.ui.pages.case.overview import OverviewTab
from claimdesk.ui.pages.case.owner import hand_over
from claimdesk.ui.pages.case.payment import PaymentTab
from claimdesk.ui.pages.case.risk import RiskTab
from claimdesk.ui.pages.case.saving import Saving
from claimdesk.ui.pages.case.tab import CaseTab
from claimdesk.ui.pages.case.timeline import TimelineTab
from claimdesk.ui.pages.case.unsaved import Unsaved
from claimdesk.ui.widgets import EmptyState, Skeleton

if TYPE_CHECKING:
    from claimdesk.app import Desk

TABS: tuple[type[CaseTab], ...] = (
    OverviewTab, DocumentsTab, LossTab, MoneyTab, PaymentTab, MessagesTab, TimelineTab, DisputesTab,
    RiskTab,
)  # fmt: skip
NAMES = tuple(kind.name for kind in TABS)
EVERY_MINUTE_MS = 60_000


class Tabs(dict[str, CaseTab]):
    """The tabs that were seen, by name; one that is asked for the first time is built."""

    def __init__(self, build: Callable[[type[CaseTab]], CaseTab]) -> None:
        super().__init__()
        self._build = build

    def __missing__(self, name: str) -> CaseTab:
        self[name] = self._build(TABS[NAMES.index(name)])
        return self[name]


class CasePage(Page):
    """One case. `arrive` takes the name of a tab."""

    def __init__(self, desk: Desk, shell: Shell, case_id: int, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.case_id = case_id
        self.file: CaseFile | None = None
        self.saving = Saving(self)
        self.title = _("Case")
        self._arriving: tuple[str, str] = ('', '')
        self._stale: set[str] = set()
        self.head = CaseHead(desk.context.now)
        self.head.next_wanted.connect(self.make_next)
        self.deciding = Deciding(self)
        self.head.side_wanted.connect(self._make)
        self.head.request_wanted.connect(self.deciding.ask)
        self.head.stage_chosen.connect(lambda stage: self.arrive(tab_of_stage(stage)))
        self.head.clocks_wanted.connect(self.show_clocks)
        self.head.part_wanted.connect(self.arrive)
        self.head.owner_wanted.connect(lambda: hand_over(self))
        self.letters = CaseLetters(self)
        self.head.print_wanted.connect(self.letters.open_menu)
        self.saving.busy_changed.connect(self.head.set_busy)
        self.body.addWidget(self.head)
        self.request_bar = RequestBar(self, self.deciding)
        self.body.addWidget(self.request_bar)
        self.unsaved = Unsaved(self, {name: kind.name for kind in TABS for name in kind.form_names})
        self.unsaved.changed.connect(self._show_unsaved)
        self._whole = QStackedWidget()
        self.body.addWidget(self._whole, 1)
        self._whole.addWidget(self._tabbed())
        self._missing = EmptyState('file-search', '')
        self._whole.addWidget(self._missing)
        self._skeleton = Skeleton(self._whole)
        self._add_keys()
        self._minute = QTimer(self)
        self._minute.setInterval(EVERY_MINUTE_MS)
        self._minute.timeout.connect(self._show_head)
        self._minute.start()

    def _tabbed(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = QTabBar()
        self.bar.setProperty('surface', 'bar')
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName(_("Parts of the case"))
        self._stack = QStackedWidget()
        self.tabs = Tabs(self._build_tab)
        for number, _kind in enumerate(TABS, start=1):
            self.bar.addTab('')
            self.bar.setTabToolTip(number - 1, f'Ctrl+{number}')
        self.bar.currentChanged.connect(self._tab_chosen)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self.edit_bar = EditBar(lambda: self.front_tab.save(), self._discard)
        column.addWidget(self.edit_bar)
        return whole

    def _build_tab(self, kind: type[CaseTab]) -> CaseTab:
        tab = kind(self)
        self._stack.addWidget(tab)
        self._stale.add(tab.name)
        self.unsaved.watch(tab.forms())
        return tab

    def _add_keys(self) -> None:
        for place, name in enumerate(NAMES):
            words = _("Go to a part of the case: Ctrl+1 to Ctrl+9") if place == 0 else ''
            self.add_key(f'Ctrl+{place + 1}', partial(self.arrive, name), words)
        self.add_key(NEXT_KEY, self.make_next, _("Make the next move"))
        self.add_key('Ctrl+S', lambda: self.front_tab.save(), _("Save"))
        self.add_key('Ctrl+P', self.print_summary, _("Print the claim summary"))
        self.add_key('Ctrl+Shift+P', self.letters.open_menu, _("Prints and letters of this case"))
        self.add_key('Ctrl+T', self.show_clocks, _("Show how the time limits are counted"))

    @property
    def front_tab(self) -> CaseTab:
        """The tab that is seen."""
        return self.tabs[NAMES[max(0, self.bar.currentIndex())]]

    # The window's contract

    def opened(self) -> None:
        self.reload()

    def arrive(self, arguments: Any) -> None:
        """Go to a tab by name; a pair, or 'name/part', also names the part of it that wants the focus.

        The part 'next' is the next move of the case, which begins once the case has been read.
        """
        name, part = arguments if isinstance(arguments, tuple) else str(arguments).partition('/')[::2]
        if name not in NAMES:
            return
        self.bar.setCurrentIndex(NAMES.index(name))
        if part == NEXT:
            self._arriving = (name, part)
            self.reload()
        elif self.file is None or name in self._stale:
            self._arriving = (name, part)
        else:
            self.tabs[name].focus_part(part)

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if self.case_id in ids or 'account' in kinds:
            self.reload()

    def has_unsaved(self) -> bool:
        return self.unsaved.any()

    def keep(self) -> Any:
        return {'tab': self.front_tab.name, 'typed': self.unsaved.typed()}

    def restore(self, kept: Any) -> None:
        self.unsaved.put_back_later(kept['typed'])
        self.arrive(kept['tab'])

    def closing(self) -> None:
        self._minute.stop()
        self.unsaved.forget()
        super().closing()

    def commands(self) -> list[Command]:
        found = [
            Command(_("Print the claim summary"), self.print_summary, 'printer', 'Ctrl+P'),
            Command(_("Prints and letters of this case"), self.letters.open_menu, 'mail', 'Ctrl+Shift+P'),
            Command(_("Show how the time limits are counted"), self.show_clocks, 'alarm-clock', 'Ctrl+T'),
        ]
        if self.file is not None and self.file.moves.next is not None:
            found.insert(0, Command(_(self.file.moves.next.title), self.make_next, 'arrow-right', 'Ctrl+Enter'))
        for place, kind in enumerate(TABS):
            go = partial(self.arrive, kind.name)
            found.append(Command(self.bar.tabText(place), go, kind.icon, f'Ctrl+{place + 1}'))
        return [*found, *self.front_tab.commands()]

    # Reading

    def reload(self) -> None:
        """Read the case and the tab in front again; the other tabs when they are next seen."""
        if self.file is None:
            self._skeleton.start()
        desk, actor, case_id, tab = self.desk, self.desk.signed_in, self.case_id, self.front_tab
        self._stale = set(NAMES) - {tab.name}
        self.run(
            lambda _progress: (read_case(desk, actor, case_id), tab.load(actor, case_id)),
            lambda read: self._show(*read, tab),
            self._failed,
            latest='case',
        )

    def _show(self, file: CaseFile, loaded: Any, tab: CaseTab) -> None:
        before, self.file = self.file, file
        self._skeleton.stop()
        self._whole.setCurrentIndex(0)
        self.title = f'{file.case.number} {file.case.insured_name}'
        self._show_head()
        for place, kind in enumerate(TABS):
            self.bar.setTabText(place, kind.heading(file).replace('&', '&&'))
        self._fill(tab, loaded)
        newer = before is not None and before.case.version != file.case.version
        self.unsaved.case_was_read(changed=newer and not self.saving.own_change)
        self.saving.own_change = False
        self.saving.case_was_read()
        if self.front_tab is not tab:
            # Somebody went to another tab while the case was being read.
            self._tab_chosen(self.bar.currentIndex())

    def _fill(self, tab: CaseTab, loaded: Any) -> None:
        if self.file is None:
            return
        self._stale.discard(tab.name)
        tab.show_case(self.file, loaded)
        self.unsaved.tab_was_shown(tab.forms())
        name, part = self._arriving
        if name == tab.name:
            self._arriving = ('', '')
            if part == NEXT:
                QTimer.singleShot(0, self, self.make_next)
            else:
                tab.focus_part(part)

    def _show_head(self) -> None:
        if self.file is not None:
            self.head.show_case(self.file)
            self.request_bar.show_case(self.file)
            self.head.set_busy(self.saving.busy)

    def _tab_chosen(self, place: int) -> None:
        tab = self.front_tab
        self._stack.setCurrentWidget(tab)
        self._show_unsaved()
        if self.file is None or tab.name not in self._stale:
            return
        actor, case_id = self.desk.signed_in, self.case_id
        self.run(
            lambda _progress: tab.load(actor, case_id),
            lambda loaded: self._fill(tab, loaded),
            latest=f'tab {tab.name}',
        )

    def _failed(self, error: ClaimDeskError) -> None:
        self._skeleton.stop()
        if isinstance(error, NotFound) and self.file is None:
            self.head.hide()
            self._missing.say(
                error.sentence, _("It may have been removed, or the link is old."), _("Show all cases"),
                lambda: self.shell.navigate.emit('cases'),
            )  # fmt: skip
            self._whole.setCurrentIndex(1)
        elif self.file is None:
            self._missing.say(error.sentence, error.advice, _("Try again"), self.reload, 'circle-alert')
            self._whole.setCurrentIndex(1)
        else:
            self.show_error(error)

    # What is typed

    def _show_unsaved(self) -> None:
        forms = self.front_tab.forms()
        self.edit_bar.show_fields([form.label(name) for form in forms for name in form.touched()])

    def _discard(self) -> None:
        self.shell.toast(_("The edits are discarded."), discard(self.front_tab.forms()))

    # Moves

    def make_next(self) -> None:
        """Make the next move, or go where what stands against it can be done."""
        move = self.file.moves.next if self.file is not None else None
        if move is None or self.file is None:
            return
        if not move.permitted:
            self.show_error(InvalidInput(' '.join(move.reasons)))
        elif move.overridable:
            self._make(move)
        elif move.reasons:
            self.arrive(workplace(move.move, self.file))
        else:
            self._make(move)

    def make_side(self, move: Move) -> None:
        """Take a side way, if it is open."""
        view = next((one for one in self.file.moves.sides if one.move is move), None) if self.file is not None else None
        if view is not None and (view.allowed or view.overridable):
            self._make(view)

    def _make(self, view: MoveView) -> None:
        file = self.file
        if file is None or self.saving.busy:
            return
        edited = [form for form in self.front_tab.forms() if form.touched()]
        if edited and not dialogs.leave_unsaved(self, self.bar.tabText(self.bar.currentIndex())):
            return
        if view.needs_delay:
            explain_first(self, partial(self._make, replace(view, needs_delay=False)))
            return
        if view.signed or view.overridable or view.move is Move.RETURN_CALCULATION:
            discard(edited)
            self._decide(view, file)
            return
        answer = ask_about(self, view, file)
        if answer is not None:
            discard(edited)
            self._carry_out(view, answer)

    def _decide(self, view: MoveView, file: CaseFile) -> None:
        if view.overridable:
            self.deciding.override(view, file)
        elif view.signed:
            self.deciding.sign(view, file)
        else:
            self.deciding.give_back()

    def _carry_out(self, view: MoveView, answer: Answer) -> None:
        file = self.file
        if file is None:
            return
        workflow, case_id, version = self.desk.workflow, self.case_id, file.moves.version
        self.saving.act(
            lambda actor: workflow.make(actor, case_id, version, view.move, answer.reason, answer.estimate),
            _("Done: {action}.").format(action=_(view.title)),
            failed=partial(self._not_moved, view, answer),
        )

    def _not_moved(self, view: MoveView, answer: Answer, error: ClaimDeskError) -> None:
        if isinstance(error, Conflict):
            # The newer state is shown; what was answered is not asked again.
            advice = _("Look at the newer state; your answers are kept.")
            again = partial(self._carry_out, view, answer)
            self.banner.show_message(error.sentence, advice, 'warning', _(view.title), again)
        else:
            self.show_error(error)

    # Looking

    def show_clocks(self) -> None:
        """Show every time limit with its arithmetic."""
        if self.file is not None:
            show_clocks(self)

    def print_summary(self) -> None:
        """Show the claim summary before it is printed."""
        if self.file is None:
            return
        from claimdesk.ui.preview import preview_pdf

        number, summaries, actor, case_id = self.file.case.number, self.desk.summaries, self.file.actor, self.case_id
        preview_pdf(
            self,
            _("Claim summary {number}").format(number=number),
            lambda progress: summaries.pdf(actor, case_id, progress),
            f'{number}.pdf',
        )
