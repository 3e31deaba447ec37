"""Pictures from `resources/icons`, drawn in the colours of the theme, sharp on every screen."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from claimdesk.paths import resource
from claimdesk.ui import theme

SMALL, MEDIUM, LARGE = 16, 20, 32


def icon(name: str, tone: str = 'text', gap: int = 0) -> QIcon:
    """The icon called `name` (a file of `resources/icons`) in the theme's colour `tone`, with a `gap` behind it."""
    return _icon(name, getattr(theme.tokens(), tone), theme.tokens().disabled, theme.pixel_ratio(), gap)


def pixmap(name: str, tone: str = 'text', size: int = SMALL) -> QPixmap:
    """The icon called `name` as a picture of `size` pixels, for painting."""
    return _pixmap(name, getattr(theme.tokens(), tone), size, theme.pixel_ratio())


def logo(size: int = 48) -> QPixmap:
    """The program's sign."""
    return _pixmap('claimdesk', '', size, theme.pixel_ratio())


def window_icon() -> QIcon:
    """The program's sign for the title bar and the task bar."""
    result = QIcon()
    for size in (16, 24, 32, 48):
        result.addPixmap(_pixmap('claimdesk', '', size, 1.0))
    return result


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, disabled: str, ratio: float, gap: int) -> QIcon:
    result = QIcon()
    for size in (SMALL, MEDIUM):
        result.addPixmap(_pixmap(name, colour, size, ratio, gap), QIcon.Mode.Normal)
        result.addPixmap(_pixmap(name, disabled, size, ratio, gap), QIcon.Mode.Disabled)
    return result


@lru_cache(maxsize=2048)
def _pixmap(name: str, colour: str, size: int, ratio: float, gap: int = 0) -> QPixmap:
    pixels = round(size * ratio)
    result = QPixmap(QSize(round((size + gap) * ratio), pixels))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer = QSvgRenderer(QByteArray(_source(name).replace('currentColor', colour or 'black').encode()))
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


@cache
def _source(name: str) -> str:
    return resource('icons', f'{name}.svg').read_text(encoding='utf-8')
