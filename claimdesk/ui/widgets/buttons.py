"""Buttons of the house: one primary action, quiet ones, icons with a tip that names their key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from claimdesk.ui import icons, theme
from claimdesk.ui.widgets.labels import plain_tip

GAP = 4
"""Between icon and words the style leaves hardly any room."""


class Button(QPushButton):
    """A push button. `kind`: '' (plain), 'primary', 'quiet', 'danger' or 'link'; `key` works where the button shows."""

    def __init__(
        self,
        text: str,
        do: Callable[[], object] | None = None,
        *,
        kind: str = '',
        icon: str = '',
        key: str = '',
        tip: str = '',
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text.replace('&', '&&'))
        self.setAccessibleName(text)
        self._icon = icon
        if kind:
            self.setProperty('kind', kind)
        self.setIconSize(QSize(icons.SMALL + GAP, icons.SMALL))
        self._paint_icon()
        if key:
            self.setShortcut(QKeySequence(key))
        set_tip(self, tip, key)
        if do is not None:
            self.clicked.connect(lambda _checked=False: do())

    def set_text(self, text: str) -> None:
        """Another label."""
        self.setText(text.replace('&', '&&'))
        self.setAccessibleName(text)

    def set_kind(self, kind: str) -> None:
        """Another kind."""
        self.setProperty('kind', kind)
        theme.restyle(self)
        self._paint_icon()

    def set_icon(self, name: str) -> None:
        """Another icon."""
        self._icon = name
        self._paint_icon()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_palette_change(event):
            self._paint_icon()

    def _paint_icon(self) -> None:
        if self._icon:
            kind = self.property('kind')
            tone = {'primary': 'on_accent', 'danger': 'on_accent', 'link': 'accent_text'}.get(kind, 'text')
            self.setIcon(icons.icon(self._icon, tone, GAP))


class IconButton(QToolButton):
    """A picture with a tip; the tip names the key, and a screen reader says the name."""

    def __init__(
        self,
        icon: str,
        name: str,
        do: Callable[[], object] | None = None,
        *,
        key: str = '',
        checkable: bool = False,
        tone: str = 'text',
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty('kind', 'icon')
        self.setAccessibleName(name)
        self.setIconSize(QSize(icons.SMALL, icons.SMALL))
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icon, self._tone = icon, tone
        self.setIcon(icons.icon(icon, tone))
        if key:
            self.setShortcut(QKeySequence(key))
        set_tip(self, name, key)
        if do is not None:
            self.clicked.connect(lambda _checked=False: do())

    def set_icon(self, name: str, tone: str = 'text') -> None:
        """Another picture."""
        self._icon, self._tone = name, tone
        self.setIcon(icons.icon(name, tone))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_palette_change(event):
            self.setIcon(icons.icon(self._icon, self._tone))


def set_tip(widget: QWidget, words: str, key: str = '') -> None:
    """A tool tip in plain text that names the key, if there is one."""
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) if key else ''
    tip = '  '.join(part for part in (words, f'({shown})' if shown else '') if part)
    widget.setToolTip(plain_tip(tip))
