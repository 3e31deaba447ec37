"""The surface of a card: one group of a page, set apart from its background."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from claimdesk.ui import theme


def card_column(card: QWidget, *, bottom: int = theme.SPACE_16, spacing: int = theme.SPACE_8) -> QVBoxLayout:
    """Make `card` a card, and return the column to fill; `bottom` is the room beneath what is in it, in pixels."""
    card.setProperty('surface', 'card')
    card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(card)
    column.setContentsMargins(theme.SPACE_16, theme.SPACE_12, theme.SPACE_16, bottom)
    column.setSpacing(spacing)
    return column
