"""The warning that a paper was used before: where, both side by side, and a way to keep both with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.services.duplicates import Duplicate
from claimdesk.ui import icons, theme
from claimdesk.ui.widgets import Button, PlainLabel, clear

MOST_SHOWN = 3


class DuplicateNote(QWidget):
    """`open_wanted` with the `Duplicate` to look at, `compare_wanted` to see it beside this one, `keep_wanted` to keep
    both copies, `remove_wanted` to take this one out."""

    open_wanted = Signal(object)
    compare_wanted = Signal(object)
    keep_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = ''
        self._found: tuple[Duplicate, ...] = ()
        self._may_keep = self._only_said = False
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, theme.SPACE_8)
        row.setSpacing(theme.SPACE_8)
        self._picture = QLabel()
        self._picture.setFixedSize(icons.MEDIUM, icons.MEDIUM)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE_4)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_4)
        self._advice = PlainLabel('', 'caption', wrap=True)
        self._remove = Button(_("Remove this copy"), self.remove_wanted.emit, kind='quiet', icon='trash-2')
        self._keep = Button(_("Keep both…"), self.keep_wanted.emit, kind='quiet', tip=_("Keep both copies (Ctrl+D)"))
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_8)
        foot.addWidget(self._advice, 1)
        foot.addWidget(self._remove)
        foot.addWidget(self._keep)
        words.addLayout(self._list)
        words.addLayout(foot)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.hide()

    def show_found(self, found: Sequence[Duplicate], *, may_keep: bool, only_said: bool = False) -> None:
        """Tell of these, or of nothing. `only_said`: the paper is confirmed, so nothing is asked any more."""
        self._found, self._may_keep, self._only_said = tuple(found), may_keep, only_said
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
        return not self.reason and not self._only_said and any(one.blocking for one in self._found)

    @property
    def sentence(self) -> str:
        """What is said now, or ''."""
        return '' if self.isHidden() else '\n'.join(one.sentence for one in self._found[:MOST_SHOWN])

    def open_first(self) -> None:
        """Look at the other one."""
        if self._found and self._found[0].document_id:
            self.open_wanted.emit(self._found[0])

    def compare_first(self) -> None:
        """See both side by side."""
        if self._found and self._found[0].document_id:
            self.compare_wanted.emit(self._found[0])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tone = self._tone()
        painter.fillRect(self.rect(), theme.colour(f'{tone}_soft'))
        painter.fillRect(0, 0, 3, self.height(), theme.colour(tone))

    def _tone(self) -> str:
        if self.blocking:
            return 'red'
        quiet = self.reason or self._only_said or all(one.kind == 'reversal' for one in self._found)
        return 'slate' if quiet else 'orange'

    def _say(self) -> None:
        self.setVisible(bool(self._found))
        clear(self._list)
        if not self._found:
            self.reason = ''
            return
        blocking = any(one.blocking for one in self._found) and not self._only_said
        tied = all(one.kind == 'reversal' for one in self._found)
        picture = 'copy' if self.reason or self._only_said else 'undo-2' if tied else 'triangle-alert'
        self._picture.setPixmap(icons.pixmap(picture, self._tone(), icons.MEDIUM))
        for place, one in enumerate(self._found[:MOST_SHOWN]):
            self._list.addWidget(self._line(one, first=place == 0))
        more = len(self._found) - MOST_SHOWN
        if more > 0:
            words = ngettext("and {n} more place", "and {n} more places", more).format(n=more)
            self._list.addWidget(PlainLabel(words, 'caption'))
        self._advice.setText(self._advice_words(blocking=blocking, tied=tied))
        self._advice.setVisible(bool(self._advice.text()))
        self._keep.setVisible(blocking and self._may_keep)
        self._keep.set_text(_("Another reason…") if self.reason else _("Keep both…"))
        self._remove.setVisible(blocking and not self.reason)
        self.setAccessibleName(f'{self.sentence} {self._advice.text()}'.strip())
        self.update()

    def _advice_words(self, *, blocking: bool, tied: bool) -> str:
        if self.reason:
            return _("Both copies are kept: {reason}").format(reason=self.reason)
        if blocking and not self._may_keep:
            return _("An approver or a manager may keep both copies.")
        if blocking:
            return _("If both copies shall be kept, say why.")
        return '' if tied or self._only_said else _("Look at it, then decide.")

    def _line(self, one: Duplicate, *, first: bool) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PlainLabel(one.sentence, 'strong', wrap=True))
        if one.document_id:
            links = QHBoxLayout()
            links.setSpacing(theme.SPACE_12)
            compare = Button(
                _("Compare"), partial(self.compare_wanted.emit, one), kind='link', icon='columns-2',
                tip=_("Both pages side by side (F6)") if first else _("Both pages side by side"),
            )  # fmt: skip
            show = Button(_("Open it"), partial(self.open_wanted.emit, one), kind='link')
            for button in (compare, show):
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                links.addWidget(button)
            links.addStretch(1)
            column.addLayout(links)
        return line
