"""The papers of the case by kind: what they come to, what of it counts, and what is claimed and confirmed on them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from claimdesk.language import _, ngettext
from claimdesk.services.crossfoot import CrossFoot, KindSum, PaperLine
from claimdesk.services.paper_worth import PARTLY, SHORT
from claimdesk.ui import icons, text, theme
from claimdesk.ui.widgets import PlainLabel, SectionHeader, card_column, plain_tip
from claimdesk.ui.widgets.small_table import small_table
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

NAME, DAY, TOTAL, FUND, OWN, COUNTS, CLAIMED, CONFIRMED, OPEN, STATE = range(10)
MOST_ROWS = 14


class CrossFootCard(QWidget):
    """A line for each kind, and under it one for each paper; Enter or a double click opens the page at its total."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._papers: dict[int, PaperLine] = {}
        column = card_column(self)
        self.table = self._table()
        self.words = PlainLabel('', 'secondary', wrap=True, tabular=True, selectable=True)
        self.warnings = PlainLabel('', 'note', wrap=True)
        column.addWidget(SectionHeader(_("Papers added up")))
        column.addWidget(self.warnings)
        column.addWidget(self.table)
        column.addWidget(self.words)

    def _table(self) -> QTableWidget:
        headings = (
            _("Paper"), _("Date"), _("Total"), _("Insurance fund"), _("Not covered"), _("Counts"), _("Claimed"),
            _("Confirmed"), _("Not claimed"), _("State"),
        )  # fmt: skip
        widths = {DAY: 112, STATE: 168} | dict.fromkeys((TOTAL, FUND, OWN, COUNTS, CLAIMED, CONFIRMED, OPEN), 112)
        table = small_table(_("Papers added up"), headings, widths, stretched=(NAME,))
        table.setProperty('cells', 'apart')
        for column in range(TOTAL, STATE):
            head = table.horizontalHeaderItem(column)
            if head is not None:
                head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        table.cellDoubleClicked.connect(lambda row, _column: self.open_row(row))
        table.installEventFilter(self)
        return table

    def show_sums(self, sums: CrossFoot) -> None:
        """Show these; without any paper the card says how they come here."""
        self._papers.clear()
        rows = [(kind, paper) for kind in sums.kinds for paper in (None, *kind.papers)]
        self.table.setRowCount(len(rows))
        medical = any(kind.fund is not None or kind.own_expense is not None for kind in sums.kinds)
        for column in (FUND, OWN):
            self.table.setColumnHidden(column, not medical)
        for place, (kind, paper) in enumerate(rows):
            if paper is None:
                self._kind_row(place, kind)
            else:
                self._papers[place] = paper
                self._paper_row(place, paper)
        self.table.setVisible(bool(rows))
        high = self.table.horizontalHeader().sizeHint().height() + min(len(rows), MOST_ROWS) * theme.ROW_COMPACT + 4
        self.table.setFixedHeight(high)
        self.words.setText(in_words(sums))
        against = [one.worth.sentence for kind in sums.kinds for one in kind.papers if one.worth.problem and one.items]
        self.warnings.setText('\n'.join(against))
        self.warnings.setVisible(bool(against))

    def open_row(self, row: int) -> None:
        """Open the page of that row's paper, its total lit."""
        paper = self._papers.get(row)
        if paper is not None:
            place = {'document_id': paper.document_id, 'field': paper.field, 'page': paper.page, 'box': paper.box}
            self._page.shell.navigate_to.emit('inbox', place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.table
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.open_row(self.table.currentRow())
            return True
        return super().eventFilter(watched, event)

    def _kind_row(self, place: int, kind: KindSum) -> None:
        words = ngettext("{kind} · {count} paper", "{kind} · {count} papers", kind.count).format(
            kind=label(kind.kind), count=kind.count
        )
        self._put(place, NAME, words, strong=True)
        self._put(place, DAY, '')
        self._put(place, TOTAL, '')
        self._put(place, STATE, '')
        self._amounts(place, kind, kind.counts - kind.claimed, strong=True)

    def _paper_row(self, place: int, paper: PaperLine) -> None:
        self._put(place, NAME, f'      {paper.title}', tip=_("Enter opens the page at its total"))
        self._put(place, DAY, text.day(paper.issue_date) if paper.issue_date else '')
        self._put(place, TOTAL, text.money(paper.total) if paper.total is not None else '')
        self._amounts(place, paper, paper.counts - paper.claimed, strong=False)
        problem = paper.worth.problem
        if problem:
            tone = 'orange' if problem == PARTLY else 'red' if paper.items else 'slate'
            cell = self._put(place, STATE, _(SHORT[problem]), tone=tone, tip=paper.worth.sentence)
            cell.setIcon(icons.icon('triangle-alert' if tone != 'slate' else 'minus', tone))
        elif paper.total is not None and paper.total < 0:
            self._put(place, STATE, _("Credit note"), tone='slate', tip=_("It lessens the invoice that it takes back."))
        elif not paper.items:
            self._put(place, STATE, _("No loss item yet"), tone='slate')
        else:
            cell = self._put(place, STATE, _("Counts"), tone='green')
            cell.setIcon(icons.icon('check', 'green'))

    def _amounts(self, place: int, one: KindSum | PaperLine, left: Decimal, *, strong: bool) -> None:
        for column, amount in ((FUND, one.fund), (OWN, one.own_expense), (COUNTS, one.counts), (CLAIMED, one.claimed),
                               (CONFIRMED, one.confirmed)):  # fmt: skip
            self._put(place, column, '' if amount is None else text.money(amount), strong=strong)
        tone, tip = ('red', _("More is claimed than the paper says.")) if left < 0 else ('text', '')
        self._put(place, OPEN, text.money(left) if left else '', strong=strong, tone=tone, tip=tip)

    def _put(
        self, place: int, column: int, words: str, *, strong: bool = False, tone: str = 'text', tip: str = ''
    ) -> QTableWidgetItem:
        cell = QTableWidgetItem(words)
        cell.setForeground(theme.colour(tone))
        if TOTAL <= column < STATE:
            cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        cell.setFont(theme.font(strong=strong, tabular=TOTAL <= column < STATE))
        if tip:
            cell.setToolTip(plain_tip(tip))
        self.table.setItem(place, column, cell)
        return cell


def in_words(sums: CrossFoot) -> str:
    """What the papers come to and what is claimed, in a sentence or two."""
    if not sums.kinds:
        return _("No paper of this case asks for money yet. Confirm its receipts and invoices in the inbox.")
    parts = [
        _("The papers come to {counts}; {claimed} is claimed on them and {confirmed} confirmed.").format(
            counts=text.money(sums.counts), claimed=text.money(sums.claimed), confirmed=text.money(sums.confirmed)
        )
    ]
    if sums.unclaimed > 0:
        parts.append(_("{amount} of them is not claimed.").format(amount=text.money(sums.unclaimed)))
    elif sums.unclaimed < 0:
        parts.append(_("{amount} more is claimed than they say.").format(amount=text.money(-sums.unclaimed)))
    if sums.loose_items:
        parts.append(_("{claimed} is claimed without a paper.").format(claimed=text.money(sums.loose_claimed)))
    return ' '.join(parts)
