"""Faults of the program: whatever nobody expected becomes a short number, details to copy and a line in the log."""

from __future__ import annotations

import logging
import logging.handlers
import platform
import sys
import traceback
import uuid
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, qInstallMessageHandler, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from claimdesk import __version__
from claimdesk.errors import Cancelled, ClaimDeskError
from claimdesk.language import _
from claimdesk.paths import log_folder
from claimdesk.ui import dialogs
from claimdesk.ui.tasks import unexpected

log = logging.getLogger('claimdesk')

_HUSHED = ('This plugin does not support propagateSizeHints',)


class Faults(QObject):
    """Catches what nobody caught. One dialog at a time: a fault that repeats itself does not bury the desk."""

    def __init__(self, parent: QObject | None = None, *, folder: Path | None = None, quiet: bool = False) -> None:
        super().__init__(parent)
        self.file = (folder or log_folder()) / 'claimdesk.log'
        self.reported: list[tuple[str, BaseException]] = []
        self._quiet = quiet
        self._showing = False

    def install(self) -> None:
        """From now on take uncaught errors and Qt's warnings; start the log file."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(self.file, maxBytes=1_000_000, backupCount=3, encoding='utf-8')
        handler.setFormatter(logging.Formatter('%(asctime)s %(levelname)s %(name)s %(message)s'))
        logging.getLogger().addHandler(handler)
        log.setLevel(logging.INFO)
        sys.excepthook = self._uncaught
        qInstallMessageHandler(log_qt)

    def report(self, error: BaseException) -> ClaimDeskError:
        """Note a fault in the log, show it, and return what to tell the handler about it."""
        number = uuid.uuid4().hex[:6].upper()
        details = ''.join(traceback.format_exception(error))
        log.error('fault %s\n%s', number, details)
        self.reported.append((number, error.with_traceback(None)))
        told = unexpected(number)
        if not self._quiet and not self._showing and QApplication.instance() is not None:
            self._showing = True
            try:
                self._show(number, details, told)
            finally:
                self._showing = False
        return told

    def _show(self, number: str, details: str, told: ClaimDeskError) -> None:
        text = facts(number) + '\n' + details
        sentence = f'{told.advice}\n' + _("The log is {file}.").format(file=self.file)
        dialogs.show_details(
            QApplication.activeWindow(), told.sentence, sentence, text,
            lambda: QGuiApplication.clipboard().setText(text),
        )  # fmt: skip

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if isinstance(error, Cancelled):
            return
        if isinstance(error, ClaimDeskError):
            # A handler's error that no page took: a fault of ours too, but its sentence is the better one.
            log.warning('an error reached the top: %s', error, exc_info=error)
            if not self._quiet:
                dialogs.tell(QApplication.activeWindow(), error.sentence, error.advice)
            return
        self.report(error)


def facts(number: str) -> str:
    """What somebody who helps needs to know first; nothing about people or cases."""
    return '\n'.join(
        (
            f'ClaimDesk {__version__} · fault {number} · {datetime.now(UTC):%Y-%m-%d %H:%M} UTC',
            f'Python {platform.python_version()} · Qt {qVersion()} · {platform.system()} {platform.release()}',
        )
    )


def log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Qt's own messages as lines of the log; what a platform without a screen always says is dropped."""
    if any(message.startswith(words) for words in _HUSHED):
        return
    level = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }.get(kind, logging.ERROR)
    logging.getLogger('qt').log(level, message)
