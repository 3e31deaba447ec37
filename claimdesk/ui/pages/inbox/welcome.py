"""The empty inbox: it teaches the four ways in which paper comes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import icons, theme
from claimdesk.ui.widgets import Button, PlainLabel


class Welcome(QWidget):
    """A large place to drop files on, with buttons to scan, open and paste, and the watched folder underneath."""

    def __init__(
        self,
        scan: Callable[[], object],
        open_files: Callable[[], object],
        paste: Callable[[], object],
        watch: Callable[[], object],
        back_to_case: Callable[[], object],
        show_inbox: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 40, 48, 40)
        column.setSpacing(theme.SPACE_8)
        self._picture = QLabel()
        self._sentence = PlainLabel('', 'title', wrap=True)
        self._advice = PlainLabel('', 'secondary', wrap=True)
        for words in (self._sentence, self._advice):
            words.setAlignment(centre)
            words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_12)
        buttons.addStretch(1)
        self.scan_button = Button(_("Scan"), scan, kind='primary', icon='scan-line', tip='Ctrl+Shift+S')
        buttons.addWidget(self.scan_button)
        buttons.addWidget(Button(_("Open files…"), open_files, icon='folder-open', tip='Ctrl+O'))
        buttons.addWidget(Button(_("Paste"), paste, icon='clipboard-paste', tip='Ctrl+V'))
        buttons.addStretch(1)
        self._folder = PlainLabel('', 'secondary', wrap=True)
        self._folder.setAlignment(centre)
        self._choose = Button('', watch, kind='link')
        column.addStretch(2)
        column.addWidget(self._picture, 0, centre)
        column.addWidget(self._sentence)
        column.addWidget(self._advice)
        column.addSpacing(theme.SPACE_12)
        column.addLayout(buttons)
        ways_back = QHBoxLayout()
        ways_back.addStretch(1)
        self.back_button = Button(_("Back to the case"), back_to_case, kind='link', icon='undo-2')
        self.inbox_button = Button(_("Show the whole inbox"), show_inbox, kind='link', icon='inbox')
        ways_back.addWidget(self.back_button)
        ways_back.addWidget(self.inbox_button)
        ways_back.addStretch(1)
        column.addLayout(ways_back)
        column.addSpacing(theme.SPACE_24)
        column.addWidget(self._folder)
        column.addWidget(self._choose, 0, centre)
        column.addStretch(3)
        self.say('')

    def say(self, case_number: str, done: bool = False, folder: str = '') -> None:
        """`case_number` is the case that paper is taken into, '' for the inbox; `done`: the last paper is checked."""
        if done and case_number:
            sentence = _("All papers of case {number} are checked.").format(number=case_number)
        elif case_number:
            sentence = _("Drop papers for case {number} here").format(number=case_number)
        else:
            sentence = _("Everything is checked.") if done else _("Drop papers here")
        self._sentence.setText(sentence)
        kinds = _("Pictures, PDF and OFD files, whole folders and ZIP files.")
        self._advice.setText(f'{kinds} ' + _("They are read by themselves; you check what is unsure."))
        self._folder.setText(
            _("Paper that appears in {folder} comes by itself.").format(folder=folder) if folder
            else _("A copier or a mail program can put files into a folder that ClaimDesk watches.")
        )  # fmt: skip
        self._choose.set_text(_("Watch another folder…") if folder else _("Watch a folder…"))
        self.back_button.setVisible(bool(case_number))
        self.inbox_button.setVisible(bool(case_number))
        self.setAccessibleName(sentence)
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_palette_change(event):
            self._paint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour('border_strong'), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(theme.colour('surface'))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(24.5, 24.5, -24.5, -24.5), 12, 12)

    def _paint(self) -> None:
        self._picture.setPixmap(icons.pixmap('inbox', 'border_strong', 48))


class DropVeil(QWidget):
    """Over the page while something is dragged over it: letting go takes it in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words = ''
        self.hide()

    def show_over(self, words: str) -> None:
        """Cover the page and say what letting go does."""
        self.words = words
        self.setGeometry(self.parentWidget().rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = theme.colour('accent_soft')
        veil.setAlphaF(0.94)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(theme.colour('accent'), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 12, 12)
        painter.setPen(theme.colour('accent_text'))
        painter.setFont(theme.font(theme.TITLE, strong=True))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.words)
