"""What the papers of the case say otherwise, on the documents tab; and the line elsewhere that leads there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.ui import icons, theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.pages.findings import FindingList, ask_why
from claimdesk.ui.widgets import Button, PlainLabel, card_column

if TYPE_CHECKING:
    from claimdesk.services.paper_checks import FindingView, SeenView
    from claimdesk.ui.pages.case.page import CasePage

FINDINGS = 'findings'
"""The part of the documents tab that holds them."""


class FindingsCard(QWidget):
    """One line for each finding of all papers; nothing where there is none."""

    def __init__(self, page: CasePage) -> None:
        super().__init__()
        self._page = page
        column = card_column(self, bottom=theme.SPACE_12)
        self.list = FindingList(_("Papers against the case"), titled=True)
        self.list.show_wanted.connect(self._show)
        self.list.look_wanted.connect(self._look_at)
        self.list.back_wanted.connect(self._open_again)
        column.addWidget(self.list)
        self.hide()

    def show_case(self, file: CaseFile, found: list[FindingView]) -> None:
        """Show the findings of the case."""
        self.list.show_found(found, may=not why_not(file, Permission.CONFIRM_READING))
        self.setVisible(bool(found))

    def focus(self) -> None:
        """Put the focus on the first open finding."""
        self.list.next_open()

    def _show(self, finding: FindingView) -> None:
        self._page.shell.navigate_to.emit('inbox', {'document_id': finding.document_id, 'finding': finding.mark})

    def _look_at(self, finding: FindingView) -> None:
        reason = ask_why(self, finding)
        if reason is None:
            return
        checks = self._page.desk.paper_checks
        self._page.saving.act(
            lambda actor: checks.look_at(actor, finding, reason),
            _("Looked at: {subject}.").format(subject=finding.subject),
            undo=lambda seen: partial(self._take, seen),
        )

    def _open_again(self, finding: FindingView) -> None:
        if finding.seen is not None:
            self._take(finding.seen)

    def _take(self, seen: SeenView) -> None:
        checks = self._page.desk.paper_checks
        self._page.saving.act(
            lambda actor: checks.open_again(actor, seen.id, seen.version), _("The finding is open again.")
        )


class FindingsLine(QWidget):
    """How many findings of the papers nobody has looked at, and the way to them; hidden where there are none."""

    def __init__(self, page: CasePage) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        mark = QLabel()
        mark.setPixmap(icons.pixmap('triangle-alert', 'orange', icons.SMALL))
        self.words = PlainLabel('', wrap=True)
        self.button = Button(_("Look at them"), lambda: page.arrive(('documents', FINDINGS)), kind='link')
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_case(self, file: CaseFile) -> None:
        """Say how many there are."""
        count = file.open_findings
        words = ngettext(
            "The papers contradict the case in {count} place that nobody has looked at.",
            "The papers contradict the case in {count} places that nobody has looked at.",
            count,
        )
        self.words.setText(words.format(count=count))
        self.setVisible(count > 0)
