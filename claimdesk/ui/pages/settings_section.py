"""What every section of the settings is built on, and the field for a folder that several of them use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.rules.permissions import Permission, refusal_sentence
from claimdesk.ui import dialogs, theme
from claimdesk.ui.page import Page
from claimdesk.ui.widgets import Button, IconButton, PlainLabel, SectionHeader

WIDTH = 760


class Section(QWidget):
    """One section: a heading, a sentence, then its content in `self.column`. It works through the page it is on."""

    def __init__(self, page: Page, title: str, sentence: str = '', *, wide: bool = False) -> None:
        super().__init__()
        self.page, self.desk, self.shell = page, page.desk, page.shell
        self.title = title
        self.setAccessibleName(title)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_24)
        box = QWidget()
        if not wide:
            box.setMaximumWidth(WIDTH)
        outer.addWidget(box, 1)
        if not wide:
            outer.addStretch(0)
        self.column = QVBoxLayout(box)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.SPACE_12)
        self.column.addWidget(PlainLabel(title, 'title'))
        if sentence:
            self.column.addWidget(PlainLabel(sentence, 'secondary', wrap=True))

    def group(self, title: str) -> SectionHeader:
        """Begin a group of fields."""
        header = SectionHeader(title, line=True)
        header.setContentsMargins(0, theme.SPACE_12, 0, 0)
        self.column.addWidget(header)
        return header

    def explain_refusal(self, permission: Permission) -> bool:
        """Whether the person may; says in the section who may where this person may not."""
        may = self.desk.signed_in.may(permission)
        if not may:
            self.column.addWidget(PlainLabel(refusal_sentence(permission), 'note', wrap=True))
        return may

    def said(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """It is saved: say so where the eye is and in the status bar."""
        self.page.banner.clear()
        self.shell.status.emit(words)
        self.shell.toast(words, undo)

    def failed(self, error: ClaimDeskError) -> None:
        """Say what went wrong."""
        self.page.show_error(error)

    def opened(self) -> None:
        """The section came to the front: read what it shows."""

    def changed(self, kinds: set[str]) -> None:
        """Rows of these tables changed."""

    def has_unsaved(self) -> bool:
        """Whether something typed is not saved."""
        return False

    def keep(self) -> Any:
        """What is typed and not saved."""
        return None

    def restore(self, kept: Any) -> None:
        """Type it again."""


class FolderField(QWidget):
    """A folder: typed, chosen or cleared; `chosen` carries it as text once it exists, or '' for none."""

    chosen = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ''
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        self.line = QLineEdit()
        self.line.setPlaceholderText(placeholder)
        self.line.editingFinished.connect(self._typed)
        self._clear = IconButton('x', _("No folder"), lambda: self._take(''))
        row.addWidget(self.line, 1)
        row.addWidget(self._clear)
        row.addWidget(Button(_("Choose…"), self._choose, icon='folder-open'))
        self.setFocusProxy(self.line)
        self.show_folder('')

    def show_folder(self, folder: str) -> None:
        """Show a folder without telling."""
        self._shown = folder
        self.line.setText(folder)
        self._clear.setVisible(bool(folder))

    def problem(self) -> str:
        """What is wrong with what was typed, or ''."""
        typed = self.line.text().strip()
        return '' if not typed or Path(typed).is_dir() else _("There is no such folder.")

    def _typed(self) -> None:
        if not self.problem():
            self._take(self.line.text().strip())

    def _choose(self) -> None:
        folder = dialogs.choose_folder(self, self.accessibleName(), self.line.text().strip())
        if folder is not None:
            self._take(str(folder))

    def _take(self, folder: str) -> None:
        if folder != self._shown:
            self.show_folder(folder)
            self.chosen.emit(folder)
