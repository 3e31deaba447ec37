"""What leads from the documents tab into the whole file: a search, leafing through, and the file as one PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.page import Command
from claimdesk.ui.widgets import Button, SearchEdit

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class FileTools(QWidget):
    """A search field and two buttons, with keys that work anywhere on the case's page."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        self.search = SearchEdit(_("Search in the papers"))
        self.search.setFixedWidth(200)
        self.search.setToolTip(_("Search in the papers (Ctrl+F)"))
        self.search.returnPressed.connect(self.leaf_through)
        self.search.wanted_down.connect(self.leaf_through)
        tip = _("Leaf through all pages (Ctrl+Shift+F)")
        self.leaf_button = Button(_("Leaf through"), self.leaf_through, icon='layers', tip=tip)
        tip = _("Case file as PDF (Ctrl+Shift+E)")
        self.file_button = Button(_("Case file as PDF…"), self.export, icon='download', tip=tip)
        for widget in (self.search, self.leaf_button, self.file_button):
            row.addWidget(widget)
        page.add_key('Ctrl+Shift+E', self.export, _("Case file as PDF"))
        page.add_key('Ctrl+F', self.to_search, _("Search in the papers"))
        page.add_key('Ctrl+Shift+F', self.leaf_through, _("Leaf through all pages"))

    def commands(self) -> list[Command]:
        """What the command palette offers."""
        return [
            Command(_("Search in the papers"), self.to_search, 'search', 'Ctrl+F'),
            Command(_("Leaf through all pages"), self.leaf_through, 'layers', 'Ctrl+Shift+F'),
            Command(_("Case file as PDF"), self.export, 'download', 'Ctrl+Shift+E'),
        ]

    def to_search(self) -> None:
        """Let words be typed that are searched for in the papers."""
        self._page.arrive('documents')
        self.search.setFocus()
        self.search.selectAll()

    def leaf_through(self) -> None:
        """Show all pages in a window beside, at what is typed into the search if anything is."""
        from claimdesk.ui.pages.case.file_window import leaf_through

        leaf_through(self._page, term=self.search.text().strip())

    def leaf_at(self, document_id: int) -> None:
        """Show the pages from that document on."""
        from claimdesk.ui.pages.case.file_window import leaf_through

        leaf_through(self._page, document_id=document_id)

    def export(self) -> None:
        """Write the papers of the case as one PDF."""
        from claimdesk.ui.pages.case.file_dialog import export_file

        export_file(self._page)
