"""On the overview: what the confirmed cards and licences of the case say that the case does not know."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.card_facts import CardOffer
from claimdesk.ui import theme
from claimdesk.ui.pages.card_offer import advice_of, sentence_of, take_over
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, card_column, clear

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class CardsLine(QWidget):
    """One line for each card that offers something; hidden where none does."""

    def __init__(self, page: CasePage) -> None:
        super().__init__()
        self._page = page
        self.buttons: list[Button] = []
        column = card_column(self, bottom=theme.SPACE_12)
        column.addWidget(SectionHeader(_("From cards and licences")))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.SPACE_8)
        column.addLayout(self._lines)
        self.hide()

    def ask(self) -> None:
        """Read in the background what the cards offer."""
        desk, case_id = self._page.desk, self._page.case_id
        self._page.run(
            lambda _progress: desk.card_facts.of_case(desk.signed_in, case_id), self.show_offers,
            lambda _error: None, latest='cards',
        )  # fmt: skip

    def show_offers(self, offers: list[CardOffer]) -> None:
        """Show them."""
        clear(self._lines)
        self.buttons = []
        for offer in offers:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(PlainLabel(sentence_of(offer), 'strong', wrap=True))
            words.addWidget(PlainLabel(advice_of(offer), 'secondary', wrap=True, selectable=True))
            row.addLayout(words, 1)
            button = Button(_("Take over…"), partial(take_over, self._page, offer, self.ask))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self.buttons.append(button)
            self._lines.addWidget(line)
        self.setVisible(bool(offers))
