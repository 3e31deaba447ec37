"""What a card or licence says of its case, to be taken over: the sentence, the comparison, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.services.card_facts import CardFact, CardOffer
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets import PlainLabel
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.services.card_facts import TakenOver
    from claimdesk.ui.page import Page


def sentence_of(offer: CardOffer) -> str:
    """What the card knows, in one line."""
    kind, count = label(offer.kind), len(offer.keys)
    if any(fact.differs for fact in offer.facts):
        said = ngettext("{kind}: {n} entry is new or differs from the case.",
                        "{kind}: {n} entries are new or differ from the case.", count)  # fmt: skip
    else:
        said = ngettext(
            "{kind}: the case does not know {n} entry.", "{kind}: the case does not know {n} entries.", count
        )
    return said.format(kind=kind, n=count)


def advice_of(offer: CardOffer) -> str:
    """Each entry with what the card says, also what is only shown."""
    return _("; ").join(
        _("{about}, {what}: {said}").format(about=fact.about, what=fact.what, said=fact.said) for fact in offer.facts
    )


def take_over(page: Page, offer: CardOffer, done: Callable[[], object]) -> None:
    """Fill in what is missing at once; where something differs, let a person choose first."""
    keys: tuple[str, ...] | None = offer.keys
    if any(fact.differs for fact in offer.facts):
        keys = _chosen(page, offer)
    if not keys:
        return
    wanted, cards, actor = keys, page.desk.card_facts, page.desk.signed_in

    def undo(taken: TakenOver) -> None:
        def took_back(_nothing: object) -> None:
            page.shell.toast(_("The case is as it was before."))
            done()

        page.run(lambda _progress: cards.give_back(actor, taken), took_back)

    def taken(result: TakenOver) -> None:
        count = len(wanted)
        said = ngettext("{n} entry is taken over into the case.", "{n} entries are taken over into the case.", count)
        page.shell.toast(said.format(n=count), lambda: undo(result))
        done()

    page.run(lambda _progress: cards.take_over(actor, offer.document_id, wanted, offer.mark), taken)


def _chosen(parent: QWidget, offer: CardOffer) -> tuple[str, ...] | None:
    """What a person wants to take over; None where they do not."""
    dialog = CardDialog(parent, offer)
    try:
        return dialog.chosen() if dialog.run() else None
    finally:
        dialog.deleteLater()


class CardDialog(Dialog):
    """The case beside the card, line by line; what would overwrite something is not ticked."""

    def __init__(self, parent: QWidget, offer: CardOffer) -> None:
        super().__init__(
            parent, _("Take over from: {title}").format(title=offer.title),
            _("What is ticked goes into the case. Tick what differs only if the card is right."), _("Take over"),
            width=640,
        )  # fmt: skip
        self.boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_16)
        grid.setVerticalSpacing(theme.SPACE_8)
        for column, head in enumerate((_("Entry"), _("In the case"), _("On the card"))):
            grid.addWidget(PlainLabel(head, 'caption'), 0, column)
        for row, fact in enumerate(offer.facts, start=1):
            self._line(grid, row, fact)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        self.column.addLayout(grid)
        self.accept_if = lambda: None if self.chosen() else _("Tick at least one entry.")

    def _line(self, grid: QGridLayout, row: int, fact: CardFact) -> None:
        words = _("{about}, {what}").format(about=fact.about, what=fact.what)
        if fact.key:
            box = QCheckBox(words)
            box.setChecked(not fact.differs)
            self.boxes[fact.key] = box
            grid.addWidget(box, row, 0, Qt.AlignmentFlag.AlignTop)
        else:
            grid.addWidget(PlainLabel(words, 'secondary'), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(PlainLabel(fact.now or text.DASH, '', wrap=True), row, 1)
        grid.addWidget(PlainLabel(fact.said, 'strong' if fact.key else '', wrap=True), row, 2)

    def chosen(self) -> tuple[str, ...]:
        """The keys of what is ticked."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())
