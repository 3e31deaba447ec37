"""The warning that a paper was used before: where, a way to look at it, and a way to keep both with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.duplicates import Duplicate
from claimdesk.ui import icons, theme
from claimdesk.ui.widgets import Button, PlainLabel


class DuplicateNote(QWidget):
    """`open_wanted` with the `Duplicate` to look at, `keep_wanted` to keep both copies."""

    open_wanted = Signal(object)
    keep_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = ''
        self._found: tuple[Duplicate, ...] = ()
        self._may_keep = False
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        row.setSpacing(theme.SPACE_8)
        self._picture = QLabel()
        self._picture.setFixedSize(icons.MEDIUM, icons.MEDIUM)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._sentence = PlainLabel('', 'strong', wrap=True)
        self._advice = PlainLabel('', 'caption', wrap=True)
        words.addWidget(self._sentence)
        words.addWidget(self._advice)
        self._open = Button(_("Open it"), self._open_it)
        self._keep = Button(_("Keep both…"), self.keep_wanted.emit, kind='quiet')
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._open)
        row.addWidget(self._keep)
        self.hide()

    def show_found(self, found: Sequence[Duplicate], *, may_keep: bool) -> None:
        """Warn of these, or of nothing."""
        self._found, self._may_keep = tuple(found), may_keep
        self._say()

    def keep_for(self, reason: str) -> None:
        """Both copies are kept; '' takes it back."""
        self.reason = reason
        self._say()

    @property
    def found(self) -> tuple[Duplicate, ...]:
        """Where the paper was met."""
        return self._found

    @property
    def blocking(self) -> bool:
        """Whether it cannot be confirmed as it is."""
        return not self.reason and any(one.blocking for one in self._found)

    @property
    def sentence(self) -> str:
        """What is said now, or ''."""
        return '' if self.isHidden() else self._sentence.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tone = self._tone()
        painter.fillRect(self.rect(), theme.colour(f'{tone}_soft'))
        painter.fillRect(0, 0, 3, self.height(), theme.colour(tone))

    def _tone(self) -> str:
        return 'red' if self.blocking else 'orange' if not self.reason else 'slate'

    def _say(self) -> None:
        self.setVisible(bool(self._found))
        if not self._found:
            self.reason = ''
            return
        blocking = any(one.blocking for one in self._found)
        self._picture.setPixmap(icons.pixmap('copy' if self.reason else 'triangle-alert', self._tone(), icons.MEDIUM))
        self._sentence.setText('\n'.join(one.sentence for one in self._found[:2]))
        if self.reason:
            advice = _("Both copies are kept: {reason}").format(reason=self.reason)
        elif blocking and not self._may_keep:
            advice = _("An approver or a manager may keep both copies.")
        elif blocking:
            advice = _("If both copies shall be kept, say why.")
        else:
            advice = _("Look at it, then decide.")
        self._advice.setText(advice)
        self._keep.setVisible(blocking and self._may_keep)
        self._keep.set_text(_("Another reason…") if self.reason else _("Keep both…"))
        self.setAccessibleName(f'{self._sentence.text()} {advice}')
        self.update()

    def _open_it(self) -> None:
        if self._found:
            self.open_wanted.emit(self._found[0])
