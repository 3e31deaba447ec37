"""After a card was confirmed at the bench: what it says of its case, taken over with one key while the work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from claimdesk.language import _
from claimdesk.services.card_facts import CARDS, CardOffer
from claimdesk.ui.pages.card_offer import advice_of, sentence_of, take_over

if TYPE_CHECKING:
    from claimdesk.services.invoices import Confirmed
    from claimdesk.ui.page import Page


class CardNote(QObject):
    """Asks in the background what the card offers, and says it in the page's banner."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self.offer: CardOffer | None = None
        page.banner.closed.connect(self._forget)

    def confirmed(self, done: Confirmed) -> None:
        """A paper was confirmed."""
        document = done.document
        if document.kind not in CARDS:
            return
        desk = self._page.desk
        self._page.run(
            lambda _progress: desk.card_facts.offered(desk.signed_in, document.id), self._show,
            lambda _error: None, latest='card',
        )  # fmt: skip

    def take(self) -> None:
        """Take over what the last confirmed card says."""
        if self.offer is not None:
            take_over(self._page, self.offer, self._taken)

    def _show(self, offer: CardOffer | None) -> None:
        self._forget()
        if offer is None or not offer.keys:
            return
        self.offer = offer
        self._page.banner.show_message(
            sentence_of(offer), advice_of(offer), 'notice', _("Take over (Ctrl+Shift+U)"), self.take
        )

    def _taken(self) -> None:
        self._page.banner.clear()
        self._forget()

    def _forget(self) -> None:
        self.offer = None
