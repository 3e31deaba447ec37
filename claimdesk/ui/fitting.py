"""Words cut to the room they have: measured once, for a list paints the same words again and again."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics


@lru_cache(maxsize=8_192)
def fitted(font: str, words: str, room: int) -> tuple[str, int]:
    """`words` as they fit into `room` pixels in the font of this `QFont.key()`, and how wide they are then."""
    metrics = _metrics(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    return shown, metrics.horizontalAdvance(shown)


@lru_cache(maxsize=64)
def _metrics(font: str) -> QFontMetrics:
    found = QFont()
    found.fromString(font)
    return QFontMetrics(found)
