"""The question behind a customer's answer on satisfaction."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from claimdesk.language import N_, _
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets import Combo, PlainLabel, TextArea

_SCORES = (
    (5, N_("5: very satisfied")),
    (4, N_("4: satisfied")),
    (3, N_("3: so so")),
    (2, N_("2: dissatisfied")),
    (1, N_("1: very dissatisfied")),
)


def ask_satisfaction(parent: QWidget) -> tuple[int, str] | None:
    """The customer's score from 1 to 5 with a comment, or None."""
    dialog = Dialog(parent, _("How satisfied is the customer?"), '', _("Note the answer"))
    score, words = Combo(searchable=False), TextArea(lines=3)
    for value, said in _SCORES:
        score.add(value, _(said))
    for caption, field in ((_("Score"), score), (_("Comment"), words)):
        field.setAccessibleName(caption)
        dialog.column.addWidget(PlainLabel(caption, 'caption'))
        dialog.column.addWidget(field)
    dialog.accept_if = lambda: '' if score.value() is not None else _("Choose a score.")
    score.setFocus()
    return (score.value(), words.value()) if dialog.run() else None
