"""About the program: version, where its files are, and the licences of what it brings along."""

from __future__ import annotations

import platform
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from claimdesk import __version__
from claimdesk.errors import Unavailable
from claimdesk.language import N_, _
from claimdesk.paths import data_folder, log_folder, resource, settings_folder
from claimdesk.ui import icons, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader

LICENCES = (
    (N_("Noto Sans SC (Chinese font): SIL Open Font License 1.1"), ('fonts', 'NotoSansSC-LICENCE.txt')),
    (N_("ClaimDesk Rare Han (rare names): SIL Open Font License 1.1"), ('fonts', 'ClaimDeskRareHan-LICENCE.txt')),
    (N_("Lucide icons: ISC License"), ('icons', 'LICENSE')),
)
LIBRARIES = (
    'PySide6, Qt: LGPL-3.0', 'SQLAlchemy, Alembic: MIT', 'psycopg: LGPL-3.0', 'RapidOCR, PaddleOCR models: Apache-2.0',
    'ONNX Runtime: MIT', 'OpenCV: Apache-2.0', 'Tesseract: Apache-2.0', 'PDFium: BSD-3-Clause', 'ZXing: Apache-2.0',
    'ReportLab: BSD-3-Clause', 'openpyxl: MIT', 'Pillow: MIT-CMU', 'argon2-cffi: MIT', 'pypinyin: MIT',
    'chinesecalendar: MIT',
)  # fmt: skip


class AboutSection(Section):
    """What somebody who helps asks for first."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, _("About"))
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        sign = PlainLabel()
        sign.setPixmap(icons.logo(44))
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(PlainLabel(f'ClaimDesk {__version__}', 'section'))
        self.facts = PlainLabel(
            f'Python {platform.python_version()} · Qt {qVersion()} · {platform.system()} {platform.release()}',
            'secondary', selectable=True,
        )  # fmt: skip
        names.addWidget(self.facts)
        head.addWidget(sign)
        head.addLayout(names, 1)
        head.addWidget(Button(_("Copy"), self._copy, icon='copy'))
        self.column.addLayout(head)
        self.column.addWidget(PlainLabel(_("Free software under the Apache License 2.0."), 'secondary'))
        self._heading(_("Where things are"))
        for words, folder in (
            (_("Data: local offices, documents, drafts"), data_folder()),
            (_("Settings of this computer"), settings_folder()),
            (_("Log"), log_folder()),
        ):
            self.column.addWidget(self._line(words, str(folder), _("Open the folder"), partial(self._open, folder)))
        self._heading(_("Licences"))
        for words, parts in LICENCES:
            self.column.addWidget(self._line(_(words), '', _("Read it"), partial(self._read, _(words), parts)))
        self.column.addWidget(PlainLabel(' · '.join(LIBRARIES), 'caption', wrap=True, selectable=True))
        self.column.addStretch(1)

    def _heading(self, words: str) -> None:
        header = SectionHeader(words, line=True)
        header.setContentsMargins(0, theme.SPACE_12, 0, 0)
        self.column.addWidget(header)

    def _line(self, words: str, note: str, action: str, do: partial[None]) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(PlainLabel(words))
        if note:
            column.addWidget(PlainLabel(note, 'caption', selectable=True))
        button = Button(action, do, kind='quiet')
        button.setAccessibleName(f'{action}: {words}')
        row.addLayout(column, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f'ClaimDesk {__version__} · {self.facts.text()}')
        self.shell.toast(_("Copied."))

    def _open(self, folder: Path) -> None:
        from claimdesk.ui.preview import open_with_system

        if not folder.is_dir() or not open_with_system(folder):
            self.failed(
                Unavailable(_("The folder cannot be opened."), _("It is {folder}.").format(folder=folder))
            )

    def _read(self, title: str, parts: tuple[str, ...]) -> None:
        dialog = Dialog(self.page, title, '', _("Close"), cancel='', width=680)
        box = QPlainTextEdit()
        box.setReadOnly(True)
        box.setAccessibleName(title)
        box.setMinimumHeight(420)
        box.setPlainText(resource(*parts).read_text('utf-8'))
        dialog.column.addWidget(box)
        dialog.run()
        dialog.deleteLater()
