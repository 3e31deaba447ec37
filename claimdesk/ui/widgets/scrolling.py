"""What scrolls up and down in a panel, and never sideways."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget


def panel_scroll(content: QWidget) -> QScrollArea:
    """`content` as the inside of a panel that scrolls; the keys go to what is in it."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    content.setProperty('surface', 'panel')
    scroll.setWidget(content)
    return scroll
